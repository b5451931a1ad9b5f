"""The balanced draw: every rule kept, loads as even as they can be, the same seed the same plan, shortages by name."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.balance import Plan, Seat, Shortage, draw

PEOPLE = range(1, 8)
OUTSIDE = frozenset({1, 2})


def a_seat(nomination, *, open_=3, needs_outside=True, allowed=PEOPLE, group="batik"):
    return Seat(nomination, group, open_, needs_outside, frozenset(allowed))


def loads_of(plan: Plan, before=None) -> list[int]:
    counts = Counter(before or {})
    for people in plan.seats.values():
        counts.update(people)
    return [counts[person] for person in PEOPLE]


SEATS = st.lists(
    st.tuples(st.integers(1, 3), st.booleans(), st.sets(st.sampled_from(list(PEOPLE)), min_size=3)),
    min_size=1,
    max_size=8,
).map(
    lambda rows: [
        a_seat(number, open_=open_, needs_outside=needs, allowed=allowed)
        for number, (open_, needs, allowed) in enumerate(rows)
    ]
)


@settings(deadline=None)
@given(SEATS, st.integers(0, 99))
def test_a_whole_plan_keeps_every_rule(seats, seed):
    plan = draw(seats, outside=OUTSIDE, loads={}, seed=seed)
    if not plan.is_whole:
        assert plan.seats == {}
        return
    for seat in seats:
        people = plan.seats[seat.nomination]
        assert len(people) == len(set(people)) == seat.open
        assert set(people) <= seat.allowed
        assert not seat.needs_outside or set(people) & OUTSIDE


@settings(deadline=None, max_examples=40)
@given(SEATS.filter(lambda seats: len(seats) <= 3), st.integers(0, 9))
def test_no_other_plan_is_more_even_and_a_shortage_is_true(seats, seed):
    """All plans there are, counted out by hand, for rounds small enough."""
    plan = draw(seats, outside=OUTSIDE, loads={}, seed=seed)
    evenest = None
    loads = [Counter()]
    for seat in seats:
        panels = [
            panel
            for panel in combinations(sorted(seat.allowed), seat.open)
            if not seat.needs_outside or set(panel) & OUTSIDE
        ]
        loads = [there + Counter(panel) for there in loads for panel in panels]
        loads = list({tuple(sorted(each.items())): each for each in loads}.values())
    if loads:
        evenest = min(sum(count * count for count in each.values()) for each in loads)
    assert plan.is_whole == (evenest is not None)
    if plan.is_whole:
        assert sum(count * count for count in loads_of(plan)) == evenest


def test_loads_differ_by_at_most_one_where_nothing_stands_in_the_way():
    seats = [a_seat(number, needs_outside=False) for number in range(40)]
    loads = loads_of(draw(seats, outside=OUTSIDE, loads={}, seed=1))
    assert sum(loads) == 120
    assert max(loads) - min(loads) <= 1


def test_what_somebody_has_on_hand_already_counts():
    seats = [a_seat(number, open_=1, needs_outside=False) for number in range(12)]
    before = {1: 2, 2: 2}
    loads = loads_of(draw(seats, outside=OUTSIDE, loads=before, seed=1), before)
    assert max(loads) - min(loads) <= 1
    assert sum(loads) == 16


def test_the_seed_repeats_the_draw_and_another_seed_draws_anew():
    seats = [a_seat(number) for number in range(20)]
    first = draw(seats, outside=OUTSIDE, loads={}, seed=4821)
    assert draw(list(reversed(seats)), outside=OUTSIDE, loads={}, seed=4821) == first
    assert any(draw(seats, outside=OUTSIDE, loads={}, seed=seed) != first for seed in range(5))


def test_the_seat_for_an_outsider_is_not_given_up_for_a_fuller_panel():
    plan = draw([a_seat(1, allowed=(3, 4, 5, 6))], outside=OUTSIDE, loads={}, seed=1)
    assert plan.seats == {}
    assert plan.shortages == (Shortage("batik", True, 1),)


def test_a_shortage_names_group_kind_and_number():
    seats = [
        a_seat(1, allowed=(1, 3), group="batik"),
        a_seat(2, allowed=(1, 2, 3, 4), group="batik"),
        a_seat(3, open_=3, allowed=(3, 4), needs_outside=True, group="gerabah"),
    ]
    plan = draw(seats, outside=OUTSIDE, loads={}, seed=1)
    assert plan.shortages == (Shortage("batik", False, 1), Shortage("gerabah", True, 1))


@pytest.mark.parametrize("seats", [[], [a_seat(1, open_=0)]])
def test_nothing_to_fill_is_a_whole_plan(seats):
    plan = draw(seats, outside=OUTSIDE, loads={}, seed=1)
    assert plan.is_whole
    assert plan.assigned == 0
