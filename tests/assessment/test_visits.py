"""Field verification: who may visit, what arrives from a device once and never over somebody else's, and its end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.roles import Role
from assessment import assignment, declarations, plenary, visit_plans, visits
from assessment.models import Finding, Interest, Visit, VisitMember
from assessment.refusals import Refused
from audit.models import Entry
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    a_secretary,
    an_assessed_nomination,
    an_assessor,
    an_open_plenary,
    assignments_of,
    declare_conflict,
    declare_free,
)
from tests.factories.files import StoredFileFactory
from tests.factories.visits import (
    MET,
    SEEN,
    a_finished_visit,
    a_visit,
    a_write,
    assess_all,
    look_at_everything,
    visitor,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def assessment():
    return a_panel()


@made_once
def visit():
    return a_visit()


def refused(call, *given, **named):
    with pytest.raises(Refused) as refusal:
        call(*given, **named)
    return refusal.value.code


def planned(assessment, *team, by=None, **fields):
    named = {"on": timezone.localdate(), "place": "Bengkel", **fields}
    return visit_plans.plan(assessment.nomination, team, **named, by=by or a_secretary(), at=timezone.now())


def send(visit, *writes, about=None, by=None):
    return visits.record(visit, writes, about, by=by or visitor(visit), at=timezone.now())


def finding(visit, indicator="A.I.1"):
    return Finding.objects.get(visit=visit, indicator=indicator)


# --- Who visits ----------------------------------------------------------------------------------------------------
def test_the_secretariat_plans_a_visit_by_those_of_the_panel_who_declared_to_be_free(assessment):
    first, second, _ = assignments_of(assessment)
    declare_free(first), declare_free(second)
    visit = planned(assessment, first, second, position=3)
    assert [member.assignment for member in visit.members.all()] == [first, second]
    assert (visit.state, visit.position) == ("planned", 3)
    entry = Entry.objects.get(action="plan_visit")
    assert (entry.subject_id, entry.to_state) == (str(visit.pk), "planned")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SEKRETARIAT])
def test_nobody_else_plans(role, assessment):
    first = declare_free(assignments_of(assessment)[0])
    person = a_person(role, around=assessment.nomination)
    assert refused(planned, assessment, first, by=person) == "not_yours"


def test_nobody_visits_before_declaring_nor_with_an_interest_nor_from_another_panel(assessment):
    undeclared, conflicted, free = assignments_of(assessment)
    declare_conflict(conflicted)
    assert refused(planned, assessment, undeclared) == "not_free"
    assert refused(planned, assessment, conflicted) == "not_free"
    assert refused(planned, assessment, declare_free(assignments_of(a_panel())[0])) == "not_free"
    assert refused(planned, assessment) == "nobody"
    declare_free(free)
    Interest.objects.create(
        person=free.assessor,
        kind="coached",
        ikm=assessment.nomination.product.ikm,
        recorded_at=timezone.now(),
        recorded_by=a_secretary(),
    )
    assert refused(planned, assessment, free) == "conflict"
    assert not Visit.objects.exists()


def test_the_database_lets_nobody_on_a_team_who_has_not_declared(visit):
    undeclared = assignments_of(visit.assessment)[1]
    with pytest.raises(IntegrityError, match="declared to be free"), transaction.atomic():
        VisitMember.objects.create(visit=visit, assignment=undeclared)


def test_a_nomination_has_one_visit_that_stands_until_it_is_called_off_with_a_reason(visit):
    team = [visit.members.get().assignment]
    assert refused(planned, visit.assessment, *team) == "already_planned"
    assert (
        refused(visit_plans.cancel, visit, reason=" ", by=a_secretary(), at=timezone.now())
        == "reason_missing"
    )
    assert (
        refused(visit_plans.cancel, visit, reason="Hujan.", by=visitor(visit), at=timezone.now())
        == "not_yours"
    )
    visit_plans.cancel(visit, reason="Jalan terputus.", by=a_secretary(), at=timezone.now())
    assert refused(send, visit, a_write()) == "cancelled"
    assert planned(visit.assessment, *team).state == "planned"


def test_a_day_gone_by_and_a_visit_to_nowhere_are_refused(assessment):
    first = declare_free(assignments_of(assessment)[0])
    yesterday = timezone.localdate() - timedelta(days=1)
    assert refused(planned, assessment, first, on=yesterday) == "past"
    assert refused(planned, assessment, first, place="  ") == "place_missing"


# --- What arrives --------------------------------------------------------------------------------------------------
def test_a_change_that_arrives_twice_is_stored_once():
    visit, write = a_visit(), a_write("A.I.1", "differs", 1)
    assert send(visit, write).stored == {"A.I.1": 1}
    assert send(visit, write).stored == {"A.I.1": 1}
    assert (finding(visit).points, finding(visit).text, finding(visit).version) == (1, SEEN, 1)
    assert Visit.objects.get(pk=visit.pk).started_at == write.noted_at


def test_a_change_on_top_of_the_version_it_was_made_on_replaces_it(visit):
    send(visit, a_write("A.I.1", "differs", 1))
    assert send(visit, a_write("A.I.1", "unseen", base=1)).stored == {"A.I.1": 2}
    assert (finding(visit).verdict, finding(visit).points) == ("unseen", None)


def test_two_devices_that_say_different_things_are_a_conflict_and_nothing_is_overwritten(visit):
    send(visit, a_write("A.I.1", "differs", 1))
    outcome = send(visit, a_write("A.I.1"), a_write("A.I.2"))
    assert outcome.has_conflict
    assert outcome.conflicts["A.I.1"].points == 1
    # What is in no conflict is stored all the same.
    assert outcome.stored == {"A.I.2": 1}
    assert finding(visit).verdict == "differs"
    # Whoever has seen what stands may put theirs in its place.
    assert send(visit, a_write("A.I.1", base=1)).stored == {"A.I.1": 2}


def test_two_devices_that_say_the_same_are_no_conflict(visit):
    send(visit, a_write("A.I.1", "differs", 1))
    assert send(visit, a_write("A.I.1", "differs", 1)).stored == {"A.I.1": 1}


def test_a_change_whose_answer_was_lost_does_not_undo_what_came_after_it():
    visit, lost = a_visit(), a_write("A.I.1", "differs", 1)
    send(visit, lost)
    send(visit, a_write("A.I.1", "unseen", base=1))
    outcome = send(visit, lost)
    assert not outcome.has_conflict
    assert outcome.stored == {"A.I.1": 2}
    assert finding(visit).verdict == "unseen"


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (a_write("Z.9"), "tidak ada dalam versi instrumen"),
        (a_write(verdict="maybe"), "Pilih Sesuai"),
        (a_write(verdict="differs", points=None), "pilih skor"),
        (a_write(verdict="differs", points=9), "pilih skor"),
        (a_write(verdict="differs", points=True), "pilih skor"),
        (a_write(verdict="differs", points=1, text="  "), "tuliskan apa yang dilihat"),
        (a_write(text="x" * 2001), "paling panjang 2000"),
    ],
)
def test_what_cannot_be_stored_says_why_and_keeps_nothing_else_back(write, said, visit):
    outcome = send(visit, write, a_write("A.I.2"))
    assert said in outcome.wrong[write.indicator]
    assert outcome.stored == {"A.I.2": 1}


@pytest.mark.parametrize(
    "fields",
    [
        {"indicator": "Z.9", "verdict": "confirmed"},
        {"indicator": "A.I.1", "verdict": "differs", "points": 9, "text": "x"},
        {"indicator": "A.I.1", "verdict": "differs", "points": 1, "text": ""},
        {"indicator": "A.I.1", "verdict": "confirmed", "points": 1},
    ],
)
def test_the_database_takes_no_finding_off_the_ladder_or_without_its_reason(fields, visit):
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(
            visit=visit, noted_at=timezone.now(), received_at=timezone.now(), by=visitor(visit), **fields
        )


def test_whom_the_visit_met_is_kept_and_two_devices_do_not_overwrite_each_other(visit):
    assert send(visit, about=visits.About(dict(MET), base=0)).about == 1
    assert send(visit, about=visits.About(dict(MET), base=0)).about == 1
    other = send(visit, about=visits.About({**MET, "met_name": "Pak Amir"}, base=0))
    assert other.about is None
    assert other.about_conflict.met_name == "Ibu Saenah"
    assert send(visit, about=visits.About({**MET, "met_name": "Pak Amir"}, base=1)).about == 2


def test_nobody_but_the_team_writes(visit):
    other = declare_free(assignments_of(visit.assessment)[1]).assessor
    for person in (other, an_assessor(), a_secretary(), a_chair()):
        assert refused(send, visit, a_write(), by=person) == "not_yours"


def test_somebody_recused_or_replaced_meanwhile_writes_no_more(visit):
    mine = visit.members.get().assignment
    at = timezone.now()
    declarations.declare(mine, has_conflict=True, kind="family", text="Ipar.", by=mine.assessor, at=at)
    assert refused(send, visit, a_write()) == "recused"
    replaced = a_visit()
    mine = replaced.members.get().assignment
    assignment.replace(
        mine, an_assessor(), reason="Sakit sampai akhir masa penilaian.", by=a_secretary(), at=at
    )
    assert refused(send, replaced, a_write(), by=mine.assessor) == "recused"


# --- Photos --------------------------------------------------------------------------------------------------------
def photo(visit, write, **fields):
    given = {"caption": "Gudang bahan", "indicator": "A.I.1", "taken_at": timezone.now(), **fields}
    file = given.pop("file", None) or StoredFileFactory(photo=True, uploaded_by=visitor(visit))
    return visits.add_photo(visit, file, **given, write=write, by=visitor(visit), at=timezone.now())


def test_a_photo_that_arrives_twice_is_kept_once():
    visit, name = a_visit(), a_write().id
    assert photo(visit, name) == photo(visit, name)
    assert visit.photos.get().caption == "Gudang bahan"


def test_a_photo_of_another_version_s_indicator_or_without_a_caption_is_refused(visit):
    assert refused(photo, visit, a_write().id, indicator="Z.9") == "unknown_indicator"
    assert refused(photo, visit, a_write().id, caption=" ") == "caption_missing"


# --- The end ---------------------------------------------------------------------------------------------------------
def test_a_visit_ends_when_every_indicator_has_a_verdict_and_it_says_who_was_met(visit):
    at = timezone.now()
    assert refused(visits.finish, visit, by=visitor(visit), at=at) == "incomplete"
    send(visit, *(a_write(code) for code in visit.assessment.instrument.ladders))
    assert refused(visits.finish, visit, by=visitor(visit), at=at) == "nobody_met"
    send(visit, about=visits.About(dict(MET), base=0))
    done = visits.finish(visit, by=visitor(visit), at=at)
    assert (done.state, done.received_at, done.finished_by) == ("done", at, visitor(visit))
    assert done.started_at < at
    assert done.finished_at < at


def test_what_somebody_wrote_who_was_recused_since_has_to_be_said_again_by_the_rest_of_the_team(assessment):
    first, second, _ = (declare_free(one) for one in assignments_of(assessment))
    visit = a_visit(assessment, first, second)
    look_at_everything(visit)
    at = timezone.now()
    declarations.declare(first, has_conflict=True, kind="work", text="Kontrak.", by=first.assessor, at=at)
    assert refused(visits.finish, visit, by=second.assessor, at=at) == "incomplete"
    for one in Finding.objects.filter(visit=visit):
        send(visit, a_write(one.indicator, base=one.version), by=second.assessor)
    assert visits.finish(visit, by=second.assessor, at=at).state == "done"
    assert set(Finding.objects.filter(visit=visit).values_list("by", flat=True)) == {second.assessor.pk}


def test_once_finished_nothing_of_it_changes_any_more():
    visit = a_finished_visit()
    assert refused(send, visit, a_write(base=1)) == "finished"
    assert refused(visits.finish, visit, by=visitor(visit), at=timezone.now()) == "finished"
    assert (
        refused(visit_plans.cancel, visit, reason="Salah.", by=a_secretary(), at=timezone.now()) == "finished"
    )
    assert refused(photo, visit, a_write().id) == "finished"
    for change in (
        lambda: Visit.objects.filter(pk=visit.pk).update(met_name="Orang lain"),
        lambda: Finding.objects.filter(visit=visit).update(verdict="unseen"),
        lambda: Finding.objects.filter(visit=visit).delete(),
        lambda: Visit.objects.filter(pk=visit.pk).delete(),
    ):
        with (
            pytest.raises(Exception, match=r"never changed|Cannot (update|delete)|protected"),
            transaction.atomic(),
        ):
            change()


def test_nothing_is_verified_once_the_plenary_has_decided_or_sealed(assessment):
    visit = a_visit(assessment)
    nomination = assess_all(assessment)
    look_at_everything(visit)
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=timezone.now())
    assert refused(send, visit, a_write("A.I.1", "differs", 1, base=1)) == "decided"
    assert refused(visits.finish, visit, by=visitor(visit), at=timezone.now()) == "decided"
    with pytest.raises(IntegrityError, match="plenary has decided"), transaction.atomic():
        Finding.objects.filter(visit=visit, indicator="A.I.1").update(version=2)
    plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=timezone.now())
    with pytest.raises(Refused, match="decided") as refusal:
        send(visit, a_write("A.I.1", "differs", 1, base=1))
    assert "Salin bila perlu" in refusal.value.for_reader


def test_no_visit_is_planned_of_what_is_decided():
    nomination = an_assessed_nomination()
    a_sealed_plenary(nomination.round)
    assert refused(planned, nomination.assessment, assignments_of(nomination.assessment)[0]) == "decided"
