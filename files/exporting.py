"""
Exports: a list as a table to take along, with the filters it has on the page, of what this person may see there.

A column is its name and what it holds of a row; none holds more of a person than the page itself shows.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from audit import history

from . import tables
from .lists import Listing

Column = tuple[str, Callable[[Any], Any]]
# Rows read at a time.
_CHUNK = 1000
_WIB = ZoneInfo("Asia/Jakarta")


@transaction.atomic
def download(request: HttpRequest, listing: Listing, columns: Sequence[Column], *, name: str) -> HttpResponse:
    """
    Answer the buttons "Unduh CSV" and "Unduh XLSX" of a list (POST, because it is recorded); others lead back to it.

    name: what the list is called in the file's name and in the history.
    """
    kind = request.POST.get("unduh", "")
    if kind not in tables.TYPES:
        return redirect(request.get_full_path())
    count = 0

    def rows() -> Any:
        nonlocal count
        for row in listing.rows.iterator(chunk_size=_CHUNK):
            count += 1
            yield [value(row) for _, value in columns]

    file = tables.file_of(kind, [label for label, _ in columns], rows(), title=name.capitalize())
    _record(request, listing, name=name, kind=kind, count=count)
    return tables.answer(kind, file, name=f"{name}-{timezone.localdate(request.received_at, _WIB):%Y-%m-%d}")


def _record(request: HttpRequest, listing: Listing, *, name: str, kind: str, count: int) -> None:
    """Who took which list along, how many rows of it, and how it was narrowed; never the words of a search."""
    at: datetime = request.received_at
    history.record(
        "list_exported", request.user, by=request.user, at=at, list=name, format=kind, count=count,
        filters=listing.facts(),
    )  # fmt: skip
