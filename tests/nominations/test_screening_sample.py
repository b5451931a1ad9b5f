"""/seleksi/<id>/contoh-produk/: the sample of the product that came in, noted once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit import history
from nominations.models import Sample
from tests.factories.accounts import a_person
from tests.factories.nominations import (
    NominationFactory,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def nomination(requirements):
    return NominationFactory(in_state="endorsed")


@pytest.fixture
def secretary(client):
    person = a_person(Role.SEKRETARIAT, name="Rahmawati Nasution")
    client.force_login(person)
    return person


def page(nomination):
    return reverse("screening", args=[nomination.pk])


def text_of(answer):
    return " ".join(answer.content.decode().split())


def noted(client, nomination, **changed):
    data = {"code": "C-2026-014", "received_on": "2026-03-02", "condition": "Utuh, kemasan baik"} | changed
    return client.post(reverse("sample", args=[nomination.pk]), data)


def test_a_sample_is_noted_once_and_shown(client, nomination, secretary):
    assert "Contoh produk belum diterima." in text_of(client.get(page(nomination)))
    for _ in range(2):
        assert noted(client, nomination).url == page(nomination)
    assert "C-2026-014</b> diterima 2 Maret 2026: Utuh, kemasan baik." in text_of(
        client.get(page(nomination))
    )
    assert history.of(nomination).filter(action="sample_received").count() == 1
    assert 'value="C-2026-014"' in text_of(client.get(reverse("sample", args=[nomination.pk])))


def test_a_sample_is_refused_with_a_code_that_is_taken_or_a_day_to_come(client, nomination, secretary):
    other = NominationFactory(in_state="endorsed", round=nomination.round)
    noted(client, other)
    answer = noted(client, nomination, condition="Retak di satu sisi")
    assert "Kode contoh C-2026-014 sudah dipakai untuk usulan lain." in text_of(answer)
    assert "Retak di satu sisi" in text_of(answer)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "tidak boleh sesudah hari ini" in text_of(
        noted(client, nomination, code="C-2", received_on=tomorrow)
    )
    for empty in ("code", "received_on", "condition"):
        assert noted(client, nomination, **{"code": "C-2", empty: ""}).status_code == 200
    assert Sample.objects.get().nomination == other
