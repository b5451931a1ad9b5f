"""
The processes of one machine's portal: started together, watched, started again when one dies, stopped together.

Each writes its log to a file of the data folder and is in a session of its own, so that Ctrl-C reaches the
supervisor alone, which then lets each finish what it has in hand.
"""

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from ovop_portal.embedded_processes import LARGEST_LOG, Patience

DEATHS_ALLOWED, WITHIN_SECONDS = 3, 60
SECONDS_TO_FINISH = 25


class CannotGoOn(RuntimeError):
    """The portal cannot be started or kept up; the message is one line that says why."""


@dataclass
class Child:
    """One process of the portal."""

    name: str
    command: Sequence[str]
    log: Path
    inherits: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)

    def start(self, *, environment: Mapping[str, str], folder: Path) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*_ends_with_its_parent(), *self.command], cwd=folder, env=dict(environment),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, pass_fds=tuple(self.inherits),
                start_new_session=True,
            )  # fmt: skip

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def dies_too_often(self, now: float) -> bool:
        """Note a death; True when it was one too many in a short time."""
        self.deaths.append(now)
        while self.deaths and self.deaths[0] < now - WITHIN_SECONDS:
            self.deaths.popleft()
        return len(self.deaths) > DEATHS_ALLOWED

    def ask_to_finish(self) -> None:
        """Tell the first process only: it lets its own finish the request or task they have in hand."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end_all(self) -> None:
        """End the process and whatever it left behind."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def _ends_with_its_parent() -> list[str]:
    """Words before a command, so that a killed supervisor leaves nothing behind."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


class Supervisor:
    """Keeps `children` up until it is asked to stop by SIGINT, SIGTERM or SIGHUP."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        environment: Mapping[str, str],
        folder: Path,
        say: Callable[[str], None],
        look_after: Callable[[], None] = lambda: None,
    ) -> None:
        self.children = list(children)
        self.environment = environment
        self.folder = folder
        self.say = say
        self.look_after = look_after
        self.asked_to_stop = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Supervisor":
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[sign] = signal.signal(sign, self._stop_soon)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for sign, handler in self._before.items():
            signal.signal(sign, handler)  # type: ignore[arg-type]

    def _stop_soon(self, _sign: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def start(self) -> None:
        for child in self.children:
            child.start(environment=self.environment, folder=self.folder)

    def wait_for(self, address: str, *, seconds: float = 90) -> bool:
        """Wait until `address` answers 200; False where it was asked to stop instead. Raises CannotGoOn."""
        patience, said = Patience(seconds), False
        while not _answers(address):
            if self.asked_to_stop:
                return False
            self._revive()
            if not said and patience.passed > 2:
                said = True
                self.say("the portal is starting")
            if not patience.wait():
                raise CannotGoOn(
                    f"{address} does not answer within {seconds:.0f} seconds: see {self._logs()}"
                )
        return True

    def watch(self) -> None:
        """Return when asked to stop. Raises CannotGoOn where a process dies again and again."""
        looked = time.monotonic()
        while not self.asked_to_stop:
            self._revive()
            if time.monotonic() - looked > 5:
                self.look_after()
                looked = time.monotonic()
            time.sleep(0.2)

    def _revive(self) -> None:
        for child in self.children:
            if self.asked_to_stop or not child.has_died() or child.process is None:
                continue
            status = child.process.returncode
            child.end_all()
            if child.dies_too_often(time.monotonic()):
                raise CannotGoOn(f"{child.name} ends again and again (status {status}): see {child.log}")
            self.say(f"{child.name} ended (status {status}) and is started again; its log is {child.log}")
            child.start(environment=self.environment, folder=self.folder)

    def stop(self) -> None:
        """Ask every process to finish, the last started first, and end those that do not."""
        for child in reversed(self.children):
            child.ask_to_finish()
        patience = Patience(SECONDS_TO_FINISH)
        while any(child.process is not None and not child.has_died() for child in self.children):
            if not patience.wait():
                break
        for child in self.children:
            child.end_all()

    def _logs(self) -> str:
        return ", ".join(str(child.log) for child in self.children)


def _answers(address: str) -> bool:
    with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=5) as answer:
        return bool(answer.status == 200)
    return False
