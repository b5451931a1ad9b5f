"""/hasil/ and /hasil/<tahun>/: the round in full, as decreed, and the same rows as a file."""

import csv
import io
import re
from datetime import date
from fractions import Fraction

import pytest
from django.utils import timezone

from awards.models import Award, Decree
from catalogue import figures
from tests.factories.assessment import a_panel
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group
from tests.factories.nominations import NominationFactory, RoundFactory
from tests.made_once import made_once
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
REVOKED = {"revocation_decree": "Keputusan 9/2027", "revocation_reason": "Izin edar dicabut"}


@made_once
def decree():
    return DecreeFactory(published=True, round__year=2018, number="1214 TAHUN 2018", date=date(2018, 11, 20))


def rows_of(client, **query):
    body = re.search(
        r'id="penerima".*?<tbody>(.*?)</tbody>', main_of(client.get("/hasil/2018/", query)), re.S
    )[1]
    return [
        re.sub(r"<[^>]*>", "", row).strip() for row in re.findall(r'<th scope="row">(.*?)</th>', body, re.S)
    ]


def test_the_page_begins_with_what_was_decreed_and_its_decree(client, decree):
    AwardFactory.create_batch(3, decree=decree)
    words = words_of(client.get("/hasil/2018/"))
    assert "Hasil periode 2018 3 produk ditetapkan" in words
    assert "Nomor 1214 TAHUN 2018 Tanggal 20 November 2018 Ditetapkan oleh AGUS GUMIWANG" in words
    assert f"Sidik lampiran (SHA-256) {'0' * 64}" in words


def test_the_chain_tells_how_many_were_proposed_and_how_many_passed(client):
    RoundFactory(year=2026)
    awarded = NominationFactory(in_state="awarded")
    NominationFactory(in_state="not_awarded")
    NominationFactory(in_state="submitted")
    NominationFactory(in_state="draft")
    AwardFactory(
        decree=DecreeFactory(published=True, round=awarded.round), nomination=awarded, product=awarded.product
    )
    words = words_of(client.get("/hasil/2026/"))
    assert "3 produk diusulkan, 2 lolos seleksi, 1 ditetapkan" in words

    assert client.get("/statistik/rantai.csv").content.decode("utf-8-sig").splitlines() == [
        "tahun,diusulkan,lolos_seleksi,ditetapkan",
        "2026,3,2,1",
    ]
    assert "/statistik/rantai.csv" in main_of(client.get("/statistik/"))


def test_whoever_passes_the_page_on_passes_on_what_it_says_and_one_address(client, decree):
    AwardFactory.create_batch(2, decree=decree)
    head = client.get("/hasil/2018/?urut=-bintang").content.decode().partition("</head>")[0]
    assert head.count('rel="canonical"') == 1
    assert '<link rel="canonical" href="http://localhost:8000/hasil/2018/">' in head
    told = "2 produk ditetapkan dengan Keputusan Nomor 1214 TAHUN 2018 tanggal 20 November 2018."
    assert f'<meta property="og:description" content="{told}">' in head
    assert '<meta property="og:title" content="Hasil periode 2018">' in head


def test_the_list_of_rounds_leads_to_the_feed(client, decree):
    html = client.get("/hasil/").content.decode()
    assert '<link rel="alternate" type="application/atom+xml"' in html
    assert 'href="/hasil/umpan.atom"' in main_of(client.get("/hasil/"))


def test_awards_taken_over_have_no_chain_that_begins_with_nothing(client, decree):
    AwardFactory(decree=decree)
    words = words_of(client.get("/hasil/2018/"))
    assert "diusulkan" not in words
    assert "1 produk ditetapkan" in words


def test_nobody_who_was_not_awarded_is_named(client):
    lost = NominationFactory(in_state="not_awarded", product__name="Tas yang tidak menang")
    AwardFactory(decree=DecreeFactory(published=True, round=lost.round))
    assert "Tas yang tidak menang" not in client.get("/hasil/2026/").content.decode()


