"""Counts of the published, each with its parts; a total is only shown where its parts add up to it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from awards.models import Award, Decree
from nominations.models import Phase, Round


@dataclass(frozen=True)
class Summary:
    products: int
    ikm: int
    regencies: int
    provinces: int


def summary() -> Summary:
    """How many products, IKM, kabupaten/kota and provinces are published and not revoked; one statement."""
    row = (
        Award.objects.published()
        .filter(revoked_at=None)
        .aggregate(
            products=Count("pk"),
            ikm=Count("product__ikm", distinct=True),
            regencies=Count("regency", distinct=True),
            provinces=Count("regency__province", distinct=True),
        )
    )
    return Summary(**row)


def by_group() -> list[tuple[str, str, int]]:
    """(code, name, published products) of every commodity group, in its order; those without any too."""
    from nominations.models import CommodityGroup

    counts = dict(
        Award.objects.published()
        .filter(revoked_at=None)
        .order_by()
        .values_list("group")
        .annotate(count=Count("pk"))
    )
    return [(group.pk, group.name, counts.get(group.pk, 0)) for group in CommodityGroup.objects.all()]


def by_province() -> list[tuple[str, str, int]]:
    """(code, name, published products) of the provinces that have any, most first."""
    return list(
        Award.objects.published()
        .filter(revoked_at=None)
        .order_by()
        .values_list("regency__province", "province_name")
        .annotate(count=Count("pk"))
        .order_by("-count", "province_name")
    )


@dataclass(frozen=True)
class RoundTable:
    """Commodity by star with both totals, from the awards as decreed; `holds` says that the totals agree."""

    stars: list[int]
    rows: list[tuple[str, list[int], int]]
    column_totals: list[int]
    total: int
    holds: bool


def round_table(decree: Decree) -> RoundTable:
    counts: dict[str, dict[int, int]] = {}
    for name, star, count in (
        decree.awards.order_by()
        .values_list("group_name", "star")
        .annotate(count=Count("pk"))
        .order_by("group__position", "group_name", "-star")
    ):
        counts.setdefault(name, {})[star] = count
    total = decree.awards.count()
    maximum = max(decree.awards.values_list("maximum_star", flat=True), default=5)
    stars = list(range(maximum, 0, -1))
    rows = [(name, [by.get(star, 0) for star in stars], sum(by.values())) for name, by in counts.items()]
    column_totals = [sum(row[1][index] for row in rows) for index in range(len(stars))]
    return RoundTable(
        stars, rows, column_totals, total, sum(column_totals) == total == sum(row[2] for row in rows)
    )


def current_phase(*, at: datetime) -> Phase | None:
    """The phase that is running now in the latest round, the one that ends first; None between rounds."""
    round_ = Round.objects.filter(is_example=False).first() or Round.objects.first()
    if round_ is None:
        return None
    return round_.phases.filter(opens_at__lte=at, closes_at__gt=at).order_by("closes_at").first()
