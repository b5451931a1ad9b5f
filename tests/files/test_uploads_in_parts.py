"""The core of tus 1.0.0, asked with Django's own client; real clients and a real server are in the tests beside."""

import base64
import hashlib
import json
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

from files import expiry, tus, uploads
from files.limits import OPEN_UPLOADS_PER_PERSON, PART_BYTES
from files.models import StoredFile, Upload
from tests.factories.files import NOON, UploadFactory, pdf_bytes, picture_bytes
from tests.factories.letters import a_person
from tests.files import hostile

BEGIN = "/berkas/unggah/"
TUS = {"Tus-Resumable": "1.0.0"}


def base64_of(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


class Line:
    """What a client of the protocol sends, for one person."""

    def __init__(self, person=None, client: Client | None = None) -> None:
        self.person = person or a_person()
        self.client = client or Client()
        self.client.force_login(self.person)

    def begin(self, size: int, name: str = "SK Sentra.pdf", **headers: str):
        given = {
            **TUS,
            "Upload-Length": str(size),
            "Upload-Metadata": f"filename {base64_of(name)}",
            **headers,
        }
        return self.client.post(BEGIN, headers=given, content_type="")

    def how_far(self, address: str):
        return self.client.head(address, headers=TUS)

    def send(self, address: str, part: bytes, offset: int, **headers: str):
        given = {**TUS, "Upload-Offset": str(offset), **headers}
        kind = "application/offset+octet-stream"
        # Django's client leaves both away where there is no content; browsers do not.
        empty = {} if part else {"CONTENT_TYPE": kind, "CONTENT_LENGTH": "0"}
        return self.client.patch(address, data=part, headers=given, content_type=kind, **empty)

    def drop(self, address: str):
        return self.client.delete(address, headers=TUS)

    def begun(self, size: int, name: str = "SK Sentra.pdf") -> str:
        answer = self.begin(size, name)
        assert answer.status_code == 201, answer.content
        return answer["Location"]


@pytest.fixture
def line(db) -> Line:
    return Line()


def left(media) -> list:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_file_goes_up_in_parts_and_becomes_a_stored_file(line, media):
    content = pdf_bytes(pages=3)
    begun = line.begin(len(content), "SK Bupati Garut.pdf")
    assert begun.status_code == 201
    assert begun["Tus-Resumable"] == "1.0.0"
    address = begun["Location"]
    half = len(content) // 2
    first = line.send(address, content[:half], 0)
    assert (first.status_code, first["Upload-Offset"]) == (204, str(half))
    assert "Ovop-File" not in first
    far = line.how_far(address)
    assert (far.status_code, far["Upload-Offset"], far["Upload-Length"]) == (
        200,
        str(half),
        str(len(content)),
    )
    assert far["Cache-Control"] == "no-store"
    last = line.send(address, content[half:], half)
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(content)))
    stored = StoredFile.objects.get(pk=last["Ovop-File"])
    assert stored.path.read_bytes() == content
    assert (stored.original_name, stored.uploaded_by) == ("SK Bupati Garut.pdf", line.person)
    assert line.how_far(address)["Ovop-File"] == str(stored.pk)


def test_what_had_arrived_in_parts_goes_once_it_is_a_file(line, media, django_capture_on_commit_callbacks):
    content = pdf_bytes()
    address = line.begun(len(content))
    with django_capture_on_commit_callbacks(execute=True):
        line.send(address, content, 0)
    stored = StoredFile.objects.get()
    assert left(media) == [stored.path]


def test_the_server_says_what_it_can(line):
    answer = line.client.options(BEGIN)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,expiration,termination,checksum"
    assert answer["Tus-Max-Size"] == str(20 * 1024 * 1024)
    assert answer["Tus-Checksum-Algorithm"] == "sha1,sha256"


