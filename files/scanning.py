"""
clamd reads each file before anybody but its uploader can open it, where CLAMAV_SOCKET names its unix socket.

The protocol is clamd's INSTREAM: the content goes through the socket, so clamd needs no right to read our folder.
"""

import logging
import socket
import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from .models import StoredFile
from .refusals import sentence

logger = logging.getLogger(__name__)
_CHUNK = 64 * 1024
_PATIENCE_SECONDS = 60


class NotScanned(Exception):
    """clamd could not be asked, or could not answer: the file goes on waiting, and is asked for again."""


def verdict(path: Path, *, address: str) -> str | None:
    """
    Return what clamd at the unix socket `address` found in the file (the signature's name), or None for nothing.

    Raises NotScanned where clamd is away, hangs up, or answers with an error (such as its own limit of size).
    """
    try:
        with socket.socket(socket.AF_UNIX) as line, path.open("rb") as file:
            line.settimeout(_PATIENCE_SECONDS)
            line.connect(address)
            line.sendall(b"zINSTREAM\0")
            while chunk := file.read(_CHUNK):
                line.sendall(len(chunk).to_bytes(4, "big") + chunk)
            line.sendall(bytes(4))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < 4096:
                part = line.recv(4096)
                if not part:
                    break
                answer += part
    except OSError as error:
        raise NotScanned(f"clamd: {type(error).__name__}") from error
    words = answer.rstrip(b"\0").decode(errors="replace").removeprefix("stream: ")
    if words == "OK":
        return None
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise NotScanned(f"clamd answered {words[:80]!r}")


def scan(file_id: uuid.UUID | str, *, at: datetime) -> None:
    """
    Let clamd read a waiting file, then accept it, or refuse it and remove its content. Twice does nothing more.

    Without CLAMAV_SOCKET what still waits is accepted, with no instant of scanning. Raises NotScanned.
    """
    stored = StoredFile.objects.filter(pk=file_id, state=StoredFile.State.WAITING).first()
    if stored is None:
        return
    address = settings.CLAMAV_SOCKET
    found = verdict(stored.path, address=address) if address else None
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update(no_key=True).get(pk=stored.pk)
        if locked.state != StoredFile.State.WAITING:
            return
        locked.scanned_at = at if address else None
        if found is None:
            locked.state = StoredFile.State.ACCEPTED
        else:
            path = locked.path
            locked.state = StoredFile.State.REFUSED
            locked.refusal = sentence("infected", locked.original_name)
            locked.stored_path = None
            transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)
        locked.save(update_fields=["state", "refusal", "stored_path", "scanned_at"])
    logger.info("file scanned", extra={"file": str(stored.pk), "state": locked.state, "found": found or ""})


def scan_what_waits(*, at: datetime) -> int:
    """Scan every waiting file, oldest first; the first time clamd is away ends it. Returns how many were scanned."""
    done = 0
    waiting = StoredFile.objects.filter(state=StoredFile.State.WAITING).order_by("uploaded_at", "pk")
    for file_id in waiting.values_list("pk", flat=True)[:200]:
        try:
            scan(file_id, at=at)
        except NotScanned as problem:
            logger.warning("scanning stopped", extra={"file": str(file_id), "why": str(problem)})
            break
        done += 1
    return done
