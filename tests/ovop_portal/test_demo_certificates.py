"""The four awards of the demo: their PDF in words, the QR code, and what page, API and verification say of them."""

import hashlib
import json
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from awards import codes
from awards.certificate_text import day, day_en
from awards.models import Award, Certificate, Decree
from ovop_portal.demo import facts

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.django_db, pytest.mark.usefixtures("demo")]

# On public record (domain.md): who, what, where; the order is that of the decree's annex.
FIVE_STARS = [
    ("PT Tama Cokelat Indonesia", "Dodol cokelat", "Kabupaten Garut", "Jawa Barat"),
    (
        "Tenun Antik Hj. Fatimah Sayuthi",
        "Kain tenun songket Pandai Sikek",
        "Kabupaten Tanah Datar",
        "Sumatera Barat",
    ),
    ("Batik Winotosastro", "Batik tulis Yogyakarta", "Kota Yogyakarta", "DI Yogyakarta"),
    ("UD Mawar Art Shop", "Anyaman ketak", "Kabupaten Lombok Barat", "Nusa Tenggara Barat"),
]
PLACES = range(4)


def certificate_at(place: int) -> Certificate:
    return Certificate.objects.select_related("award__decree").get(award__position=place + 1)


def file_of(certificate: Certificate) -> Path:
    return Path(settings.MEDIA_ROOT) / certificate.path


def words_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        assert len(document) == 1
        return re.sub(r"\s+", " ", document[0].get_textpage().get_text_range())
    finally:
        document.close()


def test_there_are_four_awards_in_the_order_of_the_annex_all_of_five_stars():
    awards = list(Award.objects.published().with_names().order_by("position"))
    told = [(one.ikm_name, one.product_name, one.regency_name, one.province_name) for one in awards]
    assert told == FIVE_STARS
    assert [(one.star, one.maximum_star, one.is_example) for one in awards] == [(5, 5, True)] * 4
    assert [(one.ikm, one.product) for one in facts.FOUR_OF_2018] == [row[:2] for row in FIVE_STARS]


@pytest.mark.parametrize("place", PLACES)
def test_the_paper_says_everything_in_words_in_both_languages(place):
    certificate, (ikm, product, regency, province) = certificate_at(place), FIVE_STARS[place]
    decree, words = certificate.award.decree, words_of(file_of(certificate))
    for expected in (
        ikm,
        f"atas produk {product}",
        f"for the product {product}",
        f"{regency}, {province}",
        "klasifikasi bintang lima dari lima",
        "rated five stars out of five",
        f"Nomor OVOP/2018/{place + 1:04d} / Number OVOP/2018/{place + 1:04d}",
        codes.printed(certificate.code),
        f"Nomor CONTOH-1 Tahun {timezone.localdate(decree.issued_at).year} tanggal {day(decree.date)}",
        f"dated {day_en(decree.date)}",
        "NAMA PEJABAT CONTOH",
    ):
        assert expected in words, f"{expected} is not in: {words}"
    assert "data contoh" in words.lower()
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", codes.printed(certificate.code))


@pytest.mark.parametrize("place", PLACES)
def test_the_file_is_the_recorded_one_and_carries_the_record_marked_as_an_example(place):
    certificate = certificate_at(place)
    content = file_of(certificate).read_bytes()
    assert hashlib.sha256(content).hexdigest() == certificate.sha256
    assert len(content) == certificate.size
    with pikepdf.open(file_of(certificate)) as pdf:
        assert list(pdf.attachments) == ["facts.json"]
        record = json.loads(pdf.attachments["facts.json"].get_file().read_bytes())
        assert "data contoh" in str(pdf.docinfo["/Keywords"]).lower()
    assert record["is_example"] is True
    assert (record["ikm"], record["product"], record["star"]) == (*FIVE_STARS[place][:2], 5)
    assert (record["number"], record["code"]) == (certificate.number, certificate.code)


@pytest.mark.parametrize("place", PLACES)
def test_the_qr_code_leads_to_the_verification_which_answers_valid(place, client):
    certificate = certificate_at(place)
    document = pypdfium2.PdfDocument(file_of(certificate))
    picture = document[0].render(scale=200 / 72).to_pil()
    document.close()
    address = f"{settings.PORTAL_URL}/verifikasi/{certificate.code}/"
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [address]
    answer = client.get(f"/verifikasi/{certificate.code}/")
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "tercatat dan berlaku" in said
    assert "data contoh" in said.lower()
    assert certificate.number in said
    assert certificate.sha256 in said


def test_the_codes_are_four_and_none_follows_from_another():
    found = set(Certificate.objects.order_by("pk").values_list("code", flat=True))
    assert len(found) == 4
    assert len({code[:8] for code in found}) == 4


def test_numbers_run_without_a_gap_in_the_order_of_the_annex():
    numbers = Certificate.objects.order_by("award__position").values_list("number", flat=True)
    assert list(numbers) == [f"OVOP/2018/{place:04d}" for place in range(1, 5)]


def test_page_structured_data_and_api_say_that_it_is_an_example(client):
    award = Award.objects.get(position=1)
    page = client.get(award.get_absolute_url()).content.decode()
    assert "data contoh" in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL).lower()
    block = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert "data contoh" in json.dumps(json.loads(block[1]), ensure_ascii=False).lower()
    rows = client.get("/api/v1/awards").json()["results"]
    assert len(rows) == 4
    assert all(row["example"] is True and row["note"] == "data contoh" for row in rows)
    assert client.get(f"/api/v1/awards/{award.slug}").json()["note"] == "data contoh"


@pytest.mark.parametrize("address", ["/", "/katalog/", "/hasil/2018/"])
def test_public_lists_show_the_four_and_say_that_they_are_examples(address, client):
    said = client.get(address).content.decode()
    for ikm, *_ in FIVE_STARS:
        assert ikm in said
    assert "data contoh" in said.lower()


def test_the_decree_is_the_finished_rounds_and_the_running_round_has_none(client):
    assert list(Decree.objects.values_list("round", flat=True)) == [2018]
    pending = client.get(reverse("results", args=[2026])).content.decode()
    assert "2026" in pending
    for _, candidate in facts.RUNNING:
        assert candidate.ikm not in pending
