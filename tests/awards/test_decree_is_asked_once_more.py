"""Issuing and publishing cannot be taken back: what was typed is read once more, and nothing happens before the answer."""

import pytest
from django.utils import timezone

from awards.models import Certificate, Clarification, Decree
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_signatory, an_issued_decree
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
SURE = {"yakin": "ya"}


def typed(**changes) -> dict[str, str]:
    given = {"number": "1214 TAHUN 2026", "on": timezone.localdate().isoformat(), "signatory_name": "AGUS"}
    return {**given, "valid_until": "2099-12-31", **changes}


def test_what_was_typed_is_read_once_more_before_anything_is_numbered(client):
    decree = a_drafted_decree()
    client.force_login(a_signatory())
    answer = client.post(decree.get_absolute_url(), typed())
    words = words_of(answer)
    assert "Tetapkan SK Nomor 1214 TAHUN 2026?" in words
    assert "oleh AGUS, berlaku sampai 31 Desember 2099." in words
    assert "2 penghargaan ditetapkan dan 2 piagam diberi nomor." in words
    assert not Certificate.objects.exists()
    assert client.post(decree.get_absolute_url(), typed(**SURE)).status_code == 302
    assert Decree.objects.get().number == "1214 TAHUN 2026"
    assert Certificate.objects.count() == 2


def test_who_goes_back_finds_what_was_typed(client):
    decree = a_drafted_decree()
    client.force_login(a_signatory())
    asked = main_of(client.post(decree.get_absolute_url(), typed(signatory_name="AGUS & BUDI")))
    back = f"{decree.get_absolute_url()}?number=1214+TAHUN+2026"
    assert f'href="{back}' in asked
    page = main_of(client.get(back, {"signatory_name": "AGUS & BUDI"}))
    assert 'value="AGUS &amp; BUDI"' in page
    assert Decree.objects.get().number == ""


def test_an_empty_field_is_named_with_what_belongs_there(client):
    decree = a_drafted_decree()
    client.force_login(a_signatory())
    answer = client.post(decree.get_absolute_url(), typed(number="", signatory_name=""))
    assert answer.status_code == 422
    assert "Isi nomor SK seperti dalam register naskah." in words_of(answer)
    assert "Isi nama pejabat yang menetapkan, tanpa gelar." in words_of(answer)


def test_whoever_may_not_issue_is_asked_nothing(client):
    decree = a_drafted_decree()
    client.force_login(a_secretary())
    answer = client.post(decree.get_absolute_url(), typed(**SURE))
    assert "SK hanya dapat ditetapkan oleh pejabat penetap." in words_of(answer)
    assert "Tetapkan SK Nomor" not in words_of(client.post(decree.get_absolute_url(), typed()))


def test_publication_is_asked_about_and_one_answer_publishes(client):
    decree = an_issued_decree()
    # The files are the worker's; here only their record matters.
    Certificate.objects.update(rendered_at=timezone.now(), sha256="0" * 64, path="piagam/x.pdf", size=1)
    client.force_login(a_signatory())
    address = f"/penghargaan/{decree.pk}/umumkan/"
    asked = words_of(client.post(address))
    assert "Umumkan Keputusan Nomor 1214 TAHUN 2026?" in asked
    assert "Pengumuman tidak dapat ditarik kembali." in asked
    assert Decree.objects.get().published_at is None
    assert client.post(address, SURE).status_code == 302
    assert Decree.objects.get().published_at is not None


def test_a_revoking_decree_has_no_term_and_brings_no_papers_about(client):
    first = an_issued_decree()
    row = {
        "award": first.awards.get(position=1).pk, "position": 1, "ikm_name": "UD Mawar", "product_name": "Tas",
        "regency_name": "Kabupaten Garut", "province_name": "Jawa Barat", "numbers": [], "reason": "Izin edar dicabut.",
        "packaging_days": 30,
    }  # fmt: skip
    decree = Decree.objects.create(
        round=first.round, kind="pencabutan", changes=first, annex=[row], annex_sha256="0" * 64,
        drafted_at=timezone.now(),
    )  # fmt: skip
    assert not Clarification.objects.exists()
    client.force_login(a_signatory())
    page = main_of(client.get(decree.get_absolute_url()))
    assert 'name="valid_until"' not in page
    assert "Rupa piagam" not in page
    assert "Penghargaan tetap berlaku sampai SK diumumkan." in page
    asked = words_of(client.post(decree.get_absolute_url(), typed()))
    assert "1 penghargaan dicabut begitu SK diumumkan." in asked
    assert client.post(decree.get_absolute_url(), typed(**SURE)).status_code == 302
    page = words_of(client.get(decree.get_absolute_url()))
    assert "SK ini tidak menerbitkan piagam." in page
    assert "0 dari 0" not in page
