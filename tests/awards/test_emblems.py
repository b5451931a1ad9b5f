"""An emblem comes as plain shapes or as pixels; whatever else an SVG can hold is named and refused."""

import io
import random

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from awards import certificate_page as page
from awards import designing, emblems
from awards.emblems import UnusableEmblem
from tests.factories.certificate_facts import certificate_facts
from tests.pdfa import problems

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">'
)
SHAPE = '<path fill="#c8102e" d="M0 0h10v10H0z"/>'


def svg(inside: str = SHAPE, head: str = HEAD) -> bytes:
    return f"{head}{inside}</svg>".encode()


def png(side: int = 200) -> bytes:
    target = io.BytesIO()
    Image.new("RGBA", (side, side), (200, 16, 46, 128)).save(target, "PNG")
    return target.getvalue()


def uploaded(data: bytes, name: str = "lambang.svg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    "inside",
    [
        SHAPE,
        '<g transform="rotate(45 5 5)" style="fill:#123;stroke:none"><circle cx="5" cy="5" r="4"/></g>',
        '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/><stop offset="1"/></linearGradient>'
        '<linearGradient id="b" xlink:href="#a" x2="4"/></defs><rect width="9" height="9" fill="url(#b)"/>',
        "<!-- a comment of the drawing program --><title>Lambang</title>" + SHAPE,
    ],
)
def test_shapes_colours_and_gradients_may_stand_in_it(inside):
    emblems.check_vector(svg(inside))


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ("<script>alert(1)</script>", "script"),
        ('<path d="M0 0" onload="alert(1)"/>', "onload"),
        ("<foreignObject><p/></foreignObject>", "foreignObject"),
        ('<image href="file:///etc/passwd"/>', "image"),
        ('<use href="#a"/>', "use"),
        ('<a href="https://ovop.example/"><path d="M0 0"/></a>', ": a"),
        ("<style>@import url(https://ovop.example/a.css)</style>", "style"),
        ("<text>Tulisan</text>", "text"),
        ("<animate/>", "animate"),
        ("<filter/>", "filter"),
        ('<path d="M0 0" fill="url(https://ovop.example/a)"/>', "fill"),
        ('<path d="M0 0" fill="url(#a) url(//ovop.example)"/>', "fill"),
        ('<path d="M0 0" style="fill:url(data:image/png;base64,AA)"/>', "fill"),
        ('<path d="M0 0" style="fill:u\\72l(//ovop.example/)"/>', "fill"),
        ('<path d="M0 0" style="background:red"/>', "background"),
        ('<path d="M0 0" style="fill:red;/**/behavior:x"/>', "behavior"),
        ('<linearGradient id="a" href="https://ovop.example/#a"/>', "ovop.example"),
        ('<linearGradient id="a" href="#a"/>', "warna bertingkat"),
        ('<linearGradient id="a" href="#nothing"/>', "warna bertingkat"),
        (f"<svg viewBox='0 0 1 1'>{SHAPE}</svg>", "gambar di dalam gambar"),
        ('<path xmlns="http://www.w3.org/1999/xhtml" d="M0 0"/>', "path"),
        ("<g>" * 30 + "</g>" * 30, "terlalu rumit"),
        ("<g/>" * 5000, "terlalu rumit"),
        (f"<desc>{'a' * 600_000}</desc>", "paling besar 512 KB"),
    ],
)
def test_what_is_no_shape_is_named_and_refused(inside, named):
    with pytest.raises(UnusableEmblem) as refused:
        emblems.check_vector(svg(inside))
    assert named in refused.value.for_reader
    assert "Simpan lambang sebagai SVG biasa" in refused.value.for_reader


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(), "DOCTYPE"),
        (b'<?xml version="1.0"?><?php echo 1 ?>' + svg(), "deklarasi"),
        (b'<?xml version="1.0"?><?xml-stylesheet href="https://ovop.example/a.css"?>' + svg(), "deklarasi"),
        (svg(head='<svg xmlns="http://www.w3.org/2000/svg">'), "viewBox"),
        (svg(head='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 10">'), "viewBox"),
        (svg(head='<svg viewBox="0 0 10 10">'), "bukan gambar SVG"),
        (svg()[:-9], "tidak dapat dibaca"),
        (svg().decode().encode("utf-16"), "UTF-8"),
        (b"GIF89a", "tidak dapat dibaca"),
        (b"%PDF-1.7", "tidak dapat dibaca"),
    ],
)
def test_what_is_no_plain_svg_is_refused(data, named):
    with pytest.raises(UnusableEmblem) as refused:
        emblems.check_vector(data)
    assert named in refused.value.for_reader


