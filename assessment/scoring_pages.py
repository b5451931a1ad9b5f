"""The sheet of an assessor: /penilaian/<id>/, filled in, read over, sent, and beside the others' once all are in."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from letters import wording
from nominations.models import Nomination, Phase, Sample, State

from . import evidence, instruments, last_time, own_earlier, score_lines, sheets
from .models import Assignment, Paper, Reopening
from .queue_pages import CRUMBS, crumb, mine, what_comes_before, zone_of
from .refusals import Refused
from .scoring_forms import SheetForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SCORE)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/<id>/: the sheet to fill in; POST saves all of it (without a script); once sent, what was sent."""
    one = mine(request, pk)
    if before := what_comes_before(request, one):
        return before
    if one.submitted_at is not None:
        if request.method == "POST":
            messages.error(
                request, "Penilaian ini sudah dikirim dan terkunci. Yang baru Anda isi tidak disimpan."
            )
            return redirect("assessment", one.pk)
        return _submitted(request, one)
    answers = sheets.answers_of(one)
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        instrument=one.assessment.instrument,
        answers=answers,
    )
    if request.method == "POST" and form.is_valid():
        try:
            _save(one, form, request)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            if "periksa" in request.POST:
                return redirect("assessment_check", one.pk)
            messages.success(request, "Isian tersimpan.")
            return redirect("assessment", one.pk)
    return render(
        request,
        "assessment/sheet.html",
        _sheet_context(request.user, one, form, answers, at=request.received_at),
    )


def _sheet_context(
    person: Person, one: Assignment, form: SheetForm, answers: dict[str, sheets.Answer], *, at: datetime
) -> dict[str, Any]:
    assessment, nomination = one.assessment, one.assessment.nomination
    closed, beside = _closed(nomination, at=at), {}
    if Nomination.objects.visible_to(person).filter(pk=nomination.pk).exists():
        beside = evidence.by_indicator(
            assessment.instrument.definition,
            assessment.submission,
            nominated_on=timezone.localtime(nomination.submitted_at or assessment.submission.at).date(),
            sample=Sample.objects.filter(nomination=nomination).first(),
        )
    last = last_time.of(nomination, assessment.instrument.definition)
    return {
        "breadcrumb": CRUMBS,
        "assignment": one,
        "nomination": nomination,
        "instrument": assessment.instrument,
        "last": last,
        "phase": nomination.round.phase(Phase.Kind.ASSESSMENT),
        "zone": zone_of(person),
        "closed": closed,
        # What was just typed stays open to be copied, though it can no longer be saved.
        "locked": bool(closed) and not form.is_bound,
        "reopened": _reopened(one),
        "form": form,
        "parts": score_lines.to_fill(
            assessment.instrument.definition, form, beside, last.lines if last else {}
        ),
        "progress": _told(one, answers),
        "squares": _squares(one, answers),
        "saved_at": one.scores.aggregate(at=Max("at"))["at"],
        "reading_rule": instruments.READING_RULE,
    }


@require_POST
@needs(Right.SCORE)
def save(request: HttpRequest, pk: int) -> JsonResponse:
    """
    /penilaian/<id>/simpan/: saves the fields that are sent (SheetForm) and answers how far the sheet is, as JSON.

    Else {message, code, fields}: 422 for what is wrong (fields), 403 before the statement, 409 where it is closed.
    """
    one = mine(request, pk)
    form = SheetForm(request.POST, instrument=one.assessment.instrument, answers={})
    if not form.is_valid():
        told = [
            str(error) if name == "__all__" else f"{form.fields[name].label}: {error}"
            for name, errors in form.errors.items()
            for error in errors
        ]
        return JsonResponse(
            {
                "message": " ".join(told),
                "code": "wrong",
                "fields": [name for name in form.errors if name in form.fields],
            },
            status=422,
        )
    try:
        _save(one, form, request)
    except Refused as refusal:
        return JsonResponse(
            {"message": refusal.for_reader, "code": refusal.code, "fields": []},
            status=403 if refusal.code == "not_yours" else 409,
        )
    at = wording.clock(request.received_at, wording.WIB)
    return JsonResponse({"at": at, **_told(one, sheets.answers_of(one))})


