"""What the chair is told of the panels: from whole panels alone, and without changing a thing."""

import pytest

from accounts.roles import Role
from assessment import advice
from assessment.models import Score
from audit.models import Entry
from nominations.models import Round
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    a_secretary,
    an_assessed_nomination,
    an_instrument,
    assignments_of,
    declare_free,
    fill,
    full_marks_but,
    many_assessed,
    send,
    three_assessors,
)
from tests.made_once import made_once
from tests.nominations.proposing import text_of

pytestmark = pytest.mark.django_db
GROUP = "anyaman"


@made_once
def nomination():
    return an_assessed_nomination()


def the_round() -> Round:
    return Round.objects.get()


def for_the_chair():
    return advice.advice_for(the_round(), GROUP, reader=a_chair())


def test_an_indicator_on_which_all_say_the_same_in_both_nominations_is_aligned():
    people, ladders = three_assessors(), an_instrument().ladders
    varied, steady = list(ladders)[:2]
    many_assessed(1, people=people, scores=full_marks_but())
    many_assessed(1, people=people, scores=full_marks_but({varied: min(ladders[varied])}))
    (found,) = for_the_chair()
    assert found.assessments == 2
    by_code = {line.code: line for line in found.indicators}
    assert by_code[varied].alpha == 1
    assert by_code[varied].reading == "Selaras"
    # An indicator that never varies tells nothing.
    assert by_code[steady].alpha is None
    assert by_code[steady].nominations == 2


def test_a_strict_assessor_is_named_and_where_all_sat_on_every_panel_no_star_hangs_on_it():
    people = three_assessors()
    full = full_marks_but()
    ladders = an_instrument().ladders
    lower = [code for code in full if len(ladders[code]) > 2][:6]
    kind = full_marks_but({code: ladders[code][-2] for code in lower[:3]})
    strict = full_marks_but({code: ladders[code][0] for code in lower})
    for _ in range(3):
        for place, one in enumerate(assignments_of(a_panel(people=people))):
            declared = declare_free(one)
            fill(declared, strict if place == 2 else kind)
            send(declared)
    (found,) = for_the_chair()
    last = found.assessors[-1]
    assert last.person == people[2]
    assert last.estimate.points < 0
    # Within one set of panels the estimates add up to nothing: the mean of a whole panel of all stays what it is.
    assert round(sum(line.estimate.points for line in found.assessors), 6) == 0
    assert found.other_stars == ()


def test_nothing_is_told_of_a_panel_that_is_not_whole_yet():
    an_assessed_nomination()
    assessment = a_panel()
    first = declare_free(assignments_of(assessment)[0])
    fill(first)
    send(first)
    (found,) = for_the_chair()
    assert found.assessments == 1


def test_the_auditor_reads_it_after_the_seal_and_not_before():
    an_assessed_nomination()
    auditor = a_person(Role.AUDITOR)
    assert advice.advice_for(the_round(), GROUP, reader=auditor) == []
    a_sealed_plenary(the_round())
    assert len(advice.advice_for(the_round(), GROUP, reader=auditor)) == 1


def test_reading_it_changes_nothing(client):
    an_assessed_nomination()
    before = list(Score.objects.order_by("pk").values_list("pk", "points", "at")), Entry.objects.count()
    client.force_login(a_chair())
    page = client.get(f"/pleno/keselarasan/?periode={the_round().pk}&komoditas={GROUP}")
    assert "Tidak ada skor, nilai, atau bintang yang berubah karenanya" in text_of(page)
    assert (
        list(Score.objects.order_by("pk").values_list("pk", "points", "at")),
        Entry.objects.count(),
    ) == before
    assert client.post("/pleno/keselarasan/").status_code == 405


def test_the_number_of_questions_does_not_grow_with_the_round(django_assert_max_num_queries):
    people = three_assessors()
    chair = a_chair()
    many_assessed(2, people=people)
    with django_assert_max_num_queries(18):
        advice.advice_for(the_round(), GROUP, reader=chair)
    many_assessed(8, people=people)
    with django_assert_max_num_queries(18):
        advice.advice_for(the_round(), GROUP, reader=chair)


@pytest.mark.parametrize("role", [Role.PENILAI, Role.DINAS, Role.PROVINSI, Role.PENETAP, Role.ADMIN])
def test_others_have_no_such_page(client, role, nomination):
    client.force_login(a_person(role, around=nomination))
    assert client.get("/pleno/keselarasan/").status_code in (403, 404)


@pytest.mark.parametrize("query", ["", "?periode=x", "?periode=99999", "?komoditas=tidak-ada"])
def test_odd_addresses_are_answered(client, query):
    an_assessed_nomination()
    client.force_login(a_secretary())
    assert client.get(f"/pleno/keselarasan/{query}").status_code == 200


def test_a_round_that_is_not_there_is_not_found(client):
    client.force_login(a_secretary())
    assert client.get("/pleno/keselarasan/?periode=1999").status_code == 404
