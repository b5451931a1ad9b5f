"""/: an awarded product is found, and where the round stands is known."""

import gzip
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from catalogue import figures
from ovop_portal.map_paths import province_areas
from tests.factories import accounts as places
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group, a_regency
from tests.factories.nominations import RoundFactory, a_phase
from tests.pages import main_of, needs_english, words_of

pytestmark = pytest.mark.django_db
REVOKED = {"revocation_decree": "Keputusan 9/2027", "revocation_reason": "Izin edar dicabut"}


def test_the_sentence_under_the_heading_counts_products_and_their_places(client):
    for name in ("Dodol", "Kopi"):
        AwardFactory(product=ProductFactory(name=name))
    words = words_of(client.get("/"))
    assert words.startswith("Produk unggulan desa dan kota, dinilai dan ditetapkan pemerintah.")
    assert "2 produk dari 1 kabupaten dan kota" in words


def test_a_product_awarded_twice_is_one_product(client):
    product = ProductFactory(name="Dodol cokelat")
    for year in (2018, 2022):
        AwardFactory(product=product, decree=DecreeFactory(published=True, round__year=year))
    assert "1 produk dari 1 kabupaten dan kota" in words_of(client.get("/"))


def test_tiles_count_the_products_of_each_group_and_sum_to_the_whole(client):
    a_group("gerabah", "Gerabah")
    AwardFactory(product=ProductFactory(group=a_group("kain_batik", "Kain batik")))
    for _ in range(3):
        AwardFactory()
    tile = re.compile(r'class="card tile.*?href="/katalog/\?komoditas=(\w+)".*?angka">(\d+)')
    tiles = tile.findall(main_of(client.get("/")))
    assert {code: int(count) for code, count in tiles if int(count)} == {
        "makanan_minuman": 3,
        "kain_batik": 1,
    }
    assert "4 produk dari" in words_of(client.get("/"))


def test_the_map_and_its_list_name_each_province_with_its_products(client):
    AwardFactory()
    html = main_of(client.get("/"))
    assert "Produk di 1 provinsi" in html
    assert 'id="peta-provinsi-32" href="/katalog/?provinsi=32"' in html
    assert 'data-follow="peta-provinsi-32"' in html


def test_the_latest_round_is_told_by_stars_with_their_sum(client):
    decree = DecreeFactory(published=True, number="1214 TAHUN 2018", round__year=2018)
    for star in (5, 4, 4, 1):
        AwardFactory(decree=decree, star=star)
    words = words_of(client.get("/"))
    assert "4 produk ditetapkan dengan Keputusan Nomor 1214 TAHUN 2018" in words
    assert "Bintang 5 1 Bintang 4 2 Bintang 3 0 Bintang 2 0 Bintang 1 1 Jumlah produk 4" in words


def test_the_latest_round_is_the_newest_one(client):
    for year in (2018, 2024, 2022):
        AwardFactory(decree=DecreeFactory(published=True, round__year=year))
    words = words_of(client.get("/"))
    assert "Hasil periode 2024" in words
    assert "Hasil periode 2018" not in words


def test_a_revoked_award_explains_why_the_catalogue_shows_fewer(client):
    decree = DecreeFactory(published=True)
    AwardFactory(decree=decree)
    AwardFactory(decree=decree, revoked_at=timezone.now(), **REVOKED)
    words = words_of(client.get("/"))
    assert "1 produk dari 1 kabupaten dan kota" in words
    assert "2 produk ditetapkan" in words
    assert "1 penetapan kemudian dicabut." in words


def test_a_tally_that_does_not_add_up_is_not_shown(client, monkeypatch):
    AwardFactory()
    broken = figures.RoundTable([5], [("Makanan", [1], 1)], [1], 118, holds=False)
    monkeypatch.setattr(figures, "round_table", lambda decree: broken)
    words = words_of(client.get("/"))
    assert "118" not in words
    assert "Jumlah produk" not in words


# --- Before the first decree -----------------------------------------------------------------------------------
def test_before_the_first_decree_the_phase_and_its_end_stand_instead_of_counts(client):
    now = timezone.now()
    round_ = RoundFactory(open_phases=False)
    a_phase(
        round_,
        "pengusulan",
        opens_at=now - timedelta(days=3),
        closes_at=datetime(now.year + 1, 3, 13, 16, 59, tzinfo=UTC),
    )
    words = words_of(client.get("/"))
    assert (
        "Belum ada penetapan yang diumumkan. Tahap berjalan: Pengusulan, "
        f"sampai 13 Maret {now.year + 1} pukul 23.59 WIB." in words
    )
    assert "0 produk" not in words
    assert "Menurut komoditas" not in words


def test_between_rounds_it_says_that_nothing_has_been_announced(client):
    assert "Belum ada penetapan yang diumumkan. Nama produk" in words_of(client.get("/"))


# --- When figures cannot be had ----------------------------------------------------------------------------------
@pytest.mark.parametrize("broken", ["summary", "by_group", "by_province", "current_phase"])
def test_without_figures_the_search_still_leads_on(client, monkeypatch, broken):
    AwardFactory()

    def away(*_, **__):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(figures, broken, away)
    answer = client.get("/")
    assert answer.status_code == 200
    html = main_of(answer)
    assert '<form class="search-box" action="/katalog/" method="get"' in html
    assert "Belum ada penetapan" not in html
    assert not re.search(r"\d+ produk", html)


# --- Cost --------------------------------------------------------------------------------------------------------
def test_the_page_asks_the_same_for_two_and_for_twenty(queries_of):
    decree = DecreeFactory(published=True)
    for _ in range(2):
        AwardFactory(decree=decree)
    few = queries_of("/")
    for _ in range(18):
        AwardFactory(decree=decree)
    assert len(queries_of("/")) == len(few), few


def test_a_full_portal_weighs_no_more_than_the_budget_of_a_first_view(client):
    decree = DecreeFactory(published=True, example=True)
    for number, regency in enumerate(_thirty_eight_places()):
        product = ProductFactory(name=f"Dodol cokelat rasa nangka {number}", ikm_name=f"UD {number}")
        AwardFactory(decree=decree, product=product, regency=regency)
    page = client.get("/").content
    assert page.count(b"data-follow") >= 30
    assert len(gzip.compress(page)) <= 12_000


def _thirty_eight_places():
    """One kabupaten of every province."""
    first = {"91": "9103", "92": "9202"}
    return [places.a_regency(first.get(area.code, f"{area.code}01")) for area in province_areas()]


@needs_english
def test_english_counts_one_product_in_the_singular(client):
    AwardFactory(product=ProductFactory(), regency=a_regency())
    assert "1 product " in words_of(client.get("/en/"))
