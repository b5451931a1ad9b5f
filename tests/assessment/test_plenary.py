"""The plenary: quorum, decisions with their reasons and votes, the second recorder, the seal, and what it keeps."""

import hashlib
import json
from datetime import timedelta
from fractions import Fraction

import pgtrigger
import pytest
from django.db import Error, transaction

from accounts.roles import Role
from assessment import attendance, plenary, results, sealed_record
from assessment.decision_rules import Vote
from assessment.models import Absence, Decision, Plenary, Score
from assessment.refusals import Refused
from audit import history
from nominations.models import Nomination, State
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    an_assessed_nomination,
    an_open_plenary,
    full_marks_but,
    many_assessed,
    members_of_a_session,
)
from tests.factories.nominations import RoundFactory, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=40)
THIRTY = "Ekspor berhenti sejak Februari."[:30]


@made_once
def nomination():
    return an_assessed_nomination()


@made_once
def session():
    return a_sealed_plenary(an_assessed_nomination().round)


def opened(round_, **changed):
    people = members_of_a_session(9)
    fields = {"present": 7, "place": "Jakarta", "by": a_chair(), "at": an_hour_ago(), **changed}
    fields["present"] = people[: fields["present"]]
    return plenary.open_session(round_, **{"members": people, **fields})


def attended(session, present, by=None, at=None):
    return attendance.record_attendance(
        session, present=members_of_a_session(9)[:present], by=by or a_chair(), at=at or an_hour_ago()
    )


def decided(session, nomination, star=5, **changed):
    fields = {"star": star, "by": a_chair(), "at": an_hour_ago() + LATER, **changed}
    return plenary.record_decision(session, nomination, **fields)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value


# --- Opening and quorum ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("members", "quorum"), [(1, 1), (2, 2), (7, 4), (8, 5), (9, 5)])
def test_the_quorum_is_more_than_half_of_the_members(members, quorum):
    assert Plenary(members=members, present=quorum).quorum == quorum
    assert Plenary(members=members, present=quorum).has_quorum
    assert not Plenary(members=members, present=quorum - 1).has_quorum


@pytest.mark.parametrize("role", Role)
def test_only_the_chair_opens_a_session(role):
    round_, person = RoundFactory(), a_person(role)
    if role == Role.KETUA:
        assert opened(round_, by=person).opened_by == person
        return
    assert refused(opened, round_, by=person).code == "not_yours"
    assert not Plenary.objects.exists()


def test_a_session_that_cannot_be_is_not_opened():
    assert refused(opened, RoundFactory(), place="   ").code == "place_missing"
    assert refused(opened, RoundFactory(), members=[], present=0).code == "nobody"
    refusal = refused(opened, RoundFactory(), members=[a_person(Role.SEKRETARIAT)], present=0)
    assert (refusal.code, "tidak mempunyai hak suara" in refusal.for_reader) == ("no_member", True)
    assert not Plenary.objects.exists()


def test_one_session_of_a_round_is_open_at_a_time_and_the_next_after_its_seal(nomination):
    first = opened(nomination.round)
    assert refused(opened, nomination.round).code == "already_open"
    assert opened(RoundFactory(year=2024)).round_id == 2024
    decided(first, nomination)
    plenary.seal(first, minutes_number="BA/1", by=a_chair(), at=an_hour_ago() + LATER)
    assert opened(nomination.round).pk != first.pk


def test_without_a_quorum_it_waits_and_decides_nothing_and_with_it_it_decides(nomination):
    session = opened(nomination.round, present=4)
    refusal = refused(decided, session, nomination)
    assert (refusal.code, "4 dari 9 hadir, perlu 5" in refusal.for_reader) == ("no_quorum", True)
    attended(session, 5)
    assert decided(session, nomination).star == 5


