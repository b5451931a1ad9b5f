"""What the worker does for this room: a few lines each, ids in, a function called."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from . import expiry, scanning

BEAT: dict[str, dict[str, Any]] = {
    "files.scan_what_waits": {"task": "files.tasks.scan_what_waits", "schedule": 60.0},
    "files.end_uploads": {"task": "files.tasks.end_uploads", "schedule": 600.0},
}

logger = logging.getLogger(__name__)


@shared_task
def scan_file(*, file_id: str, **_from_a_newer_version: object) -> None:
    try:
        scanning.scan(file_id, at=timezone.now())
    except scanning.NotScanned as problem:
        logger.warning("not scanned yet", extra={"file": file_id, "why": str(problem)})


@shared_task
def scan_what_waits(**_from_a_newer_version: object) -> None:
    scanning.scan_what_waits(at=timezone.now())


@shared_task
def end_uploads(**_from_a_newer_version: object) -> None:
    expiry.end_uploads(at=timezone.now())
