"""
What the rows of an imported table name, found among what is registered: in as many statements for 5,000 as for five.

An IKM is found by its NIB in the whole country, else by its exact name in its kabupaten/kota, in any case; a sentra by
its name there. What only looks alike is another one, and is told.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import Office
from accounts.offices import WITHOUT_DINAS
from regions.models import Regency

from . import registry
from .models import CommodityGroup, Ikm, Nomination, Product, Round, Sentra, State

_ALIKE = """
    SELECT given.place, ikm.name, ikm.regency_id
    FROM unnest(%s::int[], %s::text[], %s::text[]) AS given (place, name, province)
    JOIN nominations_ikm AS ikm ON ikm.sort_name %% given.name
    JOIN regions_regency AS regency ON regency.code = ikm.regency_id AND regency.province_id = given.province
    WHERE ikm.merged_into_id IS NULL AND similarity(ikm.sort_name, given.name) >= %s
    ORDER BY given.place, similarity(ikm.sort_name, given.name) DESC, ikm.id
"""


class Registered:
    """Everything that rows with these values could name; read once."""

    def __init__(self, rows: Iterable[dict[str, Any]], round_: Round) -> None:
        rows = list(rows)
        codes = {row["regency_code"] for row in rows if "regency_code" in row}
        self.regencies = Regency.objects.select_related("province").in_bulk(list(codes))
        self.offices = nominating_offices(self.regencies.values())
        self.groups = _groups()
        self.sentra = {
            (sentra.regency_id, sentra.name.casefold()): sentra
            for sentra in Sentra.objects.filter(regency__in=self.regencies).order_by("pk")
        }
        self._read_ikm({row["nib"] for row in rows if row.get("nib")})
        self._read_products(round_)

    def _read_ikm(self, nibs: set[str]) -> None:
        self.by_nib: dict[str, Ikm] = {}
        self.by_name: dict[tuple[str, str], list[Ikm]] = defaultdict(list)
        found = Ikm.objects.filter(Q(regency__in=self.regencies) | Q(nib__in=nibs))
        for ikm in found.select_related("regency", "sentra", "merged_into__sentra").order_by("pk"):
            # What was merged is known by its name still; the one that it became stands for it.
            stands = ikm.merged_into or ikm
            if stands.nib:
                self.by_nib[stands.nib] = stands
            named = self.by_name[ikm.regency_id, ikm.name.casefold()]
            if stands.regency_id == ikm.regency_id and stands not in named:
                named.append(stands)

    def _read_products(self, round_: Round) -> None:
        known = {ikm.pk: ikm for ikms in self.by_name.values() for ikm in ikms}
        known |= {ikm.pk: ikm for ikm in self.by_nib.values()}
        products = Product.objects.filter(ikm__in=known).select_related("group").order_by("pk")
        self.products = {(product.ikm_id, product.name.casefold()): product for product in products}
        proposed = Nomination.objects.filter(round=round_).exclude(state=State.WITHDRAWN).order_by("pk")
        self.proposed = {one.product_id: one for one in proposed.only("product_id", "number")}


def nominating_offices(regencies: Iterable[Regency]) -> dict[str, Office]:
    """The office that nominates from each: its dinas, or the province's where there is none."""
    codes = {regency.pk for regency in regencies}
    dinas = Office.objects.filter(kind=Office.Kind.DINAS, regency__in=codes).order_by("-code")
    found = {str(office.regency_id): office for office in dinas}
    jakarta = [code for code in codes if code.startswith(WITHOUT_DINAS)]
    if jakarta:
        own = Office.objects.filter(kind=Office.Kind.PROVINCE, province=WITHOUT_DINAS).order_by("code")
        found |= {code: office for code in jakarta for office in own[:1]}
    return found


def _groups() -> dict[str, CommodityGroup]:
    """By code and by shown name, in small letters."""
    groups = list(CommodityGroup.objects.filter(is_active=True).order_by("-position"))
    return {word.casefold(): group for group in groups for word in (group.name_en, group.name, group.code)}


def alike(given: list[tuple[int, str, str]]) -> dict[int, list[tuple[str, str]]]:
    """
    Registered IKM with a name like these, in their province: (place, sort_name, province) -> place -> [(name, regency)].

    The threshold is that of registry.likely_duplicates; `%` lets the index of likenesses find the candidates.
    """
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    if given:
        places, names, provinces = (list(column) for column in zip(*given, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(_ALIKE, [places, names, provinces, registry.LIKE_ENOUGH])
            for place, name, regency in cursor.fetchall():
                found[place].append((name, regency))
    return found
