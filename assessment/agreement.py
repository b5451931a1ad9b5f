"""
How far assessors agree: Krippendorff's alpha for each indicator, and how lenient each of them is, with its uncertainty.

Advice for the chair, never a change of a score (docs/decisions/0060). Scores are whole numbers and alpha is an exact
fraction; leniency is an estimate and a float, which decides nothing. Imports no Django.

Sources: K. Krippendorff, Content Analysis (2004), chapter 11: alpha for interval data, and its readings 0.800 and 0.667;
the additive model value = nomination + leniency is fitted by least squares within nominations.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

RELIABLE, TENTATIVE = Fraction(800, 1000), Fraction(667, 1000)
# Two standard errors on each side: about 95 of 100.
STANDARD_ERRORS = 2


def alpha(units: Iterable[Sequence[int]]) -> Fraction | None:
    """
    Krippendorff's alpha for interval data, exactly; `units`: the scores that each nomination got on one indicator.

    A unit with one score alone says nothing of agreement and is left out. None where fewer than two units are left,
    or where all scores are the same: nothing can be told from scores that never vary.
    """
    pairable = [list(unit) for unit in units if len(unit) > 1]
    if len(pairable) < 2:
        return None
    count = sum(len(unit) for unit in pairable)
    everything = [score for unit in pairable for score in unit]
    expected = Fraction(_squares(everything), count * (count - 1))
    if expected == 0:
        return None
    observed = sum((Fraction(_squares(unit), len(unit) - 1) for unit in pairable), Fraction(0)) / count
    return 1 - observed / expected


def _squares(scores: Sequence[int]) -> int:
    """The sum of the squared differences of all ordered pairs, without going through the pairs."""
    return 2 * (len(scores) * sum(score * score for score in scores) - sum(scores) ** 2)


def reading(value: Fraction | None) -> str:
    """What a value of alpha says, in words."""
    if value is None:
        return "Belum dapat dihitung"
    if value >= RELIABLE:
        return "Selaras"
    return "Cukup selaras" if value >= TENTATIVE else "Kurang selaras"


@dataclass(frozen=True)
class Leniency:
    """
    By how many points an assessor gives more (less, where negative) than the others did on the same nominations.

    standard_error is None where the scores are too few to estimate it.
    """

    assessor: int
    nominations: int
    points: float
    standard_error: float | None

    @property
    def stands_out(self) -> bool:
        """Whether it is more than chance: beyond two standard errors."""
        return self.standard_error is not None and abs(self.points) > STANDARD_ERRORS * self.standard_error


def leniencies(totals: Mapping[int, Mapping[int, Fraction]]) -> list[Leniency]:
    """
    Estimate the leniency of each assessor from nomination -> assessor -> total points (0 to 100); most lenient first.

    Within each set of assessors that shared nominations with one another the estimates add up to nothing: two panels
    that never met cannot be compared. Nominations with one total alone are left out.
    """
    import numpy as np

    shared = {unit: scores for unit, scores in totals.items() if len(scores) > 1}
    people = sorted({person for scores in shared.values() for person in scores})
    if not people:
        return []
    place = {person: number for number, person in enumerate(people)}
    laplacian = np.zeros((len(people), len(people)))
    excess = np.zeros(len(people))
    within = 0.0
    given: dict[int, int] = defaultdict(int)
    for scores in shared.values():
        mean = float(sum(scores.values(), Fraction(0)) / len(scores))
        for person, total in scores.items():
            given[person] += 1
            deviation = float(total) - mean
            excess[place[person]] += deviation
            within += deviation * deviation
            for other in scores:
                laplacian[place[person], place[other]] -= 1 / len(scores)
            laplacian[place[person], place[person]] += 1
    inverse = np.linalg.pinv(laplacian, hermitian=True)
    points = inverse @ excess
    count = sum(given.values())
    freedom = count - len(shared) - int(np.linalg.matrix_rank(laplacian, hermitian=True))
    residual = max(within - float(points @ excess), 0.0)
    found = [
        Leniency(
            person,
            given[person],
            float(points[number]),
            math.sqrt(residual / freedom * max(float(inverse[number, number]), 0.0)) if freedom > 0 else None,
        )
        for person, number in place.items()
    ]
    return sorted(found, key=lambda one: (-one.points, one.assessor))


def adjusted(scores: Mapping[int, Fraction], by_assessor: Mapping[int, Leniency]) -> float:
    """The mean of the totals of one nomination, each without its assessor's leniency (0 for whoever has none)."""
    corrected = [
        float(total) - (by_assessor[person].points if person in by_assessor else 0.0)
        for person, total in scores.items()
    ]
    return sum(corrected) / len(corrected)
