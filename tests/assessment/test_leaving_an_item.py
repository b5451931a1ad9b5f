"""Who leaves the room for an item: by a button of their own or written down, and taken back until it is decided."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from assessment import attendance, interests, items, minutes, plenary, sealed_record
from assessment.models import Absence
from assessment.refusals import Refused
from audit.models import Entry
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_secretary,
    an_open_plenary,
    many_assessed,
    members_of_a_session,
)
from tests.factories.nominations import an_hour_ago
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db


def at(minutes):
    return an_hour_ago() + timedelta(minutes=minutes)


@made_once
def nomination():
    return many_assessed(1)[0]


@made_once
def session(nomination):
    session = an_open_plenary(nomination.round)
    items.open_item(session, nomination, by=a_chair(), at=at(33))
    return session


@made_once
def member():
    return members_of_a_session(3)[2]


@made_once
def secretary(session):
    attendance.seat_without_vote(session, "sekretaris", person=a_secretary(), by=a_chair(), at=at(34))
    return a_secretary()


def leave(session, *people, by, minutes=35):
    items.leave_for_item(session, people, by=by, at=at(minutes))


def back(session, person, *, by, minutes=36):
    items.come_back(session, person, by=by, at=at(minutes))


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def out(session):
    return [one.member.person for one in items.out_of(items.current(session))]


# --- The act ---------------------------------------------------------------------------------------------------
def test_each_for_themselves_and_the_chair_or_the_secretary_of_the_session_for_others(
    session, member, secretary
):
    other, third = members_of_a_session(5)[3:]
    leave(session, member, by=member)
    leave(session, other, by=a_chair())
    leave(session, third, by=secretary)
    assert set(out(session)) == {member, other, third}
    assert refused(leave, session, a_chair(), by=member) == "not_yours"
    bystander = a_person(Role.SEKRETARIAT, email="lain@contoh.example")
    assert refused(leave, session, members_of_a_session(6)[5], by=bystander) == "not_yours"
    assert refused(leave, session, bystander, by=bystander) == "not_present"


def test_taken_back_it_counts_for_nothing_and_stays_on_record(session, member, nomination):
    leave(session, member, by=member)
    assert items.kept_from(member, [nomination], session) == {nomination.pk}
    back(session, member, by=member)
    assert out(session) == []
    assert items.kept_from(member, [nomination], session) == set()
    assert not items.is_kept_from(member, nomination)
    one = Absence.objects.get()
    assert (one.recorded_by, one.undone_by) == (member, member)
    assert one.undone_at > one.left_at
    assert minutes.of(session).left == ()
    assert sealed_record.canonical_record(session)["absences"] == []
    assert [entry.action for entry in Entry.objects.order_by("pk")][-2:] == ["leave_item", "undo_leave_item"]
    assert plenary.record_decision(session, nomination, star=5, by=a_chair(), at=at(40)).recused == 0


def test_whoever_leaves_after_all_stands_in_the_same_row(session, member):
    leave(session, member, by=member)
    first = Absence.objects.get()
    back(session, member, by=member)
    leave(session, member, by=a_chair(), minutes=37)
    one = Absence.objects.get()
    assert (one.pk, one.undone_at, one.undone_by, one.recorded_by) == (first.pk, None, None, a_chair())
    assert one.left_at > first.left_at


def test_the_own_word_is_taken_back_by_oneself_and_the_chairs_by_chair_or_secretary(
    session, member, secretary
):
    leave(session, member, by=a_chair())
    assert refused(back, session, member, by=member) == "not_yours"
    assert refused(back, session, member, by=members_of_a_session(4)[3]) == "not_yours"
    back(session, member, by=secretary)
    assert refused(back, session, member, by=secretary) == "not_out"


def test_what_the_facts_hold_is_not_taken_back(session, member, nomination):
    leave(session, member, by=member)
    interests.record(member, "family", ikm=nomination.product.ikm, regency=None, by=a_secretary(), at=at(36))
    assert refused(back, session, member, by=member) == "interest"
    assert refused(back, session, member, by=a_chair()) == "interest"
    assert out(session) == [member]


def test_once_decided_nobody_leaves_or_comes_back(session, member, nomination):
    leave(session, member, by=member)
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=at(40))
    assert refused(back, session, member, by=member, minutes=41) == "decided"
    assert refused(leave, session, members_of_a_session(4)[3], by=a_chair(), minutes=41) == "decided"
    assert out(session) == [member]


def test_taken_back_when_it_lies_on_the_table_again_it_is_taken_back_for_both_times(
    session, member, nomination
):
    leave(session, member, by=member)
    items.close_item(session, by=a_chair(), at=at(36))
    items.open_item(session, nomination, by=a_chair(), at=at(37))
    assert out(session) == [member]
    assert items.may_come_back(session, member)
    back(session, member, by=member, minutes=38)
    items.close_item(session, by=a_chair(), at=at(39))
    items.open_item(session, nomination, by=a_chair(), at=at(40))
    assert out(session) == []


def test_a_chair_with_an_interest_writes_down_nobody_for_it(session, nomination, member):
    interests.record(
        a_chair(), "family", ikm=nomination.product.ikm, regency=None, by=a_secretary(), at=at(34)
    )
    assert refused(leave, session, member, by=a_chair()) == "interest"


# --- The buttons ---------------------------------------------------------------------------------------------------
def test_a_member_finds_the_button_is_asked_and_takes_it_back(client, session, member, nomination):
    follow = reverse("plenary_follow", args=[session.pk])
    address, again = (
        reverse(name, args=[session.pk]) for name in ("plenary_leave_item", "plenary_come_back")
    )
    client.force_login(member)
    assert f'href="{address}?saya=ya"' in client.get(follow).content.decode()
    question = client.get(address)
    assert "Tinggalkan butir ini" in words_of(question)
    assert nomination.product.ikm.name not in words_of(question)
    assert not Absence.objects.exists(), "asking changes nothing"
    answer = client.post(address, follow=True)
    assert answer.redirect_chain[-1][0] == follow
    text = words_of(answer)
    assert "Anda tidak ikut pada butir ini." in text
    assert nomination.product.ikm.name not in answer.content.decode()
    assert f'href="{again}"' in answer.content.decode()
    assert nomination.product.ikm.name not in client.get(again).content.decode()
    text = words_of(client.post(again, follow=True))
    assert "Catatan meninggalkan butir dibatalkan." in text
    assert nomination.product.ikm.name in text


def test_chair_and_secretary_write_down_from_board_and_item_and_take_back(
    client, session, member, secretary, nomination
):
    address = reverse("plenary_leave_item", args=[session.pk])
    decide = reverse("plenary_decide", args=[session.pk, nomination.pk])
    for person in (a_chair(), secretary):
        client.force_login(person)
        for page in ("/pleno/", decide, reverse("plenary_follow", args=[session.pk])):
            assert f'href="{address}"' in client.get(page).content.decode(), (person, page)
        assert member.full_name in words_of(client.get(address))
        assert "1 anggota tercatat" in words_of(client.post(address, {"recused": [member.pk]}, follow=True))
        assert out(session) == [member]
        question = reverse("plenary_come_back", args=[session.pk]) + f"?anggota={member.pk}"
        assert question in client.get(address).content.decode()
        assert member.full_name in words_of(client.get(question))
        client.post(question)
        assert out(session) == []


def test_nobody_else_finds_a_button_or_gets_through(client, session, member, nomination):
    address = reverse("plenary_leave_item", args=[session.pk])
    again = reverse("plenary_come_back", args=[session.pk]) + f"?anggota={member.pk}"
    leave(session, member, by=member)
    for role in Role:
        if role in (Role.KETUA,):
            continue
        client.force_login(a_person(role, email=f"bukan-{role.value}@contoh.example", around=nomination))
        for page in (address, again):
            assert client.get(page).status_code in (403, 404), (role, page)
            assert client.post(page, {"recused": [a_chair().pk]}).status_code in (403, 404), (role, page)
    assert out(session) == [member]


def test_decided_or_empty_the_button_is_gone(client, session, member, nomination):
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=at(40))
    client.force_login(member)
    follow = reverse("plenary_follow", args=[session.pk])
    assert "Saya mempunyai kepentingan" not in words_of(client.get(follow))
    client.force_login(a_chair())
    assert "Catat yang meninggalkan butir ini" not in words_of(client.get("/pleno/"))
    assert "Butir ini sudah diputus" in words_of(client.get(reverse("plenary_leave_item", args=[session.pk])))
    items.close_item(session, by=a_chair(), at=at(41))
    answer = client.get(reverse("plenary_leave_item", args=[session.pk]), follow=True)
    assert "Belum ada butir yang dibahas." in words_of(answer)
