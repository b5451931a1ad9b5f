"""/penilaian/<id>/bandingkan/: what the assessor gave before, on the same form; nobody else's, at no time."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_panel,
    an_assessor,
    assignments_of,
    declare_free,
    fill,
    full_marks_but,
    send,
)
from tests.factories.nominations import NominationFactory
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@made_once
def people():
    return [an_assessor(), an_assessor(), an_assessor(outside=True)]


def sheet_on(people, name, scores=None, *, sent=False, who=0):
    nomination = NominationFactory(in_state="eligible", product__name=name)
    one = declare_free(assignments_of(a_panel(nomination, people))[who])
    if scores is not None:
        fill(one, scores)
    return send(one) if sent else one


def opened(client, one):
    client.force_login(one.assessor)
    return client.get(reverse("assessment_compare", args=[one.pk]))


def test_the_sheet_at_hand_stands_beside_what_was_sent_before(client, people):
    sheet_on(people, "Tas pandan", full_marks_but({"A.I.1": 1}), sent=True)
    one = sheet_on(people, "Topi mendong")
    client.force_login(one.assessor)
    address = reverse("assessment_compare", args=[one.pk])
    assert f'href="{address}"' in client.get(reverse("assessment", args=[one.pk])).content.decode()
    text = words_of(client.get(address))
    assert "Tas pandan" in text
    assert "Lembar ini" in text


def test_nothing_of_others_and_nothing_that_was_not_sent(client, people):
    sheet_on(people, "Milik penilai lain", full_marks_but(), sent=True, who=1)
    sheet_on(people, "Belum dikirim", full_marks_but())
    one = sheet_on(people, "Topi mendong")
    answer = opened(client, one)
    assert "Belum ada penilaian lain yang Anda kirim." in words_of(answer)
    for name in ("Milik penilai lain", "Belum dikirim"):
        assert name not in answer.content.decode()


def test_only_its_own_assessor_opens_it(client, people):
    one = sheet_on(people, "Topi mendong")
    address = reverse("assessment_compare", args=[one.pk])
    for person in (people[1], *(a_person(role) for role in (Role.SEKRETARIAT, Role.KETUA, Role.DINAS))):
        client.force_login(person)
        assert client.get(address).status_code in (403, 404), person


def test_ten_sheets_cost_as_many_statements_as_two(client, people, django_assert_max_num_queries):
    for number in range(7):
        sheet_on(people, f"Tas {number}", full_marks_but(), sent=True)
    one = sheet_on(people, "Topi mendong")
    client.force_login(one.assessor)
    with django_assert_max_num_queries(14):
        text = words_of(client.get(reverse("assessment_compare", args=[one.pk])))
    assert [f"Tas {number}" in text for number in range(7)] == [False, False, True, True, True, True, True]
