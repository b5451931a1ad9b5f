"""What a certificate may be made of: the project's own files, an emblem that was given, and nothing else."""

import io

import pypdfium2
import pytest
from PIL import Image
from weasyprint.urls import FatalURLFetchingError

from awards import certificate_drawings as drawings
from awards import certificate_page as page
from awards.certificate_pictures import ProjectFiles
from awards.emblems import UnusableEmblem
from tests.factories.certificate_facts import certificate_facts

RED = (200, 16, 46)


def file_of(kind: str, mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (200, 200), RED).convert(mode).save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:6379/",
        "https://ovop.example/logo.png",
        "ftp://ovop.example/logo.png",
        "data:text/plain,halo",
        "data:image/png;base64," + "A" * 5_000_000,
        "project:../../etc/passwd",
        "project:fonts/../../../etc/passwd",
        "project:ornaments/../fonts/README",
        "project:ornaments/parang",
        "project:stars/4/5000000",
        "project:stars/5/4",
        "project:emblem",
        "",
    ],
)
def test_every_other_address_stops_the_rendering(address):
    with pytest.raises(FatalURLFetchingError, match="not a file of a certificate"):
        ProjectFiles().fetch(address)
    with pytest.raises(LookupError):
        drawings.content(address)


def test_the_projects_own_files_are_served():
    for address, kind in {
        drawings.font_address("ovop-serif-400"): "font/ttf",
        drawings.ornament_address("batik"): "image/svg+xml",
        drawings.stars_address(4, 5): "image/svg+xml",
        drawings.qr_address("https://ovop.example/verifikasi/7K3MQ9XD2PTA8WHN/"): "image/svg+xml",
    }.items():
        answer = ProjectFiles().fetch(address)
        assert answer.content_type == kind
        assert len(answer.read()) > 200


@pytest.mark.parametrize(
    "name",
    [
        '"><img src="file:///etc/passwd"/>',
        "url(file:///etc/passwd)",
        "<link rel='attachment' href='/etc/passwd'/>",
    ],
)
def test_a_name_can_fetch_nothing(name):
    data = page.pdf(certificate_facts(ikm_name=name))
    assert name in " ".join(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range().split())
    assert b"root:" not in data


@pytest.mark.parametrize(
    "emblem", [file_of("PNG"), file_of("JPEG"), file_of("PNG", "RGBA"), file_of("JPEG", "L")]
)
def test_an_emblem_stands_in_the_middle_of_its_slot_undistorted(emblem):
    data = page.pdf(certificate_facts(emblem=emblem, emblem_text="Lambang contoh"))
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    picture = document[0].render(scale=100 / 72).to_pil().convert("L")
    paper = picture.getpixel((picture.width // 2 + 300, 300))
    slot = picture.crop((100, 0, picture.width, round(33.5 / 210 * picture.height)))
    marked = slot.point(lambda value: 255 if abs(value - paper) > 60 else 0).getbbox()
    left, top, right, bottom = (edge * 25.4 / 100 for edge in marked)
    assert (left + right) / 2 + 25.4 == pytest.approx(161, abs=0.5)
    assert (top, bottom) == pytest.approx((12, 32), abs=0.5)
    assert right - left == pytest.approx(bottom - top, abs=0.5)
    assert "Piagam Penghargaan" in document[0].get_textpage().get_text_range()


def test_an_emblem_as_vectors_is_drawn():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path fill="#c8102e" d="M0 0h10v10H0z"/></svg>'
    picture = (
        pypdfium2.PdfDocument(page.pdf(certificate_facts(emblem=svg)))[0]
        .render(scale=1)
        .to_pil()
        .convert("RGB")
    )
    assert picture.getpixel((round(161 * 72 / 25.4), round(22 * 72 / 25.4))) == RED


@pytest.mark.parametrize(
    "emblem",
    [file_of("JPEG", "CMYK"), b"GIF89a", b"%PDF-1.7", b"<svg", file_of("PNG")[:60], b"<?xml <!DOCTYPE a>"],
)
def test_a_file_that_cannot_stand_there_is_refused(emblem):
    with pytest.raises(UnusableEmblem, match="lambang"):
        page.pdf(certificate_facts(emblem=emblem))


def test_an_emblem_that_asks_for_another_file_gets_no_certificate():
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
        b'<image width="10" height="10" href="file:///etc/passwd"/></svg>'
    )
    with pytest.raises(page.Unprintable, match="Lambang SVG berisi bagian yang tidak diperbolehkan: image"):
        page.pdf(certificate_facts(emblem=svg))
