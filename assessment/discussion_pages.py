"""/penilaian/<id>/pembahasan/: the panel talks in writing about what lies far apart, and each may revise the own score."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from accounts.sent_numbers import number_in
from nominations.models import State

from . import discussion, reopening
from .models import Assignment
from .queue_pages import CRUMBS, mine, what_comes_before, zone_of
from .refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SCORE)
def discuss(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what the others gave, write to them, or choose another level with a reason; closed once it is decided."""
    one = mine(request, pk)
    if before := what_comes_before(request, one):
        return before
    if one.submitted_at is None or one.assessment.completed_at is None:
        messages.info(request, "Pembahasan dibuka setelah semua penilai mengirim penilaian.")
        return redirect("assessment", one.pk)
    written: dict[str, str] = {}
    if request.method == "POST":
        answer, written = _acted(request, one)
        if answer is not None:
            return answer
    nomination = one.assessment.nomination
    return render(
        request,
        "assessment/discussion.html",
        {
            "assignment": one,
            "nomination": nomination,
            "topics": discussion.topics(one, reader=request.user),
            "is_open": nomination.state == State.ASSESSED and not nomination.decisions.exists(),
            "written": written,
            "zone": zone_of(request.user),
            "breadcrumb": [
                *CRUMBS,
                {"label": nomination.product.name, "url": reverse("assessment", args=[one.pk])},
            ],
        },
        status=409 if written else 200,
    )


def _acted(request: HttpRequest, one: Assignment) -> tuple[HttpResponse | None, dict[str, str]]:
    """What the button did; else nothing, with what was typed so that it stands on the page again."""
    indicator = request.POST.get("indikator", "")[:20]
    text = request.POST.get("teks", "").strip()
    points = request.POST.get("skor", "")
    revises = "perbaiki" in request.POST
    try:
        if revises:
            level = number_in(points)
            chosen = -1 if level is None else level
            reopening.revise(one, {indicator: chosen}, reason=text, by=request.user, at=request.received_at)
            messages.success(
                request, f"Skor indikator {indicator} diperbaiki. Skor sebelumnya tetap tersimpan."
            )
        else:
            reopening.comment(one, indicator, text, by=request.user, at=request.received_at)
            messages.success(request, "Tanggapan terkirim kepada panel.")
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
        return None, {
            "indicator": indicator,
            "text": text,
            "points": points,
            "revises": "ya" if revises else "",
        }
    return redirect(f"{request.path}#topik-{indicator}"), {}
