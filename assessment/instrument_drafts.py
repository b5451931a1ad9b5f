"""
The draft of a group's next version, changed piece by piece: begun, changed, thrown away.

A page brings the fingerprint of the piece that it showed (a line, the bands, the order of a section). Two people may
work on two lines at once; on the same piece the second is told, and nothing is overwritten in silence.
"""

import copy
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from audit import history
from nominations.models import CommodityGroup

from . import instrument_edits as edits
from . import instruments
from .instrument_edits import Form, Line
from .models import Instrument
from .models.instruments import canonical
from .refusals import Refused

NO_DRAFT = "Rancangan ini tidak ada lagi: sudah terbit atau dibuang. Isian Anda belum disimpan."


def of(group: CommodityGroup) -> Instrument | None:
    """The draft of a group; None where the newest version is in force."""
    return Instrument.objects.filter(group=group, published_at=None).first()


def fingerprint(piece: object) -> str:
    """What a page brings along of the piece that it showed."""
    return hashlib.sha256(canonical(piece).encode()).hexdigest()


@transaction.atomic
def begin(group: CommodityGroup, *, by: Person, at: datetime) -> Instrument:
    """
    Start a draft from the version in force, or return the one that is there. Raises Refused: not your right, nothing
    in force to start from, or a version in force that could not be stored today.
    """
    instruments.may_draft(by)
    CommodityGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    waiting = of(group)
    if waiting is not None:
        return waiting
    in_force = instruments.latest_for(group)
    if in_force is None:
        raise Refused(
            "nothing_in_force", "Kelompok ini belum mempunyai instrumen. Muat berkas instrumen untuk memulai."
        )
    return instruments.draft(group, copy.deepcopy(in_force.definition), by=by, at=at)


@transaction.atomic
def discard(instrument: Instrument, *, seen: str, by: Person, at: datetime) -> None:
    """
    Throw a draft away; its number is free again and the history keeps that it was there.

    Raises Refused: not your right, published, gone already, or changed since it was shown.
    """
    instruments.may_draft(by)
    found = Instrument.objects.select_for_update(of=("self",)).filter(pk=instrument.pk).first()
    if found is None:
        raise Refused("gone", "Rancangan ini sudah dibuang. Tidak ada yang berubah.")
    if found.published_at is not None:
        raise Refused("already_published", f"Versi {found.version} sudah terbit dan tidak dapat dibuang.")
    if seen != found.fingerprint:
        raise instruments.overtaken(found)
    history.record(
        "discard_instrument", found, by=by, at=at, group=found.group_id, version=found.version,
        fingerprint=found.fingerprint,
    )  # fmt: skip
    found.delete()


# --- One piece -------------------------------------------------------------------------------------------------
def change_header(
    group: CommodityGroup, header: Mapping[str, Any], *, seen: str, by: Person, at: datetime
) -> bool:
    """Change names and weights together (edits.header_of); return whether anything was different. Raises Refused."""
    return _change(
        group, lambda form: edits.with_header(form, header), piece=edits.header_of, what="header",
        seen=seen, by=by, at=at,
    )  # fmt: skip


def change_bands(
    group: CommodityGroup, bounds: Mapping[int, str], *, seen: str, by: Person, at: datetime
) -> bool:
    """Change the scheme of stars and its bounds; return whether anything was different. Raises Refused."""
    return _change(
        group, lambda form: edits.with_bands(form, bounds), piece=lambda form: form["scheme"], what="scheme",
        seen=seen, by=by, at=at,
    )  # fmt: skip


def change_line(group: CommodityGroup, line: Line, *, seen: str, by: Person, at: datetime) -> bool:
    """Change the indicator of this code; return whether anything was different. Raises Refused, also where it is gone."""

    def edit(form: Form) -> Form:
        if edits.line_of(form, line["code"]) is None:
            raise Refused(
                "gone",
                f"Indikator {line['code']} sudah dihapus dari rancangan. Isian Anda belum disimpan dan masih tampil di "
                "halaman ini.",
            )
        return edits.with_line(form, line)

    return _change(
        group, edit, piece=lambda form: edits.line_of(form, line["code"]), what=line["code"],
        seen=seen, by=by, at=at,
    )  # fmt: skip


def add_line(group: CommodityGroup, section: str, line: Line, *, by: Person, at: datetime) -> bool:
    """Add an indicator at the end of a section; False where it is there already. Raises Refused: its code is taken."""

    def edit(form: Form) -> Form:
        there = edits.line_of(form, line["code"])
        if there is not None and there == line:
            return form
        if there is not None:
            raise Refused("code_taken", f"Kode {line['code']} sudah dipakai indikator lain. Pilih kode lain.")
        if edits.section_of(form, section) is None:
            raise Refused(
                "gone", f"Subbagian {section} tidak ada lagi dalam rancangan. Isian Anda belum disimpan."
            )
        return edits.with_new_line(form, section, line)

    return _change(group, edit, piece=lambda _: None, what=line["code"], seen=fingerprint(None), by=by, at=at)


