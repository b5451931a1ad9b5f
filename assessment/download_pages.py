"""
What is taken along of an assessment: the sheet to be filled in by hand, its figures for the calculator, and as PDF the
explanation and the minutes of a visit.
"""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.gates import needs
from accounts.roles import Right
from files.models import StoredFile
from letters import papers

from . import calculation, explanation_pages, instruments, items, visit_pages
from .minutes import value_in_words
from .models import Assessment, Assignment, VisitPhoto
from .queue_pages import mine, what_comes_before

_sees_scores = needs(Right.SCORE, Right.LEAD_PLENARY, Right.ASSIGN, Right.READ_ALL)


@require_safe
@_sees_scores
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """/usulan/<id>/penilaian.json: for whoever may see all scores of its panel; not there for anybody else."""
    assessment = get_object_or_404(
        Assessment.objects.select_related("instrument", "nomination"), nomination=pk
    )
    if items.is_kept_from(request.user, assessment.nomination):
        raise Http404
    entry = calculation.for_auditor(assessment, reader=request.user)
    if entry is None:
        raise Http404
    return HttpResponse(
        json.dumps(entry, ensure_ascii=False, indent=1),
        content_type="application/json",
        headers={
            "Content-Disposition": content_disposition_header(
                True, f"penilaian-{assessment.nomination}.json"
            ),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_safe
@explanation_pages.whoever_reads
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """/usulan/<id>/penjelasan/berkas/: the released explanation as PDF, for whom its page is."""
    context = explanation_pages.released(request, pk)
    nomination = context["nomination"]
    return papers.answer(
        "assessment/pdf/explanation.html",
        {
            **context,
            "value": value_in_words(context["figures"]["value"]),
            "is_example": nomination.is_example,
            "letterhead": papers.ministry_letterhead(),
        },
        name=f"penjelasan-hasil-{nomination}.pdf",
    )


@require_safe
@visit_pages.whoever_reads
def visit_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """/lapangan/<id>/berita-acara/berkas/: the minutes of a finished visit with its photos, for whom its page is."""
    context = visit_pages.minutes_of(request, pk)
    nomination = context["nomination"]
    paths = {photo.pk: _path_of(photo) for _, photo in context["photos"]}
    return papers.answer(
        "assessment/pdf/visit.html",
        {
            **context,
            "pictures": [
                {"number": number, "photo": photo, "url": path.as_uri() if path else ""}
                for number, photo in context["photos"]
                for path in [paths[photo.pk]]
            ],
            "is_example": nomination.is_example,
            "letterhead": papers.ministry_letterhead(),
        },
        name=f"berita-acara-lapangan-{nomination}.pdf",
        pictures=[path for path in paths.values() if path],
    )


@require_safe
@needs(Right.SCORE, Right.ASSIGN)
def blank_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """
    /penilaian/<id>/lembar/: the sheet of one assignment to be filled in by hand, each level with its sentence.

    For the assessor once the statement is made, and for the secretariat, which prints it for whoever has no device.
    """
    if request.user.may(Right.ASSIGN):
        one = get_object_or_404(Assignment.objects.scoring().with_names(), pk=pk)
    else:
        one = mine(request, pk)
        if before := what_comes_before(request, one):
            return before
    nomination, form = one.assessment.nomination, one.assessment.instrument
    return papers.answer(
        "assessment/pdf/sheet.html",
        {
            "assignment": one,
            "nomination": nomination,
            "instrument": form,
            "parts": _numbered_parts(form.definition),
            "total": len(form.ladders),
            "reading_rule": instruments.READING_RULE,
            "is_example": nomination.is_example,
            "letterhead": [],
        },
        name=f"lembar-penilaian-{nomination}-{one.pk}.pdf",
    )


def _numbered_parts(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The form part by part, its indicators counted through as on the page."""
    number = count(1)
    return [
        {
            **part,
            "sections": [
                {
                    **section,
                    "indicators": [{**line, "number": next(number)} for line in section["indicators"]],
                }
                for section in part["sections"]
            ],
        }
        for part in definition["parts"]
    ]


def _path_of(photo: VisitPhoto) -> Path | None:
    """Where a photo lies; None while it is being checked, and for one that was refused or is not on this disk."""
    if photo.file.state != StoredFile.State.ACCEPTED:
        return None
    return photo.file.path if photo.file.path.is_file() else None
