"""The grid: what may happen to a nomination, by whom; written by hand from the contract and the house's plan."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.roles import Role
from audit import history
from nominations import lifecycle
from nominations.models import Nomination, RefusalProposal, State
from tests.factories.accounts import (
    GARUT,
    JAKARTA_PUSAT,
    TANAH_DATAR,
    a_dinas,
    a_person,
    a_province_office,
    a_regency,
)
from tests.factories.nominations import (
    NominationFactory,
    ProductFactory,
    a_refusal_proposal,
    an_hour_ago,
    answer_for_the_province,
    check_everything,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Alasan yang cukup panjang untuk dibaca."

# (from, action, role, to). Whatever is not here does not happen.
ALLOWED = {
    ("draft", "submit", "dinas", "submitted"),
    ("draft", "withdraw", "dinas", "withdrawn"),
    ("submitted", "withdraw", "dinas", "withdrawn"),
    ("submitted", "endorse", "provinsi", "endorsed"),
    ("submitted", "return_to_dinas", "provinsi", "returned"),
    ("submitted", "not_endorse", "provinsi", "not_endorsed"),
    ("returned", "resubmit", "dinas", "submitted"),
    ("returned", "withdraw", "dinas", "withdrawn"),
    ("endorsed", "withdraw", "dinas", "withdrawn"),
    ("endorsed", "return_from_screening", "sekretariat", "returned"),
    ("endorsed", "declare_eligible", "sekretariat", "eligible"),
    ("endorsed", "declare_ineligible", "sekretariat", "ineligible"),
    ("ineligible", "uphold_objection", "sekretariat", "eligible"),
}
ROLES = [role.value for role in Role]
PEOPLE_DO = [row.action for row in lifecycle.TRANSITIONS if row.right is not None]


@made_once
def nomination(requirements):
    return NominationFactory(in_state="submitted")


def as_prepared(nomination, action):
    """What the action needs besides the right: answers, checks, a proposal by somebody else."""
    if action == "endorse":
        answer_for_the_province(nomination, by=a_person(Role.PROVINSI, around=nomination))
    if action == "declare_eligible":
        check_everything(nomination, by=a_person(Role.SEKRETARIAT))
    if action == "declare_ineligible":
        check_everything(nomination, by=a_person(Role.SEKRETARIAT), not_met="nib")
        a_refusal_proposal(nomination, by=a_person(Role.SEKRETARIAT))


def attempt(action, nomination, person):
    now = timezone.now()
    return lifecycle.perform(
        action, nomination, by=person, at=now, reason=REASON, due_at=now + timedelta(days=5)
    )


@pytest.mark.parametrize("state", State.values)
def test_the_written_list_is_the_whole_truth(state, requirements):
    nomination = NominationFactory(in_state=state)
    people = {role: a_person(role, around=nomination) for role in ROLES}
    happened = set()
    for action in dict.fromkeys(PEOPLE_DO):
        with transaction.atomic():
            if nomination.latest_submission():
                as_prepared(nomination, action)
            for role, person in people.items():
                with transaction.atomic():
                    try:
                        happened.add((state, action, role, attempt(action, nomination, person).state))
                    except lifecycle.Refused:
                        assert Nomination.objects.get(pk=nomination.pk).state == state
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
    assert happened == {row for row in ALLOWED if row[0] == state}


def test_everybody_of_another_region_is_refused(requirements, nomination):
    for role, place in ((Role.DINAS, TANAH_DATAR), (Role.PROVINSI, TANAH_DATAR), (Role.DINAS, "3206")):
        stranger = a_person(role, around=a_regency(place))
        assert not Nomination.objects.visible_to(stranger).exists()
        for action in PEOPLE_DO:
            with pytest.raises(lifecycle.Refused) as refusal:
                attempt(action, nomination, stranger)
            assert refusal.value.code == "not_yours"


def test_a_person_without_a_role_or_without_an_active_account_does_nothing(requirements):
    nomination = NominationFactory()
    officer = a_person(Role.DINAS, around=nomination)
    officer.is_active = False
    officer.save()
    for person in (a_person(), type(officer).objects.get(pk=officer.pk)):
        with pytest.raises(lifecycle.Refused):
            attempt("submit", nomination, person)


def test_in_jakarta_the_province_nominates_and_nobody_endorses_its_own(requirements):
    nomination = NominationFactory(product=ProductFactory(ikm__regency=a_regency(JAKARTA_PUSAT)))
    province = a_person(Role.PROVINSI, around=nomination)
    sent = attempt("submit", nomination, province)
    assert (sent.state, sent.number) == ("submitted", f"U-2026-{JAKARTA_PUSAT}-001")
    answer_for_the_province(nomination, by=province)
    for action in ("endorse", "return_to_dinas", "not_endorse"):
        with pytest.raises(lifecycle.Refused) as refusal:
            attempt(action, nomination, province)
        assert refusal.value.code == "not_yours"
    assert attempt("pass_on", nomination, a_person(Role.SEKRETARIAT)).state == "endorsed"


def test_where_a_province_is_silent_the_secretariat_passes_on_only_after_its_time(requirements):
    from nominations.models import Phase
    from tests.factories.nominations import a_phase

    nomination = NominationFactory(in_state="submitted")
    secretary, now = a_person(Role.SEKRETARIAT), timezone.now()
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("pass_on", nomination, secretary)
    assert refusal.value.code == "province_has_time"
    a_phase(
        nomination.round, Phase.Kind.ENDORSEMENT, opens_at=now - timedelta(days=9), closes_at=an_hour_ago()
    )
    assert attempt("pass_on", nomination, secretary).state == "endorsed"


def test_what_screening_returned_comes_back_to_screening(requirements):
    nomination = NominationFactory(in_state="endorsed")
    secretary = a_person(Role.SEKRETARIAT)
    returned = attempt("return_from_screening", nomination, secretary)
    assert (returned.state, returned.returned_from) == ("returned", "endorsed")
    again = attempt("resubmit", nomination, a_person(Role.DINAS, around=nomination))
    assert (again.state, again.returned_from, again.repair_due_at) == ("endorsed", "", None)
    assert [submission.sequence for submission in again.submissions.all()] == [1, 2]


def test_what_screening_returned_goes_by_the_province_where_the_secretariat_says_so(requirements):
    nomination = NominationFactory(in_state="endorsed")
    now = timezone.now()
    lifecycle.perform(
        "return_from_screening", nomination, by=a_person(Role.SEKRETARIAT), at=now, reason=REASON,
        due_at=now + timedelta(days=3), via_province=True,
    )  # fmt: skip
    assert attempt("resubmit", nomination, a_person(Role.DINAS, around=nomination)).state == "submitted"


def test_a_refusal_takes_two_people(requirements):
    nomination = NominationFactory(in_state="endorsed")
    first, second = a_person(Role.SEKRETARIAT), a_person(Role.SEKRETARIAT)
    check_everything(nomination, by=first, not_met="sk_sentra")
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("declare_ineligible", nomination, second)
    assert refusal.value.code == "not_proposed"
    a_refusal_proposal(nomination, by=first)
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("declare_ineligible", nomination, first)
    assert refusal.value.code == "same_person"
    assert attempt("declare_ineligible", nomination, second).state == "ineligible"
    for decider in (first, second):
        with pytest.raises(lifecycle.Refused) as refusal:
            attempt("uphold_objection", nomination, decider)
        assert refusal.value.code == "own_decision"
    assert attempt("uphold_objection", nomination, a_person(Role.SEKRETARIAT)).state == "eligible"


def test_a_proposal_of_an_earlier_submission_is_no_half_of_a_later_refusal(requirements):
    nomination = NominationFactory(in_state="endorsed")
    first, second = a_person(Role.SEKRETARIAT), a_person(Role.SEKRETARIAT)
    check_everything(nomination, by=first, not_met="nib")
    a_refusal_proposal(nomination, by=first)
    attempt("return_from_screening", nomination, second)
    assert not RefusalProposal.objects.exists()
    attempt("resubmit", nomination, a_person(Role.DINAS, around=nomination))
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("declare_ineligible", nomination, second)
    assert refusal.value.code == "checks_open", (
        "the checks of the first submission do not count for the second"
    )


def test_nobody_is_refused_without_a_requirement_that_is_not_met(requirements):
    nomination = NominationFactory(in_state="endorsed")
    check_everything(nomination, by=a_person(Role.SEKRETARIAT))
    a_refusal_proposal(nomination, by=a_person(Role.SEKRETARIAT))
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("declare_ineligible", nomination, a_person(Role.SEKRETARIAT))
    assert refusal.value.code == "nothing_is_wrong"


def test_an_open_question_or_an_open_check_holds_a_nomination_back(requirements, nomination):
    province = a_person(Role.PROVINSI, around=nomination)
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("endorse", nomination, province)
    assert refusal.value.code == "questions_open"
    assert "5 dari 5" in refusal.value.for_reader
    nomination = NominationFactory(in_state="endorsed")
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("declare_eligible", nomination, a_person(Role.SEKRETARIAT))
    assert refusal.value.code == "checks_open"


def test_an_incomplete_nomination_is_not_sent_and_says_what_is_missing(requirements):
    nomination = NominationFactory(empty=True)
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("submit", nomination, a_person(Role.DINAS, around=nomination))
    assert refusal.value.code == "incomplete"
    assert "Bahan baku dan asalnya belum diisi." in refusal.value.for_reader
    assert Nomination.objects.get(pk=nomination.pk).number is None


@pytest.mark.parametrize("action", ["withdraw", "return_to_dinas", "not_endorse"])
def test_a_decision_against_somebody_has_a_reason_without_personal_numbers(action, requirements, nomination):
    role = Role.DINAS if action == "withdraw" else Role.PROVINSI
    person, now = a_person(role, around=nomination), timezone.now()
    for reason, code in (
        ("pendek", "reason_missing"),
        ("NIK pemilik 3205 0112 3456 7890 salah", "personal_number"),
    ):
        with pytest.raises(lifecycle.Refused) as refusal:
            lifecycle.perform(
                action, nomination, by=person, at=now, reason=reason, due_at=now + timedelta(days=1)
            )
        assert refusal.value.code == code
    assert not history.of(nomination).filter(reason__contains="3205").exists()


def test_a_return_keeps_its_remarks_and_needs_an_end_ahead(requirements, nomination):
    person, now = a_person(Role.PROVINSI, around=nomination), timezone.now()
    with pytest.raises(lifecycle.Refused) as refusal:
        lifecycle.perform("return_to_dinas", nomination, by=person, at=now, reason=REASON, due_at=now)
    assert refusal.value.code == "due_missing"
    lifecycle.perform(
        "return_to_dinas", nomination, by=person, at=now, reason=REASON, due_at=now + timedelta(days=4),
        remarks={"workers": "Sebutkan juga yang bekerja di rumah.", "story": "  "},
    )  # fmt: skip
    remarks = nomination.latest_submission().remarks.values_list("field", "text")
    assert list(remarks) == [("workers", "Sebutkan juga yang bekerja di rumah.")]
    assert history.of(nomination).last().details == {"remarks": 1}


def test_the_second_to_press_is_told_who_was_first(requirements, nomination):
    first = a_person(Role.PROVINSI, around=nomination, name="Siti Aminah", title_before="Hj.")
    answer_for_the_province(nomination, by=first)
    attempt("endorse", nomination, first)
    with pytest.raises(lifecycle.Refused) as refusal:
        attempt("endorse", nomination, a_person(Role.PROVINSI, around=nomination))
    assert refusal.value.code == "wrong_state"
    assert "oleh Hj. Siti Aminah" in refusal.value.for_reader
    assert history.of(nomination).filter(action="endorse").count() == 1


def test_what_was_withdrawn_may_be_proposed_anew(requirements):
    from nominations import drafts

    nomination = NominationFactory(in_state="submitted")
    officer = a_person(Role.DINAS, around=nomination)
    with pytest.raises(lifecycle.Refused):
        drafts.begin(nomination.product, round_=nomination.round, by=officer, at=timezone.now())
    attempt("withdraw", nomination, officer)
    again = drafts.begin(nomination.product, round_=nomination.round, by=officer, at=timezone.now())
    assert (again.state, again.office) == ("draft", a_dinas(GARUT))


def test_the_buttons_are_the_table(requirements):
    nomination = NominationFactory(in_state="endorsed")
    labels = {row.label for row in lifecycle.possible(nomination, a_person(Role.SEKRETARIAT))}
    assert labels == {"Kembalikan untuk perbaikan", "Nyatakan lolos seleksi", "Nyatakan tidak lolos"}
    assert lifecycle.possible(nomination, a_person(Role.AUDITOR)) == []
    assert lifecycle.possible(nomination, a_person(Role.PROVINSI, around=nomination)) == []


def test_whoever_sent_it_for_the_dinas_does_not_endorse_it_for_the_province(requirements, nomination):
    person = a_person(Role.DINAS, around=nomination)
    person.memberships.create(role=Role.PROVINSI, office=a_province_office(nomination.office.province_id))
    person = type(person).objects.get(pk=person.pk)
    answer_for_the_province(nomination, by=a_person(Role.PROVINSI, around=nomination))
    for action in ("endorse", "return_to_dinas", "not_endorse"):
        with pytest.raises(lifecycle.Refused) as refusal:
            attempt(action, nomination, person)
        assert refusal.value.code == "not_yours"
    assert attempt("withdraw", nomination, person).state == "withdrawn"
