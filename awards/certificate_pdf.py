"""
HTML of a certificate -> PDF/A-3a with WeasyPrint. Imported by the worker only, lazily: see certificate_page.pdf.

Kept for the life of the process: the style sheet, the fonts' configuration, each ornament and row of stars as the
operators that draw it, the emblem as it stands in the file, and of the paragraphs that certificates have in common the
layout. Made for each certificate: its HTML, the layout of what it says alone, and its QR code.
"""

import hashlib
import io
import logging
from datetime import datetime
from functools import cache
from typing import Any

import pydyf
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from letters import archival

from . import certificate_drawings as drawings
from . import certificate_pictures as pictures
from .certificate_page import TEMPLATE_VERSION, style
from .certificate_shapes import Sheet, Sheets
from .certificate_text import Facts, Unprintable, canonical_json
from .emblems import UnusableEmblem


class NotOnePage(Unprintable):
    """The certificate would not be one sheet."""


_sheets = Sheets()


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


class Written(pydyf.Object):
    """An object as it stands in the file, made and compressed once: the file asks for it twice, for its hash too."""

    compressible = False
    data: bytes = b""

    def __init__(self, thing: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation, self.free = thing.number, thing.generation, thing.free
        self.compressible, self.data = thing.compressible, thing.data


def render(facts: Facts, source: str) -> bytes:
    """
    Return the PDF of `source` (certificate_page.html without its style). Raises Unprintable: UnusableEmblem,
    NotOnePage, or what the renderer complained of.

    Deterministic: dates come from the certificate's own date, the identifier from its record and template.
    """
    try:
        with Complaints() as complaints:
            document = _laid_out(facts, source)
            data = _written(facts, document)
    except FatalURLFetchingError as error:
        raise Unprintable(f"Piagam {facts.number} memuat alamat yang tidak diizinkan: {error}") from None
    if complaints.heard:
        problem = f"Piagam {facts.number} tidak tergambar utuh: {'; '.join(complaints.heard)}"
        raise (
            UnusableEmblem(f"Berkas lambang tidak dapat dipakai. {problem}")
            if facts.emblem
            else Unprintable(problem)
        )
    return data


def _laid_out(facts: Facts, source: str) -> Sheet:
    fonts, sheet = _style()
    drawn = {
        **pictures.of_the_award(facts.star, facts.maximum_star, facts.ornament),
        drawings.qr_address(facts.verify_url): pictures.QrCode(facts.verify_url),
        **({drawings.EMBLEM: pictures.emblem(facts.emblem)} if facts.emblem else {}),
    }
    options = {**weasyprint.DEFAULT_OPTIONS, **archival.OPTIONS, "stylesheets": [sheet], "cache": drawn}
    profiles = {archival.PROFILE: archival.profile()}
    document = _sheets.laid_out(source, fonts, profiles, options, look=drawn.get(drawings.EMBLEM))
    if len(document.pages) != 1:
        raise NotOnePage(f"Piagam {facts.number} menjadi {len(document.pages)} halaman.")
    return document


def _written(facts: Facts, document: Sheet) -> bytes:
    issued = datetime.combine(facts.issued_date, datetime.min.time())
    record = canonical_json(facts.record)
    attachment = weasyprint.Attachment(
        string=record.decode(),
        name="facts.json",
        description="Catatan penghargaan yang dicetak pada piagam ini",
        created=issued,
        modified=issued,
        relationship="Data",
    )
    target = io.BytesIO()
    document.write_pdf(
        target,
        finisher=_finish,
        attachments=[attachment],
        pdf_identifier=_identifier(facts, record),
        **archival.OPTIONS,
    )
    return target.getvalue()


def _finish(_document: weasyprint.Document, pdf: Any) -> None:
    """
    Say which words are English, and name the attachment once.

    WeasyPrint writes the language of the document only, and tags an `<i>` as a grouping without meaning: here they are
    spans with a language. Of a template's elements only `<i lang="en">` is tagged so with words in it.
    """
    for element in pdf.objects:
        if not isinstance(element, dict) or element.get("S") != "/NonStruct":
            continue
        kids = [pdf.objects[int(kid.split()[0])] for kid in element["K"] if isinstance(kid, bytes)]
        if any(kid.get("S") == "/Span" for kid in kids):
            element["S"], element["Lang"] = "/Span", pydyf.String("en")
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    pdf.objects[:] = [thing if thing.free == "f" else Written(thing) for thing in pdf.objects]


@cache
def _style() -> tuple[FontConfiguration, weasyprint.CSS]:
    fonts = FontConfiguration()
    css = weasyprint.CSS(string=style(), font_config=fonts, url_fetcher=pictures.project_files())
    return fonts, css


def _identifier(facts: Facts, record: bytes) -> bytes:
    """Of what the paper says and of how it looks: as it is shipped, of its words alone."""
    digest = hashlib.sha256(TEMPLATE_VERSION.encode() + record)
    look = (facts.frame, facts.colour, facts.words, facts.words_en)
    if facts.emblem or look != ("pita", "tarum", "", ""):
        digest.update("\0".join(look).encode() + hashlib.sha256(facts.emblem or b"").digest())
    return digest.hexdigest()[:32].encode()
