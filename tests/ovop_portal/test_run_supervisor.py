"""The processes of one machine's portal, with small programs in the place of web and worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ovop_portal import supervisor
from ovop_portal.embedded_processes import Patience
from ovop_portal.supervisor import CannotGoOn, Child, Supervisor

PROJECT = Path(__file__).resolve().parents[2]
SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-uc",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(600)",
]
DIES = [sys.executable, "-c", "raise SystemExit('no database')"]


def until(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    patience = Patience(seconds)
    while not condition():
        assert patience.wait(), "it did not come to that in time"


def watched(tmp_path: Path, *children: Child) -> tuple[Supervisor, list[str]]:
    said: list[str] = []
    return Supervisor(children, environment=os.environ, folder=tmp_path, say=said.append), said


def child(tmp_path: Path, command: list[str], name: str = "worker") -> Child:
    return Child(name, command, tmp_path / f"{name}.log")


def test_a_process_that_dies_is_started_again_and_that_is_said(tmp_path):
    worker = child(tmp_path, SLEEPS)
    keeper, said = watched(tmp_path, worker)
    with keeper:
        keeper.start()
        first = worker.process
        first.kill()
        first.wait(10)
        keeper._revive()
        assert worker.process.pid != first.pid
        assert worker.process.poll() is None
    assert said == [f"worker ended (status -9) and is started again; its log is {worker.log}"]


def test_a_process_that_dies_again_and_again_ends_the_run_with_one_line(tmp_path):
    worker = child(tmp_path, DIES)
    keeper, _ = watched(tmp_path, child(tmp_path, SLEEPS, "web"), worker)
    with (
        pytest.raises(CannotGoOn, match=r"worker ends again and again \(status 1\): see .*worker\.log"),
        keeper,
    ):
        keeper.start()
        keeper.watch()
    assert "no database" in worker.log.read_text()
    assert all(each.has_died() for each in keeper.children)


def test_stopping_ends_a_process_that_does_not_listen(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "SECONDS_TO_FINISH", 0.2)
    deaf = child(tmp_path, DEAF)
    keeper, _ = watched(tmp_path, deaf)
    with keeper:
        keeper.start()
        until(lambda: deaf.log.read_text() == "up\n")
    assert deaf.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_signals_that_mean_stop_end_the_watch_and_the_processes(tmp_path, sign):
    web = child(tmp_path, SLEEPS, "web")
    keeper, _ = watched(tmp_path, web)
    before = signal.getsignal(sign)
    with keeper:
        keeper.start()
        signal.raise_signal(sign)
        keeper.watch()
    assert web.process.returncode == -signal.SIGTERM
    assert signal.getsignal(sign) == before


def test_a_killed_supervisor_leaves_no_process_behind(tmp_path):
    program = f"""
import os, sys
from pathlib import Path
from ovop_portal.supervisor import Child, Supervisor
web = Child("web", [sys.executable, "-c", "import time; time.sleep(600)"], Path({str(tmp_path)!r}) / "web.log")
with Supervisor([web], environment=os.environ, folder=Path("."), say=print) as keeper:
    keeper.start()
    print(web.process.pid, flush=True)
    keeper.watch()
"""
    keeper = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    left = psutil.Process(int(keeper.stdout.readline()))
    keeper.kill()
    keeper.communicate(timeout=10)
    until(lambda: not left.is_running() or left.status() == psutil.STATUS_ZOMBIE)
    assert keeper.returncode == -signal.SIGKILL


def test_an_address_that_never_answers_ends_the_run_with_one_line(tmp_path):
    keeper, said = watched(tmp_path, child(tmp_path, SLEEPS, "web"))
    with keeper:
        keeper.start()
        with pytest.raises(
            CannotGoOn, match=r"http://127\.0\.0\.1:9/readyz does not answer within 0 seconds"
        ):
            keeper.wait_for("http://127.0.0.1:9/readyz", seconds=0.1)
    assert said == []