def test_the_database_itself_lets_no_session_without_a_quorum_decide(nomination):
    session = opened(nomination.round)
    decision = decided(session, nomination)
    attended(session, 4)
    decision.star = 4
    decision.reason = THIRTY
    with pytest.raises(Error, match="without quorum"), transaction.atomic():
        decision.save()


# --- A decision --------------------------------------------------------------------------------------------------
def test_a_decision_keeps_the_exact_value_and_both_stars():
    nomination = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
    session = opened(nomination.round)
    decision = decided(session, nomination, star=4, reason=THIRTY)
    assert decision.value == Fraction(299, 3)
    assert (decision.computed_star, decision.star, decision.maximum_star, decision.differs) == (5, 4, 5, True)
    assert [entry.action for entry in history.of(decision)] == ["record_decision"]


def test_only_the_chair_records(nomination):
    session = opened(nomination.round)
    for role in Role:
        person = a_person(role, around=nomination)
        if role != Role.KETUA:
            assert refused(decided, session, nomination, by=person).code == "not_yours", role
    assert not Decision.objects.exists()
    assert decided(session, nomination).star == 5


def test_only_a_star_of_the_scheme_is_decided(nomination):
    session = opened(nomination.round)
    for star in (-1, 6, True, "5", 4.0):
        assert refused(decided, session, nomination, star=star, reason=THIRTY).code == "no_star", star
    assert decided(session, nomination, star=0, reason=THIRTY).star == 0


def test_what_is_not_assessed_or_of_another_round_is_not_decided():
    waiting, other = a_panel().nomination, an_assessed_nomination(round=RoundFactory(year=2024))
    session = opened(waiting.round)
    assert refused(decided, session, waiting).code == "not_assessed"
    assert refused(decided, session, other).code == "other_round"


def test_scores_that_cannot_be_computed_are_not_decided_on():
    broken, whole = many_assessed(2)
    session = opened(whole.round)
    with pgtrigger.ignore():
        Score.objects.filter(assignment__assessment__nomination=broken, indicator="A.I.1").delete()
    refusal = refused(decided, session, broken)
    assert (refusal.code, "A.I.1" in refusal.for_reader) == ("not_computable", True)
    assert decided(session, whole).star == 5


def test_another_star_than_computed_needs_thirty_characters_of_reason(nomination):
    session = opened(nomination.round)
    for star, reason in ((4, ""), (4, THIRTY[:29]), (0, f"  {THIRTY[:29]}  "), (4, " " * 40)):
        refusal = refused(decided, session, nomination, star=star, reason=reason)
        assert refusal.code == "reason_missing", (star, reason)
        assert f"Keputusan (bintang {star}) berbeda dari hitungan (bintang 5)" in refusal.for_reader
    assert not Decision.objects.exists()
    assert decided(session, nomination, star=4, reason=f" {THIRTY} ").reason == THIRTY


def test_the_database_itself_asks_for_the_reason(nomination):
    decision = decided(opened(nomination.round), nomination)
    decision.star, decision.reason = 4, THIRTY[:29]
    with pytest.raises(Error, match="decision_other_than_computed_has_a_reason"), transaction.atomic():
        decision.save()


VOTES_THAT_CANNOT_BE = [
    (0, Vote(6, 0), "votes"),
    (2, Vote(7, 0), "votes"),
    (0, Vote(8, -1), "votes"),
    (0, Vote(3, 4), "outvoted"),
    (7, None, "nobody_votes"),
]


def test_a_vote_adds_up_to_those_who_stayed(nomination):
    session, people = opened(nomination.round), members_of_a_session(7)
    for recused, vote, code in VOTES_THAT_CANNOT_BE:
        left = people[7 - recused :]
        assert refused(decided, session, nomination, recused=left, vote=vote).code == code, (recused, vote)
    assert not Decision.objects.exists()
    assert not Absence.objects.exists(), "what was refused has sent nobody out"
    seen = None
    # Whoever left for an item stays out of it: the number only grows.
    for recused, vote in ((0, Vote(7, 0)), (2, Vote(4, 1)), (2, Vote(3, 1, 1)), (3, None), (6, Vote(1, 0))):
        decision = decided(session, nomination, recused=people[7 - recused :], vote=vote, seen=seen)
        seen = decision.recorded_at
        assert decision.recused == recused
        if vote:
            assert decision.in_favour + decision.against + decision.abstained == 7 - recused, vote


