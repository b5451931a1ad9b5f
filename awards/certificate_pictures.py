"""
The pictures of a certificate as the worker draws them: each of ours once for each size, an emblem once for each file.

Imported with certificate_pdf only, lazily: it loads WeasyPrint.
"""

import hashlib
import io
from functools import cache, lru_cache
from typing import Any
from xml.etree import ElementTree

import pydyf
from PIL import Image, ImageFile, UnidentifiedImageError
from weasyprint.images import RasterImage, SVGImage
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from . import certificate_drawings as drawings
from . import emblems, qr
from .emblems import UnusableEmblem


class ProjectFiles(URLFetcher):
    """Serves what certificate_drawings.content knows; every other address stops the rendering."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["project"], allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        try:
            body, kind = drawings.content(url)
        except LookupError as error:
            raise FatalURLFetchingError(str(error)) from None
        return URLFetcherResponse(url, body, {"Content-Type": kind})


class Nothing(URLFetcher):
    """Serves nothing at all: for a file that came from outside."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        raise FatalURLFetchingError(f"an emblem loads nothing: {url[:80]}")


class Kept:
    """
    A picture of ours that is drawn once for each size; after that its operators are written as they are.

    Only paths, filled or stroked with opaque colours: anything else (opacity, gradients, text) needs resources of the
    page, and fails here at once.
    """

    def __init__(self, svg: bytes, address: str, fetcher: URLFetcher | None = None) -> None:
        self._image = SVGImage(ElementTree.fromstring(svg), address, fetcher or project_files(), None)
        self._drawn: dict[tuple[float, float], list[bytes]] = {}

    def get_intrinsic_size(self, image_resolution: float, font_size: float) -> tuple[float, float, float]:
        size: tuple[float, float, float] = self._image.get_intrinsic_size(image_resolution, font_size)
        return size

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        if (width, height) not in self._drawn:
            self._drawn[(width, height)] = self._operators(stream, width, height, style)
        stream.stream.extend(self._drawn[(width, height)])

    def _operators(self, stream: Any, width: float, height: float, style: Any) -> list[bytes]:
        aside = stream.clone(resources=pydyf.Dictionary({"ExtGState": pydyf.Dictionary()}))
        self._image.draw(aside, width, height, style)
        # Opaque is what every picture begins with: that state needs no name in this page's resources.
        return [one for one in aside.stream if not _sets_opaque(one)]


class VectorEmblem(Kept):
    """
    An emblem as vectors: kept as operators where it is of opaque paths only, else drawn for each page: a gradient and
    whatever shines through need resources of the page.
    """

    def __init__(self, svg: bytes) -> None:
        super().__init__(svg, drawings.EMBLEM, Nothing())
        self._is_plain = b"opacity" not in svg and b"Gradient" not in svg

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        if self._is_plain and (width, height) not in self._drawn:
            operators = self._operators(stream, width, height, style)
            # A colour may say by itself how opaque it is.
            self._is_plain = not any(one.endswith(b" gs") for one in operators)
            self._drawn[(width, height)] = operators
        if self._is_plain:
            stream.stream.extend(self._drawn[(width, height)])
        else:
            self._image.draw(stream, width, height, style)


class PictureEmblem(RasterImage):
    """An emblem as pixels: unpacked and packed for the PDF once, not for each page."""

    def __init__(self, data: bytes) -> None:
        super().__init__(_picture(data), hashlib.sha256(data).hexdigest(), data)
        self._packed: tuple[bytes, dict[str, Any], tuple[bytes, dict[str, Any]] | None] | None = None

    def get_x_object(self, _interpolate: bool, dpi_ratio: float) -> pydyf.Stream:
        if self._packed is None:
            # PDF/A forbids that a reader smooths it.
            made = super().get_x_object(False, dpi_ratio)
            mask = made.extra.pop("SMask", None)
            self._packed = (
                _bytes_of(made),
                dict(made.extra),
                None if mask is None else (_bytes_of(mask), dict(mask.extra)),
            )
        data, extra, mask = self._packed
        found = pydyf.Stream([data], pydyf.Dictionary(extra))
        if mask is not None:
            found.extra["SMask"] = pydyf.Stream([mask[0]], pydyf.Dictionary(mask[1]))
        return found


class QrCode:
    """The QR code as operators: no SVG is parsed for it."""

    def __init__(self, verify_url: str) -> None:
        self._side, self._operators = qr.pdf_operators(verify_url)

    def get_intrinsic_size(self, _image_resolution: float, _font_size: float) -> tuple[float, float, float]:
        return self._side, self._side, 1

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        stream.transform(a=width / self._side, d=height / self._side)
        stream.stream.append(self._operators)


@cache
def project_files() -> ProjectFiles:
    return ProjectFiles()


@cache
def of_the_award(star: int, maximum: int, ornament: str) -> dict[str, Kept]:
    """The row of stars and the tile of the ornament, by their addresses."""
    addresses = drawings.stars_address(star, maximum), drawings.ornament_address(ornament)
    return {address: Kept(drawings.content(address)[0], address) for address in addresses}


@lru_cache(maxsize=4)
def emblem(data: bytes) -> VectorEmblem | PictureEmblem:
    """
    The file in the slot of the emblem, read once for a batch: PNG or JPEG in RGB or grey, or SVG as emblems.py takes
    it. Raises UnusableEmblem.
    """
    if not is_vector(data):
        return PictureEmblem(data)
    emblems.check_vector(data)
    try:
        return VectorEmblem(data)
    except Exception as error:
        raise UnusableEmblem(f"Berkas lambang tidak dapat dibaca sebagai gambar: {error}") from error


def is_vector(data: bytes) -> bool:
    return data.lstrip()[:5] in (b"<?xml", b"<svg ")


def _picture(data: bytes) -> Image.Image:
    # WeasyPrint lets Pillow pass over files that are cut off.
    tolerated, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise UnusableEmblem("Berkas lambang bukan SVG, PNG, atau JPEG yang dapat dibaca.") from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerated
    if picture.mode not in ("RGB", "RGBA", "L", "LA", "P"):
        raise UnusableEmblem("Berkas lambang harus berwarna RGB, bukan warna cetak (CMYK).")
    return picture


def _bytes_of(stream: pydyf.Stream) -> bytes:
    return b"".join(part if isinstance(part, bytes) else part.data for part in stream.stream)


def _sets_opaque(operator: bytes) -> bool:
    return operator.lower() in (b"/a1 gs", b"/a1.0 gs")
