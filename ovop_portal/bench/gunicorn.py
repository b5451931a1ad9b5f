"""A portal for benchmarks: the web process as `make run` starts it, on the scratch database, with a Redis of its own."""

import os
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from ovop_portal import embedded
from ovop_portal.embedded_processes import Patience
from ovop_portal.management.commands.run import web_command
from ovop_portal.supervisor import Child

from .scratch import CannotMeasure

_SECONDS_TO_START = 90


@contextmanager
def web() -> Iterator[int]:
    """Give the port at 127.0.0.1 at which it answers; stopped afterwards, with its Redis. Raises CannotMeasure."""
    folder = Path(settings.MEDIA_ROOT) / "web"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        port: int = listening.getsockname()[1]
        try:
            embedded.ensure_running(folder, servers=["redis"], say=lambda _: None)
        except embedded.ServersUnavailable as problem:
            raise CannotMeasure(str(problem)) from None
        child = Child("web", web_command(listening), folder / "web.log", inherits=[listening.fileno()])
        try:
            child.start(environment=_environment(folder, port), folder=embedded.PROJECT)
            _wait_for(port, child)
            yield port
        finally:
            child.ask_to_finish()
            patience = Patience(20)
            while not child.has_died() and patience.wait():
                pass
            child.end_all()
            embedded.stop(folder, servers=["redis"])


def _environment(folder: Path, port: int) -> dict[str, str]:
    away = ("OVOP_ENV", "REDIS_URL", "EMAIL_URL")
    kept = {name: value for name, value in os.environ.items() if name not in away}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "ovop_portal.bench.watched_settings",
        "OVOP_DATA_DIR": str(folder),
        "OVOP_ALLOWED_HOSTS": "127.0.0.1",
        "OVOP_SECRET_KEY": settings.SECRET_KEY,
        "OVOP_LOG_LEVEL": "WARNING",
        "DATABASE_URL": _database(),
        "PORT": str(port),
    }


def _database() -> str:
    known = {
        name: str(connection.settings_dict[name] or "")
        for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    }
    secret = f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else ""
    place = f"{quote(known['HOST'], safe='')}{':' + known['PORT'] if known['PORT'] else ''}"
    return f"postgresql://{known['USER']}{secret}@{place}/{known['NAME']}"


def _wait_for(port: int, child: Child) -> None:
    patience = Patience(_SECONDS_TO_START)
    while True:
        with (
            suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        if child.has_died() or not patience.wait():
            log = child.log.read_text(errors="replace").splitlines()[-3:]
            raise CannotMeasure(f"the web process is not up: {' / '.join(log)}")
