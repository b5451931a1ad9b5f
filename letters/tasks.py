"""What the worker does for this room: a few lines each, ids in, a function called."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from . import delivery
from .models import Letter

logger = logging.getLogger(__name__)


@shared_task
def deliver(*, message_id: int, **_from_a_newer_version: object) -> None:
    delivery.deliver(message_id)


@shared_task
def render_letter(*, letter_id: int, **_from_a_newer_version: object) -> None:
    from . import official

    official.make_preview(letter_id)


@shared_task
def sweep(**_from_a_newer_version: object) -> None:
    """Queue again what was promised and never sent (a lost task, Redis away, a server that did not answer)."""
    now = timezone.now()
    if stuck := delivery.mark_stuck(at=now):
        logger.error("messages of unknown fate", extra={"mails": stuck})
    for message_id in delivery.due(at=now):
        deliver.delay(message_id=message_id)


@shared_task
def sweep_letters(**_from_a_newer_version: object) -> None:
    """Queue again the previews that were promised and never made."""
    for letter_id in Letter.objects.without_preview().order_by("pk").values_list("pk", flat=True)[:100]:
        render_letter.delay(letter_id=letter_id)


BEAT: dict[str, dict[str, Any]] = {
    "letters.sweep": {"task": "letters.tasks.sweep", "schedule": 60.0},
    "letters.sweep_letters": {"task": "letters.tasks.sweep_letters", "schedule": 300.0},
}
