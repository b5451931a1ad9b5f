"""Certificates carry the institution's signature: valid to pyHanko and to pdfsig, and the paper stays what it was."""

import hashlib
import io
import logging
import os
import shutil
import stat
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from awards import (
    certificate_objects,
    certificate_page,
    certificates,
    decrees,
    signing,
    signing_authority,
    signing_room,
)
from awards.models import Certificate, Decree
from letters import pdf as letters_pdf
from tests.factories.awards import a_drafted_decree, a_signatory, an_issued_decree
from tests.factories.certificate_facts import certificate_facts

REASON = "Piagam Penghargaan OVOP Nomor OVOP/2018/0007"


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return certificate_page.pdf(certificate_facts(is_signed=True))


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "signing"
    signing_authority.make(folder, at=timezone.now())
    return folder


@pytest.fixture
def _with_keys(keys, settings):
    settings.SIGNER, settings.SIGNING_DIR, settings.TSA_URL = "local", keys, ""


def validated(data: bytes, root: Path):
    """What pyHanko's own validator says of the only signature."""
    [signature] = PdfFileReader(io.BytesIO(data)).embedded_signatures
    return validate_pdf_signature(
        signature, ValidationContext(trust_roots=[load_cert_from_pemder(str(root))], allow_fetching=False)
    )


# --- The signature ------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("_with_keys")
def test_pyhankos_validator_finds_it_whole_trusted_and_certifying_that_nothing_changes(drawn, keys):
    at = timezone.now()
    found = validated(signing.sign_pdf(drawn, reason=REASON, at=at), keys / "root.pem")
    assert (found.intact, found.valid, found.trusted) == (True, True, True)
    assert found.coverage.name == "ENTIRE_FILE"
    assert found.bottom_line
    assert found.signing_cert.subject.native["common_name"].startswith("Kementerian Perindustrian")


@pytest.mark.usefixtures("_with_keys")
@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_pdfsig_finds_it_valid_over_the_whole_document(drawn, tmp_path):
    path = tmp_path / "piagam.pdf"
    path.write_bytes(signing.sign_pdf(drawn, reason=REASON, at=timezone.now()))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, timeout=60).stdout
    for line in ("Signature is Valid.", "Total document signed", "ETSI.CAdES.detached", "SHA-256"):
        assert line in said


