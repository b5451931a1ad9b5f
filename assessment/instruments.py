"""Instruments as data: what the portal ships, which version is in force, and how a form is read."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from audit import history
from nominations.models import CommodityGroup

from . import instrument_shape
from .instrument_format import named, shown
from .models import Instrument
from .refusals import NOT_YOURS, Refused
from .scoring import InvalidInstrument, parse_instrument

FOLDER = settings.BASE_DIR / "fixtures" / "instruments"
# What a line says about where its words come from (fixtures/instruments/README.md).
STATUS_WORDS = {"published": "Terbit", "default": "Bawaan portal", "own": "Ditetapkan Sekretariat"}
# Scores above 9 have no key on the scoring page: their levels are chosen with the arrows.
HIGHEST_KEY = 9
# How a ladder is read, in the words of fixtures/instruments/README.md; it stands wherever levels are chosen or read.
READING_RULE = (
    "Pilih jenjang tertinggi yang semua syaratnya terpenuhi menurut bukti yang ada; hal yang dinyatakan tanpa bukti "
    'dihitung tidak terpenuhi. "Syarat skor 4 terpenuhi" merujuk pada jenjang dengan skor itu. Dokumen dihitung '
    "bila berlaku pada tanggal pengusulan."
)


def shipped() -> Iterator[dict[str, Any]]:
    """Yield the forms that the portal ships, one per commodity group."""
    for path in sorted(FOLDER.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if "parts" in data:
            yield data


@transaction.atomic
def load(*, at: datetime | None = None) -> int:
    """
    Publish version 1 of every shipped form whose group has no version yet; return how many were made.

    Safe to repeat, and never touches what the secretariat published since. The groups must be there.
    """
    made, now = 0, at or timezone.now()
    for definition in shipped():
        group = CommodityGroup.objects.get(pk=definition["commodity"])
        if Instrument.objects.filter(group=group).exists():
            continue
        instrument = Instrument.objects.create(
            group=group,
            version=definition["version"],
            name=definition["name"],
            definition=definition,
            published_at=now,
        )
        history.record(
            "publish_instrument", instrument, by=None, at=now, group=group.pk,
            version=instrument.version, fingerprint=instrument.fingerprint,
        )  # fmt: skip
        made += 1
    return made


def latest_for(group: CommodityGroup | str) -> Instrument | None:
    """The version that a first assignment pins: the latest published of the group."""
    return Instrument.objects.published().whole().filter(group=group).order_by("-version").first()


# --- A new version: drafted, checked, published ----------------------------------------------------------------
@transaction.atomic
def draft(
    group: CommodityGroup, definition: dict[str, Any], *, by: Person, at: datetime, seen: str | None = None
) -> Instrument:
    """
    Store a form as the group's next version, or in place of the draft that is there; it is not in force yet.

    The version number is the portal's, whatever the file says. seen: the fingerprint of the draft that would be
    replaced as it was shown, "" where there was none. Raises Refused naming what is wrong with the form, or that the
    draft is another one by now.
    """
    may_draft(by)
    CommodityGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    newest = Instrument.objects.filter(group=group).order_by("-version").first()
    waiting = newest if newest and newest.published_at is None else None
    if seen is not None and seen != (waiting.fingerprint if waiting else ""):
        raise overtaken(waiting)
    version = waiting.version if waiting else (newest.version + 1 if newest else 1)
    definition = {**definition, "version": version}
    problems = problems_in(definition, group)
    if problems:
        raise Refused("invalid_instrument", " ".join(problems))
    instrument = waiting or Instrument(group=group, version=version)
    instrument.name, instrument.definition = definition["name"].strip(), definition
    instrument.save()
    history.record(
        "draft_instrument", instrument, by=by, at=at, group=group.pk, version=version,
        fingerprint=instrument.fingerprint,
    )  # fmt: skip
    return instrument


@transaction.atomic
def publish(instrument: Instrument, *, by: Person, at: datetime, seen: str | None = None) -> Instrument:
    """
    Put a draft into force for panels made from now on; panels that exist keep the version they were made with.

    seen: the fingerprint of the draft as it was checked. Raises Refused: not your right, published already, changed
    by somebody since it was checked.
    """
    may_draft(by)
    instrument = Instrument.objects.select_for_update(of=("self",)).get(pk=instrument.pk)
    if instrument.published_at is not None:
        raise Refused(
            "already_published", f"Versi {instrument.version} sudah terbit. Tidak ada yang berubah."
        )
    if seen is not None and seen != instrument.fingerprint:
        raise overtaken(instrument)
    instrument.published_at, instrument.published_by = at, by
    instrument.save()
    history.record(
        "publish_instrument", instrument, by=by, at=at, group=instrument.group_id, version=instrument.version,
        fingerprint=instrument.fingerprint,
    )  # fmt: skip
    return instrument


def problems_in(definition: dict[str, Any], group: CommodityGroup) -> list[str]:
    """Return what keeps a form from being stored, in Indonesian; empty where it can be."""
    if "scheme" not in definition:
        return ["Berkas ini bukan formulir instrumen portal: bagian scheme tidak ada."]
    try:
        parse_instrument(definition)
    except InvalidInstrument as problem:
        return [f"Instrumen tidak dapat dipakai: {problem}."]
    found = []
    if definition.get("commodity") != group.pk:
        found.append(f"Berkas ini untuk kelompok {_bare(definition.get('commodity'))}, bukan {group.pk}.")
    if not isinstance(definition.get("name"), str) or not definition["name"].strip():
        found.append("Nama instrumen belum diisi.")
    elif len(definition["name"]) > instrument_shape.NAME_AT_MOST:
        found.append(f"Nama instrumen paling banyak {instrument_shape.NAME_AT_MOST} huruf.")
    elif wrong := instrument_shape.wrong_text(definition["name"]):
        found.append(f"Nama instrumen {wrong}")
    return found + instrument_shape.problems_of(definition)


def warnings_of(definition: dict[str, Any]) -> list[str]:
    """What an editor should know and may leave: levels without a key of their own."""
    return [
        f"Indikator {indicator['code']} mempunyai skor di atas {HIGHEST_KEY}: dipilih dengan tombol panah, bukan angka."
        for indicator in lines(definition)
        if indicator["max"] > HIGHEST_KEY
    ]


def _bare(value: Any) -> str:
    return named(value) if isinstance(value, str) else shown(value)


def may_draft(by: Person) -> None:
    """Raises Refused where this person is not of those who keep the instruments."""
    if not by.may(Right.ASSIGN):
        raise Refused("not_yours", NOT_YOURS)


def overtaken(instrument: Instrument | None) -> Refused:
    """What whoever comes second is told: who changed the draft since it was opened."""
    last = history.of(instrument).last() if instrument else None
    who = last.actor.full_name if last and last.actor else "Rekan Anda"
    return Refused(
        "overtaken",
        f"{who} baru saja mengubah rancangan ini. Isian Anda belum disimpan. Periksa lagi, lalu ulangi.",
    )


# --- Reading a form --------------------------------------------------------------------------------------------
def lines(definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the indicators of a form in their order, as the form writes them."""
    for part in definition["parts"]:
        for section in part["sections"]:
            yield from section["indicators"]


@cache
def _evidence_names() -> dict[str, str]:
    names: dict[str, str] = json.loads((FOLDER / "evidence.json").read_text(encoding="utf-8"))
    return names


def evidence_name(key: str) -> str:
    """The label of a key of evidence; the key itself where a form names what the portal has no label for."""
    return _evidence_names().get(key, key)


def evidence_names() -> dict[str, str]:
    """Every key of evidence that the portal knows, with its label, in the order of its file."""
    return dict(_evidence_names())


def is_known_evidence(key: str) -> bool:
    return key in _evidence_names()


def comma(number: str) -> str:
    """A decimal string of a form as it is read: "92,5"."""
    return number.replace(".", ",")
