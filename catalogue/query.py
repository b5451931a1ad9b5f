"""What a visitor asks the catalogue for. All of it stands in the address; what cannot be read there is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from accounts.sent_numbers import number_in

from .facets import FACETS

PER_PAGE = 24
LETTERS_AT_MOST = 100
# More than there are provinces; a hostile address must not multiply a facet's values by another's.
VALUES_AT_MOST = 40

# The columns of an order and whether each goes down; an award's number comes last, so that no two are level.
SORTS: dict[str, tuple[tuple[str, bool], ...]] = {
    "bintang": (("star", True), ("award_id", False)),
    "nama": (("product_name", False), ("award_id", False)),
    "terbaru": (("year", True), ("star", True), ("award_id", False)),
}
LIST, MAP = "daftar", "peta"
BY_STAR = "bintang"


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
    sort: str = BY_STAR
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
        after = number_in(query.get("setelah")) or 0
        return cls(
            words=words,
            sort=sort if sort in SORTS else BY_STAR,
            view=MAP if view == MAP else LIST,
            after=after,
            before=0 if after else number_in(query.get("sebelum")) or 0,
            **{name: several(name) for name in FACETS},
        )

    def address(self, **changes: Any) -> str:
        """The query string of this state with some parts changed; the page falls back to the first."""
        changed = replace(self, **{"after": 0, "before": 0, **changes})
        pairs: list[tuple[str, str]] = [("q", changed.words)] if changed.words else []
        pairs += [(name, value) for name in FACETS for value in changed.chosen_in(name)]
        pairs += [("urut", changed.sort)] if changed.sort != BY_STAR else []
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
        """This state with one facet (a name of FACETS) set anew, from its first page."""
        changes: dict[str, Any] = {name: values, "after": 0, "before": 0}
        return replace(self, **changes)

    def without(self, name: str, value: str) -> Query:
        """This state with one value of one facet dropped."""
        return self.with_facet(name, tuple(other for other in self.chosen_in(name) if other != value))

    @property
    def chosen(self) -> int:
        return sum(len(self.chosen_in(name)) for name in FACETS)

    @property
    def years(self) -> list[int]:
        return [int(year) for year in self.tahun]

    @property
    def stars(self) -> list[int]:
        """0 is nobody's star, and stands for all of them in the tallies."""
        return [int(star) for star in self.bintang if int(star)]
