"""
The star label for the packaging of a product with three stars or more (KETIGA of the decree): one drawing, as SVG,
PDF and PNG, made when somebody fetches it from the award as it stands now. What it says is a matter of the record:
stars, year and the code of the paper in force. Letters are outlines, so that no printer needs a font.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from letters import papers
from letters.wording import plain_date, stars_in_words

from . import certificate_drawings as drawings
from . import codes, qr
from .certificate_text import EXAMPLE_MARK, MINISTRY
from .certificate_type import FONTS, MM_PER_POINT, SANS, SANS_BOLD, TITLE, face
from .models import Award, Certificate
from .revocation import PACKAGING_DAYS

LOWEST_STAR = 3
WIDTH, HEIGHT = 80, 32
SMALLEST_WIDTH = 55
PNG_WIDTH = 2000
_INK, _MUTED, _PAPER, _EDGE, _WARNING = "#14233F", "#5A554C", "#FFFFFF", "#14233F", "#7A5200"
_MARGIN, _QR = 4.0, 22.0


class NoLabel(Exception):
    """There is none: fewer than three stars, not published, or no paper of this portal. Reads as "not there"."""


class Gone(Exception):
    """There was one; `for_reader` says since when the stars must no longer be shown."""

    def __init__(self, for_reader: str) -> None:
        super().__init__(for_reader)
        self.for_reader = for_reader


@dataclass(frozen=True)
class Label:
    """What one label says. code: of the paper in force, 16 characters."""

    year: int
    star: int
    maximum_star: int
    code: str
    is_example: bool

    @property
    def verify_url(self) -> str:
        return settings.PORTAL_URL + reverse("verify_code", args=[self.code])


def label_of(award: Award, *, at: datetime) -> Label:
    """
    Return the label of an award as it stands. Raises NoLabel, and Gone once the award is revoked or its term over.

    A changed star is that of the paper in force. Packaging with an earlier code is answered by the verification page.
    """
    paper = _paper_in_force(award, at=at)
    if paper is None or not award.decree.is_published(at=at):
        raise NoLabel
    if award.revoked_at is not None and award.revoked_at <= at:
        since = plain_date(timezone.localdate(award.revoked_at))
        raise Gone(
            f"Penghargaan ini dicabut pada {since} dengan {award.revocation_decree}. Bintang tidak lagi dicantumkan "
            f"pada kemasan paling lambat {PACKAGING_DAYS} hari kalender sejak SK itu ditetapkan."
        )
    last_day = paper.basis.valid_until
    if last_day is not None and timezone.localdate(at) > last_day:
        raise Gone(
            f"Penghargaan ini berlaku sampai {plain_date(last_day)}. Bintang tidak lagi dicantumkan pada kemasan yang "
            "dicetak sesudahnya."
        )
    if award.star_in_force < LOWEST_STAR:
        raise NoLabel
    return Label(award.decree.round_id, award.star_in_force, award.maximum_star, paper.code, award.is_example)


def is_there(award: Award, *, at: datetime) -> bool:
    try:
        label_of(award, at=at)
    except (NoLabel, Gone):
        return False
    return True


def rules_of_use(award: Award) -> list[str]:
    """What whoever prints the label must keep to."""
    paper = award.certificates.in_force()
    last_day = paper.basis.valid_until if paper else award.decree.valid_until
    until = f"sampai {plain_date(last_day)}" if last_day else "sampai evaluasi pada periode berikutnya"
    return [
        f"Label hanya dicetak pada kemasan {award.product_name} buatan {award.ikm_name}, bukan pada produk lain.",
        "Jumlah bintang, tahun, kode, dan kode QR dicetak apa adanya: tidak diubah, dipotong, diputar, atau ditutupi.",
        f"Lebar label paling kecil {SMALLEST_WIDTH} mm, agar kode QR terbaca; perbandingan sisinya tetap.",
        "Warna dicetak seperti berkas ini, atau satu warna gelap di atas dasar putih. Sisakan 2 mm kosong di sekelilingnya.",
        "Label menerangkan Penghargaan OVOP, dan tidak menggantikan izin edar, SNI, sertifikat halal, atau tanda lain.",
        f"Label berlaku {until}. Bila dicabut, pencantuman berhenti paling lambat {PACKAGING_DAYS} hari kalender.",
        "Bila bintang berubah atau piagam diganti, kemasan berikutnya memakai label yang baru dari halaman ini.",
    ]


def svg(label: Label) -> str:
    """Return the drawing, in mm; without fonts, scripts, or addresses to load."""
    title = f"Penghargaan OVOP {label.year}: {stars_in_words(label.star, label.maximum_star)}"
    where = f"{urlsplit(settings.PORTAL_URL).netloc}/verifikasi"
    left = WIDTH - _MARGIN - _QR
    room = left - 2 * _MARGIN
    middle = _MARGIN + room / 2
    parts = [
        f'<rect x=".4" y=".4" width="{WIDTH - 0.8}" height="{HEIGHT - 0.8}" rx="2.4" fill="{_PAPER}" '
        f'stroke="{_EDGE}" stroke-width=".5"/>',
        _words(f"PENGHARGAAN OVOP {label.year}", SANS_BOLD, 10, middle, 7.4, _INK),
        _stars(label, middle, 9.2, room),
        _words(stars_in_words(label.star, label.maximum_star).capitalize(), TITLE, 10.5, middle, 22.6, _INK),
        _words(MINISTRY, SANS, 5.6, middle, 26.2, _MUTED),
        _words(where, SANS, min(5.6, room / face(SANS).width(where, 1)), middle, 29, _MUTED),
        f'<g transform="translate({left} 2.6)">{_qr(label.verify_url)}</g>',
        _words(codes.printed(label.code), SANS_BOLD, 5, left + _QR / 2, 26.6, _INK),
    ]
    if label.is_example:
        parts.append(_words(EXAMPLE_MARK, SANS_BOLD, 4.6, left + _QR / 2, 29.2, _WARNING))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def pdf(label: Label) -> bytes:
    """Return the drawing as a PDF of its own size. Raises letters.papers.NotDrawn."""
    page = (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>Label bintang OVOP {label.year}</title>'
        f"</head><body>{svg(label)}</body></html>"
    )
    css = f"@page {{ size: {WIDTH}mm {HEIGHT}mm; margin: 0 }} html, body {{ margin: 0 }} svg {{ display: block }}"
    return papers.laid_out(page, css=css)


def png(label: Label) -> bytes:
    """Return the drawing in pixels, PNG_WIDTH wide, transparent around its corners. Raises papers.NotDrawn."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf(label))
    try:
        scale = PNG_WIDTH / document[0].get_width()
        picture = document[0].render(scale=scale, fill_color=(255, 255, 255, 0), rev_byteorder=True).to_pil()
    finally:
        document.close()
    target = io.BytesIO()
    dots_per_inch = PNG_WIDTH / (WIDTH / 25.4)
    picture.save(target, "PNG", optimize=True, dpi=(dots_per_inch, dots_per_inch))
    return target.getvalue()


