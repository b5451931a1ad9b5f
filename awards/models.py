"""Decrees, awards and certificates. How they are issued and published: publication.py; what one says: documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Person
from assessment.models import Plenary
from nominations.models import CommodityGroup, Nomination, Product, Round
from nominations.models.registry import free_slug
from regions.models import Regency


class DecreeQuerySet(models.QuerySet["Decree"]):
    def published(self) -> DecreeQuerySet:
        """Those whose instant of publication has come: nothing of the others is public in any way."""
        return self.filter(published_at__isnull=False, published_at__lte=Now())


@pghistory.track()
class Decree(models.Model):
    """
    The decree (SK penetapan) of one round: drafted from the sealed plenary, issued with number and date, published
    at one instant. The annex is a snapshot: a later change of a name or a region never changes it.
    """

    class Level(models.TextChoices):
        MINISTER = "menteri", "Menteri Perindustrian"
        FOR_MINISTER = "dirjen_an_menteri", "Direktur Jenderal a.n. Menteri Perindustrian"
        DIRECTOR_GENERAL = "dirjen", "Direktur Jenderal"

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="decree")
    plenary = models.OneToOneField(
        Plenary,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decree",
        help_text="Kosong: diambil alih",
    )
    level = models.CharField("pejabat", max_length=20, choices=Level.choices, default=Level.MINISTER)
    number = models.CharField("nomor SK", max_length=60, blank=True)
    date = models.DateField("tanggal SK", null=True, blank=True)
    place = models.CharField("ditetapkan di", max_length=60, default="Jakarta")
    signatory_office = models.CharField(
        "jabatan", max_length=120, default="Menteri Perindustrian Republik Indonesia"
    )
    signatory_name = models.CharField("nama tanpa gelar", max_length=120, blank=True)
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    annex = models.JSONField(default=list)
    annex_sha256 = models.CharField(max_length=64, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DecreeQuerySet.as_manager()

    class Meta:
        # Not "-round": a round orders itself by its year, downwards, and the two would cancel out.
        ordering = ["-round_id"]
        constraints = [
            CheckConstraint(
                name="decree_issued_with_number_date_and_signatory",
                condition=Q(issued_at=None)
                | (~Q(number="") & Q(date__isnull=False) & ~Q(signatory_name="") & ~Q(annex_sha256="")),
            ),
            CheckConstraint(
                name="decree_published_after_it_was_issued",
                condition=Q(published_at=None) | Q(issued_at__isnull=False, published_at__gte=F("issued_at")),
            ),
        ]
        triggers = [
            # Issued, its words and annex stand; only publication is still to come.
            pgtrigger.Protect(
                name="issued_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__issued_at__isnull=False)
                & (
                    pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__date__df=pgtrigger.F("new__date"))
                    | pgtrigger.Q(old__annex__df=pgtrigger.F("new__annex"))
                    | pgtrigger.Q(old__signatory_name__df=pgtrigger.F("new__signatory_name"))
                    | pgtrigger.Q(old__level__df=pgtrigger.F("new__level"))
                    | pgtrigger.Q(old__issued_at__df=pgtrigger.F("new__issued_at"))
                ),
            ),
            pgtrigger.Protect(
                name="published_stays_published",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False)
                & pgtrigger.Q(old__published_at__df=pgtrigger.F("new__published_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"SK {self.number or '(rancangan)'} periode {self.round_id}"

    def get_absolute_url(self) -> str:
        return reverse("decree", args=[self.pk])

    def is_published(self, *, at: datetime) -> bool:
        return self.published_at is not None and self.published_at <= at


class AwardQuerySet(models.QuerySet["Award"]):
    def published(self) -> AwardQuerySet:
        """The awards that the public may see: of decrees whose instant of publication has come."""
        return self.filter(decree__published_at__isnull=False, decree__published_at__lte=Now())

    def with_names(self) -> AwardQuerySet:
        return self.select_related("decree__round", "group", "regency__province", "product__ikm")


@pghistory.track()
class Award(models.Model):
    """
    One award: a star for one product of one IKM, as decreed. Names and region are copied at issue and stay; the
    product links to the registry as it is today. Taken over from an earlier round, it has no nomination.
    """

    decree = models.ForeignKey(Decree, on_delete=models.PROTECT, related_name="awards")
    nomination = models.OneToOneField(
        Nomination, null=True, blank=True, on_delete=models.PROTECT, related_name="award"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="awards")
    slug = models.SlugField(max_length=140, unique=True, editable=False)
    position = models.PositiveIntegerField("nomor urut lampiran")
    star = models.PositiveSmallIntegerField("bintang")
    maximum_star = models.PositiveSmallIntegerField("bintang tertinggi", default=5)
    ikm_name = models.CharField(max_length=160)
    product_name = models.CharField(max_length=160)
    group = models.ForeignKey(CommodityGroup, on_delete=models.PROTECT, related_name="awards")
    group_name = models.CharField(max_length=80)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, related_name="awards")
    regency_name = models.CharField(max_length=80)
    province_name = models.CharField(max_length=60)
    story = models.TextField("cerita produk", blank=True)
    raw_material = models.TextField("bahan baku", blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revocation_decree = models.CharField("SK pencabutan", max_length=120, blank=True)
    revocation_reason = models.TextField("alasan pencabutan", blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["decree", "position"]
        constraints = [
            models.UniqueConstraint(
                name="award_position_is_unique_in_its_decree", fields=["decree", "position"]
            ),
            models.UniqueConstraint(
                name="award_product_is_awarded_once_per_decree", fields=["decree", "product"]
            ),
            CheckConstraint(
                name="award_star_is_within_its_scheme", condition=Q(star__gte=1, star__lte=F("maximum_star"))
            ),
            CheckConstraint(
                name="award_revoked_with_decree_and_reason",
                condition=Q(revoked_at=None) | (~Q(revocation_decree="") & ~Q(revocation_reason="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="stands_as_decreed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__star__df=pgtrigger.F("new__star"))
                | pgtrigger.Q(old__maximum_star__df=pgtrigger.F("new__maximum_star"))
                | pgtrigger.Q(old__ikm_name__df=pgtrigger.F("new__ikm_name"))
                | pgtrigger.Q(old__product_name__df=pgtrigger.F("new__product_name"))
                | pgtrigger.Q(old__position__df=pgtrigger.F("new__position"))
                | pgtrigger.Q(old__regency_name__df=pgtrigger.F("new__regency_name")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_name}, {self.ikm_name}: bintang {self.star}"

    def save(self, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(
                Award, self.product_name, self.ikm_name, str(self.decree.round_id), max_length=140
            )
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("catalogue_award", args=[self.slug])

    @property
    def is_example(self) -> bool:
        return self.decree.round.is_example


@pghistory.track()
class Certificate(models.Model):
    """
    One paper of one award. version 1 is the first; a replacement is the next, with the number's suffix /P1, /P2.
    The file is made by the worker and never made again once its hash stands here.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="certificates")
    version = models.PositiveSmallIntegerField(default=1)
    number = models.CharField("nomor piagam", max_length=60, unique=True)
    code = models.CharField("kode verifikasi", max_length=16, unique=True)
    created_at = models.DateTimeField()
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    rendered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replacement_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["award__decree", "award__position", "version"]
        indexes = [models.Index(name="certificate_by_file", fields=["sha256"])]
        constraints = [
            models.UniqueConstraint(
                name="certificate_version_is_unique_per_award", fields=["award", "version"]
            ),
            CheckConstraint(
                name="certificate_code_is_crockford", condition=Q(code__regex=r"^[0-9A-HJKMNP-TV-Z]{16}$")
            ),
            CheckConstraint(
                name="certificate_file_is_recorded_whole",
                condition=Q(rendered_at=None, sha256="", path="", size=None)
                | (
                    Q(rendered_at__isnull=False, size__gt=0)
                    & Q(sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(path="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_file_is_made_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendered_at__isnull=False)
                & (
                    pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__path__df=pgtrigger.F("new__path"))
                    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__code__df=pgtrigger.F("new__code"))
                ),
            )
        ]

    def __str__(self) -> str:
        return self.number


class CertificatePause(models.Model):
    """While this row is there the making of the decree's certificates stands still (batches.py)."""

    class Reason(models.TextChoices):
        PERSON = "person", "petugas"
        SECRET = "secret", "kode rahasia penanda tangan"

    decree = models.OneToOneField(Decree, primary_key=True, on_delete=models.CASCADE, related_name="pause")
    at = models.DateTimeField()
    waits_for = models.CharField("menunggu", max_length=10, choices=Reason.choices)

    def __str__(self) -> str:
        return f"{self.decree_id}: {self.waits_for}"
