"""What if: other bands, other weights, or without one assessor, as a simulation that leaves everything as it is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from assessment import scoring, what_if
from assessment.models import Decision, Score
from audit.models import Entry
from nominations.models import Round
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_sealed_plenary,
    an_assessed_nomination,
    an_instrument,
    an_open_plenary,
    full_marks_but,
    many_assessed,
)
from tests.nominations.proposing import main_of, text_of

FORM = scoring.parse_instrument(
    {
        "code": "uji",
        "version": 1,
        "parts": [
            {"code": "A", "weight": "60", "indicators": [{"code": "A1", "max": 3, "levels": [0, 1, 2, 3]}]},
            {"code": "B", "weight": "40", "indicators": [{"code": "B1", "max": 2, "levels": [0, 1, 2]}]},
        ],
        "bands": [{"star": 5, "from": "90"}, {"star": 4, "from": "80"}],
    }
)
PANELS = st.lists(
    st.fixed_dictionaries({"A1": st.integers(0, 3), "B1": st.integers(0, 2)}), min_size=1, max_size=4
).map(lambda sheets: {str(number): sheet for number, sheet in enumerate(sheets)})


@given(PANELS)
def test_nothing_altered_alters_nothing(panel):
    same = what_if.altered(FORM, bounds={}, weights={})
    assert what_if.compare({1: panel}, FORM, same).changes == ()


@given(st.dictionaries(st.integers(1, 9), PANELS, min_size=1), st.integers(60, 79))
def test_the_counts_on_both_sides_add_up_to_all(panels, bound):
    other = what_if.altered(FORM, bounds={4: Fraction(bound)}, weights={})
    outcome = what_if.compare(panels, FORM, other)
    assert sum(outcome.before.values()) == sum(outcome.after.values()) == outcome.total == len(panels)


def test_a_lower_bound_lifts_whoever_lies_above_it():
    panel = {"p1": {"A1": 2, "B1": 2}}  # 60 x 2/3 + 40 = 80
    other = what_if.altered(FORM, bounds={5: Fraction(80), 4: Fraction(70)}, weights={})
    (change,) = what_if.compare({7: panel}, FORM, other).changes
    assert (change.assessment, change.star, change.other_star) == (7, 4, 5)
    assert change.value == change.other_value == 80


def test_other_weights_give_another_value():
    panel = {"p1": {"A1": 3, "B1": 1}}  # 60 + 20 = 80; with 90 and 10: 90 + 5 = 95
    other = what_if.altered(FORM, bounds={}, weights={"A": Fraction(90), "B": Fraction(10)})
    (change,) = what_if.compare({7: panel}, FORM, other).changes
    assert (change.value, change.other_value, change.star, change.other_star) == (80, 95, 4, 5)


@pytest.mark.parametrize(
    ("bounds", "weights"),
    [({}, {"A": Fraction(50)}), ({5: Fraction(70)}, {}), ({}, {"A": Fraction(0), "B": Fraction(100)})],
)
def test_what_makes_no_instrument_is_refused(bounds, weights):
    with pytest.raises(scoring.InvalidInstrument):
        what_if.altered(FORM, bounds=bounds, weights=weights)


def test_a_star_that_one_sheet_makes_is_found():
    panel = {"p1": {"A1": 3, "B1": 2}, "p2": {"A1": 3, "B1": 2}, "p3": {"A1": 2, "B1": 1}}
    # 100, 100, 60: 86 2/3 and four stars; without the third five, without another 80.
    assert scoring.evaluate(FORM, panel).star == 4
    assert {key: result.star for key, result in what_if.without_one(panel, FORM).items()} == {
        "p1": 4, "p2": 4, "p3": 5,
    }  # fmt: skip
    assert what_if.hangs_on_one(panel, FORM)


def test_a_panel_that_agrees_hangs_on_nobody_and_one_alone_is_not_left_out():
    panel = {"p1": {"A1": 3, "B1": 2}, "p2": {"A1": 3, "B1": 2}}
    assert not what_if.hangs_on_one(panel, FORM)
    assert what_if.without_one({"p1": {"A1": 3, "B1": 2}}, FORM) == {}


# --- Pages -----------------------------------------------------------------------------------------------------------
def _session():
    return an_open_plenary(Round.objects.get())


@pytest.mark.django_db
def test_the_page_shows_who_would_have_another_star_and_changes_nothing(client):
    nomination = an_assessed_nomination()
    session = _session()
    client.force_login(a_chair())
    address = f"/pleno/{session.pk}/andaikan/"
    form = an_instrument().parsed()
    asked = {f"bobot-{part.code}": f"{float(part.weight):g}" for part in form.parts}
    asked |= {f"bintang-{band.star}": str(min(100, float(band.bound) + 5)) for band in form.bands}
    before = Score.objects.count(), Entry.objects.count(), Decision.objects.count()
    unchanged = text_of(client.get(address, {**asked, "komoditas": nomination.product.group_id}))
    assert "0 dari 1" in unchanged
    asked["bintang-5"] = "100"
    asked["bintang-1"] = "1"
    assert client.get(address, asked).status_code == 200
    assert (Score.objects.count(), Entry.objects.count(), Decision.objects.count()) == before
    assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_what_makes_no_instrument_is_said_with_what_was_typed(client):
    an_assessed_nomination()
    session = _session()
    client.force_login(a_chair())
    form = an_instrument().parsed()
    asked = {f"bobot-{part.code}": "50" for part in form.parts}
    asked |= {f"bintang-{band.star}": f"{float(band.bound):g}" for band in form.bands}
    page = client.get(f"/pleno/{session.pk}/andaikan/", asked)
    assert "Andaian ini bukan instrumen" in page.content.decode()
    assert 'value="50"' in main_of(page)


@pytest.mark.django_db
def test_the_auditor_sees_a_simulation_only_of_what_is_sealed(client):
    an_assessed_nomination()
    session = _session()
    client.force_login(a_person(Role.AUDITOR))
    assert "Belum ada yang dapat diandaikan." in text_of(client.get(f"/pleno/{session.pk}/andaikan/"))


@pytest.mark.django_db
def test_the_number_of_questions_is_that_of_a_small_group(client, django_assert_max_num_queries):
    many_assessed(2)
    session = _session()
    client.force_login(a_chair())
    with django_assert_max_num_queries(20):
        client.get(f"/pleno/{session.pk}/andaikan/")
    many_assessed(6)
    with django_assert_max_num_queries(20):
        client.get(f"/pleno/{session.pk}/andaikan/")


@pytest.mark.django_db
def test_an_assessor_has_no_such_page(client):
    an_assessed_nomination(full_marks_but())
    session = a_sealed_plenary(Round.objects.get())
    client.force_login(a_person(Role.PENILAI))
    assert client.get(f"/pleno/{session.pk}/andaikan/").status_code in (403, 404)
