"""
What the certificate says: the facts of one award, and the two languages' sentences made of them.

The wording is that of the ministry's draft text for the piagam; Indonesian governs, English stands beside it, and names
are not translated. No framework and no database: everything printed is in `Facts`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MINISTRY = "Kementerian Perindustrian Republik Indonesia"
MINISTRY_EN = "Ministry of Industry of the Republic of Indonesia"
AWARD = "One Village One Product (OVOP)"
EXAMPLE_MARK = "CONTOH – data peragaan"
PREVIEW_MARK = "PRATINJAU – TIDAK BERLAKU"
ORNAMENTS = ("tenun", "batik", "anyaman", "gerabah", "makanan", "lainnya")

_NUMBERS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_NUMBERS_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class Unprintable(ValueError):
    """A certificate that cannot be made as it should be; `for_reader` says why, in Indonesian."""

    def __init__(self, for_reader: str) -> None:
        super().__init__(for_reader)
        self.for_reader = for_reader


class FactsDisagree(Unprintable):
    """What would be printed is not what the canonical record says; `field` names it."""

    def __init__(self, field_name: str, printed: object, recorded: object) -> None:
        super().__init__(
            f"Isian {field_name} pada piagam ({printed}) tidak sama dengan catatan penghargaan ({recorded})."
        )
        self.field = field_name


@dataclass(frozen=True)
class Facts:
    """
    Everything that one certificate prints, as decreed.

    code: 16 characters without hyphens. ornament: one of ORNAMENTS. star: 1 to maximum_star. decree_number: as typed
    ("14", "14 TAHUN 2018" or the older "98/IKM/PER/9/2013"). record: the canonical record, embedded as `facts.json`;
    fingerprint: 64 hexadecimal digits of the SHA-256 over canonical_json(record).
    emblem: the official file (PNG, JPEG or SVG) for the slot at the top, empty by default; emblem_text says what it
    shows. frame and colour: of certificate_looks; words and words_en: a further sentence of the design, in both
    languages or none. is_signed: the file gets an electronic signature, so the paper says where that can be checked;
    signature_note: the further sentence that names who certified it, only where that is so.
    """

    number: str
    code: str
    ikm_name: str
    product_name: str
    commodity_name: str
    commodity_name_en: str
    ornament: str
    place_name: str
    province_name: str
    round_year: int
    star: int
    maximum_star: int
    decree_number: str
    decree_year: int
    decree_date: date
    issued_place: str
    issued_date: date
    signatory_office: str
    signatory_name: str
    instrument: str
    fingerprint: str
    verify_url: str
    host: str
    is_example: bool
    is_preview: bool
    record: Mapping[str, Any] = field(hash=False)
    decree_title: str = "Keputusan Menteri Perindustrian"
    decree_title_en: str = "Decree of the Minister of Industry"
    emblem: bytes | None = None
    emblem_text: str = "Lambang negara Republik Indonesia"
    is_signed: bool = False
    signature_note: str = ""
    # The number of the paper that this one replaces.
    replaces: str = ""
    frame: str = "pita"
    colour: str = "tarum"
    words: str = ""
    words_en: str = ""


# Facts that the canonical record repeats under a name of its own: they must be the same.
_RECORDED_AS = {
    "number": "number",
    "code": "code",
    "ikm_name": "ikm",
    "product_name": "product",
    "place_name": "regency",
    "province_name": "province",
    "round_year": "round",
    "star": "star",
    "maximum_star": "maximum_star",
    "decree_number": "decree_number",
    "decree_date": "decree_date",
    "is_example": "is_example",
}


def canonical_json(record: Mapping[str, Any]) -> bytes:
    """Return the one way to write `record`: sorted keys, no spaces, UTF-8. Its SHA-256 is the fingerprint."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check(facts: Facts) -> None:
    """
    Raise FactsDisagree where paper, embedded record and fingerprint would not say the same; Unprintable for a star
    outside its scheme or an unknown ornament.
    """
    for name, key in _RECORDED_AS.items():
        printed = getattr(facts, name)
        printed = printed.isoformat() if isinstance(printed, date) else printed
        if key in facts.record and facts.record[key] != printed:
            raise FactsDisagree(name, printed, facts.record[key])
    fingerprint = hashlib.sha256(canonical_json(facts.record)).hexdigest()
    if facts.fingerprint != fingerprint:
        raise FactsDisagree("fingerprint", facts.fingerprint, fingerprint)
    if not 1 <= facts.star <= facts.maximum_star < len(_NUMBERS):
        raise Unprintable(f"Bintang {facts.star} dari {facts.maximum_star} tidak ada dalam skema bintang.")
    if facts.ornament not in ORNAMENTS:
        raise Unprintable(f"Ragam hias {facts.ornament} tidak dikenal.")


