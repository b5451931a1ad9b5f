"""What changes on a panel: somebody replaced, removed, a sheet reopened or taken out; and the sheets that count no more."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from nominations.models import Nomination

from . import assignment, items, panels, reopening, score_lines, sheets, tied_sheets
from .models import Assignment, Sheet
from .panel_forms import ReasonForm, ReopenForm, ReplaceForm, assessors_now
from .refusals import Refused

_whoever_assigns = needs(Right.ASSIGN)
# The chair orders a sheet reopened and so must see whose it is.
_whoever_reopens = needs(Right.ASSIGN, Right.REOPEN_SCORE)


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_assigns
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another assessor in somebody's place, with a reason: both or neither."""
    one, nomination = _assignment(request, pk)
    form = ReplaceForm(
        request.POST if request.method == "POST" else None, assessors=assessors_now(at=request.received_at)
    )
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["person"]
        try:
            assignment.replace(
                one, other, reason=form.cleaned_data["reason"], by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request,
                f"{one.assessor.full_name} diganti oleh {other.full_name}, yang diberi tahu lewat email.",
            )
            return redirect("panel", nomination.pk)
    chosen = form["person"].value()
    return render(
        request,
        "assessment/panel_replace.html",
        {
            **_about(one, nomination),
            "form": form,
            "choices": [
                (choice, str(choice.person.pk) == str(chosen))
                for choice in panels.choices_for(nomination, at=request.received_at)
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_assigns
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody off a panel, with a reason."""
    one, nomination = _assignment(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assignment.remove(one, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"{one.assessor.full_name} dikeluarkan dari panel ini.")
            return redirect("panel", nomination.pk)
    return render(request, "assessment/panel_remove.html", {**_about(one, nomination), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_reopens
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a sheet that was sent, with a reason; what was sent stays beside whatever follows."""
    one, nomination = _assignment(request, pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reopening.reopen(one, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request, f"Lembar {one.assessor.full_name} dibuka kembali. Kiriman lama tetap tersimpan."
            )
            return redirect("panel", nomination.pk)
    return render(
        request,
        "assessment/panel_reopen.html",
        {
            **_about(one, nomination),
            "form": form,
            "out_of_time": sheets.out_of_time(nomination, at=request.received_at),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_reopens
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the sheet of an assessor with an interest out of the value, with a reason; it stays on record."""
    one, nomination = _assignment(request, pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            tied_sheets.take_out(one, **form.cleaned_data, by=request.user, at=request.received_at)
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(
                request,
                f"Lembar {one.assessor.full_name} dikeluarkan dari nilai dan tetap tersimpan. Sekretariat diminta mencari "
                "penggantinya.",
            )
            return redirect("panel", nomination.pk)
    return render(
        request,
        "assessment/panel_take_out.html",
        {
            **_about(one, nomination),
            "form": form,
            "is_decided": nomination.decisions.exists(),
            "out_of_time": sheets.out_of_time(nomination, at=request.received_at),
        },
    )


@require_safe
@needs(Right.ASSIGN, Right.REOPEN_SCORE, Right.READ_ALL, Right.SCORE)
def superseded_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """/panel/lembar/<id>/: a sheet as it was sent, that counts no more, with the reason; for whom SheetQuerySet says."""
    sheet = get_object_or_404(
        Sheet.objects.visible_to(request.user).select_related("assignment__assessor", "reopening__by"), pk=pk
    )
    assessment = sheet.assignment.assessment
    nomination = Nomination.objects.with_names().get(pk=assessment.nomination_id)
    if items.is_kept_from(request.user, nomination):
        raise Http404
    answers = {
        code: sheets.Answer(points, sheet.notes.get(code, "")) for code, points in sheet.scores.items()
    }
    return render(
        request,
        "assessment/superseded_sheet.html",
        {
            "breadcrumb": [],
            "sheet": sheet,
            "nomination": nomination,
            "lead": f"{nomination.product.ikm.name}, {nomination.product.name} ({nomination})",
            "parts": score_lines.to_read(assessment.instrument, answers),
        },
    )


def _assignment(request: HttpRequest, pk: int) -> tuple[Assignment, Nomination]:
    one = get_object_or_404(
        tied_sheets.marked(Assignment.objects.with_names()).filter(
            assessment__nomination__in=Nomination.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    return one, one.assessment.nomination


def _about(one: Assignment, nomination: Nomination) -> dict[str, Any]:
    return {
        "assignment": one,
        "nomination": nomination,
        "step": panels.step_of(one),
        "breadcrumb": [
            {"label": "Panel", "url": reverse("panels")},
            {"label": str(nomination), "url": reverse("panel", args=[nomination.pk])},
        ],
    }
