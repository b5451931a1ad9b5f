"""/data/ and /api/v1/: one list of fields for every way out, stable identifiers, cursors, ETag, and any site may read."""

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from awards.models import Award
from catalogue import open_data
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group, a_regency
from tests.factories.nominations import NominationFactory
from tests.made_once import made_once
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db

# Written by hand: what may leave the portal about an award. Nothing of a person, no licence number, no score.
ALLOWED = {
    "id", "product", "ikm", "commodity", "regency_code", "regency", "province_code", "province", "round", "star",
    "star_as_decreed", "changed_by", "maximum_star", "decree_number", "decree_date", "revoked", "example", "note", "url",
}  # fmt: skip


@made_once
def awards():
    decree = DecreeFactory(published=True, round__year=2018, number="12 TAHUN 2018")
    far = ProductFactory(name="Songket", ikm_name="UD Pandai", group=a_group("kain_tenun", "Kain tenun"))
    far.ikm.regency = a_regency("5201", "Lombok Barat", province="Nusa Tenggara Barat")
    far.ikm.save()
    AwardFactory(
        decree=DecreeFactory(published=False, round__year=2031), product=ProductFactory(name="Rahasia")
    )
    return [
        AwardFactory(decree=decree, star=4, product=ProductFactory(name="Dodol")),
        AwardFactory(decree=decree, star=5, product=far),
        AwardFactory(
            decree=decree,
            star=3,
            revoked_at=timezone.now(),
            revocation_decree="SK 9",
            revocation_reason="Izin",
        ),
    ]


def lines_of(client, query=""):
    return list(
        csv.DictReader(io.StringIO(client.get(f"/data/penghargaan.csv{query}").content.decode("utf-8-sig")))
    )


def test_every_way_out_has_the_allowed_fields_and_no_others(client, awards):
    assert set(open_data.FIELDS) == ALLOWED
    assert set(lines_of(client)[0]) == ALLOWED
    assert set(client.get("/data/penghargaan.json").json()["awards"][0]) == ALLOWED
    assert set(client.get("/data/penghargaan.geojson").json()["features"][0]["properties"]) == ALLOWED
    assert set(client.get("/api/v1/awards").json()["results"][0]) == ALLOWED
    assert set(client.get(f"/api/v1/awards/{awards[0].slug}").json()) == ALLOWED


def test_nothing_of_the_nomination_or_of_a_person_leaves(client):
    nomination = NominationFactory(in_state="awarded", turnover=123454321, product__ikm__nib="9120001112223")
    AwardFactory(
        decree=DecreeFactory(published=True, round=nomination.round, signatory_name="NAMA PEJABAT"),
        nomination=nomination,
        product=nomination.product,
        revoked_at=timezone.now(),
        revocation_decree="SK 9",
        revocation_reason="Alasan rahasia",
    )
    for address in (
        "/data/penghargaan.csv",
        "/data/penghargaan.json",
        "/data/penghargaan.geojson",
        "/api/v1/awards",
        "/api/v1/rounds",
        "/hasil/umpan.atom",
        "/sitemap.xml",
        "/data/katalog.jsonld",
    ):
        body = client.get(address).content.decode()
        for inside in (
            "9120001112223",
            "123454321",
            "Alasan rahasia",
            "NAMA PEJABAT",
            nomination.created_by.email,
        ):
            assert inside not in body, (address, inside)  # fmt: skip


def test_the_file_of_one_province_holds_its_awards_and_is_named_by_it(client, awards):
    answer = client.get("/data/penghargaan.csv?provinsi=52&komoditas=&format=csv")
    assert "ovop-penghargaan-52.csv" in answer["Content-Disposition"]
    assert [row["product"] for row in lines_of(client, "?provinsi=52")] == ["Songket"]
    assert [row["product"] for row in lines_of(client, "?tahun=2018&bintang=4")] == ["Dodol"]
    assert lines_of(client, "?provinsi=xx%22") == lines_of(client, "?tahun=²") == []


