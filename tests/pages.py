"""Reading a page as its reader does: its words alone, without the frame."""

import re
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
