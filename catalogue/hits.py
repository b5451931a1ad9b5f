"""What words find: at most so many products, the highest stars first, counted and put in order among themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .bounded import rows
from .facets import IN_FORCE, ONCE
from .query import BY_STAR, LIST, SORTS, Query
from .spelling import Typed
from .tallies import PLACES, STATUS_ON, WHOLE

# Further than this nobody looks; a common word must not cost more than a rare one.
HITS_AT_MOST = 1000

# all_of, none_of, stars, newest: parameters of catalogue_hits (migrations/0007).
Wanted = tuple[list[str], list[str], list[int], bool | None]


class Hit(NamedTuple):
    """Of more than are looked at, in the order of their stars, the award alone is told."""

    award: int
    group: str = ""
    province: str = ""
    regency: str = ""
    star: int = 0
    year: int = 0
    has_ended: bool = False


# Beside the facets: the rounds of awards that are not the newest of their products.
OLDER = "tahun lama"

_VALUE: dict[str, Callable[[Hit], str]] = {
    WHOLE: lambda hit: "",
    "komoditas": lambda hit: hit.group,
    "bintang": lambda hit: str(hit.star),
    "provinsi": lambda hit: hit.province,
    "daerah": lambda hit: hit.regency,
    PLACES: lambda hit: hit.regency,
    "tahun": lambda hit: str(hit.year),
    "status": lambda hit: ONCE if hit.has_ended else IN_FORCE,
}
_COLUMNS = {
    WHOLE: "''",
    "komoditas": "group_id",
    "bintang": "star::text",
    "provinsi": "province_id",
    "daerah": "regency_id",
    "tahun": "year::text",
    "status": STATUS_ON,
    OLDER: "year::text",
}
_COUNT = "sum(coalesce(cardinality(numbers), 1))::integer"
_HITS = "catalogue_hits(%s, %s, %s, %s, %s, %s)"
# Lexemes of the listing that say what a row is filtered by (Listing.words).
_MARKS = {"komoditas": "=g", "bintang": "=s", "provinsi": "=p", "daerah": "=r", "tahun": "=y"}


@dataclass(frozen=True)
class Hits:
    """found: in the order that was asked for. more: whether the words find more than these."""

    found: list[Hit]
    more: bool

    def counted(self, facet: str) -> dict[str, int]:
        return dict(Counter(map(_VALUE[facet], self.found)))


NONE = Hits([], more=False)


def find(query: Query, typed: Typed, *, on: date) -> Hits:
    """What words and filters find, one statement."""
    wanted = _wanted(query, typed, on=on)
    if wanted is None:
        return NONE
    order = ", ".join(f"{column}{' DESC' if downwards else ''}" for column, downwards in SORTS[query.sort])
    # Of more than are looked at no facet is counted: by star and number they are in order without being read.
    bare = query.sort == BY_STAR and query.view == LIST
    found = rows(
        "SELECT award_id, group_id, province_id, regency_id, star, year, coalesce(valid_until < %s, false), numbers "
        f"FROM {_HITS} ORDER BY {order}",
        [on, *wanted, bare, HITS_AT_MOST + 1],
    )
    if found and found[0][-1]:
        return Hits([Hit(award) for award in found[0][-1][:HITS_AT_MOST]], more=True)
    return Hits([Hit(*row[:-1]) for row in found[:HITS_AT_MOST]], more=len(found) > HITS_AT_MOST)


def counted(asked: Sequence[tuple[str, Query, Typed]], *, on: date) -> list[dict[str, int] | None]:
    """
    For each (facet, query, words): value -> how many there are, that facet's own filter left out; None where there are
    more than can be counted. One statement for all of them.
    """
    parts: list[str] = []
    params: list[object] = []
    found: list[dict[str, int]] = [{} for _ in asked]
    for number, (facet, query, typed) in enumerate(asked):
        wanted = _wanted(query, typed, on=on, leave_out=facet)
        if wanted is None:
            continue
        parts.append(f"SELECT {number}, {_COLUMNS[facet]}, {_COUNT} FROM {_HITS} GROUP BY 2")
        params += [on] if facet == "status" else []
        params += [*wanted, True, HITS_AT_MOST + 1]
    for number, value, count in rows(" UNION ALL ".join(parts), params) if parts else []:
        found[number][value] = count
    return [counts if sum(counts.values()) <= HITS_AT_MOST else None for counts in found]


def offered(facet: str, typed: Typed, *, on: date) -> dict[str, None]:
    """The values of a facet that some award has; a facet of _MARKS, places excepted, or the status."""
    if facet == "status":
        return dict.fromkeys(ONCE if date.fromisoformat(day) < on else IN_FORCE for day in typed.marked("=u"))
    return dict.fromkeys(typed.marked(_MARKS[facet]))


def _wanted(query: Query, typed: Typed, *, on: date, leave_out: str = WHOLE) -> Wanted | None:
    """The filters and words as catalogue_hits takes them; None where nothing can fit."""
    all_of: list[Sequence[str]] = [typed.lexemes.get(word, ()) for word in typed.words]
    all_of += [
        [f"{mark}{int(value) if name == 'tahun' else value}" for value in query.chosen_in(name)]
        for name, mark in _MARKS.items()
        # The star has rows of its own in Posting.
        if name not in (leave_out, "bintang") and query.chosen_in(name)
    ]
    years = [] if leave_out == "tahun" else query.years
    # Of each product the newest award of the rounds that are looked at; asked for its rounds, each one counts.
    newest = None if query.years or leave_out == "tahun" else leave_out != OLDER
    none_of = [f"=l{year}" for year in years]
    if len(query.status) == 1 and leave_out != "status":
        wants_ended = query.status[0] == ONCE
        ended: dict[bool, list[str]] = {True: [], False: []}
        for day in typed.marked("=u"):
            ended[date.fromisoformat(day) < on].append(f"=u{day}")
        # Whichever is said in fewer words: each costs for each row.
        if len(ended[not wants_ended]) < len(ended[wants_ended]):
            none_of += ended[not wants_ended]
        else:
            all_of.append(ended[wants_ended])
    if not all(all_of):
        return None
    # With the star 0, which is nobody's, nothing is found; without one, each.
    stars = [] if leave_out == "bintang" else [int(star) for star in query.bintang]
    return ["\n".join(lexemes) for lexemes in all_of], none_of, stars, newest