def test_where_parts_and_total_differ_no_total_is_drawn(client, decree, monkeypatch):
    AwardFactory(decree=decree)
    broken = figures.RoundTable([5], [("Makanan", [1], 1)], [1], 118, holds=False)
    monkeypatch.setattr(figures, "round_table", lambda decree: broken)
    html = main_of(client.get("/hasil/2018/"))
    assert "<tfoot>" not in html
    assert "118 produk ditetapkan" not in html


def test_a_revoked_award_stays_in_the_list_and_is_marked(client, decree):
    AwardFactory(decree=decree, revoked_at=timezone.now(), **REVOKED)
    AwardFactory(decree=decree)
    words = words_of(client.get("/hasil/2018/"))
    assert "2 produk ditetapkan 1 penetapan kemudian dicabut." in words
    assert words.count("Penetapan dicabut") == 1


# --- The list ---------------------------------------------------------------------------------------------------
def test_the_list_is_that_of_the_annex_until_a_heading_is_pressed(client, decree):
    for name, star in (("Cuka", 3), ("Abon", 5), ("Bolu", 4)):
        AwardFactory(decree=decree, star=star, product=ProductFactory(ikm_name=f"UD {name}"))
    assert rows_of(client) == rows_of(client, urut="tidak-ada") == ["UD Cuka", "UD Abon", "UD Bolu"]
    assert rows_of(client, urut="ikm") == ["UD Abon", "UD Bolu", "UD Cuka"]
    assert rows_of(client, urut="-bintang") == ["UD Abon", "UD Bolu", "UD Cuka"]
    assert 'href="?urut=-ikm#penerima"' in main_of(client.get("/hasil/2018/", {"urut": "ikm"}))


def test_one_group_can_be_looked_at_alone(client, decree):
    AwardFactory(decree=decree, product=ProductFactory(ikm_name="UD Abon"))
    AwardFactory(
        decree=decree,
        product=ProductFactory(ikm_name="Batik Winotosastro", group=a_group("kain_batik", "Kain batik")),
    )
    assert rows_of(client, komoditas="kain_batik") == ["Batik Winotosastro"]
    assert len(rows_of(client, komoditas="tidak-ada")) == 2


def test_a_long_list_comes_in_pages_and_asks_the_same_for_two_and_for_sixty(client, queries_of, decree):
    AwardFactory.create_batch(2, decree=decree)
    few = queries_of("/hasil/2018/")
    AwardFactory.create_batch(58, decree=decree)
    assert len(queries_of("/hasil/2018/")) == len(few), few
    assert len(rows_of(client)) == 50
    assert len(rows_of(client, halaman="2")) == 10
    assert "Unduh daftar 60 produk (CSV)" in words_of(client.get("/hasil/2018/"))


