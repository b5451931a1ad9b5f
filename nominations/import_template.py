"""The empty table for an import, with its columns explained: CSV or XLSX, whichever the file is called."""

import io
from collections.abc import Callable, Mapping

from files import tables

from .import_columns import COLUMNS, Column
from .import_table import REMARK, SHEET

_EXPLAINED = "Keterangan"
_EXPLAINED_HEAD = ("Kolom", "Isi", "Contoh")
_PREPARED_ROWS = 500


def csv_template(columns: Mapping[str, Column] = COLUMNS) -> bytes:
    """The header, what each column holds, and an example; both lines begin with #, so that neither is imported."""
    explained = [column.explains for column in columns.values()]
    example = [column.example for column in columns.values()]
    lines = [[f"{REMARK} {first}", *rest] for first, *rest in (explained, example)]
    return b"".join(tables.csv_lines(list(columns), lines))


def xlsx_template(columns: Mapping[str, Column] = COLUMNS) -> bytes:
    """A sheet with the header, its cells formatted as text, and one that explains each column with an example."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title, sheet.freeze_panes = SHEET, "A2"
    sheet.append(list(columns))
    for number in range(1, len(columns) + 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 24
        sheet.cell(1, number).font = Font(bold=True)
        for row in range(2, _PREPARED_ROWS + 2):
            # As text, a NIB keeps the noughts that it begins with.
            sheet.cell(row, number).number_format = "@"
    explained = book.create_sheet(_EXPLAINED)
    explained.append(_EXPLAINED_HEAD)
    for name, column in columns.items():
        explained.append((name, column.explains, column.example))
    for letter, width in zip("ABC", (24, 90, 30), strict=True):
        explained.column_dimensions[letter].width = width
        explained[f"{letter}1"].font = Font(bold=True)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# What `--template` and the page write, by the end of the file's name.
TEMPLATES: dict[str, Callable[..., bytes]] = {"csv": csv_template, "xlsx": xlsx_template}
