"""
The instrument as numbers. No Django here.

An Instrument that exists is right: its weights make 100, no code stands twice, each ladder rises to its maximum and
the bands fall. The two ways in which JSON writes one are read by instrument_reading.py, which only translates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

# Digits of a weight or bound, before and behind the point.
DECIMAL_AT_MOST = 40
_SHOWN_AT_MOST = 40
FULL_MARKS = 100


class ScoringError(ValueError):
    """Something in the way of a result. The text is Indonesian, for the auditor, and names what is wrong."""


class InvalidInstrument(ScoringError):
    """The form itself is wrong: a weight, a code, a ladder, a band, or the way it is written."""


def shown(value: object) -> str:
    """Return any value of a JSON file as a message can quote it: short, on one line, nothing unfolded."""
    if isinstance(value, Mapping):
        return "sebuah objek"
    if isinstance(value, list | tuple):
        return "sebuah daftar"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    text = text if len(text) <= _SHOWN_AT_MOST else f"{text[:_SHOWN_AT_MOST]}…"
    return f'"{text}"' if isinstance(value, str) else text


def named(code: str) -> str:
    """Return a code as it stands in a sentence: bare where that is clear, else in quotation marks."""
    return code if len(code) <= _SHOWN_AT_MOST and code.isprintable() and " " not in code else shown(code)


def as_decimal(value: Fraction) -> str:
    """Return a non-negative number as its decimal string, exactly ("100.5"); as a fraction where it has none."""
    for places in range(DECIMAL_AT_MOST + 1):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            return f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return str(value)


# --- What an instrument is -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the form: a ladder of whole, rising, non-negative scores, of which the last is the maximum."""

    code: str
    maximum: int
    levels: tuple[int, ...]
    name: str = ""

    def __post_init__(self) -> None:
        where = f"indikator {named(self.code)}"
        if not self.levels:
            raise InvalidInstrument(f"{where}: jenjangnya kosong")
        if self.levels[0] < 0:
            raise InvalidInstrument(f"{where}: jenjang {shown(self.levels[0])} kurang dari nol")
        for low, high in zip(self.levels, self.levels[1:], strict=False):
            if low >= high:
                raise InvalidInstrument(
                    f"{where}: jenjang {shown(high)} tidak lebih tinggi daripada {shown(low)}"
                )
        if self.maximum != self.levels[-1]:
            raise InvalidInstrument(
                f"{where}: max {shown(self.maximum)} bukan jenjang terakhir ({shown(self.levels[-1])})"
            )
        if self.maximum == 0:
            raise InvalidInstrument(f"{where}: max harus lebih dari nol")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form (A, B, C): its weight is the points that all maxima of its indicators together earn."""

    code: str
    weight: Fraction
    indicators: tuple[Indicator, ...]
    name: str = ""

    def __post_init__(self) -> None:
        if not self.indicators:
            raise InvalidInstrument(f"bagian {named(self.code)}: tidak berisi indikator")
        if self.weight <= 0:
            raise InvalidInstrument(f"bagian {named(self.code)}: bobot harus lebih dari nol")

    @property
    def score_maximum(self) -> int:
        """The sum of the indicators' maxima, in scores (not in points of the 100)."""
        return sum(indicator.maximum for indicator in self.indicators)


@dataclass(frozen=True, slots=True)
class Band:
    """A star, and the value from which it is reached: bound <= value, up to the next higher band's bound."""

    star: int
    bound: Fraction


@dataclass(frozen=True, slots=True)
class Instrument:
    """
    One version of the form of a commodity group, its bands from the highest star down.

    The fields under `parts` and `bands` are derived: the same form in whole numbers, for scoring.evaluate. All
    points and bounds are counted in 1/`unit`, the common denominator of the parts and the bounds.
    """

    code: str
    version: int
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]
    name: str = ""

    indicators: tuple[Indicator, ...] = field(init=False, repr=False, compare=False)
    position: dict[str, int] = field(init=False, repr=False, compare=False)
    levels: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)
    unit: int = field(init=False, repr=False, compare=False)
    steps: tuple[int, ...] = field(init=False, repr=False, compare=False)
    bounds: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.version < 1:
            raise InvalidInstrument(f"instrumen: version {shown(self.version)} bukan bilangan bulat positif")
        if not self.parts:
            raise InvalidInstrument("instrumen: tidak berisi bagian")
        _refuse_twice("bagian", [part.code for part in self.parts])
        indicators = tuple(indicator for part in self.parts for indicator in part.indicators)
        _refuse_twice("indikator", [indicator.code for indicator in indicators])
        total = sum((part.weight for part in self.parts), Fraction(0))
        if total != FULL_MARKS:
            raise InvalidInstrument(f"bobot semua bagian berjumlah {as_decimal(total)}, bukan {FULL_MARKS}")
        self._refuse_bands_that_do_not_fall()

        worth = [part.weight / part.score_maximum for part in self.parts]
        unit = lcm(*(share.denominator for share in worth), *(band.bound.denominator for band in self.bands))
        steps = [
            int(share * unit) for share, part in zip(worth, self.parts, strict=True) for _ in part.indicators
        ]
        object.__setattr__(self, "indicators", indicators)
        object.__setattr__(self, "position", {each.code: place for place, each in enumerate(indicators)})
        object.__setattr__(self, "levels", tuple(each.levels for each in indicators))
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "steps", tuple(steps))
        object.__setattr__(self, "bounds", tuple((band.star, int(band.bound * unit)) for band in self.bands))

    def _refuse_bands_that_do_not_fall(self) -> None:
        if not self.bands:
            raise InvalidInstrument("instrumen: tidak berisi batas bintang (bands)")
        for band in self.bands:
            if band.star < 1:
                raise InvalidInstrument(
                    f"batas bintang: star {shown(band.star)} bukan bilangan bulat positif"
                )
            if not 0 <= band.bound <= FULL_MARKS:
                raise InvalidInstrument(
                    f"batas bintang {shown(band.star)}: from {as_decimal(band.bound)} di luar 0 sampai {FULL_MARKS}"
                )
        for above, below in zip(self.bands, self.bands[1:], strict=False):
            if below.star >= above.star:
                raise InvalidInstrument(
                    f"batas bintang: bintang {shown(below.star)} setelah {shown(above.star)} tidak menurun"
                )
            if below.bound >= above.bound:
                raise InvalidInstrument(
                    f"batas bintang {shown(below.star)}: from {as_decimal(below.bound)} tidak lebih rendah daripada"
                    f" {as_decimal(above.bound)} (bintang {shown(above.star)})"
                )

    @property
    def maximum(self) -> Fraction:
        """The points of a product that has every maximum: 100, by the rule on weights."""
        return sum((part.weight for part in self.parts), Fraction(0))

    @property
    def top_star(self) -> int:
        """How many stars the scheme has: five, or three."""
        return self.bands[0].star


def _refuse_twice(kind: str, codes: Sequence[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidInstrument(f"kode {kind} {named(code)} tertulis dua kali")
        seen.add(code)
