"""The facets of the catalogue: what can be chosen in each, in words of the page's language, and how many fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from awards.templatetags.award_words import name_of_group, star_figure
from nominations.models import CommodityGroup
from regions.models import Province, Regency

from .models import ListingQuerySet

if TYPE_CHECKING:
    from .search import Query

# An award whose decree names a last day that has passed was once made, and stands no longer.
IN_FORCE, ONCE = "berlaku", "pernah"
STATUS_WORDS = {IN_FORCE: gettext_lazy("Berlaku"), ONCE: gettext_lazy("Pernah ditetapkan")}
STATUS = tuple(STATUS_WORDS)


@dataclass(frozen=True)
class Facet:
    """label: its heading. can_be: whether a value of the address can be one of it. column: of Listing; "" is status."""

    label: Promise
    can_be: Callable[[str], bool]
    column: str

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


def counted(bases: dict[str, ListingQuerySet], *, on: date) -> dict[str, dict[str, int]]:
    """
    Facet -> value -> how many of its base have it; "" stands for the whole, under "".

    One statement for all of them.
    """
    parts = [_count(name, base, on=on) for name, base in bases.items()]
    found: dict[str, dict[str, int]] = {name: {} for name in bases}
    for name, value, count in parts[0].union(*parts[1:], all=True):
        found[name][value] = count
    return found


def _count(name: str, base: ListingQuerySet, *, on: date) -> Any:
    value: Any = Value("", output_field=CharField())
    if name == "status":
        value = Case(
            When(valid_until__lt=on, then=Value(ONCE)), default=Value(IN_FORCE), output_field=CharField()
        )
    elif name:
        value = Cast(FACETS[name].column, CharField())
    return (
        base.order_by()
        .annotate(of=Value(name, output_field=CharField()), value=value)
        .values("of", "value")
        .annotate(found=Count("pk"))
        .values_list("of", "value", "found")
    )


def options(name: str, counts: dict[str, int], query: Query) -> list[Option]:
    """
    What can be chosen in a facet. What is chosen is in it even where nothing fits, so that it can be seen and dropped.
    """
    chosen = query.chosen_in(name)
    # With one of the two states empty there is nothing to choose.
    if name == "status" and not chosen and not all(counts.get(value) for value in STATUS):
        return []
    wanted = list(dict.fromkeys([*counts, *chosen, *(STATUS if name == "status" else ())]))
    words = _WORDS[name](wanted)
    # One that names nothing stays as it was typed.
    missing = {value: value for value in wanted if value not in words}
    return [
        Option(value, label, counts.get(value, 0), value in chosen, _within(name, label))
        for value, label in (words | missing).items()
    ]


def _within(name: str, words: str) -> str:
    return words[:1].lower() + words[1:] if name in ("bintang", "status") else words


def _status(value: str, *, on: date) -> Q:
    ended = Q(valid_until__lt=on)
    return ended if value == ONCE else ~ended | Q(valid_until=None)


def _is_code(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isascii() and text.replace("_", "").replace("-", "").isalnum()


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 4 and text.isascii() and text.isdigit()


# --- The words of the values, in the order in which they are offered ---------------------------------------------
def _groups(values: list[str]) -> dict[str, str]:
    found = CommodityGroup.objects.filter(pk__in=values).order_by("position", "pk")
    return {group.pk: name_of_group(group) for group in found}


def _provinces(values: list[str]) -> dict[str, str]:
    return dict(Province.objects.filter(pk__in=values).order_by("name").values_list("pk", "name"))


def _regencies(values: list[str]) -> dict[str, str]:
    return {one.pk: one.full_name for one in Regency.objects.filter(pk__in=values).order_by("kind", "name")}


def _highest_first(values: list[str]) -> list[str]:
    return sorted(values, key=int, reverse=True)


_WORDS: dict[str, Callable[[list[str]], dict[str, str]]] = {
    "komoditas": _groups,
    "bintang": lambda values: {value: star_figure(value) for value in _highest_first(values)},
    "provinsi": _provinces,
    "daerah": _regencies,
    "tahun": lambda values: {value: value for value in _highest_first(values)},
    "status": lambda values: {value: str(STATUS_WORDS[value]) for value in STATUS},
}
FACETS = {
    "komoditas": Facet(gettext_lazy("Komoditas"), _is_code, "group"),
    "bintang": Facet(gettext_lazy("Bintang"), _is_number, "star"),
    "provinsi": Facet(gettext_lazy("Provinsi"), _is_number, "province"),
    "daerah": Facet(gettext_lazy("Kabupaten/kota"), _is_number, "regency"),
    "tahun": Facet(gettext_lazy("Tahun"), _is_number, "year"),
    "status": Facet(gettext_lazy("Status"), STATUS.__contains__, ""),
}
