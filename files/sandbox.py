"""
Content from outside is parsed in a process of its own: `ask("inspect", source, target)`.

The process limits itself before it imports anything that parses (checks/__main__.py: 1 GB of memory, 20 s of
processor, 40 MB written), gets none of the portal's environment, and is stopped after twice that time in any case.
"""

import fcntl
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

PROJECT = Path(__file__).resolve().parent.parent
SECONDS = 20
# So many at once on this machine, whatever the number of web threads: together at most 3 GB.
TURNS = 3


def ask(question: str, *words: str | Path | int) -> dict[str, Any]:
    """
    Return the answer of `python -m files.checks SECONDS QUESTION WORDS…`.

    A process that was stopped, by a limit or by a fault in a parser, answers {"refused": "too_demanding"}.
    """
    try:
        with a_turn():
            done = subprocess.run(
                [sys.executable, "-s", "-E", "-m", "files.checks", str(SECONDS), question, *map(str, words)],
                cwd=PROJECT, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=2 * SECONDS, check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"refused": "too_demanding"}
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = None
    return found if done.returncode == 0 and isinstance(found, dict) else {"refused": "too_demanding"}


@contextmanager
def a_turn() -> Iterator[None]:
    """Take a free turn, or wait for one; a process that dies gives its turn back by dying."""
    folder = Path(settings.DATA_DIR) / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as open_files:
        turns = [open_files.enter_context((folder / str(number)).open("w")) for number in range(TURNS)]
        for turn in turns:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            break
        else:
            fcntl.flock(random.choice(turns), fcntl.LOCK_EX)
        yield