def test_somebody_who_is_not_there_does_not_leave(nomination):
    session = opened(nomination.round)
    absent = members_of_a_session(9)[8]
    refusal = refused(decided, session, nomination, recused=[absent])
    assert (refusal.code, absent.full_name in refusal.for_reader) == ("not_present", True)


def test_a_tie_is_decided_by_the_chairs_reason(nomination):
    session = opened(nomination.round, present=6)
    assert refused(decided, session, nomination, vote=Vote(3, 3)).code == "reason_missing"
    assert decided(session, nomination, vote=Vote(3, 3), reason=THIRTY).star == 5


# --- Two who record ------------------------------------------------------------------------------------------------
def test_a_second_recorder_overwrites_nothing_unseen(nomination):
    session = opened(nomination.round)
    first = decided(session, nomination)
    refusal = refused(decided, session, nomination, star=4, reason=THIRTY, seen=None)
    assert refusal.code == "recorded_meanwhile"
    assert first.recorded_by.full_name in refusal.for_reader
    first.refresh_from_db()
    assert first.star == 5
    again = decided(session, nomination, star=4, reason=THIRTY, seen=first.recorded_at)
    assert (again.pk, again.star) == (first.pk, 4)


def test_what_was_seen_and_is_gone_is_said_to_be_gone(nomination):
    refusal = refused(decided, opened(nomination.round), nomination, seen=an_hour_ago())
    assert (refusal.code, "sudah tidak ada" in refusal.for_reader) == ("recorded_meanwhile", True)


# --- The seal --------------------------------------------------------------------------------------------------------
def sealed(session, **changed):
    fields = {"minutes_number": "BA/12/IKMA/V/2026", "by": a_chair(), "at": an_hour_ago() + LATER, **changed}
    return plenary.seal(session, **fields)


def test_a_seal_needs_everything_decided_and_names_what_is_not():
    nominations = many_assessed(5)
    session = opened(nominations[0].round)
    assert refused(sealed, session).code == "nothing_decided"
    decided(session, nominations[0])
    refusal = refused(sealed, session)
    assert (refusal.code, refusal.for_reader.startswith("4 usulan belum diputus: ")) == ("undecided", True)
    assert sum(str(one.number) in refusal.for_reader for one in nominations[1:]) == 3
    for nomination in nominations[1:]:
        decided(session, nomination)
    assert sealed(session).sealed_at is not None


def test_a_seal_needs_the_chair_and_the_number_of_the_minutes(nomination):
    session = opened(nomination.round)
    decided(session, nomination)
    assert refused(sealed, session, minutes_number=" ").code == "number_missing"
    assert refused(sealed, session, minutes_number="B" * 61).code == "number_missing"
    assert refused(sealed, session, by=a_person(Role.SEKRETARIAT)).code == "not_yours"
    assert sealed(session, minutes_number="  BA/12  IKMA ").minutes_number == "BA/12 IKMA"


def test_a_seal_needs_the_quorum_still(nomination):
    session = opened(nomination.round)
    decided(session, nomination)
    attended(session, 4)
    assert refused(sealed, session).code == "no_quorum"


def test_a_decision_on_other_scores_than_are_stored_is_not_sealed(nomination):
    session = opened(nomination.round)
    decided(session, nomination)
    with pgtrigger.ignore("assessment.Score:locked_once_submitted"):
        Score.objects.filter(assignment__assessment=nomination.assessment, indicator="A.I.1").update(points=1)
    refusal = refused(sealed, session)
    assert (refusal.code, str(nomination.number) in refusal.for_reader) == ("scores_changed", True)
    decision = Decision.objects.get()
    decided(
        session, nomination, star=results.result_of(nomination.assessment).star, seen=decision.recorded_at
    )
    assert sealed(session).sealed_at is not None


