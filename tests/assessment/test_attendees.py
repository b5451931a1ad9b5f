"""Who is in the room of a plenary without a vote: named, printed in the minutes, never counted."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse

from accounts.roles import Role
from assessment import attendance, minutes, plenary, sealed_record, sessions
from assessment.models import Attendee, Plenary
from assessment.refusals import Refused
from audit.models import Entry
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_sealed_plenary,
    a_secretary,
    an_open_plenary,
    many_assessed,
    members_of_a_session,
)
from tests.factories.nominations import RoundFactory, an_hour_ago
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db
GUEST = {"name": "Siti Rohmah", "institution": "Yayasan Batik Indonesia"}


def at(minutes):
    return an_hour_ago() + timedelta(minutes=minutes)


@made_once
def session():
    return an_open_plenary(RoundFactory())


def seated(session, seat, *, minutes=35, by=None, **who):
    return attendance.seat_without_vote(session, seat, by=by or a_chair(), at=at(minutes), **who)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def test_neither_secretary_nor_guest_nor_a_member_without_an_account_is_counted(session):
    seated(session, "sekretaris", person=a_secretary())
    seated(session, "anggota", **GUEST)
    seated(session, "undangan", name="Budi Santoso", institution="HIMKI")
    session.refresh_from_db()
    assert (session.members, session.present, session.quorum) == (9, 7, 5)
    assert set(sessions.present_now(session)) == {one.pk for one in members_of_a_session(7)}
    assert [(one.seat_name, one.name) for one in attendance.others(session)] == [
        ("Sekretaris sidang", a_secretary().full_name),
        ("Anggota tanpa hak suara", "Siti Rohmah"),
        ("Undangan", "Budi Santoso"),
    ]


def test_the_secretary_is_of_the_secretariat_has_no_vote_and_follows_the_one_before(session):
    assert refused(seated, session, "sekretaris") == "no_secretary"
    assert refused(seated, session, "sekretaris", person=a_person(Role.AUDITOR)) == "no_secretary"
    seated(session, "sekretaris", person=a_secretary())
    assert sessions.is_secretary(a_secretary(), session)
    other = a_person(Role.SEKRETARIAT, email="kedua@contoh.example", name="Sekretaris Kedua")
    seated(session, "sekretaris", person=other, minutes=36)
    assert (sessions.is_secretary(a_secretary(), session), sessions.is_secretary(other, session)) == (
        False,
        True,
    )
    assert [one.left_at is None for one in session.attendees.order_by("pk")] == [False, True]
    assert minutes.of(session).secretary == other.full_name


def test_nobody_has_a_vote_and_the_secretarys_seat_at_once(session):
    both = a_person(Role.SEKRETARIAT, email="rangkap@contoh.example")
    both.memberships.create(
        office=both.memberships.get().office, role=Role.PENILAI, starts_on=both.memberships.get().starts_on
    )
    seated(session, "sekretaris", person=both)
    assert (
        refused(attendance.record_attendance, session, present=[both], by=a_chair(), at=at(36))
        == "is_secretary"
    )
    attendance.leave_without_vote(session, session.attendees.get().pk, by=a_chair(), at=at(37))
    attendance.record_attendance(session, present=[*members_of_a_session(7), both], by=a_chair(), at=at(38))
    assert refused(seated, session, "sekretaris", person=both, minutes=39) == "has_a_vote"


def test_a_guest_needs_name_and_institution_and_only_the_chair_writes(session):
    assert refused(seated, session, "undangan", name="  ", institution="HIMKI") == "name_missing"
    assert refused(seated, session, "undangan", name="Budi") == "name_missing"
    assert refused(seated, session, "penonton", **GUEST) == "seat_missing"
    for role in Role:
        if role != Role.KETUA:
            assert refused(seated, session, "undangan", by=a_person(role), **GUEST) == "not_yours", role
    one = seated(session, "undangan", **GUEST)
    attendance.leave_without_vote(session, one.pk, by=a_chair(), at=at(40))
    assert refused(attendance.leave_without_vote, session, one.pk, by=a_chair(), at=at(41)) == "not_present"
    told = str([entry.details for entry in Entry.objects.filter(action__startswith="attend")])
    assert "Siti" not in told, "the history holds keys and no names"


def test_the_database_keeps_who_it_was_one_secretary_and_the_sealed_session():
    session = a_sealed_plenary(many_assessed(1)[0].round)
    fields = {"plenary": session, "came_at": at(50)}
    with pytest.raises(Error, match="sealed plenary"), transaction.atomic():
        Attendee.objects.create(seat="undangan", **GUEST, **fields)
    open_one = an_open_plenary(RoundFactory(year=2028))
    one = seated(open_one, "sekretaris", person=a_secretary())
    behind = [
        lambda: Attendee.objects.filter(pk=one.pk).update(name="Orang Lain"),
        lambda: Attendee.objects.filter(pk=one.pk).delete(),
        lambda: Attendee.objects.create(
            plenary=open_one, seat="sekretaris", person=a_secretary(), came_at=at(50), **GUEST
        ),
        lambda: Attendee.objects.create(plenary=open_one, seat="sekretaris", came_at=at(50), **GUEST),
        lambda: Attendee.objects.create(
            plenary=open_one, seat="undangan", person=a_secretary(), came_at=at(50), **GUEST
        ),
    ]
    for place, act in enumerate(behind):
        with pytest.raises(Error), transaction.atomic():
            act()
            pytest.fail(str(place))


def test_the_minutes_name_chair_and_secretary_and_list_everybody_with_their_seat(client):
    (nomination,) = many_assessed(1)
    session = an_open_plenary(nomination.round)
    before = sealed_record.fingerprint(sealed_record.canonical_record(session))
    seated(session, "sekretaris", person=a_secretary())
    seated(session, "undangan", **GUEST)
    record = sealed_record.canonical_record(session)
    assert sealed_record.fingerprint(record) != before
    assert "Siti" not in str(record)
    client.force_login(a_chair())
    text = words_of(client.get(reverse("plenary_minutes", args=[session.pk])))
    assert f"dengan sekretaris sidang {a_secretary().full_name.removesuffix('.')}." in text
    assert "Turut hadir tanpa hak suara 1 (satu) orang." in text
    assert f"Sekretaris sidang, {a_secretary().full_name}" in text
    listed = minutes.of(session).attendance_list
    assert [seat for _, _, seat, _ in listed].count("Anggota") == 8
    assert (a_chair().full_name, "Ketua sidang") in {(name, seat) for name, _, seat, _ in listed}
    assert [(name, office, seat) for name, office, seat, _ in listed][-1] == (
        "Siti Rohmah", "Yayasan Batik Indonesia", "Undangan",
    )  # fmt: skip


def test_the_chair_names_them_when_opening_or_later_and_the_seal_page_misses_a_secretary(client):
    (nomination,) = many_assessed(1)
    client.force_login(a_chair())
    secretary = a_secretary()
    answer = client.post(
        reverse("plenary_open"),
        {
            "round": nomination.round_id, "place": "Jakarta", "secretary": secretary.pk,
            "members": [a_chair().pk], "present": [a_chair().pk],
        },
    )  # fmt: skip
    session = Plenary.objects.get()
    assert answer["Location"] == session.get_absolute_url()
    assert sessions.is_secretary(secretary, session)
    address = reverse("plenary_attendees", args=[session.pk])
    assert secretary.full_name in words_of(client.get(address))
    assert "Isi namanya." in words_of(client.post(address, {"seat": "undangan", "institution": "HIMKI"}))
    text = words_of(client.post(address, {"seat": "undangan", **GUEST}, follow=True))
    assert "Siti Rohmah dicatat sebagai undangan." in text
    assert "Siti Rohmah (undangan" in words_of(client.get(reverse("plenary_attendance", args=[session.pk])))
    guest = session.attendees.get(seat="undangan")
    client.post(reverse("plenary_attendee_left", args=[session.pk, guest.pk]))
    guest.refresh_from_db()
    assert guest.left_at is not None
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=at(59))
    seal = reverse("plenary_seal", args=[session.pk])
    assert "Sekretaris sidang belum dicatat" not in words_of(client.get(seal))
    for role in Role:
        if role != Role.KETUA:
            client.force_login(a_person(role))
            assert client.get(address).status_code == 403, role


def test_without_a_secretary_the_seal_page_says_so(client, session):
    client.force_login(a_chair())
    assert "Sekretaris sidang belum dicatat" in words_of(
        client.get(reverse("plenary_seal", args=[session.pk]))
    )
