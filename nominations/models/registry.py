"""
The registry: sentra, IKM and products outlive a round (produk potensial); a nomination takes what is there.
"""

from __future__ import annotations

import re
from typing import Any

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils.text import slugify

from accounts.models import Person
from accounts.roles import Right, Role
from regions.models import Regency

from .rounds import CommodityGroup

# Printed as registered; only sorting and likeness drop the form of business (documents.md 13).
_FORM_OF_BUSINESS = re.compile(
    r"^(pt|cv|ud|pd|fa|koperasi|kub|kube|kelompok|usaha dagang)\b\.?\s*", re.IGNORECASE
)


def sort_key(name: str) -> str:
    """ "UD Mawar Art Shop" -> "mawar art shop": what an IKM is sorted by and compared with."""
    return _FORM_OF_BUSINESS.sub("", name.strip()).casefold().strip() or name.strip().casefold()


def free_slug(model: type[models.Model], *words: str, max_length: int = 100) -> str:
    """A slug of these words that no row of `model` has yet; the unique constraint has the last word."""
    base = slugify(" ".join(words))[: max_length - 5].strip("-") or "tanpa-nama"
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


class InRegion(models.QuerySet[Any]):
    """Rows with a regency, seen by whoever may see that regency's registry."""

    regency_path = "regency"

    def visible_to(self, person: Person) -> InRegion:
        """The dinas and the province see their own region, the ministry and its auditor all, others nothing."""
        if not person.is_authenticated:
            return self.none()
        if person.may(Right.READ_ALL) or person.may(Right.SCREEN):
            return self
        seen = Q(pk__in=[])
        for office in person.offices(Role.DINAS):
            seen |= Q(**{self.regency_path: office.regency_id})
        for office in person.offices(Role.PROVINSI):
            seen |= Q(**{f"{self.regency_path}__province": office.province_id})
        return self.filter(seen)


class ThroughIkm(InRegion):
    regency_path = "ikm__regency"


@pghistory.track()
class Sentra(models.Model):
    """A cluster of IKM, whose legality is shown by a decree of the bupati or wali kota (Kontan, October 2024)."""

    name = models.CharField("nama sentra", max_length=160)
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, related_name="sentra", verbose_name="kabupaten/kota"
    )
    village = models.CharField("desa/kelurahan", max_length=100, blank=True)
    district = models.CharField("kecamatan", max_length=100, blank=True)
    decree_number = models.CharField("nomor SK sentra", max_length=100, blank=True)
    decree_date = models.DateField("tanggal SK sentra", null=True, blank=True)
    # Rises with each save of a form: whoever saves an older one sees both values (answers.py).
    version = models.PositiveIntegerField(default=1, editable=False)
    is_example = models.BooleanField(default=False)

    objects = InRegion.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(name="sentra_name_is_unique_in_its_regency", fields=["regency", "name"])
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Ikm(models.Model):
    """A small or medium producer; one by NIB in the whole country."""

    name = models.CharField("nama IKM", max_length=160)
    sort_name = models.CharField(max_length=160, editable=False)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    nib = models.CharField(
        "NIB",
        max_length=13,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^\d{13}$", "NIB harus 13 angka. Lihat NIB pada dokumen OSS.")],
        error_messages={
            "unique": "NIB ini sudah dipakai IKM lain yang terdaftar. Cari IKM itu lebih dahulu."
        },
    )
    sentra = models.ForeignKey(
        Sentra, null=True, blank=True, on_delete=models.PROTECT, related_name="ikm", verbose_name="sentra IKM"
    )
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, related_name="ikm", verbose_name="kabupaten/kota"
    )
    village = models.CharField("desa/kelurahan", max_length=100, blank=True)
    district = models.CharField("kecamatan", max_length=100, blank=True)
    started_year = models.PositiveSmallIntegerField("tahun mulai berproduksi", null=True, blank=True)
    # Two records of one IKM become one; the other stays, so that what names it still leads somewhere.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="absorbed"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_example = models.BooleanField(default=False)

    objects = InRegion.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        indexes = [GinIndex(name="ikm_by_likeness", fields=["sort_name"], opclasses=["gin_trgm_ops"])]
        constraints = [
            CheckConstraint(name="ikm_nib_has_13_digits", condition=Q(nib=None) | Q(nib__regex=r"^\d{13}$")),
            CheckConstraint(
                name="ikm_started_in_a_plausible_year",
                condition=Q(started_year=None) | Q(started_year__gte=1800, started_year__lte=2100),
            ),
            CheckConstraint(
                name="ikm_is_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("pk"))
            ),
            CheckConstraint(name="ikm_merged_keeps_no_nib", condition=Q(merged_into=None) | Q(nib=None)),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.nib = self.nib or None
        self.sort_name = sort_key(self.name)
        if not self.slug:
            self.slug = free_slug(Ikm, self.name)
        super().save(**kwargs)


@pghistory.track()
class Product(models.Model):
    """What is nominated and awarded: one product of one IKM."""

    ikm = models.ForeignKey(Ikm, on_delete=models.PROTECT, related_name="products")
    name = models.CharField("nama produk", max_length=160)
    slug = models.SlugField(max_length=120, unique=True, editable=False)
    group = models.ForeignKey(
        CommodityGroup, on_delete=models.PROTECT, related_name="products", verbose_name="kelompok komoditas"
    )
    is_example = models.BooleanField(default=False)

    objects = ThroughIkm.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(name="product_name_is_unique_in_its_ikm", fields=["ikm", "name"])
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(Product, self.name, self.ikm.name, max_length=120)
        super().save(**kwargs)
