"""
How the words of a certificate fit on the paper: measured with the faces' own advance widths, before anything is drawn.

A text first shrinks, then breaks into two lines of even length, and is never cut. What a face cannot draw is found
here too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from .certificate_text import Unprintable

FONTS = Path(settings.BASE_DIR) / "fixtures" / "fonts"
SERIF, ITALIC, TITLE, NAME = "ovop-serif-400", "ovop-serif-400-italic", "ovop-serif-600", "ovop-serif-700"
SANS, SANS_BOLD = "plus-jakarta-sans-400", "plus-jakarta-sans-600"
FACES = (SERIF, ITALIC, TITLE, NAME, SANS, SANS_BOLD)
MM_PER_POINT = 25.4 / 72


class TooLong(Unprintable):
    """A text that does not fit at its smallest size in its number of lines; `field` names it."""

    def __init__(self, field_name: str, text: str) -> None:
        super().__init__(f"Isian {field_name} terlalu panjang untuk piagam ({len(text)} huruf): {text}")
        self.field = field_name


class CharactersMissing(Unprintable):
    """Characters that no face of the certificate can draw."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = frozenset(characters)
        named = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in sorted(self.characters))
        super().__init__(f"Huruf ini tidak ada pada aksara piagam: {named}.")


@dataclass(frozen=True)
class Face:
    """One face: advance widths in em by character."""

    widths: dict[str, float]

    def width(self, text: str, points: float) -> float:
        """Width of `text` in mm at a size in points, without kerning. Raises CharactersMissing."""
        try:
            return sum(self.widths[character] for character in text) * points * MM_PER_POINT
        except KeyError:
            raise CharactersMissing(set(text) - self.widths.keys()) from None

    def missing(self, text: str) -> set[str]:
        return set(text) - self.widths.keys()


@dataclass(frozen=True)
class Fitted:
    """A text as it is set: its lines, top to bottom, and their size in points."""

    lines: tuple[str, ...]
    points: float


@cache
def face(name: str) -> Face:
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / f"{name}.ttf", lazy=True) as font:
        em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        return Face({chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()})


def fit(
    text: str, *, field: str, name: str, width: float, sizes: Iterable[float], two_lines: Iterable[float] = ()
) -> Fitted:
    """
    Return `text` in the largest of `sizes` (points, falling) in which one line of `width` mm holds it, else in the
    largest of `two_lines` in which two lines do, broken at the space that makes them most even.

    Raises TooLong naming `field`, CharactersMissing.
    """
    shape = face(name)
    em = shape.width(text, 1)
    for points in sizes:
        if em * points <= width:
            return Fitted((text,), points)
    lines = _halves(text, shape)
    longest = max(shape.width(line, 1) for line in lines)
    for points in two_lines:
        if longest * points <= width:
            return Fitted(lines, points)
    raise TooLong(field, text)


def _halves(text: str, shape: Face) -> tuple[str, ...]:
    """`text` as it is where it has no space, else the two parts of which the longer one is shortest."""
    words = text.split(" ")
    breaks = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    return min(breaks, key=lambda lines: max(shape.width(line, 1) for line in lines), default=(text,))


def falling(largest: float, smallest: float) -> list[float]:
    """Sizes from largest to smallest in steps of half a point, both included."""
    return [largest - step / 2 for step in range(round((largest - smallest) * 2) + 1)]
