"""Who may be put on a panel, what the first assignment pins, and what people are told."""

from datetime import timedelta

import pytest

from accounts.models import Membership
from accounts.roles import Role
from assessment import assignment, instruments, rules
from assessment.models import Assignment, Interest
from assessment.refusals import Refused
from audit import history
from letters.models import Message
from nominations.models import State
from tests.factories.accounts import TASIKMALAYA, a_dinas, a_person, a_province_office, a_regency
from tests.factories.assessment import (
    CAMPUS,
    a_chair,
    a_declared_assignment,
    a_panel,
    a_secretary,
    an_assessor,
    an_instrument,
    an_outside_office,
    assignments_of,
    declare_conflict,
    fill,
    send,
    three_assessors,
)
from tests.factories.nominations import IkmFactory, NominationFactory, ProductFactory, an_hour_ago

pytestmark = pytest.mark.django_db
REASON = "Sedang sakit sampai akhir bulan."


def refusal_of(nomination, *people):
    with pytest.raises(Refused) as refusal:
        assignment.assign(nomination, people, by=a_secretary(), at=an_hour_ago())
    return refusal.value


def test_the_first_assignment_pins_the_copy_and_the_latest_published_version():
    first = an_instrument()
    second = instruments.draft(first.group, first.definition, by=a_secretary(), at=an_hour_ago())
    waiting = a_panel()
    assert waiting.instrument == first
    instruments.publish(second, by=a_secretary(), at=an_hour_ago())
    later = a_panel()
    assert later.instrument == second
    assert (later.instrument.version, later.submission) == (2, later.nomination.latest_submission())
    waiting.refresh_from_db()
    assert waiting.instrument == first


def test_people_are_told_once_for_all_that_they_got():
    an_instrument()
    nominations = [NominationFactory(in_state="eligible") for _ in range(3)]
    people = three_assessors()
    count = assignment.assign_many(dict.fromkeys(nominations, people), by=a_secretary(), at=an_hour_ago())
    assert count == 9
    sent = Message.objects.filter(kind="assigned")
    assert sorted(message.person_id for message in sent) == sorted(person.pk for person in people)
    assert {message.subject for message in sent} == {"Penugasan penilaian OVOP: 3 usulan"}
    assert all("anyaman" in message.body_text and "/penilaian/" in message.body_text for message in sent)


def test_each_assignment_is_in_the_history():
    assessment = a_panel()
    assert [entry.action for entry in history.of(assessment)] == ["open_assessment"]
    assert [entry.action for entry in history.of(assignments_of(assessment)[0])] == ["assign"]


@pytest.mark.parametrize("state", [state for state in State if state != State.ELIGIBLE])
def test_only_an_eligible_nomination_gets_a_panel(state):
    an_instrument()
    assert refusal_of(NominationFactory(in_state=state), an_assessor(outside=True)).code == "not_eligible"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SEKRETARIAT])
def test_only_the_secretariat_assigns(role):
    an_instrument()
    nomination = NominationFactory(in_state="eligible")
    with pytest.raises(Refused, match="not_yours"):
        assignment.assign(
            nomination, three_assessors(), by=a_person(role, around=nomination), at=an_hour_ago()
        )
    assert not Assignment.objects.exists()


def test_three_of_the_ministry_are_no_panel_but_one_of_a_campus_makes_it_one():
    an_instrument()
    nomination = NominationFactory(in_state="eligible")
    inside = [an_assessor() for _ in range(3)]
    assert refusal_of(nomination, *inside).code == "nobody_from_outside"
    professor = a_person(Role.PENILAI, office=an_outside_office(CAMPUS))
    made = assignment.assign(nomination, [*inside[:2], professor], by=a_secretary(), at=an_hour_ago())
    assert made.assignments.count() == 3


def test_a_panel_can_be_filled_bit_by_bit_but_not_beyond_its_size():
    an_instrument()
    nomination = NominationFactory(in_state="eligible")
    first, second, third, fourth = [an_assessor(outside=True) for _ in range(4)]
    assignment.assign(nomination, [first], by=a_secretary(), at=an_hour_ago())
    assignment.assign(nomination, [second, third], by=a_secretary(), at=an_hour_ago())
    assert refusal_of(nomination, fourth).code == "too_many"
    assert refusal_of(nomination, first).code == "already"


def test_the_same_person_twice_or_nobody_or_no_assessor_is_refused():
    an_instrument()
    nomination = NominationFactory(in_state="eligible")
    one = an_assessor()
    assert refusal_of(nomination, one, one).code == "twice"
    assert refusal_of(nomination).code == "nobody"
    assert refusal_of(nomination, a_secretary()).code == "no_assessor"


def _was_at_the_dinas(person, nomination):
    Membership.objects.create(
        person=person, role=Role.DINAS, office=nomination.office, starts_on="2019-01-01", ends_on="2020-12-31"
    )


def _works_in_its_province(person, nomination):
    office = a_province_office(nomination.office.province_id)
    Membership.objects.create(person=person, role=Role.PROVINSI, office=office, starts_on="2019-01-01")


