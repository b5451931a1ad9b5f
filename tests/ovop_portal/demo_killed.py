"""
`manage.py demo` in a process that is killed (SIGKILL) at the N-th call of one function, as by a power cut.

    python -m tests.ovop_portal.demo_killed DATABASE MEDIA_ROOT MODULE FUNCTION N
"""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def main(database: str, media_root: str, module: str, function: str, count: int) -> None:
    django.setup()
    from django.core.management import call_command

    from tests import databases

    settings.MEDIA_ROOT = Path(media_root)
    databases.point_at(database)
    place = import_module(module)
    original, calls = getattr(place, function), 0

    def deadly(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)

    setattr(place, function, deadly)
    call_command("demo")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    main(*sys.argv[1:5], int(sys.argv[5]))
