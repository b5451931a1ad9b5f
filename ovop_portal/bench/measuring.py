"""Ours and what it stands beside, in turns, several times over: medians, their ratio, and how far the ratio spreads."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any

REPEATS = 5


@dataclass(frozen=True)
class Row:
    """
    One line of the table. ours, theirs: things per second, medians over the repeats; ratio: ours / theirs; spread: the
    smallest and the largest ratio of a repeat; aim: the ratio that is wanted at least.
    """

    row: str
    ours: float
    unit: str
    beside: str
    theirs: float
    ratio: float
    aim: float
    met: bool
    spread: tuple[float, float]
    # Printed under the table: what was counted; and what was promised and not kept, which ends the command with 1.
    notes: tuple[str, ...] = ()
    broken: str = ""

    def as_json(self) -> dict[str, Any]:
        """The row as contract.md names it."""
        return {name: value for name, value in asdict(self).items() if name not in ("notes", "broken")}


def compare(
    row: str,
    *,
    ours: Callable[[int], int],
    theirs: Callable[[int], int],
    unit: str,
    beside: str,
    aim: float,
) -> Row:
    """
    Time both in turns, REPEATS times; each is called with the number of the turn and returns how many things it did.

    A first turn of each is not counted: it loads modules, fonts and plans. Who begins changes from repeat to repeat, so
    that a machine that grows slower favours nobody.
    """
    ours(0)
    theirs(0)
    pairs = []
    for number in range(1, REPEATS + 1):
        if number % 2:
            mine = _rate(ours, number)
            other = _rate(theirs, number)
        else:
            other = _rate(theirs, number)
            mine = _rate(ours, number)
        pairs.append((mine, other))
    mine, other = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    ratios = [one / two for one, two in pairs]
    ratio = mine / other
    return Row(row, mine, unit, beside, other, ratio, aim, ratio >= aim, (min(ratios), max(ratios)))


def _rate(work: Callable[[int], int], number: int) -> float:
    began = perf_counter()
    done = work(number)
    return done / (perf_counter() - began)
