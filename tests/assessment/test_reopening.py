"""A sheet that was sent, opened again: by order, or revised after the panel's talk. Both sheets stay, with the reason."""

from datetime import timedelta

import pytest
from django.db import Error, transaction

from accounts.roles import Role
from assessment import plenary, reopening, results
from assessment.models import Assessment, Comment, Reopening, Score
from assessment.refusals import Refused
from audit import history
from nominations.models import Nomination, State
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_secretary,
    an_assessed_nomination,
    an_open_plenary,
    assignments_of,
    declare_free,
    fill,
    full_marks_but,
    send,
)
from tests.factories.nominations import an_hour_ago

pytestmark = pytest.mark.django_db
REASON = "Skor indikator 1 tertukar dengan indikator 2."
AT = timedelta(minutes=30)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def reopened(one, *, reason=REASON, by=None):
    return reopening.reopen(one, reason=reason, by=by or a_secretary(), at=an_hour_ago() + AT)


def state_of(nomination):
    return Nomination.objects.get(pk=nomination.pk).state


def a_flagged_nomination():
    """The three differ by more than half of the maximum on A.I.1 alone."""
    return an_assessed_nomination(full_marks_but({"A.I.1": 1}))


# --- By order ------------------------------------------------------------------------------------------------------
def test_both_sheets_stay_and_the_nomination_goes_back_and_forth():
    nomination = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
    one = assignments_of(nomination.assessment)[0]
    reopened(one)
    assert state_of(nomination) == State.ELIGIBLE
    assert Assessment.objects.get().completed_at is None
    fill(one, full_marks_but({"A.I.2": 2}), at=an_hour_ago() + AT)
    send(one, at=an_hour_ago() + AT)
    first, second = one.sheets.order_by("sequence")
    assert (first.scores["A.I.1"], first.scores["A.I.2"], first.reopening.reason) == (2, 3, REASON)
    assert (second.scores["A.I.1"], second.scores["A.I.2"], hasattr(second, "reopening")) == (3, 2, False)
    assert state_of(nomination) == State.ASSESSED
    assert [entry.action for entry in history.of(nomination)][-3:] == [
        "complete_assessment", "reopen_assessment", "complete_assessment",
    ]  # fmt: skip


def test_the_chair_orders_it_or_the_secretariat_does_and_nobody_else():
    one = assignments_of(an_assessed_nomination().assessment)[0]
    for role in Role:
        if role not in (Role.KETUA, Role.SEKRETARIAT):
            assert refused(reopened, one, by=a_person(role, around=one.assessment.nomination)) == "not_yours"
    assert refused(reopened, one, by=one.assessor) == "not_yours"
    assert not Reopening.objects.exists()
    assert reopened(one, by=a_chair()).submitted_at is None


def test_a_reason_is_needed_and_a_second_press_changes_nothing():
    one = assignments_of(an_assessed_nomination().assessment)[0]
    assert refused(reopened, one, reason="  tertukar  ") == "reason_missing"
    reopened(one)
    assert refused(reopened, one) == "not_submitted"
    assert Reopening.objects.count() == 1


def test_one_sheet_of_a_panel_that_is_not_whole_yet_is_reopened_and_nothing_else_moves():
    one = a_declared_assignment()
    fill(one)
    assert refused(reopened, one) == "not_submitted"
    send(one)
    reopened(one)
    assert state_of(one.assessment.nomination) == State.ELIGIBLE
    assert "reopen_assessment" not in [entry.action for entry in history.of(one.assessment.nomination)]


def test_once_the_plenary_has_decided_nothing_is_opened_not_even_in_the_database():
    nomination = a_flagged_nomination()
    one = assignments_of(nomination.assessment)[0]
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=an_hour_ago() + AT)
    assert refused(reopened, one, by=a_chair()) == "decided"
    assert refused(revised, one, {"A.I.1": 2}) == "decided"
    assert refused(commented, one, "A.I.1") == "decided"
    with pytest.raises(Error, match="not opened again"), transaction.atomic():
        Reopening.objects.create(
            sheet=one.sheets.get(), kind="ordered", reason=REASON, at=an_hour_ago(), by=a_chair()
        )
    one.submitted_at = None
    with pytest.raises(Error, match="reopened with a reason"), transaction.atomic():
        one.save()


