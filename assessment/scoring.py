"""
How a star is computed: from scores on ladders to an exact value, and from the value to a star.

    points of a part  = weight x (sum of the scores / sum of the maxima)
    total             = the sum over the parts, for one assessor: 0 to 100
    value             = the mean of the totals over the assessors, after field verification has replaced a score
    star              = the highest band whose bound the exact value reaches; 0 for none

No Django and no clock; whole numbers and Fraction only, never float. What an instrument must be: instrument_format.py;
how it is read: instrument_reading.py. `python -m assessment.scoring FILE` is the auditor's calculator: calculator.py. A
worked example by hand: docs/scoring.md.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import contains, mul

from assessment.instrument_format import (
    Band,
    Indicator,
    Instrument,
    InvalidInstrument,
    Part,
    ScoringError,
    named,
    shown,
)
from assessment.instrument_reading import parse_instrument

__all__ = [
    "Band",
    "Indicator",
    "Instrument",
    "InvalidInstrument",
    "MissingScore",
    "NoAssessor",
    "OffLadder",
    "Part",
    "PartPoints",
    "Result",
    "ScoringError",
    "UnknownIndicator",
    "display",
    "evaluate",
    "exact_text",
    "parse_instrument",
    "part_points",
    "star_for",
    "total",
]


_WHOLE = {int}


class MissingScore(ScoringError):
    """Indicators of the instrument without a score. A missing score is never a zero."""


class UnknownIndicator(ScoringError):
    """A score for an indicator that this version of the instrument does not have."""


class OffLadder(ScoringError):
    """A score that is no level of its indicator; true, 2.0 and "2" are none either."""


class NoAssessor(ScoringError):
    """There is nobody's assessment to take the mean of."""


@dataclass(frozen=True, slots=True)
class PartPoints:
    """What one assessor gave in one part: `points` of at most `maximum`, from `scores` of at most `score_maximum`."""

    code: str
    scores: int
    score_maximum: int
    points: Fraction
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class Result:
    """
    value: the exact mean, 0 to 100. star: by band on the exact value, 0 for none. flags: codes, in the order of the
    form, of the indicators on which the assessors differ by more than half the maximum, before verification.
    """

    value: Fraction
    star: int
    flags: tuple[str, ...]


# --- One assessor ----------------------------------------------------------------------------------------------
def total(scores: Mapping[str, int], instrument: Instrument) -> Fraction:
    """
    Return one assessor's points for one product: 0 to instrument.maximum, which is 100.

    scores: indicator code -> score; each indicator of the instrument once, each a level of its ladder.
    Raises MissingScore, UnknownIndicator or OffLadder, naming the indicator; a missing score is not a zero.
    Source: "Kriteria untuk Seleksi Produk OVOP Indonesia", parts A to C; the version is instrument.version.
    """
    return Fraction(sum(map(mul, instrument.steps, _in_order(scores, instrument))), instrument.unit)


def part_points(scores: Mapping[str, int], instrument: Instrument) -> tuple[PartPoints, ...]:
    """
    Return one assessor's points part by part, in the order of the form; they add up to total().

    scores and errors: as for total().
    """
    in_order = iter(_in_order(scores, instrument))
    found = []
    for part in instrument.parts:
        scored = sum(next(in_order) for _ in part.indicators)
        points = part.weight * scored / part.score_maximum
        found.append(PartPoints(part.code, scored, part.score_maximum, points, part.weight))
    return tuple(found)


