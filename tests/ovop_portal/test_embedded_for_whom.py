"""The servers of one machine for root and for everybody else, and on disks that do not play along."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from ovop_portal import embedded
from ovop_portal.embedded_places import places_in

PROJECT = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0
ORDINARY = "nobody" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name


def servers(word: str, folder: Path, *, before: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-B", "-m", "ovop_portal.embedded", word],
        cwd=PROJECT, env={**os.environ, "OVOP_DATA_DIR": str(folder)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def as_an_ordinary_user() -> list[str]:
    """Words before a command; root lends the right to read, since Python itself may lie in root's own folder."""
    if not IS_ROOT:
        return []
    lent = ["--inh-caps", "-all,+dac_read_search", "--ambient-caps", "-all,+dac_read_search"]
    return ["setpriv", "--reuid", ORDINARY, "--regid", "nogroup", "--clear-groups", *lent, "--bounding-set",
            "-all,+dac_read_search", "--"]  # fmt: skip


@pytest.fixture
def their_folder(tmp_path):
    folder = tmp_path / "var"
    folder.mkdir()
    if IS_ROOT:
        shutil.chown(folder, ORDINARY, "nogroup")
    yield folder
    embedded.stop(folder)


def owner_of_the_server(folder: Path) -> str:
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0])).username()


def test_an_ordinary_user_starts_and_stops_them(their_folder):
    started = servers("start", their_folder, before=as_an_ordinary_user())
    assert started.returncode == 0, started.stderr
    assert "postgres, redis" in started.stdout
    assert owner_of_the_server(their_folder) == ORDINARY
    assert servers("stop", their_folder, before=as_an_ordinary_user()).stdout == "stopped: postgres, redis\n"


@pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else")
def test_root_runs_them_as_the_owner_of_the_folder_who_can_go_on_alone(their_folder):
    assert embedded.ensure_running(their_folder, say=lambda _: None) == {"postgres", "redis"}
    assert owner_of_the_server(their_folder) == ORDINARY
    embedded.stop(their_folder)
    again = servers("start", their_folder, before=as_an_ordinary_user())
    assert again.returncode == 0, again.stderr
    assert "postgres, redis" in again.stdout


@pytest.mark.skipif(not IS_ROOT, reason="only root is refused by PostgreSQL")
def test_in_roots_own_folder_they_run_as_somebody_else_and_nothing_is_opened_up(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    try:
        embedded.ensure_running(closed / "var", say=lambda _: None)
        assert owner_of_the_server(closed / "var") in {"ovop", "nobody"}
        assert closed.stat().st_mode & 0o777 == 0o700
        assert closed.stat().st_uid == 0
    finally:
        embedded.stop(closed / "var")


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    folder = tmp_path / "var"
    folder.mkdir(mode=0o555)
    told = servers("start", folder, before=as_an_ordinary_user())
    assert told.returncode == 1
    assert told.stderr == f"the data folder {folder} cannot be used: Permission denied\n"


@pytest.mark.skipif(not IS_ROOT, reason="only root can mount a small disk")
@pytest.mark.parametrize("size", ["16k", "12m"])
def test_a_full_disk_is_told_in_one_line(tmp_path, size):
    folder = tmp_path / "var"
    folder.mkdir()
    small = f'mount -t tmpfs -o size={size} none "{folder}" && exec "$@"'
    told = servers("start", folder, before=["unshare", "-m", "sh", "-c", small, "sh"])
    assert told.returncode == 1
    assert "No space left on device" in told.stderr.splitlines()[-1]
    assert "Traceback" not in told.stderr


def test_servers_somebody_else_started_are_told_apart_from_ours(tmp_path):
    places = places_in(tmp_path)
    assert not places.sockets_are_its_own()
    places.redis.mkdir()
    places.sockets.mkdir()
    assert places.sockets_are_its_own()
    places.sockets.rmdir()
    places.sockets.symlink_to(tmp_path)
    assert not places.sockets_are_its_own()
