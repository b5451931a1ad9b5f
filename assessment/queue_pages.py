"""
An assessor's way to a sheet: the queue (/penilaian/), the pact of the round, the statement on a nomination, or giving
it back. What is closed says why, and leads to what comes before it.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from accounts.sent_numbers import number_in
from letters import wording
from nominations.models import Phase, State

from . import assigned, declarations, instruments, sheets, statements
from . import assignment as assignments
from .models import Assignment, Pact
from .refusals import Refused
from .scoring_forms import DeclarationForm, DeclineForm

PER_PAGE = 50
CRUMBS = [{"label": "Penilaian", "url": "/penilaian/"}]


# --- The queue -------------------------------------------------------------------------------------------------
@require_safe
@needs(Right.SCORE)
def queue(request: HttpRequest) -> HttpResponse:
    """/penilaian/: what to go on with, then everything that is assigned."""
    signed, zone = assigned.signed_rounds(request.user), zone_of(request.user)
    page = Paginator(assigned.of(request.user), PER_PAGE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "assessment/queue.html",
        {
            "page": page,
            "columns": [
                {"label": label} for label in ("Produk", "Kelompok komoditas", "Batas", "Keadaan", "Tindakan")
            ],
            "rows": [_queue_row(one, signed, zone, at=request.received_at) for one in page],
            "current": _current(request.user, signed, at=request.received_at),
            "tally": assigned.tally(request.user),
            "zone": zone,
        },
    )


def _queue_row(one: Any, signed: set[int], zone: ZoneInfo, *, at: datetime) -> list[Any]:
    nomination, standing = one.assessment.nomination, assigned.standing(one, signed=signed, at=at)
    phase = nomination.round.phase(Phase.Kind.ASSESSMENT)
    return [
        {"template": "assessment/product_cell.html", "nomination": nomination},
        nomination.product.group.name,
        wording.instant_for_reader(phase.closes_at, zone) if phase else "",
        {"status": {"state": standing.text, "tone": standing.tone}},
        {"text": standing.act, "url": _address(one, standing.act)} if standing.act else "",
    ]


def _current(person: Person, signed: set[int], *, at: datetime) -> dict[str, Any] | None:
    one = assigned.current(person, at=at)
    if one is None:
        return None
    standing = assigned.standing(one, signed=signed, at=at)
    nomination = one.assessment.nomination
    product = nomination.product.name
    return {
        "nomination": nomination,
        "heading": f"Lanjutkan: {product}, {standing.text}" if one.filled else f"Berikutnya: {product}",
        "standing": standing,
        "url": _address(one, standing.act, to_the_next=True),
        "phase": nomination.round.phase(Phase.Kind.ASSESSMENT),
    }


def _address(one: Any, act: str, *, to_the_next: bool = False) -> str:
    if act == "Periksa penilaian":
        return reverse("assessment_check", args=[one.pk])
    address = reverse("assessment", args=[one.pk])
    return f"{address}#indikator-{_next_empty(one)}" if to_the_next and one.has_conflict is False else address


def _next_empty(one: Assignment) -> str:
    """The first indicator without a score; the first of the form where there is none."""
    filled = {code for code, answer in sheets.answers_of(one).items() if answer.points is not None}
    codes = [line["code"] for line in instruments.lines(one.assessment.instrument.definition)]
    return next((code for code in codes if code not in filled), codes[0])


# --- Before anything opens: pact, statement, or giving back ----------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SCORE)
def pact(request: HttpRequest, year: int) -> HttpResponse:
    """/penilaian/pakta/<tahun>/: read once per round, signed by POST; ?tugas= says where to go on then."""
    own = Assignment.objects.visible_to(request.user).filter(assessment__nomination__round=year)
    seat = own.with_names().order_by("pk").first()
    if seat is None:
        raise Http404
    wanted = number_in(request.GET.get("tugas"))
    goes_on = own.filter(pk=wanted).first() if wanted is not None else None
    round_ = seat.assessment.nomination.round
    if request.method == "POST":
        try:
            declarations.sign_pact(request.user, round_, at=request.received_at)
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
            return redirect("assessments")
        messages.success(request, f"Pakta integritas periode {year} sudah Anda tanda tangani.")
        return redirect("declaration", goes_on.pk) if goes_on else redirect("assessments")
    signed = Pact.objects.filter(person=request.user, round=round_).first()
    version = signed.text_version if signed else statements.PACT_VERSION
    return render(
        request,
        "assessment/pact.html",
        {
            "breadcrumb": CRUMBS,
            "round": round_,
            "signed": signed,
            "text": statements.pact(
                name=request.user.full_name, office=seat.office.name, year=year, version=version
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SCORE)
def declaration(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/<id>/pernyataan/: the statement on one nomination; nothing else of it is shown before."""
    one = mine(request, pk)
    if not declarations.has_signed(request.user, one.assessment.nomination.round_id):
        return _to_the_pact(one)
    nomination = one.assessment.nomination
    may_say = one.submitted_at is None and not one.has_conflict and nomination.state == State.ELIGIBLE
    form = DeclarationForm(
        request.POST if request.method == "POST" else None, is_later=one.has_conflict is False
    )
    if request.method == "POST" and form.is_valid():
        try:
            declarations.declare(one, **form.said(), by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            if not form.has_conflict:
                return redirect("assessment", one.pk)
            messages.success(
                request,
                f"Pernyataan Anda tercatat. Anda tidak menilai {nomination.product.name}; Sekretariat menunjuk penilai "
                "lain.",
            )
            return redirect("assessments")
    return render(
        request,
        "assessment/declaration.html",
        {
            "breadcrumb": CRUMBS,
            "assignment": one,
            "nomination": nomination,
            "form": form if may_say or form.is_bound else None,
            "statement": statements.statement(
                ikm=nomination.product.ikm.name,
                version=one.statement_version or statements.STATEMENT_VERSION,
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SCORE)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/<id>/kembalikan/: an assignment given back; a conflict is declared instead."""
    one = mine(request, pk)
    if one.has_conflict:
        return redirect("declaration", one.pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assignments.decline(one, form.cleaned_data["reason"], by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            product = one.assessment.nomination.product.name
            messages.success(
                request, f"Tugas menilai {product} Anda kembalikan. Sekretariat menunjuk penilai lain."
            )
            return redirect("assessments")
    return render(
        request,
        "assessment/decline.html",
        {
            "breadcrumb": [*CRUMBS, crumb(one)],
            "assignment": one,
            "nomination": one.assessment.nomination,
            "form": form,
        },
    )


# --- Small parts -----------------------------------------------------------------------------------------------
def mine(request: HttpRequest, pk: int) -> Assignment:
    """One's own assignment, a conflict included; not there reads as not yours."""
    found = Assignment.objects.visible_to(request.user).with_names()
    return get_object_or_404(
        found.select_related(
            "assessment__submission", "assessment__nomination__office", "assessment__nomination__reevaluation"
        ),
        pk=pk,
    )


def what_comes_before(request: HttpRequest, one: Assignment) -> HttpResponse | None:
    """The page that has to be answered before this one opens; a conflict keeps it closed."""
    if not declarations.has_signed(request.user, one.assessment.nomination.round_id):
        return _to_the_pact(one)
    if one.has_conflict is not False:
        return redirect("declaration", one.pk)
    return None


def _to_the_pact(one: Assignment) -> HttpResponse:
    address = reverse("pact", args=[one.assessment.nomination.round_id])
    return redirect(f"{address}?{urlencode({'tugas': one.pk})}")


def crumb(one: Assignment) -> dict[str, str]:
    return {
        "label": one.assessment.nomination.product.name,
        "url": reverse("assessment", args=[one.pk]),
    }


def zone_of(person: Person) -> ZoneInfo:
    """The zone of the own office; WIB for the ministry and for an office without a place."""
    for membership in person.active_memberships():
        if membership.office.province_id and membership.office.province:
            return ZoneInfo(membership.office.province.zone)
    return wording.WIB
