"""One visit: /lapangan/<id>/, filled in by its team on the spot, read by whoever may, its end, and its minutes."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.roles import Right
from files.limits import MAX_BYTES, PART_BYTES, PICTURES
from letters import wording
from nominations.models import Sample

from . import evidence, rules, visit_lines, visit_plans
from . import visits as domain
from .access import WHILE, readable_visits
from .models import Finding, Visit
from .refusals import Refused
from .visit_forms import VisitForm
from .visit_planning_pages import CRUMBS, TONES, whoever_reads

_whoever_visits = needs(Right.VISIT)


def visible_visit(request: HttpRequest, pk: int) -> Visit:
    """A visit that this reader may know of; what is not theirs reads as not there."""
    found = Visit.objects.visible_to(request.user).with_names()
    return get_object_or_404(
        found.select_related(
            "assessment__instrument", "assessment__submission", "finished_by", "cancelled_by"
        ),
        pk=pk,
    )


def is_own(request: HttpRequest, visit: Visit) -> bool:
    return Visit.objects.own(request.user).filter(pk=visit.pk).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_reads
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """/lapangan/<id>/: the form for the team while the visit is open (POST saves all of it), else what is known of it."""
    one = visible_visit(request, pk)
    may_fill = is_own(request, one) and _is_open(one)
    if request.method == "POST":
        return _save(request, one)
    if not may_fill:
        return render(request, "assessment/visit_read.html", _read_context(request, one))
    form = VisitForm(visit=one, instrument=one.assessment.instrument)
    return render(request, "assessment/visit.html", _form_context(request, one, form, domain.Outcome()))


def _is_open(one: Visit) -> bool:
    nomination = one.assessment.nomination
    return (
        one.state == Visit.State.PLANNED and nomination.state in WHILE and not nomination.decisions.exists()
    )


def _save(request: HttpRequest, one: Visit) -> HttpResponse:
    """Without a script the whole form comes at once; what stands in a conflict stays in the form, beside the other's."""
    data = request.POST.copy()
    form, outcome = VisitForm(data, visit=one, instrument=one.assessment.instrument), domain.Outcome()
    if form.is_valid():
        try:
            outcome = domain.record(
                one, form.writes(request.received_at), form.about(), by=request.user, at=request.received_at
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            if not outcome.wrong and not outcome.has_conflict:
                messages.success(request, "Isian kunjungan tersimpan.")
                return redirect("visit_finish" if "selesai" in request.POST else "visit", one.pk)
            _name_what_is_left(form, data, outcome)
    context = _form_context(request, one, form, outcome)
    return render(request, "assessment/visit.html", context, status=409 if outcome.has_conflict else 200)


def _name_what_is_left(form: VisitForm, data: QueryDict, outcome: domain.Outcome) -> None:
    for code, problem in outcome.wrong.items():
        form.add_error(f"hasil-{code}", problem)
    for code, finding in outcome.conflicts.items():
        form.add_error(
            f"hasil-{code}",
            f"{visit_lines.words_of(finding)}. Isian Anda belum disimpan; simpan lagi untuk memakai isian Anda.",
        )
    if outcome.about_conflict is not None:
        other = outcome.about_conflict
        form.add_error(
            "met_name",
            f"Bagian ini diubah dari perangkat lain: ditemui {other.met_name or '–'} ({other.met_position or '–'}). "
            "Isian Anda belum disimpan; simpan lagi untuk memakai isian Anda.",
        )
        data["versi"] = str(other.version)


def _form_context(
    request: HttpRequest, one: Visit, form: VisitForm, outcome: domain.Outcome
) -> dict[str, Any]:
    assessment, nomination = one.assessment, one.assessment.nomination
    beside = evidence.by_indicator(
        assessment.instrument.definition,
        assessment.submission,
        nominated_on=timezone.localdate(nomination.submitted_at or assessment.submission.at),
        sample=Sample.objects.filter(nomination=nomination).first(),
    )
    problems = {
        name.removeprefix("hasil-"): " ".join(map(str, errors))
        for name, errors in form.errors.items()
        if name.startswith("hasil-")
    }
    return {
        "breadcrumb": CRUMBS,
        "visit": one,
        "nomination": nomination,
        "form": form,
        "parts": visit_lines.to_fill(
            assessment.instrument.definition, form, beside, problems, outcome.conflicts
        ),
        "filled": one.findings.count(),
        "total": len(form.codes),
        "photos": _photos(one),
        "team": _team(one),
        "upload": {
            "begin": reverse("upload_begin"),
            "part": PART_BYTES,
            "limit": MAX_BYTES,
            "accept": ",".join(sorted(PICTURES)),
        },
        "photo_write": uuid.uuid4(),
        "indicators": [
            (field.split("-", 1)[1], form.fields[field].label)
            for field in form.fields
            if field.startswith("hasil-")
        ],
        "confirm": _CONFIRM,
    }


def _photos(one: Visit) -> list[Any]:
    return list(one.photos.select_related("file").order_by("taken_at", "pk"))


def _team(one: Visit) -> str:
    return ", ".join(member.assignment.assessor.full_name for member in one.members.all())


# --- Reading -----------------------------------------------------------------------------------------------------
def _read_context(request: HttpRequest, one: Visit) -> dict[str, Any]:
    nomination = one.assessment.nomination
    reads = readable_visits(request.user).filter(pk=one.pk).exists()
    findings = Finding.objects.visible_to(request.user).filter(visit=one).select_related("by")
    photos = _photos(one) if reads else []
    lines = visit_lines.to_read(one, {each.indicator: each for each in findings}, photos)
    return {
        "breadcrumb": CRUMBS,
        "visit": one,
        "nomination": nomination,
        "status": {"state": one.get_state_display(), "tone": TONES[Visit.State(one.state)]},
        "team": _team(one),
        "reads": reads,
        "lines": lines if reads else [],
        "tally": visit_lines.tally_of(lines),
        "photos": list(enumerate(photos, 1)),
        "is_own": is_own(request, one),
        "is_closed": one.state == Visit.State.PLANNED and not _is_open(one),
        "may_change": rules.may_assign(request.user) and _is_open(one) and not visit_plans.has_begun(one),
        "may_cancel": rules.may_assign(request.user) and one.state == Visit.State.PLANNED,
        "may_set_aside": rules.may_assign(request.user) and visit_plans.falls_away(one),
    }


@require_safe
@whoever_reads
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """/lapangan/<id>/berita-acara/: the minutes of a finished visit, to be printed; no scores (documents.md 5)."""
    return render(request, "assessment/visit_minutes.html", minutes_of(request, pk))


def minutes_of(request: HttpRequest, pk: int) -> dict[str, Any]:
    """What page and PDF of the minutes say; 404 for whoever may not read what the visit found."""
    one = get_object_or_404(
        readable_visits(request.user)
        .filter(state=Visit.State.DONE)
        .with_names()
        .select_related("assessment__instrument"),
        pk=pk,
    )
    context = _read_context(request, one)
    zone = ZoneInfo(context["nomination"].regency.province.zone)
    at = (
        one.started_at or request.received_at
    )  # a finished visit has begun (visit_done_is_whole_and_only_then_received)
    tally = context["tally"]
    return {
        **context,
        "breadcrumb": [
            *CRUMBS,
            {"label": context["nomination"].product.ikm.name, "url": one.get_absolute_url()},
        ],
        "zone": zone,
        "opening": f"{wording.minutes_date(at.astimezone(zone).date())}, {wording.clock(at, zone)}",
        "counts": {
            name: wording.counted(getattr(tally, name))
            for name in ("total", "confirmed", "differs", "unseen")
        },
    }


# --- The end -----------------------------------------------------------------------------------------------------
_CONFIRM = {
    "title": "Selesaikan kunjungan ini?",
    "consequence": "Setelah selesai, isian dan foto terkunci, dan skor yang Anda koreksi menggantikan skor semua penilai "
    "dalam perhitungan nilai. Skor aslinya tetap tersimpan.",
    "label": "Kirim hasil kunjungan",
}


@require_http_methods(["GET", "HEAD", "POST"])
@_whoever_visits
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """/lapangan/<id>/selesai/: asks once more where there is no script; POST ends the visit for good."""
    one = visible_visit(request, pk)
    if request.method != "POST":
        if not (is_own(request, one) and _is_open(one)):
            return redirect(one)
        return render(
            request,
            "confirm.html",
            {
                "breadcrumb": [
                    *CRUMBS,
                    {"label": one.assessment.nomination.product.ikm.name, "url": one.get_absolute_url()},
                ],
                "title": _CONFIRM["title"],
                "consequence": _CONFIRM["consequence"],
                "confirm_label": _CONFIRM["label"],
                "cancel_url": one.get_absolute_url(),
            },
        )
    try:
        domain.finish(one, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, "Hasil kunjungan terkirim dan terkunci.")
    return redirect(one)
