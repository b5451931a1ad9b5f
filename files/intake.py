"""The way in: `accept` is the only function that makes a StoredFile."""

import logging
import uuid
from datetime import datetime

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import Person

from . import disk, sandbox
from .limits import ALLOWED, EXTENSIONS, MAX_BYTES, PICTURES
from .models import StoredFile
from .names import display_name
from .refusals import Refused, kinds_in_words
from .tasks import scan_file

__all__ = ["ALLOWED", "PICTURES", "Refused", "accept", "let_go", "refuse_other_kinds"]

logger = logging.getLogger(__name__)


def accept(upload: File, *, by: Person, at: datetime, kinds: frozenset[str] = ALLOWED) -> StoredFile:
    """
    Take a file in and return it, checked by its content in a process of its own.

    kinds: media types that this place takes, of ALLOWED (PICTURES for photos). A PDF is kept byte for byte, a
    picture is made anew (upright, sRGB, at most 4000 pixels a side, without EXIF). With CLAMAV_SOCKET the file is
    `waiting` until clamd has read it. Raises Refused naming the file, what is wrong and what to do; nothing is kept
    then. Where the surrounding transaction is rolled back later, the content is an orphan that check_integrity names.
    """
    name = display_name(upload.name)
    try:
        stored = _checked_and_kept(upload, name, by=by, at=at, kinds=kinds)
    except Refused as refusal:
        logger.info("file refused", extra={"code": refusal.code, "by": by.pk})
        raise
    logger.info("file accepted", extra={"file": str(stored.pk), "by": by.pk, "size": stored.size})
    return stored


def _checked_and_kept(
    upload: File, name: str, *, by: Person, at: datetime, kinds: frozenset[str]
) -> StoredFile:
    if upload.size > MAX_BYTES:
        raise Refused("too_large", name, size=upload.size)
    with disk.incoming("in") as source, disk.incoming("out") as remade:
        size = disk.write(source, upload.chunks(64 * 1024), most=MAX_BYTES)
        if size > MAX_BYTES:
            raise Refused("too_large", name, size=size)
        found = sandbox.ask("inspect", source, remade)
        if "refused" in found:
            raise Refused(found.pop("refused"), name, **found)
        kind = found["media_type"]
        refuse_other_kinds(kind, name, kinds)
        kept = remade if kind in PICTURES else source
        if kept.stat().st_size > MAX_BYTES:
            raise Refused("too_large", name, size=kept.stat().st_size)
        waits = bool(settings.CLAMAV_SOCKET)
        stored = StoredFile(
            id=uuid.uuid4(),
            original_name=display_name(upload.name, kind),
            size=kept.stat().st_size,
            sha256=disk.sha256_of(kept),
            uploaded_by=by,
            uploaded_at=at,
            state=StoredFile.State.WAITING if waits else StoredFile.State.ACCEPTED,
            **found,
        )
        stored.stored_path = f"stored/{stored.pk.hex[:2]}/{stored.pk}.{EXTENSIONS[kind][0]}"
        disk.settle(kept, stored.stored_path)
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    if waits:
        # A function, not a partial: with Redis away Django logs the failed call by its __qualname__, which a partial
        # lacks, and the page would fail after all. The sweeper finds what was not queued.
        def queue_the_scan() -> None:
            scan_file.delay(file_id=str(stored.pk))

        transaction.on_commit(queue_the_scan, robust=True)
    return stored


def refuse_other_kinds(kind: str, name: str, kinds: frozenset[str]) -> None:
    """Raise Refused("not_wanted_here") where a file of the media type `kind` is none of `kinds`."""
    if kind not in kinds:
        raise Refused(
            "not_wanted_here", name, kind=kinds_in_words(frozenset({kind})), wanted=kinds_in_words(kinds)
        )


def let_go(stored: StoredFile) -> None:
    """
    Give up a file that somebody else has taken over whole: its row now, its content and drawn pages after the commit.

    A file that anything still refers to stays as it is.
    """
    pages, path = disk.folder("pages") / stored.pk.hex[:2], stored.path
    try:
        with transaction.atomic():
            StoredFile.objects.filter(pk=stored.pk).delete()
    except ProtectedError:
        return

    def remove_content() -> None:
        path.unlink(missing_ok=True)
        for page in pages.glob(f"{stored.pk}-*.png"):
            page.unlink(missing_ok=True)

    transaction.on_commit(remove_content, robust=True)
