"""The lists of nominations, and what can be chosen in a list of this room; how a list works: files/lists.py."""

from collections.abc import Iterable

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from files.lists import ListFilter, Listing, a_choice, a_search, remember, way_back
from regions.models import Province, Regency

from .models import CommodityGroup, Round, State

__all__ = [
    "SINCE_IN_WORDS", "ListFilter", "Listing", "NominationFilter", "QueueFilter", "ScreeningFilter", "a_choice", "a_search",
    "groups", "provinces", "regencies", "remember", "rounds", "rounds_and_groups", "way_back",
]  # fmt: skip


# --- What can be chosen ------------------------------------------------------------------------------------------
def rounds() -> list[tuple[str, str]]:
    return [
        (str(year), f"Periode {year}")
        for year in Round.objects.order_by("-year").values_list("year", flat=True)
    ]


def groups() -> list[tuple[str, str]]:
    return list(CommodityGroup.objects.order_by("position", "code").values_list("code", "name"))


def rounds_and_groups() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The choices of both, as `rounds` and `groups` give them, in one question."""
    years = Round.objects.order_by().values_list(
        Value("periode"), Cast("year", CharField()), Value(""), -F("year")
    )
    codes = CommodityGroup.objects.order_by().values_list(Value("kelompok"), "code", "name", "position")
    found: dict[str, list[tuple[str, str]]] = {"periode": [], "kelompok": []}
    for kind, key, name, _ in sorted(years.union(codes, all=True), key=lambda row: (row[3], row[1])):
        found[kind].append((key, name or f"Periode {key}"))
    return found["periode"], found["kelompok"]


def provinces() -> list[tuple[str, str]]:
    return list(Province.objects.order_by("code").values_list("code", "name"))


def regencies(provinces_: Iterable[str]) -> list[tuple[str, str]]:
    """The kabupaten and kota of these provinces."""
    found = Regency.objects.filter(province__in=list(provinces_)).order_by("code")
    return [(regency.pk, regency.full_name) for regency in found]


# --- The lists of nominations ------------------------------------------------------------------------------------
_IKM = "product__ikm"


class NominationFilter(ListFilter):
    SEARCHED = ("number", "product__name", f"{_IKM}__name", f"{_IKM}__regency__name")
    SORTS = {
        "produk": ("product__name",),
        "ikm": (f"{_IKM}__sort_name",),
        "kelompok": ("product__group__position",),
        "daerah": (f"{_IKM}__regency__province", f"{_IKM}__regency"),
        "periode": ("round",),
        "status": ("state",),
        "dikirim": ("submitted_at",),
    }

    cari = a_search("Produk, IKM, nomor, atau daerah")
    periode = a_choice("Periode", "round")
    status = a_choice("Status", "state", State.choices)
    kelompok = a_choice("Kelompok komoditas", "product__group")
    provinsi = a_choice("Provinsi", f"{_IKM}__regency__province")
    daerah = a_choice("Kabupaten/kota", f"{_IKM}__regency")


# What sorting by "sejak" brings to the top, ascending and descending: the column may count days instead.
SINCE_IN_WORDS = ("yang paling lama di atas", "yang paling baru di atas")


class QueueFilter(NominationFilter):
    """As NominationFilter, of nominations with `since` (queues.with_way)."""

    SORTS = {**NominationFilter.SORTS, "sejak": ("since",)}


class ScreeningFilter(QueueFilter):
    # Addresses that somebody has kept go on to work.
    cari = None
    q = a_search("Nomor, produk, IKM, daerah")
