"""`make run`: the whole portal on one machine, until Ctrl-C."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import BaseCommand, get_commands

from ovop_portal import embedded
from ovop_portal.supervisor import CannotGoOn, Child, Supervisor

MANAGE = [sys.executable, "manage.py"]


class Command(BaseCommand):
    help = "Run the portal on this machine: servers, web, worker and beat, until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--port", type=int, default=int(os.environ.get("PORT") or 8000), help="default: PORT, or 8000"
        )
        parser.add_argument(
            "--bind", default=os.environ.get("OVOP_BIND") or "127.0.0.1", help="address to listen at"
        )

    def handle(self, *, port: int, bind: str, **_: Any) -> None:
        began = time.monotonic()
        signal.signal(
            signal.SIGTERM, signal.default_int_handler
        )  # before the supervisor listens: like Ctrl-C
        data_dir = Path(settings.DATA_DIR)
        with ExitStack() as stack:
            try:
                stack.enter_context(_the_only_one(data_dir))
                listening = stack.enter_context(_listening_at(bind, port))
                started = embedded.ensure_running(data_dir, servers=embedded.needed_servers(), say=self._say)
                stack.callback(lambda: started and embedded.stop(data_dir, servers=_in_order(started)))
                self._prepare_database(data_dir)
                self._keep_up(data_dir, listening, port, began)
            except (CannotGoOn, embedded.ServersUnavailable) as problem:
                self.stderr.write(str(problem))
                sys.exit(1)
            except KeyboardInterrupt:
                pass  # before the processes were up: what was started is stopped all the same
        self._say("stopped")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    # --- database ----------------------------------------------------------------------------------------------
    def _prepare_database(self, data_dir: Path) -> None:
        """Migrate and load what every portal needs, as the owner; the first time, make the demo round."""
        self._say("bringing the database up to date")
        _manage("prepare")
        told = data_dir / "demo-accounts.txt"
        if not told.exists() and "demo" in get_commands() and _wants_demo():
            self._say("making the demo round")
            _write_privately(told, _manage("demo"))

    # --- processes ---------------------------------------------------------------------------------------------
    def _keep_up(self, data_dir: Path, listening: socket.socket, port: int, began: float) -> None:
        def look_after() -> None:
            again = embedded.ensure_running(data_dir, servers=embedded.needed_servers(), say=self._say)
            if again:
                self._say(f"{', '.join(sorted(again))} was gone and is started again")

        address = f"http://localhost:{port}"
        environment = {**os.environ, "PORT": str(port), "PYTHONUNBUFFERED": "1"}
        children = _children(data_dir, listening)
        with Supervisor(
            children, environment=environment, folder=embedded.PROJECT, say=self._say, look_after=look_after
        ) as supervisor:
            supervisor.start()
            if not supervisor.wait_for(f"http://127.0.0.1:{port}/readyz"):
                return
            told = data_dir / "demo-accounts.txt"
            if told.exists() and _wants_demo():
                self._say(told.read_text(encoding="utf-8").strip())
            self._say(
                f"the portal answers at {address} after {time.monotonic() - began:.1f} s; Ctrl-C stops it"
            )
            supervisor.watch()
            self._say("stopping")


def web_command(listening: socket.socket) -> list[str]:
    """What answers at this socket."""
    return [
        sys.executable, "-m", "gunicorn", "ovop_portal.wsgi", "--bind", f"fd://{listening.fileno()}",
        "--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "20", "--max-requests", "5000",
        "--max-requests-jitter", "500", "--no-control-socket",
    ]  # fmt: skip


def _children(data_dir: Path, listening: socket.socket) -> list[Child]:
    logs = data_dir / "logs"
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "ovop_portal"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle",
              "--max-tasks-per-child", "500"]  # fmt: skip
    beat = [
        *celery,
        "beat",
        "--loglevel",
        "INFO",
        "--schedule",
        str(data_dir / "beat.schedule"),
        "--pidfile",
        "",
    ]
    return [
        Child("web", web_command(listening), logs / "web.log", inherits=[listening.fileno()]),
        Child("worker", worker, logs / "worker.log"),
        Child("beat", beat, logs / "beat.log"),
        # Only where the national service signs: it holds the signatory's secret.
        *([Child("signer", [*MANAGE, "signer"], logs / "signer.log")] if settings.SIGNER == "bsre" else []),
    ]


def _wants_demo() -> bool:
    return os.environ.get("OVOP_DEMO", "").strip() != "0" and not settings.IS_PRODUCTION


def _in_order(started: frozenset[str]) -> list[str]:
    return [name for name in ("redis", "postgres") if name in started]


def _manage(*words: str) -> str:
    """Run a manage.py command in a process of its own (and with its own database role); CannotGoOn if it fails."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(
        [*MANAGE, *words], cwd=embedded.PROJECT, env=environment, text=True, stdin=subprocess.DEVNULL,
        capture_output=True,
    )  # fmt: skip
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
        raise CannotGoOn(f"manage.py {words[0]} failed: {lines[-1]}")
    return done.stdout


def _write_privately(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _listening_at(bind: str, port: int) -> socket.socket:
    """Take the port before anything else is started; gunicorn gets the open socket handed."""
    try:
        return socket.create_server((bind, port), backlog=512)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None)
        reason = os.strerror(number) if number else str(error)
        raise CannotGoOn(f"{bind}:{port} cannot be used ({reason}): try PORT={port + 1} make run") from None


@contextmanager
def _the_only_one(data_dir: Path) -> Iterator[IO[str]]:
    """One supervisor for a data folder: two would send each mail twice."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotGoOn(f"this portal runs already (process {lock.read().strip()})") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock
