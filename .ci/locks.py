"""The lock files hold no address, a hash for every package, and what pyproject.toml asks for. Part of `make check`."""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")


def pins(lock: str) -> dict[str, str]:
    """Return canonical name -> version of a lock file's text."""
    found = (_PINNED.match(line) for line in lock.splitlines())
    return {str(canonicalize_name(match[1])): match[2] for match in found if match}


def problems(lock: str, asked: list[str], *, name: str) -> list[str]:
    """Return one line for each thing that is wrong with the text of a lock file, given what it must satisfy."""
    wrong = [
        f"{name}, line {number}: holds an address"
        for number, line in enumerate(lock.splitlines(), 1)
        if re.search(r"\w+://|--(extra-)?index-url|--find-links|--trusted-host", line)
    ]
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock)
    wrong += [
        f"{name}: {match[1]} has no hash"
        for block in blocks
        if (match := _PINNED.match(block)) and "--hash=sha256:" not in block
    ]
    have = pins(lock)
    for text in asked:
        wanted = Requirement(text)
        version = have.get(str(canonicalize_name(wanted.name)))
        if version is None:
            wrong.append(f"{name}: {wanted.name} of pyproject.toml is not locked")
        elif not wanted.specifier.contains(version, prereleases=True):
            wrong.append(f"{name}: {wanted.name} {version} is not {wanted.specifier}")
    return wrong


def main() -> int:
    told = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime, dev = told["project"]["dependencies"], told["dependency-groups"]["dev"]
    locks = {
        name: (PROJECT / name).read_text(encoding="utf-8")
        for name in ("requirements.txt", "requirements-dev.txt")
    }
    wrong = problems(locks["requirements.txt"], runtime, name="requirements.txt")
    wrong += problems(locks["requirements-dev.txt"], [*runtime, *dev], name="requirements-dev.txt")
    both = pins(locks["requirements-dev.txt"])
    wrong += [
        f"{name} is {version} in requirements.txt and {both.get(name, 'absent')} in requirements-dev.txt"
        for name, version in pins(locks["requirements.txt"]).items()
        if both.get(name) != version
    ]
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
