"""
A certificate -> PDF/A-3a: WeasyPrint lays out and draws its paragraphs, certificate_file.py puts them together. Imported
by the worker only, lazily: see certificate_page.pdf.

Kept for the life of the process: the style sheet, the fonts' configuration, each ornament and row of stars as the
operators that draw it, the emblem as it stands in the file, faces cut to the letters of a paper, and the paragraphs
(certificate_shapes.py). Made for each certificate: what it says alone, set into a paragraph of that shape, and its QR
code.
"""

import atexit
import gc
import hashlib
import logging
from functools import cache
from xml.etree import ElementTree

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from letters import archival

from . import certificate_drawings as drawings
from . import certificate_file
from . import certificate_pictures as pictures
from .certificate_faces import Faces
from .certificate_page import TEMPLATE_VERSION, style
from .certificate_shapes import NotOnePage as TakesMorePages
from .certificate_shapes import Page, Paragraphs
from .certificate_strokes import Paragraph
from .certificate_text import Facts, Unprintable, canonical_json
from .emblems import UnusableEmblem


class NotOnePage(Unprintable):
    """The certificate would not be one sheet."""


_paragraphs = Paragraphs(Faces())


@atexit.register
def _let_go() -> None:
    """What holds the folder of the fonts removes it when it goes: it must go before the interpreter is taken apart."""
    _paragraphs.forget()
    _style.cache_clear()
    gc.collect()


class Complaints(logging.Handler):
    """What WeasyPrint says went wrong: it would go on without the picture, the paper must not."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())

    def __enter__(self) -> "Complaints":
        logging.getLogger("weasyprint").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)


def render(facts: Facts, source: str) -> bytes:
    """
    Return the PDF of `source` (certificate_page.html without its style). Raises Unprintable: UnusableEmblem,
    NotOnePage, or what the renderer complained of.

    Deterministic: dates come from the certificate's own date, the identifier from its record and template.
    """
    try:
        with Complaints() as complaints:
            data = _written(facts, ElementTree.fromstring(source))
    except FatalURLFetchingError as error:
        _paragraphs.forget()
        raise Unprintable(f"Piagam {facts.number} memuat alamat yang tidak diizinkan: {error}") from None
    if complaints.heard:
        # What was drawn is not whole, and would be put into the next paper without a word.
        _paragraphs.forget()
        problem = f"Piagam {facts.number} tidak tergambar utuh: {'; '.join(complaints.heard)}"
        raise (
            UnusableEmblem(f"Berkas lambang tidak dapat dipakai. {problem}")
            if facts.emblem
            else Unprintable(problem)
        )
    return data


def _written(facts: Facts, root: ElementTree.Element) -> bytes:
    record = canonical_json(facts.record)
    said = certificate_file.Said(
        **_of_the_head(root),
        producer=f"WeasyPrint {weasyprint.__version__}",
        heading=root[1].findtext("h1", ""),
        on=facts.issued_date,
        record=record,
        identifier=_identifier(facts, record),
    )
    return certificate_file.written(_drawn(facts, root), _paragraphs.faces, said)


def _of_the_head(root: ElementTree.Element) -> dict[str, str]:
    named = {one.get("name"): one.get("content", "") for one in root[0].iter("meta")}
    return {
        "title": root[0].findtext("title", ""),
        "author": named["author"],
        "subject": named["description"],
        "keywords": named["keywords"],
        "creator": named["generator"],
    }


def _drawn(facts: Facts, root: ElementTree.Element) -> list[Paragraph]:
    fonts, sheet = _style()
    shown = {
        **pictures.of_the_award(facts.star, facts.maximum_star, facts.ornament),
        drawings.qr_address(facts.verify_url): pictures.QrCode(facts.verify_url),
        **({drawings.EMBLEM: pictures.emblem(facts.emblem)} if facts.emblem else {}),
    }

    def lay_out(page: Page) -> weasyprint.Document:
        options = {**weasyprint.DEFAULT_OPTIONS, **archival.OPTIONS, "stylesheets": [sheet], "cache": shown}
        return weasyprint.Document._render(page, fonts, None, {}, options)

    try:
        return _paragraphs.drawn(root, shown, look=shown.get(drawings.EMBLEM), lay_out=lay_out)
    except TakesMorePages as problem:
        raise NotOnePage(f"Piagam {facts.number} menjadi {problem} halaman.") from None


@cache
def _style() -> tuple[FontConfiguration, weasyprint.CSS]:
    fonts = FontConfiguration()
    css = weasyprint.CSS(string=style(), font_config=fonts, url_fetcher=pictures.project_files())
    return fonts, css


def _identifier(facts: Facts, record: bytes) -> str:
    """Of what the paper says and of how it looks: as it is shipped, of its words alone."""
    digest = hashlib.sha256(TEMPLATE_VERSION.encode() + record)
    look = (facts.frame, facts.colour, facts.words, facts.words_en)
    if facts.emblem or look != ("pita", "tarum", "", ""):
        digest.update("\0".join(look).encode() + hashlib.sha256(facts.emblem or b"").digest())
    return digest.hexdigest()[:32]
