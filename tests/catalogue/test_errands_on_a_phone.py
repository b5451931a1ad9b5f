"""A visitor's three errands on a phone, 360 pixels wide: begun on the first page, without an address typed."""

import csv
import re

import pytest
from playwright.sync_api import expect

from nominations.models import Ikm
from tests.factories.accounts import a_regency
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group

LOMBOK_BARAT, YOGYAKARTA = "5201", "3471"


@pytest.fixture(scope="module")
def products(live_portal):
    """Three products of Nusa Tenggara Barat, two of Jawa Barat, one of Yogyakarta; the visitor only reads."""
    live_portal.reset()
    with live_portal.orm():
        decree = DecreeFactory(published=True, round__year=2018)
        weaving = a_group("kain_tenun", "Kain tenun")
        lombok = Ikm.objects.create(name="UD Sasak", regency=a_regency(LOMBOK_BARAT))
        yogya = Ikm.objects.create(name="UD Kauman", regency=a_regency(YOGYAKARTA))
        made = [
            ProductFactory(name=name, group=weaving, ikm=lombok)
            for name in ("Tenun Sukarara", "Songket", "Sarung")
        ]
        made += [ProductFactory(name="Dodol cokelat"), ProductFactory(name="Kopi Malabar")]
        made.append(ProductFactory(name="Batik tulis", ikm=yogya))
        return [AwardFactory(decree=decree, product=one, star=4) for one in made]


@pytest.fixture
def phone(open_page, products):
    return open_page("/", width=360, height=740)


def fits(page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") == 360)


def choose(page, name):
    """An entry of the menu that a phone folds away."""
    page.locator("header summary").click()
    page.locator("header").get_by_role("link", name=name, exact=True).locator("visible=true").click()


def test_a_product_is_found_by_a_misspelt_name(phone):
    phone.get_by_label("Nama produk, IKM, atau daerah").fill("dodol coklat")
    phone.get_by_role("button", name="Cari produk").click()
    expect(phone.locator("#jumlah")).to_have_text("1 produk")
    expect(phone.get_by_text("yang dicari kata yang mirip: “cokelat”")).to_be_visible()
    assert fits(phone)
    phone.get_by_role("link", name="Dodol cokelat").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Dodol cokelat")
    assert fits(phone)


def test_it_is_told_which_province_leads_and_with_how_many(phone):
    choose(phone, "Statistik")
    rows = phone.locator("#peta-provinsi li")
    expect(rows.first).to_contain_text("Nusa Tenggara Barat")
    figures = [int(re.match(r"\d+", text)[0]) for text in rows.locator(".angka").all_inner_texts()]
    assert figures == [3, 2, 1]
    assert fits(phone)
    rows.first.get_by_role("link").click()
    expect(phone.locator("#jumlah")).to_have_text("3 produk")


def test_the_data_of_one_province_are_taken_along(phone):
    phone.locator("footer").get_by_role("link", name="Data terbuka").click()
    phone.get_by_label("Provinsi", exact=True).select_option("Nusa Tenggara Barat")
    assert fits(phone)
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Unduh data").click()
    assert download.value.suggested_filename == "ovop-penghargaan-52.csv"
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["product"] for row in rows} == {"Tenun Sukarara", "Songket", "Sarung"}
    assert {(row["province"], row["regency"], row["star"], row["round"]) for row in rows} == {
        ("Nusa Tenggara Barat", "Kabupaten Lombok Barat", "4", "2018")
    }