def remove_line(group: CommodityGroup, code: str, *, seen: str, by: Person, at: datetime) -> bool:
    """Take an indicator out, and with the last one of a section the section; False where it was gone. Raises Refused."""
    return _change(
        group, lambda form: edits.without_line(form, code), piece=lambda form: edits.line_of(form, code), what=code,
        seen=seen, by=by, at=at,
    )  # fmt: skip


def move_line(group: CommodityGroup, code: str, step: int, *, seen: str, by: Person, at: datetime) -> bool:
    """Move an indicator within its section: up (-1) or down (1); False where it stays. Raises Refused."""
    return _change(
        group, lambda form: edits.moved(form, code, step), piece=lambda form: edits.order_in(form, code), what=code,
        seen=seen, by=by, at=at,
    )  # fmt: skip


# --- Parts and sections ----------------------------------------------------------------------------------------
def add_part(
    group: CommodityGroup,
    part: Mapping[str, Any],
    weights: Mapping[str, str],
    *,
    seen: str,
    by: Person,
    at: datetime,
) -> bool:
    """
    Add a part at the end, with its first section and indicator, and the weights of the others anew.

    Raises Refused: its code is taken, the weights do not make 100, another's change meanwhile.
    """

    def edit(form: Form) -> Form:
        there = edits.part_of(form, part["code"])
        if there is not None and there == part:
            return form
        if there is not None:
            raise Refused("code_taken", f"Kode {part['code']} sudah dipakai bagian lain. Pilih kode lain.")
        return edits.with_new_part(form, part, weights)

    return _change(
        group, edit, piece=edits.parts_in_order, what=part["code"], seen=seen, by=by, at=at
    )  # fmt: skip


def remove_part(
    group: CommodityGroup, code: str, weights: Mapping[str, str], *, seen: str, by: Person, at: datetime
) -> bool:
    """Take a part out with everything in it, and give the others these weights; False where it was gone. Raises Refused."""

    def edit(form: Form) -> Form:
        return edits.without_part(form, code, weights) if edits.part_of(form, code) else form

    return _change(group, edit, piece=edits.parts_in_order, what=code, seen=seen, by=by, at=at)


def move_part(group: CommodityGroup, code: str, step: int, *, seen: str, by: Person, at: datetime) -> bool:
    """Move a part up (-1) or down (1); False where it stays. Raises Refused."""
    return _change(
        group, lambda form: edits.moved_part(form, code, step), piece=edits.parts_in_order, what=code,
        seen=seen, by=by, at=at,
    )  # fmt: skip


def add_section(
    group: CommodityGroup, part: str, section: Mapping[str, Any], *, by: Person, at: datetime
) -> bool:
    """Add a section with its first indicator at the end of a part. Raises Refused: a code is taken, the part is gone."""

    def edit(form: Form) -> Form:
        there = edits.section_of(form, section["code"])
        if there is not None and there == section:
            return form
        if there is not None:
            raise Refused(
                "code_taken", f"Kode {section['code']} sudah dipakai subbagian lain. Pilih kode lain."
            )
        if edits.part_of(form, part) is None:
            raise Refused("gone", f"Bagian {part} tidak ada lagi dalam rancangan. Isian Anda belum disimpan.")
        return edits.with_new_section(form, part, section)

    return _change(
        group, edit, piece=lambda _: None, what=section["code"], seen=fingerprint(None), by=by, at=at
    )  # fmt: skip


@transaction.atomic
def _change(
    group: CommodityGroup,
    edit: Callable[[Form], Form],
    *,
    piece: Callable[[Form], object],
    what: str,
    seen: str,
    by: Person,
    at: datetime,
) -> bool:
    instruments.may_draft(by)
    CommodityGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    waiting = of(group)
    if waiting is None:
        raise Refused("no_draft", NO_DRAFT)
    form = edit(waiting.definition)
    # What says what is stored already overwrites nobody: a second press, or two who had the same thought.
    if form == waiting.definition:
        return False
    if fingerprint(piece(waiting.definition)) != seen:
        raise instruments.overtaken(waiting)
    problems = instruments.problems_in(form, group)
    if problems:
        raise Refused("invalid_instrument", " ".join(problems))
    waiting.name, waiting.definition = form["name"].strip(), form
    waiting.save()
    history.record(
        "change_instrument", waiting, by=by, at=at, group=group.pk, version=waiting.version, what=what,
        fingerprint=waiting.fingerprint,
    )  # fmt: skip
    return True
