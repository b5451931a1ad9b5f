"""`manage.py run`: the whole portal of one machine, in a process of its own, in a data folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ovop_portal import embedded
from ovop_portal.embedded_processes import Patience

PROJECT = Path(__file__).resolve().parents[2]
# One running portal serves the tests that only look at it; the last one ends it.
pytestmark = pytest.mark.xdist_group("run")
NOT_HANDED_ON = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "OVOP_PORTAL_URL"}


class Running:
    """A portal started by `manage.py run`, and what it said so far."""

    def __init__(self, data_dir: Path, port: int, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = port
        kept = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
        given = {"OVOP_DATA_DIR": str(data_dir), "PORT": str(port), "OVOP_DEMO": "0", "PYTHONUNBUFFERED": "1"}
        self.output = data_dir.with_suffix(".said")
        with self.output.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run"], cwd=PROJECT, env={**kept, **given, **environment},
                stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_until_it_says(self, pattern: str, *, seconds: float = 120) -> None:
        patience = Patience(seconds)
        while not re.search(pattern, self.said):
            assert self.process.poll() is None, f"it ended:\n{self.said}"
            assert patience.wait(), f"it did not say {pattern}:\n{self.said}"

    def status_of(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, sign: int = signal.SIGINT) -> int:
        self.process.send_signal(sign)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, free_port: int) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("portal") / "var"
    running = Running(folder, free_port)
    running.wait_until_it_says("the portal answers at")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait(10)
    embedded.stop(folder)


def test_the_web_process_never_loads_the_pdf_maker(portal):
    web = [each for each in portal.processes() if "gunicorn" in " ".join(each.cmdline())]
    assert web
    assert [
        path for each in web for path in (entry.path for entry in each.memory_maps()) if "pango" in path
    ] == []


def test_a_port_in_use_is_told_in_one_line_and_nothing_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = Running(tmp_path / "var", port)
        assert running.process.wait(60) == 1
    assert running.said == (
        f"127.0.0.1:{port} cannot be used (Address already in use): try PORT={port + 1} make run\n"
    )
    assert not (tmp_path / "var" / "postgres").exists()


def test_a_second_one_in_the_same_data_folder_is_refused(portal, free_port):
    before = portal.said
    second = Running(portal.data_dir, free_port + 1)
    assert second.process.wait(60) == 1
    assert second.said.removeprefix(before) == (f"this portal runs already (process {portal.process.pid})\n")
    assert portal.status_of("/readyz") == 200


def test_it_answers_survives_a_death_stops_all_it_started_and_starts_again_in_seconds(portal, free_port):
    assert portal.status_of("/readyz") == 200
    assert embedded.running(portal.data_dir) == {"postgres", "redis"}

    worker = next(each for each in portal.processes() if "worker" in each.cmdline())
    worker.kill()
    portal.wait_until_it_says(r"worker ended \(status -9\) and is started again")
    assert portal.status_of("/readyz") == 200

    started = portal.processes()
    assert len(started) >= 4
    assert portal.end() == 0
    assert "stopped" in portal.said
    _, left = psutil.wait_procs(started, timeout=10)
    assert [each for each in left if each.status() != psutil.STATUS_ZOMBIE] == []
    assert embedded.running(portal.data_dir) == frozenset()

    again = Running(portal.data_dir, free_port)
    try:
        again.wait_until_it_says(r"(?s)stopped.*the portal answers at http://localhost:\d+ after")
        seconds = float(re.findall(r"after ([0-9.]+) s", again.said)[-1])
        assert seconds < 30
    finally:
        assert again.end(signal.SIGTERM) == 0
