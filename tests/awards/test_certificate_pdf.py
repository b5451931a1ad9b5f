"""The certificate's file: what stands on the paper, what a reader's tools find in it, and that it is always the same."""

import hashlib
import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import weasyprint
import zxingcpp
from PIL import Image, ImageChops

from awards import certificate_faces, certificate_pdf, certificate_shapes, certificate_strokes
from awards import certificate_page as page
from awards.certificate_text import ORNAMENTS, canonical_json
from tests.factories.certificate_facts import LONG_NAME, LONG_PLACE, certificate_facts

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'
PROJECT = Path(__file__).resolve().parents[2]
A4_LANDSCAPE = (841.89, 595.28)
MM = 72 / 25.4


def words_of(data: bytes) -> str:
    """The text of the only page, as a reader copies it, in one line."""
    document = pypdfium2.PdfDocument(data)
    text = document[0].get_textpage().get_text_range()
    document.close()
    return " ".join(text.split())


def picture_of(data: bytes, *, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    picture = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    document.close()
    return picture


def at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The colour at (x, y) mm from the top left of an A4 page in landscape."""
    scale = picture.width / 297
    colour = picture.getpixel((round(x * scale), round(y * scale)))
    assert isinstance(colour, tuple)
    return colour


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, pikepdf.Array):
            waiting = [*one, *waiting]
        elif isinstance(one, pikepdf.Dictionary):
            yield one
            if "/K" in one:
                waiting.insert(0, one.K)


@pytest.fixture(scope="module")
def facts() -> page.Facts:
    return certificate_facts()


@pytest.fixture(scope="module")
def data(facts: page.Facts) -> bytes:
    return page.pdf(facts)


def test_every_fact_stands_on_the_paper(facts, data):
    words = words_of(data)
    for expected in (
        "KEMENTERIAN PERINDUSTRIAN REPUBLIK INDONESIA",
        "Ministry of Industry of the Republic of Indonesia",
        "Piagam Penghargaan",
        "Certificate of Award · One Village One Product (OVOP) · 2018",
        "diberikan kepada / presented to Tenun Antik Hj. Fatimah Sayuthi Kabupaten Tanah Datar, Sumatera Barat",
        "atas produk Kain tenun Pandai Sikek kelompok komoditas kain tenun,",
        "for the product Kain tenun Pandai Sikek, commodity group woven fabric,",
        "sebagai penerima Penghargaan One Village One Product (OVOP) Tahun 2018",
        "dengan klasifikasi bintang empat dari lima",
        "recipient of the One Village One Product (OVOP) Award 2018, rated four stars out of five",
        "berdasarkan Keputusan Menteri Perindustrian Nomor 14 Tahun 2018 tanggal 13 Maret 2018",
        "pursuant to Decree of the Minister of Industry Number 14 of 2018, dated 13 March 2018",
        "Jakarta, 14 Maret 2018 Menteri Perindustrian Republik Indonesia, NAMA PEJABAT CONTOH",
        "7K3M-Q9XD-2PTA-8WHN",
        "ovop.example/verifikasi/",
        "Instrumen Kain tenun versi 3",
        facts.fingerprint,
    ):
        assert expected in words, expected


def test_both_languages_give_the_same_number(data):
    assert "Nomor OVOP/2018/0007 / Number OVOP/2018/0007" in words_of(data)


def test_nothing_personal_and_no_placeholder_is_printed(data):
    words = words_of(data)
    assert not re.search(r"\b\d{15,16}\b", re.sub(r"(?<=\d)[ .\-](?=\d)", "", words))
    assert not re.search(r"\{|\}|None|NIK|NPWP|NIB|skor", words)


def test_it_is_one_page_of_a4_in_landscape_for_the_shortest_and_the_longest_names():
    longest = certificate_facts(
        ikm_name=LONG_NAME,
        product_name="Guci gerabah berukir hias motif bunga pala dengan glasir abu vulkanik Gunung Karangetang",
        place_name=LONG_PLACE,
        province_name="Sulawesi Utara",
        ornament="gerabah",
        is_example=True,
    )
    shortest = certificate_facts(ikm_name="A", product_name="B", ornament="lainnya", star=1)
    for facts in (longest, shortest):
        data = page.pdf(facts)
        document = pypdfium2.PdfDocument(data)
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx(A4_LANDSCAPE, abs=0.02)
        words = words_of(data)
        assert facts.ikm_name in words
        assert facts.product_name in words
        assert f"{facts.place_name}, {facts.province_name}" in words


LONGEST = {
    "ikm_name": LONG_NAME,
    "product_name": "Guci gerabah berukir " * 7 + "hias",
    "place_name": LONG_PLACE,
    "signatory_office": "Direktur Jenderal Industri Kecil, Menengah, dan Aneka "
    "a.n. Menteri Perindustrian Republik Indonesia",
    "instrument": "Gerabah dan keramik hias versi 12 untuk periode percobaan",
    "number": "OVOP/2018/0007/P1",
    "host": "penghargaan-satu-desa-satu-produk.industri-kecil-menengah-aneka.kemenperin.example",
    "is_example": True,
    "is_signed": True,
}
FURTHER = {"words": "Ditetapkan pada peringatan hari jadi ke-81 kementerian, untuk penerima dari seluruh Indonesia",
           "words_en": "Awarded on the 81st anniversary of the ministry to recipients from all of Indonesia"}  # fmt: skip


@pytest.mark.parametrize("emblem", [None, SQUARE])
@pytest.mark.parametrize("names", [LONGEST, {"ikm_name": "A", "product_name": "B"}])
@pytest.mark.parametrize("look", [{}, {"frame": "bingkai", **FURTHER}, {"frame": "polos"}, FURTHER])
def test_no_line_leaves_the_paper_or_runs_into_another(emblem, names, look):
    data = page.pdf(certificate_facts(emblem=emblem, **names, **look))
    text = pypdfium2.PdfDocument(data)[0].get_textpage()
    boxes = [text.get_rect(number) for number in range(text.count_rects())]
    assert len(boxes) > 25
    # Without the band the column stands in the middle of the page.
    shifted = 12.5 if "frame" in look else 0
    for left, bottom, right, top in boxes:
        assert left > (39 - shifted) * MM
        assert right < (297 - 14) * MM
        assert 5 * MM < bottom < top < (210 - 10) * MM
    for number, (left, bottom, right, top) in enumerate(boxes):
        for other_left, other_bottom, other_right, other_top in boxes[number + 1 :]:
            across = min(right, other_right) - max(left, other_left)
            down = min(top, other_top) - max(bottom, other_bottom)
            assert across < 1 or down < 1, (number, across, down)


@pytest.mark.parametrize(("star", "maximum"), [(1, 5), (4, 5), (5, 5), (2, 3)])
def test_the_drawn_stars_are_as_many_as_the_words_say(star, maximum):
    picture = picture_of(page.pdf(certificate_facts(star=star, maximum_star=maximum)), dpi=100)
    side, step = 12, 12 / 24 * 29
    left = 161 - (step * (maximum - 1) + side) / 2
    middles = [at(picture, left + step * number + side / 2, 121.6 + side / 2) for number in range(maximum)]
    assert middles == [(0xD9, 0x9A, 0x1C)] * star + [(255, 255, 255)] * (maximum - star)


def test_the_qr_code_of_the_printed_page_leads_to_the_verification(facts, data):
    found = zxingcpp.read_barcodes(picture_of(data, dpi=150))
    assert [code.text for code in found] == ["https://ovop.example/verifikasi/7K3MQ9XD2PTA8WHN/"]
    assert found[0].format == zxingcpp.BarcodeFormat.QRCode
    assert found[0].ec_level == "Q"


def test_an_address_too_long_for_version_5_still_gets_a_code_that_can_be_read():
    host = "penghargaan-satu-desa-satu-produk.industri-kecil.kemenperin.example"
    picture = picture_of(page.pdf(certificate_facts(host=host)), dpi=200)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [
        f"https://{host}/verifikasi/7K3MQ9XD2PTA8WHN/"
    ]


@pytest.mark.parametrize("ornament", ORNAMENTS)
def test_each_technique_has_an_ornament_of_its_own_on_the_band_and_none_behind_the_text(ornament):
    picture = picture_of(page.pdf(certificate_facts(ornament=ornament)), dpi=60)
    scale = picture.width / 297
    band = picture.crop((0, 0, round(20 * scale), picture.height))
    assert len(band.getcolors(maxcolors=100_000) or []) > 3
    assert at(picture, 20.6, 100) == (0xD9, 0x9A, 0x1C)
    assert at(picture, 30, 100) == (0xFB, 0xF8, 0xF2)
    others = [one for one in ORNAMENTS if one != ornament]
    other = picture_of(page.pdf(certificate_facts(ornament=others[0])), dpi=60)
    assert ImageChops.difference(band, other.crop((0, 0, band.width, band.height))).getbbox() is not None


def test_the_ornaments_are_small_drawings_without_references():
    folder = PROJECT / "fixtures" / "ornaments"
    assert {path.stem for path in folder.glob("*.svg")} == set(ORNAMENTS)
    for path in folder.glob("*.svg"):
        source = path.read_text("utf-8")
        assert len(source.encode()) <= 1300, path.name
        assert not re.search(r"href|url\(|<image|<script|<style", source), path.name


def test_example_data_says_so_on_the_paper_and_in_the_file():
    data = page.pdf(certificate_facts(is_example=True))
    words = words_of(data)
    assert "CONTOH – data peragaan" in words
    assert "Data contoh untuk peragaan, bukan penghargaan resmi." in words
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.docinfo["/Title"]).startswith("CONTOH – data peragaan: ")
        assert "data contoh" in str(pdf.docinfo["/Keywords"])
        assert "CONTOH – data peragaan" in pdf.Root.Metadata.read_bytes().decode()


def test_a_real_certificate_bears_no_such_mark(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        everywhere = words_of(data) + str(pdf.docinfo) + pdf.Root.Metadata.read_bytes().decode()
    assert "contoh" not in everywhere.lower().replace("pejabat contoh", "")
    assert "PRATINJAU" not in everywhere


def test_a_preview_is_crossed_by_the_words_that_it_is_not_in_force():
    data = page.pdf(certificate_facts(is_preview=True))
    text = pypdfium2.PdfDocument(data)[0].get_textpage()
    mark = "PRATINJAU – TIDAK BERLAKU"
    start, count = text.search(mark).get_next()
    assert count == len(mark)
    first, last = text.get_charbox(start), text.get_charbox(start + count - 1)
    assert last[0] - first[0] > 180 * MM
    assert last[1] - first[1] > 60 * MM
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.docinfo["/Title"]).startswith("PRATINJAU – TIDAK BERLAKU: ")


def test_it_declares_pdf_a_3a_with_its_parts(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.pdf_version == "1.7"
        assert not pdf.is_encrypted
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == pdf.docinfo["/Title"]
        intent = pdf.Root.OutputIntents[0]
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert pdf.Root.Lang == "id"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.pages[0].Tabs == "/S"
        assert len(pdf.trailer.ID) == 2
        for name in ("/JavaScript", "/OpenAction", "/AA", "/AcroForm"):
            assert name not in pdf.Root
        fonts = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"
        ]
        assert len([one for one in fonts if one.Subtype == "/Type0"]) == 6
        assert all("/ToUnicode" in one for one in fonts if one.Subtype == "/Type0")
        descriptors = [one.FontDescriptor for one in fonts if "/FontDescriptor" in one]
        assert all("/FontFile2" in one for one in descriptors)


def test_every_mark_on_the_page_belongs_to_an_element_or_is_an_artifact(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        depth, outside, ids = 0, 0, []
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            name = str(operator)
            if name in ("BDC", "BMC"):
                depth += 1
                if name == "BDC":
                    ids.append(int(operands[1].MCID))
            elif name == "EMC":
                depth -= 1
            elif name in ("Tj", "TJ", "Do") and depth == 0:
                outside += 1
        claimed = [int(kid) for one in elements(pdf) for kid in one.get("/K", []) if isinstance(kid, int)]
        assert (depth, outside) == (0, 0)
        assert sorted(ids) == sorted(claimed) == list(range(len(ids)))


def test_headings_figures_and_languages_are_tagged(facts, data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = list(elements(pdf))
        tags = [str(one.get("/S")) for one in found]
        assert tags.count("/H1") == 1
        figures = [str(one.Alt) for one in found if one.get("/S") == "/Figure"]
        assert figures == [
            "Bintang empat dari lima",
            "Kode QR menuju https://ovop.example/verifikasi/7K3MQ9XD2PTA8WHN/",
        ]
        languages = [str(one.Lang) for one in found if "/Lang" in one]
    assert languages == ["en"] * page.html(facts).count('lang="en"')
    assert len(languages) >= 10


def test_the_award_is_embedded_as_the_canonical_record_that_the_fingerprint_covers(facts, data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert list(pdf.attachments) == ["facts.json"]
        embedded = pdf.attachments["facts.json"].get_file().read_bytes()
        assert len(pdf.Root.AF) == 1
        assert pdf.Root.AF[0].AFRelationship == "/Data"
        assert pdf.attachments["facts.json"].get_file().mime_type == "application/json"
    assert embedded == canonical_json(facts.record)
    assert json.loads(embedded)["ikm"] == "Tenun Antik Hj. Fatimah Sayuthi"
    assert hashlib.sha256(embedded).hexdigest() == facts.fingerprint
    assert facts.fingerprint in words_of(data)


def test_its_dates_are_those_of_the_certificate(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == str(pdf.docinfo["/ModDate"]) == "D:20180314000000+07'00"
        assert pdf.open_metadata()["xmp:CreateDate"] == "2018-03-14T00:00:00+07:00"


MADE_ELSEWHERE = """
import hashlib, os, django
django.setup()
from awards import certificate_page as page
from tests.factories.certificate_facts import certificate_facts
page.pdf(certificate_facts(ikm_name="Yang lain", star=int(os.environ["STAR"])))
print(hashlib.sha256(page.pdf(certificate_facts())).hexdigest())
"""


def run_python(program: str, **environment: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "tests.settings", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_the_same_facts_give_the_same_bytes_in_any_process_at_any_time(data, settings):
    here = hashlib.sha256(data).hexdigest()
    folder = str(settings.DATA_DIR)
    assert (
        run_python(MADE_ELSEWHERE, OVOP_DATA_DIR=folder, PYTHONHASHSEED="1", STAR="1", TZ="Asia/Jayapura")
        == here
    )
    assert (
        run_python(MADE_ELSEWHERE, OVOP_DATA_DIR=folder, PYTHONHASHSEED="2", STAR="4", LANG="C.UTF-8") == here
    )


def test_nothing_of_one_certificate_stays_for_the_next(facts, data):
    """What is kept from page to page is only what they share: the same bytes, whatever was made before."""
    for other in (
        certificate_facts(is_example=True, is_preview=True),
        certificate_facts(ikm_name=LONG_NAME, star=1),
        certificate_facts(ikm_name="Batik Winotosastro", code="0123456789ABCDEF", star=4),
    ):
        once = page.pdf(other)
        assert page.pdf(facts) == data
        assert page.pdf(other) == once
        assert facts.ikm_name not in words_of(once) or other.ikm_name == facts.ikm_name


@pytest.fixture
def anew(monkeypatch) -> Callable[[], None]:
    """Have nothing kept of any certificate, as in a new process."""

    def forget() -> None:
        kept = certificate_shapes.Paragraphs(certificate_faces.Faces())
        monkeypatch.setattr(certificate_pdf, "_paragraphs", kept)

    forget()
    return forget


def test_a_paper_is_the_same_whatever_was_drawn_before_it(anew):
    # The names of the third and of the fourth are set into the paragraphs of the second.
    rows = [
        certificate_facts(number=f"OVOP/2018/{number:04d}", code=f"7K3MQ9XD2PTA8WH{number}", **others)
        for number, others in enumerate(
            (
                {},
                {"ikm_name": "Batik Winotosastro"},
                {"ikm_name": "Affinitas Te\u0301h  fi"},
                {"ikm_name": "Va To", "star": 2},
                {"ikm_name": LONG_NAME, "star": 1, "ornament": "batik"},
                {"is_example": True, "frame": "bingkai"},
            ),
            1,
        )
    ]
    sheets = [page.pdf(facts) for facts in [*rows, *reversed(rows)]]
    alone = []
    for facts in rows:
        anew()
        alone.append(page.pdf(facts))
    assert sheets == [*alone, *reversed(alone)]


def test_a_second_paper_of_the_same_shape_is_not_laid_out(anew, monkeypatch):
    asked = []
    render = weasyprint.Document._render.__func__

    def noted(cls, html, *given):
        asked.append([one.get("class") for one in html.etree_element[1]])
        return render(cls, html, *given)

    monkeypatch.setattr(weasyprint.Document, "_render", classmethod(noted))
    page.pdf(certificate_facts(ikm_name="UD Mawar"))
    data = page.pdf(certificate_facts(number="OVOP/2018/0008", code="7K3MQ9XD2PTA8WH0", ikm_name="UD Melati"))
    assert len(asked) == 1
    assert len(asked[0]) > 20
    assert "UD Melati" in words_of(data)
    assert "UD Mawar" not in words_of(data)


def test_a_renderer_that_sets_lines_otherwise_is_noticed_at_the_first_paper(anew, monkeypatch):
    monkeypatch.setattr(certificate_shapes, "line_size", lambda _line, _style: (100, 10))
    with pytest.raises(RuntimeError, match="otherwise than is relied on"):
        page.pdf(certificate_facts())


def test_what_the_renderer_complained_of_is_not_kept_for_the_next_paper(anew, monkeypatch):
    draw = certificate_strokes.draw_stacking_context

    def complaining(stream, context):
        logging.getLogger("weasyprint").error("a picture is missing")
        draw(stream, context)

    monkeypatch.setattr(certificate_strokes, "draw_stacking_context", complaining)
    for _ in range(2):
        with pytest.raises(page.Unprintable, match="a picture is missing"):
            page.pdf(certificate_facts())


def test_other_facts_give_other_bytes(data):
    assert page.pdf(certificate_facts(number="OVOP/2018/0008")) != data


def test_what_is_kept_draws_what_weasyprint_alone_would_draw(facts, data):
    from awards.certificate_pictures import ProjectFiles

    plain = weasyprint.HTML(string=page.html(facts), url_fetcher=ProjectFiles()).write_pdf()
    assert words_of(plain) == words_of(data)
    difference = ImageChops.difference(picture_of(plain, dpi=80), picture_of(data, dpi=80)).convert("L")
    assert sum(difference.point(lambda value: 255 if value > 40 else 0).histogram()[255:]) < 20


def test_a_web_process_does_not_load_the_renderer():
    loaded = run_python(
        "import sys, django; django.setup(); from awards import certificate_page as page;"
        "from tests.factories.certificate_facts import certificate_facts; page.check(certificate_facts());"
        "page.html(certificate_facts()); print(sorted({'weasyprint', 'pydyf', 'tinyhtml5'} & set(sys.modules)))"
    )
    assert loaded == "[]"
