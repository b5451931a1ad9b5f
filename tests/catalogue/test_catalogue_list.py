"""/katalog/: finding, narrowing and leaving a dead end; one card for each product."""

import gzip
import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from awards.models import Decree
from catalogue import search
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group, a_regency
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def an_award(name="Dodol cokelat", *, star=5, group="makanan_minuman", regency=None, year=2018, **decree):
    groups = {"makanan_minuman": "Makanan dan minuman", "kain_batik": "Kain batik"}
    product = ProductFactory(name=name, ikm_name=f"UD {name}", group=a_group(group, groups[group]))
    if regency is not None:
        product.ikm.regency = regency
        product.ikm.save()
    of_round = Decree.objects.filter(round=year).first()
    of_round = of_round or DecreeFactory(published=True, round__year=year, **decree)
    return AwardFactory(product=product, decree=of_round, star=star)


def cards(client, **query):
    return re.findall(r'<a class="card-link"[^>]*>([^<]+)</a>', main_of(client.get("/katalog/", query)))


def options(client, facet, **query):
    found = re.findall(
        rf'name="{facet}" value="([^"]+)"[^>]*?( checked)?>.*?<span class="count angka">(\d+)',
        main_of(client.get("/katalog/", query)),
        re.S,
    )
    return {value: (int(count), bool(checked)) for value, checked, count in found}


# --- One card for each product -----------------------------------------------------------------------------
def test_a_product_awarded_twice_is_listed_once_by_its_newest_award(client):
    product = ProductFactory(name="Tikar pandan")
    for year, star in ((2018, 3), (2022, 4)):
        AwardFactory(product=product, star=star, decree=DecreeFactory(published=True, round__year=year))
    assert cards(client) == ["Tikar pandan"]
    assert "1 produk" in words_of(client.get("/katalog/"))
    assert cards(client, bintang="4") == ["Tikar pandan"]
    assert cards(client, bintang="3") == []


def test_asked_for_a_year_it_is_listed_with_the_award_of_that_year(client):
    product = ProductFactory(name="Tikar pandan")
    for year, star in ((2018, 3), (2022, 4)):
        AwardFactory(product=product, star=star, decree=DecreeFactory(published=True, round__year=year))
    assert options(client, "tahun") == {"2022": (1, False), "2018": (1, False)}
    assert cards(client, tahun="2018", bintang="3") == ["Tikar pandan"]
    assert cards(client, tahun=["2018", "2022"]) == ["Tikar pandan"]


# --- Facets ------------------------------------------------------------------------------------------------
def test_the_districts_of_a_province_are_offered_once_it_is_chosen(client):
    an_award("Dodol")
    an_award("Kerupuk", regency=a_regency("3273", "Bandung", "kota"))
    an_award("Songket", regency=a_regency("1304", "Tanah Datar", province="Sumatera Barat"))
    assert options(client, "daerah") == {}
    assert options(client, "daerah", provinsi="32") == {"3205": (1, False), "3273": (1, False)}
    assert "Kota Bandung" in main_of(client.get("/katalog/", {"provinsi": "32"}))
    assert cards(client, provinsi="32", daerah="3273") == ["Kerupuk"]


def test_a_chosen_option_stays_to_be_dropped_even_where_nothing_fits(client):
    an_award("Dodol", star=5)
    an_award("Batik tulis", star=4, group="kain_batik")
    assert options(client, "komoditas", komoditas="kain_batik", bintang="5") == {
        "makanan_minuman": (1, False),
        "kain_batik": (0, True),
    }


def test_what_names_nothing_is_shown_as_it_was_typed_and_can_be_dropped(client):
    an_award()
    html = main_of(client.get("/katalog/", {"provinsi": "99", "komoditas": "batu-mulia"}))
    assert "Tidak ada produk yang cocok dengan batu-mulia, 99." in html


def test_awards_whose_term_has_ended_are_found_by_their_status(client):
    an_award("Lama", year=2018, valid_until=timezone.localdate() - timedelta(days=1))
    an_award("Baru", year=2022, valid_until=timezone.localdate())
    an_award("Tanpa batas", year=2024)
    assert sorted(cards(client)) == ["Baru", "Lama", "Tanpa batas"]
    assert options(client, "status") == {"berlaku": (2, False), "pernah": (1, False)}
    assert cards(client, status="pernah") == ["Lama"]
    assert sorted(cards(client, status="berlaku")) == ["Baru", "Tanpa batas"]
    assert sorted(cards(client, status=["pernah", "berlaku"])) == ["Baru", "Lama", "Tanpa batas"]


def test_where_all_are_in_force_there_is_no_status_to_choose(client):
    an_award()
    assert options(client, "status") == {}


def test_the_number_of_filters_is_on_the_folded_panel(client):
    an_award()
    assert "Saring (2)" in words_of(client.get("/katalog/", {"bintang": "5", "provinsi": "32"}))


