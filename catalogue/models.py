"""
What the public's pages are searched and counted by: one row for each award that stands, the words in use, and when any
of it last changed. Triggers on the awards and decrees write all three (migrations/0002_kept_by_the_database.py), so that a
publication or a revocation is in them at the same instant, by whatever way it came.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from awards.models import Award
from nominations.models import CommodityGroup, Product
from regions.models import Province, Regency

from .entry_models import EntryLink, EntryPhoto, EntryPlace, EntryVersion
from .shown_models import SellingPlace, ShownPhoto

__all__ = [
    "EntryLink",
    "EntryPhoto",
    "EntryPlace",
    "EntryVersion",
    "LastChange",
    "Listing",
    "ListingQuerySet",
    "SellingPlace",
    "ShownPhoto",
    "Word",
]


class ListingQuerySet(models.QuerySet["Listing"]):
    def published(self) -> ListingQuerySet:
        """Those whose instant of publication has come."""
        return self.filter(published_at__lte=Now())

    def newest(self) -> ListingQuerySet:
        """Of each product the newest award that stands (decision 0037)."""
        return self.published().filter(is_newest=True)


class Listing(models.Model):
    """
    One award that was published and not revoked, as the catalogue lists it. Written by the database alone.

    words: everything it is found by, in the configurations `ovop` (Indonesian stems) and `ovop_plain`.
    """

    award = models.OneToOneField(
        Award, on_delete=models.CASCADE, primary_key=True, related_name="listing", db_constraint=False
    )
    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    group = models.ForeignKey(
        CommodityGroup, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    regency = models.ForeignKey(
        Regency, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    province = models.ForeignKey(
        Province, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    star = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField()
    product_name = models.CharField(max_length=160)
    published_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    is_newest = models.BooleanField()
    words = SearchVectorField()

    objects = ListingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="listing_by_star", fields=["-star", "award"], condition=models.Q(is_newest=True)),
            models.Index(name="listing_by_name", fields=["product_name", "award"], condition=models.Q(is_newest=True)),
            models.Index(name="listing_by_year", fields=["-year", "-star", "award"]),
            models.Index(name="listing_by_place", fields=["province", "regency", "-star", "award"]),
            models.Index(name="listing_by_group", fields=["group", "-star", "award"]),
            models.Index(name="listing_of_product", fields=["product", "year"]),
            GinIndex(name="listing_by_words", fields=["words"], fastupdate=False),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.product_name} ({self.year})"


class Word(models.Model):
    """A word that some listed award is found by, without accents: what a misspelt one is compared with."""

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        indexes = [GinIndex(name="word_by_likeness", fields=["word"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class LastChange(models.Model):
    """One row: when anything that the public's pages show last changed. What is kept of a page is asked by it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="last_change_is_one_row", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S.%f}"
