"""
Reading a table that somebody made in a spreadsheet: CSV or XLSX, judged by its content as well as by its name.

What cannot be read as it was meant is said, never guessed: a formula, a merged cell, a date where text belongs, digits
that a spreadsheet has rounded away.
"""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 60
# What an XLSX may unpack to; a table of 5,000 rows with long stories stays far below.
MAX_UNPACKED = 40 * 1024 * 1024
_MAX_PARTS = 500
# A row that stands this far down is no table of 5,000 rows.
_LAST_ROW = 20_000
SHEET = "Usulan"
# A line that begins so is for the reader, and is passed over: the example of the template.
REMARK = "#"

_SAVE_AS_UTF8 = 'Simpan lagi sebagai "CSV UTF-8" atau sebagai XLSX.'
_SAVE_AS_XLSX = 'Buka berkas itu di aplikasi lembar kerja, lalu simpan sebagai "Excel Workbook (.xlsx)".'
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z0-9:]+)"')


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell: the row as the spreadsheet numbers it (0: the file as a whole), the column, and why."""

    row: int
    column: str
    reason: str


class Unreadable(Exception):
    """Nothing of the file can be taken; `problems` says what is wrong and what to do."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.reason for problem in problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Row:
    """
    One line: column -> its text, without those that are empty; `numbers` are the columns that were no text there,
    `unread` those of which a Problem says that they cannot be read.
    """

    number: int
    values: Mapping[str, str]
    numbers: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Cell:
    """A cell as text; `wrong` says why it cannot be read."""

    text: str = ""
    is_number: bool = False
    wrong: str = ""


def read(content: bytes, name: str, *, columns: Collection[str], required: Collection[str]) -> Table:
    """
    The rows under the header, with a Problem for each cell that cannot be read. Raises Unreadable.

    columns: the names that a header may have; required: those that it must have.
    """
    if not content:
        raise _whole("Berkas kosong. Pilih berkas yang berisi tabel.")
    if len(content) > MAX_BYTES:
        raise _whole("Berkas melebihi batas 20 MB. Bagi tabelnya menjadi beberapa berkas.")
    lines = _sheet(content) if _is_workbook(content, name) else _text(content)
    return _under_the_header(lines, columns, required)


def _whole(reason: str, *, row: int = 0, column: str = "") -> Unreadable:
    return Unreadable(Problem(row, column, reason))


def _is_workbook(content: bytes, name: str) -> bool:
    """Whether this is an XLSX; raises Unreadable for what is neither that nor text."""
    if content.startswith(b"PK\x03\x04"):
        return True
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _whole(f"Berkas ini XLS lama atau dikunci dengan kata sandi. {_SAVE_AS_XLSX}")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise _whole(f"Isi berkas ini halaman web (HTML), bukan tabel. {_SAVE_AS_XLSX}")
    if name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods")):
        raise _whole(f"Isi berkas ini bukan XLSX. {_SAVE_AS_XLSX}")
    return False


