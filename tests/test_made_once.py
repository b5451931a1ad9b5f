"""tests/made_once.py: what a test begins with is made once, and each test finds it as it was made, and nothing else."""

import pytest

from accounts.models import Office, Person
from accounts.roles import Role
from tests.factories.accounts import a_dinas, a_person
from tests.made_once import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("made once")]
MADE: list[str] = []


@made_once
def dinas() -> Office:
    MADE.append("dinas")
    return a_dinas()


@made_once
def officer(dinas: Office) -> Person:
    MADE.append("officer")
    return a_person(Role.DINAS, office=dinas, name="Siti")


@made_once
def stranger() -> Person:
    return a_person(name="Orang asing")


@pytest.mark.parametrize("turn", range(3))
def test_each_finds_it_as_it_was_made_whatever_the_one_before_did(turn, officer):
    assert MADE.count("officer") == MADE.count("dinas") == 1
    assert officer.name == Person.objects.get().name == "Siti"
    officer.name = "Diganti"
    officer.save()
    a_person()


@pytest.mark.parametrize("turn", range(2))
def test_what_two_fixtures_lead_to_is_one_object(turn, dinas, officer):
    office = officer.memberships.get().office
    assert office == dinas
    dinas.name = "Diganti"
    dinas.save()
    office.refresh_from_db()
    assert office.name == "Diganti"


def test_what_was_not_asked_for_is_not_there(stranger):
    assert Person.objects.get() == stranger
    assert not Office.objects.exists()


def test_who_asks_for_nothing_finds_nothing():
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_makes_its_own(officer):
    assert Person.objects.get() == officer
