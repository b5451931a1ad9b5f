"""
Content from outside is parsed in a process of its own: `ask("inspect", source, target)`.

The process limits itself before it imports anything that parses (checks/__main__.py: 1 GB of memory, 20 s of
processor, 40 MB written), gets none of the portal's environment, and is stopped after twice that time in any case.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
SECONDS = 20


def ask(question: str, *words: str | Path | int) -> dict[str, Any]:
    """
    Return the answer of `python -m files.checks SECONDS QUESTION WORDS…`.

    A process that was stopped, by a limit or by a fault in a parser, answers {"refused": "too_demanding"}.
    """
    try:
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
