"""Reminders 7, 3 and 1 days before an end: to those who have something open, each once, whatever dies on the way."""

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Office
from accounts.roles import Role
from letters import outbox
from letters.models import Message
from letters.wording import WIB
from nominations import lifecycle, reference, reminders, rounds, tasks
from nominations.models import Phase
from ovop_portal.celery import app
from tests.factories.accounts import JAKARTA_PUSAT, TANAH_DATAR, TASIKMALAYA, a_dinas, a_person, a_regency
from tests.factories.nominations import NominationFactory, ProductFactory, RoundFactory, a_phase
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

END = datetime(2026, 3, 13, 23, 59, tzinfo=WIB)
OPENED = datetime(2026, 2, 2, 8, tzinfo=WIB)
BEGUN = datetime(2026, 2, 20, 10, tzinfo=WIB)


@made_once
def colleague():
    return a_person(Role.DINAS, around=a_regency())


def on(day, hour=8, minute=0, month=3):
    return datetime(2026, month, day, hour, minute, tzinfo=WIB)


@made_once
def round_():
    made = RoundFactory(open_phases=False)
    a_phase(made, Phase.Kind.NOMINATION, opens_at=OPENED, closes_at=END)
    return made


@made_once
def officer():
    return a_person(Role.DINAS, around=a_regency())


def a_draft(round_, by, **fields):
    return NominationFactory(round=round_, by=by, created_by=by, at=BEGUN, **fields)


def told(kind=None):
    messages = Message.objects.order_by("pk")
    return list(messages.filter(kind=kind) if kind else messages)


# --- When ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("at", "days", "left"),
    [
        (on(6, 6, 59), None, None),
        (on(6, 7), 7, 7),
        (on(6, 23, 59), 7, 7),
        (on(7, 0), 7, 6),
        (on(9, 23, 59), 7, 4),
        (on(10, 6, 59), None, None),
        (on(10, 7), 3, 3),
        (on(11, 12), 3, 2),
        (on(12, 6, 59), None, None),
        (on(12, 7), 1, 1),
        (on(12, 23, 59), 1, 1),
        (on(13, 0), None, None),
        (on(13, 23, 58), None, None),
        (on(5, 23, 59), None, None),
    ],
)
def test_days_are_those_of_the_calendar_in_wib(at, days, left):
    found = reminders.due(END, at=at)
    assert (found and found.days, found and found.left) == (days, left)


def test_an_end_just_after_midnight_in_wib_belongs_to_its_own_day():
    """00.30 WIB of the 14th is still the 13th in UTC: the reminder of the last day comes on the 13th in WIB."""
    assert reminders.due(datetime(2026, 3, 14, 0, 30, tzinfo=WIB), at=on(12)).days == 3
    assert reminders.due(datetime(2026, 3, 14, 0, 30, tzinfo=WIB), at=on(13)).days == 1


# --- Drafts ----------------------------------------------------------------------------------------------------
def test_an_officer_reads_which_drafts_are_open_and_what_they_lack(round_, officer):
    reference.load()
    a_draft(round_, officer, empty=True, product__name="Dodol cokelat", product__ikm__name="UD Sari")
    a_draft(round_, officer, product__name="Batik tulis", product__ikm__name="Batik Ayu")
    assert reminders.remind(at=on(6)) == 1
    (message,) = told()
    assert (message.kind, message.person, message.state) == ("draft_due", officer, "waiting")
    assert message.subject == "Sisa 7 hari: 2 draf usulan OVOP belum dikirim"
    assert "Pengusulan ditutup 13 Maret 2026 pukul 23.59 WIB. 2 draf belum dikirim:" in message.body_text
    assert "- Dodol cokelat, UD Sari: produk, dokumen legalitas, cerita dan foto" in message.body_text
    assert "- Batik tulis, Batik Ayu: lengkap, tinggal dikirim" in message.body_text
    assert "/usulan/\n" in message.body_text


