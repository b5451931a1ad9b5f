"""No address makes the database work without end: not by what is typed, nor by how much is chosen or how far one goes."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from awards.models import Award
from catalogue import bounded, hits, integrity, spelling
from catalogue.facets import FACETS
from catalogue.models import Listing
from catalogue.query import VALUES_AT_MOST, Query
from ovop_portal import patience
from ovop_portal.bench import many
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group, a_regency
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
FUNCTIONS = ["catalogue_cards", "catalogue_hits", "catalogue_known", "catalogue_likes", "catalogue_names"]


@made_once
def thirty():
    decree = DecreeFactory(published=True, round__year=2018)
    for number in range(30):
        product = ProductFactory(name=f"Dodol cokelat {number}", group=a_group())
        AwardFactory(decree=decree, product=product, star=1 + number % 5)
    product = ProductFactory(name="Songket", ikm_name="UD Sikek", group=a_group("kain_tenun", "Kain tenun"))
    product.ikm.regency = a_regency("1304", "Tanah Datar", province="Sumatera Barat")
    product.ikm.save()
    AwardFactory(decree=decree, product=product)
    return Listing.objects.order_by("-star", "pk").values_list("pk", flat=True)


@pytest.mark.parametrize(
    "address",
    [
        "", "q=dodol", "q=dodol+garut&provinsi=32&daerah=3205", "q=dodl+coklat&provinsi=32&daerah=3205&bintang=1",
        "provinsi=32&daerah=3205&bintang=5&bintang=4&tahun=2018&status=berlaku&komoditas=makanan_minuman",
        "q=dodol&provinsi=32&daerah=3205&bintang=5&tahun=2018&status=berlaku&komoditas=makanan_minuman",
    ],
)  # fmt: skip
def test_a_list_takes_at_most_seven_statements_on_whichever_page(queries_of, thirty, address):
    for more in ("", "&urut=nama", f"&setelah={thirty[3]}", f"&urut=terbaru&sebelum={thirty[20]}"):
        statements = queries_of(f"/katalog/?{address}{more}")
        assert len(statements) <= 7, "\n".join(statements)


def test_a_list_of_which_more_is_found_takes_no_more(queries_of, thirty, monkeypatch):
    monkeypatch.setattr(hits, "HITS_AT_MOST", 5)
    for address in (
        "q=dodl",
        "q=dodl+coklat&provinsi=32&daerah=3205",
        f"q=garut&bintang=1&setelah={thirty[0]}",
    ):
        statements = queries_of(f"/katalog/?{address}")
        assert len(statements) <= 7, "\n".join(statements)


@pytest.mark.parametrize(
    "address",
    [
        "q=xyzxyz", "q=dodol+songket&provinsi=13", "q=dodl+songket&provinsi=32&daerah=3205", "provinsi=13&bintang=1",
        "q=songket&komoditas=makanan_minuman&urut=nama&bintang=4&tahun=2018&status=pernah",
        "q=dodl+coklat&provinsi=13&provinsi=32&daerah=1304&bintang=5&tahun=2018&komoditas=makanan_minuman",
    ],
)  # fmt: skip
@pytest.mark.parametrize("at_most", [5, 1000])
def test_finding_nothing_takes_one_more(queries_of, thirty, monkeypatch, at_most, address):
    monkeypatch.setattr(hits, "HITS_AT_MOST", at_most)
    statements = queries_of(f"/katalog/?{address}")
    assert len(statements) <= 8, "\n".join(statements)


def test_every_statement_of_the_search_has_a_limit_or_names_its_rows(queries_of, thirty):
    by_key = ('."id" IN (', '"award_id" IN (', '"award_id" = ')
    for address in (
        "",
        "?q=dodol+coklat&provinsi=32",
        f"?setelah={thirty[2]}",
        "?q=songket+garut",
        "?tampilan=peta&q=dodol",
    ):
        for statement in queries_of(f"/katalog/{address}"):
            limited = statement.startswith("SELECT set_config('statement_timeout', '2000', true); ")
            assert limited or any(key in statement for key in by_key) or '"regions_regency"' in statement, (
                statement
            )


def test_a_statement_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(bounded, "MILLISECONDS_AT_MOST", 20)
    with pytest.raises(OperationalError, match="statement timeout"), transaction.atomic():
        bounded.rows("SELECT pg_sleep(10)", [])


def test_outside_a_transaction_nothing_is_left_of_the_limit(monkeypatch):
    line = connection.copy()
    monkeypatch.setattr(bounded, "connection", line)
    try:
        bounded.rows("SELECT 1", [])
        with line.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
        monkeypatch.setattr(bounded, "MILLISECONDS_AT_MOST", 20)
        with pytest.raises(OperationalError, match="statement timeout"):
            bounded.rows("SELECT pg_sleep(10)", [])
    finally:
        line.close()


def test_the_web_process_waits_for_no_statement_longer_than_gunicorn_for_a_page():
    from ovop_portal.management.commands.run import web_command

    class Listening:
        def fileno(self):
            return 3

    command = web_command(Listening())
    assert int(command[command.index("--timeout") + 1]) > patience.SECONDS_AT_MOST
    patience._set(connection=connection)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("50s",)


@pytest.mark.parametrize("address", ["/statistik/", "/hasil/", "/api/v1/rounds"])
def test_a_public_page_for_which_the_database_does_not_answer_says_so(client, monkeypatch, address):
    def away(*_, **__):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("awards.models.DecreeQuerySet.published", away)
    monkeypatch.setattr("catalogue.models.ListingQuerySet.published", away)
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "Server sedang dirawat atau terlalu sibuk" in answer.content.decode()


def test_no_more_is_chosen_than_there_are_provinces_and_a_few():
    from django.http import QueryDict

    query = Query.read(
        QueryDict("&".join(f"{name}={value}" for name in FACETS for value in range(1000, 1100)))
    )
    assert {len(query.chosen_in(name)) for name in FACETS} == {VALUES_AT_MOST, 0}


def test_words_are_looked_for_by_the_index_of_their_lists_alone():
    """Else the planner, who knows nothing of a word yet, may read the whole table for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, proconfig FROM pg_proc WHERE proname = ANY(%s)", [FUNCTIONS])
        settings = dict(cursor.fetchall())
    assert all(
        {"enable_seqscan=off", "plan_cache_mode=force_generic_plan"} <= {*settings[name]}
        for name in FUNCTIONS
    )


def test_of_more_hits_than_are_looked_at_no_row_is_read(thirty, monkeypatch):
    monkeypatch.setattr(hits, "HITS_AT_MOST", 5)
    typed = spelling.read("dodol")
    found = hits.find(Query(words="dodol"), typed, on=date(2026, 11, 30))
    assert found.more
    assert [hit.award for hit in found.found] == list(thirty)[:5]
    assert {hit.group for hit in found.found} == {""}
    by_name = hits.find(Query(words="dodol", sort="nama"), typed, on=date(2026, 11, 30))
    assert {hit.group for hit in by_name.found} == {"makanan_minuman"}


# --- What is measured ----------------------------------------------------------------------------------------------
def test_what_is_written_for_the_benchmark_is_what_the_triggers_would_write():
    call_command("load_reference", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    many.fill(400)
    assert list(integrity.problems()) == []
    rows = list(Listing.objects.order_by("pk").values())
    assert len(rows) == 400
    assert Award.objects.filter(listing__is_newest=False).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalogue_refresh(array_agg(DISTINCT product_id)) FROM awards_award")
    assert list(Listing.objects.order_by("pk").values()) == rows
    assert list(integrity.problems()) == []
