"""
What the public's pages are searched and counted by: one row for each award that stands, how many there are of each kind,
the words in use, and when any of it last changed. Triggers on the awards and decrees write all of it
(migrations/0002_kept_by_the_database.py, 0004_tallies_follow_the_listing.py, 0007_postings.py), so that a publication or
a revocation is in them at the same instant, by whatever way it came.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Value
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
    "Lexeme",
    "Listing",
    "ListingQuerySet",
    "Posting",
    "SellingPlace",
    "ShownPhoto",
    "Tally",
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

    words: everything it is found by, in the configurations `ovop` (Indonesian stems) and `ovop_plain`, and what it is
    filtered by as lexemes that nobody can type: "=s5" its star, "=g…" group, "=p…" province, "=r…" regency, "=y…" year,
    "=u…" last day, "=l…" each of `later`: the rounds in which its product was awarded again. Words are looked for in
    Posting. drawer: of the way before that (decision 0115), nothing reads or writes it.
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
    later = ArrayField(models.PositiveSmallIntegerField(), default=list, db_default=Value("{}"))
    drawer = models.PositiveSmallIntegerField(default=4, db_default=4)
    words = SearchVectorField()

    objects = ListingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="listing_by_star", fields=["-star", "award"], condition=models.Q(is_newest=True)),
            models.Index(name="listing_by_name", fields=["product_name", "award"], condition=models.Q(is_newest=True)),
            models.Index(name="listing_by_year", fields=["-year", "-star", "award"]),
            models.Index(name="listing_by_year_and_name", fields=["year", "product_name", "award"]),
            models.Index(name="listing_by_place", fields=["province", "regency", "-star", "award"]),
            models.Index(name="listing_by_province", fields=["province", "-star", "award"]),
            models.Index(name="listing_by_regency", fields=["regency", "-star", "award"]),
            models.Index(name="listing_by_province_and_group", fields=["province", "group", "-star", "award"]),
            models.Index(name="listing_by_group", fields=["group", "-star", "award"]),
            models.Index(name="listing_by_group_and_name", fields=["group", "product_name", "award"]),
            models.Index(name="listing_of_product", fields=["product", "year"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.product_name} ({self.year})"


class Tally(models.Model):
    """
    How many listed awards are of one kind: what the facets show without a word is a sum of a few of these rows.

    star 0, group "" and place "" stand for all of them. within: "" for the whole country, "ID" for a province (its code
    is `place`), the province's code for a regency. later, published_at: as in Listing; no last day is `NO_LAST_DAY`.
    """

    NO_LAST_DAY = "9999-12-31"

    star = models.PositiveSmallIntegerField()
    group_code = models.CharField(max_length=40)
    within = models.CharField(max_length=2)
    place = models.CharField(max_length=4)
    later = ArrayField(models.PositiveSmallIntegerField())
    year = models.PositiveSmallIntegerField()
    valid_until = models.DateField()
    published_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tally_counts_each_kind_once",
                fields=[
                    "star",
                    "group_code",
                    "within",
                    "later",
                    "place",
                    "year",
                    "valid_until",
                    "published_at",
                ],
                include=["count"],
            )
        ]
        indexes = [
            models.Index(
                name="tally_by_place",
                fields=["within", "place", "later", "star", "group_code", "year"],
                include=["valid_until", "published_at", "count"],
            ),
            models.Index(
                name="tally_by_year",
                fields=["year", "star", "group_code", "within", "place"],
                include=["later", "valid_until", "published_at", "count"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_code} {self.star} {self.place} {self.year}: {self.count}"


class Lexeme(models.Model):
    """A lexeme of Listing.words, and how many listed awards have it: what the beginning of a word may go on to."""

    lexeme = models.CharField(max_length=255, primary_key=True, db_collation="C")
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.lexeme}: {self.count}"


class Posting(models.Model):
    """
    The numbers of the awards of one star, rising, that have a lexeme of Listing.words: what words and filters find is
    what their rows have in common. The newest awards of their products lie apart from the others.
    """

    lexeme = models.CharField(max_length=255, db_collation="C")
    star = models.PositiveSmallIntegerField()
    is_newest = models.BooleanField()
    awards = ArrayField(models.IntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="posting_is_one_row", fields=["lexeme", "star", "is_newest"]),
        ]

    def __str__(self) -> str:
        return f"{self.lexeme} {self.star}: {len(self.awards)}"


class Word(models.Model):
    """
    A word that some listed award is found by, without accents: what a misspelt one is compared with. catalogue_near: the
    word and what is left of it without any one of its letters; a slip of one letter leaves two words with one in common.
    """

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        indexes = [
            GinIndex(name="word_by_likeness", fields=["word"], opclasses=["gin_trgm_ops"]),
            GinIndex(models.Func("word", function="catalogue_near"), name="word_by_slips", fastupdate=False),
        ]

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
