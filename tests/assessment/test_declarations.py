"""The pact of a round and the statement on each nomination: what each opens and closes, and what is kept of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Membership
from assessment import declarations, sheets
from assessment.models import Assignment, Pact
from assessment.refusals import Refused
from assessment.statements import PACT_VERSION, STATEMENT_VERSION
from audit import history
from audit.models import Entry
from nominations.models import Nomination
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_declared_assignment,
    a_panel,
    an_assessor,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    send,
)
from tests.factories.nominations import an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
SECRET = "Ipar pemiliknya"


@made_once
def one():
    return an_assignment()


def an_assignment() -> Assignment:
    return assignments_of(a_panel())[0]


def declared(one, **what):
    declarations.sign_pact(one.assessor, one.assessment.nomination.round, at=an_hour_ago())
    moment = an_hour_ago() + timedelta(minutes=10)
    return declarations.declare(one, **{"has_conflict": False, "by": one.assessor, "at": moment, **what})


def refused(one, **what) -> str:
    with pytest.raises(Refused) as refusal:
        declared(one, **what)
    return refusal.value.code


# --- The pact --------------------------------------------------------------------------------------------------
def test_the_pact_is_signed_once_with_the_version_that_was_read(one):
    round_ = one.assessment.nomination.round
    first = declarations.sign_pact(one.assessor, round_, at=an_hour_ago())
    again = declarations.sign_pact(one.assessor, round_, at=an_hour_ago() + timedelta(minutes=5))
    assert (first.text_version, again.pk, again.at) == (PACT_VERSION, first.pk, first.at)
    assert [entry.action for entry in history.of(first)] == ["sign_pact"]


def test_who_has_nothing_to_assess_in_the_round_signs_nothing():
    round_ = an_assignment().assessment.nomination.round
    for person in (an_assessor(), a_person("sekretariat"), a_person("dinas")):
        with pytest.raises(Refused, match="not_yours"):
            declarations.sign_pact(person, round_, at=an_hour_ago())
    assert not Pact.objects.exists()


def test_without_the_pact_nothing_is_declared(one):
    with pytest.raises(Refused, match="no_pact"):
        declarations.declare(one, has_conflict=False, by=one.assessor, at=an_hour_ago())
    one.refresh_from_db()
    assert one.has_conflict is None


# --- The statement ---------------------------------------------------------------------------------------------
def test_free_of_conflict_opens_the_nomination_and_keeps_the_version(one):
    assert not Nomination.objects.visible_to(one.assessor).exists()
    declared(one)
    one.refresh_from_db()
    assert (one.has_conflict, one.statement_version) == (False, STATEMENT_VERSION)
    assert Nomination.objects.visible_to(one.assessor).get() == one.assessment.nomination
    assert [entry.action for entry in history.of(one)] == ["assign", "declare_no_conflict"]


def test_a_conflict_takes_away_access_at_once_and_stays_in_the_queue():
    one = a_declared_assignment()
    fill(one)
    declare_conflict(one, at=an_hour_ago() + timedelta(minutes=16))
    assert not Nomination.objects.visible_to(one.assessor).exists()
    assert not Assignment.objects.scores_visible_to(one.assessor).exists()
    assert Assignment.objects.visible_to(one.assessor).get().has_conflict is True
    with pytest.raises(Refused, match="conflict"):
        fill(one)
    with pytest.raises(Refused, match="conflict"):
        sheets.submit(one, by=one.assessor, at=an_hour_ago() + timedelta(minutes=20))


def test_what_the_conflict_is_stands_in_the_statement_and_not_in_the_history():
    one = declared(an_assignment(), has_conflict=True, kind="family", text=f" {SECRET} ")
    assert (one.conflict_kind, one.conflict_text) == ("family", SECRET)
    told = " ".join(str(row) for row in Entry.objects.order_by("pk").values())
    assert "declare_conflict" in told
    assert SECRET not in told
    assert "family" not in told


def test_a_conflict_names_its_kind():
    assert refused(an_assignment(), has_conflict=True) == "kind_missing"
    assert refused(an_assignment(), has_conflict=True, kind="friend") == "kind_missing"


def test_what_was_said_is_not_said_again_and_a_conflict_is_not_taken_back():
    free = declared(an_assignment())
    assert refused(free) == "already"
    recused = declared(an_assignment(), has_conflict=True, kind="work")
    assert refused(recused) == "already"
    assert refused(recused, has_conflict=True, kind="family") == "already"
    recused.refresh_from_db()
    assert recused.conflict_kind == "work"


def test_a_sheet_that_was_sent_is_opened_by_others_before_a_conflict_is_declared():
    one = a_declared_assignment()
    fill(one)
    send(one)
    assert refused(one, has_conflict=True, kind="family") == "submitted"


def test_nobody_declares_for_somebody_else():
    one, colleague = assignments_of(a_panel())[:2]
    declare_free(colleague)
    assert refused(one, by=colleague.assessor) == "not_yours"
    assert refused(one, by=a_person("sekretariat")) == "not_yours"


def test_whose_role_has_ended_declares_nothing(one):
    declarations.sign_pact(one.assessor, one.assessment.nomination.round, at=an_hour_ago())
    Membership.objects.filter(person=one.assessor).update(ends_on="2020-01-01")
    del one.assessor._memberships_now
    with pytest.raises(Refused, match="not_yours"):
        declarations.declare(one, has_conflict=False, by=one.assessor, at=an_hour_ago())


# --- What the database holds to --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "broken",
    [
        {"has_conflict": False},
        {"declared_at": an_hour_ago()},
        {"has_conflict": True, "declared_at": an_hour_ago(), "statement_version": 1},
        {
            "has_conflict": False,
            "declared_at": an_hour_ago(),
            "statement_version": 1,
            "conflict_kind": "family",
        },
        {
            "has_conflict": False,
            "declared_at": an_hour_ago() - timedelta(days=400),
            "statement_version": 1,
        },
    ],
    ids=["no instant", "no answer", "no kind", "a kind without a conflict", "before it was assigned"],
)
def test_half_a_statement_cannot_be_stored(broken, one):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=one.pk).update(**broken)


def test_an_assignment_is_never_deleted(one):
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        Assignment.objects.filter(pk=one.pk).delete()
