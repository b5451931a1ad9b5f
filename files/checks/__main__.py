"""
`python -m files.checks SECONDS inspect SOURCE TARGET [HEIGHT]` or `… SECONDS page SOURCE NUMBER TARGET`, with so much
time of the processor: one JSON object on standard output.

{"media_type": …, "pages": …} or {"media_type": …, "width": …, "height": …}, or {"refused": code, …}. A picture is
written to TARGET, at most HEIGHT pixels high; a PDF is not. Exit status 0 for a refusal too: anything else means that
the process was stopped.
"""

import json
import resource
import sys
import warnings
from pathlib import Path
from typing import Any

from files.checks.refusal import No

MEMORY = 1024 * 1024 * 1024
_WRITTEN = 40 * 1024 * 1024


def limit_this_process(seconds: int) -> None:
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _WRITTEN),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (limit, limit))


def answer(words: list[str]) -> dict[str, Any]:
    # Imported under the limits, and only what the question needs.
    if words[0] == "page":
        from files.checks import page

        return page.draw(Path(words[1]), int(words[2]), Path(words[3]))
    from files.checks import kinds

    source = Path(words[1])
    with source.open("rb") as file:
        kind = kinds.kind_of(file)
    if kind == "application/pdf":
        from files.checks import pdf

        return {"media_type": kind, **pdf.check(source)}
    from files.checks import picture

    return {"media_type": kind, **picture.remake(source, kind, Path(words[2]), *map(int, words[3:]))}


def main(seconds: str, words: list[str]) -> None:
    limit_this_process(int(seconds))
    warnings.simplefilter("ignore")
    try:
        found = answer(words)
    except No as no:
        found = {"refused": no.code, **no.facts}
    except MemoryError:
        found = {"refused": "too_demanding"}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
