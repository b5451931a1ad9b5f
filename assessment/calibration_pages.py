"""/penilaian/kalibrasi/: practice cases of a round, scored by the assessors, and the spread shown to all of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from nominations import rounds

from . import calibration as domain
from . import rules, score_lines, sheets
from .calibration_forms import CaseFileForm, CaseForm, OpenForm
from .models import Calibration
from .refusals import Refused
from .scoring_forms import SheetForm

CRUMBS = [{"label": "Kalibrasi", "url": "/penilaian/kalibrasi/"}]

_whoever_reads = needs(Right.ASSIGN, Right.SCORE, Right.LEAD_PLENARY, Right.READ_ALL)
_whoever_prepares = needs(Right.ASSIGN)


@require_safe
@_whoever_reads
def cases(request: HttpRequest) -> HttpResponse:
    """/penilaian/kalibrasi/: the practice cases that this person has a part in, the newest round first."""
    found = (
        Calibration.objects.visible_to(request.user)
        .select_related("group")
        .prefetch_related("sheets")
        .order_by("-round", "group__position", "pk")
    )
    prepares = rules.may_assign(request.user)
    return render(
        request,
        "assessment/calibrations.html",
        {
            "action": {"label": "Susun usulan latihan", "url": "baru/"}
            if prepares and rounds.current(at=request.received_at)
            else None,
            "prepares": prepares,
            "columns": [{"label": label} for label in ("Usulan latihan", "Komoditas", "Periode", "Keadaan")],
            "rows": [
                [
                    {"text": case.title, "url": case.get_absolute_url()},
                    case.group.name,
                    case.round_id,
                    {"status": _state(case, request.user)},
                ]
                for case in found
            ],
        },
    )


def _state(case: Calibration, reader: Person) -> dict[str, str]:
    if case.closed_at is not None:
        return {"state": "Selesai, sebaran tampil", "tone": "baik"}
    if case.opened_at is None:
        return {"state": "Disusun", "tone": "netral"}
    asked = list(case.sheets.all())
    own = next((one for one in asked if one.person_id == reader.pk), None)
    if own is not None and own.sent_at is None:
        return {"state": "Menunggu nilai Anda", "tone": "hati"}
    return {
        "state": f"{sum(one.sent_at is not None for one in asked)} dari {len(asked)} terkirim",
        "tone": "info",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_prepares
def begin(request: HttpRequest) -> HttpResponse:
    """/penilaian/kalibrasi/baru/: writes the case of a commodity group for the running round."""
    round_ = rounds.current(at=request.received_at)
    if round_ is None:
        messages.info(request, "Usulan latihan disusun untuk sebuah periode. Buat periode dahulu.")
        return redirect("calibrations")
    form = CaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            case = domain.begin(round_, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Usulan latihan tersimpan. Tambahkan berkas, lalu buka untuk penilai.")
            return redirect(case)
    return _case_form(request, form, heading=f"Susun usulan latihan {round_.pk}", crumbs=CRUMBS)


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_prepares
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kalibrasi/<id>/ubah/: the text of a case that is not open yet."""
    case = _visible(request, pk)
    form = CaseForm(
        request.POST if request.method == "POST" else None,
        has_group=True,
        initial={"title": case.title, "text": case.text},
    )
    if request.method == "POST" and form.is_valid():
        try:
            domain.change(case, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Usulan latihan tersimpan.")
            return redirect(case)
    return _case_form(request, form, heading="Ubah usulan latihan", crumbs=_crumbs(case))


def _case_form(
    request: HttpRequest, form: CaseForm, *, heading: str, crumbs: list[dict[str, str]]
) -> HttpResponse:
    return render(
        request, "assessment/calibration_form.html", {"breadcrumb": crumbs, "form": form, "heading": heading}
    )


@require_safe
@_whoever_reads
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kalibrasi/<id>/: the case with its files; how many are in; once closed the spread."""
    one = _visible(request, pk)
    outcome = domain.outcome_of(one, reader=request.user)
    own = one.sheets.filter(person=request.user).first()
    prepares = rules.may_assign(request.user)
    sheets_of = list(one.sheets.select_related("person").order_by("person__name", "pk"))
    is_open = one.opened_at is not None and one.closed_at is None
    return render(
        request,
        "assessment/calibration.html",
        {
            "breadcrumb": CRUMBS,
            "case": one,
            "status": _state(one, request.user),
            "files": one.files.select_related("file"),
            "file_form": CaseFileForm(by=request.user, at=request.received_at)
            if prepares and one.opened_at is None
            else None,
            "prepares": prepares,
            "may_score": is_open
            and own is not None
            and own.sent_at is None
            and request.user.may(Right.SCORE),
            "begun": own is not None and own.saved_at is not None,
            "may_close": prepares and is_open and sum(each.sent_at is not None for each in sheets_of) > 1,
            "people": sheets_of if domain.reads_names(request.user) else [],
            "sent": sum(each.sent_at is not None for each in sheets_of),
            "asked": len(sheets_of),
            "outcome": outcome,
            "lowest": score_lines.figure(outcome.lowest) if outcome else "",
            "highest": score_lines.figure(outcome.highest) if outcome else "",
            "columns": [{"label": "Indikator"}, {"label": "Sebaran jenjang"}],
            "rows": [
                [
                    {
                        "text": f"{line.number}. {line.name}",
                        "note": "Berbeda lebih dari setengah" if line.is_wide else "",
                    },
                    {"template": "assessment/calibration_cell.html", "levels": line.levels},
                ]
                for line in sorted(outcome.lines, key=lambda line: not line.is_wide)
            ]
            if outcome
            else [],
        },
    )


@require_POST
@_whoever_prepares
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kalibrasi/<id>/berkas/: lays a document or photo beside the case."""
    one = _visible(request, pk)
    form = CaseFileForm(request.POST, request.FILES, by=request.user, at=request.received_at)
    if not form.is_valid():
        told = " ".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"Berkas belum tersimpan. {told}")
        return redirect(one)
    try:
        domain.add_file(
            one, form.cleaned_data["file"], caption=form.cleaned_data["caption"], by=request.user, at=request.received_at
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, "Berkas tersimpan.")
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_prepares
def open_to(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kalibrasi/<id>/buka/: chooses the assessors and opens the case to them."""
    one = _visible(request, pk)
    assessors = Person.objects.filter(
        pk__in=[person.pk for person in rules.assessors(at=request.received_at)]
    ).order_by("name", "pk")
    form = OpenForm(
        request.POST if request.method == "POST" else None,
        assessors=assessors,
        initial={"people": list(domain.asked_by_default(one, at=request.received_at))},
    )
    if request.method == "POST" and form.is_valid():
        try:
            domain.open_to(one, list(form.cleaned_data["people"]), by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Usulan latihan dibuka untuk penilai yang dipilih.")
            return redirect(one)
    return render(
        request, "assessment/calibration_open.html", {"breadcrumb": _crumbs(one), "case": one, "form": form}
    )


@require_POST
@_whoever_prepares
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kalibrasi/<id>/tutup/: ends it before all are in, and shows the spread."""
    one = _visible(request, pk)
    try:
        domain.close(one, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, "Kalibrasi ditutup. Sebarannya tampil bagi semua pesertanya.")
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SCORE)
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """/penilaian/kalibrasi/<id>/nilai/: the own practice sheet, saved as often as one likes, sent once."""
    one = get_object_or_404(
        Calibration.objects.visible_to(request.user).filter(sheets__person=request.user), pk=pk
    )
    own = one.sheets.get(person=request.user)
    answers = {code: sheets.Answer(own.points.get(code)) for code in one.instrument.ladders}
    form = SheetForm(
        request.POST if request.method == "POST" else None, instrument=one.instrument, answers=answers
    )
    if request.method == "POST" and form.is_valid():
        given = {code: form.cleaned_data.get(f"skor-{code}") for code in form.codes}
        is_done = "kirim" in request.POST
        try:
            domain.score(one, given, is_done=is_done, by=request.user, at=request.received_at)
        except sheets.Incomplete as refusal:
            domain.score(one, given, is_done=False, by=request.user, at=request.received_at)
            form.add_error(None, refusal.for_reader)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Nilai latihan terkirim." if is_done else "Nilai latihan tersimpan.")
            return redirect(one) if is_done else redirect("calibration_score", one.pk)
    elif request.method != "POST" and (one.closed_at is not None or own.sent_at is not None):
        return redirect(one)
    return render(
        request,
        "assessment/calibration_score.html",
        {
            "breadcrumb": _crumbs(one),
            "case": one,
            "files": one.files.select_related("file"),
            "form": form,
            "parts": score_lines.to_fill(one.instrument.definition, form, {}),
        },
    )


def _visible(request: HttpRequest, pk: int) -> Calibration:
    found = Calibration.objects.visible_to(request.user).select_related("group", "instrument", "round")
    return get_object_or_404(found, pk=pk)


def _crumbs(one: Calibration) -> list[dict[str, Any]]:
    return [*CRUMBS, {"label": one.title, "url": one.get_absolute_url()}]
