"""Values, stars and flags computed by hand beforehand; each refusal by its name."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import scoring
from tests.factories.instruments import a_short_form, full_marks, one_ladder_form
from tests.made_once import made_once

# By hand (docs/scoring.md): p1 76 before and 86 after the visit, p2 93, p3 90.5.
P1 = full_marks() | {"A1": 1, "A2": 2, "C1": 4}
P2 = full_marks() | {"B2": 2, "C2": 3}
P3 = full_marks() | {"A2": 2, "C2": 3}


@made_once
def form() -> scoring.Instrument:
    return scoring.parse_instrument(a_short_form())


# --- One assessor -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scores", "points"),
    [
        (full_marks(), Fraction(100)),
        (P1, Fraction(76)),
        (P2, Fraction(93)),
        (P3, Fraction(181, 2)),
        # 30 x 1/6 + 25 x 2/10 + 45 x 1/10
        ({"A1": 0, "A2": 1, "B1": 1, "B2": 0, "B3": 1, "C1": 0, "C2": 1}, Fraction(29, 2)),
    ],
)
def test_a_total_is_weight_times_share_of_the_maxima(
    form: scoring.Instrument, scores: dict[str, int], points: Fraction
) -> None:
    assert scoring.total(scores, form) == points


def test_the_points_of_the_parts_stand_beside_their_maxima(form: scoring.Instrument) -> None:
    assert scoring.part_points(P2, form) == (
        scoring.PartPoints("A", 6, 6, Fraction(30), Fraction(30)),
        scoring.PartPoints("B", 9, 10, Fraction(45, 2), Fraction(25)),
        scoring.PartPoints("C", 9, 10, Fraction(81, 2), Fraction(45)),
    )


# --- One product ------------------------------------------------------------------------------------------------
def test_the_value_is_the_mean_after_the_visit_and_flags_are_from_before_it(form: scoring.Instrument) -> None:
    assessments = {"p1": P1, "p2": P2, "p3": P3}
    assert scoring.evaluate(form, assessments) == scoring.Result(Fraction(173, 2), 4, ("A1",))
    assert scoring.evaluate(form, assessments, {"A1": 3}) == scoring.Result(Fraction(539, 6), 4, ("A1",))


def test_one_assessor_makes_no_flag(form: scoring.Instrument) -> None:
    assert scoring.evaluate(form, {"p1": P1}) == scoring.Result(Fraction(76), 3, ())


@pytest.mark.parametrize(
    ("maximum", "low", "high", "flagged"),
    [(4, 0, 2, False), (4, 0, 3, True), (3, 1, 2, False), (3, 1, 3, True), (5, 2, 4, False), (5, 2, 5, True)],
)
def test_a_flag_needs_more_than_half_the_maximum(maximum: int, low: int, high: int, flagged: bool) -> None:
    form = scoring.parse_instrument(one_ladder_form(maximum, "50"))
    result = scoring.evaluate(form, {"p1": {"A1": high}, "p2": {"A1": low}, "p3": {"A1": low}})
    assert result.flags == (("A1",) if flagged else ())


def test_flags_stand_in_the_order_of_the_form(form: scoring.Instrument) -> None:
    low = {"C2": 1, "C1": 0, "B3": 1, "B2": 0, "B1": 1, "A2": 1, "A1": 0}
    assert scoring.evaluate(form, {"p1": low, "p2": full_marks()}).flags == (
        "A1", "A2", "B1", "B2", "B3", "C1", "C2",
    )  # fmt: skip


@pytest.mark.parametrize("assessors", [1, 2, 3, 7])
@pytest.mark.parametrize(("bound", "star"), [(90, 5), (80, 4), (70, 3), (60, 2), (50, 1)])
def test_a_bound_is_reached_exactly_and_missed_by_the_smallest_step(
    assessors: int, bound: int, star: int
) -> None:
    """The smallest step there is: one score of one assessor, 100 / (3000 x assessors) points."""
    form = scoring.parse_instrument(one_ladder_form(3000, "90", "80", "70", "60", "50"))
    reached = {f"p{number}": {"A1": bound * 30} for number in range(assessors)}
    missed = {**reached, "p0": {"A1": bound * 30 - 1}}
    assert scoring.evaluate(form, reached) == scoring.Result(Fraction(bound), star, ())
    step = Fraction(100, 3000 * assessors)
    assert scoring.evaluate(form, missed) == scoring.Result(bound - step, star - 1, ())


def test_a_value_that_shows_as_90_and_is_less_has_four_stars() -> None:
    form = scoring.parse_instrument(one_ladder_form(30_000, "90", "80", "70", "60", "50"))
    result = scoring.evaluate(form, {"p1": {"A1": 26_999}})
    assert (scoring.display(result.value), result.star) == ("90,00", 4)
    assert scoring.exact_text(result.value) == "26999/300"


@pytest.mark.parametrize(
    ("value", "star"),
    [
        (Fraction(100), 3),
        (Fraction(67, 2), 3),
        (Fraction(3349, 100), 2),
        (Fraction(1, 3), 1),
        (Fraction(3, 10), 1),
        (Fraction(29, 100), 0),
    ],
)
def test_bounds_may_be_decimal_and_below_the_last_there_is_no_star(value: Fraction, star: int) -> None:
    form = scoring.parse_instrument(one_ladder_form(10, "33.5", "10", "0.3"))
    assert scoring.star_for(value, form) == star


def test_thirds_add_up() -> None:
    data = one_ladder_form(3, "100", "66.67", "66.66")
    form = scoring.parse_instrument(data)
    two_thirds = {f"p{number}": {"A1": 2} for number in range(3)}
    # 66.666... is reached by no rounding: below 66.67, above 66.66.
    assert scoring.evaluate(form, two_thirds) == scoring.Result(Fraction(200, 3), 1, ())


# --- Refused ----------------------------------------------------------------------------------------------------
def test_a_missing_score_is_refused_by_name_and_never_a_zero(form: scoring.Instrument) -> None:
    scores = full_marks()
    del scores["B2"], scores["C1"]
    with pytest.raises(scoring.MissingScore, match=r"^penilai p2: indikator B2, C1 belum dinilai$"):
        scoring.evaluate(form, {"p1": full_marks(), "p2": scores})
    with pytest.raises(scoring.MissingScore, match=r"^indikator B2, C1 belum dinilai$"):
        scoring.total(scores, form)


def test_a_score_for_another_versions_indicator_is_refused(form: scoring.Instrument) -> None:
    with pytest.raises(scoring.UnknownIndicator, match="penilai p1: indikator D9 tidak ada"):
        scoring.evaluate(form, {"p1": full_marks() | {"D9": 1}})
    with pytest.raises(scoring.UnknownIndicator, match="verifikasi: indikator D9 tidak ada"):
        scoring.evaluate(form, {"p1": full_marks()}, {"D9": 1})


@pytest.mark.parametrize(
    "score", [-1, 5, 3, True, False, None, 2.0, 2.5, "2", [2], {"score": 2}, Fraction(2)]
)
def test_a_score_that_is_no_level_is_refused(form: scoring.Instrument, score: object) -> None:
    """C1 has the ladder 0, 2, 4, 6: 3 is a whole number, and still no level."""
    wrong = full_marks() | {"C1": score}
    for compute in (
        lambda: scoring.total(wrong, form),
        lambda: scoring.part_points(wrong, form),
        lambda: scoring.evaluate(form, {"p1": wrong}),
        lambda: scoring.evaluate(form, {"p1": full_marks()}, {"C1": score}),
    ):
        with pytest.raises(
            scoring.OffLadder, match=r"indikator C1: skor .* bukan salah satu jenjang \(0, 2, 4, 6\)"
        ):
            compute()


def test_nobodys_mean_is_refused(form: scoring.Instrument) -> None:
    with pytest.raises(scoring.NoAssessor, match="tidak ada penilai"):
        scoring.evaluate(form, {})


# --- Written for the eye ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "shows", "exact"),
    [
        (Fraction(539, 6), "89,83", "539/6"),
        (Fraction(90), "90,00", "90"),
        (Fraction(0), "0,00", "0"),
        (Fraction(100), "100,00", "100"),
        (Fraction(200, 3), "66,67", "200/3"),
        (Fraction(18001, 200), "90,01", "18001/200"),
        (Fraction(17999, 200), "90,00", "17999/200"),
        (Fraction(1, 200), "0,01", "1/200"),
        (Fraction(1, 201), "0,00", "1/201"),
        (Fraction(181, 2), "90,50", "181/2"),
    ],
)
def test_a_value_is_shown_half_up_with_a_comma_and_exactly_in_lowest_terms(
    value: Fraction, shows: str, exact: str
) -> None:
    assert scoring.display(value) == shows
    assert scoring.exact_text(value) == exact


@given(st.integers(0, 10_000))
def test_every_exact_half_of_a_hundredth_goes_up(number: int) -> None:
    assert scoring.display(Fraction(2 * number + 1, 200)) == f"{(number + 1) // 100},{(number + 1) % 100:02d}"


@given(st.decimals(0, 100, places=6))
def test_rounding_agrees_with_the_decimal_module(number: Decimal) -> None:
    rounded = number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert scoring.display(Fraction(number)) == str(rounded).replace(".", ",")


def test_a_negative_value_is_not_shown() -> None:
    with pytest.raises(ValueError, match="negative"):
        scoring.display(Fraction(-1, 2))
