"""/instrumen/<kelompok>/susun/: the draft of the next version, piece by piece. What a change is: instrument_drafts.py."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.gates import needs
from accounts.roles import Right
from nominations.models import CommodityGroup

from . import instrument_differences, instruments
from . import instrument_drafts as drafts
from . import instrument_edits as edits
from .instrument_forms import BandsForm, HeaderForm
from .models import Instrument
from .refusals import Refused

whoever_drafts = needs(Right.ASSIGN)


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
    changes = (
        instrument_differences.differences(in_force.definition, draft_now.definition) if in_force else []
    )
    return render(
        request,
        "assessment/instrument_draft.html",
        {
            **context,
            "changes": len(changes),
            "whole": [{"title": "", "tasks": _whole(found, draft_now, in_force)}],
            "parts": [
                {
                    "part": part,
                    "weight": instruments.comma(part["weight"]),
                    "is_first": place == 0,
                    "is_last": place == len(draft_now.definition["parts"]) - 1,
                    "sections": [_section(found, section, in_force) for section in part["sections"]],
                }
                for place, part in enumerate(draft_now.definition["parts"])
            ],
            "order": drafts.fingerprint(edits.parts_in_order(draft_now.definition)),
        },
    )


def _whole(group: CommodityGroup, draft: Instrument, in_force: Instrument | None) -> list[dict[str, Any]]:
    form = draft.definition
    was = in_force.definition if in_force else None
    same_header = was is not None and edits.header_of(was) == edits.header_of(form)
    same_scheme = was is not None and was["scheme"] == form["scheme"]
    weights = ", ".join(f"{part['code']} {instruments.comma(part['weight'])}" for part in form["parts"])
    bounds = ", ".join(
        f"bintang {band['star']} dari {instruments.comma(band['from'])}" for band in form["scheme"]["bands"]
    )
    return [
        {
            "name": "Nama, bagian, dan bobot",
            "hint": f"{form['name']}. Bobot {weights}, jumlah 100.",
            "url": reverse("instrument_draft_header", args=[group.pk]),
            **_compared(was is not None, same_header),
        },
        {
            "name": "Bintang",
            "hint": f"{bounds[0].upper()}{bounds[1:]}.",
            "url": reverse("instrument_draft_bands", args=[group.pk]),
            **_compared(was is not None, same_scheme),
        },
    ]


def _compared(is_second: bool, is_same: bool, *, is_new: bool = False) -> dict[str, str]:
    """How a piece of the draft stands to the version in force, as task_list takes it."""
    if not is_second:
        return {"state": "done", "text": "Lengkap"}
    if is_same:
        return {"state": "done", "text": "Sama"}
    return {"state": "current", "text": "Baru" if is_new else "Diubah"}


def _section(
    group: CommodityGroup, section: Mapping[str, Any], in_force: Instrument | None
) -> dict[str, Any]:
    was = {line["code"]: line for line in instruments.lines(in_force.definition)} if in_force else {}
    tasks = []
    for line in section["indicators"]:
        scores = [level["score"] for level in line["levels"]]
        tasks.append(
            {
                "name": f"{line['code']} {line['name']}",
                "hint": f"{len(scores)} jenjang, skor {scores[0]} sampai {scores[-1]}",
                "url": reverse("instrument_draft_line", args=[group.pk, line["code"]]),
                **_compared(
                    in_force is not None, line == was.get(line["code"]), is_new=line["code"] not in was
                ),
            }
        )
    return {
        "code": section["code"],
        "groups": [{"title": f"{section['code']} {section['name']}", "tasks": tasks}],
        "add": reverse("instrument_draft_add", args=[group.pk, section["code"]]),
    }


# --- Names, weights and stars ----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def header(request: HttpRequest, group: str) -> HttpResponse:
    """The name, the parts with their weights (together: they make 100) and the names of the sections."""
    found = group_of(group)
    shape = _shape(request, found)
    if shape is None:
        return redirect(hub_of(found))
    form = HeaderForm(posted(request), definition=shape)
    return piece_page(
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
    form = BandsForm(posted(request), scheme=shape["scheme"])
    return piece_page(
        request, found, form, template="assessment/instrument_bands.html", title="Bintang",
        piece=lambda whole: whole["scheme"], stored=_bands_in_words,
        save=lambda seen: drafts.change_bands(
            found, form.bounds(), seen=seen, by=request.user, at=request.received_at
        ),
    )  # fmt: skip


def _header_in_words(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [("Nama instrumen", form["name"])]
    for part in form["parts"]:
        rows.append((f"Bagian {part['code']}", f"{part['name']}, bobot {instruments.comma(part['weight'])}"))
        rows += [(f"Subbagian {section['code']}", section["name"]) for section in part["sections"]]
    return rows


def _bands_in_words(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (f"Bintang {band['star']}", f"{instruments.comma(band['from'])} ke atas")
        for band in form["scheme"]["bands"]
    ]


# --- One piece: shown, sent, told what is in the way ----------------------------------------------------------------
def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def piece_page(
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
