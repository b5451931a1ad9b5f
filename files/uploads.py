"""
A file that arrives in parts and survives a bad line. The protocol is in tus.py; here is what holds.

`received` is what is safe on disk: each step is written at its place and made durable under the row's lock, then
the offset is raised, in one transaction. So two who write at the same offset get one success and one refusal, and
a line that breaks loses at most what had not been written yet.
"""

import hashlib
import logging
import os
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.base import File
from django.db import transaction

from accounts.models import Person

from . import disk, intake
from .limits import MAX_BYTES, OPEN_UPLOADS_PER_PERSON, PART_BYTES, UPLOAD_LASTS_HOURS
from .models import StoredFile, Upload
from .names import display_name
from .refusals import Refused

logger = logging.getLogger(__name__)
_READ = 16 * 1024
_LASTS = timedelta(hours=UPLOAD_LASTS_HOURS)

CHECKSUMS: dict[str, Callable[[], "hashlib._Hash"]] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}


class NotThere(Exception):
    """No such upload, or another person's: both read the same."""


class Ended(Exception):
    """Its time is over, or it was refused; what had arrived is gone or will be."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(str(upload.pk))
        self.upload = upload


class WrongOffset(Exception):
    """Somebody (or the same person, twice) is further: `received` is where it goes on."""

    def __init__(self, received: int) -> None:
        super().__init__(str(received))
        self.received = received


class ChecksumDiffers(Exception):
    """The part was changed on its way, or did not arrive whole: nothing of it is kept."""


def begin(*, owner: Person, name: str, size: int, at: datetime) -> Upload:
    """Begin an upload of `size` bytes. Raises Refused: empty, too_large, too_many_uploads."""
    shown = display_name(name)
    if size < 1:
        raise Refused("empty", shown)
    if size > MAX_BYTES:
        raise Refused("too_large", shown, size=size)
    count = Upload.objects.filter(owner=owner, file=None, refusal="", expires_at__gt=at).count()
    if count >= OPEN_UPLOADS_PER_PERSON:
        raise Refused("too_many_uploads", shown, count=count)
    upload = Upload(owner=owner, original_name=shown, size=size, started_at=at, expires_at=at + _LASTS)
    disk.folder("uploads")
    upload.part_path.touch(mode=0o640, exist_ok=False)
    upload.save(force_insert=True)
    return upload


def find(upload_id: uuid.UUID, *, owner: Person, at: datetime, lock: bool = False) -> Upload:
    """Return the owner's upload. Raises NotThere, or Ended where it can no longer be gone on with."""
    rows = Upload.objects.select_for_update(of=("self",), no_key=True) if lock else Upload.objects
    upload = rows.filter(pk=upload_id, owner=owner).first()
    if upload is None:
        raise NotThere
    if upload.file_id is None and (upload.expires_at <= at or upload.refusal):
        raise Ended(upload)
    return upload


def receive(
    upload_id: uuid.UUID,
    *,
    owner: Person,
    offset: int,
    read: Callable[[int], bytes],
    length: int,
    at: datetime,
    checksum: tuple[str, bytes] | None = None,
) -> Upload:
    """
    Write up to `length` bytes from `read` at `offset` and return the upload as it stands then.

    Memory stays flat: at most one part of 512 KB is held. A line that breaks (OSError, or an early end) keeps what
    had arrived; with a checksum (name of CHECKSUMS, digest) nothing of an incomplete or changed part is kept.
    Raises NotThere, Ended, WrongOffset, ChecksumDiffers, and Refused("too_large") where it would pass the size.
    """
    upload = find(upload_id, owner=owner, at=at)
    if upload.received != offset:
        raise WrongOffset(upload.received)
    if offset + length > upload.size:
        raise Refused("too_large", upload.original_name, size=offset + length)
    start, end = offset, offset + length
    digest = CHECKSUMS[checksum[0]]() if checksum else None
    while offset < end:
        step, broken = _read_a_step(read, min(end - offset, PART_BYTES))
        if digest:
            digest.update(step)
        if step:
            upload = _append(upload_id, owner=owner, offset=offset, step=step, at=at)
            offset += len(step)
        if broken:
            logger.info("upload stopped", extra={"upload": str(upload_id), "received": offset})
            break
    if digest and checksum and (offset < end or digest.digest() != checksum[1]):
        _take_back(upload_id, owner=owner, offset=offset, to=start, at=at)
        raise ChecksumDiffers
    return upload


def _read_a_step(read: Callable[[int], bytes], wanted: int) -> tuple[bytes, bool]:
    """Return what arrived, and whether the line broke before all of it was there."""
    step = bytearray()
    while len(step) < wanted:
        try:
            piece = read(min(_READ, wanted - len(step)))
        except OSError:
            return bytes(step), True
        if not piece:
            return bytes(step), True
        step += piece
    return bytes(step), False


def _append(upload_id: uuid.UUID, *, owner: Person, offset: int, step: bytes, at: datetime) -> Upload:
    with transaction.atomic():
        upload = find(upload_id, owner=owner, at=at, lock=True)
        if upload.received != offset:
            raise WrongOffset(upload.received)
        try:
            with upload.part_path.open("r+b") as part:
                part.seek(offset)
                part.write(step)
                part.truncate()
                part.flush()
                os.fsync(part.fileno())
        except FileNotFoundError:
            raise Ended(upload) from None
        upload.received = offset + len(step)
        upload.expires_at = max(upload.expires_at, at + _LASTS)
        upload.save(update_fields=["received", "expires_at"])
    return upload


def _take_back(upload_id: uuid.UUID, *, owner: Person, offset: int, to: int, at: datetime) -> None:
    with transaction.atomic():
        upload = find(upload_id, owner=owner, at=at, lock=True)
        if upload.received == offset:
            upload.received = to
            upload.save(update_fields=["received"])


def finish(upload_id: uuid.UUID, *, owner: Person, at: datetime) -> StoredFile:
    """
    Take a complete upload in, once: a second call returns the same file.

    Raises NotThere, Ended, and Refused: what intake.accept refuses (kept with the upload, its content removed), or
    unfinished_upload.
    """
    with transaction.atomic():
        upload = find(upload_id, owner=owner, at=at, lock=True)
        if upload.file is not None:
            return upload.file
        if not upload.is_complete:
            raise Refused(
                "unfinished_upload", upload.original_name, percent=upload.received * 100 // upload.size
            )
        refused: Refused | None = None
        try:
            with upload.part_path.open("rb") as part:
                upload.file = intake.accept(File(part, name=upload.original_name), by=owner, at=at)
        except FileNotFoundError:
            raise Ended(upload) from None
        except Refused as refusal:
            refused = refusal
            upload.refusal = refusal.for_reader
        upload.save(update_fields=["file", "refusal"])
        transaction.on_commit(lambda: upload.part_path.unlink(missing_ok=True), robust=True)
    if refused:
        raise refused
    assert upload.file is not None
    return upload.file


def drop(upload_id: uuid.UUID, *, owner: Person) -> None:
    """Give an upload up; what became a file stays a file. Raises NotThere."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(pk=upload_id, owner=owner).first()
        if upload is None:
            raise NotThere
        upload.part_path.unlink(missing_ok=True)
        upload.delete()
