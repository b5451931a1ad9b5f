"""What words find: Indonesian stems, accents, places, misspellings; and what is said where they find nothing."""

import re

import pytest

from catalogue import search, spelling
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group, a_regency
from tests.made_once import made_once
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db


@made_once
def decree():
    return DecreeFactory(published=True, round__year=2018)


@made_once
def made(decree):
    lombok = a_regency("5201", "Lombok Barat", province="Nusa Tenggara Barat")
    makers = {
        "Dodol cokelat": ("PT Tama Cokelat Indonesia", a_group(), a_regency(), 5),
        "Kain sesek": ("UD Sukarara", a_group("kain_tenun", "Kain tenun"), lombok, 4),
        "Tas ketak": ("UD Mawar Art Shop", a_group("anyaman", "Anyaman"), lombok, 5),
        "Crème kelapa": ("CV Nyiur", a_group(), a_regency("7171", "Manado", "kota", "Sulawesi Utara"), 3),
    }
    for name, (ikm, group, regency, star) in makers.items():
        product = ProductFactory.build(name=name, group=group)
        product.ikm = ProductFactory(ikm_name=ikm).ikm
        product.ikm.regency = regency
        product.ikm.save()
        product.save()
        AwardFactory(decree=decree, product=product, star=star)


def cards(client, words, **more):
    html = main_of(client.get("/katalog/", {"q": words, **more}))
    return re.findall(r'<a class="card-link"[^>]*>([^<]+)</a>', html)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cokelat", ["Dodol cokelat"]),
        ("coklat", ["Dodol cokelat"]),
        ("COKLAT garut", ["Dodol cokelat"]),
        ("kteak", ["Tas ketak"]),
        ("dodl", ["Dodol cokelat"]),
        ("tenun lombok", ["Kain sesek"]),
        ("kab lombok", ["Tas ketak", "Kain sesek"]),
        ("dod", ["Dodol cokelat"]),
        ("creme", ["Crème kelapa"]),
        ("crème", ["Crème kelapa"]),
        ("menganyam", ["Tas ketak"]),
        ("anyamannya", ["Tas ketak"]),
        ("mawar shop", ["Tas ketak"]),
        ("batik", []),
        ("cokelat lombok", []),
        ("!!!", []),
    ],
)
def test_words_find(client, made, typed, found):
    assert cards(client, typed) == found


def test_a_misspelt_word_says_what_was_searched_for_instead(client, made):
    answer = client.get("/katalog/", {"q": "dodol coklat"})
    assert "Tidak ada kata “coklat” dalam katalog; yang dicari kata yang mirip: “cokelat”." in words_of(
        answer
    )
    assert 'href="?q=dodol+cokelat"' in main_of(answer)
    assert "kata yang mirip" not in words_of(client.get("/katalog/", {"q": "dodol cokelat"}))


def test_words_that_do_not_meet_are_offered_each_for_itself_with_what_they_find(client, made):
    words = words_of(client.get("/katalog/", {"q": "dodol ketak"}))
    assert "Tidak ada produk yang cocok dengan “dodol ketak”." in words
    assert "Maksud Anda: dodol (1 produk) · ketak (1 produk)" in words


def test_what_is_offered_keeps_the_filters_and_finds_something(client, made):
    html = main_of(client.get("/katalog/", {"q": "dodol ketak", "bintang": "5", "provinsi": "32"}))
    links = re.search(r"Maksud Anda:(.*?)</p>", html, re.S)[1]
    assert re.findall(r'href="([^"]+)"', links) == ["?q=dodol&amp;bintang=5&amp;provinsi=32"]


def test_what_nobody_could_have_meant_offers_no_words(client, made):
    words = words_of(client.get("/katalog/", {"q": "xyzxyz"}))
    assert "Maksud Anda" not in words
    assert "Hapus “xyzxyz” (4 produk)" in words


def test_words_of_what_was_revoked_find_nothing(client, made):
    from awards.models import Award

    award = Award.objects.get(product_name="Dodol cokelat")
    award.revoked_at, award.revocation_decree, award.revocation_reason = award.decree.issued_at, "SK 9", "-"
    award.save()
    assert cards(client, "cokelat") == []


def test_no_more_than_eight_words_are_read():
    assert spelling.read("satu dua tiga empat lima enam tujuh delapan sembilan").words[-1] == "delapan"
    assert spelling.read("  ?!  ") is None


# --- Pages by key ------------------------------------------------------------------------------------------------
@made_once
def sixty(decree):
    made = [AwardFactory(decree=decree, star=1 + number % 5) for number in range(60)]
    return {sort: _in_order(made, sort) for sort in search.SORTS}


def _in_order(awards, sort):
    keys = {
        "bintang": lambda one: (-one.star, one.pk),
        "nama": lambda one: (one.product_name, one.pk),
        "terbaru": lambda one: (-one.star, one.pk),
    }
    return [one.get_absolute_url() for one in sorted(awards, key=keys[sort])]


def walked(client, address, link):
    pages = []
    while address:
        html = main_of(client.get(f"/katalog/{address}"))
        pages.append(re.findall(r'<a class="card-link" href="([^"]+)"', html))
        found = re.search(rf'<a href="([^"]+)" rel="{link}"', html)
        address = found[1].replace("&amp;", "&") if found else ""
    return pages


@pytest.mark.parametrize("sort", ["bintang", "terbaru"])
def test_the_pages_show_each_product_once_in_order_and_lead_back(client, sixty, sort):
    forward = walked(client, f"?urut={sort}", "next")
    assert [len(page) for page in forward] == [24, 24, 12]
    assert [one for page in forward for one in page] == sixty[sort]
    html = main_of(client.get("/katalog/", {"urut": sort}))
    last = re.search(r'href="([^"]+)" rel="next"', html)[1].replace("&amp;", "&")
    html = main_of(client.get(f"/katalog/{last}"))
    back = re.search(r'href="([^"]+)" rel="prev"', html)[1].replace("&amp;", "&")
    assert walked(client, back, "prev") == [forward[0]]


def test_a_page_behind_the_last_or_of_nothing_is_the_first(client, sixty):
    first = walked(client, "?", "prev")[0]
    for key in (10**18, 0, 10**30, "x"):
        assert walked(client, f"?setelah={key}", "prev")[0] == first


def test_no_page_is_asked_for_by_offset(queries_of, sixty):
    statements = queries_of("/katalog/?q=dodol")
    assert len(statements) <= 8, statements
    assert not [sql for sql in statements if "OFFSET" in sql]
