from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import offices, people
from accounts.models import Membership, Office, Person
from accounts.roles import Right, Role
from regions import loading
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def places():
    loading.load()
    offices.load()


def _person(email, *roles):
    person = Person.objects.create_user(email, name=email.partition("@")[0])
    for role, code in roles:
        Membership.objects.create(person=person, role=role, office=Office.objects.get(code=code))
    return Person.objects.get(pk=person.pk)


def test_every_regency_but_those_of_jakarta_has_its_dinas(places):
    assert Office.objects.filter(kind="dinas").count() == 514 - 6
    assert not Office.objects.filter(kind="dinas", province="31").exists()
    assert Office.objects.filter(kind="province").count() == 38


def test_a_role_counts_from_its_first_day_to_its_last(places):
    person = _person("a@b.example")
    today = timezone.localdate()
    office = Office.objects.get(code="3205")
    Membership.objects.create(person=person, role="dinas", office=office, starts_on=today, ends_on=today)
    now = timezone.now()
    assert person.roles(at=now) == {Role.DINAS}
    assert person.roles(at=now - timedelta(days=1)) == frozenset()
    assert person.roles(at=now + timedelta(days=1)) == frozenset()


def test_a_role_taken_away_is_gone_at_that_instant(places):
    person = _person("a@b.example", ("dinas", "3205"))
    membership, now = person.memberships.get(), timezone.now()
    assert people.take_away(membership, at=now) is True
    assert people.take_away(membership, at=now) is False
    assert person.roles(at=now) == frozenset()
    assert person.roles(at=now - timedelta(microseconds=1)) == {Role.DINAS}


def test_a_deactivated_person_has_no_role_and_no_right(places):
    person = _person("a@b.example", ("sekretariat", "kemenperin"))
    person.is_active = False
    assert person.roles() == frozenset()
    assert not person.may(Right.SCREEN)


def test_the_same_role_is_not_held_twice_at_once(places):
    person = _person("a@b.example", ("dinas", "3205"))
    with pytest.raises(IntegrityError, match="held_once"), transaction.atomic():
        Membership.objects.create(person=person, role="dinas", office=Office.objects.get(code="3205"))


def test_an_end_before_the_start_is_refused_by_the_database(places):
    person = _person("a@b.example")
    with pytest.raises(IntegrityError, match="ends_after"), transaction.atomic():
        Membership.objects.create(
            person=person, role="dinas", office=Office.objects.get(code="3205"),
            starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 1),
        )  # fmt: skip


def test_an_address_is_one_account_in_any_case(places):
    _person("siti@garut.example")
    with pytest.raises(IntegrityError, match="unique_in_any_case"), transaction.atomic():
        Person(email="SITI@garut.example", name="Siti").save()


def test_a_name_is_shown_with_its_titles_as_written():
    person = Person(title_before="Dr. Ir. Hj.", name="Siti Aminah", title_after="S.E., M.M.")
    assert person.full_name == "Dr. Ir. Hj. Siti Aminah, S.E., M.M."
    assert Person(title_before="dr.", name="Suharto").full_name == "dr. Suharto"


@pytest.mark.parametrize(
    ("giver", "given"),
    [
        (("admin", "kemenperin"), set(Role)),
        (("sekretariat", "kemenperin"), {Role.DINAS, Role.PROVINSI, Role.PENILAI}),
        (("provinsi", "32"), {Role.DINAS}),
        (("dinas", "3205"), set()),
        (("auditor", "kemenperin"), set()),
        (("penetap", "kemenperin"), set()),
    ],
)
def test_who_gives_which_role(places, giver, given):
    assert set(people.roles_to_give(_person("g@b.example", giver))) == given


def test_a_province_registers_the_people_of_its_own_dinas_only(places):
    west_java = _person("p@b.example", ("provinsi", "32"))
    codes = set(people.may_invite_to(west_java).values_list("code", flat=True))
    assert "3205" in codes
    assert "3471" not in codes
    assert "32" not in codes


def test_nobody_takes_away_their_own_role(places):
    admin = _person("g@b.example", ("admin", "kemenperin"))
    other = _person("h@b.example", ("admin", "kemenperin"))
    assert not people.may_take_away(admin, admin.memberships.get())
    assert people.may_take_away(admin, other.memberships.get())
