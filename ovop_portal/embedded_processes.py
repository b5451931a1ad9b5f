"""Server processes that outlive the command that started them: starting, finding again, waiting."""

import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil

from ovop_portal.embedded_places import RunAs

LARGEST_LOG = 10 * 1024 * 1024

# Kept, so that a server which ends while its starter lives is reaped, and never mistaken for a running one.
_started: list[subprocess.Popen[bytes]] = []


class Patience:
    """A bounded wait in small, growing steps: `while …: if not patience.wait(): give up`."""

    def __init__(self, seconds: float, *, since: float | None = None) -> None:
        self.seconds = seconds
        self._since = time.monotonic() if since is None else since
        self._step = 0.01

    @property
    def passed(self) -> float:
        return time.monotonic() - self._since

    def at_least(self, seconds: float) -> "Patience":
        """Return this wait, going on for so many seconds in all."""
        return self if self.seconds >= seconds else Patience(seconds, since=self._since)

    def wait(self) -> bool:
        """Sleep one step; False when the time is over."""
        if self.passed >= self.seconds:
            return False
        time.sleep(self._step)
        self._step = min(self._step * 1.5, 0.2)
        return True


def spawn(command: list[str], *, cwd: Path, log: Path, who: RunAs) -> subprocess.Popen[bytes]:
    """Start a server in its own session, so that Ctrl-C at its starter's terminal does not reach it."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    mask = os.umask(0o077)
    try:
        with log.open("ab") as output:
            who.own(log)
            process = subprocess.Popen(
                command,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
    finally:
        os.umask(mask)
    _started.append(process)
    return process


def process_of(pid_file: Path, *, working_in: Path) -> psutil.Process | None:
    """Return the living process that `pid_file` names, if its working folder proves that it is the one meant."""
    for process in _started:
        process.poll()
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == working_in:
            return process
    return None


def has_ended(process: psutil.Process, *, within: float) -> bool:
    """Wait until a process has ended; one that nobody reaps yet counts (a container's first process may not)."""
    patience = Patience(within)
    while True:
        for started in _started:
            started.poll()
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                if patience.wait():
                    continue
                return False
        return True


def last_words(text: str) -> str:
    """Return the one line of a server's output that says what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines):
        return "the disk is full (No space left on device)"
    telling = [line for line in lines if any(mark in line for mark in ("FATAL", "PANIC", "error", "ERROR"))]
    return (telling or lines or ["no reason given"])[-1]
