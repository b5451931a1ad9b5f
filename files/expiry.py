"""Uploads that were begun and not gone on with end: their row goes, and with it what had arrived."""

import time
from datetime import datetime, timedelta

from django.db import transaction

from . import disk
from .models import Upload

_A_DAY = timedelta(days=1).total_seconds()


def end_uploads(*, at: datetime) -> int:
    """
    Remove uploads whose time is over at `at`, and parts and half-checked files that nobody works on any more.

    Returns the number of uploads that ended. What became a StoredFile stays. Twice does nothing more.
    """
    ended = 0
    for pk in Upload.objects.filter(expires_at__lte=at).order_by("pk").values_list("pk", flat=True)[:1000]:
        with transaction.atomic():
            upload = (
                Upload.objects.select_for_update(no_key=False, skip_locked=True)
                .filter(pk=pk, expires_at__lte=at)
                .first()
            )
            if upload is None:
                continue
            upload.part_path.unlink(missing_ok=True)
            upload.delete()
        ended += 1
    _remove_what_nobody_knows()
    return ended


def _remove_what_nobody_knows() -> None:
    known = {f"{pk}.part" for pk in Upload.objects.order_by("pk").values_list("pk", flat=True)}
    for name in ("incoming", "uploads"):
        for path in disk.folder(name).iterdir():
            if path.name not in known and time.time() - path.stat().st_mtime > _A_DAY:
                path.unlink(missing_ok=True)
