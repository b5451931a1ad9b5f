"""What lies on the table of a plenary: one at a time, called by the chair; whoever has an interest is out of it."""

import re
from datetime import timedelta

import pytest
from django.db import Error, transaction

from accounts.roles import Role
from assessment import attendance, board, interests, items, minutes, plenary
from assessment.decision_rules import Vote
from assessment.models import DiscussedItem
from assessment.refusals import Refused
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_secretary,
    an_assessed_nomination,
    an_open_plenary,
    many_assessed,
    members_of_a_session,
)
from tests.factories.nominations import an_hour_ago

pytestmark = pytest.mark.django_db


def opened(session, nomination, later=35, **more):
    fields = {"by": a_chair(), "at": an_hour_ago() + timedelta(minutes=later), **more}
    return items.open_item(session, nomination, **fields)


def tied(person, nomination, kind="family"):
    return interests.record(
        person, kind, ikm=nomination.product.ikm, regency=None, by=a_secretary(), at=an_hour_ago()
    )


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value


def names_out(item):
    return [one.member.person.full_name for one in items.out_of(item)]


def test_one_item_lies_on_the_table_and_the_next_closes_it():
    first, second = many_assessed(2)
    session = an_open_plenary(first.round)
    one = opened(session, first)
    assert items.current(session) == one
    assert opened(session, first, 36) == one, "asked twice it stays the same"
    two = opened(session, second, 40)
    one.refresh_from_db()
    assert (one.closed_at, items.current(session)) == (two.opened_at, two)
    items.close_item(session, by=a_chair(), at=an_hour_ago() + timedelta(minutes=50))
    assert items.current(session) is None
    items.close_item(session, by=a_chair(), at=an_hour_ago() + timedelta(minutes=51))
    with pytest.raises(Error), transaction.atomic():
        for _ in range(2):
            DiscussedItem.objects.create(
                plenary=session, nomination=first, opened_at=an_hour_ago(), opened_by=a_chair()
            )


def test_only_the_chair_calls_and_only_what_is_before_a_session_with_a_quorum():
    nomination, waiting = an_assessed_nomination(), a_panel().nomination
    session = an_open_plenary(nomination.round)
    for role in Role:
        if role != Role.KETUA:
            assert refused(opened, session, nomination, by=a_person(role)).code == "not_yours", role
    assert refused(opened, session, waiting).code == "not_assessed"
    attendance.record_attendance(
        session, present=members_of_a_session(4), by=a_chair(), at=an_hour_ago() + timedelta(minutes=34)
    )
    assert refused(opened, session, nomination).code == "no_quorum"
    assert not DiscussedItem.objects.exists()


def test_whoever_has_an_interest_on_record_is_out_at_once_and_back_when_it_is_closed():
    first, second = many_assessed(2)
    session, people = an_open_plenary(first.round), members_of_a_session(7)
    tied(people[3], first)
    item = opened(session, first)
    assert names_out(item) == [people[3].full_name]
    assert items.kept_from(people[3], [first, second], session) == {first.pk}
    following = opened(session, second, 41)
    absence = item.absences.get()
    assert (absence.left_at, absence.returned_at) == (item.opened_at, following.opened_at)


def test_who_says_so_in_the_session_leaves_and_stays_out_when_the_item_comes_back():
    first, second = many_assessed(2)
    session, people = an_open_plenary(first.round), members_of_a_session(7)
    opened(session, first)
    at = an_hour_ago() + timedelta(minutes=36)
    assert refused(items.leave_for_item, session, [members_of_a_session(9)[8]], by=a_chair(), at=at).code == (
        "not_present"
    )
    items.leave_for_item(session, [people[2]], by=a_chair(), at=at)
    opened(session, second, 40)
    assert items.kept_from(people[2], [first, second], session) == {first.pk}
    again = opened(session, first, 45)
    assert names_out(again) == [people[2].full_name]


def test_whoever_comes_late_with_an_interest_does_not_walk_into_the_item():
    (nomination,) = many_assessed(1)
    session, late = an_open_plenary(nomination.round), members_of_a_session(8)[7]
    tied(late, nomination)
    item = opened(session, nomination)
    assert names_out(item) == []
    attendance.record_attendance(
        session, present=members_of_a_session(8), by=a_chair(), at=an_hour_ago() + timedelta(minutes=36)
    )
    assert names_out(item) == [late.full_name]


def test_who_is_out_has_no_vote_and_the_minutes_say_who_and_when():
    nomination = an_assessed_nomination()
    session, people = an_open_plenary(nomination.round), members_of_a_session(7)
    tied(people[1], nomination)
    opened(session, nomination)
    at = an_hour_ago() + timedelta(minutes=40)
    assert refused(
        plenary.record_decision, session, nomination, star=5, vote=Vote(7, 0), by=a_chair(), at=at
    ).code == "votes"  # fmt: skip
    decision = plenary.record_decision(session, nomination, star=5, vote=Vote(6, 0), by=a_chair(), at=at)
    assert decision.recused == 1
    sealed = plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=at + timedelta(minutes=10))
    assert items.current(sealed) is None
    (left,) = minutes.of(sealed).left
    assert (left.name, left.nomination) == (people[1].full_name, str(nomination.number))
    # Where the session went on past midnight, the second day is named before its hour.
    assert re.fullmatch(r"pukul \d\d\.\d\d( WIB)? sampai dengan (hari .+, )?pukul \d\d\.\d\d WIB", left.hours)
    assert not minutes.of(sealed).nobody_recused


def test_a_chair_with_an_interest_does_not_lead_that_item():
    (nomination,) = many_assessed(1)
    session, other = an_open_plenary(nomination.round), a_person(Role.KETUA, name="Ketua Kedua")
    tied(a_chair(), nomination)
    at = an_hour_ago() + timedelta(minutes=40)
    assert refused(opened, session, nomination).code == "interest"
    refusal = refused(plenary.record_decision, session, nomination, star=5, by=a_chair(), at=at)
    assert (refusal.code, str(nomination.number) in refusal.for_reader) == ("interest", False)
    assert plenary.record_decision(session, nomination, star=5, by=other, at=at).star == 5
    assert not board.candidates(session, reader=a_chair(), at=at)
    assert len(board.candidates(session, reader=other, at=at)) == 1
    assert minutes.of(session, reader=a_chair()).kept_from == 1
    plenary.seal(session, minutes_number="BA/1", by=other, at=at)
    session.refresh_from_db()
    assert len(board.candidates(session, reader=a_chair(), at=at)) == 1, "sealed, it is the record for all"


def test_what_is_decided_without_being_called_lies_on_the_table_too():
    (nomination,) = many_assessed(1)
    session = an_open_plenary(nomination.round)
    plenary.record_decision(
        session, nomination, star=5, by=a_chair(), at=an_hour_ago() + timedelta(minutes=40)
    )
    assert items.current(session).nomination == nomination


def test_the_advice_to_the_chair_names_nothing_in_which_the_chair_has_an_interest():
    first, second = many_assessed(2)
    assert items.kept_from_undecided(a_chair(), [first, second]) == set()
    tied(a_chair(), first)
    assert items.kept_from_undecided(a_chair(), [first, second]) == {first.pk}
    assert items.is_kept_from(a_chair(), first)
    assert not items.is_kept_from(a_chair(), second)