def test_an_svg_is_kept_byte_for_byte_and_pixels_are_made_anew():
    assert designing.read_emblem(uploaded(svg())).data == svg()
    noted = Image.open(io.BytesIO(png()))
    target = io.BytesIO()
    info = PngInfo()
    info.add_text("Author", "somebody")
    noted.save(target, "PNG", pnginfo=info)
    kept = designing.read_emblem(uploaded(target.getvalue(), "a.svg"))
    assert kept.media_type == "image/png"
    assert b"somebody" not in kept.data
    assert Image.open(io.BytesIO(kept.data)).getpixel((5, 5)) == (200, 16, 46, 128)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (png()[:80], "PNG yang utuh"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 1_200_000, "paling besar 1024 KB"),
    ],
    ids=["cut off", "too large"],
)
def test_pixels_that_do_not_fit_are_refused(data, named):
    with pytest.raises(UnusableEmblem, match=named):
        designing.read_emblem(uploaded(data, "a.png"))


def noisy(width: int, height: int) -> bytes:
    """A picture of 256 colours that no compression makes small."""
    target = io.BytesIO()
    picture = Image.frombytes("P", (width, height), random.Random(6).randbytes(width * height))
    picture.putpalette(random.Random(7).randbytes(768))
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()


def test_pixels_are_no_larger_than_they_are_printed_and_keep_their_shape():
    kept = designing.read_emblem(uploaded(png(1700), "a.png"))
    assert Image.open(io.BytesIO(kept.data)).size == (472, 472)
    wide = Image.new("RGBA", (1000, 300), (200, 16, 46, 128))
    target = io.BytesIO()
    wide.save(target, "PNG")
    assert Image.open(io.BytesIO(designing.read_emblem(uploaded(target.getvalue())).data)).size == (1000, 300)


def test_pixels_that_would_weigh_down_every_certificate_are_refused_with_their_weight():
    with pytest.raises(UnusableEmblem) as refused:
        designing.read_emblem(uploaded(noisy(1000, 1000), "a.png"))
    said = refused.value.for_reader
    assert "472 kali 472 piksel" in said
    assert "paling besar 384 KB" in said
    assert "Pakai SVG" in said


@pytest.mark.parametrize(
    "emblem",
    [
        svg(),
        svg('<path fill="#c8102e80" d="M0 0h10v10H0z"/>'),
        svg(
            '<linearGradient id="a"><stop offset="0" stop-color="#fff"/><stop offset="1"/></linearGradient>'
            '<g opacity=".5"><rect width="9" height="9" fill="url(#a)"/></g>'
        ),
        png(),
    ],
    ids=["plain", "a colour that shines through", "gradient and opacity", "pixels"],
)
def test_each_kind_stands_on_every_certificate_of_a_batch_as_pdf_a(emblem):
    """The first one draws it, the second takes what was kept: both hold the same picture."""
    first, second = (
        page.pdf(certificate_facts(emblem=emblem, emblem_text="Lambang contoh", ikm_name=name))
        for name in ("UD Satu", "UD Dua")
    )
    pictures = []
    for data in (first, second):
        assert problems(data) == []
        drawn = pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil().convert("RGB")
        pictures.append(drawn.crop((430, 34, 480, 91)).tobytes())
        assert drawn.getpixel((round(161 * 72 / 25.4), round(22 * 72 / 25.4))) != drawn.getpixel((820, 60))
    assert pictures[0] == pictures[1]
