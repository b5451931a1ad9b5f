"""/instrumen/<kelompok>/susun/indikator/…: one indicator of a draft: changed, added, moved, removed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from nominations.models import CommodityGroup

from . import instrument_differences
from . import instrument_drafts as drafts
from . import instrument_edits as edits
from .instrument_draft_pages import group_of, hub_of, piece_page, posted, trail, whoever_drafts
from .instrument_line_forms import LineForm
from .instrument_shape import LEVELS_AT_MOST
from .models import Instrument
from .refusals import Refused

_STEPS = {"naik": -1, "turun": 1}


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def line(request: HttpRequest, group: str, code: str) -> HttpResponse:
    """One indicator: what it asks, its evidence, its ladder; moved and removed from here."""
    found = group_of(group)
    draft = drafts.of(found)
    stored = edits.line_of(draft.definition, code) if draft else None
    if stored is None and request.method != "POST":
        if draft is None:
            return redirect(hub_of(found))
        raise Http404
    form = LineForm(posted(request), line=stored or {"code": code})
    return piece_page(
        request, found, form, template="assessment/instrument_line.html", title=f"Indikator {code}",
        piece=lambda whole: edits.line_of(whole, code), stored=lambda whole: _line_in_words(whole, code),
        save=lambda seen: drafts.change_line(
            found, form.line(), seen=seen, by=request.user, at=request.received_at
        ),
        code=code, place=_place(draft, code), levels_at_most=LEVELS_AT_MOST,
    )  # fmt: skip


def _line_in_words(form: Mapping[str, Any], code: str) -> list[tuple[str, str]]:
    stored = edits.line_of(dict(form), code)
    return instrument_differences.in_words(stored) if stored else []


def _place(draft: Instrument | None, code: str) -> dict[str, Any] | None:
    """Where an indicator stands in its section, and what a move brings along."""
    home = edits.home_of(draft.definition, code) if draft else None
    if home is None or draft is None:
        return None
    order = edits.order_in(draft.definition, code)
    return {
        "section": home[1]["code"], "number": order.index(code) + 1, "of": len(order),
        "seen": drafts.fingerprint(order),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def add(request: HttpRequest, group: str, section: str) -> HttpResponse:
    """A new indicator at the end of a section, whole from the start: a form is never stored half."""
    found = group_of(group)
    draft = drafts.of(found)
    there = edits.section_of(draft.definition, section) if draft else None
    if there is None and request.method != "POST":
        if draft is None:
            return redirect(hub_of(found))
        raise Http404
    suggested = {"code": edits.next_code(section, _codes_ever(found))}
    form = LineForm(posted(request), line={} if request.method == "POST" else suggested, is_new=True)
    return piece_page(
        request, found, form, template="assessment/instrument_line.html", title=f"Tambah indikator pada {section}",
        piece=lambda _: None, stored=lambda _: [],
        save=lambda _: drafts.add_line(found, section, form.line(), by=request.user, at=request.received_at),
        code="", place=None, levels_at_most=LEVELS_AT_MOST,
    )  # fmt: skip


def _codes_ever(group: CommodityGroup) -> list[str]:
    """Every code that any version of the group has used: one code never means two things."""
    ladders = Instrument.objects.filter(group=group).order_by("version").values_list("ladders", flat=True)
    return [code for each in ladders for code in each]


@require_POST
@whoever_drafts
def move(request: HttpRequest, group: str, code: str) -> HttpResponse:
    """One place up or down within the section."""
    found = group_of(group)
    step = _STEPS.get(request.POST.get("arah", ""))
    if step is None:
        raise Http404
    try:
        is_moved = drafts.move_line(
            found, code, step, seen=request.POST.get("sidik", ""), by=request.user, at=request.received_at
        )
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
        return redirect(hub_of(found))
    place = _place(drafts.of(found), code)
    if place is None:
        messages.error(request, f"Indikator {code} tidak ada dalam rancangan. Tidak ada yang berubah.")
        return redirect(hub_of(found))
    where = f"urutan {place['number']} dari {place['of']} pada {place['section']}"
    messages.success(request, f"Indikator {code} {'kini' if is_moved else 'tetap'} pada {where}.")
    return redirect(f"{reverse('instrument_draft_line', args=[found.pk, code])}#letak")


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def remove(request: HttpRequest, group: str, code: str) -> HttpResponse:
    """Take an indicator out, after a page that says what goes with it."""
    found = group_of(group)
    if request.method == "POST":
        try:
            is_gone = drafts.remove_line(
                found, code, seen=request.POST.get("sidik", ""), by=request.user, at=request.received_at
            )
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
        else:
            told = "dihapus dari rancangan" if is_gone else "sudah tidak ada dalam rancangan"
            messages.success(request, f"Indikator {code} {told}.")
        return redirect(hub_of(found))
    draft = drafts.of(found)
    stored = edits.line_of(draft.definition, code) if draft else None
    place = _place(draft, code)
    if stored is None or place is None:
        raise Http404
    consequence = "Indikator ini tidak ada lagi dalam versi yang baru. Versi yang sudah terbit tidak berubah."
    if place["of"] == 1:
        consequence += f" Subbagian {place['section']} menjadi kosong dan ikut dihapus."
    return render(
        request,
        "confirm.html",
        {
            "title": f"Hapus indikator {code} {stored['name']}?",
            "consequence": consequence,
            "confirm_label": "Hapus indikator",
            "danger": True,
            "hidden": [("sidik", drafts.fingerprint(stored))],
            "cancel_url": reverse("instrument_draft_line", args=[found.pk, code]),
            "breadcrumb": trail(found),
        },
    )
