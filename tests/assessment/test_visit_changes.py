"""A visit planned anew before it begins, called off, and what counts of it when somebody of its team is recused."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessment import declarations, results, score_lines, visit_plans, visits
from assessment.models import Finding, Visit, VisitMember
from assessment.refusals import Refused
from letters.models import Message
from tests.factories.assessment import a_chair, a_panel, a_secretary, assignments_of, declare_free
from tests.factories.visits import a_finished_visit, a_visit, a_write, visitor
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Jalan menuju bengkel putus."


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("person", flat=True))


def changed(visit, *team, by=None, days=3, **fields):
    on = timezone.localdate() + timedelta(days=days)
    return visit_plans.change(
        visit,
        team,
        **{"on": on, "place": "Bengkel baru", **fields},
        by=by or a_secretary(),
        at=timezone.now(),
    )


@made_once
def two():
    assessment = a_panel()
    return [declare_free(one) for one in assignments_of(assessment)[:2]]


def test_day_route_and_team_change_before_it_begins_and_everybody_concerned_is_told(two):
    visit = a_visit(two[0].assessment, two[0])
    assert told("visit_planned") == {two[0].assessor_id}
    visit = changed(visit, two[1], position=2)
    assert (visit.place, visit.position) == ("Bengkel baru", 2)
    assert visit_plans.team_of(visit) == [two[1]]
    assert told("visit_planned") == {one.assessor_id for one in two}
    assert told("visit_called_off") == {two[0].assessor_id}
    assert not Visit.objects.own(two[0].assessor).exists()
    with pytest.raises(Refused) as gone:
        visits.record(visit, [a_write()], by=two[0].assessor, at=timezone.now())
    assert gone.value.code == "not_yours"
    visits.record(changed(visit, *two), [a_write()], by=two[0].assessor, at=timezone.now())
    assert VisitMember.objects.count() == 2


def test_it_is_not_changed_once_begun_nor_by_others_nor_with_a_wrong_plan(two):
    visit = a_visit(two[0].assessment, two[0])
    for given, code in (
        ({"team": [], "by": None}, "nobody"),
        ({"team": [two[1]], "by": a_chair()}, "not_yours"),
        ({"team": [two[1]], "by": None, "days": -1}, "past"),
        ({"team": [two[1]], "by": None, "place": " "}, "place_missing"),
    ):
        team = given.pop("team")
        with pytest.raises(Refused) as refused:
            changed(visit, *team, **given)
        assert refused.value.code == code
    visits.record(visit, [a_write()], by=two[0].assessor, at=timezone.now())
    with pytest.raises(Refused) as begun:
        changed(visit, two[1])
    assert begun.value.code == "begun"


def test_whoever_is_called_off_is_told_once_the_visit_is_cancelled(two):
    visit = a_visit(two[0].assessment, *two)
    visit_plans.cancel(visit, reason=REASON, by=a_secretary(), at=timezone.now())
    assert told("visit_called_off") == {one.assessor_id for one in two}
    with pytest.raises(IntegrityError, match="over is never changed"), transaction.atomic():
        VisitMember.objects.update(left_at=timezone.now())


def test_the_page_changes_the_plan(client, two):
    visit = a_visit(two[0].assessment, two[0])
    client.force_login(a_secretary())
    address = reverse("visit_change", args=[visit.pk])
    assert address in client.get(visit.get_absolute_url()).content.decode()
    on = timezone.localdate() + timedelta(days=1)
    given = {"on": on.isoformat(), "position": "4", "place": "Bengkel baru", "team": [two[1].pk]}
    assert client.post(address, given).status_code == 302
    assert Visit.objects.get().position == 4
    client.force_login(two[0].assessor)
    assert client.get(address).status_code == 403


def test_a_correction_of_somebody_recused_after_finishing_does_not_count():
    visit = a_finished_visit(corrected={"A.I.1": 1})
    assessment, person = visit.assessment, visitor(visit)
    assert results.verifications_for([assessment.pk]) == {assessment.pk: {"A.I.1": 1}}
    mine = assignments_of(assessment)[0]
    declarations.declare(mine, has_conflict=True, kind="family", text="", by=person, at=timezone.now())
    assert results.verifications_for([assessment.pk]) == {}
    assert not Finding.objects.corrections().exists()
    assert score_lines.corrections_of(assessment, reader=a_chair()) == ()
    assert Finding.objects.filter(visit=visit, verdict="differs").exists()


def test_a_finished_visit_of_which_nothing_counts_any_more_is_set_aside_and_made_again(client):
    visit = a_finished_visit(corrected={"A.I.1": 1})
    stands = a_finished_visit(corrected={"A.I.1": 1})
    for one, falls in ((visit, False), (stands, False)):
        assert visit_plans.falls_away(one) is falls
    declarations.declare(
        assignments_of(visit.assessment)[0], has_conflict=True, kind="family", text="", by=visitor(visit),
        at=timezone.now(),
    )  # fmt: skip
    client.force_login(a_secretary())
    assert "Kesampingkan kunjungan ini" in client.get(visit.get_absolute_url()).content.decode()
    assert "Kesampingkan" not in client.get(stands.get_absolute_url()).content.decode()
    with pytest.raises(Refused) as refusal:
        visit_plans.cancel(stands, reason=REASON, by=a_secretary(), at=timezone.now())
    assert refusal.value.code == "finished"
    client.post(reverse("visit_cancel", args=[visit.pk]), {"reason": REASON})
    visit.refresh_from_db()
    assert (visit.state, visit.cancel_reason) == ("cancelled", REASON)
    assert visit.received_at is not None, "when it was done stays"
    other = declare_free(assignments_of(visit.assessment)[1])
    assert a_visit(visit.assessment, other).state == "planned"
    with pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(note="Lain.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.filter(pk=stands.pk).update(
            state="cancelled",
            cancelled_at=timezone.now(),
            cancelled_by=a_secretary(),
            cancel_reason="x",
            note="Lain.",
        )
