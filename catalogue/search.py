"""Finding among the published awards: words, facets with counts, sorting, pages. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from awards.models import Award, AwardQuerySet

from . import facets, shown
from .facets import FACETS, Option

PER_PAGE = 24
WORDS_AT_MOST, LETTERS_AT_MOST = 8, 100
VALUES_AT_MOST, WAYS_OUT_AT_MOST = 60, 8

SORTS = {
    "bintang": ("-star_in_force", "group__position", "product_name", "pk"),
    "nama": ("product_name", "pk"),
    "terbaru": ("-decree__round_id", "-star_in_force", "product_name", "pk"),
}
LIST, MAP = "daftar", "peta"
_WORD_COLUMNS = ("product_name", "ikm_name", "group_name", "regency_name", "province_name")


@dataclass(frozen=True)
class Query:
    """What the visitor asks for; whatever cannot be read in the address is left out, never an error."""

    words: str = ""
    komoditas: tuple[str, ...] = ()
    bintang: tuple[str, ...] = ()
    provinsi: tuple[str, ...] = ()
    daerah: tuple[str, ...] = ()
    tahun: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    sort: str = "bintang"
    view: str = LIST
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Query:
        """Read a QueryDict: OR inside a facet (repeated), AND between facets."""

        def several(name: str) -> tuple[str, ...]:
            values = query.getlist(name) if hasattr(query, "getlist") else []
            return tuple(dict.fromkeys(v for v in values if FACETS[name].can_be(v)))[:VALUES_AT_MOST]

        words = str(query.get("q", "")).replace("\x00", "").strip()[:LETTERS_AT_MOST]
        sort, view, page = query.get("urut", ""), query.get("tampilan", ""), str(query.get("halaman", "1"))
        return cls(
            words=words,
            sort=sort if sort in SORTS else "bintang",
            view=MAP if view == MAP else LIST,
            page=int(page) if page.isascii() and page.isdigit() and len(page) <= 6 else 1,
            **{name: several(name) for name in FACETS},
        )

    def address(self, **changes: Any) -> str:
        """The query string of this state with some parts changed; the page falls back to the first."""
        changed = replace(self, **{"page": 1, **changes})
        pairs: list[tuple[str, str]] = [("q", changed.words)] if changed.words else []
        pairs += [(name, value) for name in FACETS for value in changed.chosen_in(name)]
        pairs += [("urut", changed.sort)] if changed.sort != "bintang" else []
        pairs += [("tampilan", MAP)] if changed.view == MAP else []
        pairs += [("halaman", str(changed.page))] if changed.page > 1 else []
        return "?" + urlencode(pairs)

    def chosen_in(self, name: str) -> tuple[str, ...]:
        """The values chosen in a facet (a name of FACETS)."""
        values: tuple[str, ...] = getattr(self, name)
        return values

    def with_facet(self, name: str, values: tuple[str, ...]) -> Query:
        """This state with one facet (a name of FACETS) set anew."""
        changes: dict[str, Any] = {name: values}
        return replace(self, **changes)

    @property
    def chosen(self) -> int:
        return sum(len(self.chosen_in(name)) for name in FACETS)


@dataclass(frozen=True)
class Link:
    """A filter by name, the address without it, and how many products that address shows (0: not counted)."""

    label: str
    url: str
    count: int = 0


@dataclass(frozen=True)
class Results:
    query: Query
    count: int
    # The list; None where the map is asked for.
    page: Page[Award] | None
    # The map: {code, label, value, url} of the provinces with products, most first; empty where the list is.
    provinces: list[dict[str, Any]]
    facets: list[tuple[str, str, list[Option]]]
    chips: list[Link]
    # Where nothing fits: the filters at fault by name, and what dropping each would bring.
    at_fault: list[str]
    ways_out: list[Link]


def find(query: Query, *, on: date) -> Results:
    """
    Run the query over the published awards as they stand on a day.

    One statement for the page, one for its count, one per facet, whatever the number of products.
    """
    found = _filtered(query, on=on)
    offered = [
        (name, str(facet.label), facets.options(name, _filtered(query, on=on, leave_out=name), query, on=on))
        for name, facet in FACETS.items()
        if name != "daerah" or query.provinsi or query.daerah
    ]
    named = [
        (name, option.value, option.inline)
        for name, _, options in offered
        for option in options
        if option.active
    ]
    chips = [
        Link(option.label, query.address(**{name: _without(query.chosen_in(name), option.value)}))
        for name, _, options in offered
        for option in options
        if option.active
    ]
    if query.view == MAP:
        page, provinces = None, _by_province(found, query)
        count = sum(province["value"] for province in provinces)
    else:
        paginator = Paginator(found.with_names().order_by(*SORTS[query.sort]), PER_PAGE)
        page, provinces, count = paginator.get_page(query.page), [], paginator.count
    at_fault = ([f"“{query.words}”"] if query.words else []) + [label for _, _, label in named]
    ways_out = [] if count else _ways_out(query, named, on=on)
    return Results(query, count, page, provinces, offered, chips, at_fault, ways_out)


def _filtered(query: Query, *, on: date, leave_out: str = "") -> AwardQuerySet:
    # Which award of a product stands for it depends on the rounds that are looked at: without them, each counts.
    awards = shown.standing() if leave_out == "tahun" else shown.newest(years=query.tahun)
    for word in query.words.split()[:WORDS_AT_MOST]:
        anywhere = Q()
        for column in _WORD_COLUMNS:
            anywhere |= Q(**{f"{column}__unaccent__icontains": word})
        awards = awards.filter(anywhere)
    for name, facet in FACETS.items():
        if name not in (leave_out, "tahun") and (values := query.chosen_in(name)):
            awards = awards.filter(facet.condition(values, on=on))
    return awards


def _by_province(found: AwardQuerySet, query: Query) -> list[dict[str, Any]]:
    rows = (
        found.order_by()
        .values_list("regency__province", "regency__province__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "regency__province__name")
    )
    return [
        {"code": code, "label": name, "value": count, "url": query.address(provinsi=(code,), view=LIST)}
        for code, name, count in rows
    ]


def _ways_out(query: Query, named: list[tuple[str, str, str]], *, on: date) -> list[Link]:
    ways = [(f"“{query.words}”", replace(query, words="", page=1))] if query.words else []
    for name, value, label in named:
        ways.append((label, query.with_facet(name, _without(query.chosen_in(name), value))))
    counted = (
        Link(label, other.address(), _filtered(other, on=on).count())
        for label, other in ways[:WAYS_OUT_AT_MOST]
    )
    return [way for way in counted if way.count]


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(other for other in values if other != value)
