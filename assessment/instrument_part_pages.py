"""/instrumen/<kelompok>/susun/bagian/…: parts and sections of a draft: added, moved, removed, with weights that make 100."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from nominations.models import CommodityGroup

from . import instrument_drafts as drafts
from . import instrument_edits as edits
from . import instruments
from .instrument_draft_pages import group_of, hub_of, piece_page, posted, whoever_drafts
from .instrument_part_forms import NewPartForm, NewSectionForm, RemovePartForm
from .instrument_shape import LEVELS_AT_MOST
from .models import Instrument
from .refusals import Refused

_STEPS = {"naik": -1, "turun": 1}


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def add(request: HttpRequest, group: str) -> HttpResponse:
    """A new part at the end, with its first section and indicator, and the weights of all of them."""
    found = group_of(group)
    draft = drafts.of(found)
    if draft is None and request.method != "POST":
        return redirect(hub_of(found))
    parts = draft.definition["parts"] if draft else []
    if (
        parts
        and request.POST.get("kode_bagian") == parts[-1]["code"]
        and "bobot-" + parts[-1]["code"] not in request.POST
    ):
        # A second press: the part of that press is there by now.
        parts = parts[:-1]
    form = NewPartForm(posted(request), parts=parts, suggested=edits.next_part(_parts_ever(found)))
    return piece_page(
        request, found, form, template="assessment/instrument_part.html", title="Tambah bagian",
        piece=edits.parts_in_order, stored=_weights_in_words,
        save=lambda seen: drafts.add_part(
            found, form.part(), form.weights(), seen=seen, by=request.user, at=request.received_at
        ),
        code="", place=None, levels_at_most=LEVELS_AT_MOST,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def add_section(request: HttpRequest, group: str, part: str) -> HttpResponse:
    """A new section at the end of a part, with its first indicator."""
    found = group_of(group)
    draft = drafts.of(found)
    there = edits.part_of(draft.definition, part) if draft else None
    if there is None and request.method != "POST":
        if draft is None:
            return redirect(hub_of(found))
        raise Http404
    form = NewSectionForm(posted(request), suggested=edits.next_section(there) if there else "")
    return piece_page(
        request, found, form, template="assessment/instrument_section.html",
        title=f"Tambah subbagian pada bagian {part}", piece=lambda _: None, stored=lambda _: [],
        save=lambda _: drafts.add_section(
            found, part, form.section(), by=request.user, at=request.received_at
        ),
        code="", place=None, levels_at_most=LEVELS_AT_MOST,
    )  # fmt: skip


@require_POST
@whoever_drafts
def move(request: HttpRequest, group: str, part: str) -> HttpResponse:
    """One place up or down among the parts."""
    found = group_of(group)
    step = _STEPS.get(request.POST.get("arah", ""))
    if step is None:
        raise Http404
    try:
        is_moved = drafts.move_part(
            found, part, step, seen=request.POST.get("sidik", ""), by=request.user, at=request.received_at
        )
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, f"Bagian {part} dipindahkan." if is_moved else "Tidak ada yang berubah.")
    return redirect(hub_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
@whoever_drafts
def remove(request: HttpRequest, group: str, part: str) -> HttpResponse:
    """Take a part out, and say what the others weigh then."""
    found = group_of(group)
    draft = drafts.of(found)
    there = edits.part_of(draft.definition, part) if draft else None
    if there is None or draft is None:
        if request.method == "POST":
            messages.error(request, f"Bagian {part} sudah tidak ada dalam rancangan. Tidak ada yang berubah.")
            return redirect(hub_of(found))
        raise Http404
    others = [each for each in draft.definition["parts"] if each["code"] != part]
    form = RemovePartForm(posted(request), parts=others)
    return piece_page(
        request, found, form, template="assessment/instrument_part_remove.html", title=f"Hapus bagian {part}",
        piece=edits.parts_in_order, stored=_weights_in_words,
        save=lambda seen: drafts.remove_part(
            found, part, form.weights(), seen=seen, by=request.user, at=request.received_at
        ),
        part=there, is_the_last=not others,
        indicators=sum(len(section["indicators"]) for section in there["sections"]),
    )  # fmt: skip


def _weights_in_words(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (f"Bagian {part['code']}", f"{part['name']}, bobot {instruments.comma(part['weight'])}")
        for part in form["parts"]
    ]


def _parts_ever(group: CommodityGroup) -> list[str]:
    """Every code of a part that any version of the group has used: one code never means two things."""
    forms = Instrument.objects.filter(group=group).order_by("version").values_list("definition", flat=True)
    return [part["code"] for form in forms for part in form["parts"]]
