"""What the worker does for this room: a few lines each, a function called."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from . import reminders

BEAT: dict[str, dict[str, Any]] = {
    # Every hour: the function knows at which of them something is due, and whether it was sent.
    "assessment: reminders before an end": {
        "task": "assessment.tasks.remind",
        "schedule": crontab(minute="0"),
    },
}


@shared_task
def remind(**_from_a_newer_version: object) -> None:
    reminders.remind(at=timezone.now())