def test_the_form_without_scripts_gets_the_format_it_chose(client, awards):
    answer = client.get("/data/penghargaan.csv?provinsi=52&format=geojson")
    assert answer["Content-Type"].startswith("application/geo+json")
    (feature,) = answer.json()["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [107.7, -7.3]}
    assert client.get("/data/penghargaan.csv?format=xls").status_code == 404


def test_a_revoked_award_is_listed_and_says_so(client, awards):
    assert [row["revoked"] for row in lines_of(client)] == ["tidak", "tidak", "ya"]


def test_a_cell_that_a_spreadsheet_would_run_is_text(client):
    AwardFactory(product=ProductFactory(name="=1+1"))
    assert lines_of(client)[0]["product"] == "'=1+1"


# --- The API ---------------------------------------------------------------------------------------------------------
def test_the_api_can_be_narrowed_and_keeps_that_in_its_cursor(client, awards):
    first = client.get("/api/v1/awards?round=2018&limit=1").json()
    assert first["count"] == 3
    assert "round=2018" in first["next"]
    second = client.get(first["next"].removeprefix("http://localhost:8000")).json()
    assert second["results"][0]["product"] == "Songket"
    assert [row["star"] for row in client.get("/api/v1/awards?star=5").json()["results"]] == [5]
    assert client.get("/api/v1/awards?commodity=kain_tenun&province=52").json()["count"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "", "province=52", "commodity=kain_tenun", "round=2018", "round=2019", "star=5", "star=0", "province=-",
        "round=2018&star=4&province=32",
    ],
)  # fmt: skip
def test_the_count_is_that_of_all_its_pages_and_asks_for_no_row(client, awards, queries_of, query):
    AwardFactory(
        product=Award.objects.first().product, decree=DecreeFactory(published=True, round__year=2022), star=4
    )
    page, found = client.get(f"/api/v1/awards?{query}").json(), []
    count = page["count"]
    found += page["results"]
    assert count == len(found)
    for statement in queries_of(f"/api/v1/awards?{query}&limit=1"):
        if "COUNT(" in statement.upper() and "catalogue_tally" not in statement:
            assert 'revoked_at" IS NOT NULL' in statement


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("after=-1", 200), ("after=99999999999999999999", 200), ("limit=0", 200), ("limit=x", 422), ("round=1e9", 422),
        ("province=%00", 200), ("round=&star=", 200),
    ],
)  # fmt: skip
def test_whatever_is_asked_of_the_api_is_answered_or_named(client, awards, query, status):
    assert client.get(f"/api/v1/awards?{query}").status_code == status


def test_pages_of_any_site_may_read_it_without_cookies(client, awards):
    for address in ("/api/v1/awards", "/api/v1/openapi.json", "/data/penghargaan.json"):
        answer = client.get(address)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        asked_before = client.options(address)
        assert asked_before.status_code == 204
        assert "If-None-Match" in asked_before["Access-Control-Allow-Headers"]


def test_the_api_writes_nothing(client, awards):
    for method in (client.post, client.put, client.delete):
        assert method("/api/v1/awards").status_code == 405


def test_the_rounds_say_what_was_decreed_and_what_stands(client, awards):
    (row,) = client.get("/api/v1/rounds").json()
    assert (row["round"], row["decreed"], row["in_force"], row["decree_number"]) == (
        2018,
        3,
        2,
        "12 TAHUN 2018",
    )


def test_the_page_to_try_it_has_a_form_for_each_address_of_its_openapi(client, awards):
    html = main_of(client.get("/data/api/"))
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert re.findall(r'<form method="get" action="([^"]+)"', html) == list(paths)
    assert 'name="province"' in html


# --- What it is ------------------------------------------------------------------------------------------------------
def test_the_page_names_licence_files_and_every_field(client, awards):
    words = words_of(client.get("/data/"))
    assert open_data.LICENCE in words
    assert "3 penghargaan" in words
    assert all(name in words for name in ALLOWED)


def test_the_licence_is_named_by_openapi_and_beside_every_file(client, awards):
    name, address = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
    about = client.get("/api/v1/openapi.json").json()["info"]
    assert name in about["license"]["name"]
    assert (about["license"]["url"], about["title"]) == (address, "Data terbuka OVOP Indonesia")
    files = [f"/data/penghargaan.{kind}" for kind in ("csv", "json", "geojson")]
    for one in (*files, "/api/v1/awards", "/data/katalog.jsonld"):
        assert client.get(one)["Link"] == f'<{address}>; rel="license"', one


def test_the_description_for_machines_names_the_files_and_the_licence(client, awards):
    for address in ("/data/katalog.jsonld", "/en/data/katalog.jsonld"):
        dataset = client.get(address).json()["dcat:dataset"]
        files = [
            one["dcat:downloadURL"]["@id"]
            for one in dataset["dcat:distribution"]
            if "dcat:downloadURL" in one
        ]
        assert files == [
            f"http://localhost:8000/data/penghargaan.{kind}" for kind in ("csv", "json", "geojson")
        ]
        assert dataset["dct:license"]["@id"] == open_data.LICENCE_URL
    block = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', client.get("/data/").content.decode(), re.S
    )[1]
    assert json.loads(block)["dcat:dataset"] == dataset


def test_the_feed_tells_of_each_decree_that_is_public(client, awards):
    root = ET.fromstring(client.get("/hasil/umpan.atom").content)  # noqa: S314 - our own
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert [one.text for one in root.findall("a:entry/a:title", atom)] == ["Penetapan periode 2018"]
    assert root.find("a:entry/a:link", atom).get("href") == "http://localhost:8000/hasil/2018/"


def test_the_sitemap_names_what_stands_in_both_languages_and_robots_names_the_sitemap(client, awards):
    text = client.get("/sitemap.xml").content.decode()
    assert f"<loc>http://localhost:8000/katalog/{awards[0].slug}/</loc>" in text
    assert f'href="http://localhost:8000/en/katalog/{awards[0].slug}/"' in text
    assert awards[2].slug not in text
    assert "Rahasia".lower() not in text
    assert "Sitemap: http://localhost:8000/sitemap.xml" in client.get("/robots.txt").content.decode()
