"""Panels and their people: /panel/. No score is shown on these pages, at no time."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from letters.wording import instant_for_reader
from nominations import exporting, lists, rounds
from nominations.models import Nomination, Phase, Round, State

from . import assignment, found_late, panel_lists, panels, rules, tied_sheets
from .models import Assignment, Paper, PaperStatement, Sheet
from .panel_forms import AssignForm, assessors_now
from .refusals import Refused

PER_PAGE = 50
TONES = {"tanpa": "hati", "kurang": "hati", "berjalan": "info", "selesai": "baik"}

# The chair orders a sheet reopened and so must see whose it is; the auditor reads.
_whoever_follows = needs(Right.ASSIGN, Right.READ_ALL, Right.REOPEN_SCORE)


# --- All panels of a round ---------------------------------------------------------------------------------------
_COLUMNS: list[dict[str, Any]] = [
    {"label": "Usulan", "key": "usulan"},
    {"label": "Komoditas", "key": "komoditas"},
    {"label": "Kabupaten/kota", "key": "daerah"},
    {
        "label": "Panel",
        "key": "panel",
        "orders": ("yang menunggu Sekretariat di atas", "yang selesai di atas"),
    },
    {"label": "Penilai"},
]


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_follows
def overview(request: HttpRequest) -> HttpResponse:
    """
    /panel/: what still needs a panel, and every panel with how far its people are. A POST takes the panels along.
    The rules and the loads have a page of their own, which this one fetches (panel_state_pages.py).
    """
    years, groups = lists.rounds_and_groups()
    round_ = round_of(request, years)
    if round_ is None:
        return render(request, "assessment/panels.html", {"round": None, "nothing_yet": ""})
    listing = _listing(request, round_, years, groups)
    if request.method == "POST":
        return exporting.download(request, listing, panel_lists.COLUMNS, name=f"panel-{round_.pk}")
    so_far = panel_lists.summary(request.user, round_)
    context: dict[str, Any] = {"round": round_, "so_far": so_far}
    if not so_far.total:
        return render(request, "assessment/panels.html", {**context, "nothing_yet": _when_there_is(round_)})
    context |= listing.context()
    return render(
        request,
        "assessment/panels.html",
        {
            **context,
            "nothing_yet": "",
            "tied": _tied(request.user, round_),
            # Where nothing is assessed yet, nothing is sealed.
            "found_late": found_late.rows(request.user, year=round_.pk) if so_far.by_state["selesai"] else [],
            "may_assign": rules.may_assign(request.user),
            "may_read_papers": rules.may_assign(request.user) or request.user.may(Right.READ_ALL),
            "may_draw": rules.may_assign(request.user)
            and bool(so_far.by_state["tanpa"] + so_far.by_state["kurang"]),
            "columns": _COLUMNS,
            "caption": listing.caption(
                "Usulan yang lolos seleksi administrasi dan panelnya",
                "yang menunggu Sekretariat di atas",
                _COLUMNS,
            ),
            "rows": [_row(nomination) for nomination in context["page"]],
            "phase": round_.phase(Phase.Kind.ASSESSMENT),
        },
    )


def round_of(request: HttpRequest, years: list[tuple[str, str]]) -> Round | None:
    """The round that the address names, if there is one of that year; else the running one."""
    asked = request.GET.get("periode", "")
    if asked in dict(years):
        return Round.objects.get(pk=int(asked))
    return rounds.current(at=request.received_at)


def _listing(
    request: HttpRequest, round_: Round, years: list[tuple[str, str]], groups: list[tuple[str, str]]
) -> lists.Listing:
    """The panels of the round; the period is asked for only where there is another one."""
    data = request.GET.copy()
    data["periode"] = str(round_.pk)
    narrowed = panel_lists.PanelFilter(
        data,
        panel_lists.with_members(panel_lists.listed(request.user, round_)),
        komoditas=groups,
        periode=years if len(years) > 1 else None,
    )
    kept = [("periode", str(round_.pk))] if "periode" in request.GET else []
    return lists.Listing(request, narrowed, usual=panel_lists.USUAL, kept=kept, per_page=PER_PAGE)


def _tied(reader: Person, round_: Round) -> list[Nomination]:
    """The nominations whose value holds the sheet of an assessor with an interest: what this page says first."""
    found = tied_sheets.nominations().filter(
        round=round_, pk__in=Nomination.objects.visible_to(reader).values("pk")
    )
    return list(found.with_names().order_by("number"))


def _when_there_is(round_: Round) -> str:
    phase = round_.phase(Phase.Kind.SCREENING)
    if phase is None:
        return f"Seleksi administrasi periode {round_.pk} belum dijadwalkan."
    return (
        f"Seleksi administrasi periode {round_.pk} berlangsung {instant_for_reader(phase.opens_at)} sampai dengan "
        f"{instant_for_reader(phase.closes_at)}. Usulan yang lolos tampil di halaman ini."
    )


def _row(nomination: Nomination) -> list[Any]:
    standing = nomination.standing_name  # type: ignore[attr-defined]
    return [
        {
            "text": nomination.product.ikm.name,
            "url": reverse("panel", args=[nomination.pk]),
            "note": f"{nomination.product.name}, {nomination.number}",
        },
        nomination.product.group.name,
        nomination.regency.full_name,
        {"status": {"state": panels.STATES[standing], "tone": TONES[standing]}},
        {
            "template": "assessment/panel_members_cell.html",
            "members": [
                (one.assessor.full_name, panels.step_of(one)) for one in panel_lists.members(nomination)
            ],
            "open_seats": panel_lists.open_seats(nomination),
        },
    ]


# --- The panel of one nomination -----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_follows
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """/panel/<id>/: who sits on it and how far they are; the secretariat adds people, the least laden first."""
    nomination = get_object_or_404(
        Nomination.objects.visible_to(request.user).with_names().filter(state__in=panels.PASSED), pk=pk
    )
    may_assign = rules.may_assign(request.user)
    form = AssignForm(
        request.POST if request.method == "POST" else None, assessors=assessors_now(at=request.received_at)
    )
    if request.method == "POST":
        if not may_assign:
            raise PermissionDenied("Penilai ditugaskan oleh Sekretariat.")
        if form.is_valid():
            try:
                made = assignment.assign(
                    nomination, list(form.cleaned_data["people"]), by=request.user, at=request.received_at
                )
            except Refused as refusal:
                form.add_error(None, refusal.for_reader)
            else:
                count = len(form.cleaned_data["people"])
                messages.success(request, f"{count} penilai ditugaskan dan diberi tahu lewat email.")
                return redirect("panel", made.nomination_id)
    return render(request, "assessment/panel.html", _panel_context(request, nomination, form))


def _panel_context(request: HttpRequest, nomination: Nomination, form: AssignForm) -> dict[str, Any]:
    everybody = list(
        tied_sheets.marked(Assignment.objects.filter(assessment__nomination=nomination))
        .select_related("assessor", "office", "removed_by", "assessment", "paper_statement__scan")
        .order_by("pk")
    )
    members = [one for one in everybody if one.removed_at is None]
    standing: Any = panel_lists.listed(request.user, nomination.round).get(pk=nomination.pk)
    open_seats = panel_lists.open_seats(standing)
    may_assign = rules.may_assign(request.user)
    can_assign = may_assign and open_seats > 0
    chosen = {str(value) for value in form["people"].value() or []}
    is_decided = nomination.decisions.exists()
    late = found_late.known_of(nomination, request.user) if is_decided else {}
    return {
        "nomination": nomination,
        "form": form,
        "is_decided": is_decided,
        "breadcrumb": [{"label": "Panel", "url": reverse("panels")}],
        "seated": standing.seated,
        "size": standing.panel_size,
        "open_seats": open_seats,
        "state": {"state": panels.STATES[standing.standing_name], "tone": TONES[standing.standing_name]},
        "phase": nomination.round.phase(Phase.Kind.ASSESSMENT),
        "members": [
            {
                **_member(one, nomination, request.user, is_decided=is_decided),
                "found_late": late.get(one.pk),
            }
            for one in members
        ],
        "late_title": found_late.TITLE,
        "ways": found_late.ways(nomination, request.user, at=request.received_at) if late else [],
        "ended": [one for one in everybody if one.removed_at is not None],
        "readable": set(
            Sheet.objects.visible_to(request.user)
            .filter(assignment__in=everybody)
            .order_by()
            .values_list("pk", flat=True)
        ),
        "is_tied": any(getattr(one, "is_tied", False) for one in members),
        "sheets": Sheet.objects.filter(assignment__in=everybody)
        .select_related("assignment__assessor", "reopening__by")
        .annotate(from_paper=Exists(Paper.objects.filter(sheet=OuterRef("pk"))))
        .order_by("pk"),
        "can_assign": can_assign or (may_assign and form.is_bound),
        "may_assign": may_assign,
        "reads_conflicts": rules.may_read_conflicts(request.user),
        "choices": [
            (choice, str(choice.person.pk) in chosen)
            for choice in panels.choices_for(nomination, at=request.received_at)
        ]
        if can_assign or form.is_bound
        else [],
    }


def _member(one: Assignment, nomination: Nomination, reader: Person, *, is_decided: bool) -> dict[str, Any]:
    """One line of the panel with what this reader may do about it now."""
    is_sent = one.submitted_at is not None
    is_tied: bool = getattr(one, "is_tied", False)
    is_open = nomination.state == State.ELIGIBLE
    reads_conflicts = rules.may_read_conflicts(reader)
    paper: PaperStatement | None = getattr(one, "paper_statement", None)
    return {
        "assignment": one,
        "step": panels.step_of(one),
        "conflict": f"{one.get_conflict_kind_display()}. {one.conflict_text}".strip()
        if one.has_conflict and reads_conflicts
        else "",
        "statement_scan": paper.scan if paper is not None and reads_conflicts else None,
        "can_change": rules.may_assign(reader) and is_open and not is_sent,
        "can_reopen": rules.may_reopen(reader) and is_sent and not is_decided and not is_tied,
        "can_take_out": rules.may_reopen(reader) and is_tied,
    }
