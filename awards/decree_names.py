"""
What a decree is called, by the level that signs it (documents.md 7): in its heading, in a sentence, on a certificate,
in the block of its signature. The level is of each decree; one that changes or revokes has that of the first.
"""

from dataclasses import dataclass

from .certificate_text import decree_number
from .models import Decree

PROGRAMME = "Penghargaan One Village One Product"
_GENERAL = "Direktur Jenderal Industri Kecil, Menengah, dan Aneka"
_MINISTER = "Menteri Perindustrian Republik Indonesia"
_MINISTER_LINES = ("MENTERI PERINDUSTRIAN", "REPUBLIK INDONESIA")


@dataclass(frozen=True)
class Names:
    """
    heading, office: capitals, at the top. name: in a sentence; name_en beside it. short: "Keputusan Menteri" ini.
    signatory: the office as a certificate prints it, in one line. lines: the block of the signature.
    """

    heading: str
    office: str
    name: str
    name_en: str
    short: str
    signatory: str
    lines: tuple[str, ...]


_OF_MINISTER = (
    "KEPUTUSAN MENTERI PERINDUSTRIAN REPUBLIK INDONESIA",
    _MINISTER.upper(),
    "Keputusan Menteri Perindustrian",
    "Decree of the Minister of Industry",
    "Keputusan Menteri",
)
_BY_LEVEL = {
    Decree.Level.MINISTER: Names(*_OF_MINISTER, _MINISTER, (_MINISTER_LINES[0], f"{_MINISTER_LINES[1]},")),
    Decree.Level.FOR_MINISTER: Names(
        *_OF_MINISTER,
        f"a.n. Menteri Perindustrian, {_GENERAL}",
        (f"a.n. {_MINISTER_LINES[0]}", _MINISTER_LINES[1], f"{_GENERAL.upper()},"),
    ),
    Decree.Level.DIRECTOR_GENERAL: Names(
        f"KEPUTUSAN {_GENERAL.upper()}",
        _GENERAL.upper(),
        f"Keputusan {_GENERAL}",
        "Decree of the Director General of Small, Medium and Miscellaneous Industries",
        "Keputusan Direktur Jenderal",
        _GENERAL,
        (f"{_GENERAL.upper()},",),
    ),
}


def of(level: str) -> Names:
    return _BY_LEVEL[Decree.Level(level)]


def number(decree: Decree) -> str:
    """ "1214 Tahun 2026", "98/IKM/PER/9/2013" as it is, "" for a draft."""
    if not decree.number or decree.date is None:
        return decree.number
    own, year = decree_number(decree.number, decree.date.year)
    return f"{own} Tahun {year}" if year else own


def named(decree: Decree) -> str:
    """ "Keputusan Menteri Perindustrian Nomor 1214 Tahun 2026"."""
    return f"{of(decree.level).name} Nomor {number(decree)}"


def about(decree: Decree) -> str:
    """What it is about, as it stands in a sentence; the heading has it in capitals."""
    if decree.kind == Decree.Kind.REVOKING:
        return f"Pencabutan {PROGRAMME} Tahun {decree.round_id} atas nama {decree.annex[0]['ikm_name']}"
    established = f"Penetapan Penerima {PROGRAMME} Tahun {decree.round_id}"
    if decree.kind == Decree.Kind.CHANGING and decree.changes:
        return f"Perubahan atas {named(decree.changes)} tentang {established}"
    return established
