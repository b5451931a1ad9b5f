"""/penilaian/kertas/: sheets filled in on paper, typed in by two people of the secretariat apart, and compared."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import needs
from accounts.roles import Right
from nominations.models import Nomination

from . import papers as domain
from . import score_lines, sheets
from .models import Assignment, Paper, PaperEntry
from .paper_forms import ChoicesForm, DiscardForm, ScanForm
from .refusals import Refused
from .scoring_forms import SheetForm

PER_PAGE = 50
CRUMBS = [{"label": "Lembar kertas", "url": "/penilaian/kertas/"}]

_whoever_follows = needs(Right.ASSIGN, Right.READ_ALL)
_whoever_types = needs(Right.ASSIGN)


@require_safe
@_whoever_follows
def papers(request: HttpRequest) -> HttpResponse:
    """/penilaian/kertas/: every paper sheet with how far it is, what is open first."""
    found = Paper.objects.visible_to(request.user).with_names().prefetch_related("entries")
    page = Paginator(found.order_by("-discarded_at", "-finished_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("halaman")
    )
    return render(
        request,
        "assessment/papers.html",
        {
            "page": page,
            "columns": [{"label": label} for label in ("Penilai", "Usulan", "Keadaan")],
            "rows": [_row(one) for one in page],
        },
    )


def _row(paper: Paper) -> list[Any]:
    nomination = paper.assignment.assessment.nomination
    return [
        {"text": paper.assignment.assessor.full_name, "url": paper.get_absolute_url()},
        {"text": nomination.product.name, "note": str(nomination)},
        {"status": _state(paper, list(paper.entries.all()))},
    ]


def _state(paper: Paper, entries: list[PaperEntry]) -> dict[str, str]:
    if paper.finished_at is not None:
        return {"state": "Terkirim", "tone": "baik"}
    if paper.discarded_at is not None:
        return {"state": "Dibatalkan", "tone": "netral"}
    if domain.are_both_done(entries):
        return {"state": "Menunggu pencocokan", "tone": "hati"}
    done = sum(entry.done_at is not None for entry in entries)
    return {"state": f"{done} dari 2 entri selesai", "tone": "info"}


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_types
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kertas/daftar/<penugasan>/: takes in the scan of an assessor's sheet."""
    one = get_object_or_404(
        Assignment.objects.with_names().filter(
            assessment__nomination__in=Nomination.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    form = ScanForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        by=request.user,
        at=request.received_at,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = domain.register(one, form.cleaned_data["file"], by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Pindaian tersimpan. Dua orang mengentri lembar ini secara terpisah.")
            return redirect(made)
    return render(
        request,
        "assessment/paper_register.html",
        {
            "breadcrumb": CRUMBS,
            "assignment": one,
            "nomination": one.assessment.nomination,
            "form": form,
        },
    )


@require_safe
@_whoever_follows
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kertas/<id>/: how far it is and what this person may do next; never what somebody typed in."""
    one = _visible(request, pk)
    entries = domain.entries_of(one)
    own = next((entry for entry in entries if entry.by_id == request.user.pk), None)
    is_open = one.finished_at is None and one.discarded_at is None
    may_type = is_open and request.user.may(Right.ASSIGN)
    return render(
        request,
        "assessment/paper.html",
        {
            **_about(one),
            "breadcrumb": CRUMBS,
            "entries": entries,
            "readable": _is_readable(request, one),
            "may_enter": may_type and (own.done_at is None if own else len(entries) < 2),
            "waits_for_another": may_type
            and own is not None
            and own.done_at is not None
            and not domain.are_both_done(entries),
            "may_compare": may_type and domain.are_both_done(entries),
            "may_discard": may_type,
            "begun": own is not None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_types
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kertas/<id>/entri/: the own entry, saved as often as one likes, done once."""
    one = _visible(request, pk)
    entry, instrument = domain.own_entry(one, request.user), one.assignment.assessment.instrument
    answers = _answers(instrument.ladders, entry)
    form = SheetForm(
        request.POST if request.method == "POST" else None, instrument=instrument, answers=answers
    )
    is_done = "selesai" in request.POST
    if request.method == "POST" and form.is_valid():
        given = {
            code: sheets.Answer(
                form.cleaned_data.get(f"skor-{code}"), form.cleaned_data.get(f"catatan-{code}") or ""
            )
            for code in form.codes
        }
        try:
            domain.enter(one, given, is_done=is_done, by=request.user, at=request.received_at)
        except sheets.Incomplete as refusal:
            domain.enter(one, given, is_done=False, by=request.user, at=request.received_at)
            listed = ", ".join(str(number) for number in refusal.numbers)
            form.add_error(
                None, f"Entri belum selesai: indikator {listed} belum diisi. Isian lain tersimpan."
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Entri Anda selesai." if is_done else "Entri Anda tersimpan.")
            return redirect(one) if is_done else redirect("paper_entry", one.pk)
    elif request.method != "POST" and (
        not _is_open(one) or (entry is not None and entry.done_at is not None)
    ):
        messages.info(request, "Entri Anda sudah selesai, atau lembar ini sudah tidak dientri.")
        return redirect(one)
    return render(
        request,
        "assessment/paper_entry.html",
        {
            **_about(one),
            "breadcrumb": _crumbs(one),
            "form": form,
            "parts": score_lines.to_fill(instrument.definition, form, {}),
        },
    )


def _answers(ladders: dict[str, list[int]], entry: PaperEntry | None) -> dict[str, sheets.Answer]:
    if entry is None:
        return {}
    return {code: sheets.Answer(entry.points.get(code), entry.notes.get(code, "")) for code in ladders}


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_types
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kertas/<id>/banding/: each cell that was read otherwise, beside the scan; POST keeps what was found."""
    one = _visible(request, pk)
    if not _is_open(one) or not domain.are_both_done(domain.entries_of(one)):
        messages.info(request, "Pencocokan dibuka setelah dua orang menyelesaikan entrinya.")
        return redirect(one)
    differences = domain.differences_of(one)
    left = [each for each in differences if each.chosen is None]
    form = ChoicesForm(request.POST if request.method == "POST" else None, differences=left)
    if request.method == "POST" and form.is_valid():
        try:
            count = domain.choose(one, form.chosen(), by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"{count} isian dicocokkan dengan pindaian.")
            return redirect("paper_compare", one.pk)
    return render(
        request,
        "assessment/paper_compare.html",
        {
            **_about(one),
            "breadcrumb": _crumbs(one),
            "form": form,
            "differences": differences,
            "left": left,
            "resolved": [each for each in differences if each.chosen is not None],
        },
    )


@require_POST
@_whoever_types
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kertas/<id>/kirim/: sends the sheet on behalf of its assessor."""
    one = _visible(request, pk)
    try:
        domain.finish(one, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
        return redirect("paper_compare", one.pk)
    messages.success(
        request, f"Lembar {one.assignment.assessor.full_name} terkirim dan terkunci, dari lembar kertas."
    )
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_types
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kertas/<id>/batal/: calls a paper sheet off, with a reason; another scan may follow."""
    one = _visible(request, pk)
    form = DiscardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            domain.discard(one, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request, "Lembar kertas dibatalkan. Pindaian dan kedua entrinya tetap tersimpan."
            )
            return redirect(one)
    return render(
        request,
        "assessment/paper_discard.html",
        {**_about(one), "breadcrumb": _crumbs(one), "form": form},
    )


# --- Small parts -------------------------------------------------------------------------------------------------
def _visible(request: HttpRequest, pk: int) -> Paper:
    return get_object_or_404(Paper.objects.visible_to(request.user).with_names(), pk=pk)


def _is_open(paper: Paper) -> bool:
    return paper.finished_at is None and paper.discarded_at is None


def _is_readable(request: HttpRequest, paper: Paper) -> bool:
    return Paper.objects.readable_by(request.user).filter(pk=paper.pk).exists()


def _about(paper: Paper) -> dict[str, Any]:
    return {
        "paper": paper,
        "assessor": paper.assignment.assessor,
        "nomination": paper.assignment.assessment.nomination,
        "status": _state(paper, domain.entries_of(paper)),
    }


def _crumbs(paper: Paper) -> list[dict[str, str]]:
    return [*CRUMBS, {"label": paper.assignment.assessor.full_name, "url": paper.get_absolute_url()}]
