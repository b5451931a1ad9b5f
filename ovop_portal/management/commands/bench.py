"""`manage.py bench NAME` or `--all`: ours beside something known, measured in the same run."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ovop_portal.bench import (
    certificates,
    certificates_beside,
    drawing,
    nominating,
    pages,
    recomputing,
    searching,
)
from ovop_portal.bench.measuring import Row
from ovop_portal.bench.scratch import CannotMeasure, scratch, server

# Name -> (what measures it, its size where none is given); each says in its docstring exactly what is measured.
BENCHMARKS: dict[str, tuple[Callable[[int], Row], int]] = {
    "certificates": (certificates.measure, certificates.SIZE),
    "certificates-signed": (certificates_beside.measure_signed, certificates_beside.SIZE),
    "certificates-naive": (certificates_beside.measure_naive, certificates_beside.SIZE),
    "certificates-typst": (certificates_beside.measure_typst, certificates_beside.SIZE),
    "recompute": (recomputing.measure, recomputing.SIZE),
    "draw": (drawing.measure, drawing.SIZE),
    "catalogue": (pages.measure_catalogue, pages.SIZE),
    "catalogue-made": (pages.measure_catalogue_made, pages.SIZE),
    "product": (pages.measure_product, pages.SIZE),
    "product-made": (pages.measure_product_made, pages.SIZE),
    "search": (pages.measure_search, pages.SIZE),
    "search-many": (searching.measure, searching.SIZE),
    "submit": (nominating.measure, nominating.SIZE),
}


class Command(BaseCommand):
    help = "Measure in a database of its own, which is gone afterwards; --all writes bench.json too."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("name", nargs="?", choices=BENCHMARKS, help="one benchmark")
        which.add_argument("--all", action="store_true", help="every benchmark, also into bench.json")
        parser.add_argument("--size", type=int, help="how many things to work on")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["size"] is not None and options["size"] < 1:
            raise CommandError("--size is 1 or more")
        names = list(BENCHMARKS) if options["all"] else [options["name"]]
        try:
            rows = self._measure(names, options["size"])
        except CannotMeasure as problem:
            raise CommandError(str(problem)) from problem
        if options["all"]:
            _write(Path(settings.DATA_DIR) / "bench.json", rows)
        self.stdout.write(
            json.dumps({"rows": [row.as_json() for row in rows]}) if options["json"] else _told(rows)
        )
        if options["json"]:
            for note in (note for row in rows for note in row.notes):
                self.stderr.write(note)
        if broken := [f"{row.row}: {row.broken}" for row in rows if row.broken]:
            self.stderr.write("\n".join(broken))
            sys.exit(1)

    def _measure(self, names: list[str], size: int | None) -> list[Row]:
        rows = []
        self._say("making a database to measure in")
        with server() as template:
            for name in names:
                measure, usual = BENCHMARKS[name]
                self._say(f"measuring {name}")
                with scratch(template):
                    rows.append(measure(size or usual))
        return rows

    def _say(self, what: str) -> None:
        self.stderr.write(what)
        self.stderr.flush()


def _write(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n", encoding="utf-8")


def _told(rows: list[Row]) -> str:
    return "\n".join([_table(rows), *(note for row in rows for note in row.notes)])


def _table(rows: list[Row]) -> str:
    """The rows in columns; the ratio is ours / theirs, with the smallest and largest of the repeats."""
    head = ("row", "ours", "theirs", "unit", "ratio", "spread", "aim", "beside")
    body = [
        (
            row.row, f"{row.ours:.1f}", f"{row.theirs:.1f}", row.unit, f"{row.ratio:.2f}",
            f"{row.spread[0]:.2f}-{row.spread[1]:.2f}", f">= {row.aim:g}{'' if row.met else ' NOT MET'}", row.beside,
        )
        for row in rows
    ]  # fmt: skip
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *body)
    )
