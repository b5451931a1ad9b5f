"""What the worker does for this room: a few lines each, a function called."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from . import deadlines

BEAT: dict[str, dict[str, Any]] = {
    "nominations: what is over lapses": {"task": "nominations.tasks.lapse", "schedule": 60 * 60},
}


@shared_task
def lapse(**_from_a_newer_version: object) -> None:
    deadlines.lapse_all(at=timezone.now())
