"""
The worker: `celery -A ovop_portal worker`, and its clock: `celery -A ovop_portal beat`.

Each room with tasks keeps them in tasks.py, and what beat calls in a constant BEAT there.
"""

import os
from importlib import import_module
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ovop_portal.settings")
app = Celery("ovop_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

ROOMS_WITH_TASKS = ("files", "letters", "nominations", "assessment", "awards")


@app.on_after_finalize.connect
def collect_beat(sender: Celery, **_: Any) -> None:
    for room in ROOMS_WITH_TASKS:
        sender.conf.beat_schedule.update(getattr(import_module(f"{room}.tasks"), "BEAT", {}))
