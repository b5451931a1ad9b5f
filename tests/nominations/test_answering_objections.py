"""Who may answer an objection, what each answer brings about, and that it is answered once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from assessment import plenary
from audit import history
from letters.models import Message
from nominations import lifecycle, objections, reading
from nominations.guards import Refused
from nominations.models import Nomination, Objection, RefusalProposal
from ovop_portal import waiting
from tests.factories.accounts import a_ministry, a_person
from tests.factories.assessment import a_chair, a_sealed_plenary, an_assessed_nomination
from tests.factories.awards import a_drafted_decree
from tests.factories.nominations import NominationFactory, an_officer_of, check_everything
from tests.factories.objections import (
    ANSWER,
    a_published_nomination,
    a_refused_nomination,
    an_objection,
    who_refused,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


def answered(objection, by=None, outcome="diterima", answer=ANSWER):
    return objections.answer(
        objection, outcome=outcome, answer=answer, by=by or a_person(Role.SEKRETARIAT), at=timezone.now()
    )


def refused(objection, **how):
    """The code of the refusal."""
    with pytest.raises(Refused) as refusal:
        answered(objection, **how)
    assert refusal.value.for_reader
    return refusal.value.code


def state_of(objection):
    return Nomination.objects.get(pk=objection.nomination_id).state


@made_once
def objection(requirements):
    return an_objection(a_refused_nomination())


@made_once
def against_a_result(requirements):
    return an_objection(a_published_nomination("not_awarded")[0], stage="hasil")


# --- Who ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("action", ["propose_ineligible", "declare_ineligible"])
def test_who_took_part_in_the_refusal_cannot_answer(objection, action):
    assert refused(objection, by=who_refused(objection.nomination, action)) == "own_decision"
    assert state_of(objection) == "ineligible"
    assert not Objection.objects.get().outcome


def test_who_took_part_cannot_answer_it_with_a_no_either(objection):
    assert (
        refused(objection, by=who_refused(objection.nomination), outcome="tidak_dapat_diterima")
        == "own_decision"
    )


@pytest.mark.parametrize(
    "role", [Role.DINAS, Role.PROVINSI, Role.KETUA, Role.PENETAP, Role.AUDITOR, Role.ADMIN]
)
def test_only_the_secretariat_answers(objection, role):
    assert refused(objection, by=a_person(role, around=objection.nomination)) == "not_yours"


def test_nobody_answers_the_objection_of_the_own_office(objection):
    officer = objection.by
    Membership.objects.create(
        person=officer, role=Role.SEKRETARIAT, office=a_ministry(), starts_on=timezone.localdate()
    )
    assert refused(objection, by=type(officer).objects.get(pk=officer.pk)) == "own_objection"


def test_the_page_can_name_who_could_answer(objection):
    other = a_person(Role.SEKRETARIAT, name="Ratna Dewi")
    a_person(Role.SEKRETARIAT, is_active=False)
    could = set(objections.who_could_answer(objection, at=timezone.now()))
    assert other in could
    assert not could & {
        who_refused(objection.nomination, action) for action in ("propose_ineligible", "declare_ineligible")
    }
    assert all(person.is_active and Role.SEKRETARIAT in person.roles() for person in could)
    assert {objections.why_not_answered_by(objection, each, at=timezone.now()) for each in could} == {None}


def a_published_award():
    """A nomination scored by a panel, decided by a plenary, decreed and published now; with the decree."""
    nomination = an_assessed_nomination()
    decree = a_drafted_decree(a_sealed_plenary(nomination.round))
    moment = timezone.now()
    signatory = a_person(Role.PENETAP)
    type(decree).objects.filter(pk=decree.pk).update(
        number="1 TAHUN 2026", date=timezone.localdate(), signatory_name="NAMA PEJABAT", issued_at=moment,
        issued_by=signatory, published_at=moment, published_by=signatory,
    )  # fmt: skip
    Nomination.objects.filter(pk=nomination.pk).update(state="awarded")
    return Nomination.objects.get(pk=nomination.pk), type(decree).objects.get(pk=decree.pk)


def test_who_had_a_hand_in_the_result_cannot_answer_the_objection_to_it(requirements):
    nomination, decree = a_published_award()
    objection = an_objection(nomination, stage="hasil")
    scored = nomination.assessment.assignments.order_by("pk").first().assessor
    for person in (decree.drafted_by, decree.plenary.sealed_by, decree.issued_by, scored):
        if Role.SEKRETARIAT not in person.roles():
            Membership.objects.create(
                person=person, role=Role.SEKRETARIAT, office=a_ministry(), starts_on=timezone.localdate()
            )
        fresh = type(person).objects.get(pk=person.pk)
        assert refused(objection, by=fresh) == "own_decision", person
        assert fresh not in objections.who_could_answer(objection, at=timezone.now())
    assert answered(objection, by=a_person(Role.SEKRETARIAT)).outcome == "diterima"


# --- What it brings about ----------------------------------------------------------------------------------------
def test_upheld_it_reopens_the_nomination_and_both_stay_in_the_history(objection):
    secretary = a_person(Role.SEKRETARIAT)
    done = answered(objection, by=secretary)
    assert state_of(objection) == "eligible"
    assert (done.outcome, done.answer, done.answered_by) == ("diterima", ANSWER, secretary)
    ways = [
        (entry.action, entry.from_state, entry.to_state)
        for entry in history.of(objection.nomination).order_by("pk")
    ]
    assert ways[-3:] == [
        ("declare_ineligible", "endorsed", "ineligible"),
        ("objection_answered", "", ""),
        ("uphold_objection", "ineligible", "eligible"),
    ]
    told = [event["to"] for event in reading.events(objection.nomination)]
    assert told[:3] == ["eligible", "Sanggah dijawab", "ineligible"]
    entry = history.of(objection.nomination).get(action="objection_answered")
    assert entry.details == {"objection": objection.pk, "stage": "seleksi", "outcome": "diterima"}


def test_the_whole_way_of_a_refusal_that_was_wrong(requirements):
    nomination = NominationFactory(in_state="endorsed")
    first, second, third = (a_person(Role.SEKRETARIAT) for _ in range(3))
    officer = an_officer_of(nomination.office)
    check_everything(nomination, by=first, not_met="nib")
    RefusalProposal.objects.create(
        nomination=nomination, reason="NIB tidak cocok.", at=timezone.now(), by=first
    )
    lifecycle.perform(
        "declare_ineligible", nomination, by=second, at=timezone.now(), reason="NIB tidak cocok."
    )
    fresh = Nomination.objects.get(pk=nomination.pk)
    filed = objections.file_objection(
        fresh, "seleksi", reason="NIB pada berkas sudah benar.", evidence=None, by=officer, at=timezone.now()
    )
    assert [check.requirement_id for check in objections.grounds(fresh)] == ["nib"]
    # Who proposed leaves no proposal behind, but the history knows.
    assert refused(filed, by=second) == "own_decision"
    answered(filed, by=third)
    assert state_of(filed) == "eligible"
    # The objection was the only one of this stage, and there is no refusal any more.
    again = Nomination.objects.get(pk=nomination.pk)
    with pytest.raises(Refused):
        objections.file_objection(
            again, "seleksi", reason="Sekali lagi saja.", evidence=None, by=officer, at=timezone.now()
        )


@pytest.mark.parametrize("outcome", ["diterima_sebagian", "tidak_dapat_diterima"])
def test_any_other_answer_leaves_the_refusal(objection, outcome):
    answered(objection, outcome=outcome)
    assert state_of(objection) == "ineligible"
    assert not history.of(objection.nomination).filter(action="uphold_objection").exists()


@pytest.mark.parametrize("outcome", ["diterima", "diterima_sebagian", "tidak_dapat_diterima"])
def test_no_answer_changes_a_published_result(against_a_result, outcome):
    answered(against_a_result, outcome=outcome)
    assert state_of(against_a_result) == "not_awarded"
    fresh = Objection.objects.get(pk=against_a_result.pk)
    assert objections.awaits_new_plenary(fresh) is (outcome == "diterima")


def test_upheld_against_a_result_it_waits_until_a_plenary_has_decided_again(requirements):
    nomination, _ = a_published_award()
    objection = answered(an_objection(nomination, stage="hasil"))
    line = (1, "sanggah diterima, menunggu sidang pleno baru")
    chair, secretary = a_chair(), a_person(Role.SEKRETARIAT)

    def told(person):
        found = waiting.for_person(person, at=timezone.now())
        return line in {(each.count, each.text) for each in found}

    assert objections.awaits_new_plenary(objection)
    assert told(chair)
    assert told(secretary)
    assert not told(a_person(Role.AUDITOR))
    Nomination.objects.filter(pk=nomination.pk).update(state="assessed")
    now = timezone.now()
    session = plenary.open_session(
        nomination.round, members=[chair], present=[chair], place="Jakarta", by=chair, at=now
    )
    reason = "Sidang memutus ulang berdasarkan sanggah yang diterima."
    plenary.record_decision(session, nomination, star=4, reason=reason, by=chair, at=now)
    assert told(chair), "an open session has decided nothing yet"
    plenary.seal(session, minutes_number="BA/13/IKMA/VI/2026", by=chair, at=now)
    assert not objections.awaits_new_plenary(objection)
    assert not told(chair)


def test_an_answer_tells_the_office_once(objection):
    a_person(Role.DINAS, around=objection.nomination)
    answered(objection, outcome="tidak_dapat_diterima")
    with pytest.raises(Refused):
        answered(objection, outcome="tidak_dapat_diterima")
    messages = Message.objects.filter(kind="objection_answered")
    assert messages.count() == objection.nomination.office.memberships.count() > 1
    assert f"/usulan/{objection.nomination_id}/sanggah/" in messages.first().body_text


# --- Once, and whole ---------------------------------------------------------------------------------------------
def test_it_is_answered_once(objection):
    answered(objection, by=a_person(Role.SEKRETARIAT, name="Ratna Dewi"), outcome="tidak_dapat_diterima")
    with pytest.raises(Refused) as refusal:
        answered(objection)
    assert refusal.value.code == "already_answered"
    assert "oleh Ratna Dewi" in refusal.value.for_reader
    assert state_of(objection) == "ineligible"


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_give_one_answer(requirements):
    with transaction.atomic():
        objection = an_objection(a_refused_nomination())
    people = [a_person(Role.SEKRETARIAT) for _ in range(2)]

    def press(work):
        person, outcome = work
        try:
            answered(objection, by=person, outcome=outcome)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return outcome

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, zip(people, ["diterima", "tidak_dapat_diterima"], strict=True)))
    stored = Objection.objects.get()
    assert sorted(answers) == sorted(["already_answered", stored.outcome])
    assert state_of(objection) == ("eligible" if stored.outcome == "diterima" else "ineligible")
    assert history.of(objection.nomination).filter(action="objection_answered").count() == 1


@pytest.mark.parametrize(
    ("outcome", "answer", "code"),
    [
        ("", ANSWER, "outcome_missing"),
        ("mungkin", ANSWER, "outcome_missing"),
        ("diterima", "Ya.", "reason_missing"),
        ("diterima", "Pemilik ber-NIK 3205011234567890 benar.", "personal_number"),
    ],
)
def test_an_answer_lacks_nothing(objection, outcome, answer, code):
    assert refused(objection, outcome=outcome, answer=answer) == code
    assert state_of(objection) == "ineligible"


def test_a_transition_that_fails_takes_the_answer_back(objection, monkeypatch):
    def fails(*args, **kwargs):
        raise Refused("too_slow", "Server terlalu sibuk.")

    monkeypatch.setattr(lifecycle, "perform", fails)
    assert refused(objection) == "too_slow"
    assert not Objection.objects.get().outcome
    assert not Message.objects.filter(kind="objection_answered").exists()


# --- What waits --------------------------------------------------------------------------------------------------
def test_the_secretariat_sees_what_waits_and_what_is_overdue(objection):
    secretary, now = a_person(Role.SEKRETARIAT), timezone.now()

    def line():
        found = waiting.for_person(secretary, at=now)
        return [(each.count, each.text, each.urgent) for each in found if "menunggu jawaban" in each.text]

    assert line() == [(1, "sanggah menunggu jawaban", False)]
    late = NominationFactory(in_state="ineligible", round=objection.nomination.round)
    an_objection(late, answer_due_at=now - timedelta(hours=1))
    assert line() == [(2, "sanggah menunggu jawaban, 1 di antaranya lewat batas", True)]
    for each in Objection.objects.order_by("pk"):
        answered(each, outcome="tidak_dapat_diterima")
    assert line() == []
