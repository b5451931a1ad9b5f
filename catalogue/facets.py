"""The facets of the catalogue: what can be chosen in each, in words of the page's language, and how many fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from awards.templatetags.award_words import group_words, star_figure
from regions.models import Regency

from .bounded import rows

if TYPE_CHECKING:
    from .query import Query

# An award whose decree names a last day that has passed was once made, and stands no longer.
IN_FORCE, ONCE = "berlaku", "pernah"
STATUS_WORDS = {IN_FORCE: gettext_lazy("Berlaku"), ONCE: gettext_lazy("Pernah ditetapkan")}
STATUS = tuple(STATUS_WORDS)


@dataclass(frozen=True)
class Facet:
    """label: its heading. can_be: whether a value of the address can be one of it."""

    label: Promise
    can_be: Callable[[str], bool]


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    # None where there are more than are counted.
    count: int | None
    active: bool
    # The same words in the middle of a sentence.
    inline: str = ""


def options(
    name: str, counts: Mapping[str, int | None], query: Query, names: Mapping[str, Mapping[str, str]]
) -> list[Option]:
    """
    What can be chosen in a facet. What is chosen is in it even where nothing fits, so that it can be seen and dropped.

    names: facet -> value -> its words in their order, for the facets of NAMED (`names_of`).
    """
    chosen = query.chosen_in(name)
    # With one of the two states empty there is nothing to choose.
    if name == "status" and not chosen and not all(value in counts for value in STATUS):
        return []
    wanted = _wanted(name, counts, query)
    words = names[name] if name in NAMED else _WORDS[name](wanted)
    # One that names nothing stays as it was typed.
    missing = {value: value for value in wanted if value not in words}
    return [
        Option(value, label, counts.get(value, 0), value in chosen, _within(name, label))
        for value, label in ({value: words[value] for value in words if value in wanted} | missing).items()
    ]


def _wanted(name: str, counts: Iterable[str], query: Query) -> dict[str, None]:
    return dict.fromkeys([*counts, *query.chosen_in(name), *(STATUS if name == "status" else ())])


def _within(name: str, words: str) -> str:
    return words[:1].lower() + words[1:] if name in ("bintang", "status") else words


def _is_code(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isascii() and text.replace("_", "").replace("-", "").isalnum()


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 4 and text.isascii() and text.isdigit()


# --- The words of the values, in the order in which they are offered ---------------------------------------------
NAMED = ("komoditas", "provinsi", "daerah")
# A function (migrations/0008), as planning it takes longer than running it.
_NAMES = "SELECT * FROM catalogue_names(%s, %s, %s)"


def names_of(counts: Mapping[str, Mapping[str, Any]], query: Query) -> dict[str, dict[str, str]]:
    """Facet -> value -> its name in the page's language, for what has to be looked up; one statement."""
    asked = [list(_wanted(name, counts.get(name, {}), query)) for name in NAMED]
    names: dict[str, dict[str, str]] = {name: {} for name in NAMED}
    for facet, code, name, other in rows(_NAMES, asked):
        names[facet][code] = _name(facet, name, other)
    return names


def _name(facet: str, name: str, other: str) -> str:
    if facet == "komoditas":
        return group_words(name, other)
    return Regency(kind=other, name=name).full_name if facet == "daerah" else name


def _highest_first(values: Iterable[str]) -> list[str]:
    return sorted(values, key=int, reverse=True)


_WORDS: dict[str, Callable[[Iterable[str]], dict[str, str]]] = {
    "bintang": lambda values: {value: star_figure(value) for value in _highest_first(values)},
    "tahun": lambda values: {value: value for value in _highest_first(values)},
    "status": lambda values: {value: str(STATUS_WORDS[value]) for value in STATUS},
}
FACETS = {
    "komoditas": Facet(gettext_lazy("Komoditas"), _is_code),
    "bintang": Facet(gettext_lazy("Bintang"), _is_number),
    "provinsi": Facet(gettext_lazy("Provinsi"), _is_number),
    "daerah": Facet(gettext_lazy("Kabupaten/kota"), _is_number),
    "tahun": Facet(gettext_lazy("Tahun"), _is_number),
    "status": Facet(gettext_lazy("Status"), STATUS.__contains__),
}
