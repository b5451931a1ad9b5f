"""Certificates signed beside unsigned, beside a process for each file, and beside Typst on a comparable page."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from awards import certificate_drawings, certificate_page, certificates, tasks
from awards.certificate_type import FONTS
from awards.models import Certificate

from . import material, measuring
from .measuring import Row, compare

SIZE = 40
AIM_SIGNED, AIM_NAIVE, AIM_TYPST = 0.70, 15.0, 0.2
_NAIVE = "import sys, weasyprint; weasyprint.HTML(sys.argv[1]).write_pdf(sys.argv[2])"
_TYPST = Path(__file__).with_name("certificate.typ")


class _Stock:
    """Numbered certificates without files, handed out a turn at a time."""

    def __init__(self, size: int, kinds: int) -> None:
        decree = material.awards(size * kinds * (measuring.REPEATS + 1), published=False)
        self._keys = list(
            Certificate.objects.filter(award__decree=decree).order_by("pk").values_list("pk", flat=True)
        )
        self._size = size
        self._next = 0

    def taken(self) -> list[int]:
        self._next += self._size
        return self._keys[self._next - self._size : self._next]

    def facts(self) -> list[certificate_page.Facts]:
        """What the first certificates of a turn say."""
        rows = Certificate.objects.select_related("award__decree__round", "award__group", "award__nomination")
        return [
            certificates.facts(row) for row in rows.filter(pk__in=self._keys[: self._size]).order_by("pk")
        ]

    def made_by_the_task(self, _turn: int) -> int:
        keys = self.taken()
        for key in keys:
            tasks.render_certificate(certificate_id=key)
        if missing := Certificate.objects.filter(pk__in=keys, rendered_at=None).count():
            raise RuntimeError(f"{missing} of {len(keys)} certificates were not made")
        return len(keys)


@contextmanager
def _signed_by(name: str) -> Iterator[None]:
    before, settings.SIGNER = settings.SIGNER, name
    try:
        yield
    finally:
        settings.SIGNER = before


def _with(name: str, work: Callable[[int], int]) -> Callable[[int], int]:
    def working(turn: int) -> int:
        with _signed_by(name):
            return work(turn)

    return working


def measure_signed(size: int) -> Row:
    """
    Ours: the worker's task with the institution's key, from the locked row to the signed, stored and recorded file.
    Theirs: the same task without a signature.
    """
    stock = _Stock(size, 2)
    before = psutil.Process().memory_info().rss
    row = compare(
        "certificates-signed",
        ours=_with("local", stock.made_by_the_task),
        theirs=_with("none", stock.made_by_the_task),
        unit="certificates/s",
        beside="the same, unsigned",
        aim=AIM_SIGNED,
    )
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    count = 2 * size * (measuring.REPEATS + 1)
    return _noted(row, f"certificates-signed: memory grew by {grown:.1f} MB over {count} certificates")


def measure_naive(size: int) -> Row:
    """Ours: as above, signed. Theirs: a process for each file: Python, WeasyPrint, the same HTML with its files."""
    stock = _Stock(size, 1)
    files_each_turn = max(1, size // 10)
    with tempfile.TemporaryDirectory(prefix="ovop-bench-") as folder:
        page = Path(folder) / "page.html"
        page.write_text(_on_disk(certificate_page.html(stock.facts()[0]), Path(folder)), encoding="utf-8")

        def theirs(_turn: int) -> int:
            for _ in range(files_each_turn):
                subprocess.run([sys.executable, "-c", _NAIVE, str(page), f"{folder}/page.pdf"], check=True)
            return files_each_turn

        return compare(
            "certificates-naive",
            ours=_with("local", stock.made_by_the_task),
            theirs=theirs,
            unit="certificates/s",
            beside="a process per file",
            aim=AIM_NAIVE,
        )


def measure_typst(size: int) -> Row:
    """
    Ours: as above, signed. Theirs: Typst, one compiler kept warm, a page with the same words, ornament, stars and QR
    code in the same faces, as PDF/A-3a with tags; nothing attached, signed or stored.
    """
    import typst

    stock = _Stock(size, 1)
    with tempfile.TemporaryDirectory(prefix="ovop-bench-") as folder:
        root = Path(folder)
        (root / "certificate.typ").write_bytes(_TYPST.read_bytes())
        given = [_for_typst(number, facts, root) for number, facts in enumerate(stock.facts())]
        compiler = typst.Compiler(
            str(root / "certificate.typ"), root=folder, font_paths=[str(FONTS)], ignore_system_fonts=True
        )

        def theirs(turn: int) -> int:
            # Typst remembers what it has set before: each turn has numbers of its own, as each batch would.
            for words in (one.replace("OVOP/", f"OVOP/{turn}/") for one in given):
                compiler.compile(format="pdf", sys_inputs={"facts": words}, pdf_standards=["a-3a"])
            return len(given)

        return compare(
            "certificates-typst",
            ours=_with("local", stock.made_by_the_task),
            theirs=theirs,
            unit="certificates/s",
            beside="Typst, comparable page",
            aim=AIM_TYPST,
        )


def _noted(row: Row, note: str) -> Row:
    from dataclasses import replace

    return replace(row, notes=(*row.notes, note))


def _on_disk(html: str, folder: Path) -> str:
    """The page with its fonts and pictures as files."""

    def file_of(found: re.Match[str]) -> str:
        body, kind = certificate_drawings.content(found[0])
        ending = "ttf" if "font" in kind else "svg"
        path = folder / f"{abs(hash(found[0]))}.{ending}"
        path.write_bytes(body)
        return path.as_uri()

    return re.sub(r'project:[^"\')\s]+', file_of, html)


def _for_typst(number: int, facts: certificate_page.Facts, root: Path) -> str:
    pictures: dict[str, Any] = {
        "qr": certificate_drawings.qr_address(facts.verify_url),
        "stars": certificate_drawings.stars_address(facts.star, facts.maximum_star),
        "ornament": certificate_drawings.ornament_address(facts.ornament),
    }
    for kind, address in pictures.items():
        name = f"{kind}-{number}.svg"
        (root / name).write_bytes(certificate_drawings.content(address)[0])
        pictures[kind] = name
    words = re.findall(
        r">([^<>]*\S[^<>]*)<", certificate_page.html(facts, with_style=False).partition("<body")[2]
    )
    return json.dumps({"title": facts.number, "words": [" ".join(one.split()) for one in words], **pictures})
