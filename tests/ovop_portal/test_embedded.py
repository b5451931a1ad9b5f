"""PostgreSQL and Redis of one machine: real servers, in folders of their own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from ovop_portal import embedded, embedded_redis
from ovop_portal.embedded_places import places_in

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "var"
    yield folder
    embedded.stop(folder)


def quiet(_: str) -> None:
    """Nobody reads what a start says here."""


def start(folder: Path) -> frozenset[str]:
    return embedded.ensure_running(folder, say=quiet)


def ask(folder: Path, statement: str, *, role: str = embedded.OWNER_ROLE) -> list[tuple[object, ...]]:
    line = psycopg2.connect(embedded.postgres_url(folder, role=role), connect_timeout=10)
    line.autocommit = True
    try:
        with line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        line.close()


def queue(folder: Path) -> redis.Redis:
    return redis.Redis.from_url(embedded.redis_cache_url(folder))


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))


def kill_everything(folder: Path) -> None:
    """What a power cut leaves: no process, and every file as it was."""
    first = postmaster(folder)
    doomed = [first, *first.children(recursive=True)]
    doomed.append(psutil.Process(int(places_in(folder).redis_pid.read_text())))
    for process in doomed:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(doomed, timeout=10)


def start_elsewhere(folder: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ovop_portal.embedded", "start"],
        cwd=PROJECT, env={**os.environ, "OVOP_DATA_DIR": str(folder), **environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_addresses_are_known_without_starting_anything(data_dir):
    urls = embedded.postgres_url(data_dir), embedded.redis_url(data_dir), embedded.redis_cache_url(data_dir)
    assert [url.split("://")[0] for url in urls] == ["postgresql", "redis+socket", "unix"]
    assert not data_dir.exists()


def test_both_servers_start_once_and_stop(data_dir):
    assert start(data_dir) == {"postgres", "redis"}
    assert start(data_dir) == frozenset()
    assert embedded.running(data_dir) == {"postgres", "redis"}
    assert embedded.stop(data_dir) == {"postgres", "redis"}
    assert embedded.running(data_dir) == embedded.stop(data_dir) == frozenset()


def test_they_listen_on_no_port(data_dir):
    start(data_dir)
    for process in (postmaster(data_dir), psutil.Process(int(places_in(data_dir).redis_pid.read_text()))):
        assert [line for line in process.net_connections("inet") if line.status == psutil.CONN_LISTEN] == []


def test_the_owner_can_make_the_extensions_and_data_is_kept_safely(data_dir):
    start(data_dir)
    for extension in ("pg_trgm", "unaccent", "btree_gist"):
        ask(data_dir, f"CREATE EXTENSION {extension}")
    assert ask(data_dir, "SHOW fsync") == ask(data_dir, "SHOW synchronous_commit") == [("on",)]
    assert ask(data_dir, "SELECT to_tsvector('indonesian', 'pengrajin')") != [("",)]


def test_the_app_reads_and_writes_but_makes_and_truncates_no_table(data_dir):
    start(data_dir)
    ask(data_dir, "CREATE TABLE sentra (id int GENERATED ALWAYS AS IDENTITY, name text)")
    ask(data_dir, "INSERT INTO sentra (name) VALUES ('Tenun')", role=embedded.APP_ROLE)
    assert ask(data_dir, "SELECT name FROM sentra", role=embedded.APP_ROLE) == [("Tenun",)]
    for refused in ("TRUNCATE sentra", "CREATE TABLE another (id int)", "DROP TABLE sentra"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(data_dir, refused, role=embedded.APP_ROLE)


def test_databases_made_later_give_the_app_the_same_rights(data_dir):
    start(data_dir)
    ask(data_dir, "CREATE DATABASE later")
    later = embedded.postgres_url(data_dir, role=embedded.OWNER_ROLE, database="later")
    with psycopg2.connect(later) as line, line.cursor() as cursor:
        cursor.execute("CREATE TABLE sentra (id int)")
        cursor.execute("SELECT has_table_privilege('ovop_app', 'sentra', 'INSERT')")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT has_table_privilege('ovop_app', 'sentra', 'TRUNCATE')")
        assert cursor.fetchone() == (False,)
    line.close()


def test_processes_that_start_at_the_same_moment_share_the_servers(data_dir):
    starters = [start_elsewhere(data_dir) for _ in range(4)]
    words = [starter.communicate(timeout=120) for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0], words
    assert sum("making the database" in said for _, said in words) == 1
    assert len(list(_servers_in(data_dir))) == 2


def _servers_in(data_dir):
    """The servers that work in this folder, without the children of PostgreSQL; one that just ended is none."""
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error):
            if (
                process.info["name"] in {"postgres", "redis-server", "valkey-server"}
                and process.ppid() != postmaster(data_dir).pid
                and str(data_dir) in process.cwd()
            ):
                yield process


def test_after_a_power_cut_they_come_up_with_all_that_was_committed(data_dir):
    start(data_dir)
    ask(data_dir, "CREATE TABLE sentra (name text); INSERT INTO sentra VALUES ('Tenun')")
    queue(data_dir).rpush("celery", "a promise")
    kill_everything(data_dir)
    places = places_in(data_dir)
    assert (data_dir / "postgres" / "postmaster.pid").exists()
    assert places.postgres_socket.exists()
    assert start(data_dir) == {"postgres", "redis"}
    assert ask(data_dir, "SELECT name FROM sentra") == [("Tenun",)]
    assert queue(data_dir).lrange("celery", 0, -1) == [b"a promise"]


def test_a_pid_file_that_names_a_stranger_by_now_is_seen_through(data_dir):
    start(data_dir)
    kill_everything(data_dir)
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        for pid_file in (data_dir / "postgres" / "postmaster.pid", places_in(data_dir).redis_pid):
            _, *rest = pid_file.read_text().splitlines()
            pid_file.write_text("\n".join([str(stranger.pid), *rest]) + "\n")
        assert start(data_dir) == {"postgres", "redis"}
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_dead_postmaster_whose_children_live_is_cleared_away_first(data_dir):
    start(data_dir)
    first = postmaster(data_dir)
    children = first.children(recursive=True)
    for child in children:
        child.suspend()
    first.kill()
    psutil.wait_procs([first], timeout=10)
    assert "postgres" in start(data_dir)
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert ask(data_dir, "SELECT 1") == [(1,)]


def test_servers_whose_sockets_were_swept_away_are_started_again(data_dir, monkeypatch):
    start(data_dir)
    places = places_in(data_dir)
    places.postgres_socket.unlink()
    places.redis_socket.unlink()
    monkeypatch.setattr("ovop_portal.embedded_postgresql.SECONDS_FOR_A_SOCKET", 0.2)
    monkeypatch.setattr("ovop_portal.embedded_redis.SECONDS_TO_ANSWER", 1)
    assert start(data_dir) == {"postgres", "redis"}
    assert ask(data_dir, "SELECT 1") == [(1,)]
    assert queue(data_dir).ping()


@pytest.mark.parametrize("name", ["x" * 120, "Data Folder (baru)", "Größe%20"])
def test_a_path_that_sockets_or_urls_cannot_bear_gets_short_private_sockets(tmp_path, name):
    folder = tmp_path / name
    places = places_in(folder)
    assert places.sockets_are_elsewhere
    assert len(os.fsencode(places.postgres_socket)) <= 107
    assert places == places_in(folder)
    assert places != places_in(tmp_path / "another" / name)
    try:
        start(folder)
        assert ask(folder, "SELECT 1") == [(1,)]
        assert queue(folder).ping()
        assert stat.S_IMODE(places.sockets.stat().st_mode) == 0o700
        assert (folder / "sockets").readlink() == places.sockets
    finally:
        embedded.stop(folder)
        shutil.rmtree(places.sockets)


def test_the_longest_path_that_fits_is_used_as_it_is(tmp_path):
    longest = 107 - len("/sockets/.s.PGSQL.5432")
    fits = tmp_path / ("x" * (longest - len(str(tmp_path)) - 1))
    assert len(str(fits)) == longest
    assert not places_in(fits).sockets_are_elsewhere
    assert places_in(fits.with_name(fits.name + "x")).sockets_are_elsewhere


def test_a_copied_data_folder_does_not_talk_to_the_servers_of_the_first(tmp_path, data_dir):
    first = tmp_path / ("x" * 120)
    start(first)
    ask(first, "CREATE TABLE sentra (name text)")
    embedded.stop(first)
    shutil.copytree(first, data_dir, symlinks=True)
    try:
        start(first)
        assert start(data_dir) == {"postgres", "redis"}
        assert postmaster(first).pid != postmaster(data_dir).pid
        assert ask(data_dir, "SELECT count(*) FROM sentra") == [(0,)]
    finally:
        embedded.stop(first)
        shutil.rmtree(places_in(first).sockets)


def test_a_place_for_sockets_that_is_somebody_elses_is_refused(tmp_path):
    folder = tmp_path / ("x" * 120)
    places = places_in(folder)
    places.sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(embedded.ServersUnavailable, match="belongs to somebody else"):
            start(folder)
    finally:
        places.sockets.unlink()


def test_a_data_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "var").write_text("a file")
    with pytest.raises(embedded.ServersUnavailable, match=r"data folder .*var cannot be used: File exists"):
        start(tmp_path / "var")


def test_a_database_of_another_version_is_not_touched(data_dir):
    start(data_dir)
    embedded.stop(data_dir)
    (data_dir / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(embedded.ServersUnavailable, match="was made by PostgreSQL 14, this is"):
        start(data_dir)


def test_a_half_made_database_is_made_again(data_dir):
    half = data_dir / "postgres.making"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    start(data_dir)
    assert not half.exists()
    assert ask(data_dir, "SELECT 1") == [(1,)]


def test_a_queue_that_cannot_be_read_is_put_aside(data_dir):
    start(data_dir)
    queue(data_dir).set("kept", "yes")
    embedded.stop(data_dir)
    for path in (data_dir / "redis").rglob("*.aof"):
        path.write_bytes(b"*3\r\n$3\r\nSET\r\nnonsense\r\n" * 20)
    said: list[str] = []
    assert embedded.ensure_running(data_dir, say=said.append) == {"postgres", "redis"}
    assert any("put aside in redis-unreadable-" in line for line in said)
    assert queue(data_dir).get("kept") is None
    assert [path.name for path in data_dir.glob("redis-unreadable-*")]


def test_an_old_redis_on_the_path_is_passed_over(tmp_path, monkeypatch):
    old = tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=6.0.16 sha=00000000:0'\n")
    old.chmod(0o755)
    new = tmp_path / "valkey-server"
    new.write_text("#!/bin/sh\necho 'Valkey server v=8.1.1 sha=00000000:0'\n")
    new.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert embedded_redis.program() == new
    new.unlink()
    assert "site-packages" in str(embedded_redis.program())


def test_without_a_redis_on_the_path_the_wheels_serves(data_dir, tmp_path):
    bare = tmp_path / "bin"
    bare.mkdir()
    for needed in ("setpriv", "useradd"):
        found = shutil.which(needed)
        if found:
            (bare / needed).symlink_to(found)
    starter = start_elsewhere(data_dir, PATH=str(bare))
    said = starter.communicate(timeout=120)
    assert starter.returncode == 0, said
    server = psutil.Process(int(places_in(data_dir).redis_pid.read_text()))
    assert "site-packages" in server.exe()
    assert queue(data_dir).config_get("appendonly") == {"appendonly": "yes"}


@pytest.mark.parametrize("server", ["postgres", "redis"])
def test_one_server_alone_can_be_had(data_dir, server):
    assert embedded.ensure_running(data_dir, servers=[server], say=quiet) == {server}
    assert embedded.running(data_dir) == {server}