# --- One product -----------------------------------------------------------------------------------------------
def evaluate(
    instrument: Instrument,
    assessments: Mapping[str, Mapping[str, int]],
    verification: Mapping[str, int] | None = None,
) -> Result:
    """
    Return the value, star and flags of one product.

    assessments: assessor -> scores as for total(); the order of the assessors changes nothing.
    verification: indicator code -> the score found in the field, which replaces that of every assessor.
    Raises NoAssessor, MissingScore, UnknownIndicator or OffLadder, naming the assessor and the indicator.
    Whole numbers until the last line: one Fraction per product, however many assessors and indicators.
    """
    if not assessments:
        raise NoAssessor("tidak ada penilai")
    sheets = [_in_order(scores, instrument, who) for who, scores in assessments.items()]
    columns = list(zip(*sheets, strict=True))
    flags = tuple(
        indicator.code
        for indicator, column in zip(instrument.indicators, columns, strict=True)
        if 2 * (max(column) - min(column)) > indicator.maximum
    )
    sums = [sum(column) for column in columns]
    for code, score in (verification or {}).items():
        place = _checked_place(code, score, instrument, "verifikasi: ")
        sums[place] = score * len(sheets)
    points = sum(map(mul, instrument.steps, sums))
    star = next((star for star, bound in instrument.bounds if points >= bound * len(sheets)), 0)
    return Result(Fraction(points, instrument.unit * len(sheets)), star, flags)


def star_for(value: Fraction, instrument: Instrument) -> int:
    """Return the star of an exact value (0 to 100): the highest band whose bound it reaches, 0 for none."""
    return next((band.star for band in instrument.bands if value >= band.bound), 0)


# --- Scores in the order of the form ---------------------------------------------------------------------------
def _in_order(scores: Mapping[str, int], instrument: Instrument, who: str | None = None) -> Sequence[int]:
    """
    Return the scores in the order of instrument.indicators, each one checked against its ladder.

    who: whose sheet an error names. A round of ten thousand comes through here thirty thousand times, so a sheet is
    checked as a whole, and one by one only where something is wrong with it.
    """
    if scores.keys() != instrument.position.keys():
        _refuse_other_indicators(scores, instrument, _whose(who))
    found = [scores[code] for code in instrument.position]
    # `type`, not isinstance: True would pass for 1 and 2.0 for 2.
    if not (_WHOLE.issuperset(map(type, found)) and all(map(contains, instrument.levels, found))):
        for code in instrument.position:
            _checked_place(code, scores[code], instrument, _whose(who))
    return found


def _whose(who: str | None) -> str:
    return "" if who is None else f"penilai {named(who)}: "


def _refuse_other_indicators(scores: Mapping[str, int], instrument: Instrument, whose: str) -> None:
    unknown = [code for code in scores if code not in instrument.position]
    if unknown:
        raise UnknownIndicator(f"{whose}indikator {_list_of(unknown)} tidak ada dalam instrumen")
    missing = [indicator.code for indicator in instrument.indicators if indicator.code not in scores]
    raise MissingScore(f"{whose}indikator {_list_of(missing)} belum dinilai")


def _checked_place(code: str, score: int, instrument: Instrument, whose: str) -> int:
    place = instrument.position.get(code)
    if place is None:
        raise UnknownIndicator(f"{whose}indikator {named(code)} tidak ada dalam instrumen")
    indicator = instrument.indicators[place]
    if type(score) is not int or score not in indicator.levels:
        raise _off_ladder(indicator, score, whose)
    return place


def _off_ladder(indicator: Indicator, score: object, whose: str) -> OffLadder:
    ladder = ", ".join(shown(level) for level in indicator.levels)
    return OffLadder(
        f"{whose}indikator {named(indicator.code)}: skor {shown(score)} bukan salah satu jenjang ({ladder})"
    )


def _list_of(codes: Sequence[str]) -> str:
    return ", ".join(named(code) for code in codes)


# --- How a value is written ------------------------------------------------------------------------------------
def display(value: Fraction) -> str:
    """
    Return a value for reading: two decimals, half up, with the Indonesian comma ("89,83").

    For the eye only: 89.996 shows as "90,00" and is still below a bound of 90; a star is never decided on this.
    Raises ValueError for a negative value, which no product has.
    """
    if value < 0:
        raise ValueError(f"negative value {value}")
    hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{hundredths // 100},{hundredths % 100:02d}"


def exact_text(value: Fraction) -> str:
    """Return the exact value in lowest terms: "539/6"; a whole number without its denominator: "90"."""
    return str(value)


if __name__ == "__main__":
    # Its own module, so that the classes here exist once and not a second time as __main__'s.
    from assessment.calculator import main

    sys.exit(main(sys.argv[1:]))
