"""Who sits in a plenary and from when to when: by name, counted by the database, printed in the minutes."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.utils import timezone

from accounts.roles import Role
from assessment import attendance, minutes, plenary, sealed_record
from assessment.models import Plenary, PlenaryMember, Presence
from assessment.refusals import Refused
from audit import history
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_sealed_plenary,
    an_assessed_nomination,
    an_assessor,
    an_open_plenary,
    many_assessed,
    members_of_a_session,
)
from tests.factories.nominations import RoundFactory, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def session():
    return an_open_plenary(RoundFactory())


def attended(session, people, minutes_later=40, **more):
    fields = {"by": a_chair(), "at": an_hour_ago() + timedelta(minutes=minutes_later), **more}
    return attendance.record_attendance(session, present=people, **fields)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value


def test_the_numbers_of_a_session_are_counted_from_the_names(session):
    assert (session.members, session.present, session.seats.count()) == (9, 7, 9)
    people = members_of_a_session(9)
    session = attended(session, people[:4])
    assert (session.present, session.has_quorum) == (4, False)
    session = attended(session, people[:5], 45)
    assert (session.present, session.has_quorum) == (5, True)
    entry = list(history.of(session))[-1]
    assert (entry.action, entry.details["people"]) == (
        "plenary_attendance",
        sorted(one.pk for one in people[:5]),
    )


def test_only_the_chair_writes_it_down_and_twice_the_same_changes_nothing(session):
    people = members_of_a_session(8)
    for role in Role:
        if role != Role.KETUA:
            assert refused(attended, session, people, by=a_person(role)).code == "not_yours", role
    attended(session, people)
    before = list(Presence.objects.values_list("pk", "came_at", "left_at"))
    attended(session, people, 50)
    assert list(Presence.objects.values_list("pk", "came_at", "left_at")) == before


def test_who_was_forgotten_gets_a_seat_and_somebody_without_a_vote_does_not():
    session, late = an_open_plenary(RoundFactory()), an_assessor(name="Rara Terlambat")
    session = attended(session, [*members_of_a_session(7), late])
    assert (session.members, session.present) == (10, 8)
    stranger = a_person(Role.SEKRETARIAT)
    assert refused(attended, session, [stranger]).code == "no_member"
    gone = an_assessor()
    gone.memberships.update(ends_on=timezone.localdate() - timedelta(days=2))
    assert refused(attended, session, [], members=[gone]).code == "no_member"
    session.refresh_from_db()
    assert (session.members, session.present) == (10, 8)


def test_whoever_leaves_and_comes_back_has_two_stretches_of_hours(session):
    chair, one = members_of_a_session(2)
    attended(session, [chair], 35)
    attended(session, [chair, one], 45)
    seats = {seat.person: seat for seat in attendance.seats(session)}
    first, second = seats[one].hours.split(", ")
    assert second.startswith("sejak ")
    assert "–" in first
    assert (seats[one].is_present, seats[chair].is_present) == (True, True)
    assert seats[members_of_a_session(9)[8]].hours == ""


def test_a_request_that_was_received_earlier_lets_nobody_leave_before_they_came(session):
    attended(session, [], minutes_later=1)
    assert all(one.left_at >= one.came_at for one in Presence.objects.all())


def test_the_team_whose_sheets_count_is_expected():
    (nomination,) = many_assessed(1)
    team = {one.assessor_id for one in nomination.assessment.assignments.all()}
    assert attendance.expected(nomination.round) == team
    found = {one.pk for one in attendance.eligible(at=timezone.now())}
    assert team <= found
    assert not {a_person(Role.AUDITOR).pk, a_person(Role.SEKRETARIAT).pk} & found


def test_the_database_itself_keeps_the_attendance_of_a_sealed_session():
    session = a_sealed_plenary(an_assessed_nomination().round)
    member = session.seats.first()
    behind = [
        lambda: PlenaryMember.objects.create(plenary=session, person=an_assessor()),
        lambda: PlenaryMember.objects.filter(pk=member.pk).delete(),
        lambda: Presence.objects.filter(member__plenary=session).update(left_at=timezone.now()),
        lambda: Presence.objects.create(member=session.seats.last(), came_at=timezone.now()),
        lambda: session.items.update(closed_at=timezone.now()),
    ]
    for place, act in enumerate(behind):
        with pytest.raises(Error), transaction.atomic():
            act()
            pytest.fail(str(place))
    session.refresh_from_db()
    assert (session.members, session.present) == (9, 7)


def test_the_fingerprint_holds_who_was_there():
    session = an_open_plenary(an_assessed_nomination().round)
    before = sealed_record.fingerprint(sealed_record.canonical_record(session))
    session = attended(session, members_of_a_session(8))
    record = sealed_record.canonical_record(session)
    assert sealed_record.fingerprint(record) != before
    assert [person for person, hours in record["attendance"] if hours] == sorted(
        one.pk for one in members_of_a_session(8)
    )


def test_a_session_of_before_keeps_its_numbers_its_record_and_its_minutes():
    nomination = an_assessed_nomination()
    old = Plenary.objects.create(
        round=nomination.round, place="Jakarta", opened_at=an_hour_ago(), opened_by=a_chair(), members=9, present=7
    )  # fmt: skip
    plenary.record_decision(old, nomination, star=5, by=a_chair(), at=timezone.now())
    old = plenary.seal(old, minutes_number="BA/1", by=a_chair(), at=timezone.now())
    assert "attendance" not in sealed_record.canonical_record(old)
    record = minutes.of(old)
    assert (record.present, record.members, record.seats) == ("7 (tujuh)", "9 (sembilan)", ())