def test_what_is_sealed_is_not_decided_attended_or_sealed_again(session):
    nomination = Nomination.objects.get(state=State.ASSESSED)
    at = an_hour_ago() + LATER
    assert refused(decided, session, nomination, seen=Decision.objects.get().recorded_at).code == "sealed"
    assert refused(attended, session, 9, at=at).code == "sealed"
    refusal = refused(sealed, session, minutes_number="BA/13")
    assert (refusal.code, "Koreksi hanya melalui sidang pleno baru" in refusal.for_reader) == ("sealed", True)
    session.refresh_from_db()
    assert session.minutes_number == "BA/12/IKMA/V/2026"


def test_the_database_itself_keeps_a_sealed_session(session):
    form = session.decisions.get().instrument
    another = an_assessed_nomination()
    behind = {
        "attendance": lambda: Plenary.objects.filter(pk=session.pk).update(present=9),
        "opened again": lambda: Plenary.objects.filter(pk=session.pk).update(sealed_at=None),
        "deleted": lambda: Plenary.objects.filter(pk=session.pk).delete(),
        "a star": lambda: session.decisions.update(star=4, reason=THIRTY),
        "a decision deleted": lambda: session.decisions.all().delete(),
        "a decision added": lambda: Decision.objects.create(
            plenary=session, nomination=another, instrument=form, numerator=100, denominator=1, computed_star=5,
            star=5, maximum_star=5, recorded_at=an_hour_ago(), recorded_by=a_chair(),
        ),
    }  # fmt: skip
    for name, act in behind.items():
        with pytest.raises(Error), transaction.atomic():
            act()
            pytest.fail(name)
    session.refresh_from_db()
    assert (session.decisions.get().star, session.present) == (5, 7)


def test_the_fingerprint_is_the_sha256_of_everything_that_was_decided(session):
    record = sealed_record.canonical_record(Plenary.objects.get(pk=session.pk))
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == session.fingerprint
    (decision,) = record["decisions"]
    assert (decision["value"], decision["star"], record["minutes_number"]) == ("100", 5, "BA/12/IKMA/V/2026")
    assert "Orang" not in text


def test_whatever_is_changed_behind_the_portal_changes_the_fingerprint(session):
    changes = {
        "a score": lambda: Score.objects.filter(indicator="A.I.1").update(points=1),
        "a star": lambda: Decision.objects.update(star=4, reason=THIRTY),
        "who was there": lambda: Plenary.objects.update(present=8),
    }
    seen = {session.fingerprint}
    for name, change in changes.items():
        with pgtrigger.ignore():
            change()
        now = sealed_record.fingerprint(sealed_record.canonical_record(Plenary.objects.get(pk=session.pk)))
        assert now not in seen, name
        seen.add(now)


# --- A correction ------------------------------------------------------------------------------------------------------
def test_a_correction_is_a_new_session_with_a_reason_and_the_first_one_stays(nomination):
    first = a_sealed_plenary(nomination.round)
    second = an_open_plenary(nomination.round)
    assert not plenary.undecided(second).exists()
    assert refused(decided, second, nomination).code == "reason_missing"
    decided(second, nomination, star=4, reason=THIRTY)
    sealed(second, minutes_number="BA/13/IKMA/V/2026")
    stars = Decision.objects.order_by("pk").values_list("plenary", "star")
    assert list(stars) == [(first.pk, 5), (second.pk, 4)]


def test_the_value_of_a_decision_is_its_fraction_in_lowest_terms():
    assert Decision(numerator=247, denominator=3).value == Fraction(247, 3)
