"""Whatever is asked for, the catalogue lists and counts what the awards themselves say; and check_integrity would notice."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from awards.models import Award, Decree
from catalogue import hits, integrity, key_pages, search
from catalogue.facets import FACETS
from catalogue.models import Tally
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group, a_regency
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
GROUPS = {"makanan_minuman": "Makanan dan minuman", "kain_tenun": "Kain tenun", "anyaman": "Anyaman"}
GOODS = {
    "makanan_minuman": ["Dodol", "Kopi"],
    "kain_tenun": ["Songket", "Ulos"],
    "anyaman": ["Tikar", "Topi"],
}
PLACES = [
    ("5201", "Lombok Barat", "kabupaten", "Nusa Tenggara Barat"),
    ("5271", "Mataram", "kota", "Nusa Tenggara Barat"),
    ("3205", "Garut", "kabupaten", "Jawa Barat"),
]
REVOKED = {"revocation_decree": "SK 9", "revocation_reason": "-"}


@made_once
def awards():
    """Some products of one, two and three rounds; some rounds have ended, one award is revoked, one not published yet."""
    chance = random.Random(7)
    decrees = [
        DecreeFactory(published=True, round__year=year, valid_until=until)
        for year, until in ((2018, date(2023, 12, 31)), (2020, None), (2022, date(2027, 12, 31)))
    ]
    for number in range(20):
        group = chance.choice(list(GROUPS))
        product = ProductFactory(
            name=f"{chance.choice(GOODS[group])} {number % 7}", ikm_name=f"UD {chance.choice(['Mawar', 'Melati'])} {number}",
            group=a_group(group, GROUPS[group]),
        )  # fmt: skip
        product.ikm.regency = a_regency(*chance.choice(PLACES))
        product.ikm.save()
        for decree in chance.sample(decrees, chance.choice([1, 1, 2, 3])):
            AwardFactory(product=product, decree=decree, star=chance.randint(3, 5))
    AwardFactory(decree=decrees[2], revoked_at=timezone.now(), **REVOKED)
    AwardFactory(decree=DecreeFactory(published=False, round__year=2024))
    found = Award.objects.published().filter(revoked_at=None)
    return list(found.select_related("decree", "regency").order_by("pk"))


VALUE = {
    "komoditas": lambda one: one.group_id,
    "bintang": lambda one: str(one.star_in_force),
    "provinsi": lambda one: one.regency.province_id,
    "daerah": lambda one: one.regency_id,
    "tahun": lambda one: str(one.decree.round_id),
    "status": lambda one: (
        "pernah" if one.decree.valid_until and one.decree.valid_until < TODAY else "berlaku"
    ),
}
ORDER = {
    "bintang": lambda one: (-one.star_in_force, one.pk),
    "nama": lambda one: (one.product_name, one.pk),
    "terbaru": lambda one: (-one.decree.round_id, -one.star_in_force, one.pk),
}


def expected(awards, query, leave_out=""):
    """What the query asks for, said once more over the awards themselves."""
    looked_at = [one for one in awards if not query.tahun or str(one.decree.round_id) in query.tahun]
    if leave_out == "tahun":
        looked_at = awards
    else:
        newest = {}
        for one in sorted(looked_at, key=lambda one: one.decree.round_id):
            newest[one.product_id] = one
        looked_at = list(newest.values())
    words = query.words.lower().split()
    return [
        one
        for one in looked_at
        if all(word in _searched(one) for word in words)
        and all(
            not query.chosen_in(name) or VALUE[name](one) in query.chosen_in(name)
            for name in FACETS
            if name not in (leave_out, "tahun")
        )
    ]


def _searched(one):
    text = f"{one.product_name} {one.ikm_name} {one.group_name} {one.regency_name} {one.province_name}"
    return text.lower().split()


def random_query(chance):
    chosen = {
        "komoditas": chance.sample(list(GROUPS), chance.choice([0, 0, 1, 2])),
        "bintang": chance.sample(["3", "4", "5"], chance.choice([0, 0, 1, 2])),
        "provinsi": chance.sample(["52", "32"], chance.choice([0, 0, 1, 2])),
        "daerah": chance.sample([code for code, *_ in PLACES], chance.choice([0, 0, 0, 1, 2])),
        "tahun": chance.sample(["2018", "2020", "2022"], chance.choice([0, 0, 1, 2, 3])),
        "status": chance.sample(["berlaku", "pernah"], chance.choice([0, 0, 1, 2])),
    }
    words = chance.choice(["", "", "songket", "mawar lombok", "barat", "tikar", "dodol garut"])
    return search.Query(
        words=words,
        sort=chance.choice(list(search.SORTS)),
        **{name: tuple(values) for name, values in chosen.items()},
    )


def walked(query):
    """All pages from the first to the last, then back from the last to the first."""
    from django.http import QueryDict

    pages, address = [], query.own_address
    while address:
        page = search.find(search.Query.read(QueryDict(address[1:])), on=TODAY).page
        pages.append([one.award for one in page.cards])
        address, last = page.next, page
    back, address = [], last.previous
    while address:
        page = search.find(search.Query.read(QueryDict(address[1:])), on=TODAY).page
        back.insert(0, [one.award for one in page.cards])
        address = page.previous
    return pages, back


@pytest.mark.parametrize("gathered", [0, 1000], ids=["walked along the order", "gathered"])
def test_every_query_lists_and_counts_what_the_awards_say(awards, monkeypatch, gathered):
    monkeypatch.setattr(key_pages, "GATHERED_AT_MOST", gathered)
    monkeypatch.setattr(key_pages, "PER_PAGE", 4)
    chance = random.Random(gathered)
    for _ in range(60):
        query = random_query(chance)
        found = search.find(query, on=TODAY)
        wanted = sorted(expected(awards, query), key=ORDER[query.sort])
        assert (found.count, found.plus) == (len(wanted), ""), query
        for name, _label, options in found.facets:
            counts = Counter(VALUE[name](one) for one in expected(awards, query, leave_out=name))
            if options:  # the status is left out where there is nothing to choose
                assert {one.value: one.count for one in options if one.count} == dict(counts), (name, query)
        pages, back = walked(query)
        assert [key for page in pages for key in page] == [one.pk for one in wanted], query
        # The pages on the way back may begin elsewhere, but show the same in the same order, each once.
        before_the_last = [one.pk for one in wanted][: len(wanted) - len(pages[-1])]
        assert [key for page in back for key in page] == before_the_last, query


def test_the_map_counts_each_place_with_all_filters(awards):
    for words in ("", "songket"):
        query = search.Query(words=words, view=search.MAP, tahun=("2018", "2020"), provinsi=("52",))
        counts = Counter(one.regency_id for one in expected(awards, query))
        assert {one["code"]: one["value"] for one in search.find(query, on=TODAY).places} == dict(counts)


def test_without_words_the_map_counts_all_however_many(awards, monkeypatch):
    monkeypatch.setattr(hits, "HITS_AT_MOST", 3)
    query = search.Query(view=search.MAP, provinsi=("52",), bintang=("4", "5"))
    found = search.find(query, on=TODAY)
    counts = Counter(one.regency_id for one in expected(awards, query))
    assert sum(counts.values()) > 3
    assert {one["code"]: one["value"] for one in found.places} == dict(counts)
    assert [(one["code"], one["value"]) for one in found.provinces] == [("52", sum(counts.values()))]


def test_a_star_of_nobody_is_not_everybody(awards):
    for words in ("", "songket"):
        assert search.find(search.Query(words=words, bintang=("0",)), on=TODAY).count == 0


# --- More than are counted --------------------------------------------------------------------------------------------
def test_of_more_hits_than_are_looked_at_no_number_is_shown_that_is_not_known(awards, monkeypatch):
    monkeypatch.setattr(hits, "HITS_AT_MOST", 3)
    query = search.Query(words="barat")
    found = search.find(query, on=TODAY)
    assert len(expected(awards, query)) > 3
    assert (found.count, found.plus) == (3, "+")
    assert len(found.page.cards) == 3
    values = {name: {one.value for one in options} for name, _, options in found.facets}
    assert values["komoditas"] == {one.group_id for one in expected(awards, search.Query())}
    assert values["tahun"] == {"2018", "2020", "2022"}
    assert values["status"] == {"berlaku", "pernah"}
    assert {one.count for _, _, options in found.facets for one in options} == {None}


def test_with_a_filter_only_what_it_narrows_to_is_counted(awards, monkeypatch):
    query = search.Query(words="barat", bintang=("5",))
    narrow, wide = expected(awards, query), expected(awards, query, leave_out="bintang")
    monkeypatch.setattr(hits, "HITS_AT_MOST", len(narrow))
    assert len(narrow) < len(wide)
    found = search.find(query, on=TODAY)
    assert (found.count, found.plus) == (len(narrow), "")
    options = {name: {one.value: one.count for one in options} for name, _, options in found.facets}
    assert options["komoditas"] == dict(Counter(one.group_id for one in narrow))
    assert set(options["bintang"].values()) == {None}


def test_the_page_says_that_there_are_more(client, awards, monkeypatch):
    monkeypatch.setattr(hits, "HITS_AT_MOST", 3)
    page = client.get("/katalog/", {"q": "barat"}).content.decode()
    assert "3+ produk" in page
    assert "Lebih dari 3 produk cocok; yang ditampilkan 3 produk, bintang tertinggi lebih dahulu." in page
    assert 'class="count angka"' not in page
    on_the_map = client.get("/katalog/", {"q": "barat", "tampilan": "peta"}).content.decode()
    assert "3+ produk" in on_the_map
    assert "peta dan tabelnya menghitung 3 produk saja" in on_the_map
    assert "Lebih dari" not in client.get("/katalog/", {"q": "songket"}).content.decode()


# --- What the database keeps ------------------------------------------------------------------------------------------
def test_the_tallies_follow_each_way_in_which_an_award_changes(awards):
    assert list(integrity.problems()) == []
    Award.objects.filter(pk=awards[0].pk).update(changed_star=1)
    Award.objects.filter(pk=awards[1].pk).update(revoked_at=timezone.now(), **REVOKED)
    Decree.objects.filter(round=2020).update(valid_until=date(2025, 1, 1))
    Decree.objects.filter(round=2024).update(published_at=timezone.now())
    with connection.cursor() as cursor:  # demo data, taken away by the owner
        cursor.execute("DELETE FROM awards_award WHERE id = %s", [awards[2].pk])
    assert list(integrity.problems()) == []
    assert not Tally.objects.filter(count=0).exists()
    assert Tally.objects.get(star=0, group_code="", within="", year=2024).count == 1


def test_nothing_is_counted_before_its_instant_has_come(awards):
    before = search.find(search.Query(), on=TODAY).count
    with connection.cursor() as cursor:  # the portal's clock may be ahead of the database's
        cursor.execute(
            "UPDATE catalogue_listing SET published_at = now() + interval '1 hour' WHERE award_id = %s",
            [expected(awards, search.Query())[0].pk],
        )
    for query in (search.Query(), search.Query(words="ud")):
        found = search.find(query, on=TODAY)
        assert found.count == len(found.page.cards) == before - 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "UPDATE catalogue_tally SET count = count + 1 WHERE within = '' AND star = 0 AND group_code = ''",
            "jumlah",
        ),
        ("UPDATE catalogue_lexeme SET count = count + 1 WHERE lexeme = 'mawar'", "kata di katalog: 1 kata"),
        ("DELETE FROM catalogue_listing WHERE star = 3", "daftar katalog"),
        ("UPDATE catalogue_posting SET awards = '{}' WHERE lexeme = 'mawar'", "pencarian di katalog"),
    ],
)
def test_what_disagrees_is_found(awards, change, told):
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert any(line.startswith(told) for line in integrity.problems())


def test_a_day_decides_what_stands(awards):
    later = TODAY + timedelta(days=800)
    ended = [
        one
        for one in expected(awards, search.Query())
        if one.decree.valid_until and one.decree.valid_until < later
    ]
    for words in ("", "ud"):
        assert search.find(search.Query(words=words, status=("pernah",)), on=later).count == len(ended)
