"""clamd before anybody else: with the real daemon and one local signature, and with ones that fail."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from files import access, intake, scanning, tasks
from files.models import StoredFile
from ovop_portal.embedded_processes import Patience
from tests.factories.files import NOON, StoredFileFactory, a_document, an_upload, pdf_bytes
from tests.factories.letters import a_person

NOT_RUN = "NOT RUN: clamd is not on this machine (apt-get install --no-install-recommends clamav-daemon)"
MARK = b"OVOP-uji-pemindai-7f3a"
# One signature of our own: the bytes of MARK anywhere in any kind of file. Nothing is downloaded.
SIGNATURE = f"Ovop.Uji.Berkas:0:*:{MARK.hex()}\n"


def clamd_program() -> str | None:
    return shutil.which("clamd") or shutil.which("/usr/sbin/clamd")


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running clamd that knows one signature."""
    program = clamd_program()
    if program is None:
        pytest.skip(NOT_RUN)
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "signatures").mkdir()
    (folder / "signatures" / "ovop.ndb").write_text(SIGNATURE)
    address = folder / "s"
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder}/signatures\nLocalSocket {address}\nForeground yes\nStreamMaxLength 25M\n"
        f"TemporaryDirectory {folder}\nLogFile {folder}/log\n"
    )
    with (folder / "out").open("wb") as output:
        process = subprocess.Popen(
            [program, "--config-file", str(folder / "clamd.conf")], stdout=output, stderr=subprocess.STDOUT
        )
    try:
        patience = Patience(60)
        while not address.exists():
            assert process.poll() is None, (folder / "out").read_text()
            assert patience.wait(), (folder / "out").read_text()
        yield str(address)
    finally:
        process.terminate()
        process.wait(20)


def marked_pdf() -> bytes:
    document = a_document()
    document.Root.PieceInfo = {"/Note": MARK.decode()}
    return pdf_bytes(document)


@pytest.fixture
def watched(settings, clamd) -> str:
    settings.CLAMAV_SOCKET = clamd
    return clamd


def test_clamd_knows_the_mark_and_nothing_else(clamd, tmp_path):
    for name, content, found in [
        ("clean", pdf_bytes(), None),
        ("marked", marked_pdf(), "Ovop.Uji.Berkas.UNOFFICIAL"),
        ("large", pdf_bytes() + bytes(19 * 1024 * 1024), None),
        ("nothing", b"", None),
    ]:
        (tmp_path / name).write_bytes(content)
        assert scanning.verdict(tmp_path / name, address=clamd) == found


@pytest.fixture
def reader_with_a_door() -> Iterator[object]:
    reader = a_person()
    access.register("a later room", lambda person, file: True if person == reader else None)
    yield reader
    access.unregister("a later room")


@pytest.mark.django_db(transaction=True)
def test_a_file_waits_for_clamd_and_is_opened_to_others_only_then(watched, eager_tasks, reader_with_a_door):
    uploader = a_person()
    opened_before = []
    verdict = scanning.verdict

    def look(path: Path, *, address: str) -> str | None:
        waiting = StoredFile.objects.get()
        opened_before.append(
            (waiting.state, access.may_open(uploader, waiting), access.may_open(reader_with_a_door, waiting))
        )
        return verdict(path, address=address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "verdict", look)
        stored = intake.accept(an_upload(pdf_bytes()), by=uploader, at=NOON)
    assert opened_before == [("waiting", True, False)]
    stored.refresh_from_db()
    assert (stored.state, stored.scanned_at is not None) == ("accepted", True)
    assert access.may_open(reader_with_a_door, stored) is True


@pytest.mark.django_db(transaction=True)
def test_what_clamd_finds_is_refused_and_its_content_gone(watched, eager_tasks, reader_with_a_door, media):
    stored = intake.accept(an_upload(marked_pdf(), "SK.pdf"), by=a_person(), at=NOON)
    path = stored.path
    stored.refresh_from_db()
    assert stored.state == "refused"
    assert stored.refusal == (
        'Pemindai menemukan program berbahaya pada berkas "SK.pdf"; isinya sudah dihapus. Periksa perangkat Anda, '
        "lalu pilih berkas lain."
    )
    assert not path.exists()
    assert access.may_open(stored.uploaded_by, stored) is False
    assert access.may_open(reader_with_a_door, stored) is False


@pytest.mark.django_db
def test_without_a_scanner_a_file_is_accepted_at_once(settings):
    settings.CLAMAV_SOCKET = ""
    stored = intake.accept(an_upload(pdf_bytes()), by=a_person(), at=NOON)
    assert (stored.state, stored.scanned_at) == ("accepted", None)


@pytest.mark.django_db
def test_a_file_waits_until_clamd_is_back(settings, tmp_path, clamd):
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody")
    stored = intake.accept(an_upload(pdf_bytes()), by=a_person(), at=NOON)
    tasks.scan_file(file_id=str(stored.pk))
    tasks.scan_what_waits()
    stored.refresh_from_db()
    assert stored.state == "waiting"
    settings.CLAMAV_SOCKET = clamd
    assert scanning.scan_what_waits(at=NOON) == 1
    stored.refresh_from_db()
    assert (stored.state, stored.scanned_at) == ("accepted", NOON)
    assert scanning.scan_what_waits(at=NOON) == 0


@pytest.mark.django_db
def test_what_waited_is_accepted_when_the_scanner_is_taken_away(settings):
    settings.CLAMAV_SOCKET = ""
    stored = StoredFileFactory(waiting=True)
    scanning.scan(stored.pk, at=NOON)
    stored.refresh_from_db()
    assert (stored.state, stored.scanned_at) == ("accepted", None)


@pytest.mark.django_db
def test_a_file_is_scanned_once(settings, monkeypatch):
    settings.CLAMAV_SOCKET = "somewhere"
    asked = []
    monkeypatch.setattr(scanning, "verdict", lambda path, *, address: asked.append(path))
    stored = StoredFileFactory(waiting=True)
    for _ in range(3):
        tasks.scan_file(file_id=str(stored.pk))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"INSTREAM size limit exceeded. ERROR\0", "size limit"),
        (b"", "answered ''"),
        (b"stream: OK", None),
        (b"stream: Eicar-Test FOUND\0", None),
    ],
)
def test_anything_but_a_clear_answer_leaves_the_file_waiting(tmp_path, said, error):
    address = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()

        def answer() -> None:
            line, _ = listening.accept()
            with line:
                heard = b""
                while not heard.endswith(bytes(4)):
                    heard += line.recv(65_536)
                line.sendall(said)

        daemon = threading.Thread(target=answer)
        daemon.start()
        path = tmp_path / "file"
        path.write_bytes(ContentFile(b"%PDF-").read())
        try:
            if error:
                with pytest.raises(scanning.NotScanned, match=error):
                    scanning.verdict(path, address=address)
            else:
                assert scanning.verdict(path, address=address) == ("Eicar-Test" if b"FOUND" in said else None)
        finally:
            daemon.join(10)
