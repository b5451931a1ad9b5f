"""
HTML of a certificate -> PDF/A-3a with WeasyPrint. Imported by the worker only, lazily: see certificate_page.pdf.

Kept for the life of the process: the style sheet, the fonts' configuration, each ornament and row of stars as the
operators that draw it. Made for each certificate: its HTML, layout and QR code.
"""

import hashlib
import io
import logging
from collections import OrderedDict
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import cssselect2
import pydyf
import weasyprint
from weasyprint.css.targets import TargetCollector
from weasyprint.images import SVGImage, get_image_from_uri
from weasyprint.layout import LayoutContext
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from . import certificate_drawings as drawings
from . import qr
from .certificate_page import TEMPLATE_VERSION, style
from .certificate_text import Facts, Unprintable, canonical_json

PROFILE = "--srgb"
_OPTIONS = {"pdf_variant": "pdf/a-3a", "output_intent": PROFILE}


class UnusableEmblem(Unprintable):
    """The uploaded file cannot stand in the slot of the emblem."""


class NotOnePage(Unprintable):
    """The certificate would not be one sheet."""


class Profile:
    """
    The colours of the page, sRGB, as PDF/A wants them declared: the International Color Consortium's file as it is.

    WeasyPrint's own class leaves the file open and writes other bytes for the first document than for the next.
    """

    name = "sRGB2014"
    components = ("r", "g", "b")
    pdf_reference: bytes | None = None

    def __init__(self, content: bytes) -> None:
        self.content = content


class ProjectFiles(URLFetcher):
    """Serves what certificate_drawings.content knows, and an emblem; every other address stops the rendering."""

    def __init__(self, emblem: tuple[bytes, str] | None = None) -> None:
        super().__init__(allowed_protocols=["project"], allow_redirects=False)
        self._emblem = emblem

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url == drawings.EMBLEM and self._emblem is not None:
            body, kind = self._emblem
        else:
            try:
                body, kind = drawings.content(url)
            except LookupError as error:
                raise FatalURLFetchingError(str(error)) from None
        return URLFetcherResponse(url, body, {"Content-Type": kind})


class Kept:
    """
    A picture of ours that is drawn once for each size; after that its operators are written as they are.

    Only paths, filled or stroked with opaque colours: anything else (opacity, gradients, text) needs resources of the
    page, and fails here at once.
    """

    def __init__(self, svg: bytes, address: str) -> None:
        self._image = SVGImage(ElementTree.fromstring(svg), address, _files(), None)
        self._drawn: dict[tuple[float, float], list[bytes]] = {}

    def get_intrinsic_size(self, image_resolution: float, font_size: float) -> tuple[float, float, float]:
        size: tuple[float, float, float] = self._image.get_intrinsic_size(image_resolution, font_size)
        return size

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        if (width, height) not in self._drawn:
            aside = stream.clone(resources=pydyf.Dictionary({"ExtGState": pydyf.Dictionary()}))
            self._image.draw(aside, width, height, style)
            # Opaque is what every picture begins with: that state needs no name in this page's resources.
            self._drawn[(width, height)] = [one for one in aside.stream if not _sets_opaque(one)]
        stream.stream.extend(self._drawn[(width, height)])


class QrCode:
    """The QR code as operators: no SVG is parsed for it."""

    def __init__(self, verify_url: str) -> None:
        self._side, self._operators = qr.pdf_operators(verify_url)

    def get_intrinsic_size(self, _image_resolution: float, _font_size: float) -> tuple[float, float, float]:
        return self._side, self._side, 1

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        stream.transform(a=width / self._side, d=height / self._side)
        stream.stream.append(self._operators)


