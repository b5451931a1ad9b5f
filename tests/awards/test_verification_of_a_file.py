"""/verifikasi/berkas/: is this PDF the one on record? Only its fingerprint is asked about; no answer accuses."""

import hashlib
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from awards import codes, verification
from letters import wording
from tests.factories.awards import AwardFactory, DecreeFactory, a_certificate
from tests.pages import needs_english

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 piagam"
SHA256 = hashlib.sha256(PDF).hexdigest()
OTHER = hashlib.sha256(b"%PDF-1.7 piagam yang lain").hexdigest()
SAME = "Isi berkas ini sama dengan catatan kami."


def with_file(award=None, sha256=SHA256, **fields):
    return a_certificate(
        award, sha256=sha256, path="piagam/x.pdf", size=31_000, rendered_at=timezone.now(), **fields
    )


def ask(client, sidik=SHA256, kode="", prefix=""):
    answer = client.get(f"{prefix}/verifikasi/berkas/", {"sidik": sidik, "kode": kode})
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json()


def test_the_file_on_record_gives_the_verdict_on_its_certificate(client):
    certificate = with_file()
    status, said = ask(client)
    assert (status, said["tone"]) == (200, "baik")
    assert said["heading"] == "Piagam dengan kode ini tercatat dan berlaku."
    assert said["text"] == SAME
    assert said["url"] == f"/verifikasi/{certificate.code}/"
    assert said["link"] == f"Lihat catatan piagam nomor {certificate.number}"


def test_beside_its_own_code_there_is_nowhere_else_to_look(client):
    certificate = with_file()
    status, said = ask(client, kode=codes.printed(certificate.code).lower())
    assert (status, said["text"], "url" in said) == (200, SAME, False)


def test_a_file_that_differs_from_a_known_code_is_told_so_and_never_called_false(client):
    certificate = with_file()
    status, said = ask(client, sidik=OTHER, kode=certificate.code)
    assert (status, said["tone"]) == (404, "hati")
    assert said["heading"] == "Kode ini tercatat, tetapi isi berkas tidak sama dengan catatan kami."
    assert said["text"] == "Bandingkan isian di bawah ini."
    assert "palsu" not in str(said)


def test_the_file_of_another_certificate_names_that_one(client):
    certificate, other = with_file(), with_file(sha256=OTHER)
    status, said = ask(client, sidik=OTHER, kode=certificate.code)
    assert (status, said["tone"]) == (200, "hati")
    assert said["text"] == (
        f"Bandingkan isian di bawah ini. Berkas ini adalah piagam lain, nomor {other.number}."
    )
    assert said["url"] == f"/verifikasi/{other.code}/"


@pytest.mark.parametrize("sidik", [OTHER, "", "abc", "Z" * 64, SHA256[:-1], f"{SHA256}0", "' OR 1=1 --"])
def test_a_file_that_is_nobodys_is_404_and_accused_of_nothing(client, sidik):
    with_file()
    status, said = ask(client, sidik=sidik)
    assert (status, said["tone"]) == (404, "netral")
    assert said["heading"] == "Berkas ini tidak sama dengan berkas piagam mana pun dalam catatan kami."
    assert "palsu" not in str(said)


def test_beside_a_code_that_nobody_knows_nothing_is_said_to_be_on_record(client):
    with_file()
    for kode in (codes.new_code(), "bukan-kode"):
        _, said = ask(client, sidik=OTHER, kode=kode)
        assert "Kode ini tercatat" not in str(said)


def test_an_altered_file_that_carries_a_known_code_leads_to_what_is_on_record(client):
    certificate = with_file()
    answer = client.get("/verifikasi/berkas/", {"sidik": OTHER, "kode": "", "isi": certificate.code})
    said = answer.json()
    assert (answer.status_code, said["tone"], said["url"]) == (
        404,
        "hati",
        f"/verifikasi/{certificate.code}/",
    )
    assert said["heading"] == (
        f"Berkas ini memuat kode piagam nomor {certificate.number}, tetapi isinya tidak sama dengan catatan kami."
    )
    assert "palsu" not in str(said)