def _works_for_a_campus_there(person, nomination):
    campus = an_outside_office(CAMPUS)
    campus.regency = nomination.regency
    campus.save()
    Membership.objects.create(person=person, role=Role.PENILAI, office=campus, starts_on="2019-01-01")


def _has_a_home_there(person, nomination):
    Interest.objects.create(
        person=person,
        kind="home",
        regency=nomination.regency,
        recorded_at=an_hour_ago(),
        recorded_by=a_secretary(),
    )


def _coached_it(person, nomination):
    Interest.objects.create(
        person=person,
        kind="coached",
        ikm=nomination.product.ikm,
        recorded_at=an_hour_ago(),
        recorded_by=a_secretary(),
    )


def _wrote_it(person, nomination):
    nomination.created_by = person
    nomination.save()


def _declared_a_conflict_with_its_ikm_before(person, nomination):
    other = NominationFactory(in_state="eligible", product=ProductFactory(ikm=nomination.product.ikm))
    panel = a_panel(other, [person, an_assessor(), an_assessor(outside=True)])
    declare_conflict(panel.assignments.get(assessor=person))


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (_was_at_the_dinas, "own_office"),
        (_works_in_its_province, "own_province"),
        (_works_for_a_campus_there, "own_regency"),
        (_has_a_home_there, "home"),
        (_coached_it, "recorded"),
        (_wrote_it, "own_nomination"),
        (_declared_a_conflict_with_its_ikm_before, "declared"),
    ],
)
def test_a_conflict_that_facts_show_keeps_somebody_off_a_panel(fact, code):
    an_instrument()
    nomination, person = NominationFactory(in_state="eligible"), an_assessor(outside=True)
    elsewhere = NominationFactory(
        in_state="eligible", product=ProductFactory(ikm=IkmFactory(regency=a_regency("1304"), sentra=None))
    )
    fact(person, nomination)
    refusal = refusal_of(nomination, person)
    assert refusal.code == code
    assert "benturan kepentingan" in refusal.for_reader
    assert rules.Facts.about([person]).ground_against(person, elsewhere) is None


def test_a_colleague_of_another_regency_of_the_same_province_may_assess():
    an_instrument()
    nomination, person = NominationFactory(in_state="eligible"), an_assessor(outside=True)
    Membership.objects.create(
        person=person, role=Role.DINAS, office=a_dinas(TASIKMALAYA), starts_on="2019-01-01"
    )
    assert rules.Facts.about([person]).ground_against(person, nomination) is None


def test_somebody_replaced_keeps_nothing_and_the_new_one_begins_empty():
    one = a_declared_assignment()
    fill(one)
    other = an_assessor()
    fresh = assignment.replace(one, other, reason=REASON, by=a_secretary(), at=an_hour_ago())
    one.refresh_from_db()
    assert (one.removal, one.removed_reason) == ("replaced", REASON)
    assert not Assignment.objects.visible_to(one.assessor).exists()
    assert not Assignment.objects.scores_visible_to(one.assessor).exists()
    assert (fresh.assessor, fresh.scores.count()) == (other, 0)


def test_a_replacement_that_may_not_sit_there_removes_nobody():
    one = assignments_of(a_panel())[0]
    officer = a_person(Role.PENILAI, office=an_outside_office())
    _has_a_home_there(officer, one.assessment.nomination)
    with pytest.raises(Refused, match="home"):
        assignment.replace(one, officer, reason=REASON, by=a_secretary(), at=an_hour_ago())
    one.refresh_from_db()
    assert one.removed_at is None


def test_the_last_one_from_outside_is_replaced_by_one_from_outside():
    assessment = a_panel()
    outside = next(one for one in assignments_of(assessment) if one.is_from_outside)
    with pytest.raises(Refused, match="nobody_from_outside"):
        assignment.replace(outside, an_assessor(), reason=REASON, by=a_secretary(), at=an_hour_ago())
    made = assignment.replace(
        outside, an_assessor(outside=True), reason=REASON, by=a_secretary(), at=an_hour_ago()
    )
    assert made.is_from_outside


def test_a_removal_needs_a_reason_and_a_sheet_that_is_not_sent():
    one = a_declared_assignment()
    with pytest.raises(Refused, match="reason_missing"):
        assignment.remove(one, reason="sakit", by=a_secretary(), at=an_hour_ago())
    fill(one)
    send(one)
    with pytest.raises(Refused, match="submitted"):
        assignment.remove(one, reason=REASON, by=a_secretary(), at=an_hour_ago())
    with pytest.raises(Refused, match="not_yours"):
        assignment.remove(one, reason=REASON, by=a_chair(), at=an_hour_ago())


def test_an_assignment_is_given_back_by_its_assessor_for_one_of_the_reasons():
    one = assignments_of(a_panel())[0]
    with pytest.raises(Refused, match="reason_missing"):
        assignment.decline(one, "replaced", by=one.assessor, at=an_hour_ago())
    with pytest.raises(Refused, match="not_yours"):
        assignment.decline(one, "time", by=a_secretary(), at=an_hour_ago())
    gone = assignment.decline(one, "expertise", by=one.assessor, at=an_hour_ago() + timedelta(minutes=6))
    assert (gone.removal, gone.removed_by) == ("expertise", one.assessor)
