"""What a visit corrected says what a score should have been: nobody reads it before they may read the panel's scores."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.roles import Role
from assessment import declarations, plenary
from assessment.access import readable_visits
from assessment.models import Finding, Visit
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    an_assessor,
    an_open_plenary,
    assignments_of,
    declare_free,
    fill,
    send,
)
from tests.factories.nominations import an_hour_ago
from tests.factories.visits import (
    SEEN,
    a_finished_visit,
    a_visit,
    assess_all,
    look_at_everything,
    visitor,
)

pytestmark = pytest.mark.django_db

MOMENTS = ("visited", "all but one in", "all in", "decided", "sealed")
# Written by hand: True where this reader may read what the visit found, at each of the moments above.
WHO_READS = {
    "the team": (True,) * 5,
    "another of the panel": (False, False, True, True, True),
    "one of the panel who has not sent": (False, False, True, True, True),
    "an assessor of another panel": (False,) * 5,
    "dinas": (False,) * 5,
    "provinsi": (False,) * 5,
    "sekretariat": (False, False, True, True, True),
    "ketua": (False, False, True, True, True),
    "penetap": (False,) * 5,
    "auditor": (False, False, False, False, True),
    "admin": (False,) * 5,
    "a visitor": (False,) * 5,
}
KNOWS_OF_VISITS = {"the team", "sekretariat", "ketua", "auditor"}


class Scene:
    """A finished visit of the first of a panel whose sheets come in one after the other."""

    def __init__(self):
        self.visit = a_finished_visit(a_panel(), {"A.I.1": 1})
        self.assessment = self.visit.assessment
        self.panel = assignments_of(self.assessment)
        nomination = self.assessment.nomination
        self.readers = {role.value: a_person(role, around=nomination) for role in Role}
        del self.readers["penilai"]
        self.readers |= {
            "the team": visitor(self.visit),
            "another of the panel": self.panel[1].assessor,
            "one of the panel who has not sent": self.panel[2].assessor,
            "an assessor of another panel": an_assessor(),
            "a visitor": AnonymousUser(),
        }

    def bring_to(self, moment):
        if moment == "all but one in":
            for one in (self.panel[0], declare_free(self.panel[1])):
                fill(one)
                send(one)
            fill(declare_free(self.panel[2]))
        elif moment == "all in":
            send(self.panel[2])
        elif moment == "decided":
            nomination = type(self.assessment.nomination).objects.get(pk=self.assessment.nomination_id)
            self.session = an_open_plenary(nomination.round)
            plenary.record_decision(self.session, nomination, star=5, by=a_chair(), at=an_hour_ago())
        elif moment == "sealed":
            plenary.seal(self.session, minutes_number="BA/1", by=a_chair(), at=an_hour_ago())


def test_who_reads_what_a_visit_found_at_which_moment(client):
    scene = Scene()
    address = f"/lapangan/{scene.visit.pk}/"
    for place, moment in enumerate(MOMENTS):
        scene.bring_to(moment)
        for who, expected in WHO_READS.items():
            reader = scene.readers[who]
            seen = Finding.objects.visible_to(reader).filter(visit=scene.visit, indicator="A.I.1")
            assert seen.exists() is expected[place], (who, moment)
            if who == "a visitor":
                continue
            assert readable_visits(reader).filter(pk=scene.visit.pk).exists() is expected[place], (
                who,
                moment,
            )
            client.force_login(reader)
            for door in (address, f"{address}berita-acara/", "/lapangan/"):
                text = client.get(door).content.decode()
                told = SEEN in text or "skor menurut kunjungan" in text or "Ibu Saenah" in text
                assert not told or expected[place], (who, moment, door)
            if expected[place] and who in KNOWS_OF_VISITS:
                assert SEEN in client.get(address).content.decode(), (who, moment)


def test_before_it_is_finished_only_the_team_reads_it():
    visit = a_visit(a_panel())
    look_at_everything(visit, {"A.I.1": 1})
    assess_all(visit.assessment)
    others = [a_person(role) for role in (Role.SEKRETARIAT, Role.KETUA, Role.AUDITOR)]
    for reader in (*others, assignments_of(visit.assessment)[1].assessor):
        assert not Finding.objects.visible_to(reader).exists()
    assert Finding.objects.visible_to(visitor(visit)).exists()


def test_whoever_is_recused_reads_the_own_visit_no_more():
    visit = a_finished_visit(a_panel(), {"A.I.1": 1})
    mine = visit.members.get().assignment
    declarations.declare(
        mine, has_conflict=True, kind="family", text="Ipar.", by=mine.assessor, at=timezone.now()
    )
    assert not Visit.objects.visible_to(mine.assessor).exists()
    assert not Finding.objects.visible_to(mine.assessor).exists()
