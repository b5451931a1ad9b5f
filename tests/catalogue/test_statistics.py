"""/statistik/: every table adds up to the total on the page, the files say the same, and sources are named."""

import csv
import io
import re

import pytest

from catalogue import earlier_rounds, statistics
from catalogue.statistics import Choice
from nominations.models import CommodityGroup
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group, a_regency
from tests.factories.nominations import NominationFactory
from tests.made_once import made_once
from tests.pages import main_of, tables_of, words_of

pytestmark = pytest.mark.django_db


@made_once
def rounds():
    batik = a_group("kain_batik", "Kain batik")
    old, new = (DecreeFactory(published=True, round__year=year) for year in (2018, 2022))
    again = ProductFactory(name="Tikar")
    for decree, product, star in (
        (old, again, 3), (new, again, 4), (old, ProductFactory(group=batik), 5), (new, ProductFactory(group=batik), 4),
    ):  # fmt: skip
        AwardFactory(decree=decree, product=product, star=star)
    far = ProductFactory(name="Songket", ikm_name="UD Pandai")
    far.ikm.regency = a_regency("1304", "Tanah Datar", province="Sumatera Barat")
    far.ikm.save()
    AwardFactory(decree=new, product=far, star=5)


def file_of(client, name, query=""):
    text = client.get(f"/statistik/{name}.csv{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("choice", "total"),
    [
        (Choice(), 4),
        (Choice(2018), 2),
        (Choice(2022), 3),
        (Choice(group="kain_batik"), 2),
        (Choice(2022, "kain_batik"), 1),
    ],
)
def test_every_table_adds_up_to_the_same_total(rounds, choice, total):
    counted = statistics.count(choice)
    assert counted.total == total
    for lines in (counted.groups, counted.provinces, counted.local_content):
        assert sum(line.total for line in lines) == total
    assert sum(number for _, number in counted.by_star) == total


def test_the_page_says_which_province_leads_and_with_how_many(client, rounds):
    html = main_of(client.get("/statistik/"))
    listed = re.findall(
        r'id="peta-provinsi-(\d\d)" href="[^"]*">([^<]+)</a></span><span class="angka">(\d+)', html
    )
    assert listed == [("32", "Jawa Barat", "3"), ("13", "Sumatera Barat", "1")]
    assert "4 produk dari 2 kabupaten/kota di 2 provinsi" in words_of(client.get("/statistik/"))


def test_the_foot_of_each_table_is_the_sum_of_its_rows(client, rounds):
    tables = [one for one in tables_of(main_of(client.get("/statistik/?tahun=2022"))) if one.tfoot]
    assert len(tables) == 3
    for table in tables:
        columns = zip(*([int(n) for n in row[1:]] for row in table.tbody), strict=True)
        assert [sum(column) for column in columns] == [int(n) for n in table.tfoot[0][1:]]


def test_rounds_are_not_added_up_for_a_product_can_be_in_two(client, rounds):
    assert [(row["kode"], row["jumlah_produk"]) for row in file_of(client, "periode")] == [
        ("2022", "3"),
        ("2018", "2"),
    ]
    assert (
        "tfoot" not in re.search(r'id="periode">.*?</section>', main_of(client.get("/statistik/")), re.S)[0]
    )


@pytest.mark.parametrize(
    "name", ["bintang", "komoditas", "provinsi", "kandungan-lokal", "periode", "sejarah"]
)
def test_each_chart_has_its_file(client, rounds, name):
    rows = file_of(client, name)
    assert rows
    assert f"/statistik/{name}.csv" in main_of(client.get("/statistik/"))


def test_a_file_follows_the_choice_and_an_unknown_one_is_not_there(client, rounds):
    assert file_of(client, "provinsi", "?tahun=2018&komoditas=kain_batik") == [
        {"kode": "32", "nama": "Jawa Barat", "bintang_5": "1", "jumlah_produk": "1"}
    ]
    assert client.get("/statistik/apa.csv").status_code == 404


def test_a_choice_that_is_not_offered_is_left_out(client, rounds):
    assert "4 produk" in words_of(client.get("/statistik/?tahun=1999&komoditas=emas"))
    assert "4 produk" in words_of(client.get("/statistik/?tahun=²&komoditas=%00"))


def test_local_content_is_counted_in_the_levels_of_the_form(db):
    decree = None
    for number, percent in enumerate((100, 99, 80, 79, None)):
        nomination = NominationFactory(
            in_state="awarded", product__name=f"Tas {number}", local_content=percent or 0
        )
        decree = decree or DecreeFactory(published=True, round=nomination.round)
        AwardFactory(decree=decree, nomination=nomination if percent else None, product=nomination.product)
    counted = {line.code: line.total for line in statistics.count(Choice()).local_content}
    assert counted == {"semua": 1, "80": 2, "kurang": 1, "tidak-tercatat": 1}


def test_it_asks_the_same_whatever_is_there(queries_of, rounds):
    assert len(queries_of("/statistik/")) <= 12


def test_a_portal_without_awards_shows_what_sources_say_and_no_zero(client):
    words = words_of(client.get("/statistik/"))
    assert "Belum ada penetapan yang diumumkan." in words
    assert "Antara" in words
    assert "0 produk" not in words


# --- Earlier rounds ------------------------------------------------------------------------------------------------
def test_figures_of_earlier_rounds_add_up_or_say_why_not():
    for one in earlier_rounds.all_of_them():
        assert one.does_not_add_up() == [], one.year
        assert one.sources, one.year
        assert all(set(note) == {"id", "en"} for note in one.notes)
    given = earlier_rounds.EarlierRound(2018, 5, ("x",), total=118, by_group={"a": 63, "b": 49})
    assert given.does_not_add_up() == ["by_group"]


def test_the_figures_are_those_on_record():
    """Written by hand from the record of the programme, not from the file."""
    record = {one.year: (one.proposed, one.passed, one.total) for one in earlier_rounds.all_of_them()}
    assert record == {
        2013: (None, None, 38), 2015: (None, None, 110), 2018: (None, None, 112), 2022: (None, None, 77),
        2024: (159, 89, None),
    }  # fmt: skip
    eighteen = next(one for one in earlier_rounds.all_of_them() if one.year == 2018)
    assert sum(eighteen.by_group.values()) == 112
    assert "118" in eighteen.notes[0]["id"]


def test_groups_of_earlier_rounds_are_groups_of_the_portal():
    from nominations import reference

    reference.load()
    known = set(CommodityGroup.objects.values_list("pk", flat=True))
    assert {group for one in earlier_rounds.all_of_them() for group in one.by_group} <= known
