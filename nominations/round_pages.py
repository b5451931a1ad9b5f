"""Rounds and their phases: /periode/."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from accounts.sent_numbers import number_in
from letters.models import Batch

from . import exporting, round_lists
from . import rounds as running
from .guards import Refused, when
from .lists import Listing
from .models import Phase, Round
from .round_forms import ExtensionForm, PhasesForm, RoundForm

PER_PAGE = 50
_MESSAGES = "/pesan/"
_look = needs(Right.RUN_ROUND, Right.READ_ALL)
_run = needs(Right.RUN_ROUND)


def round_asked(request: HttpRequest) -> Round | None:
    """The round of `?periode=`, 404 where there is none of that year; the running one where no year is named."""
    year = number_in(request.GET.get("periode"), at_most=9999)
    if year is not None:
        return get_object_or_404(Round, pk=year)
    return running.current(at=request.received_at)


_COLUMNS: list[dict[str, Any]] = [
    {"label": "Periode", "key": "periode"},
    {"label": "Tahap"},
    {"label": "Usulan", "numeric": True, "key": "usulan"},
]


@require_http_methods(["GET", "HEAD", "POST"])
@_look
def rounds(request: HttpRequest) -> HttpResponse:
    """/periode/: every round, the latest first, with where it stands. A POST takes the list along."""
    at = request.received_at
    narrowed = round_lists.RoundFilter(request.GET, round_lists.listed(at=at))
    listing = Listing(request, narrowed, usual=("-year",), per_page=PER_PAGE)
    if request.method == "POST":
        return exporting.download(request, listing, round_lists.columns(at=at), name="periode")
    context = listing.context()
    may_run = request.user.may(Right.RUN_ROUND)
    return render(
        request,
        "nominations/round_list.html",
        {
            **context,
            "columns": _COLUMNS,
            "caption": listing.caption("Periode", "yang terakhir di atas", _COLUMNS),
            "rows": [
                [
                    {"template": "nominations/round_name_cell.html", "round": round_},
                    {
                        "template": "nominations/round_phases_cell.html",
                        "lines": round_lists.where_it_stands(list(round_.phases.all()), at),
                    },
                    round_.number,
                ]
                for round_ in context["page"]
            ],
            "begin": {"label": "Buat periode", "url": reverse("round_begin")} if may_run else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_run
def round_begin(request: HttpRequest) -> HttpResponse:
    """/periode/buat/: a round is its year."""
    form = RoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            round_ = running.begin(form.cleaned_data["year"], by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error("year", refusal.for_reader)
        else:
            messages.success(request, f"Periode {round_.year} dibuat. Jadwalkan tahapnya.")
            return redirect("round", round_.year)
    return render(request, "nominations/round_begin.html", {"form": form, "breadcrumb": _breadcrumb()})


@dataclass(frozen=True)
class PhaseRow:
    """One line of the schedule; `opens` and `closes` are fields where the phase can be dated still."""

    kind: str
    label: str
    phase: Phase | None
    state: str
    tone: str
    opens: forms.BoundField | None
    closes: forms.BoundField | None


@require_http_methods(["GET", "HEAD", "POST"])
@_look
def round_page(request: HttpRequest, year: int) -> HttpResponse:
    """/periode/<year>/: the phases in one list, dated here; how many nominations stand where."""
    round_ = get_object_or_404(Round, pk=year)
    may_run = request.user.may(Right.RUN_ROUND)
    if request.method == "POST" and not may_run:
        raise PermissionDenied("Tahap dijadwalkan oleh Sekretariat.")
    form = PhasesForm(
        request.POST if request.method == "POST" else None, round_=round_, at=request.received_at
    )
    if request.method == "POST" and form.is_valid():
        dates = form.changed_dates()
        try:
            running.date_phases(round_, dates, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            labels = ", ".join(Phase.Kind(kind).label.lower() for kind in dates)
            messages.success(request, f"Jadwal tersimpan: {labels}." if dates else "Tidak ada yang berubah.")
            return redirect("round", year)
    tally = running.tally(round_)
    return render(
        request,
        "nominations/round.html",
        {
            "round": round_,
            "form": form,
            "may_run": may_run,
            "phases": _phase_rows(round_, form if may_run else None, request.received_at),
            "may_date": may_run and bool(form.kinds),
            "tally": list(tally.items()),
            "total": sum(tally.values()),
            **_waiting_messages(year),
            "breadcrumb": _breadcrumb(),
        },
    )


def _phase_rows(round_: Round, form: PhasesForm | None, at: datetime) -> list[PhaseRow]:
    fields = form.pairs() if form else {}
    rows = []
    for kind in Phase.Kind:
        phase = round_.phase(kind)
        opens, closes = fields.get(kind.value, (None, None))
        rows.append(PhaseRow(kind.value, kind.label, phase, *_state_of(phase, at), opens, closes))
    return rows


def _state_of(phase: Phase | None, at: datetime) -> tuple[str, str]:
    """Words and tone of a phase at an instant."""
    if phase is None:
        return "Belum dijadwalkan", "netral"
    if at < phase.opens_at:
        return "Belum dibuka", "netral"
    return ("Sedang berjalan", "info") if phase.holds(at) else ("Sudah ditutup", "baik")


def _waiting_messages(year: int) -> dict[str, Any]:
    """Mailings about this round that nobody has released yet, and the page where that is done, if there is one."""
    held = Batch.objects.filter(released_at=None, cancelled_at=None, title__endswith=f" periode {year}")
    try:
        resolve(_MESSAGES)
    except Resolver404:
        address = ""
    else:
        address = _MESSAGES
    return {
        "batches": list(held.annotate(number=Count("messages")).order_by("made_at", "pk")),
        "messages_address": address,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@_run
def phase_extend(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """/periode/<year>/<tahap>/perpanjang/: a later end, with the reason that all will read."""
    phase = get_object_or_404(Phase.objects.select_related("round"), round=year, kind=kind)
    form = ExtensionForm(
        request.POST if request.method == "POST" else None, phase=phase, at=request.received_at
    )
    if request.method == "POST" and form.is_valid():
        try:
            running.extend(phase, by=request.user, at=request.received_at, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                f"{phase.get_kind_display()} diperpanjang sampai {when(form.cleaned_data['closes_at'])}.",
            )
            return redirect("round", year)
    label = phase.get_kind_display()
    return render(
        request,
        "nominations/round_extend.html",
        {
            "form": form,
            "phase": phase,
            "title": f"Perpanjang {label.lower()}",
            "cancel_url": reverse("round", args=[year]),
            "breadcrumb": [*_breadcrumb(), {"label": str(phase.round), "url": reverse("round", args=[year])}],
        },
    )


def _breadcrumb() -> list[dict[str, str]]:
    return [{"label": "Periode", "url": reverse("rounds")}]
