"""Verification by code: five answers kept apart, and nothing of what is not published."""

from datetime import timedelta

import pytest
from django.utils import timezone

from awards import codes, decree_names, verification
from awards.verification import Verdict
from tests.factories.awards import AwardFactory, DecreeFactory, a_certificate

pytestmark = pytest.mark.django_db


def test_a_valid_certificate_shows_what_the_paper_prints(client):
    award = AwardFactory(product__name="Dodol cokelat", star=4)
    certificate = a_certificate(award)
    page = client.get(f"/verifikasi/{certificate.code}/").content.decode()
    for printed in (
        "tercatat dan berlaku", certificate.number, "PT Tama Cokelat Indonesia", "Dodol cokelat",
        "Makanan dan minuman", "Kabupaten Garut", "Jawa Barat", "Bintang 4 dari 5", decree_names.number(award.decree),
        str(award.decree.round_id), "AGUS GUMIWANG",
    ):  # fmt: skip
        assert printed in page, printed


def test_a_code_is_read_as_people_write_it(client):
    code = a_certificate().code
    answer = client.get(f"/verifikasi/{codes.printed(code).lower()}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/verifikasi/{code}/"
    typed = client.get(
        "/verifikasi/", {"kode": codes.printed(code).lower().replace("-", " ").replace("0", "o")}
    )
    assert typed["Location"] == f"/verifikasi/{code}/"


def test_unknown_unpublished_and_malformed_codes_answer_alike(client):
    hidden = a_certificate(AwardFactory(decree=DecreeFactory(published=False)))
    for code in (hidden.code, codes.new_code(), "bukan-kode", "U" * 16):
        answer = client.get(f"/verifikasi/{code}/")
        assert answer.status_code == 404
        assert "Kode ini tidak ada dalam catatan kami" in answer.content.decode()
        assert hidden.number not in answer.content.decode()
    assert verification.look_up(hidden.code, at=timezone.now()) == verification.UNKNOWN


def test_a_decree_published_later_answers_from_that_instant_on():
    certificate = a_certificate(AwardFactory(decree__published=False, decree__published_at=timezone.now()))
    instant = certificate.award.decree.published_at
    assert verification.look_up(certificate.code, at=instant).verdict is Verdict.VALID
    assert (
        verification.look_up(certificate.code, at=instant - timedelta(microseconds=1)).verdict
        is Verdict.UNKNOWN
    )


def test_a_revoked_award_says_since_when_and_why(client):
    award = AwardFactory(
        revoked_at=timezone.now() - timedelta(minutes=1),
        revocation_decree="Keputusan Nomor 77 Tahun 2027",
        revocation_reason="Izin edar dicabut",
    )
    page = client.get(f"/verifikasi/{a_certificate(award).code}/").content.decode()
    assert "telah dicabut" in page
    assert "Keputusan Nomor 77 Tahun 2027" in page
    assert "Izin edar dicabut" in page
    assert "tercatat dan berlaku" not in page


def test_a_replaced_certificate_leads_to_the_new_one(client):
    old = a_certificate(replaced_at=timezone.now() - timedelta(minutes=1), replacement_reason="Salah eja")
    new = old.award.certificates.create(
        version=2, number=old.number + "/P1", code=codes.new_code(), created_at=timezone.now()
    )
    page = client.get(f"/verifikasi/{old.code}/").content.decode()
    assert "telah diganti" in page
    assert f"/verifikasi/{new.code}/" in page
    assert "tercatat dan berlaku" in client.get(f"/verifikasi/{new.code}/").content.decode()


def test_a_certificate_is_valid_through_its_last_day():
    today = timezone.localdate()
    certificate = a_certificate(AwardFactory(decree__valid_until=today))
    assert verification.look_up(certificate.code, at=timezone.now()).verdict is Verdict.VALID
    tomorrow = timezone.now() + timedelta(days=1)
    assert verification.look_up(certificate.code, at=tomorrow).verdict is Verdict.EXPIRED


def test_example_data_says_so(client):
    certificate = a_certificate(AwardFactory(decree__example=True))
    assert "Data contoh" in client.get(f"/verifikasi/{certificate.code}/").content.decode()
    official = a_certificate(AwardFactory())
    assert "Data contoh" not in client.get(f"/verifikasi/{official.code}/").content.decode()


def test_the_pages_are_not_indexed_and_set_no_cookie(client):
    for address in ("/verifikasi/", f"/verifikasi/{a_certificate().code}/"):
        answer = client.get(address)
        assert answer["X-Robots-Tag"] == "noindex"
        assert not answer.cookies


def test_asking_too_often_is_told_to_wait(client):
    code = a_certificate().code
    answers = {client.get(f"/verifikasi/{code}/").status_code for _ in range(40)}
    assert answers == {200, 429}
    assert "Ini bukan tanda bahwa piagam palsu" in client.get(f"/verifikasi/{code}/").content.decode()


def test_a_paper_can_be_checked_while_redis_is_away(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert client.get(f"/verifikasi/{a_certificate().code}/").status_code == 200
