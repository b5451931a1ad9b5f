"""
Where the servers of one machine keep their files, and as whom they run.

PostgreSQL refuses to run as root. Started by root, both servers therefore run as the owner of the data folder,
or as the system user `ovop` where root owns it. Nothing outside the data folder is opened up for that user: where
it could not walk down to its files (a checkout below /root), it is lent the one capability that allows it.
"""

import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

# A unix socket's path has room for 108 bytes, the last of them a zero.
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = len(".s.PGSQL.5432")
SERVICE_USER = "ovop"

# What every URL form and every command line bears without quoting.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


class ServersUnavailable(RuntimeError):
    """A server of this machine cannot be started, stopped or reached; the message is one line that says why."""


@dataclass(frozen=True)
class Places:
    """The folders and files of the two servers of one data folder. Making one touches nothing."""

    data: Path
    sockets: Path

    @property
    def sockets_are_elsewhere(self) -> bool:
        return self.sockets.parent != self.data

    def sockets_are_its_own(self) -> bool:
        """Tell whether the folder of the sockets is the servers' own: not copied along, nor laid by a stranger."""
        try:
            found = self.sockets.lstat()
            return stat.S_ISDIR(found.st_mode) and found.st_uid == self.redis.stat().st_uid
        except OSError:
            return False

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    @property
    def redis(self) -> Path:
        return self.data / "redis"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def redis_pid(self) -> Path:
        return self.redis / "redis.pid"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def lock(self) -> Path:
        return self.data / "servers.lock"


def places_in(data_dir: str | os.PathLike[str]) -> Places:
    """
    Return the places of a data folder: the same answer in every process, whatever its environment.

    The sockets lie in `sockets/` of the data folder; where that path is too long for a socket, or has characters
    that URLs quote differently, in a folder of the system's /tmp whose name is made from the data folder's path.
    """
    data = Path(data_dir).expanduser().resolve()
    inside = data / "sockets"
    room = len(os.fsencode(inside)) + 1 + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH
    if room and _PLAIN_PATH.fullmatch(str(inside)):
        return Places(data, inside)
    mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Places(data, Path("/tmp") / f"ovop-{mark}")  # noqa: S108 - made private, or refused, in `prepare`


@dataclass(frozen=True)
class RunAs:
    """The user that the servers run as, when the starting process is root; `None` ids mean: as ourselves."""

    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def command(self, command: list[str | Path], *, reads: Path) -> list[str]:
        """Return `command` so that it runs as this user, who must be able to reach `command[0]` and `reads`."""
        plain = [str(part) for part in command]
        if self.uid is None:
            return plain
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise ServersUnavailable(
                "root needs setpriv (package util-linux) to start PostgreSQL as another user"
            )
        drop = [setpriv, "--reuid", str(self.uid), "--regid", str(self.gid), "--clear-groups"]
        program = Path(plain[0])
        if not (
            self._may_enter(reads) and self._may_enter(program) and _open_to(program, self, stat.S_IXOTH)
        ):
            drop += _lent_capability(program)
        return [*drop, "--", *plain]

    def _may_enter(self, path: Path) -> bool:
        return all(_open_to(folder, self, stat.S_IXOTH) for folder in path.parents if folder.exists())


def _open_to(path: Path, who: RunAs, bit: int) -> bool:
    """Tell whether the permission bits of `path` give `bit` (as of "others") to this user."""
    found = path.stat()
    if found.st_uid == who.uid:
        return bool(found.st_mode & (bit << 6))
    if found.st_gid == who.gid:
        return bool(found.st_mode & (bit << 3))
    return bool(found.st_mode & bit)


def _lent_capability(program: Path) -> list[str]:
    held = 0
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            held = int(line.split()[1], 16)
    for bit, name in ((_CAP_DAC_READ_SEARCH, "dac_read_search"), (_CAP_DAC_OVERRIDE, "dac_override")):
        if held >> bit & 1:
            return ["--inh-caps", f"+{name}", "--ambient-caps", f"+{name}"]
    raise ServersUnavailable(
        f"the user {SERVICE_USER} cannot reach {program} or the data folder: "
        "put the project and OVOP_DATA_DIR below a folder that other users may enter"
    )


def run_as_for(data: Path) -> RunAs:
    """Return as whom the servers of an existing data folder run; makes the system user `ovop` if root needs it."""
    if os.geteuid() != 0:
        return RunAs()
    owner = data.stat()
    if owner.st_uid != 0:
        return RunAs(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        entry = _make_service_user()
    return RunAs(entry.pw_uid, entry.pw_gid)


def _make_service_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run(
            [useradd, *options, "--shell", "/usr/sbin/nologin", SERVICE_USER],
            check=True, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        # A machine whose list of users is read-only: every Debian has this one.
        return pwd.getpwnam("nobody")
    return pwd.getpwnam(SERVICE_USER)


def prepare(places: Places) -> RunAs:
    """
    Make the folders and return as whom the servers run.

    Raises ServersUnavailable where a folder cannot be made or written, or where somebody else holds the place of
    the sockets.
    """
    try:
        places.data.mkdir(parents=True, exist_ok=True)
        who = run_as_for(places.data)
        for folder in (places.redis, places.logs):
            folder.mkdir(mode=0o700, exist_ok=True)
            who.own(folder)
        _prepare_sockets(places, who)
        with tempfile.TemporaryFile(dir=places.logs) as probe:
            probe.write(b"\0" * 4096)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ServersUnavailable(f"the data folder {places.data} cannot be used: {reason}") from error
    return who


def _prepare_sockets(places: Places, who: RunAs) -> None:
    inside = places.data / "sockets"
    if inside.is_symlink() and (not places.sockets_are_elsewhere or inside.readlink() != places.sockets):
        inside.unlink()  # came with a copy of another data folder
    places.sockets.mkdir(mode=0o700, exist_ok=True)
    found = places.sockets.lstat()
    expected = {os.geteuid(), who.uid if who.uid is not None else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in expected:
        raise ServersUnavailable(f"{places.sockets}, the folder of the sockets, belongs to somebody else")
    places.sockets.chmod(0o700)
    who.own(places.sockets)
    if places.sockets_are_elsewhere and not inside.is_symlink():
        if inside.is_dir():
            shutil.rmtree(inside)
        inside.symlink_to(places.sockets)
