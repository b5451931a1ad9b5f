"""What a card shows of an award: in every list the same, of what is published alone, in one statement."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from catalogue import cards, photos
from catalogue.models import ShownPhoto
from tests.factories.accounts import a_person
from tests.factories.awards import AwardFactory, DecreeFactory
from tests.factories.files import StoredFileFactory
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@made_once
def decree():
    return DecreeFactory(published=True, round__year=2018)


@made_once
def three(decree):
    return [AwardFactory(decree=decree, star=star) for star in (2, 5, 3)]


def shown_photo(award, *, position: int, alt: str, alt_en: str = "") -> ShownPhoto:
    return ShownPhoto.objects.create(
        award=award, file=StoredFileFactory(photo=True), alt=alt, alt_en=alt_en, position=position, width=1000,
        height=600, widths=[320, 640, 960, 1000], at=timezone.now(), by=a_person(),
    )  # fmt: skip


def test_cards_come_in_the_order_that_is_asked_for_in_one_statement(three, django_assert_num_queries):
    keys = [three[1].pk, three[0].pk, three[2].pk]
    with django_assert_num_queries(1):
        found = cards.of(keys)
    assert [(card.award, card.star) for card in found] == list(zip(keys, (5, 2, 3), strict=True))


def test_without_awards_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert cards.of([]) == []


def test_a_card_says_what_the_award_says(three):
    award = three[0]
    (card,) = cards.of([award.pk])
    assert (card.product_name, card.ikm_name) == (award.product_name, award.ikm_name)
    assert (card.regency_name, card.province_name) == (award.regency_name, award.province_name)
    assert (card.star, card.maximum_star, card.year) == (2, 5, 2018)
    assert card.get_absolute_url() == award.get_absolute_url()
    assert card.ornament == award.group.ornament
    assert (card.is_revoked, card.is_example, card.picture) == (False, award.is_example, None)


def test_of_what_is_not_published_there_is_no_card(three):
    hidden = AwardFactory(decree=DecreeFactory(published=False, round__year=2020))
    later = AwardFactory(
        decree=DecreeFactory(
            published=True, round__year=2021, published_at=timezone.now() + timedelta(days=1)
        )
    )
    assert [card.award for card in cards.of([hidden.pk, three[0].pk, later.pk, 2**62])] == [three[0].pk]


def test_the_first_photo_is_its_picture(three):
    award = three[0]
    shown_photo(award, position=2, alt="Dari samping")
    first = shown_photo(award, position=1, alt="Dari depan", alt_en="From the front")
    (card,) = cards.of([award.pk])
    assert card.picture == photos.picture(first)
    assert (card.picture.alt, card.picture.width, card.picture.height) == ("Dari depan", 1000, 600)
    with translation.override("en"):
        assert cards.of([award.pk])[0].picture.alt == "From the front"
