"""The facets of the catalogue: what can be chosen in each, in words of the page's language, and how many fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from awards.models import AwardQuerySet
from awards.templatetags.award_words import group_words, name_of_group, star_figure
from nominations.models import CommodityGroup
from regions.models import Province, Regency

if TYPE_CHECKING:
    from .search import Query

# An award whose decree names a last day that has passed was once made, and stands no longer.
IN_FORCE, ONCE = "berlaku", "pernah"


@dataclass(frozen=True)
class Facet:
    """
    label: its heading. can_be: whether a value of the address can be one of it. column: of Award, and `reads`: the
    further columns that an option's words are made of, by `words`.
    """

    label: Promise
    can_be: Callable[[str], bool]
    column: str
    words: Callable[..., str]
    reads: tuple[str, ...] = ()

    def condition(self, values: Iterable[str], *, on: date) -> Q:
        """Awards that have one of these values on a day."""
        if self.column:
            return Q(**{f"{self.column}__in": list(values)})
        either = Q()
        for value in values:
            either |= _status(value, on=on)
        return either


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    active: bool
    # The same words in the middle of a sentence.
    inline: str = ""


def options(name: str, awards: AwardQuerySet, query: Query, *, on: date) -> list[Option]:
    """
    What can be chosen in a facet, with how many of `awards` (filtered by all the others) choosing it would show.

    What is chosen is in it even where nothing fits, so that it can be seen and dropped.
    """
    facet, chosen = FACETS[name], query.chosen_in(name)
    if name == "status":
        counts = awards.aggregate(**{value: Count("pk", filter=_status(value, on=on)) for value in STATUS})
        found = {value: (str(STATUS_WORDS[value]), counts[value]) for value in STATUS}
        # With one of them empty there is nothing to choose.
        if not chosen and not all(counts.values()):
            return []
    else:
        rows = (
            awards.order_by()
            .values_list(facet.column, *facet.reads)
            .annotate(count=Count("pk"))
            .order_by(*(facet.reads or (facet.column,)))
        )
        found = {str(row[0]): (facet.words(*(row[1:-1] or row[:1])), row[-1]) for row in rows}
    missing = [value for value in chosen if value not in found]
    found |= {value: (words, 0) for value, words in _names(name, missing).items()}
    listed = [
        Option(value, words, count, value in chosen, _within(name, words))
        for value, (words, count) in found.items()
    ]
    return sorted(listed, key=lambda one: one.value, reverse=True) if name in _NEWEST_FIRST else listed


def _names(name: str, values: list[str]) -> dict[str, str]:
    """The words of values that no award has; one that names nothing stays as it was typed."""
    if not values:
        return {}
    words = {value: value for value in values}
    if name == "komoditas":
        words |= {group.pk: name_of_group(group) for group in CommodityGroup.objects.filter(pk__in=values)}
    elif name == "provinsi":
        words |= {province.pk: province.name for province in Province.objects.filter(pk__in=values)}
    elif name == "daerah":
        words |= {regency.pk: regency.full_name for regency in Regency.objects.filter(pk__in=values)}
    elif name == "bintang":
        words |= {value: star_figure(value) for value in values}
    return words


def _within(name: str, words: str) -> str:
    return words[:1].lower() + words[1:] if name in ("bintang", "status") else words


def _status(value: str, *, on: date) -> Q:
    ended = Q(decree__valid_until__lt=on)
    return ended if value == ONCE else ~ended | Q(decree__valid_until=None)


def _is_code(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isascii() and text.replace("_", "").replace("-", "").isalnum()


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 4 and text.isascii() and text.isdigit()


def _regency(kind: str, name: str) -> str:
    return f"{Regency.Kind(kind).label} {name}"


def _group(position: int, name: str, name_en: str) -> str:
    return group_words(name, name_en)


STATUS_WORDS = {IN_FORCE: gettext_lazy("Berlaku"), ONCE: gettext_lazy("Pernah ditetapkan")}
STATUS = tuple(STATUS_WORDS)
_NEWEST_FIRST = ("bintang", "tahun")
FACETS = {
    "komoditas": Facet(
        gettext_lazy("Komoditas"),
        _is_code,
        "group",
        _group,
        ("group__position", "group__name", "group__name_en"),
    ),
    "bintang": Facet(gettext_lazy("Bintang"), _is_number, "star_in_force", star_figure),
    "provinsi": Facet(
        gettext_lazy("Provinsi"), _is_number, "regency__province", str, ("regency__province__name",)
    ),
    "daerah": Facet(
        gettext_lazy("Kabupaten/kota"), _is_number, "regency", _regency, ("regency__kind", "regency__name")
    ),
    "tahun": Facet(gettext_lazy("Tahun"), _is_number, "decree__round", str),
    "status": Facet(gettext_lazy("Status"), STATUS.__contains__, "", str),
}
