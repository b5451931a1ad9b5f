"""Mails of the panel: when somebody is missing, when a sheet is open again, when the end is near. Each once."""

from datetime import datetime, timedelta
from unittest import mock

import pytest

from accounts.roles import Role
from assessment import assignment, declarations, reminders, reopening, tasks
from assessment.models import Assignment
from assessment.refusals import Refused
from letters import inbox
from letters.models import Message
from letters.wording import WIB
from nominations.models import Phase
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_panel,
    a_secretary,
    an_assessed_nomination,
    an_assessor,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    send,
    three_assessors,
)
from tests.factories.nominations import NominationFactory, RoundFactory, a_phase, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Skor A.I.1 tertukar: 3 menjadi 1."
END = datetime(2026, 5, 8, 23, 59, tzinfo=WIB)


@made_once
def one():
    return sent()


def told(kind):
    return list(Message.objects.filter(kind=kind).order_by("pk"))


# --- Somebody else is needed -----------------------------------------------------------------------------------
def test_a_conflict_is_told_to_the_secretariat_and_not_what_it_is():
    one = assignments_of(a_panel())[0]
    others = [a_person(Role.SEKRETARIAT), a_person(Role.SEKRETARIAT)]
    others[1].memberships.update(ends_on=an_hour_ago().date() - timedelta(days=1))
    declare_conflict(one)
    messages = told("assignment_declined")
    assert [message.person for message in messages] == [a_secretary(), others[0]]
    text = messages[0].body_text
    assert f"{one.assessor.full_name} tidak menilai usulan" in text
    assert "menyatakan benturan kepentingan" in text
    assert f"/panel/{one.assessment.nomination_id}/" in text
    assert "Ipar" not in text
    assert "keluarga" not in text
    assert inbox.words_of(messages[0], a_secretary()).is_open


@pytest.mark.parametrize(
    ("removal", "words"),
    [("expertise", "di luar keahliannya"), ("time", "berhalangan pada masa penilaian")],
)
def test_an_assignment_given_back_is_told_to_the_secretariat_once(removal, words):
    one = assignments_of(a_panel())[0]
    assignment.decline(one, removal, by=one.assessor, at=an_hour_ago() + timedelta(minutes=10))
    with pytest.raises(Refused):
        assignment.decline(one, removal, by=one.assessor, at=an_hour_ago() + timedelta(minutes=11))
    (message,) = told("assignment_declined")
    assert words in message.body_text


def test_no_conflict_and_a_replacement_by_the_secretariat_itself_are_told_to_nobody_there():
    first, second, _ = assignments_of(a_panel())
    declare_free(first)
    assignment.remove(
        second, reason="Sakit sampai akhir bulan.", by=a_secretary(), at=an_hour_ago() + timedelta(minutes=15)
    )
    assert told("assignment_declined") == []


def test_a_refused_declaration_tells_nobody():
    one = assignments_of(a_panel())[0]
    with pytest.raises(Refused):
        declarations.declare(one, has_conflict=True, kind="family", by=one.assessor, at=an_hour_ago())
    assert told("assignment_declined") == []


# --- A sheet is open again -------------------------------------------------------------------------------------
def sent():
    one = a_declared_assignment()
    fill(one)
    return send(one)


@pytest.mark.parametrize(
    ("by", "named"), [(a_chair, "Ketua sidang pleno"), (a_secretary, "Sekretariat OVOP")]
)
def test_its_assessor_is_told_that_a_sheet_is_open_again_without_the_reason_or_a_score(by, named, one):
    reopening.reopen(one, reason=REASON, by=by(), at=an_hour_ago() + timedelta(minutes=30))
    (message,) = told("sheet_reopened")
    assert message.person == one.assessor
    assert f"{named} membuka kembali lembar penilaian Anda" in message.body_text
    assert f"/penilaian/{one.pk}/" in message.body_text
    assert "tertukar" not in message.body_text
    assert inbox.words_of(message, one.assessor).is_open


def test_each_opening_is_told_and_an_own_revision_is_not(one):
    for minutes in (30, 40):
        reopening.reopen(one, reason=REASON, by=a_chair(), at=an_hour_ago() + timedelta(minutes=minutes))
        one = send(Assignment.objects.get(pk=one.pk), at=an_hour_ago() + timedelta(minutes=minutes + 5))
    assert len(told("sheet_reopened")) == 2


