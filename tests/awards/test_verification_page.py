"""/verifikasi/<kode>/: each state in its exact words (interface.md 3), and what happens when it cannot be asked."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from awards import codes, throttle, verification
from tests.factories.awards import AwardFactory, DecreeFactory, a_certificate
from tests.pages import main_of, needs_english, words_of

pytestmark = pytest.mark.django_db


def page_of(client, certificate, prefix=""):
    return client.get(f"{prefix}/verifikasi/{certificate.code}/")


# --- The states, word for word -------------------------------------------------------------------------------------
def test_valid(client):
    words = words_of(page_of(client, a_certificate()))
    assert words.startswith(
        "Piagam dengan kode ini tercatat dan berlaku. Cocokkan isinya dengan piagam di tangan Anda; bila ada yang "
        "berbeda, piagam itu tidak asli."
    )


def test_revoked(client):
    award = AwardFactory(
        revoked_at=datetime(2026, 3, 13, 16, 59, tzinfo=UTC),
        revocation_decree="Keputusan Nomor 77 Tahun 2026", revocation_reason="Izin edar dicabut.",
    )  # fmt: skip
    words = words_of(page_of(client, a_certificate(award)))
    assert words.startswith(
        "Piagam dengan kode ini telah dicabut pada 13 Maret 2026 dengan Keputusan Nomor 77 Tahun 2026. "
        "Alasan: Izin edar dicabut."
    )


def test_replaced(client):
    old = a_certificate(
        replaced_at=datetime(2026, 3, 13, 16, 59, tzinfo=UTC), replacement_reason="Nama salah eja"
    )
    new = old.award.certificates.create(
        version=2, number=f"{old.number}/P1", code=codes.new_code(), created_at=timezone.now()
    )
    answer = page_of(client, old)
    assert words_of(answer).startswith(
        f"Piagam dengan kode ini telah diganti. Piagam yang berlaku: {new.number}. "
        "Tidak berlaku sejak 13 Maret 2026: nama salah eja."
    )
    assert f'href="/verifikasi/{new.code}/">{new.number}</a>' in main_of(answer)


@needs_english
def test_a_reader_abroad_finds_english_beside_the_verdict_and_what_was_written_in_indonesian_is_marked(
    client,
):
    award = AwardFactory(
        revoked_at=datetime(2026, 3, 13, 16, 59, tzinfo=UTC),
        revocation_decree="Keputusan Nomor 77 TAHUN 2026", revocation_reason="Izin edar dicabut.",
    )  # fmt: skip
    certificate = a_certificate(award)
    assert f'href="/en/verifikasi/{certificate.code}/" lang="en"' in main_of(page_of(client, certificate))
    answer = page_of(client, certificate, "/en")
    assert "revoked on 13 March 2026 by Decree Number 77 of 2026." in words_of(answer)
    assert 'Reason, in Indonesian: <span lang="id">Izin edar dicabut.</span>' in main_of(answer)


@needs_english
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Piagam hilang atau rusak", "certificate lost or damaged"),
        ("Keputusan Nomor 5/M-IND/2026 mengubah bintang", "Decree Number 5/M-IND/2026 changed the star"),
    ],
)
def test_why_a_paper_was_replaced_is_said_in_the_language_of_the_page(client, written, told):
    old = a_certificate(replaced_at=datetime(2026, 3, 13, 16, 59, tzinfo=UTC), replacement_reason=written)
    assert f"Not in force since 13 March 2026: {told}." in words_of(page_of(client, old, "/en"))


def test_expired(client):
    words = words_of(page_of(client, a_certificate(AwardFactory(decree__valid_until=date(2025, 12, 31)))))
    assert words.startswith("Piagam dengan kode ini pernah berlaku sampai 31 Desember 2025. ")


def test_unknown(client):
    answer = client.get(f"/verifikasi/{codes.new_code()}/")
    assert answer.status_code == 404
    words = words_of(answer)
    assert words.startswith(
        "Kode ini tidak ada dalam catatan kami. Periksa kembali 16 huruf dan angkanya. Bila tetap tidak ditemukan, "
        "laporkan kepada kami."
    )
    assert not re.search(r"palsu|tidak asli|tidak sah", words)
    assert "mailto:sekretariat@ovop.example" in main_of(answer)


def test_what_is_not_known_offers_no_file_to_check_and_what_is_known_does(client):
    assert "verify.js" not in client.get(f"/verifikasi/{codes.new_code()}/").content.decode()
    certificate = a_certificate()
    html = page_of(client, certificate).content.decode()
    assert "js/verify.js" in html
    assert f'data-ask="/verifikasi/berkas/" data-code="{certificate.code}"' in html


@pytest.mark.parametrize("address", ["/", "/katalog/", "/hasil/"])
def test_pages_without_a_file_to_check_do_not_load_its_script(client, address):
    assert "verify.js" not in client.get(address).content.decode()


# --- Codes as people write them --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    ["10a1 b2c3 d4e5 f6g7", "lOAI-B2C3-D4E5-F6G7", " 1oai–b2c3–d4e5–f6g7 ", "iOa1b2c3d4e5f6g7"],
)
def test_a_code_is_read_in_lower_case_with_spaces_and_with_look_alike_letters(client, written):
    certificate = a_certificate()
    type(certificate).objects.filter(pk=certificate.pk).update(code="10A1B2C3D4E5F6G7")
    answer = client.get("/verifikasi/", {"kode": written})
    assert answer["Location"] == "/verifikasi/10A1B2C3D4E5F6G7/"
    assert certificate.number in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("written", ["", "123", "U" * 16, "10A1B2C3D4E5F6G", "<script>alert(1)</script>"])
def test_what_is_no_code_stays_in_the_field_with_an_explanation(client, written):
    answer = client.get("/verifikasi/", {"kode": written})
    assert answer.status_code == 200
    html = main_of(answer)
    assert "data-takes-focus" in html
    assert "<script>alert" not in html
    told = (
        "Kode piagam terdiri atas 16 huruf dan angka" if written else "Ketik kode yang tercetak pada piagam."
    )
    assert told in html


# --- When it cannot be asked --------------------------------------------------------------------------------------------
LATER = "Pemeriksaan belum dapat dilakukan. Ini bukan tanda bahwa piagam palsu. Coba lagi."


def test_with_the_database_away_the_paper_is_not_suspected(client, monkeypatch):
    def away(*_, **__):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(verification, "look_up", away)
    answer = client.get(f"/verifikasi/{codes.new_code()}/")
    assert answer.status_code == 503
    assert words_of(answer).startswith(LATER)


def test_too_many_checks_are_told_when_to_come_back(client):
    certificate = a_certificate()
    for _ in range(throttle.PER_MINUTE):
        assert page_of(client, certificate).status_code == 200
    answer = page_of(client, certificate)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert words_of(answer).startswith(LATER)


def test_each_visitor_is_counted_alone(client):
    certificate = a_certificate()
    for _ in range(throttle.PER_MINUTE + 1):
        page_of(client, certificate)
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert page_of(other, certificate).status_code == 200


def test_behind_the_proxy_visitors_are_told_apart_by_what_the_proxy_says(settings):
    certificate = a_certificate()
    one, other = (Client(headers={"X-Forwarded-For": f"10.0.0.9, {ip}"}) for ip in ("192.0.2.7", "192.0.2.8"))
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for _ in range(throttle.PER_MINUTE):
        page_of(one, certificate)
    assert page_of(one, certificate).status_code == 429
    assert page_of(other, certificate).status_code == 200


def test_without_a_proxy_nobody_escapes_the_count_by_claiming_an_address(client):
    certificate = a_certificate()
    statuses = [
        client.get(
            f"/verifikasi/{certificate.code}/", headers={"X-Forwarded-For": f"192.0.2.{n}"}
        ).status_code
        for n in range(throttle.PER_MINUTE + 1)
    ]
    assert statuses[-1] == 429


# --- What stands under the verdict ----------------------------------------------------------------------------------------
def test_the_fields_of_the_paper_and_the_time_of_checking_stand_under_the_verdict(client):
    award = AwardFactory(
        decree=DecreeFactory(
            published=True, number="1214 TAHUN 2018", date=date(2018, 11, 20), round__year=2018
        ),
        star=4,
    )
    certificate = a_certificate(award)
    words = words_of(page_of(client, certificate))
    for said in (
        f"Nomor piagam {certificate.number}",
        "Diberikan kepada PT Tama Cokelat Indonesia",
        "Bintang Bintang 4 dari 5",
        "Dasar Keputusan Menteri Perindustrian Nomor 1214 Tahun 2018 tanggal 20 November 2018",
    ):
        assert said in words
    assert re.search(
        rf"Kode {codes.printed(certificate.code)} diperiksa \d+ \w+ \d{{4}} pukul \d\d\.\d\d WIB", words
    )
    assert "Data contoh" not in words