@require_safe
@needs(Right.SCORE)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/<id>/periksa/: every line once more before the sheet is sent."""
    one = mine(request, pk)
    if before := what_comes_before(request, one):
        return before
    if one.submitted_at is not None:
        return redirect("assessment", one.pk)
    answers, nomination = sheets.answers_of(one), one.assessment.nomination
    progress = sheets.progress_of(one.assessment.instrument.parsed(), answers)
    parts = score_lines.to_read(one.assessment.instrument, answers)
    return render(
        request,
        "assessment/check.html",
        {
            "breadcrumb": [*CRUMBS, crumb(one)],
            "assignment": one,
            "nomination": nomination,
            "closed": _closed(nomination, at=request.received_at),
            "progress": progress,
            "parts": parts,
            "missing": [line for part in parts for line in part.lines if line.points is None],
            "confirm": _CONFIRM,
        },
    )


_CONFIRM = {
    "title": "Kirim penilaian ini?",
    "consequence": "Setelah dikirim, penilaian terkunci. Hanya ketua sidang pleno atau Sekretariat dapat membukanya "
    "kembali, dengan alasan tertulis.",
    "label": "Kirim penilaian",
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SCORE)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/<id>/kirim/: asks once more where there is no script; POST sends the sheet for good."""
    one = mine(request, pk)
    if before := what_comes_before(request, one):
        return before
    if request.method != "POST":
        if one.submitted_at is not None:
            return redirect("assessment", one.pk)
        return render(
            request,
            "confirm.html",
            {
                "breadcrumb": [*CRUMBS, crumb(one)],
                "title": _CONFIRM["title"],
                "consequence": _CONFIRM["consequence"],
                "confirm_label": _CONFIRM["label"],
                "cancel_url": reverse("assessment_check", args=[one.pk]),
            },
        )
    try:
        sent = sheets.submit(one, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
        # The page of a sheet that is sent already says when; else the check names what is missing.
        return redirect("assessment" if refusal.code == "submitted" else "assessment_check", one.pk)
    messages.success(
        request,
        f"Penilaian {one.assessment.nomination.product.name} terkirim, {_instant(sent.submitted_at)}.",
    )
    return redirect("assessment", one.pk)


def _submitted(request: HttpRequest, one: Assignment) -> HttpResponse:
    """What was sent; beside the others' once the whole panel has sent."""
    panel = score_lines.panel_of(one.assessment, reader=request.user)
    nomination = one.assessment.nomination
    place = f"{nomination.regency.full_name}, {nomination.regency.province.name}"
    return render(
        request,
        "assessment/submitted.html",
        {
            "breadcrumb": CRUMBS,
            "assignment": one,
            "nomination": nomination,
            "lead": f"{nomination.product.ikm.name}, {place}",
            "status": {"state": "Terkirim, terkunci", "tone": "baik", "icon": "i-lock"},
            "instrument": one.assessment.instrument,
            "from_paper": Paper.objects.filter(sheet__assignment=one, finished_at=one.submitted_at)
            .select_related("scan")
            .first(),
            "parts": score_lines.to_read(one.assessment.instrument, sheets.answers_of(one)),
            "panel": panel,
            **(_side_by_side(panel) if panel else {}),
        },
    )


def _side_by_side(panel: score_lines.Panel) -> dict[str, Any]:
    return {
        "panel_columns": [{"label": "Indikator"}, *({"label": one.name} for one in panel.sheets)],
        "panel_rows": [
            [
                {"template": "assessment/indicator_cell.html", "line": lines[0], "is_flagged": is_flagged},
                *({"template": "assessment/level_cell.html", "line": line} for line in lines),
            ]
            for is_flagged, lines in panel.rows()
        ],
        "panel_totals": ["Nilai", *(score_lines.figure(one.total) for one in panel.sheets)],
    }


@require_safe
@needs(Right.SCORE)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/<id>/bandingkan/: this sheet beside the last ones that its assessor sent on the same form."""
    one = mine(request, pk)
    if before := what_comes_before(request, one):
        return before
    columns = own_earlier.beside(one)
    return render(
        request,
        "assessment/own_earlier.html",
        {
            "breadcrumb": [*CRUMBS, crumb(one)],
            "assignment": one,
            "nomination": one.assessment.nomination,
            "has_any": len(columns) > 1,
            "columns": [
                {"label": "Indikator"},
                {"label": "Lembar ini"},
                *({"label": each.assignment.assessment.nomination.product.name} for each in columns[1:]),
            ],
            "rows": [
                [
                    {"template": "assessment/indicator_cell.html", "line": lines[0], "is_flagged": False},
                    *(_chosen(line) for line in lines),
                ]
                for lines in zip(*(each.lines for each in columns), strict=True)
            ],
        },
    )


def _chosen(line: score_lines.Line) -> Any:
    return "" if line.points is None else {"template": "assessment/level_cell.html", "line": line}


# --- Small parts -----------------------------------------------------------------------------------------------
def _save(one: Assignment, form: SheetForm, request: HttpRequest) -> None:
    sheets.change(one, points=form.points(), notes=form.notes(), by=request.user, at=request.received_at)


def _told(one: Assignment, answers: dict[str, sheets.Answer]) -> dict[str, Any]:
    """How far the sheet is, in the words of the page: counted and summed here alone, never by a script."""
    progress = sheets.progress_of(one.assessment.instrument.parsed(), answers)
    return {
        "filled": progress.filled,
        "total": progress.total,
        "parts": [{"code": part.code, "words": score_lines.part_words(part)} for part in progress.parts],
    }


def _squares(one: Assignment, answers: dict[str, sheets.Answer]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "code": indicator.code,
            "filled": indicator.code in answers and answers[indicator.code].points is not None,
            "noted": indicator.code in answers and bool(answers[indicator.code].note),
        }
        for number, indicator in enumerate(one.assessment.instrument.parsed().indicators, 1)
    ]


def _closed(nomination: Nomination, *, at: datetime) -> str:
    """Why the sheet cannot be written at `at`; "" where it can."""
    if nomination.state != State.ELIGIBLE:
        return "Usulan ini tidak sedang dinilai."
    return sheets.out_of_time(nomination, at=at)


def _reopened(one: Assignment) -> Reopening | None:
    return Reopening.objects.filter(sheet__assignment=one).select_related("by").order_by("-pk").first()


def _instant(at: datetime | None) -> str:
    return wording.instant_for_reader(at) if at else ""
