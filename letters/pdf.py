"""
Official letters as PDF, from a snapshot and nothing else: the same snapshot and version give the same bytes.

WeasyPrint is imported when the first letter is made, so in the worker and never in a web process.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from . import archival
from .kinds import Content, Head, kind_of
from .models import Letter

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "letters" / "pdf"
FONTS = Path(settings.BASE_DIR) / "fixtures" / "fonts"
STYLESHEETS = Path(settings.BASE_DIR) / "letters" / "stylesheets"

# The faces that letters are set in: family, weight, style, file of fixtures/fonts.
FACES = (
    ("OVOP Serif", 400, "normal", "ovop-serif-400.ttf"),
    ("OVOP Serif", 400, "italic", "ovop-serif-400-italic.ttf"),
    ("OVOP Serif", 600, "normal", "ovop-serif-600.ttf"),
)


def render(head: Head, content: Content) -> bytes:
    """
    Return the letter as an accessible PDF (PDF/UA-1). Without a number it bears "KONSEP" on every page.

    Raises kinds.NotConsistent where figures or dates of the content contradict each other.
    """
    content.check(head)
    return from_html(as_html(head, content))


def from_html(page: str) -> bytes:
    """Return a page in the letters' type as an accessible PDF (PDF/UA-1); the same page gives the same bytes."""
    return _laid_out(page, pdf_variant="pdf/ua-1")


def archived(page: str) -> bytes:
    """The same for what is kept for good: PDF/A-3a and PDF/UA-1 at once."""
    return _laid_out(
        page,
        color_profiles={archival.PROFILE: archival.profile()},
        finisher=archival.also_accessible,
        **archival.OPTIONS,
    )


def _laid_out(page: str, **options: Any) -> bytes:
    from weasyprint import HTML

    fingerprint = hashlib.sha256(html := page.encode()).digest()
    return bytes(
        HTML(string=html.decode(), base_url=TEMPLATES.as_uri() + "/", url_fetcher=own_files_only()).write_pdf(
            stylesheets=[_stylesheet()], font_config=_fonts(), pdf_identifier=fingerprint[:16], **options
        )
    )


def as_html(head: Head, content: Content) -> str:
    """Return the page that the PDF is made of: for tests, which read its words."""
    with translation.override("id"):
        return render_to_string(
            f"letters/pdf/{content.TEMPLATE}.html",
            {
                "head": head,
                "content": content,
                "kind": kind_of(content),
                "secrecy": Letter.Secrecy(head.secrecy).label,
                "is_draft": not head.number,
            },
        )


# --- What a page may load ----------------------------------------------------------------------------------
@cache
def own_files_only() -> Any:
    """
    Return the URL fetcher for everything that makes PDF here: it serves the project's own files and nothing else.

    Fonts, stylesheets and templates of the project; no network, no data of other folders, whatever a page asks for.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OwnFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not is_own_file(url):
                raise FatalURLFetchingError(f"only the project's own files are loaded, not {url[:200]}")
            return super().fetch(url, headers)

    return OwnFilesOnly(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)


def is_own_file(url: str) -> bool:
    """Whether the URL names an existing file of the project that a PDF may load."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return False
    file = Path(unquote(parts.path)).resolve()
    return file.is_file() and any(file.is_relative_to(root) for root in (TEMPLATES, FONTS, STYLESHEETS))


@cache
def _fonts() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _stylesheet() -> Any:
    from weasyprint import CSS

    return CSS(string=rules_of("letter.css"), url_fetcher=own_files_only(), font_config=_fonts())


def rules_of(*names: str) -> str:
    """The faces and these files of letters/stylesheets, as one stylesheet."""
    faces = "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f"src: url({(FONTS / file).as_uri()}) }}\n"
        for family, weight, style, file in FACES
    )
    return faces + "".join((STYLESHEETS / name).read_text(encoding="utf-8") for name in names)
