"""Reading a page as its reader does: its words alone, without the frame, and its tables as rows of cells."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.http import HttpResponse

_COMPILED = Path(__file__).resolve().parent.parent / "locale" / "en" / "LC_MESSAGES" / "django.mo"
needs_english = pytest.mark.skipif(
    not _COMPILED.exists(), reason="the English pages are not compiled: gettext is not installed (make setup)"
)


def main_of(answer: HttpResponse) -> str:
    """The HTML between header and footer."""
    html: str = answer.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def words_of(answer: HttpResponse) -> str:
    """The words of the page's own part, with single spaces."""
    text = re.sub(r"<(svg|title)\b.*?</\1>", " ", main_of(answer), flags=re.S)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip()
    return re.sub(r" ([,.;:])", r"\1", words)


@dataclass
class Table:
    """One table of a page: rows of cells as words, by the part that they stand in."""

    thead: list[list[str]] = field(default_factory=list)
    tbody: list[list[str]] = field(default_factory=list)
    tfoot: list[list[str]] = field(default_factory=list)

    def column(self, heading: str) -> list[str]:
        place = self.thead[0].index(heading)
        return [row[place] for row in self.tbody]


def tables_of(html: str) -> list[Table]:
    """The tables of a page in order; how a cell is built inside is no matter of a test."""
    reader = _Tables()
    reader.feed(html)
    return reader.tables


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(Table())
        elif tag in ("thead", "tbody", "tfoot"):
            self.rows = getattr(self.tables[-1], tag)
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)