# --- A dead end --------------------------------------------------------------------------------------------
def test_no_match_is_told_with_its_filters_and_what_dropping_each_brings(client):
    an_award("Batik tulis", group="kain_batik", star=4)
    an_award("Batik cap", group="kain_batik", star=3)
    an_award("Kopi Gayo", star=5, regency=a_regency("1104", "Aceh Tengah", province="Aceh"))
    query = {"komoditas": "kain_batik", "bintang": "5", "provinsi": "11"}
    words = words_of(client.get("/katalog/", query))
    assert "Tidak ada produk yang cocok dengan Kain batik, bintang 5, Aceh." in words
    assert "Hapus Kain batik (1 produk)" in words
    assert "Hapus Aceh" not in words  # it would bring nothing
    assert "Hapus semua saringan" in words


def test_words_that_find_nothing_can_be_dropped_too(client):
    an_award("Dodol", star=5)
    html = main_of(client.get("/katalog/", {"q": "<b>songket", "bintang": "5"}))
    assert "Tidak ada produk yang cocok dengan “&lt;b&gt;songket”, bintang 5." in html
    assert 'href="?bintang=5">Hapus “&lt;b&gt;songket” (1 produk)' in html


def test_a_portal_without_awards_says_what_it_waits_for(client):
    words = words_of(client.get("/katalog/"))
    assert "Belum ada penetapan yang diumumkan." in words
    assert "0 produk" not in words


# --- The map -----------------------------------------------------------------------------------------------
def test_the_map_counts_what_the_list_would_hold_and_leads_to_it(client):
    for name in ("Dodol", "Kopi"):
        an_award(name)
    an_award("Batik", group="kain_batik", regency=a_regency("1304", "Tanah Datar", province="Sumatera Barat"))
    answer = client.get("/katalog/", {"tampilan": "peta", "komoditas": "makanan_minuman"})
    html = main_of(answer)
    assert "2 produk" in words_of(answer)
    assert 'id="peta-provinsi-32" href="?komoditas=makanan_minuman&amp;provinsi=32"' in html
    assert "peta-provinsi-13" not in html
    assert 'data-follow="peta-provinsi-3205"' in html
    assert 'id="peta-provinsi-3205" href="?komoditas=makanan_minuman&amp;provinsi=32&amp;daerah=3205"' in html
    assert 'name="tampilan" value="peta"' in html


# --- Order -------------------------------------------------------------------------------------------------
def test_the_order_can_be_chosen_and_an_unknown_one_is_the_usual(client):
    an_award("Cuka", star=3)
    an_award("Abon", star=4)
    an_award("Bolu", star=5)
    assert cards(client) == cards(client, urut="apa-saja") == ["Bolu", "Abon", "Cuka"]
    assert cards(client, urut="nama") == ["Abon", "Bolu", "Cuka"]


def test_the_newest_awards_come_first_where_that_is_asked_for(client):
    for name, year in (("Abon", 2018), ("Bolu", 2024), ("Cuka", 2022)):
        an_award(name, year=year)
    assert cards(client, urut="terbaru") == ["Bolu", "Cuka", "Abon"]


# --- htmx --------------------------------------------------------------------------------------------------
def test_a_swap_brings_results_counts_and_facets_and_pushes_a_clean_address(client):
    an_award("Dodol")
    answer = client.get("/katalog/", {"q": "", "bintang": "5", "urut": "bintang"}, headers=HTMX)
    html = answer.content.decode()
    assert "<html" not in html
    assert '<div id="hasil"' in html
    for place in ("jumlah", "jumlah-tombol", "jumlah-saringan", "pilihan"):
        assert f'hx-swap-oob="innerHTML:#{place}"' in html
    assert answer["HX-Push-Url"] == "/katalog/?bintang=5"
    assert "HX-Request" in answer["Vary"]


def test_the_way_back_gets_the_whole_page(client):
    answer = client.get("/katalog/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in answer.content.decode()


# --- When it cannot be had ---------------------------------------------------------------------------------
def test_a_list_that_cannot_be_had_keeps_the_filters_and_offers_to_load_again(client, monkeypatch):
    def away(*_, **__):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(search, "find", away)
    answer = client.get("/katalog/", {"bintang": "5", "q": "dodol"})
    assert answer.status_code == 503
    html = main_of(answer)
    assert "Daftar belum dapat dimuat. Saringan Anda tetap." in html
    assert 'href="/katalog/?bintang=5&amp;q=dodol">Muat ulang' in html


# --- Cost --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address", ["/katalog/", "/katalog/?tampilan=peta", "/katalog/?provinsi=32&bintang=5"]
)
def test_it_asks_the_same_for_two_and_for_twenty(queries_of, address):
    for number in range(2):
        an_award(f"Dodol {number}")
    few = queries_of(address)
    for number in range(2, 20):
        an_award(f"Dodol {number}")
    assert len(queries_of(address)) == len(few) <= 9, few


def test_a_hundred_filters_that_fit_nothing_do_not_ask_a_hundred_times(queries_of):
    an_award()
    years = "&".join(f"tahun={year}" for year in range(1900, 1990))
    assert len(queries_of(f"/katalog/?{years}")) < 20


def test_a_page_of_the_catalogue_weighs_no_more_than_a_first_view_may(client):
    for number in range(30):
        an_award(f"Dodol cokelat rasa nangka {number}", star=1 + number % 5)
    page = client.get("/katalog/").content
    assert page.count(b"card-photo") == 24
    assert len(gzip.compress(page)) <= 12_000
