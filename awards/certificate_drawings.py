"""
The pictures of a certificate and the files it is made of, each under an address of its own scheme: `project:…`.

`content` is the one way to them, and knows nothing else: no path, no network, no data: address.
"""

from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote

from django.conf import settings

from . import qr
from .certificate_text import ORNAMENTS
from .certificate_type import FACES, FONTS

SCHEME = "project:"
EMBLEM = f"{SCHEME}emblem"
STAR = "M12 2 14.8 8.7 22.1 9.3 16.5 14.1 18.2 21.2 12 17.4 5.8 21.2 7.5 14.1 1.9 9.3 9.2 8.7Z"
STAR_EARNED, STAR_NOT_EARNED, STAR_OUTLINE = "#D99A1C", "#FFFFFF", "#7A5200"
STAR_STEP = 29
_ORNAMENTS = Path(settings.BASE_DIR) / "fixtures" / "ornaments"
_QR, _STARS, _ORNAMENT, _FONT = (f"{SCHEME}{kind}/" for kind in ("qr", "stars", "ornaments", "fonts"))


def qr_address(verify_url: str) -> str:
    return _QR + quote(verify_url, safe="")


def stars_address(star: int, maximum: int) -> str:
    return f"{_STARS}{star}/{maximum}"


def ornament_address(technique: str) -> str:
    return f"{_ORNAMENT}{technique}"


def font_address(name: str) -> str:
    return f"{_FONT}{name}"


def stars_svg(star: int, maximum: int) -> str:
    """Return the row of stars: `star` filled ones, then as many empty ones as the scheme goes on."""
    width = STAR_STEP * maximum - (STAR_STEP - 24)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="24" viewBox="0 0 {width} 24">'
        f"{stars_drawn(star, maximum)}</svg>"
    )


def stars_drawn(star: int, maximum: int) -> str:
    """The same row as a group of an SVG, each star 24 high and wide."""
    fills = [STAR_EARNED] * star + [STAR_NOT_EARNED] * (maximum - star)
    drawn = "".join(
        f'<path transform="translate({STAR_STEP * at} 0)" fill="{fill}" d="{STAR}"/>'
        for at, fill in enumerate(fills)
    )
    return f'<g stroke="{STAR_OUTLINE}" stroke-width="1.25" stroke-linejoin="round">{drawn}</g>'


@cache
def _font(name: str) -> bytes:
    return (FONTS / f"{name}.ttf").read_bytes()


@cache
def _ornament(technique: str) -> bytes:
    return (_ORNAMENTS / f"{technique}.svg").read_bytes()


def content(address: str) -> tuple[bytes, str]:
    """Return the bytes and media type behind one `project:` address; LookupError for anything else."""
    if address.startswith(_FONT) and (name := address.removeprefix(_FONT)) in FACES:
        return _font(name), "font/ttf"
    if address.startswith(_ORNAMENT) and (technique := address.removeprefix(_ORNAMENT)) in ORNAMENTS:
        return _ornament(technique), "image/svg+xml"
    if address.startswith(_QR):
        return qr.svg(unquote(address.removeprefix(_QR))).encode(), "image/svg+xml"
    if address.startswith(_STARS):
        star, _, maximum = address.removeprefix(_STARS).partition("/")
        if star.isdecimal() and maximum.isdecimal() and int(star) <= int(maximum) <= 10:
            return stars_svg(int(star), int(maximum)).encode(), "image/svg+xml"
    raise LookupError(f"not a file of a certificate: {address[:80]}")
