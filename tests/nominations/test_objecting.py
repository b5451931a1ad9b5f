"""Who may object to which result, from when until when, how often, and what filing leaves behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.roles import Role
from audit import history
from files import access
from letters import workdays
from letters.models import Holiday, HolidayYear, Message
from letters.wording import WIB
from nominations import objections, reading
from nominations.guards import Act, Refused, the_objection_can_be_dated
from nominations.models import Nomination, Objection
from tests.factories.accounts import JAKARTA_PUSAT, TANAH_DATAR, TASIKMALAYA, a_person, a_regency
from tests.factories.assessment import a_panel, assignments_of, declare_free, three_assessors
from tests.factories.files import StoredFileFactory
from tests.factories.nominations import NominationFactory, an_officer_of
from tests.factories.objections import REASON, a_published_nomination, a_refused_nomination, an_objection
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
# A Friday; between it and the fifth working day lie the holidays of Nyepi and Idulfitri (documents.md 13).
FRIDAY_13_MARCH = datetime(2026, 3, 13, 10, 0, tzinfo=WIB)
LAST_SECOND = datetime(2026, 3, 27, 23, 59, 59, tzinfo=WIB)
SECOND = timedelta(seconds=1)


@made_once
def nomination(requirements):
    return a_refused_nomination(at=FRIDAY_13_MARCH)


def filed(nomination, by=None, at=None, stage="seleksi", reason=REASON, evidence=None):
    return objections.file_objection(
        nomination, stage, reason=reason, evidence=evidence, by=by or an_officer_of(nomination.office),
        at=at or timezone.now(),
    )  # fmt: skip


def refused(nomination, **how):
    """The code of the refusal."""
    with pytest.raises(Refused) as refusal:
        filed(nomination, **how)
    assert refusal.value.for_reader
    return refusal.value.code


# --- The window --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("at", [FRIDAY_13_MARCH, FRIDAY_13_MARCH + timedelta(days=1), LAST_SECOND])
def test_from_the_refusal_to_the_last_second_of_the_fifth_working_day_it_is_in_time(requirements, at):
    assert filed(a_refused_nomination(at=FRIDAY_13_MARCH), at=at).at == at


@pytest.mark.parametrize(
    ("at", "code"), [(FRIDAY_13_MARCH - SECOND, "nothing_to_object"), (LAST_SECOND + SECOND, "window_closed")]
)
def test_before_the_refusal_and_at_the_end_itself_it_is_not(requirements, at, code, nomination):
    assert refused(nomination, at=at) == code
    assert not nomination.objections.exists()


def test_who_comes_too_late_reads_when_it_ended(requirements, nomination):
    with pytest.raises(Refused) as refusal:
        filed(nomination, at=LAST_SECOND + SECOND)
    assert "berakhir 27 Maret 2026 pukul 23.59 WIB" in refusal.value.for_reader
    assert "belum terkirim" in refusal.value.for_reader


def test_the_round_says_how_many_working_days(requirements, nomination):
    nomination.round.objection_days = 10
    nomination.round.save()
    window = objections.window(Nomination.objects.get(pk=nomination.pk), "seleksi")
    assert window.until == datetime(2026, 4, 6, 23, 59, tzinfo=WIB)


def test_a_holiday_that_is_entered_moves_the_end(requirements):
    Holiday.objects.create(
        date="2026-03-16", name="Hari libur contoh", kind="libur", year=HolidayYear.objects.get(year=2026)
    )
    window = objections.window(a_refused_nomination(at=FRIDAY_13_MARCH), "seleksi")
    assert window.until == datetime(2026, 3, 30, 23, 59, tzinfo=WIB)


@pytest.mark.parametrize("state", ["awarded", "not_awarded"])
def test_a_result_can_be_objected_to_from_its_publication_on(requirements, state):
    nomination, _ = a_published_nomination(state, at=FRIDAY_13_MARCH)
    assert refused(nomination, stage="hasil", at=FRIDAY_13_MARCH - SECOND) == "nothing_to_object"
    assert refused(nomination, stage="hasil", at=LAST_SECOND + SECOND) == "window_closed"
    assert filed(nomination, stage="hasil", at=FRIDAY_13_MARCH).stage == "hasil"


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ("endorsed", "seleksi"), ("eligible", "seleksi"), ("assessed", "hasil"), ("ineligible", "hasil"),
        ("not_endorsed", "seleksi"),
    ],
)  # fmt: skip
def test_what_is_no_result_cannot_be_objected_to(requirements, state, stage):
    assert refused(NominationFactory(in_state=state), stage=stage) == "nothing_to_object"


def test_a_result_that_was_not_published_cannot_be_objected_to(requirements):
    nomination, decree = a_published_nomination("not_awarded")
    type(decree).objects.filter(pk=decree.pk).delete()
    assert refused(nomination, stage="hasil") == "nothing_to_object"


def test_where_the_days_off_are_unknown_nothing_is_dated_and_the_reader_is_told(db):
    nomination = a_refused_nomination(at=FRIDAY_13_MARCH)
    Holiday.objects.all().delete()
    HolidayYear.objects.all().delete()
    assert refused(nomination, at=FRIDAY_13_MARCH) == "holidays_unknown"


def test_a_refusal_waits_until_the_days_off_of_the_answer_are_known_too(requirements):
    years = sorted(HolidayYear.objects.values_list("year", flat=True))
    nomination = NominationFactory(in_state="endorsed")
    last = years[-1]
    early, late = (
        datetime(last, 12, 1, 10, tzinfo=WIB),
        # The last day to object is still in that year, the last day to answer is not.
        workdays.end_of_workday(datetime(last, 12, 10, 10, tzinfo=WIB), 7),
    )
    assert the_objection_can_be_dated(nomination, Act(None, early)) is None
    assert workdays.end_of_workday(late, nomination.round.objection_days).year == last
    assert the_objection_can_be_dated(nomination, Act(None, late))[0] == "holidays_unknown"


# --- Who ---------------------------------------------------------------------------------------------------------
def test_only_the_office_that_nominated_objects(requirements):
    nomination = a_refused_nomination()
    others = [
        a_person(Role.PROVINSI, around=nomination),
        a_person(Role.DINAS, around=a_regency(TASIKMALAYA)),
        a_person(Role.SEKRETARIAT),
        a_person(Role.AUDITOR),
        a_person(Role.ADMIN),
    ]
    assert {refused(nomination, by=person) for person in others} == {"not_yours"}
    assert filed(nomination, by=a_person(Role.DINAS, around=nomination))


def test_a_province_objects_where_it_nominates(requirements):
    nomination = a_refused_nomination(product__ikm__regency=a_regency(JAKARTA_PUSAT))
    assert filed(nomination, by=a_person(Role.PROVINSI, around=nomination))


# --- Once --------------------------------------------------------------------------------------------------------
def test_it_is_filed_once_for_each_stage(requirements):
    nomination = a_refused_nomination()
    first = filed(nomination, by=a_person(Role.DINAS, around=nomination, name="Siti Rohmah"))
    with pytest.raises(Refused) as refusal:
        filed(nomination, by=a_person(Role.DINAS, around=nomination), reason="Alasan lain yang menyusul.")
    assert refusal.value.code == "already_filed"
    assert "oleh Siti Rohmah" in refusal.value.for_reader
    assert list(nomination.objections.values_list("pk", "reason")) == [(first.pk, REASON)]
    # A later result is another matter.
    published, _ = a_published_nomination("not_awarded")
    an_objection(published, stage="seleksi")
    assert filed(published, stage="hasil")


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_send_at_once_file_one(requirements):
    with transaction.atomic():
        nomination = a_refused_nomination()
    people = [a_person(Role.DINAS, around=nomination) for _ in range(4)]

    def send(person):
        try:
            filed(nomination, by=person)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "filed"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(send, people))
    assert answers == ["already_filed"] * 3 + ["filed"]
    assert Objection.objects.count() == 1
    assert history.of(nomination).filter(action="objection_filed").count() == 1


# --- What is written ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "reason_missing"),
        ("  keliru  ", "reason_missing"),
        ("Pemilik dengan NIK 3205011234567890 hadir.", "personal_number"),
        ("NPWP 12.345.678.9-012.345 sudah benar.", "personal_number"),
    ],
)
def test_it_has_a_reason_and_names_nobody_by_number(requirements, reason, code):
    assert refused(a_refused_nomination(), reason=reason) == code


def test_filing_leaves_the_record_its_date_the_history_and_a_message(requirements, nomination):
    officer = a_person(Role.DINAS, around=nomination)
    colleagues = 1 + nomination.office.memberships.exclude(person=officer).count()
    at = datetime(2026, 3, 16, 9, 30, tzinfo=WIB)
    evidence = StoredFileFactory(uploaded_by=officer)
    objection = filed(nomination, by=officer, at=at, evidence=evidence)
    assert (objection.by, objection.at, objection.file) == (officer, at, evidence)
    # Five working days after Monday 16 March: 17, 25, 26, 27 and 30 March.
    assert objection.answer_due_at == datetime(2026, 3, 30, 23, 59, tzinfo=WIB)
    entry = history.of(nomination).get(action="objection_filed")
    assert (entry.actor, entry.at, entry.reason) == (officer, at, "")
    assert entry.details == {"objection": objection.pk, "stage": "seleksi", "evidence": True}
    messages = Message.objects.filter(kind="objection_received")
    assert messages.count() == colleagues
    text = messages.get(person=officer).body_text
    assert "16 Maret 2026 pukul 09.30 WIB" in text
    assert "paling lambat 30 Maret 2026" in text
    assert f"/usulan/{nomination.pk}/sanggah/" in text


def test_it_stands_in_the_way_that_its_readers_see(requirements):
    nomination = a_refused_nomination()
    filed(nomination)
    newest = reading.events(nomination)[0]
    assert (newest["to"], newest["reason"]) == ("Sanggah diajukan", "")


def test_an_objection_is_overdue_after_the_minute_that_was_named(requirements):
    objection = an_objection(a_refused_nomination(at=FRIDAY_13_MARCH), at=FRIDAY_13_MARCH)
    assert objection.answer_due_at == datetime(2026, 3, 27, 23, 59, tzinfo=WIB)
    assert not objection.is_overdue(at=LAST_SECOND)
    assert objection.is_overdue(at=LAST_SECOND + SECOND)
    assert list(Objection.objects.overdue(at=LAST_SECOND)) == []
    assert list(Objection.objects.overdue(at=LAST_SECOND + SECOND)) == [objection]


# --- Who reads it ------------------------------------------------------------------------------------------------
def test_who_reads_an_objection_and_its_evidence(requirements):
    refused_one = a_refused_nomination()
    published, _ = a_published_nomination("not_awarded")
    first = an_objection(refused_one, file=StoredFileFactory())
    second = an_objection(published, stage="hasil", file=StoredFileFactory())
    readers = {
        "its dinas": a_person(Role.DINAS, around=refused_one),
        "another dinas": a_person(Role.DINAS, around=a_regency(TASIKMALAYA)),
        "its province": a_person(Role.PROVINSI, around=refused_one),
        "another province": a_person(Role.PROVINSI, around=a_regency(TANAH_DATAR)),
        "the secretariat": a_person(Role.SEKRETARIAT),
        "the auditor": a_person(Role.AUDITOR),
        "the chair": a_person(Role.KETUA),
        "the signatory": a_person(Role.PENETAP),
        "an assessor": a_person(Role.PENILAI),
        "the administrator": a_person(Role.ADMIN),
    }
    both, result = {first, second}, {second}
    expected = {who: set() for who in readers} | {
        "its dinas": both, "its province": both, "the secretariat": both, "the auditor": both, "the chair": result,
    }  # fmt: skip
    assert {who: set(Objection.objects.visible_to(person)) for who, person in readers.items()} == expected
    opened = {
        who: {each for each in both if access.may_open(person, each.file)} for who, person in readers.items()
    }
    assert opened == expected


def test_an_assessor_who_may_open_the_nomination_does_not_read_its_objection(requirements):
    nomination = NominationFactory(in_state="eligible")
    objection = an_objection(nomination, file=StoredFileFactory())
    people = three_assessors()
    declare_free(assignments_of(a_panel(nomination, people))[0])
    assessor = assignments_of(nomination.assessment)[0].assessor
    assert Nomination.objects.visible_to(assessor).filter(pk=nomination.pk).exists()
    assert not Objection.objects.visible_to(assessor).exists()
    assert access.may_open(assessor, objection.file) is False
