"""The signatory's one-time secret: in the memory of one process, for one decree, and nowhere else."""

import contextlib
import logging
import os
import re
import signal
import stat
import subprocess
import sys
import threading
from http.server import HTTPServer
from pathlib import Path

import pytest
from django.core import serializers
from django.utils import timezone

from accounts.roles import Role
from audit.models import Entry
from awards import batches, certificates, signing, signing_process, signing_remote, signing_secrets, tasks
from awards.decrees import Refused
from awards.models import Certificate, CertificatePause, Decree, DecreeFile
from awards.signing_bsre import Service
from awards.signing_refusals import CannotSign, SecretNeeded
from ovop_portal.embedded_processes import Patience
from tests.awards.test_signing_bsre import SIGNED, Speaking, refused
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_sealed_session, a_signatory, an_issued_decree

NIK, PASSPHRASE = "3201999999999999", "rahasia-sekali-pakai"
APPLICATION_PASSWORD = "kata-sandi-aplikasi"  # noqa: S105
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server():
    """The national service as a small real HTTP server that takes PASSPHRASE only."""
    there = HTTPServer(("127.0.0.1", 0), Speaking)
    there.asked = []
    there.answers = lambda given: (
        (200, "application/pdf", SIGNED)
        if given["passphrase"].decode() == PASSPHRASE
        else refused(400, "Passphrase anda salah")
    )
    thread = threading.Thread(target=there.serve_forever)
    thread.start()
    yield there
    there.shutdown()
    thread.join()
    there.server_close()


@pytest.fixture
def signer(server, settings, tmp_path):
    """The signing process's server, in this process; the portal signs through it."""
    settings.SIGNER, settings.SIGNER_SOCKET = "bsre", tmp_path / "s" / "signer.sock"
    service = Service(f"http://127.0.0.1:{server.server_port}", "portal", APPLICATION_PASSWORD)
    there = signing_process.Signer(settings.SIGNER_SOCKET, service, minutes=30)
    thread = threading.Thread(target=there.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield there
    there.shutdown()
    thread.join()
    there.server_close()


def give(decree: Decree, **changes) -> None:
    given = {"nik": NIK, "passphrase": PASSPHRASE, "by": a_signatory(), "at": timezone.now()}
    signing_secrets.hand_over(decree, **{**given, **changes})


def signs(batch: int) -> bytes:
    return signing.sign_pdf(b"%PDF-1.7", reason="Piagam", at=timezone.now(), batch=batch)


# --- The process ---------------------------------------------------------------------------------------------------
def test_without_a_secret_nothing_is_asked_of_the_service_and_with_one_it_signs(signer, server):
    with pytest.raises(SecretNeeded, match="secret_absent"):
        signs(7)
    assert server.asked == []
    signing_remote.give(7, nik=NIK, passphrase=PASSPHRASE)
    assert signs(7) == SIGNED
    assert 0 < signing_remote.seconds_held(7) <= 1800


def test_a_secret_serves_the_batch_it_was_given_for_and_no_other(signer):
    signing_remote.give(7, nik=NIK, passphrase=PASSPHRASE)
    with pytest.raises(SecretNeeded):
        signs(8)


def test_a_secret_that_the_service_takes_no_longer_is_forgotten_at_once(signer, server):
    signing_remote.give(7, nik=NIK, passphrase="salah")
    with pytest.raises(SecretNeeded, match="secret_refused"):
        signs(7)
    with pytest.raises(SecretNeeded, match="secret_absent"):
        signs(7)
    assert len(server.asked) == 1


def test_it_is_forgotten_when_its_time_is_over_and_when_the_batch_is_done(signer):
    signing_remote.give(7, nik=NIK, passphrase=PASSPHRASE)
    signing_remote.drop(7)
    assert signing_remote.seconds_held(7) == 0
    signer.seconds = 0
    signing_remote.give(7, nik=NIK, passphrase=PASSPHRASE)
    with pytest.raises(SecretNeeded, match="secret_absent"):
        signs(7)
    assert signer._held == {}


def test_a_late_refusal_of_an_old_secret_leaves_the_new_one(signer, server):
    """The old one is on its way to the service while the new one comes in."""
    taking, going_on = threading.Event(), threading.Event()

    def slow(given):
        taking.set()
        going_on.wait(10)
        return refused(400, "Passphrase anda salah")

    server.answers = slow
    signing_remote.give(7, nik=NIK, passphrase="lama")
    failed = []

    def sign_with_the_old_one():
        try:
            signs(7)
        except SecretNeeded as needed:
            failed.append(needed.code)

    thread = threading.Thread(target=sign_with_the_old_one)
    thread.start()
    assert taking.wait(10)
    signing_remote.give(7, nik=NIK, passphrase=PASSPHRASE)
    going_on.set()
    thread.join(10)
    assert failed == ["secret_refused"]
    assert signing_remote.seconds_held(7) > 0


def test_the_socket_is_its_users_alone_and_a_second_signer_does_not_take_it(signer, settings):
    mode = stat.S_IMODE(settings.SIGNER_SOCKET.stat().st_mode)
    assert mode == 0o600
    assert stat.S_IMODE(settings.SIGNER_SOCKET.parent.stat().st_mode) == 0o700
    with pytest.raises(OSError, match="another signer"):
        signing_process.Signer(settings.SIGNER_SOCKET, signer.service, minutes=1)
    assert signing_remote.seconds_held(7) == 0


@pytest.mark.parametrize(
    "sent", [b"", b"\xff" * 8, b"\x00\x00\x00\x02\x00\x00\x00\x00{", b"\x00\x00\x00\x02\x00\x00\x00\x00[]"]
)
def test_what_is_no_message_gets_no_answer_and_breaks_nothing(sent, signer, settings):
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(str(settings.SIGNER_SOCKET))
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(10) == b""
    for head in ({"do": "steal"}, {"do": "sign"}, {"do": "give", "batch": "x", "nik": "", "passphrase": ""}):
        with pytest.raises(CannotSign, match="not_understood"):
            signing_remote.ask(head)
    assert signing_remote.seconds_held(7) == 0


def started(server: HTTPServer, settings, folder: Path) -> subprocess.Popen:
    """`manage.py signer` in a process of its own, answering; it gets the address of no other server."""
    settings.SIGNER, settings.SIGNER_SOCKET = "bsre", folder / "sockets" / "signer.sock"
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "ovop_portal.settings", "OVOP_DATA_DIR": str(folder),
        "OVOP_SIGNER": "bsre", "OVOP_BSRE_URL": f"http://127.0.0.1:{server.server_port}",
        "OVOP_BSRE_USER": "portal", "OVOP_BSRE_PASSWORD": APPLICATION_PASSWORD,
        "DATABASE_URL": "postgresql://nobody@nowhere/none", "REDIS_URL": "redis://nowhere:6379/0",
    }  # fmt: skip
    log = folder / "signer.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "signer"],
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    patience = Patience(30)
    while True:
        with contextlib.suppress(CannotSign):
            signing_remote.ask({"do": "ping"})
            return process
        assert process.poll() is None, log.read_text()
        assert patience.wait(), log.read_text()


