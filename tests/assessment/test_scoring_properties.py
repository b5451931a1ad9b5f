"""What holds for every form and all scores, and that a second, slower way of computing says the same."""

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessment import scoring
from tests.factories.instruments import (
    a_short_form,
    computed_in_fractions,
    full_marks,
    hundredths,
    ladders_of,
    millionths,
    scored_forms,
    sheets_for,
    short_forms,
)

Scored = tuple[dict[str, Any], dict[str, dict[str, int]], dict[str, int]]


@given(scored_forms())
def test_whole_numbers_say_what_fractions_say(scored: Scored) -> None:
    form, assessments, verification = scored
    result = scoring.evaluate(scoring.parse_instrument(form), assessments, verification)
    assert (result.value, result.star, list(result.flags)) == computed_in_fractions(
        form, assessments, verification
    )


@given(scored_forms())
def test_the_value_is_the_mean_of_the_totals_of_the_parts(scored: Scored) -> None:
    form, assessments, verification = scored
    instrument = scoring.parse_instrument(form)
    corrected = [scores | verification for scores in assessments.values()]
    value = scoring.evaluate(instrument, assessments, verification).value
    assert value * len(assessments) == sum(scoring.total(scores, instrument) for scores in corrected)
    for scores in corrected:
        parts = scoring.part_points(scores, instrument)
        assert sum(part.points for part in parts) == scoring.total(scores, instrument)
        assert all(0 <= part.points <= part.maximum for part in parts)


@given(scored_forms(), st.randoms(use_true_random=False))
def test_neither_the_order_of_assessors_nor_of_scores_changes_anything(
    scored: Scored, chance: random.Random
) -> None:
    form, assessments, verification = scored
    instrument = scoring.parse_instrument(form)
    shuffled = {}
    for who in chance.sample(sorted(assessments), len(assessments)):
        codes = chance.sample(sorted(assessments[who]), len(assessments[who]))
        shuffled[who] = {code: assessments[who][code] for code in codes}
    assert scoring.evaluate(instrument, shuffled, verification) == scoring.evaluate(
        instrument, assessments, verification
    )


@given(scored_forms(), st.data())
def test_a_higher_level_always_raises_the_value_and_never_lowers_the_star(
    scored: Scored, data: st.DataObject
) -> None:
    form, assessments, _ = scored
    instrument = scoring.parse_instrument(form)
    who = data.draw(st.sampled_from(sorted(assessments)))
    below = {code: score for code, score in assessments[who].items() if score < ladders_of(form)[code][-1]}
    assume(below)
    code = data.draw(st.sampled_from(sorted(below)))
    higher = data.draw(st.sampled_from([level for level in ladders_of(form)[code] if level > below[code]]))
    raised = {**assessments, who: assessments[who] | {code: higher}}
    before, after = scoring.evaluate(instrument, assessments), scoring.evaluate(instrument, raised)
    assert after.value > before.value
    assert after.star >= before.star


@given(short_forms(), st.integers(1, 4))
def test_all_maxima_make_100_and_reach_the_highest_star(form: dict[str, Any], assessors: int) -> None:
    instrument = scoring.parse_instrument(form)
    best = {code: levels[-1] for code, levels in ladders_of(form).items()}
    result = scoring.evaluate(instrument, {f"p{number}": best for number in range(assessors)})
    assert result == scoring.Result(Fraction(100), form["bands"][0]["star"], ())
    assert instrument.maximum == 100
    assert instrument.top_star == len(form["bands"])


@given(scored_forms())
def test_the_star_of_a_result_is_the_star_of_its_value(scored: Scored) -> None:
    form, assessments, verification = scored
    instrument = scoring.parse_instrument(form)
    result = scoring.evaluate(instrument, assessments, verification)
    assert scoring.star_for(result.value, instrument) == result.star


@given(short_forms(), st.integers(1, 9999), st.data())
def test_a_part_added_takes_exactly_its_share(form: dict[str, Any], weight: int, data: st.DataObject) -> None:
    """Where a new part of weight w comes in and the old ones shrink alike, the old value counts (100 - w) / 100."""
    scores = data.draw(sheets_for(form))
    before = scoring.total(scores, scoring.parse_instrument(form))
    smaller = [
        part | {"weight": millionths(int(Fraction(part["weight"]) * 100) * (10_000 - weight))}
        for part in form["parts"]
    ]
    added = {
        "code": "Z",
        "weight": hundredths(weight),
        "indicators": [{"code": "Z1", "max": 3, "levels": [1, 2, 3]}],
    }
    grown = scoring.parse_instrument(form | {"parts": [*smaller, added]})
    expected = before * Fraction(10_000 - weight, 10_000) + Fraction(weight, 100) * Fraction(2, 3)
    assert scoring.total(scores | {"Z1": 2}, grown) == expected


@given(scored_forms())
def test_an_instrument_that_exists_is_whole_numbers_inside(scored: Scored) -> None:
    instrument = scoring.parse_instrument(scored[0])
    assert {type(step) for step in instrument.steps} | {type(instrument.unit)} == {int}
    assert [(star, Fraction(bound, instrument.unit)) for star, bound in instrument.bounds] == [
        (band.star, band.bound) for band in instrument.bands
    ]


def test_a_product_costs_one_fraction_however_many_assessors(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[int, int]] = []

    def counted(numerator: int, denominator: int) -> Fraction:
        made.append((numerator, denominator))
        return Fraction(numerator, denominator)

    instrument = scoring.parse_instrument(a_short_form())
    monkeypatch.setattr(scoring, "Fraction", counted)
    scoring.evaluate(instrument, {f"p{number}": full_marks() for number in range(9)}, {"A1": 2})
    assert len(made) == 1
