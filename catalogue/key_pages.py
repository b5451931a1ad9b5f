"""Pages of the catalogue by key: never more rows are read than are shown, however far one goes, and never an OFFSET."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from . import cards
from .bounded import rows
from .cards import Card
from .facets import ONCE
from .hits import Hits
from .models import Listing
from .query import BY_STAR, PER_PAGE, SORTS, Query

# So few are gathered and put in order; of more, the order is walked along: some of them are met before long.
GATHERED_AT_MOST = 3000
_COLUMNS = "award_id, star, year, product_name"

Condition = tuple[str, list[Any]]
Order = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class KeyPage:
    """Some awards in their order, and the addresses of the pages beside it; "" where there is none."""

    cards: list[Card]
    previous: str
    next: str


def of_hits(query: Query, hits: Hits) -> KeyPage:
    """A page of what words found, which is in its order already; the first one where the key is of none of them."""
    keys = [hit.award for hit in hits.found]
    anchor = query.after or query.before
    start = keys.index(anchor) if anchor in keys else 0
    if query.after and start < len(keys) - 1 and anchor in keys:
        start += 1
    elif query.before and start:
        keys, start = keys[:start], max(0, start - PER_PAGE)
        return _page(query, keys[start:], before=start > 0, after=True)
    else:
        start = 0
    shown = keys[start : start + PER_PAGE]
    return _page(query, shown, before=start > 0, after=start + PER_PAGE < len(keys))


def of_all(query: Query, count: int, *, years: Sequence[int], on: date) -> KeyPage:
    """
    A page of what the filters leave, `count` of them in all; the first one where the key is of none or of the last.

    years: the rounds that they are of.
    """
    if not count:
        return KeyPage([], "", "")
    order = SORTS[query.sort]
    anchor = _anchor(query)
    backwards = bool(query.before and anchor)
    if backwards:
        order = tuple((name, not downwards) for name, downwards in order)
    few = count <= GATHERED_AT_MOST and not _lies_in_order(query)
    keys = _gathered(query, order, anchor, on) if few else _walked(query, order, anchor, years, on)
    if not keys and anchor:
        return of_all(replace(query, after=0, before=0), count, years=years, on=on)
    more, keys = len(keys) > PER_PAGE, keys[:PER_PAGE]
    if backwards:
        return _page(query, keys[::-1], before=more, after=True)
    return _page(query, keys, before=bool(anchor), after=more)


def _lies_in_order(query: Query) -> bool:
    """Of one province by star: an index holds just these in just this order."""
    narrower = query.daerah or query.komoditas or query.tahun or query.status
    return query.sort == BY_STAR and len(query.provinsi) == 1 and len(query.bintang) <= 1 and not narrower


def _page(query: Query, keys: list[int], *, before: bool, after: bool) -> KeyPage:
    return KeyPage(
        cards.of(keys),
        query.address(before=keys[0]) if keys and before else "",
        query.address(after=keys[-1]) if keys and after else "",
    )


def _anchor(query: Query) -> tuple[Any, ...] | None:
    """The award that the address names, as the order sees it; None for the first page, and once it is gone."""
    key = query.after or query.before
    columns = [name for name, _ in SORTS[query.sort]]
    return Listing.objects.published().filter(pk=key).values_list(*columns).first() if key else None


# --- The two ways to the next few ------------------------------------------------------------------------------------
def _gathered(query: Query, order: Order, anchor: tuple[Any, ...] | None, on: date) -> list[int]:
    conditions, params = _joined(_conditions(query, on))
    steps = [_joined(step) for step in _steps(order, anchor)]
    beyond = " OR ".join(f"({step})" for step, _ in steps)
    statement = (
        f"WITH found AS MATERIALIZED (SELECT {_COLUMNS} FROM catalogue_listing WHERE {conditions}) "
        f"SELECT award_id FROM found WHERE {beyond} ORDER BY {_by(order)} LIMIT {PER_PAGE + 1}"
    )
    return [key for (key,) in rows(statement, [*params, *(param for _, some in steps for param in some)])]


def _walked(
    query: Query, order: Order, anchor: tuple[Any, ...] | None, years: Sequence[int], on: date
) -> list[int]:
    """
    Along an index that has the order, from the right place in it: a part for each column with which a row can be beyond
    the anchor, and in it one for each round, or commodity group, that is chosen. Rounds lie one after the other in the
    order, their awards' terms end with them, and names go by commodity: else one could walk far past the others.
    """
    branch, values = _branches(query, years)
    conditions = _conditions(query, on, leave_out=branch)
    parts: list[str] = []
    params: list[Any] = []
    for beyond in _steps(order, anchor):
        if branch:
            text, some = _joined([(f"{branch} = one.value", []), *conditions, *beyond])
            kind = "smallint[]" if branch == "year" else "varchar[]"
            parts.append(
                f"SELECT f.* FROM unnest(%s::{kind}) AS one (value) CROSS JOIN LATERAL ({_first_of(text, order)}) f"
            )
            params += [values, *some]
        else:
            text, some = _joined([*conditions, *beyond])
            parts.append(f"({_first_of(text, order)})")
            params += some
    union = " UNION ALL ".join(parts)
    statement = f"SELECT award_id FROM ({union}) f ORDER BY {_by(order)} LIMIT {PER_PAGE + 1}"
    return [key for (key,) in rows(statement, params)]


def _first_of(conditions: str, order: Order) -> str:
    return f"SELECT {_COLUMNS} FROM catalogue_listing WHERE {conditions} ORDER BY {_by(order)} LIMIT {PER_PAGE + 1}"


def _branches(query: Query, years: Sequence[int]) -> tuple[str, list[Any]]:
    narrowed = query.tahun or query.komoditas or query.provinsi or query.daerah
    if len(query.tahun) > 1 or (query.status and not narrowed):
        return "year", list(years)
    if not query.tahun and len(query.komoditas) > 1:
        return "group_id", list(query.komoditas)
    return "", []


def _steps(order: Order, anchor: tuple[Any, ...] | None) -> list[list[Condition]]:
    """What is beyond the anchor: level in the first columns and further in the next one, from the last to the first."""
    if anchor is None:
        return [[]]
    return [
        [(f"{name} = %s", [value]) for (name, _), value in zip(order[:place], anchor, strict=False)]
        + [(f"{order[place][0]} {'<' if order[place][1] else '>'} %s", [anchor[place]])]
        for place in range(len(order))
    ]


# --- What a row must be -------------------------------------------------------------------------------------------
def _conditions(query: Query, on: date, leave_out: str = "") -> list[Condition]:
    found: list[Condition] = [("published_at <= statement_timestamp()", [])]
    if query.tahun:
        # Of each product the newest award of the rounds that are looked at.
        found.append(("NOT later && %s::smallint[]", [query.years]))
    else:
        found.append(("is_newest", []))
    for column, values in (
        ("year", query.years if query.tahun else None),
        ("group_id", query.komoditas or None),
        ("province_id", query.provinsi or None),
        ("regency_id", query.daerah or None),
        ("star", query.stars if query.bintang else None),
    ):
        if values is not None and column != leave_out:
            found.append(_one_of(column, list(values)))
    if len(query.status) == 1:
        ended = query.status[0] == ONCE
        found.append(("valid_until < %s" if ended else "(valid_until >= %s OR valid_until IS NULL)", [on]))
    return found


def _one_of(column: str, values: list[Any]) -> Condition:
    # With one value the rest of an index that begins with it is in order.
    return (f"{column} = %s", values) if len(values) == 1 else (f"{column} = ANY(%s)", [values])


def _joined(conditions: Sequence[Condition]) -> Condition:
    text = " AND ".join(condition for condition, _ in conditions) or "true"
    return text, [param for _, params in conditions for param in params]


def _by(order: Order) -> str:
    return ", ".join(f"{name}{' DESC' if downwards else ''}" for name, downwards in order)
