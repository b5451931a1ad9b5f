"""
What stands beside an indicator: the documents, photos and answers that its form names, from the copy as submitted
that the assessment is pinned to, and what of it was not given. Nothing is read from the nomination as it is today.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from letters import wording
from nominations import answers
from nominations.models import Sample, Submission

from . import instruments

# `isian:…` -> the answers of the nomination that it means (nominations/answers.py has their names and wording).
_ANSWERS = {
    "isian:bahan_baku": ("raw_material", "local_content"),
    "isian:nilai_tambah": ("value_added",),
    "isian:kapasitas": ("capacity", "workers"),
    "isian:lingkungan": ("environment",),
    "isian:desain": ("design",),
    "isian:tahun_berdiri": ("ikm.started_year",),
    "isian:pemasaran": ("marketing", "turnover", "import_substitution"),
    "isian:cerita": ("story",),
}
_SAMPLE = "contoh_produk"
# Seen outside the portal, whatever a nomination brings.
_ELSEWHERE = ("kunjungan", "lembar_panel")


@dataclass(frozen=True)
class Item:
    """One piece of evidence, as partials/evidence_item.html draws it."""

    kind: str
    title: str
    text: str = ""
    url: str = ""
    image: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Evidence:
    """
    What there is for one indicator; `lacking` are the names of what its form asks for and the nomination does not
    have, `elsewhere` of what is looked at outside the portal (the visit, the panel's own test).
    """

    items: tuple[Item, ...]
    lacking: tuple[str, ...]
    elsewhere: tuple[str, ...]


def by_indicator(
    definition: Mapping[str, Any], submission: Submission, *, nominated_on: date, sample: Sample | None
) -> dict[str, Evidence]:
    """
    Return the evidence of every indicator of a form, by its code.

    nominated_on: the day on which a document must have been valid to count (the reading rule of the form).
    """
    wanted = {line["code"]: line.get("evidence") or () for line in instruments.lines(definition)}
    keys = {key for of_line in wanted.values() for key in of_line}
    names = {key: instruments.evidence_name(key) for key in keys}
    if sample is None and _SAMPLE in names:
        names[_SAMPLE] += " (belum diterima)"
    drawn = {key: tuple(_items(key, names[key], submission.content, nominated_on, sample)) for key in keys}
    return {
        code: Evidence(
            items=tuple(item for key in of_line for item in drawn[key]),
            lacking=tuple(names[key] for key in of_line if not drawn[key] and key not in _ELSEWHERE),
            elsewhere=tuple(names[key] for key in of_line if key in _ELSEWHERE),
        )
        for code, of_line in wanted.items()
    }


def _items(
    key: str, name: str, content: Mapping[str, Any], nominated_on: date, sample: Sample | None
) -> Iterator[Item]:
    family, _, kind = key.partition(":")
    if family == "isian":
        yield from _answered(key, content)
    elif family in ("dokumen", "foto"):
        for document in content["documents"]:
            if document["kind"] == kind and document["is_photo"] == (family == "foto"):
                yield _photo(document) if document["is_photo"] else _document(document, nominated_on)
    elif key == _SAMPLE and sample is not None:
        received = wording.plain_date(sample.received_on)
        yield Item("Contoh", f"{name} {sample.code}", f"Diterima {received}: {sample.condition}")


def _answered(key: str, content: Mapping[str, Any]) -> Iterator[Item]:
    for code in _ANSWERS.get(key, ()):
        answer = answers.BY_CODE[code]
        text = answers.in_words(answer, answers.value_in(content, answer))
        if text != answers.NOT_FILLED:
            yield Item("Isian", answer.label, text)


def _document(document: Mapping[str, Any], nominated_on: date) -> Item:
    facts = [
        f"Nomor {document['number']}" if document["number"] else "",
        document["issuer"],
        f"terbit {_day(document['issued_on'])}" if document["issued_on"] else "",
        f"berlaku sampai {_day(document['expires_on'])}" if document["expires_on"] else "",
    ]
    text = ", ".join(fact for fact in facts if fact)
    if document["expires_on"] and date.fromisoformat(document["expires_on"]) < nominated_on:
        text += f"\n\nTidak berlaku lagi pada tanggal pengusulan, {wording.plain_date(nominated_on)}."
    return Item(
        "Dokumen", document["kind_name"], text, url=reverse("file_download", args=[document["file_id"]])
    )


def _photo(document: Mapping[str, Any]) -> Item:
    address = reverse("file_download", args=[document["file_id"]])
    caption = document["caption"] or document["kind_name"]
    return Item("Foto", document["kind_name"], document["caption"], url=address, image=address, alt=caption)


def _day(written: str) -> str:
    return wording.plain_date(date.fromisoformat(written))
