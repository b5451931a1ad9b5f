"""/instrumen/<kelompok>/susun/: the draft of the next version, piece by piece. What a change is: instrument_drafts.py."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import needs
from accounts.roles import Right
from nominations.models import CommodityGroup

from . import instrument_drafts as drafts
from . import instrument_edits as edits
from . import instruments
from .instrument_forms import BandsForm, HeaderForm, LineForm
from .instrument_shape import LEVELS_AT_MOST
from .models import Instrument
from .refusals import Refused

whoever_drafts = needs(Right.ASSIGN)
_STEPS = {"naik": -1, "turun": 1}


# --- What every page of a draft needs --------------------------------------------------------------------------
def group_of(code: str) -> CommodityGroup:
    return get_object_or_404(CommodityGroup, pk=code)


def hub_of(group: CommodityGroup) -> str:
    return reverse("instrument_draft", args=[group.pk])


def trail(group: CommodityGroup, *, below: bool = True) -> list[dict[str, str]]:
    hub = [{"label": f"Rancangan {group.name}", "url": hub_of(group)}] if below else []
    return [{"label": "Instrumen", "url": reverse("instruments")}, *hub]


def _shape(request: HttpRequest, group: CommodityGroup) -> dict[str, Any] | None:
    """
    The form whose parts a page lists: the draft's. Where it is gone while somebody was typing, that in force, so that
    what was typed can be shown with the refusal; None where the page leads back to the hub.
    """
    draft = drafts.of(group)
    if draft is None and request.method == "POST":
        draft = instruments.latest_for(group)
    return draft.definition if draft else None


# --- The hub ---------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def hub(request: HttpRequest, group: str) -> HttpResponse:
    """What the draft is made of and what differs; where there is none, the button that starts one."""
    found = group_of(group)
    if request.method == "POST":
        try:
            draft = drafts.begin(found, by=request.user, at=request.received_at)
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
        else:
            messages.success(request, f"Rancangan versi {draft.version} siap disunting.")
        return redirect(hub_of(found))
    draft_now, in_force = drafts.of(found), instruments.latest_for(found)
    context = {
        "group": found,
        "in_force": in_force,
        "draft": draft_now,
        "breadcrumb": trail(found, below=False),
    }
    if draft_now is None:
        return render(request, "assessment/instrument_begin.html", context)
    changes = instruments.differences(in_force.definition, draft_now.definition) if in_force else []
    return render(
        request,
        "assessment/instrument_draft.html",
        {
            **context,
            "changes": len(changes),
            "whole": [{"title": "", "tasks": _whole(found, draft_now)}],
            "sections": [
                _section(found, section, in_force) for _, section in edits.sections_of(draft_now.definition)
            ],
        },
    )


def _whole(group: CommodityGroup, draft: Instrument) -> list[dict[str, Any]]:
    form = draft.definition
    weights = ", ".join(f"{part['code']} {_comma(part['weight'])}" for part in form["parts"])
    bounds = ", ".join(
        f"bintang {band['star']} dari {_comma(band['from'])}" for band in form["scheme"]["bands"]
    )
    return [
        {
            "name": "Nama, bagian, dan bobot",
            "hint": f"{form['name']}. Bobot {weights}, jumlah 100.",
            "url": reverse("instrument_draft_header", args=[group.pk]),
            "state": "done",
        },
        {
            "name": "Bintang",
            "hint": f"{bounds[0].upper()}{bounds[1:]}.",
            "url": reverse("instrument_draft_bands", args=[group.pk]),
            "state": "done",
        },
    ]


def _section(
    group: CommodityGroup, section: Mapping[str, Any], in_force: Instrument | None
) -> dict[str, Any]:
    was = {line["code"]: line for line in instruments.lines(in_force.definition)} if in_force else {}
    tasks = []
    for line in section["indicators"]:
        state, words = "done", "Sama"
        if in_force and line["code"] not in was:
            state, words = "current", "Baru"
        elif in_force and line != was[line["code"]]:
            state, words = "current", "Diubah"
        scores = [level["score"] for level in line["levels"]]
        tasks.append(
            {
                "name": f"{line['code']} {line['name']}",
                "hint": f"{len(scores)} jenjang, skor {scores[0]} sampai {scores[-1]}",
                "url": reverse("instrument_draft_line", args=[group.pk, line["code"]]),
                "state": state,
                "text": words if in_force else "Lengkap",
            }
        )
    return {
        "code": section["code"],
        "groups": [{"title": f"{section['code']} {section['name']}", "tasks": tasks}],
        "add": reverse("instrument_draft_add", args=[group.pk, section["code"]]),
    }


def _comma(number: str) -> str:
    return number.replace(".", ",")


# --- Names, weights and stars ----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def header(request: HttpRequest, group: str) -> HttpResponse:
    """The name, the parts with their weights (together: they make 100) and the names of the sections."""
    found = group_of(group)
    shape = _shape(request, found)
    if shape is None:
        return redirect(hub_of(found))
    form = HeaderForm(_posted(request), definition=shape)
    return _piece(
        request, found, form, template="assessment/instrument_header.html", title="Nama, bagian, dan bobot",
        piece=edits.header_of, stored=_header_in_words,
        save=lambda seen: drafts.change_header(
            found, form.header(), seen=seen, by=request.user, at=request.received_at
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def bands(request: HttpRequest, group: str) -> HttpResponse:
    """The scheme, five stars or three, and the bound of each star."""
    found = group_of(group)
    shape = _shape(request, found)
    if shape is None:
        return redirect(hub_of(found))
    form = BandsForm(_posted(request), scheme=shape["scheme"])
    return _piece(
        request, found, form, template="assessment/instrument_bands.html", title="Bintang",
        piece=lambda whole: whole["scheme"], stored=_bands_in_words,
        save=lambda seen: drafts.change_bands(
            found, form.bounds(), seen=seen, by=request.user, at=request.received_at
        ),
    )  # fmt: skip


def _header_in_words(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [("Nama instrumen", form["name"])]
    for part in form["parts"]:
        rows.append((f"Bagian {part['code']}", f"{part['name']}, bobot {_comma(part['weight'])}"))
        rows += [(f"Subbagian {section['code']}", section["name"]) for section in part["sections"]]
    return rows


def _bands_in_words(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (f"Bintang {band['star']}", f"{_comma(band['from'])} ke atas") for band in form["scheme"]["bands"]
    ]


# --- An indicator ------------------------------------------------------------------------------------------------
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
    form = LineForm(_posted(request), line=stored or {"code": code})
    return _piece(
        request, found, form, template="assessment/instrument_line.html", title=f"Indikator {code}",
        piece=lambda whole: edits.line_of(whole, code), stored=lambda whole: _line_in_words(whole, code),
        save=lambda seen: drafts.change_line(
            found, form.line(), seen=seen, by=request.user, at=request.received_at
        ),
        code=code, place=_place(draft, code), levels_at_most=LEVELS_AT_MOST,
    )  # fmt: skip


def _line_in_words(form: Mapping[str, Any], code: str) -> list[tuple[str, str]]:
    stored = edits.line_of(dict(form), code)
    return instruments.in_words(stored) if stored else []


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
    form = LineForm(_posted(request), line={} if request.method == "POST" else suggested, is_new=True)
    return _piece(
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


# --- One piece: shown, sent, told what is in the way ----------------------------------------------------------------
def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _piece(
    request: HttpRequest,
    group: CommodityGroup,
    form: forms.Form,
    *,
    template: str,
    title: str,
    piece: Callable[[dict[str, Any]], object],
    stored: Callable[[dict[str, Any]], list[tuple[str, str]]],
    save: Callable[[str], bool],
    **more: Any,
) -> HttpResponse:
    """
    The page of one piece. What was typed always stays on it; where somebody else changed the piece meanwhile, what is
    stored now stands beside, and saving once more replaces it knowingly.
    """
    seen, status, now = request.POST.get("sidik", ""), 200, None
    if request.method == "POST" and form.is_valid():
        try:
            is_changed = save(seen)
        except Refused as refusal:
            form.add_error("kode" if refusal.code == "code_taken" else None, refusal.for_reader)
            if refusal.code == "overtaken":
                now, status = drafts.of(group), 409
        else:
            messages.success(request, f"{title} tersimpan." if is_changed else "Tidak ada yang berubah.")
            return redirect(hub_of(group))
    draft = now or drafts.of(group)
    if (request.method != "POST" or now is not None) and draft is not None:
        seen = drafts.fingerprint(piece(draft.definition))
    return render(
        request,
        template,
        {
            "form": form, "title": title, "group": group, "draft": draft, "seen": seen, "hub": hub_of(group),
            "stored": stored(now.definition) if now else [], "breadcrumb": trail(group), **more,
        },
        status=status,
    )  # fmt: skip
