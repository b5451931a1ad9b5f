"""
The certificate's page: facts -> HTML -> PDF/A-3a, one A4 landscape sheet. Knows no models.

The same facts give the same bytes, in any process (certificate_pdf.py); what cannot be printed as it should be is
refused with an `Unprintable` that says why, before anything is drawn. WeasyPrint is loaded by `pdf` only, so never in
a web process.
"""

import unicodedata
from dataclasses import replace
from functools import cache
from typing import Any

from django.template.loader import render_to_string

from . import certificate_drawings as drawings
from . import certificate_looks as looks
from . import certificate_text as text
from . import codes
from .certificate_layout import Line, lines
from .certificate_text import Facts, FactsDisagree, Unprintable
from .certificate_type import FACES, CharactersMissing, TooLong, face

__all__ = [
    "TEMPLATE_VERSION",
    "CharactersMissing",
    "Facts",
    "FactsDisagree",
    "TooLong",
    "Unprintable",
    "check",
    "html",
    "missing_characters",
    "pdf",
]

# Raised with every change of what a certificate looks like: the same facts and version give the same bytes.
TEMPLATE_VERSION = "3"
_PRINTED = (
    "number",
    "ikm_name",
    "product_name",
    "commodity_name",
    "commodity_name_en",
    "place_name",
    "province_name",
    "decree_title",
    "decree_title_en",
    "decree_number",
    "issued_place",
    "signatory_office",
    "signatory_name",
    "instrument",
    "host",
    "signature_note",
    "words",
    "words_en",
)


def missing_characters(facts: Facts) -> set[str]:
    """Return the characters of what would be printed that some face of the certificate cannot draw."""
    printed = unicodedata.normalize("NFC", "".join(getattr(facts, name) for name in _PRINTED))
    return {character for name in FACES for character in face(name).missing(printed)}


def check(facts: Facts) -> None:
    """
    Raise what `pdf` would raise, without drawing: CharactersMissing, TooLong, FactsDisagree, Unprintable.

    For all certificates of a batch before the first one is numbered.
    """
    _set(facts)


def html(facts: Facts, *, with_style: bool = True) -> str:
    """
    Return the page as HTML with its style inside; pictures and fonts stand under `project:` addresses.

    Raises as `check` does.
    """
    facts, fitted = _set(facts)
    note, note_en = text.how_to_check(facts)
    context: dict[str, Any] = {
        "facts": facts,
        "title": text.title(facts),
        "description": f"{text.decree(facts)}. {facts.product_name}: {text.stars(facts)}.",
        "keywords": ", ".join(
            ["OVOP", str(facts.round_year), *(["data contoh"] if facts.is_example else [])]
        ),
        "version": TEMPLATE_VERSION,
        "created": f"{facts.issued_date.isoformat()}T00:00:00+07:00",
        "style": style() if with_style else "",
        "example_mark": text.EXAMPLE_MARK,
        "preview_mark": text.PREVIEW_MARK,
        "emblem": drawings.EMBLEM if facts.emblem else "",
        "look": _classes(facts),
        "further": fitted.get("further"),
        "ministry": text.MINISTRY,
        "ministry_en": text.MINISTRY_EN,
        "award": text.AWARD,
        "lines": {kind.replace("-", "_"): line for kind, line in fitted.items()},
        "stars": drawings.stars_address(facts.star, facts.maximum_star),
        "stars_text": text.stars(facts).capitalize(),
        "qr": drawings.qr_address(facts.verify_url),
        "code": codes.printed(facts.code),
        "note": note,
        "note_en": note_en,
    }
    return render_to_string("awards/certificate.html", context)


def pdf(facts: Facts) -> bytes:
    """
    Return the certificate as PDF/A-3a: one page, tagged, the canonical record attached as `facts.json`.

    Raises as `check` does; UnusableEmblem for a file that must not stand in the slot.
    """
    from .certificate_pdf import render

    return render(facts, html(facts, with_style=False))


@cache
def style() -> str:
    return render_to_string("awards/certificate.css")


def _classes(facts: Facts) -> str:
    """The classes of the page: as it is shipped it has at most "open", nothing standing in the slot of the emblem."""
    shipped = {looks.SHIPPED_FRAME, looks.SHIPPED_COLOUR}
    found = [
        *([] if facts.emblem else ["open"]),
        *(name for name in (facts.frame, facts.colour) if name not in shipped),
        *(["said"] if facts.words else []),
    ]
    return " ".join(found)


def _set(facts: Facts) -> tuple[Facts, dict[str, Line]]:
    """
    The facts as they are printed and their lines, each fitted to its place.

    Letters and their marks are composed (NFC), as the faces hold them: canonically the same text.
    """
    text.check(facts)
    if facts.frame not in looks.FRAMES or facts.colour not in looks.COLOURS:
        raise Unprintable(f"Rupa piagam {facts.frame}, {facts.colour} tidak dikenal.")
    if bool(facts.words) != bool(facts.words_en):
        raise Unprintable("Kalimat tambahan pada piagam harus ada dalam kedua bahasa.")
    if facts.emblem is not None and not facts.emblem_text.strip():
        raise Unprintable("Lambang pada piagam belum diberi keterangan.")
    if codes.normalise(facts.code) != facts.code:
        raise Unprintable(f"Kode verifikasi {facts.code} bukan kode 16 huruf dan angka.")
    if facts.code not in facts.verify_url or facts.host not in facts.verify_url:
        raise FactsDisagree("verify_url", facts.verify_url, f"{facts.host}/…/{facts.code}")
    if missing := missing_characters(facts):
        raise CharactersMissing(missing)
    composed: dict[str, Any] = {name: unicodedata.normalize("NFC", getattr(facts, name)) for name in _PRINTED}
    facts = replace(facts, **composed)
    return facts, lines(facts)
