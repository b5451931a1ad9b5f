"""
Finding among the published awards: words, facets with counts, order, pages by key.

Without words all counts are sums of tallies, exact (tallies.py). With words at most HITS_AT_MOST products are looked at
(hits.py): where there are more, the page says so and shows no number that it does not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from regions.models import Regency

from . import dead_ends, facets, hits, key_pages, spelling, tallies
from .dead_ends import Link
from .facets import FACETS, Option
from .hits import Hits
from .key_pages import KeyPage
from .query import LIST, MAP, PER_PAGE, SORTS, Query
from .spelling import Typed
from .tallies import PLACES, WHOLE

__all__ = ["LIST", "MAP", "PER_PAGE", "SORTS", "Link", "Query", "Results", "find"]

Counts = dict[str, Mapping[str, int | None]]


@dataclass(frozen=True)
class Results:
    query: Query
    count: int
    # "+" where the words find more than `count`, which then is as many as are looked at.
    plus: str
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

    At most seven statements for a list, one more where nothing is found, whatever the number of products. Raises
    OperationalError where the database does not answer in time.
    """
    typed = spelling.read(query.words) if query.words else None
    names = [name for name in FACETS if name != "daerah" or query.provinsi or query.daerah]
    found = (hits.find(query, typed, on=on) if typed else hits.NONE) if query.words else None
    counts = _counts(query, names, on) if found is None else _counts_of(query, typed, found, names, on)
    count = counts[WHOLE].get("") or 0
    words = facets.names_of(counts, query)
    offered = [
        (name, str(FACETS[name].label), facets.options(name, counts[name], query, words)) for name in names
    ]
    active = [(name, option) for name, _, options in offered for option in options if option.active]
    places = _places(counts.get(PLACES, {}), query) if query.view == MAP else []
    corrected = typed.corrected if typed else {}
    ways_out, suggestions = ([], []) if count else dead_ends.out_of(query, typed, active, on=on)
    return Results(
        query=query,
        count=count,
        plus="+" if found and found.more else "",
        page=None if query.view == MAP else _page(query, found, counts, on),
        provinces=_by_province(places, query),
        places=places,
        facets=offered,
        chips=[Link(option.label, query.without(name, option.value).address()) for name, option in active],
        corrected=corrected,
        corrected_url=query.address(words=" ".join(corrected.get(w, w) for w in typed.words))
        if typed
        else "",
        at_fault=([f"“{query.words}”"] if query.words else []) + [option.inline for _, option in active],
        ways_out=ways_out,
        suggestions=suggestions,
    )


def _counts(query: Query, names: list[str], on: date) -> Counts:
    """Of everything, of each facet, and of each place where the map is asked for: without words."""
    asked = [WHOLE, *names, *([PLACES] if query.view == MAP else [])]
    return dict(zip(asked, tallies.counted([(name, query) for name in asked], on=on), strict=True))


def _counts_of(query: Query, typed: Typed | None, found: Hits, names: list[str], on: date) -> Counts:
    """The same with words: None for each value of a facet of which more are found than are looked at."""
    counts: dict[str, Mapping[str, int | None] | None] = {
        name: found.counted(name) for name in (WHOLE, PLACES, *names)
    }
    if found.more:
        counts |= dict.fromkeys(names)
    elif typed:
        counts |= _wider(query, typed, found, names, on)
    unknown = [name for name, of_it in counts.items() if of_it is None]
    there: list[Mapping[str, Any]] = []
    if unknown and typed and not query.chosen:
        there = [hits.offered(name, typed, on=on) for name in unknown]
    elif unknown:
        there = [*tallies.counted([(name, query) for name in unknown], on=on)]
    return {name: of_it for name, of_it in counts.items() if of_it is not None} | {
        name: dict.fromkeys(values) for name, values in zip(unknown, there, strict=True)
    }


def _wider(query: Query, typed: Typed, found: Hits, names: list[str], on: date) -> dict[str, Any]:
    """What facets find without their own filter; and asked for its rounds, a product counts in each."""
    chosen = [name for name in names if query.chosen_in(name)]
    asked = chosen if query.years else [*chosen, hits.OLDER]
    counts = dict(zip(asked, hits.counted([(name, query, typed) for name in asked], on=on), strict=True))
    if not query.years:
        older = counts.pop(hits.OLDER)
        newest = found.counted("tahun")
        counts["tahun"] = None if older is None else dict(Counter(newest) + Counter(older))
    return counts


def _page(query: Query, found: Hits | None, counts: Counts, on: date) -> KeyPage:
    if found is not None:
        return key_pages.of_hits(query, found)
    years = query.years or [int(year) for year in counts["tahun"]]
    return key_pages.of_all(query, counts[WHOLE].get("") or 0, years=years, on=on)


# --- The map --------------------------------------------------------------------------------------------------------
def _places(counts: Mapping[str, int | None], query: Query) -> list[dict[str, Any]]:
    found = Regency.objects.filter(pk__in=counts).select_related("province").in_bulk()
    places = [
        {
            "code": code,
            "label": place.full_name,
            "lat": place.lat,
            "lon": place.lon,
            "province": (place.province_id, place.province.name),
            "value": counts[code] or 0,
            "url": query.address(provinsi=(place.province_id,), daerah=(code,), view=LIST),
        }
        for code, place in found.items()
    ]
    return sorted(places, key=lambda one: (-one["value"], one["label"]))


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