def test_the_command_holds_it_in_a_process_of_its_own_and_a_restart_forgets(server, settings, tmp_path):
    process = started(server, settings, tmp_path)
    try:
        signing_remote.give(7, nik=NIK, passphrase=PASSPHRASE)
        assert signs(7) == SIGNED
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert re.search(r"Max core file size\s+0\s+0\s", limits)
        process.kill()
        process.wait(10)
        with pytest.raises(CannotSign, match="signer_away"):
            signs(7)
        process = started(server, settings, tmp_path)
        with pytest.raises(SecretNeeded, match="secret_absent"):
            signs(7)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert not settings.SIGNER_SOCKET.exists()
    finally:
        process.kill()
        process.wait(10)
    said = (tmp_path / "signer.log").read_text()
    assert "signing at" in said
    for hidden in (NIK, PASSPHRASE, APPLICATION_PASSWORD):
        assert hidden not in said


# --- The batch ------------------------------------------------------------------------------------------------------
@pytest.fixture
def decree(db, signer, monkeypatch) -> Decree:
    """Issued with three certificates; what the worker would be sent is done by `work`."""
    monkeypatch.setattr(
        certificates.certificate_page, "pdf", lambda facts: b"%PDF-1.7 " + facts.number.encode()
    )
    return an_issued_decree(
        a_drafted_decree(a_sealed_session(*((f"UD {n}", "anyaman", 4) for n in range(3))))
    )


