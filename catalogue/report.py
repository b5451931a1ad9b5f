"""What a newspaper would print of a round, composed from its awards; nothing is told whose parts do not add up."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from awards.models import Award, Decree
from awards.templatetags.award_words import name_of_group
from nominations.models import CommodityGroup

from .models import Listing

# More names than this make no sentence; the list below the report holds them all.
_HIGHEST_AT_MOST = 12


@dataclass(frozen=True)
class Report:
    """
    The awards of a round that stand. leading: the provinces with most products (several where they are level), each
    with `leading_products`; leading_regencies counts where there is one. highest: those with the highest star.
    """

    products: int
    ikm: int
    regencies: int
    provinces: int
    leading: list[str]
    leading_products: int
    leading_regencies: int
    groups: list[tuple[str, int]]
    stars: list[tuple[int, int]]
    highest_star: int
    highest: list[Award]


def of_round(decree: Decree) -> Report | None:
    """None where nothing stands, or where the parts do not add up to the whole."""
    listed = Listing.objects.published().filter(year=decree.round_id).order_by()
    rows = list(listed.values_list("group", "star", "regency", "province__name").annotate(count=Count("pk")))
    whole = listed.aggregate(products=Count("pk"), ikm=Count("product__ikm", distinct=True))
    provinces, stars, groups = _sums(rows, 3), _sums(rows, 1), _sums(rows, 0)
    if not whole["products"] or any(
        sum(part.values()) != whole["products"] for part in (provinces, stars, groups)
    ):
        return None
    most = max(provinces.values())
    leading = sorted(name for name, count in provinces.items() if count == most)
    highest_star = max(stars)
    highest = (
        Award.objects.published()
        .filter(decree__round=decree.round_id, revoked_at=None, star_in_force=highest_star)
        .only("slug", "product_name", "ikm_name", "regency_name")
        .order_by("decree_id", "position")[: _HIGHEST_AT_MOST + 1]
    )
    named = list(highest)
    names = [(one.pk, name_of_group(one)) for one in CommodityGroup.objects.order_by("position", "pk")]
    return Report(
        **whole,
        regencies=len({row[2] for row in rows}),
        provinces=len(provinces),
        leading=leading,
        leading_products=most,
        leading_regencies=len({row[2] for row in rows if row[3] in leading}),
        groups=[(name, groups[code]) for code, name in names if code in groups],
        stars=sorted(stars.items(), reverse=True),
        highest_star=highest_star,
        highest=named if len(named) <= _HIGHEST_AT_MOST else [],
    )


def _sums(rows: list[tuple], column: int) -> dict:
    sums: dict = {}
    for row in rows:
        sums[row[column]] = sums.get(row[column], 0) + row[4]
    return sums
