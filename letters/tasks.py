"""What the worker does for this room: a few lines each, ids in, a function called."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from . import delivery

logger = logging.getLogger(__name__)


@shared_task
def deliver(*, message_id: int, **_from_a_newer_version: object) -> None:
    delivery.deliver(message_id)


@shared_task
def sweep(**_from_a_newer_version: object) -> None:
    """Queue again what was promised and never sent (a lost task, Redis away, a server that did not answer)."""
    now = timezone.now()
    if stuck := delivery.mark_stuck(at=now):
        logger.error("messages of unknown fate", extra={"mails": stuck})
    for message_id in delivery.due(at=now):
        deliver.delay(message_id=message_id)


BEAT: dict[str, dict[str, Any]] = {
    "letters.sweep": {"task": "letters.tasks.sweep", "schedule": 60.0},
}
