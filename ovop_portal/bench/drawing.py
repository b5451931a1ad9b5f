"""The draw of a whole round, three assessors for each nomination: the solver beside taking whoever has least to do."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from time import process_time

from assessment import balance

from .measuring import Row, compare

SIZE = 1000
PANEL = 3
# An assessor for each eight nominations and a third, as 120 for 1,000; a third of them from an association or campus.
PEOPLE_PER_SEAT = 0.04
# Each may not judge about a fifth: own regency, own office, an interest.
FORBIDDEN = 0.2
SECONDS_AT_MOST = 5
# The solver looks at all seats at once and is slower than one pass; it has to stay within seconds, whatever the ratio.
AIM = 0.001


def measure(size: int) -> Row:
    """
    Ours: `balance.draw`, the flow of least cost, from seats held in memory to the plan. Theirs: each nomination in turn
    takes, of those who may, whoever has least so far, one from outside first. What each leaves unfilled and how far
    loads are apart stands in the notes; broken where it takes more than 5 s of processor time or leaves a seat empty.
    """
    seats, outside = _round(size)
    plan = balance.draw(seats, outside=outside, loads={}, seed=1)
    taken = one_after_the_other(seats, outside)
    began = process_time()
    balance.draw(seats, outside=outside, loads={}, seed=2)
    took = process_time() - began

    def ours(number: int) -> int:
        return balance.draw(seats, outside=outside, loads={}, seed=number).assigned

    def theirs(_: int) -> int:
        return sum(map(len, one_after_the_other(seats, outside).values()))

    row = compare("draw", ours=ours, theirs=theirs, unit="seats/s", beside="least busy first", aim=AIM)
    broken = ""
    if took > SECONDS_AT_MOST:
        broken = f"the draw took {took:.1f} s of processor, at most {SECONDS_AT_MOST} s are promised"
    elif not plan.is_whole:
        broken = "the draw left a seat empty"
    people = len({person for seat in seats for person in seat.allowed})
    return replace(
        row,
        notes=(
            f"{size} x {PANEL} over {people} assessors: {took:.2f} s of processor",
            f"the solver: {_told(plan.seats, seats)}; least busy first: {_told(taken, seats)}",
        ),
        broken=broken,
    )


def one_after_the_other(seats: list[balance.Seat], outside: frozenset[int]) -> dict[int, tuple[int, ...]]:
    """nomination -> who it takes; a seat that nobody may take when its turn comes stays empty."""
    loads: Counter[int] = Counter()
    found = {}
    for seat in seats:
        chosen: list[int] = []
        for place in range(seat.open):
            own = seat.allowed & outside if seat.needs_outside and place == 0 else seat.allowed
            left = own - set(chosen)
            if left:
                chosen.append(min(left, key=lambda person: (loads[person], person)))
                loads[chosen[-1]] += 1
        found[seat.nomination] = tuple(chosen)
    return found


def _round(size: int) -> tuple[list[balance.Seat], frozenset[int]]:
    chance = random.Random(size)  # noqa: S311  # the same round for every measurement of this size
    people = range(max(9, round(size * PANEL * PEOPLE_PER_SEAT)))
    outside = frozenset(person for person in people if person % 3 == 0)
    seats = []
    for nomination in range(size):
        allowed = frozenset(person for person in people if chance.random() >= FORBIDDEN)
        seats.append(balance.Seat(nomination, "anyaman", PANEL, True, allowed or frozenset(people)))
    return seats, outside


def _told(plan: Mapping[int, tuple[int, ...]], seats: list[balance.Seat]) -> str:
    loads: Counter[int] = Counter(person for people in plan.values() for person in people)
    everybody = {person for seat in seats for person in seat.allowed}
    each = [loads[person] for person in everybody]
    empty = sum(seat.open for seat in seats) - sum(each)
    return f"{min(each)} to {max(each)} each, {empty} seats empty"
