"""
What explains a value to the office that nominated: each part against the median of its group, where it is strong and
weak, and what would lift it to the next star. Whole numbers and fractions; no Django, no assessor's name.

Words are a person's: explanations.py drafts from this, and somebody reads and releases them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from . import scoring

Sheets = Mapping[str, Mapping[str, int]]

# How many indicators are named on each side, and from where an indicator counts as strong or weak (of its maximum).
NAMED = 5
STRONG, WEAK = Fraction(4, 5), Fraction(3, 5)


@dataclass(frozen=True)
class PartShare:
    """The points of a part, of at most `maximum`, and the median of the group."""

    code: str
    points: Fraction
    maximum: Fraction
    median: Fraction


@dataclass(frozen=True)
class Share:
    """An indicator: the mean score of the panel, of at most `maximum`."""

    code: str
    score: Fraction
    maximum: int

    @property
    def ratio(self) -> Fraction:
        return self.score / self.maximum


@dataclass(frozen=True)
class Lift:
    """What the full score on one indicator would add to the value, in points of the 100."""

    code: str
    points: Fraction


@dataclass(frozen=True)
class Explanation:
    """
    gap: how many points lack to `next_star` (None at the highest). lifts: the fewest indicators that would close it,
    the largest first; empty where none is needed.
    """

    value: Fraction
    star: int
    parts: tuple[PartShare, ...]
    strong: tuple[Share, ...]
    weak: tuple[Share, ...]
    next_star: int | None
    gap: Fraction | None
    lifts: tuple[Lift, ...]


def explain(
    form: scoring.Instrument,
    sheets: Sheets,
    group: Sequence[Sheets],
    verification: Mapping[str, int] | None = None,
) -> Explanation:
    """
    Explain one nomination among its group (`group`: the sheets of all nominations of it, this one too).

    Raises scoring.ScoringError where what is stored is no whole sheet.
    """
    result = scoring.evaluate(form, sheets, verification)
    shares = indicator_shares(form, sheets, verification)
    everybody = [part_points(form, panel) for panel in group] or [part_points(form, sheets)]
    own = part_points(form, sheets, verification)
    parts = tuple(
        PartShare(
            part.code,
            own[part.code],
            part.weight,
            Fraction(median(points[part.code] for points in everybody)),
        )
        for part in form.parts
    )
    by_ratio = sorted(shares, key=lambda share: (-share.ratio, share.code))
    higher = [band for band in form.bands if band.bound > result.value]
    following = min(higher, key=lambda band: band.bound) if higher else None
    gap = following.bound - result.value if following else None
    return Explanation(
        result.value,
        result.star,
        parts,
        tuple(share for share in by_ratio if share.ratio >= STRONG)[:NAMED],
        tuple(share for share in reversed(by_ratio) if share.ratio < WEAK)[:NAMED],
        following.star if following else None,
        gap,
        tuple(_lifts(form, shares, gap)) if gap else (),
    )


def indicator_shares(
    form: scoring.Instrument, sheets: Sheets, verification: Mapping[str, int] | None = None
) -> list[Share]:
    """The mean score on each indicator, in the order of the form; what was found in the field replaces it."""
    found = verification or {}
    return [
        Share(
            indicator.code,
            Fraction(found[indicator.code])
            if indicator.code in found
            else Fraction(sum(sheet[indicator.code] for sheet in sheets.values()), len(sheets)),
            indicator.maximum,
        )
        for indicator in form.indicators
    ]


def part_points(
    form: scoring.Instrument, sheets: Sheets, verification: Mapping[str, int] | None = None
) -> dict[str, Fraction]:
    """part -> points: the parts of a panel add up to its value."""
    shares = {share.code: share.score for share in indicator_shares(form, sheets, verification)}
    return {
        part.code: part.weight
        * sum((shares[indicator.code] for indicator in part.indicators), Fraction(0))
        / part.score_maximum
        for part in form.parts
    }


def _lifts(form: scoring.Instrument, shares: Sequence[Share], gap: Fraction) -> list[Lift]:
    """The largest gains first, until they close the gap; all there are where even that is not enough."""
    score = {share.code: share.score for share in shares}
    gains = [
        Lift(
            indicator.code,
            part.weight * (indicator.maximum - score[indicator.code]) / part.score_maximum,
        )
        for part in form.parts
        for indicator in part.indicators
    ]
    needed: list[Lift] = []
    for gain in sorted(gains, key=lambda lift: (-lift.points, lift.code)):
        if gap <= sum((lift.points for lift in needed), Fraction(0)) or not gain.points:
            break
        needed.append(gain)
    return needed
