"""The officer's page of sanggah: /usulan/<id>/sanggah/; its province, the secretariat and the auditor read along."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from files.forms import id_name
from files.rows import file_row
from letters.wording import WIB, plain_date
from letters.workdays import HolidaysUnknown

from . import objections, rules, standing
from .guards import Refused, when
from .models import Check, Nomination, Objection
from .objection_forms import ObjectionForm
from .objections import Announcement, Window
from .proposal_access import seen

_SEND, _CHANGE = "kirim", "ubah"


@require_http_methods(["GET", "HEAD", "POST"])
def nomination_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """The window and the form, then what was received and until when it is answered, then the answer."""
    nomination = seen(request, pk)
    if not standing.reads_its_way(request.user, nomination):
        raise Http404
    if request.method != "POST":
        return _page(request, nomination)
    if not rules.holds_its_office(request.user, nomination):
        raise PermissionDenied(f"Sanggah diajukan oleh {nomination.office}.")
    return _filing(request, nomination)


def _filing(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """What was typed is checked and shown once more; then it is sent. What is refused stays on the page."""
    form = ObjectionForm(request.POST, request.FILES, by=request.user, at=request.received_at)
    step = request.POST.get("langkah")
    if not form.is_valid() or step == _CHANGE:
        return _page(request, nomination, form)
    stage = objections.stage_of(nomination) or Objection.Stage.SCREENING
    typed = {"by": request.user, "at": request.received_at, "reason": form.cleaned_data["alasan"]}
    evidence = form.cleaned_data["bukti"]
    try:
        if step != _SEND:
            objections.check_filing(nomination, stage, **typed)
            return _confirmation(request, nomination, stage, form)
        filed = objections.file_objection(nomination, stage, evidence=evidence, **typed)
    except Refused as refusal:
        if refusal.code == "already_filed" and _is_second_press(nomination, stage, typed["reason"]):
            messages.info(request, refusal.for_reader)
            return redirect("nomination_objection", nomination.pk)
        form.refuse(refusal)
        was_late = refusal.code in ("already_filed", "window_closed", "nothing_to_object")
        return _page(request, nomination, form, status=409 if was_late else 200)
    messages.success(
        request,
        f"Sanggah terkirim, diterima {when(filed.at, nomination)}. Dijawab paling lambat "
        f"{plain_date(timezone.localdate(filed.answer_due_at, WIB))}.",
    )
    return redirect("nomination_objection", nomination.pk)


def _is_second_press(nomination: Nomination, stage: str, reason: str) -> bool:
    return nomination.objections.filter(stage=stage, reason=reason.strip()).exists()


def _confirmation(
    request: HttpRequest, nomination: Nomination, stage: Objection.Stage, form: ObjectionForm
) -> HttpResponse:
    evidence = form.cleaned_data["bukti"]
    due = timezone.localdate(objections.answer_due(nomination, received_at=request.received_at), WIB)
    return render(
        request,
        "nominations/objection_confirm.html",
        {
            "title": "Kirim sanggah ini?",
            "lead": f"{nomination.product.name}, {nomination.product.ikm.name}",
            "not_yet": "Sanggah belum terkirim.",
            "consequence": "Setelah terkirim, sanggah tidak dapat diubah atau diajukan lagi atas hasil yang sama. Sanggah "
            f"yang dikirim hari ini dijawab paling lambat {plain_date(due)} oleh orang yang tidak ikut memutus.",
            "rows": [("Sanggah atas", stage.label), ("Alasan sanggah", form.cleaned_data["alasan"])],
            "files": [file_row(evidence, kind="Bukti")] if evidence else [],
            "hidden": [
                ("alasan", form.cleaned_data["alasan"]),
                (id_name("bukti"), str(evidence.pk) if evidence else ""),
            ],
            "send": ("langkah", _SEND, "Kirim sanggah"),
            "change": ("langkah", _CHANGE, "Ubah sanggah"),
            "deadline": shown_window(nomination, stage, at=request.received_at),
            "zone": nomination.regency.province.zone,
            "breadcrumb": [*_breadcrumb(request, nomination), {"label": "Sanggah", "url": request.path}],
        },
    )


@dataclass(frozen=True)
class ShownWindow:
    """A window as a page says it; `seen_at`: for the partial of deadlines, to which the last minute is past already."""

    window: Window | None
    is_open: bool
    seen_at: datetime
    # Why there is no date to name.
    hindrance: str = ""


def shown_window(nomination: Nomination, stage: str, *, at: datetime) -> ShownWindow:
    try:
        window = objections.window(nomination, stage)
    except HolidaysUnknown as unknown:
        return ShownWindow(None, False, at, unknown.for_reader)
    is_open = window is not None and window.holds(at)
    seen_at = min(at, window.until - timedelta(seconds=1)) if window and is_open else at
    return ShownWindow(window, is_open, seen_at)


@dataclass(frozen=True)
class Contested:
    """The result that an objection is against, as everybody reads it beside the objection."""

    stage: Objection.Stage
    grounds: list[Check]
    announced: Announcement | None


def contested(nomination: Nomination, stage: str) -> Contested:
    of_screening = stage == Objection.Stage.SCREENING
    return Contested(
        Objection.Stage(stage),
        objections.grounds(nomination) if of_screening else [],
        None if of_screening else objections.announcement(nomination),
    )


def told(objection: Objection) -> dict[str, Any]:
    """One objection with its evidence and its answer, as templates/nominations/objection_story.html takes it."""
    steps = objections.steps_of(objection)
    return {
        "objection": objection,
        "steps": steps,
        "has_ended": any(step.ends for step in steps),
        "files": [file_row(objection.file, kind="Bukti")] if objection.file else [],
        "consequence": objections.CONSEQUENCES.get((objection.stage, objection.outcome), ""),
        "awaits_plenary": objections.awaits_new_plenary(objection),
    }


def _page(
    request: HttpRequest, nomination: Nomination, form: ObjectionForm | None = None, *, status: int = 200
) -> HttpResponse:
    at = request.received_at
    stage = objections.stage_of(nomination)
    filed = list(
        Objection.objects.visible_to(request.user).filter(nomination=nomination).with_names().order_by("-pk")
    )
    current = next((each for each in filed if each.stage == stage), None)
    shown = shown_window(nomination, stage, at=at) if stage and current is None else None
    is_own = rules.holds_its_office(request.user, nomination)
    may_file = is_own and shown is not None and shown.is_open
    fresh = ObjectionForm(by=request.user, at=at)
    return render(
        request,
        "nominations/objection_file.html",
        {
            "nomination": nomination,
            "zone": nomination.regency.province.zone,
            "at": at,
            "stage": stage,
            "current": told(current) if current else None,
            "earlier": [told(each) for each in filed if each is not current],
            "shown": shown,
            "contested": contested(nomination, stage) if stage else None,
            "may_file": may_file,
            "form": form if form is not None else fresh,
            # What can no longer be sent stays readable, so that it can be copied from here.
            "left_over": form["alasan"].value() if form is not None and not may_file else "",
            "answer_days": nomination.round.answer_days,
            "is_own": is_own,
            "desk": current.get_absolute_url() if current and request.user.may(Right.SCREEN) else "",
            "breadcrumb": _breadcrumb(request, nomination),
        },
        status=status,
    )


def _breadcrumb(request: HttpRequest, nomination: Nomination) -> list[dict[str, str]]:
    first = (
        {"label": "Usulan", "url": reverse("nominations")}
        if request.user.may(Right.NOMINATE)
        else {"label": "Beranda", "url": reverse("home_of_role")}
    )
    return [first, {"label": nomination.product.name, "url": nomination.get_absolute_url()}]


def link_from(request: HttpRequest, nomination: Nomination) -> dict[str, str] | None:
    """The link to its sanggah on the pages of a nomination: while it can be filed, and once there is one."""
    person = request.user
    if not standing.reads_its_way(person, nomination):
        return None
    latest = Objection.objects.visible_to(person).filter(nomination=nomination).order_by("-pk").first()
    address = reverse("nomination_objection", args=[nomination.pk])
    stage = objections.stage_of(nomination)
    if stage and rules.holds_its_office(person, nomination) and (latest is None or latest.stage != stage):
        shown = shown_window(nomination, stage, at=request.received_at)
        if shown.window and shown.is_open:
            until = when(shown.window.until, nomination)
            return {
                "label": f"Ajukan sanggah (sampai {until})",
                "url": address,
                "note": f"Sanggah dapat diajukan sampai {until}.",
            }
        if latest is None:
            return {"label": "Sanggah: waktunya sudah lewat", "url": address} if shown.window else None
    if latest is None:
        return None
    reads_desk = person.may(Right.SCREEN) or person.may(Right.READ_ALL)
    return {"label": "Lihat sanggah", "url": latest.get_absolute_url() if reads_desk else address}