def stars(facts: Facts) -> str:
    """ "bintang empat dari lima"; the maximum comes from the scheme of the instrument."""
    return f"bintang {_NUMBERS[facts.star]} dari {_NUMBERS[facts.maximum_star]}"


def stars_en(facts: Facts) -> str:
    """ "four stars out of five", "one star out of five"."""
    noun = "star" if facts.star == 1 else "stars"
    return f"{_NUMBERS_EN[facts.star]} {noun} out of {_NUMBERS_EN[facts.maximum_star]}"


def day(on: date) -> str:
    """ "13 Maret 2026"."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def day_en(on: date) -> str:
    """ "13 March 2026"."""
    return f"{on.day} {_MONTHS_EN[on.month - 1]} {on.year}"


def decree(facts: Facts) -> str:
    """ "Keputusan Menteri Perindustrian Nomor 14 Tahun 2018 tanggal 5 November 2018"; older numbers hold their year."""
    number, year = decree_number(facts.decree_number, facts.decree_year)
    number = f"{number} Tahun {year}" if year else number
    return f"{facts.decree_title} Nomor {number} tanggal {day(facts.decree_date)}"


def decree_en(facts: Facts) -> str:
    """ "Decree of the Minister of Industry Number 14 of 2018, dated 5 November 2018"."""
    number, year = decree_number(facts.decree_number, facts.decree_year)
    number = f"{number} of {year}" if year else number
    return f"{facts.decree_title_en} Number {number}, dated {day_en(facts.decree_date)}"


def decree_number(written: str, in_year: int) -> tuple[str, int | None]:
    """The decree's own number and the year that follows it, or None where the number carries the year itself."""
    text = written.strip()
    if found := re.fullmatch(r"(.+?)\s+tahun\s+(\d{4})", text, flags=re.IGNORECASE):
        return found[1], int(found[2])
    return (text, None) if "/" in text else (text, in_year)


def commodity(facts: Facts) -> str:
    """The commodity group as it stands within a sentence: its first letter small, unless it is an abbreviation."""
    name = facts.commodity_name
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def title(facts: Facts) -> str:
    """The document's title, as a reader's window shows it."""
    words = f"Piagam Penghargaan OVOP {facts.round_year}, Nomor {facts.number}: {facts.ikm_name}"
    return f"{mark}: {words}" if (mark := marks(facts)) else words


def marks(facts: Facts) -> str:
    """What says that this is no certificate in force: example data, a preview, both or (empty) neither."""
    return "; ".join(
        text for text, holds in ((EXAMPLE_MARK, facts.is_example), (PREVIEW_MARK, facts.is_preview)) if holds
    )


def how_to_check(facts: Facts) -> tuple[str, str]:
    """The honest sentence beside the code, in both languages: a print shows no electronic signature."""
    if facts.is_signed:
        return (
            "Tanda tangan elektronik hanya dapat diperiksa pada berkas PDF; cetakan diperiksa dengan kode ini.",
            "The electronic signature can be checked in the PDF file only; check a print with this code.",
        )
    return (
        "Cetakan dan berkas diperiksa dengan kode ini: isinya harus sama dengan catatan portal.",
        "Check prints and files with this code: they must say what the portal says.",
    )