def work(decree: Decree) -> None:
    for pk in (
        Certificate.objects.resting_on(decree)
        .filter(rendered_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    ):
        tasks.render_certificate(certificate_id=pk)


def made(decree: Decree) -> int:
    return Certificate.objects.resting_on(decree).filter(rendered_at__isnull=False).count()


def test_the_batch_waits_for_the_secret_and_goes_on_when_it_comes(decree, django_capture_on_commit_callbacks):
    work(decree)
    assert CertificatePause.objects.get().waits_for == "secret"
    assert not Certificate.objects.exclude(last_error="").exists()
    with django_capture_on_commit_callbacks() as queued:
        give(decree)
    assert not CertificatePause.objects.exists()
    assert len(queued) == 2
    work(decree)
    assert made(decree) == 3


def test_a_secret_that_ends_in_the_midst_pauses_the_batch_and_a_new_one_finishes_it(decree, server, signer):
    give(decree)
    first = server.answers
    server.answers = lambda given: first(given) if len(server.asked) < 3 else refused(400, "TOTP expired")
    work(decree)
    assert made(decree) == 2
    assert CertificatePause.objects.get().waits_for == "secret"
    server.answers = first
    give(decree)
    work(decree)
    assert made(decree) == 3
    assert signing_remote.seconds_held(decree.pk) > 0, "the decree's own paper is still to be signed"
    tasks.make_decree_files(decree_id=decree.pk)
    assert {paper.variant for paper in DecreeFile.objects.all()} == {"asli", "salinan"}
    assert signing_remote.seconds_held(decree.pk) == 0


def test_the_salinan_needs_no_secret_and_the_original_waits_for_it(decree):
    tasks.make_decree_files(decree_id=decree.pk)
    assert [paper.variant for paper in DecreeFile.objects.all()] == ["salinan"]
    assert CertificatePause.objects.get().waits_for == "secret"


def test_a_worker_that_learns_late_of_an_old_secret_does_not_stop_the_new_batch(decree):
    give(decree)
    batches.wait_for_secret(decree.pk, at=timezone.now())
    assert not CertificatePause.objects.exists()


def test_where_the_signer_is_away_nothing_is_numbered_and_nothing_is_handed_over(db, settings, tmp_path):
    settings.SIGNER, settings.SIGNER_SOCKET = "bsre", tmp_path / "nobody.sock"
    draft = a_drafted_decree()
    with pytest.raises(Refused, match="signer_away"):
        an_issued_decree(draft)
    assert not Certificate.objects.exists()
    with pytest.raises(Refused, match="signer_away"):
        give(draft)
    assert not Entry.objects.filter(action="give_signing_secret").exists()


def test_the_secret_stands_in_no_row_no_log_no_message(decree, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    sent = []
    for task in (tasks.render_certificate, tasks.render_decree, tasks.make_decree_files):
        monkeypatch.setattr(task, "delay", lambda **given: sent.append(given))
    work(decree)
    give(decree)
    work(decree)
    rows = "".join(
        serializers.serialize("json", model.objects.all())
        for model in (Certificate, CertificatePause, Decree, DecreeFile, Entry)
    )
    for hidden in (NIK, PASSPHRASE):
        assert hidden not in rows
        assert hidden not in caplog.text
        assert hidden not in repr(sent)
    assert all(isinstance(value, int) for given in sent for value in given.values())


# --- The page -------------------------------------------------------------------------------------------------------
def address(decree: Decree) -> str:
    return f"/penghargaan/{decree.pk}/kode/"


def test_the_signatory_hands_it_over_on_a_page_that_shows_what_is_signed(decree, client):
    work(decree)
    client.force_login(a_signatory())
    assert address(decree) in client.get(decree.get_absolute_url()).content.decode()
    assert "SK dan piagam menunggu kode rahasia Anda" in client.get("/beranda/").content.decode()
    page = client.get(address(decree))
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "3 dari 3 belum ditandatangani" in page.content.decode()
    answer = client.post(address(decree), {"nik": "3201 9999 9999 9999", "passphrase": PASSPHRASE})
    assert answer.url == decree.get_absolute_url()
    assert "dipegang sampai" in client.get(address(decree)).content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"nik": "123", "passphrase": PASSPHRASE}, "NIK terdiri atas 16 angka."),
        ({"nik": NIK, "passphrase": ""}, "Isi kode rahasia."),
        ({"nik": "", "passphrase": PASSPHRASE}, "Isi NIK penanda tangan."),
    ],
)
def test_what_is_wrong_is_said_and_never_shown_again(decree, client, given, said):
    client.force_login(a_signatory())
    answer = client.post(address(decree), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert PASSPHRASE not in page
    assert not re.search(r'value="(123|\d{16})"', page)
    assert signing_remote.seconds_held(decree.pk) == 0


def test_nobody_else_hands_over_and_without_the_service_there_is_no_page(decree, client, settings):
    for person in (a_secretary(), a_person(Role.AUDITOR), a_person(Role.DINAS)):
        client.force_login(person)
        assert client.get(address(decree)).status_code == 403
        assert client.post(address(decree), {"nik": NIK, "passphrase": PASSPHRASE}).status_code == 403
        with pytest.raises(Refused, match="not_yours"):
            give(decree, by=person)
    settings.SIGNER = "none"
    client.force_login(a_signatory())
    assert client.get(address(decree)).status_code == 404
    with pytest.raises(Refused, match="not_needed"):
        give(decree)
