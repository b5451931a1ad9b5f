"""
`make setup`: system packages and the virtual environment of this checkout, from whatever Python starts it.

Run as a file, with the standard library only, since nothing is installed yet:
`python3 -I ovop_portal/setup_machine.py runtime` for running the portal, `… dev` for working on it.
Does nothing, within a second, where everything is in place.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
LOCKS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
OLDEST_PYTHON = (3, 11)

# Debian's packages and what goes missing without each; the first three are needed for every certificate.
NEEDED = {
    "libpango-1.0-0": "certificates",
    "libpangoft2-1.0-0": "certificates",
    "libharfbuzz-subset0": "certificates in a twentieth of the time",
}
WANTED = {
    "redis-server": "Debian's Redis (else the one from a wheel is used)",
    "gettext": "the English pages",
    "poppler-utils": "looking at certificates page by page",
}
WANTED_FOR_DEV = {
    "chromium": "browser tests",
    "chromium-headless-shell": "browser tests in a third of the time",
    "clamav-daemon": "tests of scanning with a real clamd",
}


class CannotSetUp(RuntimeError):
    """The set-up cannot be completed; the message is one line that says what to do."""


def say(line: str) -> None:
    print(line, flush=True)


# --- System packages -------------------------------------------------------------------------------------------
def missing_packages(names: Sequence[str]) -> list[str]:
    """Return those of `names` that dpkg does not know as installed; none where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return []
    done = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True, text=True,
    )  # fmt: skip
    installed = {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in installed]


def wanted_packages(level: str) -> dict[str, str]:
    wanted = {**NEEDED, **WANTED}
    if level == "dev" and _distribution() != "ubuntu":  # Ubuntu's chromium is a snap, of no use to a test
        wanted |= WANTED_FOR_DEV
    if find_spec("ensurepip") is None:
        wanted[f"python3.{sys.version_info[1]}-venv"] = "the virtual environment"
    if any(shutil.which(name) for name in ("redis-server", "valkey-server")):
        wanted.pop("redis-server")
    if any(shutil.which(name) for name in ("chromium", "chromium-browser")):
        wanted.pop("chromium", None)
    return wanted


def _distribution() -> str:
    release = Path("/etc/os-release")
    lines = release.read_text().splitlines() if release.exists() else []
    return next((line.partition("=")[2].strip('"') for line in lines if line.startswith("ID=")), "")


def install_packages(level: str) -> None:
    """Install what is missing with apt, as root or by sudo without a password; else print the line to run."""
    wanted = wanted_packages(level)
    missing = missing_packages(list(wanted))
    if not missing:
        return
    become_root = _become_root()
    by_hand = f"sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(missing)}"
    if become_root is not None and shutil.which("apt-get"):
        say(f"installing with apt: {' '.join(missing)}")
        _apt([*become_root, "apt-get", "-qq", "update"])
        if not _apt([*become_root, *_INSTALL, *missing]):
            for name in missing:  # one that this release does not have must not keep the others out
                _apt([*become_root, *_INSTALL, name])
        missing = missing_packages(missing)
    for name in missing:
        say(f"not installed: {name}, for {wanted[name]}")
    if missing:
        say(f"to install what is missing, run: {by_hand}")


_INSTALL = [
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-qq",
    "install",
    "-y",
    "--no-install-recommends",
]


def _become_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def _apt(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)
    except subprocess.TimeoutExpired:
        say("apt was not done within fifteen minutes")
        return False
    return done.returncode == 0


# --- The virtual environment -----------------------------------------------------------------------------------
def install_environment(level: str) -> None:
    """Make `.venv` and install the locked requirements, checked by hash; only where the lock has changed."""
    lock = PROJECT / LOCKS[level]
    state, stamp = _state_of(lock), VENV / f".{level}-is-installed"
    if stamp.exists() and stamp.read_text() == state and (VENV / "bin" / "python").exists():
        return
    if not (VENV / "bin" / "python").exists():
        say("making .venv")
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
        )
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            raise CannotSetUp(
                f".venv cannot be made: install python3-venv ({_last_line(made.stdout + made.stderr)})"
            )
    say(f"installing {lock.name} into .venv (a minute or two the first time)")
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--require-hashes", "--requirement", str(lock)], capture_output=True, text=True
    )
    if done.returncode:
        raise CannotSetUp(f"pip could not install {lock.name}: {_last_line(done.stderr)}")
    stamp.write_text(state)
    if level == "dev":  # it holds the runtime requirements too, in the same versions (.ci/locks.py)
        (VENV / ".runtime-is-installed").write_text(_state_of(PROJECT / LOCKS["runtime"]))


def _state_of(lock: Path) -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next(
        (line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "no reason given"
    )


# --- Message catalogues ----------------------------------------------------------------------------------------
def compile_messages() -> None:
    """Compile the message catalogues that are newer than what was compiled of them."""
    catalogues = list(PROJECT.glob("locale/*/LC_MESSAGES/*.po"))
    stale = [path for path in catalogues if _is_newer(path, path.with_suffix(".mo"))]
    if not stale:
        return
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        say("the English pages stay Indonesian: msgfmt (package gettext) is not installed")
        return
    for path in stale:
        done = subprocess.run(
            [msgfmt, "--check-format", "-o", str(path.with_suffix(".mo")), str(path)],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise CannotSetUp(f"{path.relative_to(PROJECT)} cannot be compiled: {_last_line(done.stderr)}")


def _is_newer(source: Path, made: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def main(words: list[str]) -> int:
    level = words[0] if words else "dev"
    if level not in LOCKS:
        print("say runtime or dev", file=sys.stderr)
        return 2
    try:
        if sys.version_info < OLDEST_PYTHON:
            raise CannotSetUp(
                f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: PYTHON=python3.x make …"
            )
        install_packages(level)
        install_environment(level)
        compile_messages()
    except (CannotSetUp, OSError) as problem:
        print(f"set-up failed: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
