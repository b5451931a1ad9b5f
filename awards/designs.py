"""
What the certificates of a round look like, as data: the version in force, and what it says to the facts of a
certificate. How one is chosen: designing.py.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .certificate_looks import SHIPPED_COLOUR, SHIPPED_FRAME
from .emblems import Checked
from .models import CertificateDesign, Emblem


@dataclass(frozen=True)
class Look:
    """What a design says, kept or not yet. ornament: empty for that of each award's commodity group."""

    frame: str = SHIPPED_FRAME
    ornament: str = ""
    colour: str = SHIPPED_COLOUR
    words: str = ""
    words_en: str = ""
    emblem: Checked | None = None
    emblem_text: str = ""


def current(year: int) -> CertificateDesign | None:
    """The design that certificates of this round are numbered with now; None: as the portal ships it."""
    return CertificateDesign.objects.filter(round=year).order_by("-version").first()


def look_of(design: CertificateDesign | None) -> Look:
    if design is None:
        return Look()
    emblem = None
    if design.emblem_id:
        kept = Emblem.objects.get(pk=design.emblem_id)
        emblem = Checked(bytes(kept.data), kept.media_type)
    return Look(
        design.frame,
        design.ornament,
        design.colour,
        design.words,
        design.words_en,
        emblem,
        design.emblem_text,
    )


def said_by(design: CertificateDesign | Look) -> dict[str, Any]:
    """What a design says, as facts of a certificate, but for its emblem."""
    said = {
        "frame": design.frame, "colour": design.colour, "words": design.words, "words_en": design.words_en,
    }  # fmt: skip
    return said | ({"ornament": design.ornament} if design.ornament else {})


def facts_of(design: CertificateDesign | None) -> dict[str, Any]:
    """What a design says of each of its certificates, as facts; the emblem is read once for a batch."""
    if design is None:
        return {}
    if design.emblem_id is None:
        return said_by(design)
    return {**said_by(design), "emblem": _emblem_data(design.emblem_id), "emblem_text": design.emblem_text}


@lru_cache(maxsize=4)
def _emblem_data(sha256: str) -> bytes:
    """Read once for a batch: what has this hash never changes."""
    return bytes(Emblem.objects.values_list("data", flat=True).get(pk=sha256))
