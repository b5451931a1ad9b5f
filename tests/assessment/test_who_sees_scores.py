"""Whose scores a person may read, role by role and moment by moment: one answer for pages, files, exports and the API."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from assessment import assignment, plenary
from assessment.models import Assignment, Score
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_secretary,
    an_assessor,
    an_open_plenary,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    send,
    three_assessors,
)
from tests.factories.nominations import an_hour_ago

pytestmark = pytest.mark.django_db

NOTHING, OWN, ALL = "nothing", "own", "all"
MOMENTS = ("filled", "sent", "all but one in", "all in", "decided", "sealed")
# Written by hand from the contract: who sees whose scores at which of the moments above.
WHO_SEES = {
    "an assessor of the panel": (OWN, OWN, OWN, ALL, ALL, ALL),
    "an assessor of the panel who has not sent": (OWN, OWN, OWN, ALL, ALL, ALL),
    "an assessor of another panel": (NOTHING,) * 6,
    "dinas": (NOTHING,) * 6,
    "provinsi": (NOTHING,) * 6,
    "sekretariat": (NOTHING, NOTHING, NOTHING, ALL, ALL, ALL),
    "ketua": (NOTHING, NOTHING, NOTHING, ALL, ALL, ALL),
    "penetap": (NOTHING,) * 6,
    "auditor": (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, ALL),
    "admin": (NOTHING,) * 6,
    "a visitor": (NOTHING,) * 6,
}


class Scene:
    """One panel, brought from moment to moment."""

    def __init__(self):
        self.first = a_declared_assignment()
        self.assessment = self.first.assessment
        self.nomination = self.assessment.nomination
        self.panel = assignments_of(self.assessment)
        self.last = self.panel[2]
        self.readers = {role.value: a_person(role, around=self.nomination) for role in Role}
        del self.readers["penilai"]
        self.readers |= {
            "an assessor of the panel": self.first.assessor,
            "an assessor of the panel who has not sent": self.last.assessor,
            "an assessor of another panel": an_assessor(),
            "a visitor": AnonymousUser(),
        }

    def bring_to(self, moment):
        getattr(self, f"_{moment.replace(' ', '_')}")()

    def _filled(self):
        fill(self.first)
        fill(declare_free(self.last))

    def _sent(self):
        send(self.first)

    def _all_but_one_in(self):
        fill(declare_free(self.panel[1]))
        send(self.panel[1])

    def _all_in(self):
        send(self.last)

    def _decided(self):
        self.session = an_open_plenary(self.nomination.round)
        plenary.record_decision(self.session, self.nomination, star=5, by=a_chair(), at=an_hour_ago())

    def _sealed(self):
        plenary.seal(self.session, minutes_number="BA/1", by=a_chair(), at=an_hour_ago())


def seen_by(person, own):
    seen = set(Assignment.objects.scores_visible_to(person).values_list("pk", flat=True))
    of_scores = set(Score.objects.visible_to(person).values_list("assignment", flat=True))
    assert of_scores <= seen
    if not seen:
        return NOTHING
    if len(seen) == 1:
        assert seen == {own}
        return OWN
    return ALL if len(seen) == 3 else seen


def test_who_sees_whose_scores_at_which_moment():
    scene = Scene()
    for place, moment in enumerate(MOMENTS):
        scene.bring_to(moment)
        for who, expected in WHO_SEES.items():
            own = scene.last.pk if who.endswith("not sent") else scene.first.pk
            assert seen_by(scene.readers[who], own) == expected[place], (who, moment)


def all_in():
    scene = Scene()
    for moment in MOMENTS[:4]:
        scene.bring_to(moment)
    return scene


def test_when_a_sheet_is_reopened_the_others_are_hidden_again():
    from assessment import reopening

    scene = all_in()
    reopening.reopen(scene.last, reason="Dua indikator tertukar.", by=a_secretary(), at=an_hour_ago())
    for who in ("sekretariat", "ketua", "auditor"):
        assert seen_by(scene.readers[who], 0) == NOTHING, who
    assert seen_by(scene.first.assessor, scene.first.pk) == OWN
    assert seen_by(scene.last.assessor, scene.last.pk) == OWN


def test_whoever_was_recused_or_replaced_sees_nothing_ever():
    recused, replaced, substitute = a_declared_assignment(), None, an_assessor(outside=True)
    recused, replaced, other = assignments_of(recused.assessment)
    fill(recused)
    declare_conflict(recused)
    at = an_hour_ago()
    new = [
        assignment.replace(replaced, substitute, reason="Berhalangan tetap.", by=a_secretary(), at=at),
        assignment.replace(recused, an_assessor(), reason="Benturan kepentingan.", by=a_secretary(), at=at),
    ]
    for one in [*new, other]:
        fill(declare_free(one))
        send(one)
    for person in (recused.assessor, replaced.assessor):
        assert not Assignment.objects.scores_visible_to(person).exists()
        assert not Score.objects.visible_to(person).exists()
    counted = Assignment.objects.scores_visible_to(a_chair())
    assert {one.pk for one in counted} == {one.pk for one in [*new, other]}


def test_a_role_that_has_ended_shows_nothing():
    scene = all_in()
    Membership.objects.filter(person__in=[one.pk for one in scene.readers.values() if one.pk]).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    for who, person in scene.readers.items():
        fresh = person if not person.pk else type(person).objects.get(pk=person.pk)
        assert not Assignment.objects.scores_visible_to(fresh).exists(), who


def test_the_scores_of_one_panel_say_nothing_about_another():
    scene = all_in()
    people = three_assessors()
    elsewhere = a_declared_assignment(people=[scene.first.assessor, *people[1:]])
    fill(elsewhere)
    waiting = assignments_of(elsewhere.assessment)
    fill(declare_free(waiting[1]))
    seen = Assignment.objects.scores_visible_to(scene.first.assessor).filter(assessment=elsewhere.assessment)
    assert list(seen) == [elsewhere]
    assert not Assignment.objects.scores_visible_to(a_chair()).filter(assessment=elsewhere.assessment)
