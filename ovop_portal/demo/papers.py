"""Files of the demo, made from nothing: each says DATA CONTOH where it is looked at."""

import io
from collections.abc import Sequence

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

MARK = "DATA CONTOH"
_FONT = settings.BASE_DIR / "fixtures" / "fonts" / "plus-jakarta-sans-600.ttf"
_SIZE = (1200, 800)
_TILE = 100
# Ground and ink of the picture of each commodity group (tokens of interface.md).
_COLOURS = {
    "makanan_minuman": ("#FBF8F2", "#7A5200"),
    "kain_tenun": ("#24427A", "#D99A1C"),
    "kain_batik": ("#F3ECDF", "#6B3F1D"),
    "anyaman": ("#E6D5B0", "#7A5200"),
    "gerabah": ("#B5613C", "#F3ECDF"),
}


def document(title: str, lines: Sequence[str]) -> bytes:
    """Return a PDF of one A4 page: the mark, a title, these lines."""
    import pikepdf  # it says so in the log when it is imported: not for a demo that is there already

    text = [_show(60, 770, 26, MARK), _show(60, 720, 16, title)]
    text += [_show(60, 685 - 22 * place, 11, line) for place, line in enumerate(lines)]
    text.append(_show(60, 60, 10, "Dibuat untuk peragaan portal OVOP. Bukan dokumen resmi."))
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    face = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=face))
    page.obj.Contents = pdf.make_stream(b"\n".join(text))
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def photo(product: str, group: str) -> bytes:
    """Return a JPEG: a pattern in the technique of the group, the product's name, and the mark across it."""
    ground, ink = _COLOURS.get(group, ("#F3ECDF", "#24427A"))
    picture = Image.new("RGB", _SIZE, ground)
    pen = ImageDraw.Draw(picture)
    for left in range(0, _SIZE[0], _TILE):
        for top in range(0, _SIZE[1], _TILE):
            _tile(pen, group, left, top, ink)
    pen.rectangle((0, 300, _SIZE[0], 520), fill="#FFFFFF")
    pen.text((600, 370), MARK, font=_face(80), fill="#9B2335", anchor="mm")
    pen.text((600, 465), product, font=_face(44), fill="#14233F", anchor="mm")
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80)
    return target.getvalue()


def _tile(pen: ImageDraw.ImageDraw, group: str, left: int, top: int, ink: str) -> None:
    right, bottom, middle = left + _TILE, top + _TILE, _TILE // 2
    if group == "kain_tenun":
        corners = [(left + middle, top + 8), (right - 8, top + middle), (left + middle, bottom - 8)]
        pen.polygon([*corners, (left + 8, top + middle)], outline=ink, width=8)
    elif group == "kain_batik":
        pen.ellipse((left + 20, top + 20, right - 20, bottom - 20), outline=ink, width=5)
        pen.ellipse((left + 43, top + 43, right - 43, bottom - 43), fill=ink)
    elif group == "anyaman":
        shift = middle if (top // _TILE) % 2 else 0
        pen.rectangle((left + shift, top + 10, left + shift + 40, bottom - 10), fill=ink)
    elif group == "gerabah":
        pen.line((left, top + middle, right, top + middle), fill=ink, width=6)
        pen.arc((left, top, right, bottom), 20, 160, fill=ink, width=4)
    else:
        pen.ellipse((left + 15, top + 30, right - 15, bottom - 30), outline=ink, width=5)
        pen.line((left + 15, top + middle, right - 15, top + middle), fill=ink, width=3)


def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size)


def _show(x: int, y: int, size: int, words: str) -> bytes:
    """The operators that write one line; the standard face knows the letters of cp1252."""
    written = words.encode("cp1252", "replace")
    for sign in (b"\\", b"(", b")"):
        written = written.replace(sign, b"\\" + sign)
    return b"BT /F1 %d Tf %d %d Td (%s) Tj ET" % (size, x, y, written)
