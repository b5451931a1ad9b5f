"""An interest that becomes known after the seal: shown to secretariat and auditor with the ways on, changing nothing."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from assessment import found_late, interests
from assessment.models import Decision, Plenary
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    a_secretary,
    an_assessed_nomination,
    assignments_of,
    declare_conflict,
    many_assessed,
    three_assessors,
)
from tests.factories.nominations import NominationFactory, ProductFactory, an_hour_ago
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db
SEALED_AFTER = 45  # minutes: a_sealed_plenary
TITLE = "Kepentingan penilai diketahui setelah sidang disegel"


def at(minutes):
    return an_hour_ago() + timedelta(minutes=minutes)


@made_once
def nomination():
    there = an_assessed_nomination()
    a_sealed_plenary(there.round)
    return there


@made_once
def one(nomination):
    return assignments_of(nomination.assessment)[0]


def recorded(one, *, minutes=SEALED_AFTER + 5, kind="family", regency=False):
    ikm = one.assessment.nomination.product.ikm
    where = {"ikm": None, "regency": ikm.regency} if regency else {"ikm": ikm, "regency": None}
    return interests.record(one.assessor, kind, **where, by=a_secretary(), at=at(minutes))


def page(nomination, role):
    client = Client()
    client.force_login(a_person(role))
    return words_of(client.get(reverse("panel", args=[nomination.pk])))


# --- Which sheets they are -------------------------------------------------------------------------------------
@pytest.mark.parametrize("regency", [False, True])
def test_an_interest_recorded_after_the_seal_is_found_until_it_is_ended(one, regency):
    assert not found_late.sheets().exists()
    interest = recorded(one, kind="employer", regency=regency)
    assert list(found_late.sheets()) == [one]
    assert list(found_late.sheets_against(interest)) == [one]
    interests.end(interest, reason="Keliru dicatat atas namanya.", by=a_secretary(), at=at(52))
    assert not found_late.sheets().exists()


def test_a_conflict_declared_later_on_another_nomination_of_the_ikm_is_found_too(one, nomination):
    other = NominationFactory(in_state="eligible", product=ProductFactory(ikm=nomination.product.ikm))
    seat = assignments_of(a_panel(other, [one.assessor]))[0]
    declare_conflict(seat, at=at(SEALED_AFTER + 6))
    assert list(found_late.sheets()) == [one]


def test_what_a_later_session_decided_knowing_of_it_is_not_found(one, nomination):
    recorded(one)
    first = Decision.objects.get(nomination=nomination)
    assert found_late.sheets().get().sealed_at == first.plenary.sealed_at
    again = Plenary.objects.create(
        round=nomination.round, place="Jakarta", members=9, present=7, opened_by=a_chair(), opened_at=at(52)
    )
    first.pk, first.plenary, first.recorded_at = None, again, at(53)
    first.save()
    assert found_late.sheets().exists()
    again.minutes_number, again.fingerprint = "BA/13/IKMA/V/2026", "0" * 64
    again.sealed_at, again.sealed_by = at(54), a_chair()
    again.save()
    assert not found_late.sheets().exists()


def test_an_interest_of_somebody_else_and_one_with_another_ikm_find_nothing(one):
    stranger = a_person(Role.PENILAI)
    ikm = one.assessment.nomination.product.ikm
    interests.record(stranger, "family", ikm=ikm, regency=None, by=a_secretary(), at=at(50))
    elsewhere = ProductFactory().ikm
    interests.record(one.assessor, "family", ikm=elsewhere, regency=None, by=a_secretary(), at=at(50))
    assert not found_late.sheets().exists()


# --- Who is shown what -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.SEKRETARIAT, Role.AUDITOR])
def test_secretariat_and_auditor_read_it_with_the_way_that_is_open(one, nomination, role):
    assert TITLE not in page(nomination, role)
    recorded(one)
    words = page(nomination, role)
    assert TITLE in words
    assert "tidak berubah dengan sendirinya" in words
    assert "Hasil belum diumumkan. Beri tahu Penetap sebelum SK diumumkan." in words
    assert words.count("Kepentingannya diketahui") == 1


def test_nobody_else_reads_it_anywhere(one, nomination):
    recorded(one)
    assert TITLE not in page(nomination, Role.KETUA)
    for reader in (one.assessor, a_person(Role.KETUA), nomination.created_by):
        client = Client()
        client.force_login(reader)
        for address in (reverse("interests"), nomination.get_absolute_url(), reverse("panels")):
            assert TITLE not in client.get(address).content.decode()


def test_it_is_on_the_lists_of_panels_and_interests_and_on_the_nomination(client, one, nomination):
    recorded(one)
    client.force_login(a_person(Role.AUDITOR))
    for address in (f"{reverse('panels')}?periode={nomination.round_id}", reverse("interests")):
        words = words_of(client.get(address))
        assert TITLE in words
        assert f"{nomination}. {one.assessor.full_name}: diketahui" in words
    html = client.get(nomination.get_absolute_url()).content.decode()
    assert f'<a href="/panel/{nomination.pk}/">{TITLE}</a>' in html


def test_who_records_it_is_told_that_sealed_results_hold_the_sheet(client, one):
    ikm = one.assessment.nomination.product.ikm
    client.force_login(a_secretary())
    sent = {
        "person": one.assessor.pk,
        "kind": "family",
        "regency": ikm.regency.pk,
        "ikm": ikm.name,
        "note": "",
    }
    answer = client.post(reverse("interest_record"), sent, follow=True)
    assert "1 lembar penilai ini sudah dihitung dalam keputusan sidang yang disegel." in words_of(answer)


# --- Nothing changes -------------------------------------------------------------------------------------------
def test_nothing_changes_and_recompute_names_it_without_failing(one, nomination):
    before = list(Decision.objects.values_list("numerator", "denominator", "star"))
    recorded(one)
    one.refresh_from_db()
    assert (one.has_conflict, one.removed_at) == (False, None)
    assert list(Decision.objects.values_list("numerator", "denominator", "star")) == before
    told = StringIO()
    call_command("recompute", round=nomination.round_id, json=True, stdout=told)
    report = json.loads(told.getvalue())
    assert report["ok"] is True
    assert [(line["kind"], line["nomination"]) for line in report["findings"]] == [
        ("found_late", str(nomination))
    ]
    assert one.assessor.full_name not in told.getvalue()


def test_the_lists_ask_as_often_whether_it_is_one_or_five(client):
    people = three_assessors()
    several = many_assessed(5, people=people)
    a_sealed_plenary(several[0].round)
    client.force_login(a_person(Role.AUDITOR))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{reverse('panels')}?periode={several[0].round_id}")
        return len(queries)

    for number, nomination in enumerate(several):
        interests.record(
            people[0], "family", ikm=nomination.product.ikm, regency=None, by=a_secretary(), at=at(50)
        )
        if number == 0:
            asked()
            with_one = asked()
    assert asked() == with_one
    assert found_late.sheets().count() == 5
