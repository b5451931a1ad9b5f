"""What the worker does for this room: a few lines each, a function called."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from . import deadlines, digest, reminders

BEAT: dict[str, dict[str, Any]] = {
    "nominations: what is over lapses": {"task": "nominations.tasks.lapse", "schedule": 60 * 60},
    # Every hour: the functions know at which of them something is due, and whether it was sent.
    "nominations: reminders before an end": {
        "task": "nominations.tasks.remind",
        "schedule": crontab(minute="0"),
    },
    "nominations: the week of each province": {
        "task": "nominations.tasks.tell_provinces",
        "schedule": crontab(minute="0"),
    },
}


@shared_task
def lapse(**_from_a_newer_version: object) -> None:
    deadlines.lapse_all(at=timezone.now())


@shared_task
def remind(**_from_a_newer_version: object) -> None:
    reminders.remind(at=timezone.now())


@shared_task
def tell_provinces(**_from_a_newer_version: object) -> None:
    digest.tell_provinces(at=timezone.now())
