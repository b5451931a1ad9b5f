"""
Lists of thousands: searched, filtered and sorted, in pages. The address holds the whole state of a list.

What the address asks for and the list does not know (a state that is none, a page that is text) narrows nothing.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

PER_PAGE = 50
PAGE, SORT = "halaman", "urut"
_LONGEST_SEARCH = 80
# Where a session keeps how its lists were left.
_LEFT = "daftar"
_WORDS = ("cari", "q")
_ALL = "Semua"


def a_search(label: str) -> Any:
    """A filter of which every word must be part of one of the columns that the set names as SEARCHED."""
    return django_filters.CharFilter(method="search", label=label, max_length=_LONGEST_SEARCH)


def a_choice(label: str, path: str, choices: Sequence[tuple[Any, str]] = ()) -> Any:
    return django_filters.ChoiceFilter(label=label, field_name=path, choices=choices, empty_label=_ALL)


class ListFilter(django_filters.FilterSet):
    """The filters of one list; `SORTS`: key in the address -> what it is sorted by, ascending, before the pk."""

    SEARCHED: ClassVar[Sequence[str]] = ()
    SORTS: ClassVar[dict[str, tuple[str, ...]]] = {}

    def __init__(
        self, data: Any, queryset: QuerySet[Any], **choices: Iterable[tuple[Any, str]] | None
    ) -> None:
        """choices: name of a filter -> what can be chosen; None takes the filter away."""
        super().__init__(data, queryset)
        for name, given in choices.items():
            if given is None:
                del self.filters[name]
            else:
                self.filters[name].extra["choices"] = list(given)
        # The search stands first, whichever class it comes from.
        for name in self.filters.keys() & set(_WORDS):
            self.filters.move_to_end(name, last=False)

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        for word in value.split():
            condition = Q(pk__in=[])
            for path in self.SEARCHED:
                condition |= Q(**{f"{path}__icontains": word})
            queryset = queryset.filter(condition)
        return queryset

    def in_use(self) -> dict[str, Any]:
        """The filters that narrow the list, with what they were given."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    def in_words(self, name: str, value: Any) -> str:
        chosen = dict(self.filters[name].extra.get("choices", ()))
        return str(chosen.get(value, value))


class Listing:
    """
    A list as this request asks for it.

    usual: the order where none is asked for; kept: further parameters that belong to the list's address (its tab).
    """

    def __init__(
        self,
        request: HttpRequest,
        narrowed: ListFilter,
        *,
        usual: Sequence[str],
        kept: Sequence[tuple[str, str]] = (),
        per_page: int = PER_PAGE,
    ) -> None:
        self.request, self.filter, self.usual, self.kept = request, narrowed, usual, kept
        self.per_page = per_page
        # How many rows there are where nothing narrows the list, for a page that has counted them already.
        self.total_of_all: int | None = None

    @cached_property
    def sort(self) -> dict[str, Any]:
        """{key, descending} for the table; the key is "" where the usual order holds."""
        asked = self.request.GET.get(SORT, "")
        key = asked.removeprefix("-")
        if key not in self.filter.SORTS:
            return {"key": "", "descending": False}
        return {"key": key, "descending": asked.startswith("-")}

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """All rows that fit, in their order."""
        found: QuerySet[Any] = self.filter.qs
        if not self.sort["key"]:
            return found.order_by(*self.usual)
        sign = "-" if self.sort["descending"] else ""
        return found.order_by(*(f"{sign}{path}" for path in (*self.filter.SORTS[self.sort["key"]], "pk")))

    @cached_property
    def page(self) -> Page[Any]:
        paginator = Paginator(self.rows, self.per_page)
        if self.total_of_all is not None and not self.is_narrowed:
            paginator.count = self.total_of_all
        return paginator.get_page(self.request.GET.get(PAGE))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filter.in_use())

    @property
    def is_first(self) -> bool:
        """Whether this is the list as it is first opened: what else its page shows stands there, and not in between."""
        return not self.is_narrowed and not self.sort["key"] and self.page.number == 1

    def caption(self, what: str, usual: str, columns: Sequence[dict[str, Any]]) -> str:
        """
        "Menunggu, yang paling dahulu dikirim di atas", or how the list was asked to be sorted.

        usual: the usual order in words ("" for none); columns: of the table. One whose label does not say its order
        names both of its own as `orders` (ascending, descending).
        """
        if not self.sort["key"]:
            return f"{what}, {usual}" if usual else what
        labels = {column["key"]: column for column in columns if "key" in column}
        column = labels.get(self.sort["key"], {"label": self.sort["key"]})
        by = f"menurut {_inside_a_sentence(column['label'])}"
        orders = column.get("orders", (f"{by}, menaik", f"{by}, menurun"))
        return f"{what}, {orders[self.sort['descending']]}"

    def chips(self) -> list[dict[str, str]]:
        """Each filter in use, with the address without it."""
        chips = []
        for name, value in self.filter.in_use().items():
            rest = self.request.GET.copy()
            for gone in (name, PAGE):
                rest.pop(gone, None)
            chips.append({"label": self.filter.in_words(name, value), "url": f"?{rest.urlencode()}"})
        return chips

    def facts(self) -> dict[str, Any]:
        """What of its filters may stand in the history: the chosen values, of a search only that there was one."""
        return {name: True if name in _WORDS else str(value) for name, value in self.filter.in_use().items()}

    def context(self) -> dict[str, Any]:
        """What filter_bar, data_table and the buttons of the export ask for."""
        sorted_by = self.request.GET.get(SORT, "") if self.sort["key"] else ""
        tab = "&".join(f"{name}={value}" for name, value in self.kept)
        return {
            "page": self.page,
            "fields": self.filter.form,
            "active": self.chips(),
            "sort": self.sort,
            "kept": [*self.kept, *([(SORT, sorted_by)] if sorted_by else [])],
            "clear_url": f"?{tab}",
            "export_url": f"?{self.request.GET.urlencode()}",
        }


def _inside_a_sentence(label: str) -> str:
    """A label as it stands within a sentence: "IKM dan produk" stays, "Kabupaten/kota" becomes small."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


# --- Coming back -------------------------------------------------------------------------------------------------
def remember(request: HttpRequest, name: str) -> None:
    """Keep how a list was left (its page and filters), so that the way back from one of its rows leads there."""
    query = request.GET.urlencode()
    left = request.session.get(_LEFT, {})
    if left.get(name, "") != query:
        request.session[_LEFT] = {**left, name: query}


def way_back(request: HttpRequest, name: str) -> str:
    """The address of the list called `name` in urls.py, as this person left it."""
    query = request.session.get(_LEFT, {}).get(name, "")
    return f"{reverse(name)}?{query}" if query else reverse(name)
