"""The page on which the secretariat makes two records of one IKM one."""

import pytest

from accounts.roles import Role
from nominations.models import Ikm
from tests.factories.accounts import GARUT, a_person, a_regency
from tests.factories.nominations import IkmFactory, ProductFactory
from tests.made_once import made_once
from tests.nominations.proposing import text_of

pytestmark = pytest.mark.django_db
REASON = "NIB pada OSS sama; alamat sudah dicocokkan."


@made_once
def pair(requirements):
    regency = a_regency(GARUT)
    return (
        IkmFactory(name="UD Mawar Art Shop", nib=None, regency=regency, sentra=None),
        IkmFactory(name="Mawar Artshop", nib="9120000000777", regency=regency, sentra=None),
    )


@pytest.fixture
def secretary(client):
    client.force_login(a_person(Role.SEKRETARIAT))
    return client


def address(ikm):
    return f"/potensi/ikm/{ikm.slug}/gabung/"


def test_a_similar_name_is_offered_before_anything_is_searched(secretary, pair):
    one, other = pair
    assert f"?dengan={other.slug}" in secretary.get(address(one)).content.decode()


def test_any_other_ikm_is_found_by_name_or_nib(secretary, pair):
    one, _ = pair
    far = IkmFactory(name="Tenun Cahaya Timur", nib="9120000000888")
    assert far.name in text_of(secretary.get(address(one), {"cari": "cahaya tenun"}))
    assert far.name in text_of(secretary.get(address(one), {"cari": far.nib}))
    assert "Tidak ada IKM yang cocok." in text_of(secretary.get(address(one), {"cari": "zzz"}))


def test_both_are_read_side_by_side_before_one_goes(secretary, pair):
    one, other = pair
    ProductFactory(ikm=other, name="Kotak ketak")
    text = text_of(secretary.get(address(one), {"dengan": other.slug}))
    assert "9120000000777" in text
    assert "Penggabungan tidak dapat dibatalkan" in text
    assert f"{other.name} yang tetap" in text


def test_with_a_reason_they_become_one(secretary, pair):
    one, other = pair
    product = ProductFactory(ikm=other, name="Kotak ketak")
    answer = secretary.post(address(one), {"dengan": other.slug, "reason": REASON}, follow=True)
    assert f"{other.name} digabungkan ke {one.name}." in answer.content.decode()
    product.refresh_from_db()
    assert product.ikm == one
    assert Ikm.objects.get(pk=other.pk).merged_into == one
    signpost = secretary.get(f"/ikm/{other.slug}/")
    assert f'href="/ikm/{one.slug}/"' in signpost.content.decode()
    assert "Gabungkan dengan catatan" not in text_of(signpost)


def test_without_a_reason_nothing_happens(secretary, pair):
    one, other = pair
    answer = secretary.post(address(one), {"dengan": other.slug, "reason": "sama"})
    assert answer.status_code == 200
    assert Ikm.objects.get(pk=other.pk).merged_into is None
    assert "Tuliskan alasannya" in text_of(answer)


def test_two_different_nibs_are_refused_on_the_page(secretary, pair):
    one, other = pair
    Ikm.objects.filter(pk=one.pk).update(nib="9120000000999")
    answer = secretary.post(address(one), {"dengan": other.slug, "reason": REASON})
    assert "NIB yang berbeda" in answer.content.decode()
    assert Ikm.objects.get(pk=other.pk).merged_into is None


def test_a_merged_record_cannot_be_merged_again(secretary, pair):
    one, other = pair
    secretary.post(address(one), {"dengan": other.slug, "reason": REASON})
    assert secretary.get(address(other)).status_code == 404


@pytest.mark.parametrize("role", [Role.DINAS, Role.PROVINSI, Role.AUDITOR, Role.PENILAI])
def test_only_the_secretariat_has_this_page(client, pair, role):
    one, other = pair
    client.force_login(a_person(role, around=a_regency(GARUT)))
    assert client.post(address(one), {"dengan": other.slug, "reason": REASON}).status_code in (403, 404)
    assert "Gabungkan dengan catatan" not in client.get(f"/ikm/{one.slug}/").content.decode()
