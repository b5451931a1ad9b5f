"""Real clients of the protocol (tuspy, tus-js-client) against the portal as it runs, over lines that break."""

import base64
import io
import json
import random
import shutil
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from pikepdf import Dictionary
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed
from tusclient.uploader import Uploader

from accounts.models import Person
from files.limits import PART_BYTES
from files.models import StoredFile
from ovop_portal.embedded_processes import Patience
from tests.factories.files import a_document, pdf_bytes
from tests.factories.letters import a_person
from tests.files import hostile
from tests.portal import LivePortal

HERE = Path(__file__).parent
TOKEN = "k" * 32
MEGABYTE = 1024 * 1024


def a_large_pdf(size: int) -> bytes:
    """A document of about `size` bytes: pages, and noise that does not pack."""
    document = a_document(pages=3)
    noise = random.Random(size).randbytes(size - 4000)
    document.Root.PieceInfo = Dictionary(Noise=document.make_stream(noise))
    return pdf_bytes(document, compress_streams=False)


class Visitor:
    """Somebody who is signed in at the running portal."""

    def __init__(self, portal: LivePortal) -> None:
        self.portal = portal
        with portal.orm():
            self.person: Person = a_person()
            session = SessionStore()
            session[SESSION_KEY] = str(self.person.pk)
            session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
            session[HASH_SESSION_KEY] = self.person.get_session_auth_hash()
            session.create()
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        self.endpoint = f"{portal.url}/berkas/unggah/"

    def begin(self, size: int, name: str = "sk.pdf") -> str:
        answer = requests.post(
            self.endpoint,
            headers={
                **self.headers,
                "Tus-Resumable": "1.0.0",
                "Upload-Length": str(size),
                "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}",
            },
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
        return f"{self.portal.url}{answer.headers['Location']}"

    def how_far(self, url: str) -> requests.Response:
        return requests.head(url, headers={**self.headers, "Tus-Resumable": "1.0.0"}, timeout=30)

    def stored(self, file_id: str) -> StoredFile:
        with self.portal.orm():
            return StoredFile.objects.get(pk=file_id, uploaded_by=self.person)

    def content(self, file_id: str) -> bytes:
        return (self.portal.data_dir / "files" / str(self.stored(file_id).stored_path)).read_bytes()


@pytest.fixture
def visitor(live_portal: LivePortal) -> Visitor:
    return Visitor(live_portal)


def a_line_that_breaks(visitor: Visitor, url: str, content: bytes, *, sent: int, reset: bool) -> None:
    """Announce all of `content`, send the first `sent` bytes, and hang up."""
    path = url.removeprefix(visitor.portal.url)
    headers = {
        **visitor.headers,
        "Host": f"127.0.0.1:{visitor.portal.port}",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(len(content)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", visitor.portal.port), timeout=30) as line:
        line.sendall(f"PATCH {path} HTTP/1.1\r\n{head}\r\n".encode() + content[:sent])
        if reset:
            # Wait until the server has read it all: a reset may throw away what it has not.
            patience = Patience(30)
            while int(visitor.how_far(url).headers["Upload-Offset"]) < sent // PART_BYTES * PART_BYTES:
                assert patience.wait()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def what_arrived(visitor: Visitor, url: str, *, at_least: int) -> int:
    patience = Patience(30)
    while True:
        offset = int(visitor.how_far(url).headers["Upload-Offset"])
        if offset >= at_least:
            return offset
        assert patience.wait(), f"only {offset} bytes were kept"


@pytest.mark.parametrize("reset", [False, True], ids=["hung up", "reset"])
def test_an_upload_broken_at_60_percent_goes_on_from_there(visitor, reset):
    content = a_large_pdf(3 * MEGABYTE)
    url = visitor.begin(len(content))
    sent = len(content) * 6 // 10
    a_line_that_breaks(visitor, url, content, sent=sent, reset=reset)
    # A reset loses what was being read just then, and no more.
    offset = what_arrived(visitor, url, at_least=sent - 16 * 1024 if reset else sent)
    assert offset <= sent
    uploader = tuspy(visitor, content, url=url)
    assert uploader.offset == offset
    uploader.upload()
    assert visitor.content(visitor.how_far(url).headers["Ovop-File"]) == content


def tuspy(visitor: Visitor, content: bytes, **how: Any) -> Uploader:
    client = TusClient(visitor.endpoint, headers=visitor.headers)
    return client.uploader(file_stream=io.BytesIO(content), chunk_size=PART_BYTES, **how)


def test_tuspy_uploads_stops_and_goes_on(visitor):
    content = a_large_pdf(2 * MEGABYTE)
    metadata = {"filename": "SK Wali Kota – Tasikmalaya.pdf"}
    first = tuspy(visitor, content, metadata=metadata, upload_checksum=True)
    first.upload(stop_at=PART_BYTES + 1)
    assert first.offset == PART_BYTES + 1
    second = tuspy(visitor, content, url=first.url, upload_checksum=True)
    assert second.offset == PART_BYTES + 1
    second.upload()
    stored = visitor.stored(visitor.how_far(first.url).headers["Ovop-File"])
    assert stored.original_name == "SK Wali Kota – Tasikmalaya.pdf"
    assert visitor.content(str(stored.pk)) == content


def test_tuspy_is_told_that_a_hostile_file_is_refused(visitor):
    content = hostile.ALL["a script on opening"][0]()
    uploader = tuspy(visitor, content, metadata={"filename": "usulan.pdf"})
    with pytest.raises(TusUploadFailed) as error:
        uploader.upload()
    assert error.value.status_code == 422
    assert json.loads(error.value.response_content)["code"] == "javascript"


def tus_js_client(visitor: Visitor, path: Path, *, break_at: int) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.skip(
            "NOT RUN: tus-js-client needs node, which is not on this machine (apt-get install nodejs)"
        )
    given = {
        "endpoint": visitor.endpoint,
        "headers": visitor.headers,
        "file": str(path),
        "partSize": PART_BYTES,
        "breakAt": break_at,
    }
    done = subprocess.run(
        [node, str(HERE / "tus_client.cjs"), json.dumps(given)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_tus_js_client_goes_on_in_the_middle_of_a_part_after_the_line_was_cut(visitor, tmp_path):
    content = a_large_pdf(3 * MEGABYTE)
    path = tmp_path / "surat.pdf"
    path.write_bytes(content)
    done = tus_js_client(visitor, path, break_at=3 * PART_BYTES)
    assert 3 * PART_BYTES <= done["resumedAt"] < 4 * PART_BYTES
    assert visitor.stored(done["file"]).original_name == "surat usulan.pdf"
    assert visitor.content(done["file"]) == content


def test_tus_js_client_is_told_that_a_hostile_file_is_refused(visitor, tmp_path):
    path = tmp_path / "surat.pdf"
    path.write_bytes(hostile.ALL["an attached file"][0]())
    done = tus_js_client(visitor, path, break_at=MEGABYTE)
    assert (done["status"], json.loads(done["body"])["code"]) == (422, "embedded_files")


def test_tus_js_client_works_in_a_browser(visitor, open_page, tmp_path):
    content = a_large_pdf(2 * MEGABYTE)
    (tmp_path / "surat.pdf").write_bytes(content)
    page = open_page("/masuk/")
    page.context.add_cookies(
        [
            {"name": name, "value": value, "url": visitor.portal.url}
            for name, value in (pair.split("=") for pair in visitor.headers["Cookie"].split("; "))
        ]
    )
    page.evaluate((HERE / "vendor" / "tus-js-client" / "tus.min.js").read_text(encoding="utf-8"))
    file_id = page.evaluate(
        """([content, token, partSize]) => new Promise((resolve, reject) => {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            let id = "";
            new tus.Upload(new File([bytes], "surat.pdf"), {
                endpoint: "/berkas/unggah/", chunkSize: partSize, retryDelays: null,
                headers: { "X-CSRFToken": token }, metadata: { filename: "surat.pdf" },
                onAfterResponse: (_, response) => { id = response.getHeader("Ovop-File") ?? id; },
                onError: (error) => reject(String(error)), onSuccess: () => resolve(id),
            }).start();
        })""",
        [base64.b64encode(content).decode(), TOKEN, PART_BYTES],
    )
    assert visitor.content(file_id) == content


def test_20_mb_do_not_grow_the_web_process_by_more_than_16_mb(visitor):
    [web] = psutil.Process(visitor.portal._processes["web"].pid).children()
    small, large = a_large_pdf(MEGABYTE), a_large_pdf(20 * MEGABYTE)
    assert len(large) > 19.9 * MEGABYTE

    def send(content: bytes, part: int) -> None:
        url, offset = visitor.begin(len(content)), 0
        while offset < len(content):
            answer = requests.patch(
                url,
                data=content[offset : offset + part],
                headers={
                    **visitor.headers,
                    "Tus-Resumable": "1.0.0",
                    "Upload-Offset": str(offset),
                    "Content-Type": "application/offset+octet-stream",
                },
                timeout=120,
            )
            assert answer.status_code == 204, answer.text
            offset = int(answer.headers["Upload-Offset"])

    def peak() -> int:
        lines = Path(f"/proc/{web.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024

    send(small, len(small))
    Path(f"/proc/{web.pid}/clear_refs").write_text("5")
    before = peak()
    send(large, PART_BYTES)
    in_parts = peak() - before
    send(large, len(large))
    at_once = peak() - before
    print(
        f"growth of the web process: {in_parts / MEGABYTE:.1f} MB in parts, {at_once / MEGABYTE:.1f} MB at once"
    )
    assert max(in_parts, at_once) <= 16 * MEGABYTE
