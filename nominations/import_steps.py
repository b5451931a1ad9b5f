"""
What an uploaded table goes through between its two steps, whichever pages import it: it is looked through, lies in the
cache under a secret name for whoever sent it, and its problems are shown on the page and taken along as CSV.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse

from accounts.models import Person
from files import tables

from . import import_template
from .import_columns import COLUMNS, Column
from .import_plan import Outcome
from .import_table import Problem

# How long a file that was looked through can be taken over; then it is gone, and is chosen again.
KEPT_SECONDS = 60 * 60
SHOWN = 500
_HEAD = ("Baris", "Kolom", "Keterangan")


@dataclass(frozen=True)
class Kept:
    """A table between its two steps: its file's name and content, who sent it, and what it is for."""

    name: str
    content: bytes
    person: int
    purpose: Any


@dataclass(frozen=True)
class Store:
    """The tables of one kind of import."""

    kind: str

    def keep(self, name: str, content: bytes, purpose: Any, *, by: Person) -> str:
        """Return the secret name under which it can be taken out again for an hour."""
        token = secrets.token_hex(16)
        cache.set(self._key(token), Kept(name, content, by.pk, purpose), KEPT_SECONDS)
        return token

    def find(self, token: str, person: Person) -> Kept | None:
        """None where there is none of this name, any more, or for this person."""
        kept = cache.get(self._key(token))
        return kept if isinstance(kept, Kept) and kept.person == person.pk else None

    def drop(self, token: str) -> None:
        cache.delete(self._key(token))

    def _key(self, token: str) -> str:
        return f"{self.kind}:{token}"


def columns() -> list[dict[str, Any]]:
    """The columns of the table of problems on a page."""
    return [{"label": label} for label in ("Tempat", *_HEAD[1:])]


def rows(found: list[Problem]) -> list[list[Any]]:
    return [
        [f"Baris {problem.row}" if problem.row else "Berkas", problem.column, problem.reason]
        for problem in found
    ]


def problems_file(outcome: Outcome, *, name: str) -> HttpResponse:
    """Every problem and warning as CSV, to be worked through beside the table."""
    lines = [
        [kind, problem.row or "", problem.column, problem.reason]
        for kind, found in (("kesalahan", outcome.problems), ("perhatian", outcome.warnings))
        for problem in found
    ]
    return tables.answer("csv", tables.file_of("csv", ["Jenis", *_HEAD], lines, title="Kesalahan"), name=name)


def template_file(kind: str, columns: Mapping[str, Column] = COLUMNS, *, name: str) -> HttpResponse | None:
    """The empty table as csv or xlsx; None for another kind."""
    write = import_template.TEMPLATES.get(kind)
    if write is None:
        return None
    return HttpResponse(
        write(columns),
        content_type=tables.TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )
