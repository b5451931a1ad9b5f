"""/katalog/<slug>/: why a product is awarded, with what it holds and what became of it."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from nominations import reference
from nominations.models import DocumentKind, Sentra
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_regency
from tests.factories.nominations import NominationFactory, link_document
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
LONG_IKM = "Kelompok Usaha Bersama Industri Rumah Tangga Anyaman Ketak Mekar Sejahtera Lombok Barat Raya"


def page_of(client, award):
    return client.get(award.get_absolute_url())


def an_award_of_a_nomination(**documents):
    """An award whose nomination holds one document of each kind, valid until the day that is given."""
    reference.load()
    nomination = NominationFactory(in_state="awarded", documented=False)
    for code, expires_on in documents.items():
        link_document(
            nomination, DocumentKind.objects.get(pk=code), expires_on=expires_on, number="RAHASIA/77"
        )
    decree = DecreeFactory(published=True, round=nomination.round)
    return AwardFactory(decree=decree, nomination=nomination, product=nomination.product)


def test_the_page_says_what_who_where_when_and_by_which_decree(client):
    decree = DecreeFactory(
        published=True, round__year=2018, number="1214 TAHUN 2018", date=date(2018, 11, 20)
    )
    product = ProductFactory(name="Dodol cokelat", ikm_name=LONG_IKM)
    words = words_of(page_of(client, AwardFactory(decree=decree, product=product, star=4)))
    for said in (
        f"Dodol cokelat {LONG_IKM} Bintang 4 dari 5, ditetapkan 2018",
        "Kelompok komoditas Makanan dan minuman",
        "Tempat Kabupaten Garut, Jawa Barat",
        "Sentra IKM Sentra Dodol",
        "Penetapan Keputusan Nomor 1214 TAHUN 2018 tanggal 20 November 2018",
    ):
        assert said in words


def test_what_is_not_there_is_left_out(client):
    award = AwardFactory(product=ProductFactory(name="Dodol", ikm_name="UD Sendiri"))
    award.product.ikm.sentra = None
    award.product.ikm.save()
    words = words_of(page_of(client, award))
    for absent in ("Cerita produk", "Sertifikat", "Sentra", "Lain dari", "Berlaku sampai", " - ", "–"):
        assert absent not in words


def test_the_story_is_told_as_text_and_marked_as_indonesian(client):
    award = AwardFactory(story="Dijemur.\n\n<b>Dianyam</b> di rumah.", raw_material="Daun pandan.")
    html = main_of(client.get(f"/en{award.get_absolute_url()}"))
    assert "&lt;b&gt;Dianyam&lt;/b&gt; di rumah." in html
    assert html.count('lang="id"') == 2
    assert "Daun pandan." in html


# --- Certificates held -----------------------------------------------------------------------------------------------
def test_certificates_are_named_with_their_validity_and_without_their_number(client):
    today = timezone.localdate()
    award = an_award_of_a_nomination(halal=None, sni=today, merek=date(2031, 5, 6))
    answer = page_of(client, award)
    words = words_of(answer)
    assert "Sertifikat halal" in words
    assert "Merek terdaftar Berlaku sampai 6 Mei 2031" in words
    assert "Sertifikat SNI" in words
    assert "RAHASIA/77" not in answer.content.decode()


def test_a_certificate_that_has_ended_is_not_shown(client):
    award = an_award_of_a_nomination(sni=timezone.localdate() - timedelta(days=1), halal=None)
    words = words_of(page_of(client, award))
    assert "Sertifikat halal" in words
    assert "SNI" not in words


def test_papers_that_are_no_certificate_of_the_product_stay_inside(client):
    award = an_award_of_a_nomination(nib=None, penjualan=None, tenaga_kerja=None)
    words = words_of(page_of(client, award))
    for inside in ("NIB", "Nota", "tenaga kerja", "Sertifikat yang dimiliki"):
        assert inside not in words


# --- What became of it -------------------------------------------------------------------------------------------------
def test_an_award_whose_term_has_ended_says_so(client):
    ended = timezone.localdate() - timedelta(days=1)
    award = AwardFactory(decree__valid_until=ended)
    assert "Produk ini pernah ditetapkan." in words_of(page_of(client, award))
    award = AwardFactory(decree__valid_until=timezone.localdate())
    assert "pernah" not in words_of(page_of(client, award))


def test_a_revoked_award_names_the_day_and_the_decree(client):
    award = AwardFactory(
        revoked_at=timezone.now(), revocation_decree="Keputusan Nomor 9 Tahun 2027", revocation_reason="Izin"
    )
    html = main_of(page_of(client, award))
    assert re.search(r"Penetapan ini dicabut pada \d+ \w+ \d{4} dengan Keputusan Nomor 9 Tahun 2027\.", html)
    assert "notice-galat" in html


def test_the_awards_of_one_producer_stand_in_a_row_newest_first(client):
    product = ProductFactory(name="Dodol cokelat")
    awards = {
        year: AwardFactory(product=product, star=star, decree=DecreeFactory(published=True, round__year=year))
        for year, star in ((2018, 3), (2024, 5), (2022, 4))
    }
    words = words_of(page_of(client, awards[2022]))
    assert re.search(r"2024 Dodol cokelat Bintang 5.*2022 Dodol cokelat.*2018 Dodol cokelat", words)


# --- Others, and the way on ----------------------------------------------------------------------------------------------
def test_others_of_the_sentra_are_shown_but_not_this_product_nor_another_sentra(client):
    here = AwardFactory(product=ProductFactory(name="Dodol cokelat"))
    AwardFactory(product=ProductFactory(name="Dodol nanas"))
    elsewhere = ProductFactory(name="Kopi Malabar", ikm_name="UD Lain")
    elsewhere.ikm.sentra = Sentra.objects.create(regency=a_regency(), name="Sentra Kopi")
    elsewhere.ikm.save()
    AwardFactory(product=elsewhere)
    html = main_of(page_of(client, here))
    assert re.findall(r'<a class="card-link"[^>]*>([^<]+)', html) == ["Dodol nanas"]
    assert "Lihat produk lain dari sentra ini" in html


def test_the_map_shows_where_the_province_lies(client):
    html = main_of(page_of(client, AwardFactory()))
    assert 'aria-label="Letak Jawa Barat pada peta Indonesia"' in html
    assert html.count('class="map-5"') == 1
    assert html.count('class="map-1"') == 37


def test_it_asks_the_same_for_two_and_for_twenty_others(queries_of):
    here, *_ = [AwardFactory() for _ in range(3)]
    few = queries_of(here.get_absolute_url())
    for _ in range(18):
        AwardFactory()
    assert len(queries_of(here.get_absolute_url())) == len(few), few
