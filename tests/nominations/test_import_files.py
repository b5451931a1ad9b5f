"""What a file for the import may be: each that is none says what is wrong and what to do, and leaves nothing."""

import datetime as dt
import io
import zipfile

import pytest

from nominations import import_columns, import_table, import_template
from nominations.import_table import Unreadable
from tests.nominations.importing import GOOD, HEAD, a_book, a_csv, opened, part_of, saved, with_part

SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes, name: str = "usulan.csv"):
    return import_table.read(content, name, columns=import_columns.COLUMNS, required=import_columns.REQUIRED)


def refusal(content: bytes, name: str = "usulan.xlsx") -> list[import_table.Problem]:
    with pytest.raises(Unreadable) as refused:
        read(content, name)
    return refused.value.problems


# --- What is taken -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        a_csv(GOOD), a_csv(GOOD, delimiter=","), a_csv(GOOD, delimiter="\t"), a_csv(GOOD, encoding="utf-8-sig"),
        b"sep=,\r\n" + a_csv(GOOD, delimiter=","), a_csv(GOOD).replace(b"\r\n", b"\n"), a_book(GOOD),
        a_csv(GOOD, head=["Regency Code", "COMMODITY", " ikm_name ", "product-name", "Sentra", "NIB"]),
    ],
    # A workbook bears the second in which it was made: as a name it would differ from worker to worker.
    ids=["semicolons", "commas", "tabs", "bom", "sep", "newlines", "xlsx", "loose head"],
)  # fmt: skip
def test_a_table_is_read_however_the_spreadsheet_wrote_it(content):
    (row,) = read(content, "usulan.xlsx" if content.startswith(b"PK") else "usulan.csv").rows
    assert row.number == 2
    assert tuple(row.values[name] for name in HEAD) == GOOD


def test_rows_are_numbered_as_the_spreadsheet_numbers_them():
    content = a_csv(GOOD, [], ["# catatan", "", "", "", "", ""], [*GOOD[:3], "Tas\nbambu", *GOOD[4:]], GOOD)
    assert [row.number for row in read(content).rows] == [2, 5, 6]
    book = a_book(GOOD, [], GOOD, change=lambda sheet: sheet.insert_rows(1, 2))
    assert [row.number for row in read(book, "usulan.xlsx").rows] == [4, 6]


def test_the_templates_take_what_is_written_below_and_nothing_of_their_own():
    book = opened(import_template.xlsx_template())
    for column, text in enumerate(GOOD, start=1):
        book["Usulan"].cell(2, column, text)
    (row,) = read(saved(book), "templat.xlsx").rows
    assert tuple(row.values[name] for name in HEAD) == GOOD
    csv = import_template.csv_template() + ";".join(GOOD).encode() + b"\r\n"
    (row,) = read(csv).rows
    assert tuple(row.values[name] for name in HEAD) == GOOD
    assert csv.decode("utf-8-sig").startswith("regency_code;commodity;ikm_name;product_name;sentra;nib;")


def test_a_whole_number_and_a_date_of_a_cell_are_read_as_they_look():
    book = a_book(
        [3205, "anyaman", "UD A", "Tas", None, 9120001020304, dt.date(2020, 5, 4)],
        head=[*HEAD, "raw_material"],
    )
    (row,) = read(book, "u.xlsx").rows
    assert (row.values["regency_code"], row.values["nib"]) == ("3205", "9120001020304")
    assert row.values["raw_material"] == "2020-05-04"
    assert {"regency_code", "nib"} <= row.numbers


# --- What is not -------------------------------------------------------------------------------------------------
def _formula(sheet):
    sheet["C2"] = '=CONCAT("UD ";"Bambu")'


def _merged(sheet):
    sheet.merge_cells("E2:E3")


