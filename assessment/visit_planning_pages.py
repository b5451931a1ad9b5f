"""/lapangan/: an assessor's own route, the secretariat's overview of a round; planning a visit and calling it off."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from nominations import rounds
from nominations.models import Nomination, NominationQuerySet, Round

from . import rules
from . import visit_plans as domain
from .access import WHILE
from .models import Assessment, Visit, VisitQuerySet
from .refusals import Refused
from .visit_forms import CancelForm, PlanForm, VisitFilter

PER_PAGE = 50
TONES = {Visit.State.PLANNED: "info", Visit.State.DONE: "baik", Visit.State.CANCELLED: "netral"}
CRUMBS = [{"label": "Lapangan", "url": "/lapangan/"}]

whoever_reads = needs(Right.VISIT, Right.ASSIGN, Right.LEAD_PLENARY, Right.READ_ALL)
_whoever_plans = needs(Right.ASSIGN)


@require_safe
@whoever_reads
def visits(request: HttpRequest) -> HttpResponse:
    """/lapangan/: the own visits still to come by date, as a route; then all visits that this reader may know of."""
    own = (
        Visit.objects.own(request.user)
        .filter(
            state=Visit.State.PLANNED,
            assessment__nomination__state__in=WHILE,
            assessment__nomination__decisions=None,
        )
        .with_names()
    )
    route = [
        (day, list(stops))
        for day, stops in groupby(own.order_by("planned_on", "position", "pk"), lambda one: one.planned_on)
    ]
    filters = VisitFilter(request.GET)
    chosen = filters.chosen()
    round_ = chosen.pop("periode", None) or rounds.current(at=request.received_at)
    found = _narrowed(Visit.objects.visible_to(request.user), round_, chosen)
    page = Paginator(found.with_names().order_by("-planned_on", "position", "pk"), PER_PAGE).get_page(
        request.GET.get("halaman")
    )
    is_over_all = rules.may_assign(request.user) or any(
        request.user.may(right) for right in (Right.LEAD_PLENARY, Right.READ_ALL)
    )
    return render(
        request,
        "assessment/visits.html",
        {
            "round": round_,
            "route": route,
            "visits_own": request.user.may(Right.VISIT),
            "is_over_all": is_over_all,
            "action": {"label": "Rencanakan kunjungan", "url": reverse("visits_unplanned")}
            if rules.may_assign(request.user)
            else None,
            "filters": _filters_for(round_, request),
            "chips": _chips(chosen, request),
            "clear_url": request.path,
            "page": page,
            "columns": [{"label": label} for label in ("Usulan", "Tanggal", "Tempat", "Tim", "Keadaan")],
            "rows": [_row(one) for one in page],
        },
    )


def _narrowed(visible: VisitQuerySet, round_: Round | None, chosen: dict[str, Any]) -> VisitQuerySet:
    visible = visible.filter(assessment__nomination__round=round_)
    if group := chosen.get("komoditas"):
        visible = visible.filter(assessment__nomination__product__group=group)
    if state := chosen.get("keadaan"):
        visible = visible.filter(state=state)
    for word in chosen.get("q", "").split():
        visible = visible.filter(
            Q(assessment__nomination__number__icontains=word)
            | Q(assessment__nomination__product__name__icontains=word)
            | Q(assessment__nomination__product__ikm__name__icontains=word)
        )
    return visible


def _filters_for(round_: Round | None, request: HttpRequest) -> VisitFilter:
    data = request.GET.copy()
    if round_ is not None:
        data["periode"] = str(round_.pk)
    return VisitFilter(data)


def _chips(chosen: dict[str, Any], request: HttpRequest) -> list[dict[str, str]]:
    words = {
        "q": lambda value: f'"{value}"',
        "komoditas": lambda value: value.name,
        "keadaan": lambda value: str(Visit.State(value).label),
    }
    found = []
    for name, value in chosen.items():
        rest = request.GET.copy()
        rest.pop(name, None)
        rest.pop("halaman", None)
        found.append({"label": words[name](value), "url": f"{request.path}?{rest.urlencode()}"})
    return found


def _row(one: Visit) -> list[Any]:
    nomination = one.assessment.nomination
    return [
        {
            "text": nomination.product.ikm.name,
            "url": one.get_absolute_url(),
            "note": f"{nomination.product.name}, {nomination.number}",
        },
        {"template": "assessment/visit_day_cell.html", "visit": one},
        {"text": one.place, "note": nomination.regency.full_name},
        ", ".join(member.assignment.assessor.full_name for member in one.members.all()),
        {"status": {"state": one.get_state_display(), "tone": TONES[Visit.State(one.state)]}},
    ]


@require_safe
@_whoever_plans
def unplanned(request: HttpRequest) -> HttpResponse:
    """/lapangan/rencana/: the nominations with a panel and without a visit that stands."""
    round_ = rounds.current(at=request.received_at)
    page = Paginator(_without_a_visit(request).filter(round=round_), PER_PAGE).get_page(
        request.GET.get("halaman")
    )
    return render(
        request,
        "assessment/visits_unplanned.html",
        {
            "breadcrumb": CRUMBS,
            "round": round_,
            "page": page,
            "columns": [{"label": label} for label in ("Usulan", "Komoditas", "Kabupaten/kota")],
            "rows": [
                [
                    {
                        "text": one.product.ikm.name,
                        "url": reverse("visit_plan", args=[one.pk]),
                        "note": f"{one.product.name}, {one.number}",
                    },
                    one.product.group.name,
                    one.regency.full_name,
                ]
                for one in page
            ],
        },
    )


def _without_a_visit(request: HttpRequest) -> NominationQuerySet:
    standing = Visit.objects.exclude(state=Visit.State.CANCELLED).values("assessment__nomination")
    return (
        Nomination.objects.visible_to(request.user)
        .with_names()
        .filter(assessment__isnull=False, state__in=WHILE, decisions=None)
        .exclude(pk__in=standing)
        .order_by("product__ikm__regency", "number")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_plans
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """/lapangan/rencana/<usulan>/: day, place on the route, and team of a visit."""
    nomination = get_object_or_404(
        Nomination.objects.visible_to(request.user).with_names().filter(assessment__isnull=False), pk=pk
    )
    assessment = Assessment.objects.get(nomination=nomination)
    choices = domain.choices_for(assessment)
    free = [one.pk for one, ground in choices if ground is None]
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        team=assessment.assignments.filter(pk__in=free).select_related("assessor", "office").order_by("pk"),
        initial={"place": _place_of(nomination)},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = domain.plan(
                nomination, list(data["team"]), on=data["on"], place=data["place"], position=data["position"],
                by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"Kunjungan ke {nomination.product.ikm.name} direncanakan.")
            return redirect(made)
    standing = assessment.visits.exclude(state=Visit.State.CANCELLED).first()
    return render(
        request,
        "assessment/visit_plan.html",
        {
            "breadcrumb": [*CRUMBS, {"label": "Rencana", "url": reverse("visits_unplanned")}],
            "nomination": nomination,
            "form": form,
            "changes": False,
            "standing": standing,
            "kept_away": [(one, ground) for one, ground in choices if ground],
            "has_choices": bool(free),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_plans
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """/lapangan/<id>/ubah/: day, place on the route, and team of a visit that has not begun."""
    one = get_object_or_404(Visit.objects.visible_to(request.user).with_names(), pk=pk)
    if one.state != Visit.State.PLANNED or domain.has_begun(one):
        messages.info(
            request, "Kunjungan ini sudah dimulai atau berakhir. Rencananya tidak dapat diubah lagi."
        )
        return redirect(one)
    choices = domain.choices_for(one.assessment)
    free = [each.pk for each, ground in choices if ground is None]
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        team=one.assessment.assignments.filter(pk__in=free).select_related("assessor", "office").order_by("pk"),
        initial={
            "on": one.planned_on, "position": one.position, "place": one.place,
            "team": [each.pk for each in domain.team_of(one)],
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            domain.change(
                one, list(data["team"]), on=data["on"], place=data["place"], position=data["position"],
                by=request.user, at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Rencana kunjungan diubah. Timnya diberi tahu.")
            return redirect(one)
    nomination = one.assessment.nomination
    return render(
        request,
        "assessment/visit_plan.html",
        {
            "breadcrumb": [*CRUMBS, {"label": nomination.product.ikm.name, "url": one.get_absolute_url()}],
            "nomination": nomination,
            "form": form,
            "changes": True,
            "standing": None,
            "kept_away": [(each, ground) for each, ground in choices if ground],
            "has_choices": bool(free),
        },
    )


def _place_of(nomination: Nomination) -> str:
    ikm = nomination.product.ikm
    return ", ".join(part for part in (ikm.village, ikm.district) if part)


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_plans
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """/lapangan/<id>/batal/: calls a planned visit off, with a reason."""
    one = get_object_or_404(Visit.objects.visible_to(request.user).with_names(), pk=pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            domain.cancel(one, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Kunjungan dibatalkan.")
            return redirect(one)
    return render(
        request,
        "assessment/visit_cancel.html",
        {
            "breadcrumb": [
                *CRUMBS,
                {"label": one.assessment.nomination.product.ikm.name, "url": one.get_absolute_url()},
            ],
            "visit": one,
            "nomination": one.assessment.nomination,
            "form": form,
        },
    )
