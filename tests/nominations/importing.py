"""What the tests of the import share: tables as bytes, CSV or XLSX, good and hostile."""

import csv
import io
import zipfile
from typing import Any

from openpyxl import Workbook, load_workbook

HEAD = ("regency_code", "commodity", "ikm_name", "product_name", "sentra", "nib")
GOOD = ("3205", "anyaman", "UD Bambu Indah", "Topi bambu", "Sentra Bambu", "9120001020304")


def a_csv(*rows: Any, head: Any = HEAD, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def a_book(*rows: Any, head: Any = HEAD, change: Any = None) -> bytes:
    """An XLSX; `change` may do to its sheet what a person would."""
    book = Workbook()
    sheet = book.active
    for row in (head, *rows):
        sheet.append(row)
    if change:
        change(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one part more, or another one in its place."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return file.getvalue()


def part_of(book: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(name)


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))
