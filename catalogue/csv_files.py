"""The public's CSV files: UTF-8 with its mark, commas, one heading, nothing that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse


def answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A file `name`.csv to be kept; None is written as an empty cell."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    # Spreadsheets take a file for UTF-8 by this mark only.
    response.write("\ufeff")
    lines = csv.writer(response)
    lines.writerow(columns)
    for row in rows:
        lines.writerow(harmless(value) for value in row)
    return response


def harmless(value: Any) -> Any:
    """A name that a spreadsheet would run as a formula is written as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