def _paper_in_force(award: Award, *, at: datetime) -> Certificate | None:
    return award.certificates.public(at=at).select_related("decree", "award__decree").in_force()


def _stars(label: Label, middle: float, top: float, room: float) -> str:
    """The certificate's row of stars, within the room."""
    units = drawings.STAR_STEP * label.maximum_star - (drawings.STAR_STEP - 24)
    scale = min(9.2 / 24, room / units)
    row = drawings.stars_drawn(label.star, label.maximum_star)
    return f'<g transform="translate({middle - units * scale / 2:.3f} {top}) scale({scale:.4f})">{row}</g>'


def _qr(address: str) -> str:
    side, dark = qr.rectangles(address)
    path = "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in dark)
    return f'<g transform="scale({_QR / side:.5f})"><path fill="{qr.INK}" d="{path}"/></g>'


def _words(text: str, name: str, points: float, middle: float, baseline: float, colour: str) -> str:
    """One line of text as outlines, centred on `middle`."""
    em = points * MM_PER_POINT
    x, drawn = middle - face(name).width(text, points) / 2, []
    for character in text:
        outline, advance = _glyph(name, character)
        if outline:
            drawn.append(
                f'<path transform="translate({x:.3f} {baseline:.3f}) scale({em:.5f} {-em:.5f})" d="{outline}"/>'
            )
        x += advance * em
    return f'<g fill="{colour}">{"".join(drawn)}</g>'


@cache
def _glyph(name: str, character: str) -> tuple[str, float]:
    """The outline of one letter in em and its advance. KeyError for a character that the face cannot draw."""
    from fontTools.misc.transform import Scale
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / f"{name}.ttf", lazy=True) as font:
        glyphs, glyph = font.getGlyphSet(), font.getBestCmap()[ord(character)]
        em = font["head"].unitsPerEm
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.4f}".rstrip("0").rstrip("."))
        glyphs[glyph].draw(TransformPen(pen, Scale(1 / em)))
        return pen.getCommands(), glyphs[glyph].width / em
