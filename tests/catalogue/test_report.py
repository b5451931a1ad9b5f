"""The sentences that a newspaper would print: composed from the awards, each total with parts that add up to it."""

import re

import pytest
from django.utils import timezone

from catalogue import report
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_group, a_regency
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@made_once
def decree():
    return DecreeFactory(published=True, round__year=2018, number="12 TAHUN 2018")


def an_award(decree, name, ikm, *, star, regency=None, group=None):
    product = ProductFactory(name=name, ikm_name=ikm, **({"group": group} if group else {}))
    if regency:
        product.ikm.regency = regency
        product.ikm.save()
    return AwardFactory(decree=decree, product=product, star=star)


@made_once
def awards(decree):
    belitung = [a_regency(f"190{n}", f"Bangka {n}", province="Kepulauan Bangka Belitung") for n in (1, 2)]
    batik = a_group("kain_batik", "Kain batik")
    return [
        an_award(decree, "Dodol cokelat", "PT Tama", star=5),
        an_award(decree, "Getas", "UD Getas", star=4, regency=belitung[0]),
        an_award(decree, "Kricu", "UD Getas", star=4),
        an_award(decree, "Kain cual", "UD Cual", star=3, regency=belitung[1], group=batik),
    ]


def test_the_round_is_told_in_sentences(client, awards):
    words = words_of(client.get("/hasil/2018/"))
    assert (
        "Pada periode 2018, 4 produk dari 3 IKM di 3 kabupaten/kota pada 2 provinsi menyandang penghargaan OVOP."
        in words
    )
    assert "Terbanyak berasal dari Kepulauan Bangka Belitung: 3 produk di 2 kabupaten/kota." in words
    assert "Menurut komoditas: 1 kain batik, 3 makanan dan minuman." in words
    assert "Menurut bintang: 1 bintang 5, 2 bintang 4, 1 bintang 3." in words
    assert "Penerimanya ditetapkan dengan Keputusan Nomor 12 TAHUN 2018" in words
    assert "Peraih bintang 5 Dodol cokelat, PT Tama, Kabupaten Garut" in words


def test_in_every_sentence_the_parts_add_up_to_the_total(client, awards):
    words = words_of(client.get("/hasil/2018/"))
    for name in ("komoditas", "bintang"):
        sentence = re.search(rf"Menurut {name}: ([^.]+)\.", words)[1]
        assert sum(int(number) for number in re.findall(r"(?:^|, )(\d+) ", sentence)) == 4


def test_what_was_revoked_is_in_none_of_them(client, decree, awards):
    awards[0].revoked_at, awards[0].revocation_decree, awards[0].revocation_reason = (
        timezone.now(),
        "SK 9",
        "-",
    )
    awards[0].save()
    told = report.of_round(decree)
    assert (told.products, told.provinces, told.highest_star) == (3, 1, 4)
    assert [one.product_name for one in told.highest] == ["Getas", "Kricu"]


def test_provinces_that_are_level_lead_together(client, decree):
    an_award(decree, "Dodol", "PT Tama", star=5)
    an_award(
        decree,
        "Songket",
        "UD Pandai",
        star=5,
        regency=a_regency("1304", "Tanah Datar", province="Sumatera Barat"),
    )
    assert "Terbanyak berasal dari Jawa Barat, Sumatera Barat, masing-masing 1 produk." in words_of(
        client.get("/hasil/2018/")
    )


def test_a_round_without_awards_tells_nothing(decree):
    assert report.of_round(decree) is None
