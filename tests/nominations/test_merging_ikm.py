"""Two records of one IKM become one: what hangs on them moves, the duplicate stays as a signpost."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from audit import history
from nominations import registry
from nominations.guards import Refused
from nominations.models import DocumentKind, Ikm, Nomination
from tests.factories.accounts import TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import IkmFactory, NominationFactory, ProductFactory, link_document
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Nama yang sama ditulis dengan dua cara; NIB sudah dicocokkan."


@made_once
def pair(requirements):
    """The same IKM twice: one with a NIB, one without."""
    return IkmFactory(name="UD Mawar Art Shop", nib=None), IkmFactory(
        name="Mawar Artshop", nib="9120000000777"
    )


@made_once
def secretary():
    return a_person(Role.SEKRETARIAT)


def merged(one, duplicate, by, reason=REASON):
    return registry.merge(duplicate, into=one, reason=reason, by=by, at=timezone.now())


def test_products_nominations_documents_and_the_nib_move(pair, secretary):
    one, duplicate = pair
    nomination = NominationFactory(
        product=ProductFactory(ikm=duplicate, name="Kotak ketak"), documented=False
    )
    document = link_document(nomination, DocumentKind.objects.get(pk="merek"))
    merged(one, duplicate, secretary)
    one, duplicate = (Ikm.objects.get(pk=ikm.pk) for ikm in pair)
    assert (one.nib, duplicate.nib, duplicate.merged_into) == ("9120000000777", None, one)
    assert Nomination.objects.get(pk=nomination.pk).product.ikm == one
    document.refresh_from_db()
    assert document.ikm == one
    assert history.of(one).last().details == {"duplicate": duplicate.pk, "products": [nomination.product_id]}
    assert history.of(duplicate).last().details == {"into": one.pk}


def test_a_nib_that_the_one_has_already_stays(pair, secretary):
    without, having = pair
    merged(having, without, secretary)
    assert Ikm.objects.get(pk=having.pk).nib == "9120000000777"


def test_a_second_press_changes_nothing(pair, secretary):
    one, duplicate = pair
    merged(one, duplicate, secretary)
    with pytest.raises(Refused) as refusal:
        merged(one, duplicate, secretary)
    assert refusal.value.code == "already_merged"
    assert history.of(one).count() == 1


def test_an_ikm_is_not_merged_with_itself_nor_into_a_duplicate(pair, secretary):
    one, duplicate = pair
    merged(one, duplicate, secretary)
    third = IkmFactory(nib=None)
    for into, other in ((one, one), (duplicate, third)):
        with pytest.raises(Refused) as refusal:
            merged(into, other, secretary)
        assert refusal.value.code == "already_merged"


def test_two_different_nibs_are_two_ikm(secretary):
    with pytest.raises(Refused) as refusal:
        merged(IkmFactory(), IkmFactory(), secretary)
    assert refusal.value.code == "two_nibs"


def test_products_of_the_same_name_must_be_told_apart_first(pair, secretary):
    one, duplicate = pair
    for ikm in pair:
        ProductFactory(ikm=ikm, name="Kotak ketak")
    with pytest.raises(Refused) as refusal:
        merged(one, duplicate, secretary)
    assert refusal.value.code == "same_product"
    assert "Kotak ketak" in refusal.value.for_reader
    assert Ikm.objects.get(pk=duplicate.pk).merged_into is None


def test_a_merger_has_a_reason(pair, secretary):
    with pytest.raises(Refused) as refusal:
        merged(*pair, secretary, reason="sama")
    assert refusal.value.code == "reason_missing"


@pytest.mark.parametrize("role", [Role.DINAS, Role.PROVINSI, Role.AUDITOR, Role.ADMIN])
def test_only_the_secretariat_merges_because_an_ikm_may_be_known_in_two_regions(pair, role):
    with pytest.raises(Refused) as refusal:
        merged(*pair, a_person(role, around=pair[0].regency))
    assert refusal.value.code == "not_yours"


def test_a_duplicate_of_another_region_is_merged_too_and_not_offered_again(pair, secretary):
    one, _ = pair
    elsewhere = IkmFactory(name="Mawar Art Shop", nib=None, regency=a_regency(TANAH_DATAR))
    merged(one, elsewhere, secretary)
    offered = registry.likely_duplicates("Mawar Art Shop", regency=a_regency(TANAH_DATAR))
    assert elsewhere not in [like.ikm for like in offered]