def test_the_day_before_it_says_tomorrow_and_leads_to_the_one_draft(round_, officer):
    draft = a_draft(round_, officer)
    reminders.remind(at=on(12))
    (message,) = told()
    assert message.kind == "draft_due_tomorrow"
    assert message.subject == "Besok pengusulan ditutup: 1 draf usulan OVOP belum dikirim"
    assert f"/usulan/{draft.pk}/" in message.body_text
    assert message.about == f"nominations.nomination:{draft.pk}"


def test_many_drafts_are_counted_and_twenty_are_named(round_, officer):
    for _ in range(23):
        a_draft(round_, officer, documented=False)
    reminders.remind(at=on(6))
    (message,) = told()
    assert "23 draf belum dikirim" in message.body_text
    assert message.body_text.count("- Tas anyaman") == 20
    assert "- dan 3 draf lainnya" in message.body_text


def test_all_three_come_once_each_however_often_it_runs(round_, officer):
    a_draft(round_, officer)
    for hour in range(24 * 9):
        reminders.remind(at=on(5, 0) + timedelta(hours=hour))
    assert [(m.kind, m.queued_at.astimezone(WIB).day, m.queued_at.astimezone(WIB).hour) for m in told()] == [
        ("draft_due", 6, 7),
        ("draft_due", 10, 7),
        ("draft_due_tomorrow", 12, 7),
    ]


@pytest.mark.parametrize("state", ["submitted", "withdrawn", "lapsed", "endorsed"])
def test_nothing_is_said_of_what_is_no_draft(round_, officer, state):
    NominationFactory(round=round_, by=officer, created_by=officer, at=BEGUN, in_state=state)
    assert reminders.remind(at=on(6)) == 0
    assert reminders.remind(at=on(12)) == 0


def test_what_began_after_the_hour_waits_for_the_next_reminder(round_, officer):
    NominationFactory(round=round_, by=officer, created_by=officer, created_at=on(8, 10), at=on(8, 12))
    assert reminders.remind(at=on(8, 13)) == 0
    assert reminders.remind(at=on(10)) == 1


def test_a_day_that_an_outage_took_is_made_up_for_with_the_days_that_are_left(round_, officer):
    a_draft(round_, officer)
    assert reminders.remind(at=on(8)) == 1
    assert told()[0].subject.startswith("Sisa 5 hari:")
    assert reminders.remind(at=on(11)) == 1
    assert told()[1].subject.startswith("Sisa 2 hari:")


def test_on_the_last_day_tomorrow_is_not_said_any_more(round_, officer):
    a_draft(round_, officer)
    assert reminders.remind(at=on(13, 9)) == 0


def test_after_an_outage_one_reminder_comes_and_not_all_that_were_missed(round_, officer):
    a_draft(round_, officer)
    assert reminders.remind(at=on(12, 9)) == 1
    assert [message.kind for message in told()] == ["draft_due_tomorrow"]


def test_a_phase_that_opened_after_the_hour_has_no_such_reminder(round_, officer):
    a_draft(round_, officer)
    a_phase(round_, Phase.Kind.NOMINATION, opens_at=on(8), closes_at=END)
    assert reminders.remind(at=on(9)) == 0
    assert reminders.remind(at=on(10)) == 1


def test_an_extension_makes_reminders_of_its_own_and_repeats_no_old_one(round_, officer):
    secretary = a_person(Role.SEKRETARIAT)
    a_draft(round_, officer)
    reminders.remind(at=on(6))
    reminders.remind(at=on(10))
    phase = round_.phases.get(kind=Phase.Kind.NOMINATION)
    rounds.extend(
        phase, closes_at=END + timedelta(days=4), reason="Gangguan jaringan.", by=secretary, at=on(11)
    )
    Message.objects.filter(kind="phase_extended").delete()
    assert reminders.remind(at=on(12, 9)) == 0, "the extension itself was told on the 11th"
    assert reminders.remind(at=on(14, 9)) == 1
    assert reminders.remind(at=on(16, 9)) == 1
    assert [message.subject[:12] for message in told()] == [
        "Sisa 7 hari:", "Sisa 3 hari:", "Sisa 3 hari:", "Besok pengus",
    ]  # fmt: skip
    assert "17 Maret 2026 pukul 23.59 WIB" in told()[2].body_text


