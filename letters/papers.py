"""
Papers that are read, printed and signed by hand (minutes, explanations), as PDF from a template and nothing else.

Drawn when somebody opens one, in a process with limits of its own, so that no web process lays out pages; the same
words give the same bytes, so nothing is kept. Official letters are another thing: official.py.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import content_disposition_header

from accounts.offices import MINISTRY_CODE
from files import disk, sandbox

from . import pdf
from .drawing import SECONDS
from .models import Letterhead

PROJECT = Path(__file__).resolve().parent.parent


class NotDrawn(Exception):
    """The paper could not be laid out within the limits; the page with the same content can still be printed."""

    for_reader = (
        "Berkas PDF belum dapat dibuat; isinya tidak berubah. Coba lagi sebentar lagi, atau cetak halamannya."
    )


def words_of(template: str, context: Mapping[str, Any]) -> str:
    """Return the page that a paper is drawn from: for tests too, which read its words."""
    with translation.override("id"):
        return render_to_string(template, dict(context))


def drawn(words: str, *, pictures: Sequence[Path] = ()) -> bytes:
    """Return a page as an accessible PDF (PDF/UA-1); of the disk it loads the faces and `pictures`. Raises NotDrawn."""
    faces = [str(pdf.FONTS / file) for _, _, _, file in pdf.FACES]
    return laid_out(words, css=pdf.rules_of("letter.css", "paper.css"), files=[*faces, *map(str, pictures)])


def laid_out(words: str, *, css: str, files: Sequence[str] = ()) -> bytes:
    """Return a page as PDF, laid out in a process of its own; of the disk it loads `files`. Raises NotDrawn."""
    order = {
        "html": words,
        "css": css,
        "files": list(files),
        "identifier": hashlib.sha256(words.encode()).hexdigest()[:32],
    }
    with disk.incoming("pdf") as target:
        try:
            with sandbox.a_turn():
                done = subprocess.run(
                    [sys.executable, "-s", "-E", "-m", "letters.drawing", str(target)],
                    cwd=PROJECT, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}, input=json.dumps(order).encode(),
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=2 * SECONDS, check=False,
                )  # fmt: skip
        except subprocess.TimeoutExpired as slow:
            raise NotDrawn from slow
        if done.returncode or not target.is_file():
            raise NotDrawn
        return target.read_bytes()


def answer(
    template: str, context: Mapping[str, Any], *, name: str, pictures: Sequence[Path] = ()
) -> HttpResponse:
    """The paper as a download called `name`; 503 in plain words where it could not be drawn."""
    try:
        content = drawn(words_of(template, context), pictures=pictures)
    except NotDrawn as problem:
        return HttpResponse(problem.for_reader, status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def ministry_letterhead() -> list[str]:
    """The lines of the ministry's letterhead; none where nobody has written it, and the paper then begins without."""
    found = Letterhead.objects.filter(office__code=MINISTRY_CODE).first()
    return list(found.lines) if found else []