def test_a_code_in_the_file_changes_nothing_for_the_file_on_record_or_for_an_unpublished_one(client):
    certificate = with_file()
    hidden = with_file(AwardFactory(decree=DecreeFactory(published=False)), sha256=OTHER)
    assert (
        client.get("/verifikasi/berkas/", {"sidik": SHA256, "isi": certificate.code}).json()["tone"] == "baik"
    )
    said = client.get("/verifikasi/berkas/", {"sidik": "0" * 64, "isi": hidden.code}).json()
    assert said["heading"].startswith("Berkas ini tidak sama dengan berkas piagam mana pun")
    assert hidden.number not in str(said)


def test_the_file_of_an_unpublished_decree_is_nobodys(client):
    hidden = with_file(AwardFactory(decree=DecreeFactory(published=False)))
    status, said = ask(client)
    assert status == 404
    assert hidden.number not in str(said)
    _, said = ask(client, sidik=OTHER, kode=hidden.code)
    assert "Kode ini tercatat" not in str(said)


def test_a_certificate_without_its_file_is_found_by_no_fingerprint(client):
    a_certificate()
    assert ask(client, sidik="")[0] == 404


@pytest.mark.parametrize("state", ["revoked", "replaced", "expired"])
def test_a_true_copy_of_a_certificate_that_no_longer_stands_says_that_first(client, state):
    ago = timezone.now() - timedelta(days=2)
    award = AwardFactory()
    if state == "revoked":
        award = AwardFactory(
            revoked_at=ago, revocation_decree="Keputusan Nomor 77", revocation_reason="Izin edar dicabut"
        )
    if state == "expired":
        award = AwardFactory(decree__valid_until=ago.date())
    certificate = with_file(award, replaced_at=ago if state == "replaced" else None)
    day = wording.plain_date(timezone.localdate(ago))
    if state == "replaced":
        award.certificates.create(
            version=2, number=f"{certificate.number}/P1", code=codes.new_code(), created_at=ago
        )
    _, said = ask(client)
    heading = {
        "revoked": "telah dicabut pada",
        "replaced": "telah diganti.",
        "expired": "pernah berlaku sampai",
    }[state]
    assert heading in said["heading"]
    assert said["tone"] == ("galat" if state == "revoked" else "hati")
    assert said["text"].startswith(SAME)
    if state == "replaced":
        assert said["text"] == (
            f"{SAME} Tidak berlaku sejak {day}. Piagam yang berlaku: {certificate.number}/P1."
        )


# --- The answer itself ------------------------------------------------------------------------------------------
def test_the_answer_is_kept_by_nobody_and_sets_no_cookie(client):
    with_file()
    answer = client.get("/verifikasi/berkas/", {"sidik": SHA256})
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


@needs_english
def test_it_speaks_the_language_of_the_page(client):
    certificate = with_file()
    _, said = ask(client, prefix="/en")
    assert said["heading"] == "The certificate with this code is on record and in force."
    assert said["url"] == f"/en/verifikasi/{certificate.code}/"


def test_asking_too_often_or_with_the_database_away_is_no_sign_of_anything(client, monkeypatch):
    def away(*_, **__):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(verification, "look_up_file", away)
        status, said = ask(client)
        assert (status, said["text"]) == (503, "Ini bukan tanda bahwa piagam palsu. Coba lagi.")
    statuses = {ask(client)[0] for _ in range(40)}
    assert statuses == {404, 429}
    assert ask(client)[1]["heading"] == "Pemeriksaan belum dapat dilakukan."


def test_only_reading_is_asked_for(client):
    assert client.post("/verifikasi/berkas/", {"sidik": SHA256}).status_code == 405