def test_a_draft_that_an_extension_revived_is_reminded_of(round_, officer):
    draft = a_draft(round_, officer)
    lifecycle.follow("lapse", draft, by=None, at=END + timedelta(minutes=6))
    phase = round_.phases.get(kind=Phase.Kind.NOMINATION)
    rounds.extend(
        phase, closes_at=END + timedelta(days=9), reason="Gangguan jaringan.", by=a_person(Role.SEKRETARIAT), at=on(14)
    )  # fmt: skip
    reminders.remind(at=on(15, 9))
    assert [message.subject[:12] for message in told("draft_due")] == ["Sisa 7 hari:"]


# --- Who -------------------------------------------------------------------------------------------------------
def test_whoever_looks_after_a_draft_is_reminded_and_not_whoever_began_it(round_, officer, colleague):
    a_draft(round_, officer, responsible=colleague)
    a_draft(round_, officer)
    reminders.remind(at=on(6))
    assert {message.person: message.subject[:20] for message in told()} == {
        colleague: "Sisa 7 hari: 1 draf ",
        officer: "Sisa 7 hari: 1 draf ",
    }


@pytest.mark.parametrize("gone", ["moved", "closed", "ended"])
def test_where_the_responsible_left_it_goes_back_to_who_began_it(round_, officer, gone, colleague):
    a_draft(round_, officer, responsible=colleague)
    leave(colleague, gone)
    reminders.remind(at=on(6))
    assert [message.person for message in told()] == [officer]


@pytest.mark.parametrize("gone", ["moved", "closed", "ended"])
def test_where_both_left_everybody_of_the_office_is_reminded(round_, officer, gone):
    a_draft(round_, officer)
    leave(officer, gone)
    others = [a_person(Role.DINAS, around=a_regency()) for _ in range(2)]
    a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    a_person(Role.PROVINSI, around=a_regency())
    reminders.remind(at=on(6))
    assert [message.person for message in told()] == others


def leave(person, how):
    if how == "moved":
        person.memberships.update(office=a_dinas(TASIKMALAYA))
    elif how == "closed":
        person.is_active = False
        person.save()
    else:
        person.memberships.update(ends_on=on(5).date())


def test_an_office_without_people_stops_nobody_else(round_, officer):
    a_draft(round_, officer)
    elsewhere = a_draft(
        round_,
        a_person(Role.DINAS, around=a_regency(TASIKMALAYA)),
        product__ikm__regency=a_regency(TASIKMALAYA),
    )
    leave(elsewhere.created_by, "closed")
    assert reminders.remind(at=on(6)) == 1


def test_the_province_that_nominates_itself_is_reminded_of_its_drafts(round_):
    province = a_person(Role.PROVINSI, around=a_regency(JAKARTA_PUSAT))
    a_draft(round_, province, product=ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT)))
    reminders.remind(at=on(6))
    assert [(message.kind, message.person) for message in told()] == [("draft_due", province)]


# --- Returned --------------------------------------------------------------------------------------------------
def test_a_returned_nomination_has_reminders_by_its_own_end(round_, officer):
    nomination = NominationFactory(
        round=round_, by=officer, created_by=officer, at=on(2), in_state="returned"
    )
    nomination.repair_due_at = on(20, 23, 59)
    nomination.save()
    for day in range(10, 22):
        reminders.remind(at=on(day, 9))
    assert [(m.kind, m.queued_at.astimezone(WIB).day, m.subject[:12]) for m in told()] == [
        ("return_due", 13, "Sisa 7 hari:"),
        ("return_due", 17, "Sisa 3 hari:"),
        ("return_due", 19, "Sisa 1 hari:"),
    ]
    assert "Batas: 20 Maret 2026 pukul 23.59 WIB" in told()[0].body_text
    assert f"/usulan/{nomination.pk}/" in told()[0].body_text


