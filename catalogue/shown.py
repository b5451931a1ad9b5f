"""Which awards the public's pages count: of each product the newest one that is published and not revoked."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from awards.models import Award, AwardQuerySet


def newest(*, years: Iterable[str] = ()) -> AwardQuerySet:
    """
    One award per product, so that "n produk" counts products: the newest of those rounds, of all where none is named.

    An award of 2018 makes way for that of 2022 of the same product; its own page stays.
    """
    counted = standing(years=years)
    newer = standing(years=years).filter(
        product=OuterRef("product"), decree__round__gt=OuterRef("decree__round")
    )
    return counted.filter(~Exists(newer))


def standing(*, years: Iterable[str] = ()) -> AwardQuerySet:
    """Every published award that was not revoked, of some rounds or of all."""
    awards = Award.objects.published().filter(revoked_at=None)
    named = [int(year) for year in years]
    return awards.filter(decree__round__in=named) if named else awards