# --- CSV -------------------------------------------------------------------------------------------------------
def _text(content: bytes) -> Iterator[tuple[int, list[_Cell]]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _whole(f"Berkas ini ditulis dengan UTF-16. {_SAVE_AS_UTF8}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise _whole(f"Baris ini memuat huruf yang bukan UTF-8. {_SAVE_AS_UTF8}", row=row) from None
    if "\x00" in text:
        raise _whole(f"Berkas ini bukan teks. {_SAVE_AS_UTF8}")
    first, _, rest = text.partition("\n")
    if first.strip().lower() in ("sep=;", "sep=,"):
        text, delimiter = rest, first.strip()[-1]
    else:
        head = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [_of_text(cell) for cell in cells]
    except csv.Error:
        raise _whole(
            "Tanda petik atau pemisah pada baris sesudah ini tidak lengkap, jadi tabelnya tidak dapat dibaca.",
            row=number + 1,
        ) from None


def _of_text(raw: str) -> _Cell:
    text = raw.strip()
    if text.startswith("="):
        return _Cell(wrong="Sel berisi rumus. Tempelkan nilainya saja.")
    return _Cell(text)


# --- XLSX ------------------------------------------------------------------------------------------------------
def _sheet(content: bytes) -> Iterator[tuple[int, list[_Cell]]]:
    import openpyxl

    archive = _checked(content)
    try:
        with warnings.catch_warnings():
            # What openpyxl does not know of a workbook (styles, extensions) is nothing that is read here.
            warnings.simplefilter("ignore")
            # Not data_only: that would show what a formula came to once, and hide that it is one.
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
            _refuse_merged(archive.read(sheet._worksheet_path))  # type: ignore[attr-defined]
            # The size that the file claims may be anything.
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
                if number > _LAST_ROW:
                    raise _too_many()
                yield number, [_of_cell(cell) for cell in cells]
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever a broken workbook leads it to
        raise _whole(f"Berkas XLSX ini rusak atau tidak lengkap. {_SAVE_AS_XLSX}") from error


def _checked(content: bytes) -> zipfile.ZipFile:
    """The archive, once it is known to be a plain workbook that unpacks to something bearable. Raises Unreadable."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _whole(f"Berkas XLSX ini rusak atau tidak lengkap. {_SAVE_AS_XLSX}") from None
    names = [part.filename for part in parts]
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _whole(
            "Isi berkas ini terlalu besar setelah dibuka. Salin tabelnya saja ke lembar kerja baru, lalu simpan."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise _whole("Berkas ini dikunci dengan kata sandi. Simpan salinannya tanpa kata sandi.")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise _whole(f"Berkas ini bukan XLSX. {_SAVE_AS_XLSX}")
    if any("vbaproject" in name.lower() for name in names):
        raise _whole(f"Berkas ini memuat makro. {_SAVE_AS_XLSX}")
    for name in names:
        if name.endswith((".xml", ".rels")):
            _refuse_declarations(archive, name)
    return archive


def _refuse_declarations(archive: zipfile.ZipFile, name: str) -> None:
    """No spreadsheet writes a document type; who wants entities to multiply does."""
    try:
        xml = archive.read(name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError):
        raise _whole(f"Berkas XLSX ini rusak atau tidak lengkap. {_SAVE_AS_XLSX}") from None
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml[:4]:
        raise _whole(f"Berkas ini bukan XLSX biasa. {_SAVE_AS_XLSX}")


def _refuse_merged(xml: bytes) -> None:
    merged = [found.decode() for found in _MERGED.findall(xml)]
    if merged:
        raise Unreadable(
            *(
                Problem(
                    int(re.sub(r"\D", "", area.partition(":")[0]) or 0), "",
                    f"Sel {area} digabung. Batalkan penggabungan sel, lalu isi setiap selnya.",
                )
                for area in merged
            )
        )  # fmt: skip


def _of_cell(cell: Any) -> _Cell:
    value = cell.value
    if value is None:
        return _Cell()
    if cell.data_type == "f":
        return _Cell(wrong="Sel berisi rumus. Salin lalu tempelkan nilainya saja.")
    if cell.data_type == "e":
        return _Cell(wrong=f"Sel berisi kesalahan {value}. Isi nilainya.")
    if isinstance(value, str):
        return _Cell(value.strip())
    if isinstance(value, bool):
        return _Cell("ya" if value else "tidak")
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return _Cell(str(int(value)), is_number=True)
    if isinstance(value, float):
        return _Cell(str(value).replace(".", ","), is_number=True)
    if isinstance(value, datetime | date):
        return _Cell(f"{value:%Y-%m-%d}", is_number=True)
    return _Cell(wrong="Sel ini tidak terbaca. Ubah format selnya menjadi Teks, lalu isi lagi.")


# --- The table itself ------------------------------------------------------------------------------------------
def _under_the_header(
    lines: Iterator[tuple[int, list[_Cell]]], columns: Collection[str], required: Collection[str]
) -> Table:
    table = Table()
    header: list[str] = []
    header_row = 0
    for number, cells in lines:
        if not any(cell.text or cell.wrong for cell in cells) or cells[0].text.startswith(REMARK):
            continue
        if not header:
            header, header_row = _header([cell.text for cell in cells], number, columns, required), number
            continue
        if len(table.rows) == MAX_ROWS:
            raise _too_many()
        table.rows.append(_row(number, cells, header, table.problems))
    if not header:
        raise _whole("Berkas tidak berisi tabel. Baris pertama adalah nama kolom seperti pada templat.")
    if not table.rows:
        raise _whole("Tabel tidak berisi usulan di bawah nama kolom.", row=header_row)
    return table


def _too_many() -> Unreadable:
    return _whole("Tabel berisi lebih dari 5.000 baris. Bagi menjadi beberapa berkas.")


def _header(
    texts: Sequence[str], number: int, columns: Collection[str], required: Collection[str]
) -> list[str]:
    """The names of the columns, as many as there are up to the last one that has a name. Raises Unreadable."""
    names = [re.sub(r"[\s-]+", "_", text.strip().casefold()) for text in texts]
    while names and not names[-1]:
        names.pop()
    known = ", ".join(columns)
    problems = [
        Problem(number, name, f"Kolom ini tidak dikenal. Kolom yang dikenal: {known}.")
        for name in names
        if name and name not in columns
    ]
    problems += [
        Problem(number, name, "Kolom ini ada dua kali. Hapus salah satunya.")
        for name in sorted(set(names))
        if name and names.count(name) > 1
    ]
    problems += [
        Problem(number, name, "Kolom ini tidak ada. Salin nama kolom dari templat.")
        for name in required
        if name not in names
    ]
    if problems:
        raise Unreadable(*problems)
    return names


def _row(number: int, cells: list[_Cell], header: list[str], problems: list[Problem]) -> Row:
    values, numbers, unread = {}, set(), set()
    for place, cell in enumerate(cells):
        name = header[place] if place < len(header) else ""
        if not name:
            if cell.text or cell.wrong:
                problems.append(Problem(number, "", f"Isian pada kolom ke-{place + 1} tidak bernama kolom."))
            continue
        if cell.wrong:
            problems.append(Problem(number, name, cell.wrong))
            unread.add(name)
        elif cell.text:
            values[name] = cell.text
            if cell.is_number:
                numbers.add(name)
    return Row(number, values, frozenset(numbers), frozenset(unread))
