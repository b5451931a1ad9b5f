"""Counts of what is listed, without words: sums of a few rows of Tally, exact, and as quick for a million as for ten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from .bounded import rows
from .facets import IN_FORCE, ONCE
from .query import Query

# Beside the facets of FACETS: everything, and each kabupaten and kota with its own filter kept (the map).
WHOLE, PLACES = "", "tempat"
# The state of a row on a day, its one parameter.
STATUS_ON = f"CASE WHEN valid_until < %s THEN '{ONCE}' ELSE '{IN_FORCE}' END"

_VALUES = {
    WHOLE: "''::text",
    "komoditas": "group_code",
    "bintang": "star::text",
    "provinsi": "place",
    "daerah": "place",
    PLACES: "place",
    "tahun": "year::text",
    "status": STATUS_ON,
}


def counted(asked: Sequence[tuple[str, Query]], *, on: date) -> list[dict[str, int]]:
    """
    For each (facet, query): value -> how many products choosing it would show, as that facet's own filter is left out.

    One statement for all of them. The words of the queries are not looked at.
    """
    parts = [_part(number, facet, query, on) for number, (facet, query) in enumerate(asked)]
    found: list[dict[str, int]] = [{} for _ in asked]
    statement = " UNION ALL ".join(part for part, _ in parts)
    for number, value, count in rows(statement, [param for _, params in parts for param in params]):
        found[number][value] = count
    return found


def standing(*, province: str = "", group: str = "", year: int | None = None, star: int | None = None) -> int:
    """How many listed awards there are, each of a product counted; "" and None for all. One statement."""
    if star == 0:
        return 0  # nobody's star, and all of them in a tally
    within = "ID" if province else ""
    conditions, params = "", [star or 0, group, within, province]
    if year is not None:
        conditions, params = " AND year = %s", [*params, year]
    ((count,),) = rows(
        "SELECT coalesce(sum(count), 0)::integer FROM catalogue_tally WHERE published_at <= statement_timestamp() "
        f"AND star = %s AND group_code = %s AND within = %s AND place = %s{conditions}",
        params,
    )
    return int(count)


def _part(number: int, facet: str, query: Query, on: date) -> tuple[str, list[Any]]:
    value, params = _VALUES[facet], ([on] if facet == "status" else [])
    if facet == "provinsi" and query.daerah:
        value = "within"
    conditions: list[tuple[str, list[Any]]] = [
        ("published_at <= statement_timestamp()", []),
        _one_of("star", facet == "bintang", query.stars if query.bintang else None, 0),
        _one_of("group_code", facet == "komoditas", query.komoditas or None, ""),
        *_place(facet, query),
        _rounds(facet, query),
        _status(facet, query, on),
    ]
    statement = (
        f"SELECT {number}, {value}, sum(count)::integer FROM catalogue_tally "
        f"WHERE {' AND '.join(condition for condition, _ in conditions)} GROUP BY 2"
    )
    return statement, [*params, *(param for _, some in conditions for param in some)]


def _one_of(column: str, each: bool, chosen: Any, everything: Any) -> tuple[str, list[Any]]:
    if each:
        return f"{column} > %s", [everything]
    return (f"{column} = %s", [everything]) if chosen is None else (f"{column} = ANY(%s)", [list(chosen)])


def _place(facet: str, query: Query) -> list[tuple[str, list[Any]]]:
    provinces = [] if facet == "provinsi" else list(query.provinsi)
    regencies = [] if facet == "daerah" else list(query.daerah)
    if regencies or facet in ("daerah", PLACES):
        found = [("place = ANY(%s)", [regencies])] if regencies else []
        if provinces:
            return [*found, ("within = ANY(%s)", [provinces])]
        if regencies:
            of_them = "SELECT province_id FROM regions_regency WHERE code = ANY(%s)"
            return [*found, (f"within = ANY(ARRAY({of_them}))", [regencies])]
        return [("within <> ''", []), ("within <> 'ID'", [])]
    if provinces or facet == "provinsi":
        return [("within = 'ID'", []), *([("place = ANY(%s)", [provinces])] if provinces else [])]
    return [("within = ''", []), ("place = ''", [])]


def _rounds(facet: str, query: Query) -> tuple[str, list[Any]]:
    """Of each product the newest award of the rounds that are looked at; asked for each round, every one counts."""
    if facet == "tahun":
        return "year > %s", [0]
    if query.tahun:
        return "year = ANY(%s) AND NOT later && %s::smallint[]", [query.years, query.years]
    return "later = '{}'", []


def _status(facet: str, query: Query, on: date) -> tuple[str, list[Any]]:
    if facet == "status" or len(query.status) != 1:
        return "true", []
    return f"valid_until {'<' if query.status[0] == ONCE else '>='} %s", [on]
