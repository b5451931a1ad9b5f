"""What the device of a visiting assessor speaks with: saving, photos, and the worker that answers without a line."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import needs
from accounts.roles import Right
from letters import wording

from . import visit_lines
from . import visits as domain
from .models import Visit
from .refusals import Refused
from .visit_forms import PhotoForm, Unreadable, delivery
from .visit_planning_pages import whoever_reads

_whoever_visits = needs(Right.VISIT)
# What a page of a visit is drawn with.
SHELL = (
    "css/bootstrap.css", "css/ovop.css", "css/staff.css", "js/public.js", "js/staff.js", "js/visit.js", "js/visits.js",
    "js/offline.js", "fonts/plus-jakarta-sans-400.woff2", "fonts/plus-jakarta-sans-600.woff2", "img/favicon.svg",
)  # fmt: skip


@require_safe
@whoever_reads
def worker(request: HttpRequest) -> HttpResponse:
    """/lapangan/pekerja.js: the service worker, which stands here because its scope is the folder it comes from."""
    files = [static(name) for name in SHELL]
    version = hashlib.sha256("\n".join(files).encode()).hexdigest()[:12]
    response = render(
        request, "assessment/visit_worker.js", {"files": json.dumps(files), "version": version},
        content_type="text/javascript; charset=utf-8",
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-cache"
    return response


def _of_the_team(request: HttpRequest, pk: int) -> Visit:
    """A visit this person was ever on: who was recused since is told so, by name, instead of reading "not there"."""
    mine = Visit.objects.filter(members__assignment__assessor=request.user).distinct()
    return get_object_or_404(mine.select_related("assessment__nomination", "assessment__instrument"), pk=pk)


@require_POST
@_whoever_visits
def save(request: HttpRequest, pk: int) -> JsonResponse:
    """
    /lapangan/<id>/simpan/: stores what a device wrote down (visit_forms.delivery), as JSON.

    200 {at, stored, wrong, conflicts: {}, about, about_conflict: null}; 409 the same with what stands on the server
    where something else was written meanwhile; 400 for what no page sends; else 409 or 403 {code, message}.
    """
    try:
        data = json.loads(request.body)
        writes, about = delivery(data, request.received_at)
    except (Unreadable, ValueError):
        return _told(
            "unreadable",
            "Isian tidak dapat dibaca server. Muat ulang halaman; isian tetap di perangkat.",
            400,
        )
    if data.get("reader") != request.user.pk:
        return _told(
            "other_reader", "Anda masuk sebagai orang lain. Masuk dengan akun yang mengisi formulir ini.", 409
        )
    one = _of_the_team(request, pk)
    try:
        outcome = domain.record(one, writes, about, by=request.user, at=request.received_at)
    except Refused as refusal:
        return _refused(refusal)
    return JsonResponse(
        {
            "at": wording.clock(request.received_at, wording.WIB),
            "stored": outcome.stored,
            "wrong": outcome.wrong,
            "conflicts": {
                code: {
                    "verdict": finding.verdict,
                    "points": finding.points,
                    "text": finding.text,
                    "version": finding.version,
                    "words": visit_lines.words_of(finding),
                }
                for code, finding in outcome.conflicts.items()
            },
            "about": outcome.about,
            "about_conflict": _about_words(outcome.about_conflict),
        },
        status=409 if outcome.has_conflict else 200,
    )


def _about_words(visit: Visit | None) -> dict[str, Any] | None:
    if visit is None:
        return None
    fields = {name: "" if (value := getattr(visit, name)) is None else str(value) for name in domain.ABOUT}
    words = f"Di server: ditemui {visit.met_name or '–'} ({visit.met_position or '–'}), catatan: {visit.note or '–'}"
    return {"fields": fields, "version": visit.version, "words": words}


@require_POST
@_whoever_visits
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """
    /lapangan/<id>/foto/: keeps a photo, that came with the form or went up before (files.tus); once for each `write`.

    With Accept: application/json 200 {write}, 422 or 409 {code, message}; else back to the page with a message.
    """
    one = _of_the_team(request, pk)
    form = PhotoForm(request.POST, request.FILES, by=request.user, at=request.received_at)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if not form.is_valid():
        told = " ".join(str(error) for errors in form.errors.values() for error in errors)
        if wants_json:
            return _told("wrong", told, 422)
        messages.error(request, f"Foto belum tersimpan. {told}")
        return redirect("visit", one.pk)
    data = form.cleaned_data
    try:
        made = domain.add_photo(
            one, data["file"], caption=data["caption"], indicator=data["indicator"],
            taken_at=form.instant(request.received_at), write=data["write"] or data["file"].pk,
            by=request.user, at=request.received_at,
        )  # fmt: skip
    except Refused as refusal:
        if wants_json:
            return _refused(refusal)
        messages.error(request, refusal.for_reader)
        return redirect("visits" if refusal.code == "recused" else one)
    if wants_json:
        return JsonResponse({"write": str(made.write), "url": made.file.get_absolute_url()})
    messages.success(request, "Foto tersimpan.")
    return redirect(one)


def _refused(refusal: Refused) -> JsonResponse:
    return _told(refusal.code, refusal.for_reader, 403 if refusal.code in ("not_yours", "recused") else 409)


def _told(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
