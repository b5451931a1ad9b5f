"""
The balanced draw: who assesses what, so that loads differ as little as the rules allow, with a seed that repeats it.

Pure arithmetic over keys, no database: draws.py brings the facts and takes the plan over. Solved as a flow of least cost
by OR-Tools: each open seat of a nomination is one unit that runs to an assessor; one node for each pair keeps an assessor
from sitting twice; a nomination without anybody from outside has one seat that only an association or a campus can fill;
each further nomination of an assessor costs more than the one before, so that the least cost is the evenest load.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Among plans that are equally even the seed decides; all of its costs together weigh less than one seat.
_CHANCE = 1000


@dataclass(frozen=True)
class Seat:
    """A nomination that needs `open` more assessors, one of them from outside where `needs_outside`."""

    nomination: int
    group: str
    open: int
    needs_outside: bool
    # Who may sit there by the rules, and does not yet.
    allowed: frozenset[int]


@dataclass(frozen=True)
class Shortage:
    """How many seats of a group nobody can take: of those for an association or campus, or of the others."""

    group: str
    from_outside: bool
    seats: int


@dataclass(frozen=True)
class Plan:
    """nomination -> assessors to add, in order; empty with shortages where not every seat can be filled."""

    seats: Mapping[int, tuple[int, ...]]
    shortages: tuple[Shortage, ...]

    @property
    def is_whole(self) -> bool:
        return not self.shortages

    @property
    def assigned(self) -> int:
        return sum(len(people) for people in self.seats.values())


def draw(seats: Sequence[Seat], *, outside: frozenset[int], loads: Mapping[int, int], seed: int) -> Plan:
    """
    Fill every open seat; the same seats, people, loads and seed give the same plan.

    outside: the assessors of associations and campuses. loads: what each has on hand already. A seat is filled or
    named in a shortage: "at least one from outside" is never given up for a fuller panel.
    """
    network = _Network(seats, outside=outside, loads=loads, seed=seed)
    network.solve()
    shortages = network.shortages()
    return Plan({} if shortages else network.plan(), tuple(shortages))


class _Network:
    """The flow network: source, two kinds of seat for a nomination, pairs, assessors, sink."""

    def __init__(
        self, seats: Sequence[Seat], *, outside: frozenset[int], loads: Mapping[int, int], seed: int
    ) -> None:
        self._seats = [seat for seat in sorted(seats, key=lambda each: each.nomination) if seat.open > 0]
        self._outside = outside
        # (tail, head, capacity, cost) of each arc; handed to the solver in one go.
        self._arcs: list[tuple[int, int, int, int]] = []
        self._flows: list[int] = []
        self._chance = random.Random(seed)  # noqa: S311  # a draw that can be repeated, not a secret
        self._nodes = 0
        self._source, self._sink = self._node(), self._node()
        self._seat_arcs: list[tuple[int, Seat, bool, int]] = []
        self._pair_arcs: list[tuple[int, int, int]] = []
        wanted = sum(seat.open for seat in self._seats)
        people = sorted({person for seat in self._seats for person in seat.allowed})
        step = _CHANCE * (wanted + 1)
        assessors = {person: self._node() for person in people}
        for seat in self._seats:
            self._add(seat, assessors)
        possible = Counter(person for seat in self._seats for person in seat.allowed)
        for person, node in assessors.items():
            there = loads.get(person, 0)
            for nth in range(1, possible[person] + 1):
                self._arc(node, self._sink, 1, (there + nth) * step)
        self._wanted = wanted

    def _node(self) -> int:
        self._nodes += 1
        return self._nodes - 1

    def _arc(self, tail: int, head: int, capacity: int, cost: int) -> int:
        self._arcs.append((tail, head, capacity, cost))
        return len(self._arcs) - 1

    def _add(self, seat: Seat, assessors: Mapping[int, int]) -> None:
        reserved = self._kind_of_seat(seat, 1, from_outside=True) if seat.needs_outside else None
        rest = seat.open - (1 if seat.needs_outside else 0)
        free = self._kind_of_seat(seat, rest, from_outside=False) if rest else None
        for person in sorted(seat.allowed):
            pair = self._node()
            chance = self._chance.randrange(_CHANCE)
            if reserved is not None and person in self._outside:
                self._arc(reserved, pair, 1, 0)
            if free is not None:
                self._arc(free, pair, 1, 0)
            self._pair_arcs.append((self._arc(pair, assessors[person], 1, chance), seat.nomination, person))

    def _kind_of_seat(self, seat: Seat, count: int, *, from_outside: bool) -> int:
        node = self._node()
        arc = self._arc(self._source, node, count, 0)
        self._seat_arcs.append((arc, seat, from_outside, count))
        return node

    def solve(self) -> None:
        import numpy as np
        from ortools.graph.python import min_cost_flow

        if not self._seats:
            return
        solver = min_cost_flow.SimpleMinCostFlow()
        added = solver.add_arcs_with_capacity_and_unit_cost(*np.array(self._arcs).T)
        solver.set_node_supply(self._source, self._wanted)
        solver.set_node_supply(self._sink, -self._wanted)
        status = solver.solve_max_flow_with_min_cost()
        if status != solver.OPTIMAL:
            raise ArithmeticError(f"the solver gave no optimal flow: {status}")
        self._flows = solver.flows(added).tolist()

    def shortages(self) -> list[Shortage]:
        lacking: Counter[tuple[str, bool]] = Counter()
        for arc, seat, from_outside, count in self._seat_arcs:
            lacking[seat.group, from_outside] += count - self._flows[arc]
        return [
            Shortage(group, from_outside, seats)
            for (group, from_outside), seats in sorted(lacking.items())
            if seats
        ]

    def plan(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {seat.nomination: [] for seat in self._seats}
        for arc, nomination, person in self._pair_arcs:
            if self._flows[arc]:
                found[nomination].append(person)
        return {nomination: tuple(people) for nomination, people in found.items()}
