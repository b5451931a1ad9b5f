"""The programme counted: by round, star, commodity, province and local content. Every total is the sum of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Q, Value, When
from django.utils.translation import gettext_lazy

from awards.models import Decree
from awards.templatetags.award_words import name_of_group
from nominations.models import CommodityGroup, Nomination, State
from regions.models import Province

from .models import Listing, ListingQuerySet

# The levels of the form's first indicator: under 80 % local, 80 % or more, all of it (domain.md, selection form).
LOCAL_CONTENT = {
    "semua": gettext_lazy("100% bahan lokal"),
    "80": gettext_lazy("80% sampai di bawah 100%"),
    "kurang": gettext_lazy("Di bawah 80%"),
    "tidak-tercatat": gettext_lazy("Tidak tercatat"),
}
_PASSED = (State.ELIGIBLE, State.ASSESSED, State.AWARDED, State.NOT_AWARDED)


@dataclass(frozen=True)
class Choice:
    """What is counted: one round (None: each product once, by its newest award) and one commodity group ("": all)."""

    year: int | None = None
    group: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], *, years: Iterable[int], groups: Iterable[str]) -> Choice:
        """What cannot be read, or is not offered, is left out."""
        year, group = str(query.get("tahun", "")), str(query.get("komoditas", ""))
        known = {str(one): one for one in years}
        return cls(known.get(year), group if group in set(groups) else "")

    def listed(self) -> ListingQuerySet:
        found = Listing.objects.published()
        found = found.filter(year=self.year) if self.year else found.filter(is_newest=True)
        return found.filter(group=self.group) if self.group else found


@dataclass(frozen=True)
class Line:
    """One row of a table and one bar of its chart: {star: how many} adds up to `total`."""

    code: str
    label: str
    by_star: dict[int, int]
    maximum_star: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_star.values())


@dataclass(frozen=True)
class Statistics:
    """stars: all that occur, highest first. Each of the tables adds up to `total`."""

    total: int
    regencies: int
    stars: list[int]
    groups: list[Line]
    provinces: list[Line]
    local_content: list[Line]

    @property
    def by_star(self) -> list[tuple[int, int]]:
        return [(star, sum(line.by_star.get(star, 0) for line in self.groups)) for star in self.stars]


def count(choice: Choice) -> Statistics:
    """Three statements, whatever is counted: the awards by what they are counted by, and the names."""
    local = Case(
        When(award__nomination__local_content__gte=100, then=Value("semua")),
        When(award__nomination__local_content__gte=80, then=Value("80")),
        When(award__nomination__local_content__lt=80, then=Value("kurang")),
        default=Value("tidak-tercatat"),
        output_field=CharField(),
    )
    rows = list(
        choice.listed()
        .order_by()
        .annotate(local=local)
        .values_list("group", "regency", "province", "local", "star")
        .annotate(count=Count("pk"))
    )
    groups = {group.pk: name_of_group(group) for group in CommodityGroup.objects.order_by("position", "pk")}
    provinces = dict(Province.objects.order_by("name").values_list("pk", "name"))

    def lines(column: int, names: Mapping[str, Any], *, with_empty: bool) -> list[Line]:
        counts: dict[str, dict[int, int]] = {code: {} for code in names}
        for row in rows:
            stars = counts.setdefault(row[column], {})
            stars[row[4]] = stars.get(row[4], 0) + row[5]
        made = [Line(code, str(names.get(code, code)), stars) for code, stars in counts.items()]
        return [line for line in made if with_empty or line.total]

    by_province = sorted(lines(2, provinces, with_empty=False), key=lambda line: (-line.total, line.label))
    return Statistics(
        total=sum(row[5] for row in rows),
        regencies=len({row[1] for row in rows}),
        stars=sorted({row[4] for row in rows}, reverse=True),
        groups=lines(0, groups, with_empty=not choice.group),
        provinces=by_province,
        local_content=lines(3, LOCAL_CONTENT, with_empty=False),
    )


def by_round(group: str = "") -> list[Line]:
    """The awards that stand of each published round, by star, newest first."""
    found = Listing.objects.published()
    rows = (
        (found.filter(group=group) if group else found)
        .order_by()
        .values_list("year", "star", "award__maximum_star")
        .annotate(count=Count("pk"))
    )
    counts: dict[int, dict[int, int]] = {}
    schemes: dict[int, int] = {}
    for year, star, maximum, number in rows:
        stars = counts.setdefault(year, {})
        stars[star] = stars.get(star, 0) + number
        schemes[year] = max(schemes.get(year, 0), maximum)
    return [Line(str(year), str(year), counts[year], schemes[year]) for year in sorted(counts, reverse=True)]


@dataclass(frozen=True)
class Way:
    """How many products of one round were proposed, passed screening, and were awarded as first decreed."""

    year: int
    proposed: int
    passed: int
    awarded: int


def ways() -> list[Way]:
    """The published rounds whose nominations the portal knows, newest first; two statements."""
    awarded = dict(
        Decree.objects.published().establishing().order_by("-round").annotate(count=Count("awards"))
        .values_list("round", "count")
    )  # fmt: skip
    rows = (
        Nomination.objects.filter(round__in=awarded)
        .order_by()
        .values("round")
        .annotate(
            proposed=Count("pk", filter=Q(submitted_at__isnull=False)),
            passed=Count("pk", filter=Q(state__in=_PASSED)),
        )
    )
    found = [Way(row["round"], row["proposed"], row["passed"], awarded[row["round"]]) for row in rows]
    # Awards taken over have no nominations: a chain that began with 0 would be untrue.
    return sorted(
        (way for way in found if way.proposed >= way.passed >= way.awarded > 0), key=lambda way: -way.year
    )
