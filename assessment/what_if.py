"""
What if: the stars of a group under other bands, other weights, or without one of its assessors. A simulation that
changes nothing and is kept nowhere; what counts is the instrument that was published (scoring.py). No Django.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from . import scoring

Sheets = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Change:
    """One nomination (its assessment's key) whose value or star differs: as it is, and as it would be."""

    assessment: int
    value: Fraction
    star: int
    other_value: Fraction
    other_star: int


@dataclass(frozen=True)
class Outcome:
    """changes: those whose star would be another one. before, after: star -> how many; both add up to `total`."""

    changes: tuple[Change, ...]
    before: Mapping[int, int]
    after: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.before.values())


def altered(
    form: scoring.Instrument, *, bounds: Mapping[int, Fraction], weights: Mapping[str, Fraction]
) -> scoring.Instrument:
    """
    The form with other bounds (star -> from which value) and weights (part -> points).

    Raises scoring.InvalidInstrument where they make no instrument: weights that are not 100, bands out of order.
    """
    bands = tuple(replace(band, bound=bounds.get(band.star, band.bound)) for band in form.bands)
    parts = tuple(replace(part, weight=weights.get(part.code, part.weight)) for part in form.parts)
    return scoring.Instrument(code=form.code, version=form.version, parts=parts, bands=bands, name=form.name)


def compare(
    sheets: Mapping[int, Sheets],
    form: scoring.Instrument,
    other: scoring.Instrument,
    verified: Mapping[int, Mapping[str, int]] | None = None,
) -> Outcome:
    """
    Evaluate every nomination (assessment -> its sheets) with both forms; the highest value first.

    verified: assessment -> what field verification found otherwise, which counts on both sides.
    """
    changes, before, after = [], Counter[int](), Counter[int]()
    for assessment, panel in sheets.items():
        found = (verified or {}).get(assessment)
        now, then = scoring.evaluate(form, panel, found), scoring.evaluate(other, panel, found)
        before[now.star] += 1
        after[then.star] += 1
        if now.star != then.star:
            changes.append(Change(assessment, now.value, now.star, then.value, then.star))
    changes.sort(key=lambda change: (-change.value, change.assessment))
    return Outcome(tuple(changes), before, after)


def without_one(
    panel: Sheets, form: scoring.Instrument, verification: Mapping[str, int] | None = None
) -> dict[str, scoring.Result]:
    """sheet -> the result of the panel without that sheet; empty for a panel of one."""
    if len(panel) < 2:
        return {}
    return {
        left_out: scoring.evaluate(
            form, {key: sheet for key, sheet in panel.items() if key != left_out}, verification
        )
        for left_out in panel
    }


def hangs_on_one(
    panel: Sheets, form: scoring.Instrument, verification: Mapping[str, int] | None = None
) -> bool:
    """Whether leaving out any one sheet would make another star."""
    star = scoring.evaluate(form, panel, verification).star
    return any(result.star != star for result in without_one(panel, form, verification).values())
