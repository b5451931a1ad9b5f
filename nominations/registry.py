"""
The registry of potential (produk potensial): sentra, IKM and products of a region, kept at any time of the year.

One IKM by NIB in the whole country; what looks like one that is there is shown before another is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import F

from accounts.models import Person
from accounts.roles import Right
from audit import history
from regions.models import Regency

from .drafts import refuse_region
from .guards import REASON_AT_LEAST, Refused
from .models import CommodityGroup, Document, Ikm, Product, Sentra
from .models.registry import sort_key

# Above this trigram similarity (0 to 1) two names in one province are shown side by side.
LIKE_ENOUGH = 0.45


@dataclass(frozen=True)
class Likeness:
    """An IKM that may be the one about to be registered; `same_nib` says why."""

    ikm: Ikm
    same_nib: bool
    similarity: float


def likely_duplicates(
    name: str, *, regency: Regency, nib: str = "", but: Ikm | None = None, limit: int = 5
) -> list[Likeness]:
    """
    IKM with the same NIB anywhere in the country, then IKM of the same province with a similar name, most alike first.

    The form of business is left out of the comparison: "UD Mawar" is like "Mawar Art Shop".
    """
    standing = Ikm.objects.filter(merged_into=None).select_related("regency__province", "sentra")
    if but is not None and but.pk:
        standing = standing.exclude(pk=but.pk)
    found = [Likeness(ikm, True, 1.0) for ikm in standing.filter(nib=nib)] if nib else []
    alike = (
        standing.filter(regency__province=regency.province_id)
        .annotate(likeness=TrigramSimilarity("sort_name", sort_key(name)))
        .filter(likeness__gte=LIKE_ENOUGH)
        .exclude(pk__in=[like.ikm.pk for like in found])
        .order_by(F("likeness").desc(), "pk")[:limit]
    )
    return found + [Likeness(ikm, False, ikm.likeness) for ikm in alike]


@transaction.atomic
def register_sentra(values: Mapping[str, Any], *, regency: Regency, by: Person, at: datetime) -> Sentra:
    """Make a sentra of an own region. Raises Refused."""
    refuse_region(regency, by)
    sentra = Sentra.objects.create(regency=regency, **values)
    history.record("sentra_registered", sentra, by=by, at=at, regency=regency.pk)
    return sentra


@transaction.atomic
def register_ikm(values: Mapping[str, Any], *, regency: Regency, by: Person, at: datetime) -> Ikm:
    """Make an IKM of an own region. Raises Refused; the NIB's uniqueness is the database's."""
    refuse_region(regency, by)
    if values.get("nib") and Ikm.objects.filter(nib=values["nib"]).exists():
        raise Refused("nib_taken", "NIB ini sudah dipakai IKM lain yang terdaftar.")
    ikm = Ikm(regency=regency, **values)
    ikm.save()
    history.record("ikm_registered", ikm, by=by, at=at, regency=regency.pk)
    return ikm


@transaction.atomic
def register_product(ikm: Ikm, *, name: str, group: CommodityGroup, by: Person, at: datetime) -> Product:
    """Make a product of an IKM of an own region. Raises Refused."""
    refuse_region(ikm.regency, by)
    if ikm.products.filter(name__iexact=name).exists():
        raise Refused("product_exists", f"{ikm} sudah mempunyai produk bernama {name}.")
    product = Product(ikm=ikm, name=name, group=group, is_example=ikm.is_example)
    product.save()
    history.record("product_registered", product, by=by, at=at, ikm=ikm.pk)
    return product


@transaction.atomic
def merge(duplicate: Ikm, *, into: Ikm, reason: str, by: Person, at: datetime) -> Ikm:
    """
    Make two records of one IKM one: products, documents and nominations move, the duplicate stays as a signpost.

    The secretariat merges, because an IKM may be known in two regions. Raises Refused where both have a NIB and they
    differ, or two products would have the same name.
    """
    if not by.may(Right.SCREEN):
        raise Refused("not_yours", "Penggabungan IKM dilakukan oleh Sekretariat.")
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    rows = Ikm.objects.select_for_update(of=("self",)).filter(pk__in=[duplicate.pk, into.pk])
    locked = {row.pk: row for row in rows.order_by("pk")}
    one, other = locked[into.pk], locked[duplicate.pk]
    if one.pk == other.pk or one.merged_into_id or other.merged_into_id:
        raise Refused("already_merged", "IKM ini sudah digabungkan atau sama. Tidak ada yang berubah.")
    if one.nib and other.nib:
        raise Refused("two_nibs", "Kedua IKM mempunyai NIB yang berbeda, jadi keduanya bukan IKM yang sama.")
    twice = set(one.products.values_list("name", flat=True)) & set(
        other.products.values_list("name", flat=True)
    )
    if twice:
        raise Refused(
            "same_product", f"Kedua IKM mempunyai produk {', '.join(sorted(twice))}. Ubah salah satu namanya."
        )
    nib, other.nib = other.nib, None
    other.merged_into = one
    other.save()
    if nib:
        one.nib = nib
        one.save()
    moved = [product.pk for product in other.products.order_by("pk")]
    Product.objects.filter(pk__in=moved).update(ikm=one)
    Document.objects.filter(ikm=other).update(ikm=one)
    history.record("ikm_merged", one, by=by, at=at, reason=reason.strip(), duplicate=other.pk, products=moved)
    history.record("ikm_merged_into", other, by=by, at=at, reason=reason.strip(), into=one.pk)
    return one