BOMB = with_part(a_book(GOOD), "xl/media/nol.bin", b"\0" * (import_table.MAX_UNPACKED + 1))
DTD = b'<!DOCTYPE worksheet [<!ENTITY a "a">]>'
HOSTILE = {
    "empty": (b"", "kosong"),
    "too large": (b"x" * (import_table.MAX_BYTES + 1), "20 MB"),
    "header only": (a_csv(), "tidak berisi usulan"),
    "empty sheet": (a_book(head=[]), "tidak berisi tabel"),
    "windows-1252": (a_csv([*GOOD[:2], "UD Café", *GOOD[3:]], encoding="cp1252"), "bukan UTF-8"),
    "utf-16": (a_csv(GOOD, encoding="utf-16"), "UTF-16"),
    "binary": (b"regency_code;commodity\x00\n1;2", "bukan teks"),
    "old xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "XLS lama"),
    "html": (b"\xef\xbb\xbf <html><table><tr><td>regency_code</td></tr></table></html>", "HTML"),
    "zip bomb": (BOMB, "terlalu besar"),
    "macros": (with_part(a_book(GOOD), "xl/vbaProject.bin", b"macro"), "makro"),
    "entities": (with_part(a_book(GOOD), SHEET, DTD + part_of(a_book(GOOD), SHEET)), "bukan XLSX biasa"),
    "utf-16 xml": (
        with_part(a_book(GOOD), SHEET, part_of(a_book(GOOD), SHEET).decode().encode("utf-16-le")), "bukan XLSX biasa",
    ),
    "no workbook": (with_part(a_book(GOOD), "xl/workbook.xml", b"<x/>"), "rusak"),
    "broken sheet": (with_part(a_book(GOOD), SHEET, part_of(a_book(GOOD), SHEET)[:-200]), "rusak"),
    "cut off": (a_book(GOOD)[:-400], "rusak"),
    "merged": (a_book(GOOD, GOOD, change=_merged), "E2:E3 digabung"),
    "missing column": (a_csv(GOOD[:3], head=HEAD[:3]), "tidak ada"),
    "duplicate header": (a_csv([*GOOD, "x"], head=[*HEAD, "NIB"]), "dua kali"),
    "unknown header": (a_csv([*GOOD, "x"], head=[*HEAD, "telepon"]), "tidak dikenal"),
    "open quote": (a_csv(GOOD) + b'3205;"anyaman;UD A;Tas;;\r\n', "petik"),
    "too many rows": (a_csv(*[GOOD] * (import_table.MAX_ROWS + 1)), "5.000 baris"),
    "far down": (a_book(GOOD, change=lambda sheet: sheet.cell(1_000_000, 1, "3205")), "5.000 baris"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_table_says_why_and_what_to_do(name):
    content, words = HOSTILE[name]
    workbook = content.startswith(b"PK") or name in ("old xls", "html")
    problems = refusal(content, "usulan.xlsx" if workbook else "usulan.csv")
    assert any(words in problem.reason for problem in problems), problems


def test_text_that_is_called_xlsx_is_none():
    assert "bukan XLSX" in refusal(a_csv(GOOD))[0].reason
    assert "bukan XLSX" in refusal(b"%PDF-1.7 ...")[0].reason


def test_another_kind_of_archive_is_none():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "bukan XLSX" in refusal(file.getvalue())[0].reason


def test_what_is_wrong_with_the_header_names_row_and_column():
    problems = refusal(a_csv(["x"], head=["regency_code", "commodity", "commodity", "hp"]), "u.csv")
    assert {(problem.row, problem.column) for problem in problems} == {
        (1, "hp"), (1, "commodity"), (1, "ikm_name"), (1, "product_name"),
    }  # fmt: skip


def test_a_line_in_another_encoding_is_named():
    content = a_csv(GOOD, GOOD) + "3205;anyaman;UD Café;Tas;;\r\n".encode("cp1252")
    assert refusal(content, "u.csv")[0].row == 4


def test_a_formula_is_a_problem_of_its_cell_in_both_formats():
    for content in (a_book(GOOD, change=_formula), a_csv([*GOOD[:2], "=1+1", *GOOD[3:]])):
        table = read(content, "u.xlsx" if content.startswith(b"PK") else "u.csv")
        assert [(problem.row, problem.column) for problem in table.problems] == [(2, "ikm_name")]
        assert "rumus" in table.problems[0].reason
    assert read(a_csv(['="3205"', *GOOD[1:]])).problems[0].column == "regency_code"


def test_an_error_and_a_value_outside_the_table_are_problems_of_their_cell():
    book = a_book(GOOD, change=lambda sheet: (sheet.__setitem__("D2", "#N/A"), sheet.__setitem__("H2", "ya")))
    problems = read(book, "u.xlsx").problems
    assert [(problem.row, problem.column) for problem in problems] == [(2, "product_name"), (2, "")]


def test_the_size_that_a_sheet_claims_is_not_believed():
    xml = part_of(a_book(GOOD), SHEET)
    assert b'<dimension ref="A1:F2"' in xml
    lying = with_part(a_book(GOOD), SHEET, xml.replace(b'ref="A1:F2"', b'ref="A1:XFD1048576"'))
    assert [row.number for row in read(lying, "u.xlsx").rows] == [2]