@pytest.mark.parametrize("version", ["", "0.2.2"])
def test_another_version_is_told_ours(line, version):
    answer = line.begin(100, **{"Tus-Resumable": version})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [("0", 400, "empty"), (str(20 * 1024 * 1024 + 1), 413, "too_large"), ("9" * 15, 413, "too_large")],
)
def test_a_size_that_cannot_be_is_refused_before_a_byte_is_sent(line, size, status, code):
    answer = line.begin(0, **{"Upload-Length": size})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert '"SK Sentra.pdf"' in answer.json()["message"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("size", ["", "-1", "1.5", "abc", "٣", "9" * 40])
def test_a_size_that_is_no_number_is_refused(line, size):
    assert line.begin(0, **{"Upload-Length": size}).status_code == 400


@pytest.mark.parametrize("data", ["filename !!!", "filename /w=="])
def test_a_name_that_cannot_be_read_is_refused(line, data):
    assert line.begin(100, **{"Upload-Metadata": data}).status_code == 400


@pytest.mark.parametrize("offset", [0, 5, 11, 99])
def test_a_part_at_the_wrong_place_is_told_the_right_one(line, offset):
    address = line.begun(100)
    line.send(address, b"a" * 10, 0)
    answer = line.send(address, b"b" * 5, offset)
    assert (answer.status_code, answer["Upload-Offset"]) == (409, "10")
    assert line.how_far(address)["Upload-Offset"] == "10"


def test_more_than_was_announced_is_refused_and_nothing_of_it_kept(line):
    address = line.begun(10)
    assert line.send(address, b"a" * 11, 0).status_code == 413
    assert line.how_far(address)["Upload-Offset"] == "0"


def test_a_part_says_what_it_is(line):
    address = line.begun(10)
    answer = line.client.patch(
        address, data=b"a", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}
    )
    assert answer.status_code == 415


def test_anothers_upload_is_not_there(line):
    address = line.begun(100)
    other = Line()
    assert other.how_far(address).status_code == 404
    assert other.send(address, b"a", 0).status_code == 404
    assert other.drop(address).status_code == 404
    assert line.how_far(address)["Upload-Offset"] == "0"


def test_nobody_begins_nothing(client, db):
    assert client.post(BEGIN, headers=TUS).status_code == 302
    assert not Upload.objects.exists()


def test_a_request_without_the_pages_token_is_refused(db):
    line = Line(client=Client(enforce_csrf_checks=True))
    address = reverse(
        "upload", args=[UploadFactory(owner=line.person, expires_at=timezone.now() + timedelta(1)).pk]
    )
    assert line.begin(100).status_code == 403
    assert line.send(address, b"a", 0).status_code == 403
    assert line.drop(address).status_code == 403
    token = "a" * 32
    line.client.cookies[settings.CSRF_COOKIE_NAME] = token
    assert line.begin(100, **{"X-CSRFToken": token}).status_code == 201