class Page(weasyprint.HTML):
    """Well-formed HTML, read with the parser of XML: the same elements, in a tenth of the time."""

    def __init__(self, source: str) -> None:
        self.base_url = None
        self.url_fetcher = _files()
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(
            ElementTree.fromstring(source), content_language=None
        )
        self.etree_element = self.wrapper_element.etree_element
        # The computed styles of the elements, once they are known.
        self.styles: Any = None

    @property
    def shape(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """What the style sheet sees of the page: tags, classes and sizes, in order."""
        return tuple((one.tag, one.get("class"), one.get("style")) for one in self.etree_element.iter())

    def say(self, other: "Page") -> None:
        """Take over the words and pictures of a page of the same shape."""
        for mine, theirs in zip(self.etree_element.iter(), other.etree_element.iter(), strict=True):
            mine.text, mine.tail = theirs.text, theirs.tail
            mine.attrib.update(theirs.attrib)

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        """Only what browsers say of the elements that a certificate has; the whole sheet styles every pseudo-element."""
        return [_elements()]


class Sheet(weasyprint.Document):
    """A document whose styles are computed for the first page of a shape, and kept for the others."""

    @classmethod
    def _build_layout_context(
        cls, html: Page, font_config: Any, counter_style: Any, color_profiles: Any, options: dict[str, Any]
    ) -> LayoutContext:
        if html.styles is None:
            context = super()._build_layout_context(html, font_config, counter_style, color_profiles, options)
            html.styles = context.style_for
            return context
        pictures = partial(
            get_image_from_uri, cache=options["cache"], url_fetcher=html.url_fetcher, options=options
        )
        return LayoutContext(html.styles, pictures, font_config, counter_style, TargetCollector())


class Shapes:
    """The pages of the last few shapes: most certificates of a batch differ in their words only."""

    def __init__(self, kept_at_most: int = 32) -> None:
        self._pages: OrderedDict[Any, Page] = OrderedDict()
        self._kept_at_most = kept_at_most

    def page(self, source: str) -> Page:
        fresh = Page(source)
        kept = self._pages.setdefault(fresh.shape, fresh)
        self._pages.move_to_end(fresh.shape)
        if len(self._pages) > self._kept_at_most:
            self._pages.popitem(last=False)
        if kept is not fresh:
            kept.say(fresh)
        return kept


_shapes = Shapes()


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
    emblem = _emblem(facts.emblem) if facts.emblem else None
    try:
        with Complaints() as complaints:
            document = _laid_out(facts, source, ProjectFiles(emblem) if emblem else _files())
            data = _written(facts, document)
    except FatalURLFetchingError as error:
        raise Unprintable(f"Piagam {facts.number} memuat alamat yang tidak diizinkan: {error}") from None
    if complaints.heard:
        problem = f"Piagam {facts.number} tidak tergambar utuh: {'; '.join(complaints.heard)}"
        raise (
            UnusableEmblem(f"Berkas lambang tidak dapat dipakai. {problem}")
            if emblem
            else Unprintable(problem)
        )
    return data


def _laid_out(facts: Facts, source: str, fetcher: ProjectFiles) -> Sheet:
    fonts, sheet = _style()
    page = _shapes.page(source)
    page.url_fetcher = fetcher
    pictures = {
        **_pictures(facts.star, facts.maximum_star, facts.ornament),
        drawings.qr_address(facts.verify_url): QrCode(facts.verify_url),
    }
    options = {**weasyprint.DEFAULT_OPTIONS, **_OPTIONS, "stylesheets": [sheet], "cache": pictures}
    document: Sheet = Sheet._render(page, fonts, None, {PROFILE: _profile()}, options)
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
        target, finisher=_finish, attachments=[attachment], pdf_identifier=_identifier(record), **_OPTIONS
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
def _profile() -> Profile:
    return Profile((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())


@cache
def _files() -> ProjectFiles:
    return ProjectFiles()


@cache
def _elements() -> weasyprint.CSS:
    return weasyprint.CSS(
        string="""html, body, div, p, h1 { display: block } head, title, meta, style { display: none }
        h1 { bookmark-level: 1; bookmark-label: content(text) } br::before { content: "\\A"; white-space: pre-line }
        img { overflow: hidden }"""
    )


@cache
def _style() -> tuple[FontConfiguration, weasyprint.CSS]:
    fonts = FontConfiguration()
    return fonts, weasyprint.CSS(string=style(), font_config=fonts, url_fetcher=_files())


@cache
def _pictures(star: int, maximum: int, ornament: str) -> dict[str, Kept]:
    addresses = drawings.stars_address(star, maximum), drawings.ornament_address(ornament)
    return {address: Kept(drawings.content(address)[0], address) for address in addresses}


def _identifier(record: bytes) -> bytes:
    return hashlib.sha256(TEMPLATE_VERSION.encode() + record).hexdigest()[:32].encode()


def _sets_opaque(operator: bytes) -> bool:
    return operator.lower() in (b"/a1 gs", b"/a1.0 gs")


def _emblem(data: bytes) -> tuple[bytes, str]:
    """Return the emblem's file and media type: PNG or JPEG in RGB or grey, or SVG. Raises UnusableEmblem."""
    from PIL import Image, ImageFile, UnidentifiedImageError

    if data.lstrip()[:5] in (b"<?xml", b"<svg ") and b"<!DOCTYPE" not in data:
        return data, "image/svg+xml"
    # WeasyPrint lets Pillow pass over files that are cut off.
    tolerated, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            picture.load()
            kind, mode = picture.format or "", picture.mode
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise UnusableEmblem("Berkas lambang bukan SVG, PNG, atau JPEG yang dapat dibaca.") from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerated
    if mode not in ("RGB", "RGBA", "L", "LA", "P"):
        raise UnusableEmblem("Berkas lambang harus berwarna RGB, bukan warna cetak (CMYK).")
    return data, f"image/{kind.lower()}"
