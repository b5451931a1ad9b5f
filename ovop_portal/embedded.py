"""
PostgreSQL and Redis for one machine, in a data folder, on unix sockets only.

The functions that return URLs are pure: they start and touch nothing. `ensure_running` starts what is not up;
any number of processes may call it at once and share the servers. A bare manage.py command leaves them up for
the next one; `make run` stops what it started; `make stop` stops them in any case. No Django is imported here.
"""

import fcntl
import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from ovop_portal import embedded_postgresql, embedded_redis
from ovop_portal.embedded_places import Places, RunAs, ServersUnavailable, places_in, prepare
from ovop_portal.embedded_processes import Patience

__all__ = [
    "APP_ROLE", "OWNER_ROLE", "ServersUnavailable", "data_dir_of_the_environment", "ensure_running",
    "needed_servers", "postgres_url", "redis_cache_url", "redis_url", "running", "stop",
]  # fmt: skip

OWNER_ROLE = "ovop_owner"
APP_ROLE = "ovop_app"
PROJECT = Path(__file__).resolve().parent.parent
_SERVERS = {"postgres": embedded_postgresql, "redis": embedded_redis}

DataDir = str | os.PathLike[str]


def data_dir_of_the_environment() -> Path:
    """Return the data folder that OVOP_DATA_DIR names, else `var/` of the project; as settings.py does."""
    return Path(os.environ.get("OVOP_DATA_DIR", "").strip() or PROJECT / "var").expanduser().resolve()


def needed_servers() -> tuple[str, ...]:
    """Return the servers that the environment does not place elsewhere by DATABASE_URL and REDIS_URL."""
    variables = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
    return tuple(name for name, variable in variables.items() if not os.environ.get(variable, "").strip())


def postgres_url(
    data_dir: DataDir, *, role: str = APP_ROLE, database: str = embedded_postgresql.DATABASE
) -> str:
    """Return the URL of the database as dj-database-url, libpq and its programs read it; `role` is who asks."""
    return f"postgresql://{role}@{quote(str(places_in(data_dir).sockets), safe='')}/{database}"


def redis_url(data_dir: DataDir, *, number: int = 0) -> str:
    """Return the URL of Redis database `number` in Celery's form."""
    return f"redis+socket://{places_in(data_dir).redis_socket}?virtual_host={number}"


def redis_cache_url(data_dir: DataDir, *, number: int = 0) -> str:
    """Return the URL of Redis database `number` in the form of redis-py and Django's cache."""
    return f"unix://{places_in(data_dir).redis_socket}?db={number}"


def running(data_dir: DataDir) -> frozenset[str]:
    """Return the names of the servers of this data folder that are up; starts nothing."""
    places = places_in(data_dir)
    if not places.sockets_are_its_own():
        return frozenset()
    return frozenset(name for name, server in _SERVERS.items() if server.answers(places))


def ensure_running(
    data_dir: DataDir,
    *,
    servers: Collection[str] = ("postgres", "redis"),
    say: Callable[[str], None] | None = None,
) -> frozenset[str]:
    """
    Start those of `servers` that are not up, and return the names of those that this call started.

    `say` is told what takes long (default: a line on standard error). Raises ServersUnavailable with one clear
    line: the folder cannot be written, the disk is full, a server does not start in time.
    """
    places = places_in(data_dir)
    if places.sockets_are_its_own() and all(_SERVERS[name].answers(places) for name in servers):
        return frozenset()
    tell = say or _to_standard_error
    who = prepare(places)
    started = set()
    with _alone(places):
        for name in servers:
            if not _SERVERS[name].answers(places):
                _start(name, places, who, tell)
                started.add(name)
    return frozenset(started)


def _start(name: str, places: Places, who: RunAs, tell: Callable[[str], None]) -> None:
    try:
        _SERVERS[name].start(places, who, tell)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ServersUnavailable(
            f"{_SERVERS[name].NAME} cannot be started in {places.data}: {reason}"
        ) from error


def stop(data_dir: DataDir, *, servers: Collection[str] = ("redis", "postgres")) -> frozenset[str]:
    """Stop those of `servers` that run, nothing committed is lost; return the names of those stopped."""
    places = places_in(data_dir)
    if not places.data.is_dir():
        return frozenset()
    with _alone(places):
        return frozenset(name for name in servers if _SERVERS[name].stop(places))


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Hold the lock of the data folder: who starts or stops servers does so alone."""
    try:
        handle = os.open(places.lock, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise ServersUnavailable(f"{places.lock} cannot be opened: {error.strerror}") from error
    try:
        patience = Patience(660)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not patience.wait():
                    raise ServersUnavailable(
                        f"another process holds {places.lock} for eleven minutes"
                    ) from None
        yield
    finally:
        os.close(handle)


def _to_standard_error(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(words: list[str]) -> int:
    """`python -m ovop_portal.embedded start|stop|status`, for the data folder of the environment."""
    data_dir = data_dir_of_the_environment()
    try:
        if words == ["start"]:
            ensure_running(data_dir)
        elif words == ["stop"]:
            stopped = stop(data_dir)
            print(f"stopped: {', '.join(sorted(stopped))}" if stopped else "nothing was running")
        elif words != ["status"]:
            print("say start, stop or status", file=sys.stderr)
            return 2
        if words != ["stop"]:
            print(f"running in {data_dir}: {', '.join(sorted(running(data_dir))) or 'nothing'}")
    except ServersUnavailable as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
