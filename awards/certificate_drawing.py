"""
`python -m awards.certificate_drawing TARGET`: the facts of one certificate from standard input -> PDF at TARGET.

For papers that are looked at and not kept: drawn in a process of its own, without a database and with limits that it
sets itself before it loads what lays out pages. Standard input is what `packed` makes. Standard output is {} or
{"refused": sentence for the reader}; exit status 0 for both.
"""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from .certificate_text import Facts, Unprintable

PROJECT = Path(__file__).resolve().parent.parent
_DATES = ("decree_date", "issued_date")


class NotDrawn(Unprintable):
    """The paper could not be laid out within the limits."""

    def __init__(self) -> None:
        super().__init__(
            "Piagam ini belum dapat digambar di server dalam batas waktu dan ingatan; tidak ada yang tersimpan. "
            "Bila lambang baru diunggah, pakai berkas yang lebih sederhana; bila tidak, coba lagi sebentar lagi."
        )


def drawn(facts: Facts) -> bytes:
    """Return the certificate as its PDF, unsigned. Raises Unprintable: what `certificate_page.pdf` raises, NotDrawn."""
    from files import disk, sandbox
    from letters.drawing import SECONDS

    with disk.incoming("pdf") as target:
        try:
            with sandbox.a_turn():
                done = subprocess.run(
                    [sys.executable, "-s", "-E", "-m", "awards.certificate_drawing", str(target)],
                    cwd=PROJECT, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}, input=packed(facts),
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=2 * SECONDS, check=False,
                )  # fmt: skip
        except subprocess.TimeoutExpired as slow:
            raise NotDrawn from slow
        if done.returncode:
            raise NotDrawn
        if refused := json.loads(done.stdout).get("refused"):
            raise Unprintable(refused)
        return target.read_bytes()


def packed(facts: Facts) -> bytes:
    given = asdict(facts)
    given |= {name: given[name].isoformat() for name in _DATES}
    given["emblem"] = b64encode(facts.emblem).decode() if facts.emblem else None
    return json.dumps(given).encode()


def unpacked(data: bytes) -> Facts:
    given: dict[str, Any] = json.loads(data)
    given |= {name: date.fromisoformat(given[name]) for name in _DATES}
    given["emblem"] = b64decode(given["emblem"]) if given["emblem"] else None
    return Facts(**given)


def _draw(target: Path) -> dict[str, str]:
    import django
    from django.conf import settings

    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [PROJECT / "templates"]}
    settings.configure(BASE_DIR=PROJECT, TEMPLATES=[engine], USE_I18N=False)
    django.setup()
    from . import certificate_page

    try:
        target.write_bytes(certificate_page.pdf(unpacked(sys.stdin.buffer.read())))
    except Unprintable as problem:
        return {"refused": problem.for_reader}
    return {}


if __name__ == "__main__":
    from letters.drawing import limit_this_process

    limit_this_process()
    print(json.dumps(_draw(Path(sys.argv[1]))))