def test_what_was_not_gone_on_with_in_time_has_ended(line):
    address = line.begun(100)
    Upload.objects.update(
        started_at=timezone.now() - timedelta(days=3), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert line.how_far(address).status_code == 410
    answer = line.send(address, b"a", 0)
    assert answer.status_code == 410
    assert answer.json()["message"] == (
        'Waktu untuk melanjutkan unggahan "SK Sentra.pdf" sudah lewat. Isian lain tetap tersimpan. Pilih '
        "berkasnya sekali lagi."
    )


def test_each_part_gives_more_time(line):
    address = line.begun(100)
    Upload.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    line.send(address, b"a", 0)
    assert Upload.objects.get().expires_at > timezone.now() + timedelta(hours=47)


def test_the_sweeper_removes_what_has_ended_and_nothing_else(line, media):
    going, over = line.begun(100), line.begun(100)
    line.send(going, b"a", 0)
    ended = Upload.objects.get(pk=over.split("/")[-2])
    later = timezone.now() + timedelta(hours=47)
    Upload.objects.filter(pk=ended.pk).update(expires_at=later)
    assert expiry.end_uploads(at=later - timedelta(microseconds=1)) == 0
    assert expiry.end_uploads(at=later) == 1
    assert expiry.end_uploads(at=later) == 0
    assert left(media) == [Upload.objects.get().part_path]
    assert line.how_far(over).status_code == 404
    assert line.how_far(going)["Upload-Offset"] == "1"


def test_the_sweeper_removes_what_nobody_works_on_any_more(line, media):
    line.send(line.begun(100), b"a", 0)
    part = Upload.objects.get().part_path
    kept, removed = [part], []
    for name, age, gone in [
        ("incoming/a.in", 2, True), ("incoming/b.in", 0, False), ("uploads/c.part", 2, True),
        ("uploads/d.part", 0, False), ("stored/aa/e.pdf", 2, False),
    ]:  # fmt: skip
        path = media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        (removed if gone else kept).append(path)
        os.utime(path, (time.time() - age * 86_400,) * 2)
    os.utime(part, (time.time() - 2 * 86_400,) * 2)
    expiry.end_uploads(at=timezone.now())
    assert set(left(media)) == set(kept)
    assert not any(path.exists() for path in removed)


def test_the_sweeper_leaves_the_file_that_an_upload_became(line):
    content = pdf_bytes()
    stored = line.send(line.begun(len(content)), content, 0)["Ovop-File"]
    assert expiry.end_uploads(at=timezone.now() + timedelta(days=9)) == 1
    assert StoredFile.objects.get().pk.hex == stored.replace("-", "")
    assert StoredFile.objects.get().path.is_file()


def test_an_upload_can_be_given_up(line, media):
    address = line.begun(100)
    assert line.drop(address).status_code == 204
    assert line.how_far(address).status_code == 404
    assert left(media) == []


def test_one_person_has_so_many_unfinished_uploads_at_once(line):
    for _ in range(OPEN_UPLOADS_PER_PERSON):
        line.begun(100)
    answer = line.begin(100)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_uploads")
    assert Line().begin(100).status_code == 201
    line.drop(reverse("upload", args=[Upload.objects.filter(owner=line.person).first().pk]))
    assert line.begin(100).status_code == 201


@pytest.mark.parametrize("kind", ["a script on opening", "a GIF", "a JPEG cut at half", "a PDF cut at 60 %"])
def test_a_hostile_file_is_refused_when_its_last_part_has_arrived(
    line, media, kind, django_capture_on_commit_callbacks
):
    make, code = hostile.ALL[kind]
    content = make()
    address = line.begun(len(content), "usulan.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        answer = line.send(address, content, 0)
    assert answer.status_code == 422
    told = json.loads(answer.content)
    assert told["code"] == code
    assert told["message"].startswith('Berkas "usulan.pdf"')
    assert not StoredFile.objects.exists()
    assert left(media) == []
    again = line.send(address, b"", len(content))
    assert (again.status_code, again.json()["message"]) == (410, told["message"])


def test_a_server_that_died_before_the_check_checks_when_asked_again(line):
    content = pdf_bytes()
    address = line.begun(len(content))
    upload = Upload.objects.get()
    upload.part_path.write_bytes(content)
    Upload.objects.update(received=len(content))
    far = line.how_far(address)
    assert (far["Upload-Offset"], "Ovop-File" in far) == (str(len(content)), False)
    assert line.send(address, b"", len(content))["Ovop-File"] == str(StoredFile.objects.get().pk)


def test_a_crash_between_writing_and_noting_is_written_over(line):
    content = pdf_bytes(pages=2)
    address = line.begun(len(content))
    Upload.objects.get().part_path.write_bytes(b"never noted" * 1000)
    stored = line.send(address, content, 0)["Ovop-File"]
    assert StoredFile.objects.get(pk=stored).path.read_bytes() == content


def test_finishing_twice_makes_one_file(line):
    content = picture_bytes()
    address = line.begun(len(content), "foto.jpg")
    first = line.send(address, content, 0)["Ovop-File"]
    assert line.send(address, b"", len(content))["Ovop-File"] == first
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_part_that_was_changed_on_its_way_is_not_kept(line, name):
    content = pdf_bytes()
    address = line.begun(len(content))
    right = base64_of(hashlib.new(name, content[:100]).digest())
    damaged = b"\0" + content[1:100]
    wrong = line.send(address, damaged, 0, **{"Upload-Checksum": f"{name} {right}"})
    assert (wrong.status_code, line.how_far(address)["Upload-Offset"]) == (460, "0")
    good = line.send(address, content[:100], 0, **{"Upload-Checksum": f"{name} {right}"})
    assert (good.status_code, good["Upload-Offset"]) == (204, "100")


@pytest.mark.parametrize("text", ["md5 AAAA", "sha1 ???", "sha1"])
def test_a_checksum_that_cannot_be_computed_is_told(line, text):
    status = line.send(line.begun(10), b"a", 0, **{"Upload-Checksum": text}).status_code
    assert status == (460 if text == "sha1" else 400)


class Breaks:
    """A line that gives `content` in pieces and then goes dead, with an error or without a word."""

    def __init__(self, content: bytes, *, error: bool) -> None:
        self.content, self.error = content, error

    def __call__(self, size: int) -> bytes:
        piece, self.content = self.content[:size], self.content[size:]
        if not piece and self.error:
            raise OSError("connection reset")
        return piece


@pytest.mark.django_db
@pytest.mark.parametrize("error", [True, False])
def test_what_arrived_before_the_line_broke_is_kept(error):
    upload = UploadFactory(size=2 * PART_BYTES)
    upload.part_path.parent.mkdir(parents=True)
    upload.part_path.touch()
    arrived = bytes(range(256)) * 3000
    found = uploads.receive(
        upload.pk,
        owner=upload.owner,
        offset=0,
        read=Breaks(arrived, error=error),
        length=upload.size,
        at=NOON,
    )
    assert found.received == len(arrived)
    assert upload.part_path.read_bytes() == arrived


@pytest.mark.django_db
def test_a_line_that_goes_silent_does_not_hold_a_worker_for_ever(rf, monkeypatch):
    monkeypatch.setattr(tus, "_SILENCE_SECONDS", 0.2)
    upload = UploadFactory(size=100_000, expires_at=timezone.now() + timedelta(1))
    upload.part_path.parent.mkdir(parents=True)
    upload.part_path.touch()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(bytes(20_000))
        request = rf.patch(
            "/", headers={**TUS, "Upload-Offset": "0"}, CONTENT_TYPE="application/offset+octet-stream",
            CONTENT_LENGTH="100000",
            **{"wsgi.input": Body(LengthReader(SocketUnreader(ours), 100_000)), "gunicorn.socket": ours},
        )  # fmt: skip
        request.user, request.received_at = upload.owner, timezone.now()
        answer = tus.upload(request, upload.pk)
        assert ours.gettimeout() is None
    assert answer.status_code == 204
    assert answer["Upload-Offset"] == "16384"  # what was being read when the silence began is sent again


@pytest.mark.django_db
def test_an_incomplete_part_with_a_checksum_is_not_kept():
    upload = UploadFactory(size=3 * PART_BYTES)
    upload.part_path.parent.mkdir(parents=True)
    upload.part_path.touch()
    with pytest.raises(uploads.ChecksumDiffers):
        uploads.receive(
            upload.pk, owner=upload.owner, offset=0, read=Breaks(bytes(PART_BYTES + 7), error=True),
            length=upload.size, at=NOON, checksum=("sha1", bytes(20)),
        )  # fmt: skip
    upload.refresh_from_db()
    assert upload.received == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_the_same_place_get_one_yes_and_one_no():
    line = Line()
    size = 4 * PART_BYTES
    address = line.begun(size)
    both = Barrier(2)

    def send(letter: bytes) -> int:
        try:
            mine = Client()
            mine.force_login(line.person)
            both.wait(10)
            return Line(line.person, mine).send(address, letter * (2 * PART_BYTES), 0).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as together:
        answers = sorted(together.map(send, [b"a", b"b"]))
    assert answers == [204, 409]
    upload = Upload.objects.get()
    assert upload.received == 2 * PART_BYTES
    assert set(upload.part_path.read_bytes()) in ({ord("a")}, {ord("b")})


@pytest.mark.django_db(transaction=True)
def test_two_who_finish_at_once_make_one_file():
    line = Line()
    content = pdf_bytes()
    line.begun(len(content))
    upload = Upload.objects.get()
    upload.part_path.write_bytes(content)
    Upload.objects.update(received=len(content))
    both = Barrier(2)

    def finish(_: int) -> StoredFile:
        try:
            both.wait(10)
            return uploads.finish(upload.pk, owner=line.person, at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as together:
        first, second = together.map(finish, range(2))
    assert first == second == StoredFile.objects.get()


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("upload_size_is_within_the_limit", {"size": 0}),
        ("upload_size_is_within_the_limit", {"size": 20 * 1024 * 1024 + 1}),
        ("upload_receives_no_more_than_its_size", {"received": 1001}),
        ("upload_ends_after_it_started", {"expires_at": NOON}),
        ("upload_becomes_a_file_or_is_refused_when_complete", {"refusal": "x", "received": 999}),
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_what_could_not_be(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        UploadFactory(**wrong)
