"""Where nothing fits: what dropping each filter would bring, and other words that find something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from . import hits, spelling, tallies
from .facets import Option
from .hits import HITS_AT_MOST
from .query import Query
from .spelling import Typed
from .tallies import WHOLE

WAYS_OUT_AT_MOST, TRIED_AT_MOST, SUGGESTIONS_AT_MOST = 8, 8, 3


@dataclass(frozen=True)
class Link:
    """
    A filter or other words by name, the address with or without it, and how many products that address shows; plus is
    "+" where it shows more than are counted.
    """

    label: str
    url: str
    count: int = 0
    plus: str = ""


def out_of(
    query: Query, typed: Typed | None, active: Sequence[tuple[str, Option]], *, on: date
) -> tuple[list[Link], list[Link]]:
    """
    The words and each filter by name, with what is found without it; and other words for the same filters, those with
    all words kept first. None that would bring nothing. At most three statements.
    """
    ways = [(f"“{query.words}”", replace(query, words="", after=0, before=0))] if query.words else []
    # Where no word can be read in what was typed, dropping a filter would find as little.
    if typed or not query.words:
        ways += [(option.inline, query.without(name, option.value)) for name, option in active]
    ways = ways[:WAYS_OUT_AT_MOST]
    plain = [other for _, other in ways if not other.words]
    without = iter(tallies.counted([(WHOLE, other) for other in plain], on=on) if plain else [])
    worded = [(WHOLE, other, typed) for _, other in ways if other.words and typed]
    instead = _instead(query, typed) if typed else []
    with_words = iter(hits.counted([*worded, *((WHOLE, other, words) for other, words in instead)], on=on))
    links = [_link(label, other, next(with_words if other.words else without)) for label, other in ways]
    others = [_link(other.words, other, next(with_words)) for other, _ in instead]
    return [link for link in links if link.count], [link for link in others if link.count][
        :SUGGESTIONS_AT_MOST
    ]


def _instead(query: Query, typed: Typed) -> list[tuple[Query, Typed]]:
    """Other words to try. Where one is unknown, it is that one that was misspelt; else it may be any of them."""
    if not typed.alike:
        typed = spelling.with_likes(typed, typed.words)
    return [
        (replace(query, words=" ".join(words), after=0, before=0), replace(typed, words=words))
        for words in typed.instead()[:TRIED_AT_MOST]
    ]


def _link(label: str, other: Query, counts: dict[str, int] | None) -> Link:
    if counts is None:
        return Link(label, other.address(), HITS_AT_MOST, "+")
    return Link(label, other.address(), counts.get("", 0))
