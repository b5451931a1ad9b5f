"""What explains a value: parts that add up to it, the median of the group, strong and weak, and the way to the next star."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessment import explaining, scoring

FORM = scoring.parse_instrument(
    {
        "code": "uji",
        "version": 1,
        "parts": [
            {
                "code": "A",
                "weight": "60",
                "indicators": [
                    {"code": "A1", "max": 3, "levels": [0, 1, 2, 3]},
                    {"code": "A2", "max": 3, "levels": [0, 1, 2, 3]},
                ],
            },
            {"code": "B", "weight": "40", "indicators": [{"code": "B1", "max": 2, "levels": [0, 1, 2]}]},
        ],
        "bands": [{"star": 5, "from": "90"}, {"star": 4, "from": "80"}, {"star": 3, "from": "60"}],
    }
)
SHEET = st.fixed_dictionaries({"A1": st.integers(0, 3), "A2": st.integers(0, 3), "B1": st.integers(0, 2)})
PANEL = st.lists(SHEET, min_size=1, max_size=4).map(
    lambda sheets: {str(number): sheet for number, sheet in enumerate(sheets)}
)


@given(PANEL, st.lists(PANEL, max_size=4), st.dictionaries(st.just("A1"), st.integers(0, 3)))
def test_the_parts_add_up_to_the_value_that_scoring_gives(panel, others, verification):
    found = explaining.explain(FORM, panel, [panel, *others], verification)
    assert sum(part.points for part in found.parts) == found.value
    assert found.value == scoring.evaluate(FORM, panel, verification).value


@given(PANEL)
def test_the_lifts_reach_the_next_star_and_no_fewer_would(panel):
    found = explaining.explain(FORM, panel, [panel])
    if found.gap is None:
        assert found.star == 5
        return
    assert found.gap > 0
    assert sum(lift.points for lift in found.lifts) >= found.gap
    assert sum(lift.points for lift in found.lifts[:-1]) < found.gap
    lifted = {
        key: {
            **sheet,
            **{lift.code: FORM.indicators[FORM.position[lift.code]].maximum for lift in found.lifts},
        }
        for key, sheet in panel.items()
    }
    assert scoring.evaluate(FORM, lifted).star >= found.next_star


def test_a_nomination_by_hand():
    panel = {"p1": {"A1": 3, "A2": 1, "B1": 2}, "p2": {"A1": 3, "A2": 1, "B1": 1}}
    # A: 60 x 4/6 = 40; B: 40 x 1.5/2 = 30; value 70: three stars, ten lack to four.
    found = explaining.explain(FORM, panel, [panel])
    assert (found.value, found.star, found.next_star, found.gap) == (70, 3, 4, 10)
    assert [(part.code, part.points, part.maximum) for part in found.parts] == [("A", 40, 60), ("B", 30, 40)]
    assert [share.code for share in found.strong] == ["A1"]
    assert [share.code for share in found.weak] == ["A2"]
    # The full score on A2 adds 60 x 2/6 = 20, more than what lacks; on B1 it would add 10.
    assert found.lifts == (explaining.Lift("A2", Fraction(20)),)


def test_the_median_is_that_of_the_group_with_the_own_in_it():
    low = {"p": {"A1": 0, "A2": 0, "B1": 0}}
    middle = {"p": {"A1": 2, "A2": 1, "B1": 1}}
    high = {"p": {"A1": 3, "A2": 3, "B1": 2}}
    found = explaining.explain(FORM, low, [low, middle, high])
    assert {part.code: part.median for part in found.parts} == {"A": 30, "B": 20}
    even = explaining.explain(FORM, low, [low, high])
    assert {part.code: part.median for part in even.parts} == {"A": 30, "B": 20}


def test_at_the_top_nothing_is_lacking():
    full = {"p": {"A1": 3, "A2": 3, "B1": 2}}
    found = explaining.explain(FORM, full, [full])
    assert (found.star, found.next_star, found.gap, found.lifts, found.weak) == (5, None, None, (), ())
