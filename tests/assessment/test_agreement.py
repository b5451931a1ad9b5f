"""Agreement of assessors: alpha exactly as its definition and as a second program says, leniency as it was put in."""

from fractions import Fraction
from itertools import permutations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessment import agreement

# One to four scores on a ladder of 0 to 3, for up to twelve nominations.
UNITS = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), min_size=2, max_size=12)


def by_definition(units):
    """Pair by pair, as the textbook writes it: observed disagreement over expected."""
    pairable = [unit for unit in units if len(unit) > 1]
    everything = [score for unit in pairable for score in unit]
    count = len(everything)
    observed = sum(
        Fraction(sum((a - b) ** 2 for a, b in permutations(unit, 2)), len(unit) - 1) for unit in pairable
    )
    expected = Fraction(sum((a - b) ** 2 for a, b in permutations(everything, 2)), count - 1)
    return 1 - observed / expected


@given(UNITS)
def test_it_is_what_the_definition_says(units):
    found = agreement.alpha(units)
    assume(found is not None)
    assert found == by_definition(units)


@given(UNITS)
def test_another_program_says_the_same(units):
    found = agreement.alpha(units)
    assume(found is not None)
    width = max(len(unit) for unit in units)
    table = np.array([[*unit, *[np.nan] * (width - len(unit))] for unit in units], dtype=float).T
    theirs = krippendorff.alpha(reliability_data=table, level_of_measurement="interval")
    assert float(found) == pytest.approx(theirs, abs=1e-9)


@given(UNITS, st.randoms(use_true_random=False))
def test_neither_the_order_of_nominations_nor_of_assessors_matters(units, chance):
    shuffled = [chance.sample(unit, len(unit)) for unit in units]
    chance.shuffle(shuffled)
    assert agreement.alpha(shuffled) == agreement.alpha(units)


def test_full_agreement_is_one_and_the_opposite_is_below_nothing():
    assert agreement.alpha([(0, 0, 0), (3, 3, 3), (1, 1, 1)]) == 1
    opposite = agreement.alpha([(0, 3), (3, 0), (0, 3)])
    assert opposite is not None
    assert opposite < 0


@pytest.mark.parametrize("units", [[], [(1, 2)], [(1,), (2,), (3, 1)], [(2, 2), (2, 2, 2)]])
def test_too_little_or_nothing_that_varies_tells_nothing(units):
    assert agreement.alpha(units) is None
    assert agreement.reading(agreement.alpha(units)) == "Belum dapat dihitung"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Fraction(1), "Selaras"),
        (Fraction(800, 1000), "Selaras"),
        (Fraction(799, 1000), "Cukup selaras"),
        (Fraction(667, 1000), "Cukup selaras"),
        (Fraction(666, 1000), "Kurang selaras"),
        (Fraction(-1, 2), "Kurang selaras"),
    ],
)
def test_the_readings_of_the_textbook(value, words):
    assert agreement.reading(value) == words


# --- Leniency ------------------------------------------------------------------------------------------------------
def test_a_leniency_that_was_put_in_is_found():
    put_in = {1: 4, 2: -1, 3: -3}
    worth = {10: 70, 11: 82, 12: 55, 13: 91}
    totals = {
        unit: {person: Fraction(value + extra) for person, extra in put_in.items()}
        for unit, value in worth.items()
    }
    found = agreement.leniencies(totals)
    assert [one.assessor for one in found] == [1, 2, 3]
    assert {one.assessor: round(one.points, 9) for one in found} == put_in
    assert all(one.stands_out for one in found)
    by_assessor = {one.assessor: one for one in found}
    assert {
        unit: round(agreement.adjusted(scores, by_assessor), 9) for unit, scores in totals.items()
    } == worth


def test_it_is_found_too_where_nobody_shares_every_nomination():
    put_in = {1: 2, 2: 0, 3: -2, 4: 0}
    panels = {10: (1, 2), 11: (2, 3), 12: (3, 4), 13: (4, 1), 14: (1, 3)}
    totals = {
        unit: {person: Fraction(60 + unit + put_in[person]) for person in panel}
        for unit, panel in panels.items()
    }
    assert {one.assessor: round(one.points, 9) for one in agreement.leniencies(totals)} == put_in


def test_panels_that_never_met_are_each_measured_by_themselves():
    totals = {
        10: {1: Fraction(80), 2: Fraction(70)},
        11: {1: Fraction(60), 2: Fraction(50)},
        20: {3: Fraction(20), 4: Fraction(18)},
        21: {3: Fraction(30), 4: Fraction(28)},
    }
    found = {one.assessor: round(one.points, 9) for one in agreement.leniencies(totals)}
    assert found == {1: 5, 2: -5, 3: 1, 4: -1}


def test_chance_alone_does_not_stand_out():
    totals = {
        10: {1: Fraction(71), 2: Fraction(69)},
        11: {1: Fraction(60), 2: Fraction(62)},
        12: {1: Fraction(81), 2: Fraction(80)},
    }
    assert not any(one.stands_out for one in agreement.leniencies(totals))


def test_one_shared_nomination_gives_no_uncertainty_and_nobody_stands_out():
    found = agreement.leniencies({10: {1: Fraction(80), 2: Fraction(60)}})
    assert [one.standard_error for one in found] == [None, None]
    assert not any(one.stands_out for one in found)


def test_a_nomination_with_one_total_says_nothing():
    assert agreement.leniencies({10: {1: Fraction(80)}}) == []
    assert agreement.leniencies({}) == []
