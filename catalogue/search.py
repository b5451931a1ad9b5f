"""Finding among the published awards: words, facets with counts, order, pages by key. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q

from awards.models import Award

from . import facets, photos, spelling
from .facets import FACETS, Option
from .models import Listing, ListingQuerySet

PER_PAGE = 24
LETTERS_AT_MOST = 100
VALUES_AT_MOST, WAYS_OUT_AT_MOST, SUGGESTIONS_AT_MOST = 60, 8, 3
# No award has a larger number: the largest of a bigint.
_LARGEST_KEY = 2**63 - 1

# The columns of an order and whether each goes down; an award's number comes last, so that no two are level.
SORTS: dict[str, tuple[tuple[str, bool], ...]] = {
    "bintang": (("star", True), ("award", False)),
    "nama": (("product_name", False), ("award", False)),
    "terbaru": (("year", True), ("star", True), ("award", False)),
}
LIST, MAP = "daftar", "peta"
# What a card shows, and nothing else: a decree carries its whole annex.
_OF_A_CARD = (
    "award__slug", "award__product_name", "award__ikm_name", "award__regency_name", "award__province_name",
    "award__star_in_force", "award__revoked_at", "award__maximum_star", "award__group__ornament", "award__decree__plenary",
    "award__decree__round__is_example",
)  # fmt: skip


@dataclass(frozen=True)
class Query:
    """
    What the visitor asks for; whatever cannot be read in the address is left out, never an error.

    after, before: the award that the page before ended with, or that the next one begins with; 0 for the first page.
    """

    words: str = ""
    komoditas: tuple[str, ...] = ()
    bintang: tuple[str, ...] = ()
    provinsi: tuple[str, ...] = ()
    daerah: tuple[str, ...] = ()
    tahun: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    sort: str = "bintang"
    view: str = LIST
    after: int = 0
    before: int = 0

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Query:
        """Read a QueryDict: OR inside a facet (repeated), AND between facets."""

        def several(name: str) -> tuple[str, ...]:
            values = query.getlist(name) if hasattr(query, "getlist") else []
            return tuple(dict.fromkeys(v for v in values if FACETS[name].can_be(v)))[:VALUES_AT_MOST]

        words = str(query.get("q", "")).replace("\x00", "").strip()[:LETTERS_AT_MOST]
        sort, view = query.get("urut", ""), query.get("tampilan", "")
        after = _key(query.get("setelah", ""))
        return cls(
            words=words,
            sort=sort if sort in SORTS else "bintang",
            view=MAP if view == MAP else LIST,
            after=after,
            before=0 if after else _key(query.get("sebelum", "")),
            **{name: several(name) for name in FACETS},
        )

    def address(self, **changes: Any) -> str:
        """The query string of this state with some parts changed; the page falls back to the first."""
        changed = replace(self, **{"after": 0, "before": 0, **changes})
        pairs: list[tuple[str, str]] = [("q", changed.words)] if changed.words else []
        pairs += [(name, value) for name in FACETS for value in changed.chosen_in(name)]
        pairs += [("urut", changed.sort)] if changed.sort != "bintang" else []
        pairs += [("tampilan", MAP)] if changed.view == MAP else []
        pairs += [("setelah", str(changed.after))] if changed.after else []
        pairs += [("sebelum", str(changed.before))] if changed.before else []
        return "?" + urlencode(pairs)

    @property
    def own_address(self) -> str:
        return self.address(after=self.after, before=self.before)

    def chosen_in(self, name: str) -> tuple[str, ...]:
        """The values chosen in a facet (a name of FACETS)."""
        values: tuple[str, ...] = getattr(self, name)
        return values

    def with_facet(self, name: str, values: tuple[str, ...]) -> Query:
        """This state with one facet (a name of FACETS) set anew."""
        changes: dict[str, Any] = {name: values, "after": 0, "before": 0}
        return replace(self, **changes)

    @property
    def chosen(self) -> int:
        return sum(len(self.chosen_in(name)) for name in FACETS)


def _key(text: str) -> int:
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _LARGEST_KEY else 0
    )


@dataclass(frozen=True)
class Link:
    """A filter or other words by name, the address with or without it, and how many products that address shows."""

    label: str
    url: str
    count: int = 0


@dataclass(frozen=True)
class KeyPage:
    """Some awards in their order, and the addresses of the pages beside it; "" where there is none."""

    awards: list[Award]
    previous: str
    next: str


@dataclass(frozen=True)
class Results:
    query: Query
    count: int
    # The list; None where the map is asked for.
    page: KeyPage | None
    # The map: {code, label, value, url} of the provinces with products, and the same with lat and lon of their
    # kabupaten and kota, most first; empty where the list is.
    provinces: list[dict[str, Any]]
    places: list[dict[str, Any]]
    facets: list[tuple[str, str, list[Option]]]
    chips: list[Link]
    # Misspelt words -> what was searched for in their place, and the address that spells them so.
    corrected: dict[str, str]
    corrected_url: str
    # Where nothing fits: the filters at fault by name, what dropping each would bring, and other words that fit.
    at_fault: list[str]
    ways_out: list[Link]
    suggestions: list[Link]


def find(query: Query, *, on: date) -> Results:
    """
    Run the query over the published awards as they stand on a day.

    A fixed number of statements, whatever the number of products: the words, all counts, the page, the facets' names.
    """
    typed = spelling.read(query.words) if query.words else None
    found = _filtered(query, typed, on=on)
    names = [name for name in FACETS if name != "daerah" or query.provinsi or query.daerah]
    counts = facets.counted(
        {"": found, **{name: _filtered(query, typed, on=on, leave_out=name) for name in names}}, on=on
    )
    count = counts[""].get("", 0)
    offered = [(name, str(FACETS[name].label), facets.options(name, counts[name], query)) for name in names]
    active = [(name, option) for name, _, options in offered for option in options if option.active]
    chips = [
        Link(option.label, query.with_facet(name, _without(query.chosen_in(name), option.value)).address())
        for name, option in active
    ]
    page, places = (None, _places(found, query)) if query.view == MAP else (_page(found, query), [])
    corrected = typed.corrected if typed else {}
    return Results(
        query=query,
        count=count,
        page=page,
        provinces=_by_province(places, query),
        places=places,
        facets=offered,
        chips=chips,
        corrected=corrected,
        corrected_url=query.address(words=" ".join(corrected.get(w, w) for w in typed.words))
        if typed
        else "",
        at_fault=([f"“{query.words}”"] if query.words else []) + [option.inline for _, option in active],
        ways_out=[] if count else _ways_out(query, typed, active, on=on),
        suggestions=[] if count or typed is None else _suggestions(query, typed, on=on),
    )


def _filtered(
    query: Query, typed: spelling.Typed | None, *, on: date, leave_out: str = ""
) -> ListingQuerySet:
    found = Listing.objects.published()
    if leave_out == "tahun":
        pass  # which award of a product stands for it depends on the rounds that are looked at: each counts
    elif query.tahun:
        newer = Listing.objects.published().filter(
            product=OuterRef("product"), year__in=query.tahun, year__gt=OuterRef("year")
        )
        found = found.filter(~Exists(newer), year__in=query.tahun)
    else:
        found = found.newest()
    if query.words:
        found = found.filter(words=typed.as_query()) if typed else found.none()
    for name, facet in FACETS.items():
        if name not in (leave_out, "tahun") and (values := query.chosen_in(name)):
            found = found.filter(facet.condition(values, on=on))
    return found


# --- Pages by key: never more rows are read than are shown, however far one goes ----------------------------------
def _page(found: ListingQuerySet, query: Query) -> KeyPage:
    order = SORTS[query.sort]
    anchor = _anchor(query)
    backwards = bool(query.before and anchor)
    columns = [f"-{name}" if downwards != backwards else name for name, downwards in order]
    rows = found.select_related("award__group", "award__decree__round").only(
        *_OF_A_CARD, *(name for name, _ in order)
    )
    if anchor:
        rows = rows.filter(_beyond(order, anchor, backwards=backwards))
    listed = list(rows.order_by(*columns)[: PER_PAGE + 1])
    if not listed and anchor:
        return _page(found, replace(query, after=0, before=0))
    more, listed = len(listed) > PER_PAGE, listed[:PER_PAGE]
    if backwards:
        listed.reverse()
    before_this, after_this = (more, True) if backwards else (bool(anchor), more)
    return KeyPage(
        photos.attach(one.award for one in listed),
        query.address(before=listed[0].pk) if listed and before_this else "",
        query.address(after=listed[-1].pk) if listed and after_this else "",
    )


def _anchor(query: Query) -> dict[str, Any] | None:
    """The award that the address names, as the order sees it; None for the first page, and once it is gone."""
    key = query.after or query.before
    columns = [name for name, _ in SORTS[query.sort]]
    return Listing.objects.published().filter(pk=key).values(*columns).first() if key else None


def _beyond(order: tuple[tuple[str, bool], ...], anchor: dict[str, Any], *, backwards: bool) -> Q:
    """The rows that come after the anchor in the order, or before it."""
    beyond, level = Q(), Q()
    for name, downwards in order:
        further = "lt" if downwards != backwards else "gt"
        beyond |= level & Q(**{f"{name}__{further}": anchor[name]})
        level &= Q(**{name: anchor[name]})
    # What the other conditions already say of the first column lets its index be entered at the right place.
    first, downwards = order[0]
    return Q(**{f"{first}__{'lte' if downwards != backwards else 'gte'}": anchor[first]}) & beyond


# --- The map --------------------------------------------------------------------------------------------------------
def _places(found: ListingQuerySet, query: Query) -> list[dict[str, Any]]:
    rows = (
        found.order_by()
        .values_list(
            "regency",
            "regency__kind",
            "regency__name",
            "regency__lat",
            "regency__lon",
            "province",
            "province__name",
        )
        .annotate(count=Count("pk"))
        .order_by("-count", "regency__kind", "regency__name")
    )
    return [
        {
            "code": code,
            "label": f"{kind.capitalize()} {name}",
            "lat": lat,
            "lon": lon,
            "province": (province, province_name),
            "value": count,
            "url": query.address(provinsi=(province,), daerah=(code,), view=LIST),
        }
        for code, kind, name, lat, lon, province, province_name, count in rows
    ]


def _by_province(places: list[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str], int] = {}
    for place in places:
        counts[place["province"]] = counts.get(place["province"], 0) + place["value"]
    return [
        {
            "code": code,
            "label": name,
            "value": count,
            "url": query.address(provinsi=(code,), daerah=(), view=LIST),
        }
        for (code, name), count in sorted(counts.items(), key=lambda one: (-one[1], one[0][1]))
    ]


# --- Where nothing fits ------------------------------------------------------------------------------------------
def _ways_out(
    query: Query, typed: spelling.Typed | None, active: list[tuple[str, Option]], *, on: date
) -> list[Link]:
    ways = [(f"“{query.words}”", replace(query, words="", after=0, before=0))] if query.words else []
    for name, option in active:
        ways.append((option.inline, query.with_facet(name, _without(query.chosen_in(name), option.value))))
    counted = (
        Link(label, other.address(), _filtered(other, typed, on=on).count())
        for label, other in ways[:WAYS_OUT_AT_MOST]
    )
    return [way for way in counted if way.count]


def _suggestions(query: Query, typed: spelling.Typed, *, on: date) -> list[Link]:
    """Other words for the same filters that find something, those with all words kept first."""
    found = []
    for words in typed.instead()[:WAYS_OUT_AT_MOST]:
        other = replace(query, words=words, after=0, before=0)
        count = _filtered(other, spelling.Typed(tuple(words.split()), {}, frozenset()), on=on).count()
        if count:
            found.append(Link(words, other.address(), count))
        if len(found) == SUGGESTIONS_AT_MOST:
            break
    return found


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(other for other in values if other != value)