@pytest.mark.usefixtures("_with_keys")
def test_two_papers_have_signatures_of_their_own(drawn, keys):
    first = signing.sign_pdf(drawn, reason=REASON, at=timezone.now())
    other = signing.sign_pdf(
        certificate_page.pdf(certificate_facts(star=3)), reason=REASON, at=timezone.now()
    )
    for data in (first, other):
        assert validated(data, keys / "root.pem").bottom_line
    # One bit of the page, and its hash is another.
    broken = bytearray(first)
    broken[len(drawn) // 2] ^= 1
    assert not validated(bytes(broken), keys / "root.pem").intact


@pytest.mark.usefixtures("_with_keys")
def test_the_paper_stays_what_it_was_tagged_pdf_a_with_its_record(drawn):
    signed = signing.sign_pdf(drawn, reason=REASON, at=datetime(2026, 3, 13, 4, tzinfo=UTC))
    assert signed.startswith(drawn)
    with pikepdf.open(io.BytesIO(drawn)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert after.check_pdf_syntax() == []
        assert after.Root.MarkInfo.Marked is True
        assert after.Root.Lang == before.Root.Lang
        metadata = after.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert after.Root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
        record = after.attachments["facts.json"].get_file().read_bytes()
        assert record == before.attachments["facts.json"].get_file().read_bytes()
        [field] = after.Root.AcroForm.Fields
        # PDF/A: printable and not hidden, no script or action; outside the page, so nothing of it needs a tag.
        assert (int(field.F) & 0b111, "/A" in field, "/AA" in field) == (0b100, False, False)
        box = [float(one) for one in field.Rect]
        assert (box[2] - box[0], box[3] - box[1]) == (0, 0)
        assert max(box) < 0
        assert "/NeedAppearances" not in after.Root.AcroForm
        # PDF/A: certified without the keys that it forbids.
        assert "/XFA" not in after.Root.AcroForm
        [reference] = field.V.Reference
        assert not {"/DigestMethod", "/DigestLocation", "/DigestValue"} & set(reference.keys())
        assert (str(field.V.Reason), str(field.V.M)) == (REASON, "D:20260313040000Z")
    pages = [pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil().tobytes() for data in (drawn, signed)]
    assert pages[0] == pages[1]


@pytest.mark.usefixtures("_with_keys")
def test_any_reason_is_kept_as_it_was_given(drawn, keys):
    reason = "Piagam 100 % (asli) \\ – Nomor 1"
    signed = signing.sign_pdf(drawn, reason=reason, at=timezone.now())
    assert validated(signed, keys / "root.pem").bottom_line
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        assert str(pdf.Root.AcroForm.Fields[0].V.Reason) == reason


def test_the_room_is_written_behind_certificates_only(drawn):
    given = {"field": "TandaTangan", "reason": REASON, "at": timezone.now(), "size": 64}
    room = signing_room.behind(drawn, **given)
    signed = room.filled(b"\x30\x82")
    assert signed.startswith(drawn)
    assert b"/Contents <3082" + 60 * b"0" + b">" in signed
    assert hashlib.sha256(room.before + room.after).digest() == room.digest
    with pytest.raises(ValueError, match="longer than its room"):
        room.filled(33 * b"\0")
    for other in (
        signed,
        drawn + b"\n",
        drawn[:-9],
        b"%PDF-1.7\n",
        letters_pdf.archived("<html lang='id'><title>A</title>"),
    ):
        assert signing_room.behind(other, **given) is None


def test_what_somebody_sent_in_is_not_taken_for_a_part_of_the_frame():
    file = certificate_objects.Objects(free=4)
    file.put_stream(2, "/Subtype /Image /Filter /DCTDecode", b"\n3 0 obj\n<< /Evil true >>\nendobj\n")
    file.put_open(1, "<< /Type /Catalog /Pages 4 0 R >>")
    file.put_open(3, "<< /Type /Page >>")
    data = file.written("0" * 32, root=1, info=4)
    assert signing_room._body(data, 3) == b" /Type /Page"


@pytest.mark.usefixtures("_with_keys")
def test_the_key_is_read_once_for_a_process(drawn, monkeypatch):
    signing.make_ready(at=timezone.now())
    monkeypatch.setattr(serialization, "load_pem_private_key", lambda *_, **__: pytest.fail("read again"))
    assert signing.sign_pdf(drawn, reason=REASON, at=timezone.now()).startswith(drawn)


def test_without_a_signer_the_paper_is_as_drawn_and_claims_nothing(drawn, settings):
    settings.SIGNER = "none"
    assert signing.sign_pdf(drawn, reason=REASON, at=timezone.now()) == drawn
    assert not signing.is_signing()
    signing.make_ready(at=timezone.now())


# --- The recorded file -----------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.usefixtures("_with_keys")
def test_the_recorded_hash_is_that_of_the_signed_file(keys):
    certificate = an_issued_decree().awards.get(position=1).certificates.get()
    certificates.render(certificate.pk)
    certificate.refresh_from_db()
    data = certificates.file_of(certificate).read_bytes()
    assert hashlib.sha256(data).hexdigest() == certificate.sha256
    assert validated(data, keys / "root.pem").bottom_line
    words = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded()
    assert "Tanda tangan elektronik hanya dapat diperiksa pada berkas PDF" in " ".join(words.split())
    assert "BSrE" not in words


# --- Refused before anything is numbered -----------------------------------------------------------------------
def issue(decree: Decree, *, at: datetime | None = None) -> Decree:
    return decrees.issue(
        decree,
        number="1214 TAHUN 2026",
        on=timezone.localdate(),
        signatory_name="AGUS GUMIWANG",
        by=a_signatory(),
        at=at or timezone.now(),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        ("expired", "certificate_expired", "berakhir"),
        ("early", "certificate_not_yet_valid", "baru berlaku"),
        ("no key", "no_key", "tidak ditemukan"),
        ("another key", "key_does_not_fit", "tidak cocok"),
        ("broken key", "key_does_not_fit", "tidak terbaca"),
        ("production", "no_key", "tidak ditemukan"),
    ],
)
def test_what_cannot_be_signed_is_not_numbered(what, code, words, keys, tmp_path, settings):
    folder, now = tmp_path / "signing", timezone.now()
    settings.SIGNER, settings.SIGNING_DIR = "local", folder
    match what:
        case "production":
            settings.IS_PRODUCTION = True
        case "expired":
            signing_authority.make(folder, at=now - timedelta(days=4 * 365))
        case "early":
            signing_authority.make(folder, at=now, since=now + timedelta(days=30))
        case _:
            shutil.copytree(keys, folder)
    if what == "no key":
        (folder / "key.pem").unlink()
    if what == "broken key":
        (folder / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\n")
    if what == "another key":
        other = rsa.generate_private_key(65537, 2048)
        (folder / "key.pem").write_bytes(
            other.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    decree = a_drafted_decree()
    with pytest.raises(decrees.Refused) as refused:
        issue(decree)
    assert refused.value.code == code
    assert words in refused.value.for_reader
    decree.refresh_from_db()
    assert (decree.issued_at, decree.number) == (None, "")
    assert not Certificate.objects.exists()
    assert not folder.exists() if what == "production" else folder.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_with_keys")
def test_names_that_the_paper_cannot_print_are_named_before_anything_is_numbered():
    from tests.factories.awards import a_sealed_session

    decree = a_drafted_decree(
        a_sealed_session(
            ("UD Mawar", "anyaman", 5),
            ("Tenun 織物", "kain_tenun", 4),
            ("Batik " + "W" * 150, "kain_batik", 3),
        )
    )
    with pytest.raises(decrees.Refused) as refused:
        issue(decree)
    assert refused.value.code == "unprintable"
    said = refused.value.for_reader
    assert said.startswith("2 piagam tidak dapat dicetak, jadi belum ada yang dinomori.")
    assert "Tenun 織物: Huruf ini tidak ada pada aksara piagam: '物' (U+7269), '織' (U+7E54)." in said
    assert "terlalu panjang untuk piagam" in said
    assert "UD Mawar" not in said
    assert not Certificate.objects.exists()


# --- The certificate for trying --------------------------------------------------------------------------------
def test_the_certificate_for_trying_is_for_its_owners_eyes_only_and_says_what_it_is(keys):
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert sorted(path.name for path in keys.iterdir()) == ["certificate.pem", "key.pem", "root.pem"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    certificate = x509.load_pem_x509_certificate((keys / "certificate.pem").read_bytes())
    root = x509.load_pem_x509_certificate((keys / "root.pem").read_bytes())
    certificate.verify_directly_issued_by(root)
    assert "uji" in certificate.subject.rfc4514_string()
    assert "uji" in root.subject.rfc4514_string()


def test_a_second_start_leaves_the_key_as_it_is(keys):
    before = (keys / "key.pem").read_bytes()
    signing_authority.make(keys, at=timezone.now())
    assert (keys / "key.pem").read_bytes() == before
    assert [path.name for path in keys.parent.iterdir()] == ["signing"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_with_keys")
def test_the_key_stands_in_no_log_and_not_in_the_database(keys, caplog):
    caplog.set_level(logging.DEBUG)
    certificate = an_issued_decree().awards.get(position=1).certificates.get()
    certificates.render(certificate.pk)
    body = (keys / "key.pem").read_text().splitlines()[1]
    assert body not in caplog.text
    row = Certificate.objects.filter(pk=certificate.pk).values()
    assert body not in str(list(row))


# --- A server of time stamps -----------------------------------------------------------------------------------
@pytest.fixture
def time_stamps(keys, settings):
    """A server of time stamps on this machine, with the certificate for trying; `server.answers` counts."""
    key = serialization.load_pem_private_key((keys / "key.pem").read_bytes(), None)
    root = load_cert_from_pemder(str(keys / "root.pem"))
    stamper = DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(
            x509.load_pem_x509_certificate((keys / "certificate.pem").read_bytes()).public_bytes(
                serialization.Encoding.DER
            )
        ),
        tsa_key=PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ),
        certs_to_embed=SimpleCertificateStore.from_certs([root]),
    )

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(question).dump()
            self.server.answers += 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    server.answers = 0
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SIGNER, settings.SIGNING_DIR = "local", keys
    settings.TSA_URL = f"http://127.0.0.1:{server.server_port}/"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_where_a_server_of_time_stamps_is_set_its_stamp_is_in_the_signature(drawn, time_stamps):
    signed = signing.sign_pdf(drawn, reason=REASON, at=timezone.now())
    [signature] = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    found = [one["type"].native for one in signature.signer_info["unsigned_attrs"]]
    assert found == ["signature_time_stamp_token"]
    assert time_stamps.answers >= 1


def test_a_server_of_time_stamps_that_is_away_is_a_refusal_and_nothing_is_signed(drawn, keys, settings):
    settings.SIGNER, settings.SIGNING_DIR, settings.TSA_URL = "local", keys, "http://127.0.0.1:9/"
    with pytest.raises(signing.CannotSign) as refused:
        signing.make_ready(at=timezone.now())
    assert refused.value.code == "no_time_stamp"
    assert "stempel waktu" in refused.value.for_reader


def test_no_key_lies_in_the_project():
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert not [
        name for name in listed.stdout.split() if os.path.splitext(name)[1] in (".pem", ".key", ".p12")
    ]
