"""
Tables that people take along: CSV and XLSX of any list, in which nothing runs as a formula.

Both are written to a temporary file before the answer begins: what fails half-way is an error, never half a table that
looks whole. Why the CSV has semicolons: decision 0055. openpyxl is loaded where a workbook is met, here and in the imports:
with what it brings it was a tenth of the start of every process (numpy among it).
"""

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponse

if TYPE_CHECKING:
    from openpyxl import Workbook

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIB = ZoneInfo("Asia/Jakarta")
_STARTS_A_FORMULA = ("=", "+", "-", "@")
# Beyond this a file lies on disk, not in memory.
_IN_MEMORY = 1024 * 1024


def runs(text: str) -> bool:
    """Whether a spreadsheet may take this text for a formula: also after blanks, and in full-width letters."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    seen = (letter for letter in unicodedata.normalize("NFKC", text) if _is_seen(letter))
    return next(seen, "") in _STARTS_A_FORMULA


def _is_seen(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter)[0] != "C"


def file_of(kind: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> IO[bytes]:
    """A file with the header and these rows, at its beginning; `kind`: one of TYPES, `title` names the sheet."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    try:
        if kind == "xlsx":
            _workbook(columns, rows, title=title).save(file)
        else:
            file.writelines(csv_lines(columns, rows))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def answer(kind: str, file: IO[bytes], *, name: str) -> HttpResponse:
    """The download of such a file; `name` has no ending yet. No cache keeps it."""
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}.{kind}",
        content_type=TYPES[kind],
        headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
    )
    # A streaming answer is no HttpResponse by its class; a page answers with either.
    return cast("HttpResponse", response)


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The lines of a CSV with a byte order mark and semicolons, as a spreadsheet set to Indonesian opens it."""
    yield "\ufeff".encode()
    for row in chain([columns], rows):
        line = io.StringIO()
        csv.writer(line, delimiter=";").writerow([_for_csv(value) for value in row])
        yield line.getvalue().encode()


def _for_csv(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.astimezone(_WIB):%Y-%m-%d %H:%M}"
    if isinstance(value, str) and runs(value):
        return f"'{value}"
    return value


def _workbook(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> "Workbook":
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    head = []
    for label in columns:
        cell = WriteOnlyCell(sheet, label)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for row in rows:
        sheet.append([_for_xlsx(sheet, value) for value in row])
    return book


def _for_xlsx(sheet: Any, value: Any) -> Any:
    """Numbers and dates as such; text always as text, marked so that it stays one when somebody edits the cell."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, datetime):
        return value.astimezone(_WIB).replace(tzinfo=None, second=0, microsecond=0)
    if value is None or isinstance(value, int | float | date):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = runs(text)
    return cell
