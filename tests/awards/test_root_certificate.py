"""The root certificate at its stable address: what a PDF reader is told to trust, and nothing that signs."""

import hashlib

import pytest
from cryptography import x509
from django.utils import timezone

from awards import signing_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    settings.SIGNER, settings.SIGNING_DIR = "local", tmp_path / "signing"
    signing_authority.make(settings.SIGNING_DIR, at=timezone.now())
    return settings.SIGNING_DIR


def test_both_files_are_the_root_and_the_page_shows_its_fingerprint(client, folder):
    pem, cer = (client.get(f"/verifikasi/sertifikat-akar.{kind}") for kind in ("pem", "cer"))
    assert cer["Content-Type"] == "application/pkix-cert"
    root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
    assert x509.load_pem_x509_certificate(pem.content) == root
    assert x509.load_der_x509_certificate(cer.content) == root
    digest = hashlib.sha256(cer.content).hexdigest().upper()
    shown = ":".join(digest[at : at + 2] for at in range(0, 64, 2))
    page = client.get("/verifikasi/").content.decode()
    assert shown in page
    assert "CA uji Portal OVOP" in page
    assert "/verifikasi/sertifikat-akar.cer" in page


def test_the_key_beside_it_is_never_served(client, folder):
    assert "PRIVATE KEY" in (folder / "key.pem").read_text()
    for name in ("sertifikat-akar.key", "key.pem", "certificate.pem"):
        assert client.get(f"/verifikasi/{name}", follow=True).status_code == 404
    assert b"PRIVATE" not in client.get("/verifikasi/sertifikat-akar.pem").content


@pytest.mark.parametrize("signer", ["none", "local"])
def test_where_nothing_is_signed_here_or_no_certificate_lies_there_the_page_claims_none(
    client, settings, tmp_path, signer
):
    settings.SIGNER, settings.SIGNING_DIR = signer, tmp_path / "nothing"
    assert client.get("/verifikasi/sertifikat-akar.pem").status_code == 404
    assert "Sertifikat akar" not in client.get("/verifikasi/").content.decode()