def test_after_the_end_of_assessment_no_past_date_is_named(one):
    now = an_hour_ago() + timedelta(minutes=30)
    a_phase(
        one.assessment.nomination.round,
        Phase.Kind.ASSESSMENT,
        opens_at=now - timedelta(days=9),
        closes_at=now,
    )
    reopening.reopen(one, reason=REASON, by=a_chair(), at=now)
    assert "sebelum batas yang diumumkan Sekretariat" in told("sheet_reopened")[0].body_text


# --- The end is near -------------------------------------------------------------------------------------------
@made_once
def panel():
    at = datetime(2026, 4, 20, 10, tzinfo=WIB)
    round_ = RoundFactory(open_phases=False)
    for kind in Phase.Kind:
        a_phase(round_, kind, opens_at=datetime(2026, 2, 1, tzinfo=WIB), closes_at=END)
    made = a_panel(NominationFactory(round=round_, in_state="eligible", at=at), at=at)
    Message.objects.all().delete()
    return made


def on(day, hour=8):
    return datetime(2026, 5, day, hour, tzinfo=WIB)


def test_assessors_with_open_sheets_are_reminded_three_times_each_once(panel):
    a_panel(
        NominationFactory(round=panel.nomination.round, in_state="eligible", at=on(1)),
        [one.assessor for one in assignments_of(panel)],
        at=on(1, 0),
    )
    Message.objects.all().delete()
    for hour in range(24 * 9):
        reminders.remind(at=on(1, 0) + timedelta(hours=hour))
    for person in (one.assessor for one in assignments_of(panel)):
        mine = Message.objects.filter(person=person).order_by("pk")
        assert [(message.subject, message.queued_at.astimezone(WIB).day) for message in mine] == [
            ("Sisa 7 hari: 2 penilaian belum dikirim", 1),
            ("Sisa 3 hari: 2 penilaian belum dikirim", 5),
            ("Sisa 1 hari: 2 penilaian belum dikirim", 7),
        ]
    assert "Batas: 8 Mei 2026 pukul 23.59 WIB" in told("scoring_due")[0].body_text


def test_who_has_nothing_open_any_more_is_not_reminded(panel):
    conflicted, gone, done = assignments_of(panel)
    moment = datetime(2026, 4, 21, 10, tzinfo=WIB)
    declare_conflict(conflicted, at=moment)
    assignment.decline(gone, "time", by=gone.assessor, at=moment)
    declare_free(done, at=moment)
    fill(done, at=moment)
    send(done, at=moment)
    assert reminders.remind(at=on(5)) == 0


def test_who_is_no_assessor_any_more_is_not_reminded(panel):
    first, second, _ = assignments_of(panel)
    first.assessor.memberships.update(taken_away_at=on(1))
    second.assessor.is_active = False
    second.assessor.save()
    assert reminders.remind(at=on(5)) == 1


def test_a_nomination_that_is_no_longer_assessed_reminds_nobody():
    nomination = an_assessed_nomination()
    a_phase(nomination.round, Phase.Kind.ASSESSMENT, opens_at=datetime(2026, 2, 1, tzinfo=WIB), closes_at=END)
    assert reminders.remind(at=on(5)) == 0


def test_a_sheet_assigned_after_the_hour_waits_for_the_next(panel):
    late = [an_assessor(), *three_assessors()[1:]]
    a_panel(NominationFactory(round=panel.nomination.round, in_state="eligible", at=on(2)), late, at=on(2))
    Message.objects.all().delete()
    reminders.remind(at=on(3))
    assert not {message.person for message in told("scoring_due")} & set(late)
    reminders.remind(at=on(5))
    assert set(late) <= {message.person for message in told("scoring_due")}


def test_beat_calls_a_task_that_exists_and_that_takes_the_instant_of_its_run(panel):
    assert {entry["task"] for entry in tasks.BEAT.values()} == {tasks.remind.name}
    with mock.patch("django.utils.timezone.now", return_value=on(5)):
        tasks.remind.run()
    assert len(told("scoring_due")) == 3
