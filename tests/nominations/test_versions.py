"""Every copy as submitted stays readable, and any two of them can be laid side by side."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from nominations import copies
from nominations.models import Nomination, State
from tests.factories.accounts import TASIKMALAYA, a_person, a_regency
from tests.factories.nominations import NominationFactory, bring_to
from tests.made_once import made_once
from tests.nominations.proposing import text_of

pytestmark = pytest.mark.django_db


@made_once
def nomination(requirements):
    return bring_to(NominationFactory(), State.SUBMITTED)


@made_once
def officer(nomination):
    return a_person(Role.DINAS, around=nomination)


def sent_again(nomination, officer, **answers):
    for column, value in answers.items():
        setattr(nomination, column, value)
    nomination.save()
    return copies.keep(nomination, by=officer, at=timezone.now())


def page(client, nomination, **asked):
    return client.get(f"/usulan/{nomination.pk}/versi/", asked)


def test_one_copy_says_that_there_is_nothing_to_compare(client, nomination, officer):
    client.force_login(officer)
    text = text_of(page(client, nomination))
    assert "Pengiriman ke-1" in text
    assert "dikirim satu kali" in text


def test_the_last_two_are_compared_first_and_any_two_on_request(client, nomination, officer):
    first = nomination.latest_submission().content["answers"]["capacity"]
    sent_again(nomination, officer, capacity="Seratus lembar sebulan")
    sent_again(nomination, officer, capacity="Dua ratus lembar sebulan", workers=27)
    client.force_login(officer)
    text = text_of(page(client, nomination))
    assert "Seratus lembar sebulan" in text
    assert "27 orang" in text
    assert "2 isian atau berkas berbeda" in text
    wider = text_of(page(client, nomination, dari="1", ke="3"))
    assert first in wider
    assert "Dua ratus lembar sebulan" in wider
    assert "Seratus lembar sebulan" not in wider


def test_the_same_copy_twice_differs_in_nothing(client, nomination, officer):
    sent_again(nomination, officer, workers=27)
    client.force_login(officer)
    assert "Keduanya sama" in text_of(page(client, nomination, dari="2", ke="2"))


def test_while_it_is_repaired_its_own_office_compares_with_what_it_has_typed(client, nomination, officer):
    Nomination.objects.filter(pk=nomination.pk).update(
        state=State.RETURNED,
        returned_from="submitted",
        repair_due_at=timezone.now(),
        story="Diperbaiki hari ini",
    )
    client.force_login(officer)
    assert "Diperbaiki hari ini" in text_of(page(client, nomination, dari="1", ke="sekarang"))
    client.force_login(a_person(Role.PROVINSI, around=nomination))
    assert page(client, nomination, dari="1", ke="sekarang").status_code == 404
    assert "Diperbaiki hari ini" not in text_of(page(client, nomination))


@pytest.mark.parametrize("asked", [{"dari": "9"}, {"ke": "0"}, {"ke": "sekarang"}, {"dari": "x"}])
def test_a_copy_that_is_not_there_is_not_found(client, nomination, officer, asked):
    client.force_login(officer)
    assert page(client, nomination, **asked).status_code == 404


def test_who_may_not_read_its_way_finds_no_copies(client, nomination):
    client.force_login(a_person(Role.DINAS, around=a_regency(TASIKMALAYA)))
    assert page(client, nomination).status_code == 404


def test_a_draft_that_was_never_sent_has_no_copies(client, requirements):
    draft = NominationFactory()
    client.force_login(a_person(Role.DINAS, around=draft))
    assert page(client, draft).status_code == 404
