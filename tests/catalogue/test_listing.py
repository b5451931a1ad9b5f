"""What the catalogue is searched by follows every way in which an award becomes public or ceases to be."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from awards.models import Award, Decree
from catalogue import shown
from catalogue.models import LastChange, Listing, Word
from nominations.models import Product
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REVOKED = {"revocation_decree": "SK 9", "revocation_reason": "-"}


def newest():
    return set(Listing.objects.newest().values_list("pk", flat=True))


def last_change():
    return LastChange.objects.get().at


@made_once
def twice():
    """One product awarded in two rounds."""
    product = ProductFactory()
    return [
        AwardFactory(product=product, star=star, decree=DecreeFactory(published=True, round__year=year))
        for year, star in ((2018, 3), (2022, 4))
    ]


def test_a_draft_is_not_in_it_and_publication_puts_it_in():
    award = AwardFactory(decree=DecreeFactory(published=False))
    before = last_change()
    assert not Listing.objects.exists()
    Decree.objects.update(published_at=timezone.now())
    assert newest() == {award.pk}
    assert last_change() > before
    assert {"dodol", "cokelat", "garut"} <= set(Word.objects.values_list("word", flat=True))


def test_the_newest_award_of_a_product_stands_for_it_until_it_is_revoked(twice):
    assert newest() == {twice[1].pk}
    assert Listing.objects.count() == 2
    Award.objects.filter(pk=twice[1].pk).update(revoked_at=timezone.now(), **REVOKED)
    assert newest() == {twice[0].pk}
    assert Listing.objects.count() == 1


def test_a_changed_star_is_in_it(twice):
    Award.objects.filter(pk=twice[1].pk).update(changed_star=5)
    assert Listing.objects.get(pk=twice[1].pk).star == 5


def test_an_award_that_is_taken_away_leaves_it(twice):
    # Demo data, taken away by the owner: the portal itself deletes none.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM awards_award WHERE id = %s", [twice[1].pk])
    assert newest() == {twice[0].pk}


def test_an_award_whose_decree_went_before_it_leaves_nothing_behind_not_even_its_words(twice):
    alone = AwardFactory(product=ProductFactory(name="Songket Pandai Sikek", ikm_name="UD Sikek"))
    assert Word.objects.filter(word="songket").exists()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM awards_decree WHERE id = %s", [alone.decree_id])
        cursor.execute("DELETE FROM awards_award WHERE id = %s", [alone.pk])
    assert newest() == {twice[1].pk}
    assert set(Word.objects.values_list("word", flat=True)) >= {"dodol", "garut"}
    assert not Word.objects.filter(word__in=["songket", "sikek"]).exists()


def test_it_counts_the_same_awards_as_the_pages_that_ask_the_awards_themselves(twice):
    for _ in range(3):
        AwardFactory()
    AwardFactory(revoked_at=timezone.now(), **REVOKED)
    assert newest() == set(shown.newest().values_list("pk", flat=True))


def test_what_is_taken_back_was_never_changed(twice):
    before = last_change(), newest()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Award.objects.update(revoked_at=timezone.now(), **REVOKED)
        raise ZeroDivisionError
    assert (last_change(), newest()) == before


def test_the_registry_moves_the_clock_only_where_the_public_sees_it(twice):
    unseen = ProductFactory(ikm_name="UD Belum")
    before = last_change()
    for name in ("Lain", "Lain lagi"):
        Product.objects.filter(pk=unseen.pk).update(name=name)
    assert last_change() == before
    sentra = twice[0].product.ikm.sentra
    sentra.name = "Sentra Dodol Raya"
    sentra.save()
    assert last_change() > before
