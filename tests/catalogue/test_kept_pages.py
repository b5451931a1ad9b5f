"""Public pages are kept in the process; a publication is on the next answer, and nobody gets another's page."""

import gzip
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from awards.models import Award, Decree
from catalogue import kept
from tests.factories.accounts import a_person
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
PAGES = [
    "/", "/katalog/", "/hasil/2018/", "/statistik/", "/data/penghargaan.csv", "/api/v1/awards", "/sitemap.xml",
    "/en/katalog/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.KEEP_PAGES = True
    kept.store.clear()
    yield
    kept.store.clear()


@made_once
def award():
    product = ProductFactory(name="Dodol cokelat")
    return AwardFactory(product=product, decree=DecreeFactory(published=True, round__year=2018))


@pytest.mark.parametrize("address", PAGES)
def test_the_second_visitor_costs_one_question(queries_of, award, address):
    first = queries_of(address)
    assert len(first) > 1
    again = queries_of(address)
    assert len(again) == 1
    assert "catalogue_lastchange" in again[0]


def test_what_is_given_again_is_what_was_given(award):
    first, again = (Client().get("/katalog/") for _ in range(2))
    assert first.content == again.content
    assert dict(first.items()) == dict(again.items())
    assert again["Cache-Control"] == "public, no-cache"
    assert {"Cookie", "Accept-Encoding"} <= set(again["Vary"].split(", "))
    assert "Content-Security-Policy" in again
    assert again["X-Frame-Options"] == "DENY"


def test_a_publication_is_on_the_next_answer(client, award):
    hidden = AwardFactory(
        decree=DecreeFactory(published=False, round__year=2022), product=ProductFactory(name="Songket")
    )
    for address in PAGES:
        assert b"Songket" not in client.get(address).content
    Decree.objects.filter(pk=hidden.decree_id).update(published_at=timezone.now())
    for address in ("/", "/katalog/", "/data/penghargaan.csv", "/api/v1/awards"):
        assert b"Songket" in client.get(address).content, address
    assert b"/hasil/2022/" in client.get("/sitemap.xml").content


def test_a_revocation_is_on_the_next_answer(client, award):
    page = award.get_absolute_url()
    assert b"Dodol cokelat" in client.get("/katalog/").content
    assert b"dicabut" not in client.get(page).content
    Award.objects.update(revoked_at=timezone.now(), revocation_decree="SK 9", revocation_reason="-")
    assert b"Dodol cokelat" not in client.get("/katalog/").content
    assert b"Penetapan ini dicabut" in client.get(page).content


def test_an_instant_that_comes_by_itself_is_noticed(client, award):
    """The clock of the portal may be ahead of the database's: what is not yet due is asked for again."""
    soon = AwardFactory(
        decree=DecreeFactory(
            published=False, round__year=2022, published_at=timezone.now() + timedelta(hours=1)
        ),
        product=ProductFactory(name="Songket"),
    )
    assert b"Songket" not in client.get("/katalog/").content
    from django.db import connection

    with connection.cursor() as cursor:  # as if the hour had passed: without a trigger
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE awards_decree DISABLE TRIGGER USER")
        cursor.execute("UPDATE awards_decree SET published_at = now() WHERE id = %s", [soon.decree_id])
        cursor.execute("UPDATE catalogue_listing SET published_at = now()")
    assert b"Songket" in client.get("/katalog/").content


def test_a_known_page_is_not_sent_again(client, award):
    etag = client.get("/katalog/")["ETag"]
    again = client.get("/katalog/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    AwardFactory(decree=award.decree)
    assert client.get("/katalog/", headers={"If-None-Match": etag}).status_code == 200


def test_it_is_sent_packed_to_whoever_can_unpack_it(client, award):
    plain = client.get("/katalog/")
    packed = client.get("/katalog/", headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 3


def test_whoever_is_signed_in_gets_an_own_page_that_nobody_else_gets(client, award):
    officer = a_person(Role.DINAS)
    client.force_login(officer)
    own = client.get("/katalog/")
    assert officer.full_name in own.content.decode()
    assert own["Cache-Control"] == "private, no-cache"
    assert officer.full_name not in Client().get("/katalog/").content.decode()
    assert officer.full_name in client.get("/katalog/").content.decode()


def test_a_swap_and_a_page_are_not_taken_for_each_other(client, award):
    page = client.get("/katalog/").content
    piece = client.get("/katalog/", headers={"HX-Request": "true"})
    assert b"<html" in page
    assert b"<html" not in piece.content
    assert piece["HX-Push-Url"] == "/katalog/?"
    assert client.get("/katalog/", headers={"HX-Request": "true"})["HX-Push-Url"] == "/katalog/?"


def test_what_is_not_there_and_what_failed_is_not_kept(client, award):
    assert client.get("/katalog/tidak-ada/").status_code == 404
    assert not kept.store._pages


def test_the_first_page_before_the_first_decree_is_asked_each_time(client):
    client.get("/")
    assert not kept.store._pages


def test_the_store_lets_the_oldest_go_and_never_holds_more_than_it_may(monkeypatch):
    monkeypatch.setattr(kept, "BYTES_AT_MOST", 100)
    store = kept.Store()
    version = (None, 0, timezone.localdate())
    for number in range(5):
        store.put((str(number),), kept.Page(version, 0, (), b"x" * 40, None, ""))
        store.get(("0",))
    assert {key for (key,) in store._pages} == {"0", "4"}


def test_it_can_be_switched_off(queries_of, settings, award):
    settings.KEEP_PAGES = False
    assert len(queries_of("/katalog/")) == len(queries_of("/katalog/")) > 1


def test_the_tests_themselves_keep_nothing_unless_they_ask_for_it():
    from tests import settings as of_the_tests

    assert of_the_tests.KEEP_PAGES is False
    assert settings.CACHES
