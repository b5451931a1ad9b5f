"""
The registry of potential (produk potensial): sentra, IKM and products of a region, kept at any time of the year.

One IKM by NIB in the whole country; what looks like one that is there is shown before another is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from accounts.models import Person
from accounts.offices import WITHOUT_DINAS
from accounts.roles import Right, Role
from audit import history
from regions.models import Regency

from . import drafts
from .drafts import NIB_TAKEN, SENTRA_EXISTS, refuse_region
from .guards import REASON_AT_LEAST, Refused
from .models import CommodityGroup, Document, Ikm, Nomination, Product, Round, Sentra, State
from .models.registry import sort_key

# While a nomination is here, its product stays what was sent: the group decides which instrument it is scored with.
_ON_ITS_WAY = (State.SUBMITTED, State.ENDORSED, State.ELIGIBLE, State.ASSESSED)
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


def named(rows: QuerySet[Ikm], words: list[str]) -> QuerySet[Ikm]:
    """Those of which every word is part of the name, or is the NIB."""
    for word in words:
        rows = rows.filter(Q(name__icontains=word) | Q(nib=word))
    return rows


def keeps_any(person: Person) -> bool:
    """Whether regencies_kept_by gives any, without a question to the database."""
    return person.may(Right.KEEP_REGISTRY) and (
        any(office.regency_id for office in person.offices(Role.DINAS))
        or any(office.province_id == WITHOUT_DINAS for office in person.offices(Role.PROVINSI))
    )


def regencies_kept_by(person: Person) -> QuerySet[Regency]:
    """The kabupaten and kota whose registry this person keeps: rules.keeps_registry_of, for a whole list."""
    kept = Q(pk__in=[])
    if person.may(Right.KEEP_REGISTRY):
        kept |= Q(pk__in=[office.regency_id for office in person.offices(Role.DINAS)])
        if any(office.province_id == WITHOUT_DINAS for office in person.offices(Role.PROVINSI)):
            kept |= Q(province=WITHOUT_DINAS)
    return Regency.objects.filter(kept).select_related("province").order_by("code")


def products_to_propose(person: Person, round_: Round) -> QuerySet[Product]:
    """The products of this person's regions that are not proposed in this round, by IKM and name."""
    proposed = Nomination.objects.filter(round=round_).exclude(state=State.WITHDRAWN).values("product")
    return (
        Product.objects.filter(ikm__regency__in=regencies_kept_by(person), ikm__merged_into=None)
        .exclude(pk__in=proposed)
        .select_related("group", "ikm__regency", "ikm__sentra")
        .order_by("ikm__sort_name", "name", "pk")
    )


@transaction.atomic
def register_sentra(
    values: Mapping[str, Any], *, regency: Regency, by: Person, at: datetime, of: Ikm | None = None
) -> Sentra:
    """Make a sentra of an own region; `of`: an IKM of that region that has none yet, and is in it. Raises Refused."""
    refuse_region(regency, by)
    try:
        with transaction.atomic():
            sentra = Sentra.objects.create(regency=regency, **values)
    except IntegrityError:
        raise Refused("sentra_exists", SENTRA_EXISTS) from None
    history.record("sentra_registered", sentra, by=by, at=at, regency=regency.pk)
    if of is not None:
        drafts.save_ikm(of, {"sentra": sentra}, version=of.version, by=by, at=at)
    return sentra


@transaction.atomic
def register_ikm(values: Mapping[str, Any], *, regency: Regency, by: Person, at: datetime) -> Ikm:
    """Make an IKM of an own region. Raises Refused; the NIB's uniqueness is the database's."""
    refuse_region(regency, by)
    if values.get("nib") and Ikm.objects.filter(nib=values["nib"]).exists():
        raise Refused("nib_taken", NIB_TAKEN)
    ikm = Ikm(regency=regency, **values)
    try:
        with transaction.atomic():
            ikm.save()
    except IntegrityError:
        raise Refused("nib_taken", "IKM ini baru saja didaftarkan. Cari IKM itu lebih dahulu.") from None
    history.record("ikm_registered", ikm, by=by, at=at, regency=regency.pk)
    return ikm


@transaction.atomic
def register_product(ikm: Ikm, *, name: str, group: CommodityGroup, by: Person, at: datetime) -> Product:
    """Make a product of an IKM of an own region. Raises Refused."""
    refuse_region(ikm.regency, by)
    if ikm.products.filter(name__iexact=name).exists():
        raise Refused("product_exists", f"{ikm} sudah mempunyai produk bernama {name}.")
    product = Product(ikm=ikm, name=name, group=group, is_example=ikm.is_example)
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError:
        raise Refused("product_exists", f"{ikm} baru saja mendapat produk bernama {name}.") from None
    history.record("product_registered", product, by=by, at=at, ikm=ikm.pk)
    return product


@transaction.atomic
def change_product(
    product: Product, *, name: str, group: CommodityGroup, by: Person, at: datetime
) -> Product:
    """
    Correct the name or the group of a product of an own region.

    Raises Refused where its IKM has another product of that name, or a nomination of it is being worked on: then a
    return (perbaikan) opens it.
    """
    row = Product.objects.select_for_update(of=("self",), no_key=True).select_related("ikm__regency")
    product = row.get(pk=product.pk)
    refuse_region(product.ikm.regency, by)
    if (product.name, product.group_id) == (name, group.pk):
        return product
    under_way = product.nominations.filter(state__in=_ON_ITS_WAY).first()
    if under_way is not None:
        raise Refused(
            "product_proposed",
            f"Produk ini sedang diusulkan ({under_way}, {under_way.get_state_display().lower()}). Nama dan "
            "kelompoknya baru dapat diubah bila usulan dikembalikan atau selesai.",
        )
    if product.ikm.products.filter(name__iexact=name).exclude(pk=product.pk).exists():
        raise Refused("product_exists", f"{product.ikm} sudah mempunyai produk bernama {name}.")
    product.name, product.group = name, group
    product.save()
    history.record("product_changed", product, by=by, at=at, group=group.pk)
    return product


@transaction.atomic
def propose_new(
    ikm: Mapping[str, Any],
    *,
    product: str,
    group: CommodityGroup,
    regency: Regency,
    round_: Round,
    by: Person,
    at: datetime,
) -> Nomination:
    """Register an IKM with one product and start its nomination: all of it or nothing. Raises Refused."""
    values = {**ikm, "is_example": round_.is_example}
    made = register_product(
        register_ikm(values, regency=regency, by=by, at=at), name=product, group=group, by=by, at=at
    )
    return drafts.begin(made, round_=round_, by=by, at=at)


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