def test_a_sheet_and_its_reopening_are_never_changed():
    one = assignments_of(an_assessed_nomination().assessment)[0]
    reopened(one)
    for act in (
        lambda: one.sheets.update(scores={}),
        lambda: one.sheets.all().delete(),
        lambda: Reopening.objects.update(reason="lain"),
        lambda: Reopening.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            act()


# --- Revised by its assessor -----------------------------------------------------------------------------------------
def revised(one, changes, *, reason=REASON, by=None):
    return reopening.revise(one, changes, reason=reason, by=by or one.assessor, at=an_hour_ago() + AT)


def test_an_assessor_revises_a_flagged_score_and_the_sheet_as_it_was_stays_beside_it():
    nomination = a_flagged_nomination()
    one = assignments_of(nomination.assessment)[0]
    assert results.result_of(nomination.assessment).flags == ("A.I.1",)
    revised(one, {"A.I.1": 2})
    first, second = one.sheets.order_by("sequence")
    assert (first.scores["A.I.1"], second.scores["A.I.1"]) == (1, 2)
    assert first.reopening.kind == Reopening.Kind.REVISION
    assert (state_of(nomination), results.result_of(nomination.assessment).flags) == (State.ASSESSED, ())


def test_only_own_flagged_indicators_by_a_level_of_their_ladder_with_a_reason():
    nomination = a_flagged_nomination()
    one, other, _ = assignments_of(nomination.assessment)
    assert refused(revised, one, {"A.I.2": 2}) == "not_flagged"
    assert refused(revised, one, {"A.I.1": 2, "A.I.2": 2}) == "not_flagged"
    assert refused(revised, one, {}) == "not_flagged"
    assert refused(revised, one, {"A.I.1": 2}, by=other.assessor) == "not_yours"
    assert refused(revised, one, {"A.I.1": 2}, by=a_secretary()) == "not_yours"
    assert refused(revised, one, {"A.I.1": 2}, reason="salah") == "reason_missing"
    for points in (0, 4, True, "2"):
        assert refused(revised, one, {"A.I.1": points}) == "off_ladder", points
    assert Score.objects.get(assignment=one, indicator="A.I.1").points == 1
    assert (one.sheets.count(), Reopening.objects.count()) == (1, 0)


def test_nothing_is_revised_before_all_are_in():
    one = a_declared_assignment()
    fill(one)
    send(one)
    second = declare_free(assignments_of(one.assessment)[1])
    fill(second, full_marks_but({"A.I.1": 1}))
    send(second)
    assert refused(revised, one, {"A.I.1": 2}) == "not_all_in"
    assert refused(commented, one, "A.I.1") == "not_flagged"


# --- Writing to the panel ----------------------------------------------------------------------------------------------
def commented(one, indicator, text="Saya melihat faktur pemasok.", *, by=None):
    return reopening.comment(one, indicator, text, by=by or one.assessor, at=an_hour_ago() + AT)


def test_the_panel_writes_to_each_other_on_flagged_indicators_only():
    one, other, _ = assignments_of(a_flagged_nomination().assessment)
    assert refused(commented, one, "A.I.2") == "not_flagged"
    assert refused(commented, one, "A.I.1", "   ") == "empty"
    assert refused(commented, one, "A.I.1", "a" * 2001) == "too_long"
    assert refused(commented, one, "A.I.1", by=other.assessor) == "not_yours"
    assert commented(one, "A.I.1", "  Saya melihat fakturnya. ").text == "Saya melihat fakturnya."
    with pytest.raises(Error), transaction.atomic():
        Comment.objects.update(text="lain")
