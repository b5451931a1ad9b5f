"""/instrumen/<kelompok>/susun/: a draft checked, compared, published or thrown away; files in and out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import needs
from accounts.sent_numbers import number_in
from nominations.models import CommodityGroup

from . import instrument_differences, instrument_warnings, instruments
from . import instrument_drafts as drafts
from . import instrument_files as files
from .instrument_draft_pages import group_of, hub_of, trail, whoever_drafts
from .instrument_forms import FileForm
from .models import MAY_SEE_INSTRUMENTS, Instrument
from .refusals import Refused

_STORE = "simpan"


# --- Checking ----------------------------------------------------------------------------------------------------
@require_safe
@whoever_drafts
def check(request: HttpRequest, group: str) -> HttpResponse:
    """What is wrong, what a person should look at, and every difference from the version in force."""
    found = group_of(group)
    draft = drafts.of(found)
    if draft is None:
        return redirect(hub_of(found))
    in_force = instruments.latest_for(found)
    problems = instruments.problems_in(draft.definition, found)
    changes = instrument_differences.differences(in_force.definition, draft.definition) if in_force else []
    return render(
        request,
        "assessment/instrument_check.html",
        {
            "group": found,
            "draft": draft,
            "before": in_force,
            "problems": problems,
            "remarks": [
                {
                    "text": remark.text,
                    "url": reverse("instrument_draft_line", args=[found.pk, remark.code])
                    if remark.is_line
                    else reverse("instrument_draft_header", args=[found.pk]),
                }
                for remark in instrument_warnings.of(
                    draft.definition, in_force.definition if in_force else None
                )
            ],
            "changes": changes,
            "may_publish": not problems and bool(changes or not in_force),
            "breadcrumb": trail(found),
        },
    )


# --- Publishing and throwing away ----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def publish(request: HttpRequest, group: str) -> HttpResponse:
    """Put the draft into force, after a page that says what it means."""
    found = group_of(group)
    if request.method == "POST":
        draft = _named(request, found)
        if draft is None:
            return redirect(hub_of(found))
        try:
            done = instruments.publish(
                draft, seen=request.POST.get("sidik", ""), by=request.user, at=request.received_at
            )
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
            return redirect(draft if refusal.code == "already_published" else _check_of(found))
        messages.success(request, f"Versi {done.version} terbit dan berlaku sejak penugasan berikutnya.")
        return redirect(done)
    draft = drafts.of(found)
    if draft is None:
        return redirect(hub_of(found))
    in_force = instruments.latest_for(found)
    begun = in_force.assessments.count() if in_force else 0
    kept = f" {begun} penilaian yang sudah dimulai tetap memakai versinya." if begun else ""
    return _confirm(
        request, found, draft,
        title=f"Terbitkan instrumen {found.name} versi {draft.version}?",
        consequence=f"Versi {draft.version} dipakai mulai penugasan berikutnya.{kept} Setelah terbit, isinya tidak dapat "
        "diubah oleh siapa pun; perubahan memerlukan versi baru.",
        confirm_label=f"Terbitkan versi {draft.version}",
        cancel_url=_check_of(found),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def discard(request: HttpRequest, group: str) -> HttpResponse:
    """Throw the draft away, after a page that says what is lost."""
    found = group_of(group)
    if request.method == "POST":
        draft = _named(request, found)
        if draft is None:
            return redirect(hub_of(found))
        try:
            drafts.discard(draft, seen=request.POST.get("sidik", ""), by=request.user, at=request.received_at)
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
            return redirect(hub_of(found))
        messages.success(request, f"Rancangan versi {draft.version} dibuang.")
        return redirect("instruments")
    draft = drafts.of(found)
    if draft is None:
        return redirect(hub_of(found))
    return _confirm(
        request, found, draft,
        title=f"Buang rancangan {found.name} versi {draft.version}?",
        consequence="Semua perubahan dalam rancangan ini hilang. Versi yang sudah terbit tidak berubah. Unduh berkasnya "
        "dahulu bila masih diperlukan.",
        confirm_label="Buang rancangan", danger=True, cancel_url=hub_of(found),
    )  # fmt: skip


def _check_of(group: CommodityGroup) -> str:
    return reverse("instrument_draft_check", args=[group.pk])


def _named(request: HttpRequest, group: CommodityGroup) -> Instrument | None:
    """The version that the page of confirmation named; told where it is not there any more."""
    named = number_in(request.POST.get("versi")) or 0
    found = Instrument.objects.visible_to(request.user).filter(group=group, version=named).first()
    if found is None:
        messages.error(request, "Rancangan itu tidak ada lagi. Tidak ada yang berubah.")
    return found


def _confirm(request: HttpRequest, group: CommodityGroup, draft: Instrument, **words: Any) -> HttpResponse:
    hidden = [("versi", str(draft.version)), ("sidik", draft.fingerprint)]
    return render(
        request, "confirm.html", {"danger": False, "hidden": hidden, "breadcrumb": trail(group), **words}
    )


# --- Files -------------------------------------------------------------------------------------------------------
@require_safe
@needs(*MAY_SEE_INSTRUMENTS)
def export(request: HttpRequest, group: str, version: int) -> HttpResponse:
    """/instrumen/<kelompok>/<versi>/berkas/: the form as a file, for whoever may see it."""
    found = get_object_or_404(Instrument.objects.visible_to(request.user), group=group, version=version)
    answer = HttpResponse(files.written(found), content_type="application/json")
    answer["Content-Disposition"] = content_disposition_header(True, files.file_name(found)) or "attachment"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def load(request: HttpRequest, group: str) -> HttpResponse:
    """
    A file as the draft: read, shown as differences, and stored by a second press. Between the two the file travels in
    the page: nothing is kept that nobody confirmed.
    """
    found = group_of(group)
    if request.method == "POST" and _STORE in request.POST:
        return _store(request, found)
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["berkas"].read()
        try:
            read = files.read(content, found)
        except Refused as refusal:
            form.add_error("berkas", refusal.for_reader)
        else:
            return _shown(request, found, read, content.decode())
    return _upload(request, found, form)


def _upload(request: HttpRequest, group: CommodityGroup, form: FileForm) -> HttpResponse:
    return render(
        request,
        "assessment/instrument_load.html",
        {
            "form": form, "group": group, "draft": drafts.of(group), "hub": hub_of(group), "breadcrumb": trail(group),
        },
    )  # fmt: skip


def _shown(
    request: HttpRequest, group: CommodityGroup, read: dict[str, Any], content: str, *, status: int = 200
) -> HttpResponse:
    draft = drafts.of(group)
    before = draft or instruments.latest_for(group)
    return render(
        request,
        "assessment/instrument_loaded.html",
        {
            "group": group,
            "draft": draft,
            "before": before,
            "changes": instrument_differences.differences(before.definition, read) if before else [],
            "total": sum(1 for _ in instruments.lines(read)),
            "name": read["name"],
            "content": content,
            "seen": draft.fingerprint if draft else "",
            "hub": hub_of(group),
            "breadcrumb": trail(group),
        },
        status=status,
    )


def _store(request: HttpRequest, group: CommodityGroup) -> HttpResponse:
    """The second press: what was shown, read once more, becomes the draft."""
    # A browser sends line ends of its own; JSON does not mind.
    content = request.POST.get("isi", "").encode("utf-8", "replace")
    try:
        read = files.read(content, group)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
        return redirect(reverse("instrument_draft_load", args=[group.pk]))
    try:
        draft = instruments.draft(
            group, read, seen=request.POST.get("sidik", ""), by=request.user, at=request.received_at
        )
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
        return _shown(request, group, read, content.decode(), status=409)
    messages.success(request, f"Berkas tersimpan sebagai rancangan versi {draft.version}.")
    return redirect(hub_of(group))
