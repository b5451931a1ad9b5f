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


def ways_out(
    query: Query, typed: Typed | None, active: Sequence[tuple[str, Option]], *, on: date
) -> list[Link]:
    """The words and each filter by name, with what is found without it; none that would bring nothing."""
    ways = [(f"“{query.words}”", replace(query, words="", after=0, before=0))] if query.words else []
    ways += [(option.inline, query.without(name, option.value)) for name, option in active]
    ways = ways[:WAYS_OUT_AT_MOST]
    plain = [other for _, other in ways if not other.words]
    without = iter(tallies.counted([(WHOLE, other) for other in plain], on=on) if plain else [])
    worded = [(WHOLE, other, typed) for _, other in ways if other.words and typed]
    with_words = iter(hits.counted(worded, on=on))
    links = []
    for label, other in ways:
        counts = next(with_words, {}) if other.words else next(without)
        links.append(_link(label, other, counts))
    return [link for link in links if link.count]


def suggestions(query: Query, typed: Typed, *, on: date) -> list[Link]:
    """Other words for the same filters that find something, those with all words kept first."""
    typed = spelling.with_likes(typed, [word for word in typed.words if word not in typed.alike])
    instead = typed.instead()[:TRIED_AT_MOST]
    others = [(replace(query, words=" ".join(words), after=0, before=0), words) for words in instead]
    counts = hits.counted([(WHOLE, other, replace(typed, words=words)) for other, words in others], on=on)
    found = [_link(other.words, other, counted) for (other, _), counted in zip(others, counts, strict=True)]
    return [link for link in found if link.count][:SUGGESTIONS_AT_MOST]


def _link(label: str, other: Query, counts: dict[str, int] | None) -> Link:
    if counts is None:
        return Link(label, other.address(), HITS_AT_MOST, "+")
    return Link(label, other.address(), counts.get("", 0))
