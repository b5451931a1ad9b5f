"""Finding among the published awards: words, facets with counts, sorting, pages. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from awards.models import Award, AwardQuerySet

PER_PAGE = 24
WORDS_AT_MOST, LETTERS_AT_MOST = 8, 100

# Facet name in the address -> (column of Award, shown name).
FACETS = {
    "komoditas": ("group", "Komoditas"),
    "bintang": ("star", "Bintang"),
    "provinsi": ("regency__province", "Provinsi"),
    "tahun": ("decree__round", "Tahun"),
}
SORTS = {
    "bintang": ("-star", "group__position", "product_name", "pk"),
    "nama": ("product_name", "pk"),
    "terbaru": ("-decree__round", "-star", "product_name", "pk"),
}
_WORD_COLUMNS = ("product_name", "ikm_name", "group_name", "regency_name", "province_name")


@dataclass(frozen=True)
class Query:
    """What the visitor asks for; whatever cannot be read in the address is left out, never an error."""

    words: str = ""
    komoditas: tuple[str, ...] = ()
    bintang: tuple[str, ...] = ()
    provinsi: tuple[str, ...] = ()
    tahun: tuple[str, ...] = ()
    sort: str = "bintang"
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Query:
        """Read a QueryDict: OR inside a facet (repeated), AND between facets."""

        def several(name: str) -> tuple[str, ...]:
            values = query.getlist(name) if hasattr(query, "getlist") else []
            return tuple(
                dict.fromkeys(
                    v for v in values if v.isascii() and v.replace("_", "").isalnum() and len(v) <= 40
                )
            )[:60]

        def numbers(name: str) -> tuple[str, ...]:
            return tuple(value for value in several(name) if value.isdigit() and len(value) <= 4)

        words = str(query.get("q", "")).replace("\x00", "").strip()[:LETTERS_AT_MOST]
        sort, page = query.get("urut", ""), str(query.get("halaman", "1"))
        return cls(
            words=words,
            komoditas=several("komoditas"),
            bintang=numbers("bintang"),
            provinsi=numbers("provinsi"),
            tahun=numbers("tahun"),
            sort=sort if sort in SORTS else "bintang",
            page=int(page) if page.isascii() and page.isdigit() and len(page) <= 6 else 1,
        )

    def address(self, **changes: Any) -> str:
        """The query string of this state with some parts changed; the page falls back to the first."""
        changed = replace(self, **{"page": 1, **changes})
        pairs: list[tuple[str, str]] = [("q", changed.words)] if changed.words else []
        pairs += [(name, value) for name in FACETS for value in getattr(changed, name)]
        pairs += [("urut", changed.sort)] if changed.sort != "bintang" else []
        pairs += [("halaman", str(changed.page))] if changed.page > 1 else []
        return "?" + urlencode(pairs)

    def with_facet(self, name: str, values: tuple[str, ...]) -> Query:
        """This state with one facet (a name of FACETS) set anew."""
        changes: dict[str, Any] = {name: values}
        return replace(self, **changes)

    @property
    def chosen(self) -> int:
        return sum(len(getattr(self, name)) for name in FACETS)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    active: bool
    # The address with this option taken (or, where active, dropped).
    url: str


@dataclass(frozen=True)
class Chip:
    label: str
    url: str


@dataclass(frozen=True)
class Results:
    query: Query
    page: Page[Award]
    facets: list[tuple[str, str, list[Option]]]
    chips: list[Chip]
    # Where nothing fits: what dropping each filter would bring.
    ways_out: list[tuple[str, int, str]]


def find(query: Query) -> Results:
    """Run the query over the published awards: one statement for the page, one for its count, one per facet."""
    found = _filtered(query)
    paginator = Paginator(found.with_names().order_by(*SORTS[query.sort]), PER_PAGE)
    page = paginator.get_page(query.page)
    facets = [(name, label, _options(query, name, column)) for name, (column, label) in FACETS.items()]
    labels = {(name, option.value): option.label for name, _, options in facets for option in options}
    chips = [
        Chip(labels.get((name, value), value), query.address(**{name: _without(getattr(query, name), value)}))
        for name in FACETS
        for value in getattr(query, name)
    ]
    return Results(query, page, facets, chips, [] if paginator.count else _ways_out(query, labels))


def _filtered(query: Query, *, leave_out: str = "") -> AwardQuerySet:
    awards = Award.objects.published().filter(revoked_at=None)
    for word in query.words.split()[:WORDS_AT_MOST]:
        anywhere = Q()
        for column in _WORD_COLUMNS:
            anywhere |= Q(**{f"{column}__unaccent__icontains": word})
        awards = awards.filter(anywhere)
    for name, (column, _) in FACETS.items():
        if name != leave_out and (values := getattr(query, name)):
            awards = awards.filter(**{f"{column}__in": values})
    return awards


_FACET_LABELS = {
    "komoditas": "group__name",
    "bintang": "star",
    "provinsi": "regency__province__name",
    "tahun": "decree__round",
}


def _options(query: Query, name: str, column: str) -> list[Option]:
    chosen = getattr(query, name)
    label = _FACET_LABELS[name]
    rows = (
        _filtered(query, leave_out=name)
        .order_by()
        .values_list(column, label)
        .annotate(count=Count("pk"))
        .order_by(label)
    )
    options = []
    for value, text, count in rows:
        value, active = str(value), str(value) in chosen
        taken = _without(chosen, value) if active else (*chosen, value)
        options.append(
            Option(
                value=value,
                label=f"Bintang {text}" if name == "bintang" else str(text),
                count=count,
                active=active,
                url=query.address(**{name: taken}),
            )
        )
    return options[::-1] if name in ("bintang", "tahun") else options


def _ways_out(query: Query, labels: Mapping[tuple[str, str], str]) -> list[tuple[str, int, str]]:
    ways = []
    if query.words:
        count = _filtered(replace(query, words="")).count()
        ways.append((query.words, count, query.address(words="")))
    for name in FACETS:
        for value in getattr(query, name):
            rest = _without(getattr(query, name), value)
            count = _filtered(query.with_facet(name, rest)).count()
            ways.append((labels.get((name, value), value), count, query.address(**{name: rest})))
    return [way for way in ways if way[1]]


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(other for other in values if other != value)