# --- The file -----------------------------------------------------------------------------------------------------
def file_of(client):
    answer = client.get("/hasil/2018/penghargaan.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="ovop-2018-penghargaan.csv"' in answer["Content-Disposition"]
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_every_award_of_the_annex_in_its_order(client, decree):
    AwardFactory.create_batch(60, decree=decree)
    lines = file_of(client)
    assert [int(line["nomor_urut"]) for line in lines] == list(range(1, 61))
    assert lines[0] | {"produk": ""} == {
        "nomor_urut": "1", "ikm": "PT Tama Cokelat Indonesia", "produk": "",
        "kelompok_komoditas": "Makanan dan minuman", "kode_kabupaten_kota": "3205",
        "kabupaten_kota": "Kabupaten Garut", "provinsi": "Jawa Barat", "bintang": "5", "bintang_tertinggi": "5",
        "periode": "2018", "nomor_sk": "1214 TAHUN 2018", "tanggal_sk": "2018-11-20", "dicabut": "tidak",
        # A decree without a plenary was taken over.
        "catatan": "diambil alih dari arsip",
        "bintang_semula": "", "nomor_sk_perubahan": "",
    }  # fmt: skip


def test_the_file_says_what_is_revoked_and_what_is_an_example(client):
    example = DecreeFactory(published=True, example=True, round__year=2018)
    AwardFactory(decree=example, revoked_at=timezone.now(), **REVOKED)
    (line,) = file_of(client)
    assert (line["dicabut"], line["catatan"]) == ("ya", "data contoh")


@pytest.mark.parametrize("name", ['=HYPERLINK("https://jahat.example")', "+62", "-1", "@SUM(A1)"])
def test_a_name_cannot_be_run_as_a_formula(client, decree, name):
    AwardFactory(decree=decree, product=ProductFactory(name=name))
    (line,) = file_of(client)
    assert line["produk"] == f"'{name}"


def test_an_unpublished_decree_has_no_file(client):
    AwardFactory(decree=DecreeFactory(published=False, round__year=2018))
    assert client.get("/hasil/2018/penghargaan.csv").status_code == 404


# --- Rounds ---------------------------------------------------------------------------------------------------------
def test_a_round_without_its_decree_says_what_it_waits_for(client):
    RoundFactory(year=2026)
    words = words_of(client.get("/hasil/2026/"))
    assert (
        "Hasil periode 2026 belum ditetapkan. Hasil tampil di halaman ini setelah SK ditandatangani." in words
    )
    assert client.get("/hasil/2027/").status_code == 404
    assert client.get("/hasil/99999999999999999999/").status_code == 404


def test_all_rounds_are_listed_newest_first_with_their_products(client, queries_of):
    for year, count in ((2018, 2), (2022, 1)):
        AwardFactory.create_batch(count, decree=DecreeFactory(published=True, round__year=year))
    DecreeFactory(published=False, round__year=2024)
    words = words_of(client.get("/hasil/"))
    assert re.search(r"Periode 2022 1 produk .*Periode 2018 2 produk", words)
    assert "2024" not in words
    few = queries_of("/hasil/")
    AwardFactory(decree=DecreeFactory(published=True, round__year=2030))
    assert len(queries_of("/hasil/")) == len(few)


def test_before_the_first_decree_the_list_of_rounds_says_so(client):
    assert "Belum ada penetapan yang diumumkan." in words_of(client.get("/hasil/"))


# --- Instruments ------------------------------------------------------------------------------------------------------
def test_the_instruments_are_named_with_version_and_exact_bounds(client, decree, monkeypatch):
    AwardFactory(decree=decree)
    bands = [
        {"star": 5, "bound": Fraction(90), "places": figures.places_of(Fraction(90))},
        {"star": 4, "bound": Fraction(165, 2), "places": figures.places_of(Fraction(165, 2))},
    ]
    used = [figures.Form("Kain batik", "Instrumen kain batik", 3, bands)]
    monkeypatch.setattr(figures, "instruments_of", lambda decree: used)
    words = words_of(client.get("/hasil/2018/"))
    assert "Kain batik: Instrumen kain batik, versi 3 bintang 5: paling sedikit 90 · bintang 4" in words
    assert "paling sedikit 82,5" in words


def test_they_are_those_that_the_awarded_were_assessed_with():
    assessed = a_panel().nomination
    decree = DecreeFactory(published=True, round=assessed.round)
    AwardFactory(decree=decree, nomination=assessed, product=assessed.product)
    (used,) = figures.instruments_of(decree)
    assert (used.group, used.version) == ("Anyaman", 1)
    assert [(band["star"], str(band["bound"]), band["places"]) for band in used.bands][:2] == [
        (5, "90", 0),
        (4, "80", 0),
    ]


def test_awards_taken_over_name_no_instrument(client, decree):
    AwardFactory(decree=decree)
    assert figures.instruments_of(Decree.objects.get()) == []
    assert "versi" not in words_of(client.get("/hasil/2018/"))
    assert Award.objects.count() == 1
