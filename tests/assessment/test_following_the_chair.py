"""/pleno/<sidang>/ikuti/: every screen of the session shows what the chair called; who has an interest sees nothing."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from assessment import attendance, interests, items, plenary
from assessment.models import DiscussedItem
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_secretary,
    an_assessed_nomination,
    an_open_plenary,
    assignments_of,
    full_marks_but,
    many_assessed,
    members_of_a_session,
)
from tests.factories.nominations import an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
AT = timedelta(minutes=35)


def page(session, part=""):
    return reverse("plenary_follow", args=[session.pk]) + part


def words(answer):
    html = answer.content.decode()
    if "<main" in html:
        html = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


@made_once
def nomination():
    return an_assessed_nomination(full_marks_but({"A.I.1": 2}))


@made_once
def session(nomination):
    return an_open_plenary(nomination.round)


@made_once
def member():
    return members_of_a_session(3)[2]


def call(session, nomination):
    return items.open_item(session, nomination, by=a_chair(), at=an_hour_ago() + AT)


def test_each_role_finds_the_screen_or_is_told_whose_it_is(client, session, nomination):
    expected = dict.fromkeys(Role, 403) | dict.fromkeys((Role.KETUA, Role.SEKRETARIAT, Role.AUDITOR), 200)
    # An assessor without a seat does not learn that there is a session.
    expected[Role.PENILAI] = 404
    for role, status in expected.items():
        client.force_login(a_person(role, around=nomination))
        assert client.get(page(session)).status_code == status, role
        assert client.get(page(session, "butir/")).status_code == status, role


def test_a_member_sees_what_the_chair_called_with_its_figures_and_without_names(
    client, session, nomination, member
):
    client.force_login(member)
    assert "Belum ada butir yang dibahas." in words(client.get(page(session)))
    call(session, nomination)
    names = [one.assessor.full_name for one in assignments_of(nomination.assessment)]
    for part in ("", "butir/"):
        text = words(client.get(page(session, part)))
        for shown in (nomination.product.ikm.name, "99,67", "Bintang 5 dari 5", "Sebaran panel", "Lembar 1"):
            assert shown in text, (part, shown)
        assert not [name for name in names if name in text]


def test_the_part_that_follows_answers_only_when_something_changed(client, session, nomination, member):
    client.force_login(member)

    def polled():
        html = client.get(page(session)).content.decode()
        return re.search(r'hx-get="([^"]+)" hx-trigger="every 3s"', html).group(1).replace("&amp;", "&")

    address = polled()
    assert client.get(address).status_code == 204
    call(session, nomination)
    assert client.get(address).status_code == 200
    address = polled()
    assert client.get(address).status_code == 204
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=an_hour_ago() + AT)
    answer = client.get(address)
    assert (answer.status_code, "Keputusan yang tercatat" in words(answer)) == (200, True)
    address = polled()
    items.close_item(session, by=a_chair(), at=an_hour_ago() + AT)
    assert "Belum ada butir yang dibahas." in words(client.get(address))


def test_who_has_an_interest_sees_nothing_of_it_on_the_page_in_the_part_and_in_the_export(
    client, session, nomination, member
):
    ikm = nomination.product.ikm
    interests.record(member, "family", ikm=ikm, regency=None, by=a_secretary(), at=an_hour_ago())
    item = call(session, nomination)
    client.force_login(member)
    hidden = [
        ikm.name, nomination.product.name, str(nomination.number), nomination.regency.full_name, "99,67",
        "Bintang 5", f"/usulan/{nomination.pk}/",
    ]  # fmt: skip
    for part in ("", "butir/"):
        answer = client.get(page(session, part))
        html = answer.content.decode()
        assert "Anda tidak ikut pada butir ini." in words(answer), part
        assert not [text for text in hidden if text in html], part
    assert client.get(reverse("nomination_figures", args=[nomination.pk])).status_code == 404
    other = members_of_a_session(5)[4]
    client.force_login(other)
    assert ikm.name in words(client.get(page(session)))
    items.leave_for_item(session, [other], by=a_chair(), at=an_hour_ago() + AT)
    assert "Anda tidak ikut pada butir ini." in words(client.get(page(session)))
    assert item.absences.count() == 2


def test_an_assessor_of_the_panel_with_an_interest_recorded_since_cannot_take_the_figures_along(
    client, nomination, session
):
    one = assignments_of(nomination.assessment)[0]
    address = reverse("nomination_figures", args=[nomination.pk])
    client.force_login(one.assessor)
    assert client.get(address).status_code == 200
    interests.record(
        one.assessor, "family", ikm=nomination.product.ikm, regency=None, by=a_secretary(), at=an_hour_ago()
    )
    assert client.get(address).status_code == 404


def test_a_member_who_is_not_there_yet_is_told_so(client, session, nomination):
    absent = members_of_a_session(9)[8]
    call(session, nomination)
    client.force_login(absent)
    answer = client.get(page(session))
    assert "Anda belum tercatat hadir." in words(answer)
    assert nomination.product.ikm.name not in answer.content.decode()
    attendance.record_attendance(
        session, present=members_of_a_session(9), by=a_chair(), at=an_hour_ago() + AT
    )
    assert nomination.product.ikm.name in words(client.get(page(session)))


def test_the_auditor_sees_what_is_discussed_and_its_value_only_after_the_seal(client, session, nomination):
    call(session, nomination)
    client.force_login(a_person(Role.AUDITOR))
    text = words(client.get(page(session)))
    assert nomination.product.ikm.name in text
    assert "99,67" not in text
    assert "setelah sidang disegel" in text


def test_sealed_the_screens_are_empty_and_ask_no_more(client, session, nomination, member):
    call(session, nomination)
    at = an_hour_ago() + AT
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=at)
    plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=at)
    client.force_login(member)
    answer = client.get(page(session))
    assert "Sidang sudah ditutup." in words(answer)
    assert nomination.product.ikm.name not in answer.content.decode()
    assert "hx-get" not in answer.content.decode()


# --- The chair ---------------------------------------------------------------------------------------------------
def test_the_chair_calls_sends_out_and_closes_and_nobody_else_does(client, session, nomination, member):
    addresses = [
        reverse("plenary_open_item", args=[session.pk, nomination.pk]),
        reverse("plenary_leave_item", args=[session.pk]),
        reverse("plenary_close_item", args=[session.pk]),
    ]
    for role in Role:
        client.force_login(member if role == Role.PENILAI else a_person(role, around=nomination))
        for address in (addresses[0], addresses[2]):
            assert client.get(address).status_code in (403, 405), (role, address)
            if role != Role.KETUA:
                assert client.post(address).status_code == 403, (role, address)
    assert not DiscussedItem.objects.exists()
    client.force_login(a_chair())
    decide = reverse("plenary_decide", args=[session.pk, nomination.pk])
    assert client.post(addresses[0])["Location"] == decide
    assert client.post(addresses[1], {"recused": [member.pk]})["Location"] == decide
    assert f"Tidak ikut pada butir ini: {member.full_name}" in words(client.get(decide))
    answer = client.post(addresses[2], follow=True)
    assert "Butir ditutup." in words(answer)
    assert "Sedang dibahas" not in words(answer)


def test_a_chair_with_an_interest_finds_no_row_no_page_and_no_figures(client, session, nomination):
    ikm = nomination.product.ikm
    interests.record(a_chair(), "family", ikm=ikm, regency=None, by=a_secretary(), at=an_hour_ago())
    client.force_login(a_chair())
    board = client.get("/pleno/")
    assert "1 usulan tidak tampil: Anda tidak ikut membahasnya." in words(board)
    for name in ("plenary_minutes", "plenary_seal", "plenary_what_if"):
        answer = client.get(reverse(name, args=[session.pk]))
        assert ikm.name not in answer.content.decode(), name
        assert str(nomination.number) not in answer.content.decode(), name
    assert ikm.name not in board.content.decode()
    assert client.get(reverse("plenary_decide", args=[session.pk, nomination.pk])).status_code == 404
    assert client.get(reverse("nomination_figures", args=[nomination.pk])).status_code == 404
    answer = client.post(reverse("plenary_open_item", args=[session.pk, nomination.pk]), follow=True)
    assert "Anda tidak ikut pada butir ini." in words(answer)


def test_the_screen_asks_the_same_of_the_database_however_many_candidates_and_members(
    client, queries_of, member
):
    few = many_assessed(2)
    session = an_open_plenary(few[0].round)
    call(session, few[0])
    client.force_login(member)
    client.get(page(session))
    before = len(queries_of(page(session), by=client))
    many_assessed(6, people=[one.assessor for one in assignments_of(few[0].assessment)])
    assert len(queries_of(page(session), by=client)) == before