def test_what_was_returned_with_five_days_waits_for_the_third_before(round_, officer):
    nomination = NominationFactory(
        round=round_, by=officer, created_by=officer, at=on(2), in_state="returned"
    )
    nomination.repair_due_at = on(7, 23, 59)
    nomination.save()
    assert reminders.remind(at=on(2, 12)) == 0
    assert reminders.remind(at=on(4, 12)) == 1


# --- The province ----------------------------------------------------------------------------------------------
def test_a_province_is_reminded_of_what_waits_for_it_and_another_is_not(round_, officer):
    a_phase(round_, Phase.Kind.ENDORSEMENT, opens_at=OPENED, closes_at=END)
    for _ in range(2):
        NominationFactory(round=round_, by=officer, created_by=officer, at=BEGUN, in_state="submitted")
    NominationFactory(round=round_, at=BEGUN, in_state="endorsed")
    own_of_a_province = ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT))
    NominationFactory(round=round_, product=own_of_a_province, at=BEGUN, in_state="submitted")
    Message.objects.all().delete()
    of_the_province = set(Office.objects.get(code="32").memberships.values_list("person", flat=True)) | {
        a_person(Role.PROVINSI, around=a_regency()).pk
    }
    a_person(Role.PROVINSI, around=a_regency(TANAH_DATAR))
    reminders.remind(at=on(10))
    assert {message.kind for message in told()} == {"endorsement_due"}
    assert {message.person_id for message in told()} == of_the_province
    assert told()[0].subject == "Sisa 3 hari: 2 usulan menunggu verifikasi provinsi"
    assert reminders.remind(at=on(10, 20)) == 0


# --- Once, whatever dies ------------------------------------------------------------------------------------------
def test_a_run_that_died_halfway_is_finished_by_the_next_and_nobody_is_told_twice(round_):
    for code in ("3205", "3206", "3207"):
        regency = a_regency(code)
        a_draft(round_, a_person(Role.DINAS, around=regency), product__ikm__regency=regency)
    queue, calls = outbox.queue, []

    def dies_at_the_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return queue(*args, **kwargs)

    with mock.patch.object(outbox, "queue", dies_at_the_second), pytest.raises(SystemExit):
        reminders.remind(at=on(6))
    assert len(told()) == 1
    assert reminders.remind(at=on(6, 9)) == 2
    assert len({message.person for message in told()}) == len(told()) == 3


def test_two_workers_that_run_at_once_queue_each_once(round_, officer):
    """The second has looked before the first wrote: the outbox's key holds."""
    a_draft(round_, officer)
    with mock.patch.object(outbox, "queued_among", return_value=set()):
        reminders.remind(at=on(6))
        reminders.remind(at=on(6))
    assert len(told()) == 1


def test_a_run_asks_the_same_for_two_people_and_for_eight(round_):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            reminders.remind(at=on(6, 12))
        return len(captured)

    def drafts_in(codes):
        for code in codes:
            regency = a_regency(code)
            a_draft(round_, a_person(Role.DINAS, around=regency), product__ikm__regency=regency)

    drafts_in(("3205", "3206"))
    reminders.remind(at=on(6))
    few = asked()
    drafts_in(("3201", "3202", "3203", "3204", "3207", "3208"))
    reminders.remind(at=on(6))
    assert asked() == few
    assert few <= 10


# --- The clock ---------------------------------------------------------------------------------------------------
def test_beat_calls_tasks_that_exist_and_knows_these():
    named = {entry["task"] for entry in tasks.BEAT.values()}
    assert named == {tasks.lapse.name, tasks.remind.name, tasks.tell_provinces.name}
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named | {"assessment.tasks.remind"} <= scheduled


def test_the_task_takes_the_instant_of_its_run(round_, officer):
    a_draft(round_, officer)
    with mock.patch("django.utils.timezone.now", return_value=on(6)):
        tasks.remind.run()
    assert len(told()) == 1
