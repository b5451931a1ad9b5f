"""Decrees and awards; their papers: certificate_models.py. How they are issued and published: publication.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse

from accounts.models import Person
from assessment.models import Plenary
from files.models import StoredFile
from nominations.models import CommodityGroup, Nomination, Product, Round
from nominations.models.registry import free_slug
from regions.models import Regency

from .certificate_models import (
    Certificate,
    CertificateDesign,
    CertificatePause,
    CertificateQuerySet,
    Emblem,
    LateCertificates,
)
from .change_models import AwardChange, Clarification, ClarificationEvidence, DecreeFile, DecreeWording

__all__ = [
    "Award",
    "AwardChange",
    "AwardQuerySet",
    "Certificate",
    "CertificateDesign",
    "CertificatePause",
    "CertificateQuerySet",
    "Clarification",
    "ClarificationEvidence",
    "Decree",
    "DecreeFile",
    "DecreeQuerySet",
    "DecreeWording",
    "Emblem",
    "LateCertificates",
]


class DecreeQuerySet(models.QuerySet["Decree"]):
    def published(self) -> DecreeQuerySet:
        """Those whose instant of publication has come: nothing of the others is public in any way."""
        return self.filter(published_at__isnull=False, published_at__lte=Now())

    def establishing(self) -> DecreeQuerySet:
        """The one of each round that first fixed its awards; the others change or revoke what it fixed."""
        return self.filter(kind=Decree.Kind.ESTABLISHING)


@pghistory.track()
class Decree(models.Model):
    """
    A decree (SK) of a round: the one that establishes its awards, drafted from the sealed plenary, and any number that
    change or revoke them. Issued with number and date, published at one instant. The annex is a snapshot: a later
    change of a name or a region never changes it.
    """

    class Kind(models.TextChoices):
        ESTABLISHING = "penetapan", "Penetapan"
        CHANGING = "perubahan", "Perubahan"
        REVOKING = "pencabutan", "Pencabutan"

    class Level(models.TextChoices):
        MINISTER = "menteri", "Menteri Perindustrian"
        FOR_MINISTER = "dirjen_an_menteri", "Direktur Jenderal a.n. Menteri Perindustrian"
        DIRECTOR_GENERAL = "dirjen", "Direktur Jenderal"

    class Basis(models.TextChoices):
        PORTAL = "portal", "Ditandatangani di portal ini"
        SCAN = "pindaian", "SK bertanda tangan yang diunggah"

    # Few rows: the unique index on the establishing ones is index enough.
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decrees", db_index=False)
    kind = models.CharField(
        "jenis", max_length=10, choices=Kind.choices, default=Kind.ESTABLISHING, db_default=Kind.ESTABLISHING
    )
    changes = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changed_by",
        db_index=False,
        verbose_name="mengubah atau mencabut",
    )
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
    wording = models.ForeignKey(
        DecreeWording,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decrees",
        db_index=False,
        verbose_name="pertimbangan dan dasar hukum",
    )
    # What issuing rests on: the signature of this portal, or the signed decree that came in (scans.py).
    rests_on = models.CharField(
        "dasar tanda tangan",
        max_length=10,
        choices=Basis.choices,
        default=Basis.PORTAL,
        db_default=Basis.PORTAL,
    )
    signed_scan = models.ForeignKey(
        StoredFile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signed_decrees",
        db_index=False,
        verbose_name="SK bertanda tangan",
    )
    # Publication set for later (schedule.py); published_at stays empty until then.
    scheduled_at = models.DateTimeField("diumumkan pada", null=True, blank=True)
    scheduled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = DecreeQuerySet.as_manager()

    class Meta:
        # Not "-round": a round orders itself by its year, downwards, and the two would cancel out.
        ordering = ["-round_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="decree_establishes_its_round_once", fields=["round"], condition=Q(kind="penetapan")
            ),
            CheckConstraint(
                name="decree_other_than_establishing_names_what_it_changes",
                condition=Q(kind="penetapan", changes=None)
                | Q(kind__in=["perubahan", "pencabutan"], changes__isnull=False),
            ),
            CheckConstraint(
                name="decree_is_scheduled_once_it_is_issued",
                condition=Q(scheduled_at=None, scheduled_by=None)
                | Q(scheduled_at__isnull=False, scheduled_by__isnull=False, issued_at__isnull=False),
            ),
            CheckConstraint(
                name="decree_issued_with_number_date_and_signatory",
                condition=Q(issued_at=None)
                | (~Q(number="") & Q(date__isnull=False) & ~Q(signatory_name="") & ~Q(annex_sha256="")),
            ),
            CheckConstraint(
                name="decree_rests_on_a_scan_that_is_there",
                condition=Q(rests_on="portal") | Q(rests_on="pindaian", signed_scan__isnull=False),
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
                    | pgtrigger.Q(old__place__df=pgtrigger.F("new__place"))
                    | pgtrigger.Q(old__wording__df=pgtrigger.F("new__wording"))
                    | pgtrigger.Q(old__rests_on__df=pgtrigger.F("new__rests_on"))
                    | pgtrigger.Q(old__signed_scan__df=pgtrigger.F("new__signed_scan"))
                    | pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
                    | pgtrigger.Q(old__changes__df=pgtrigger.F("new__changes"))
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

    @property
    def is_taken_over(self) -> bool:
        """From the archive, not from a session of this portal (taking_over.py)."""
        return self.plenary_id is None and self.kind == Decree.Kind.ESTABLISHING

    def is_published(self, *, at: datetime) -> bool:
        return self.published_at is not None and self.published_at <= at


class AwardQuerySet(models.QuerySet["Award"]):
    def published(self) -> AwardQuerySet:
        """The awards that the public may see: of decrees whose instant of publication has come."""
        return self.filter(decree__published_at__isnull=False, decree__published_at__lte=Now())

    def with_names(self) -> AwardQuerySet:
        return self.select_related("decree__round", "group", "regency__province", "product__ikm")


# The star in force follows from the two that are kept; its history needs no third.
@pghistory.track(exclude=["star_in_force"])
class Award(models.Model):
    """
    One award: a star for one product of one IKM, as decreed. Names, region and `star` are copied at issue and stay;
    `star_in_force` is what a published changing decree made of it (changing.py, AwardChange). The product links to the
    registry as it is today. Taken over from an earlier round, it has no nomination.
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
    changed_star = models.PositiveSmallIntegerField("bintang setelah perubahan", null=True, blank=True)
    star_in_force = models.GeneratedField(
        expression=Coalesce("changed_star", "star"),
        output_field=models.PositiveSmallIntegerField("bintang yang berlaku"),
        db_persist=True,
    )
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
                name="award_changed_star_is_within_its_scheme",
                condition=Q(changed_star=None) | Q(changed_star__gte=1, changed_star__lte=F("maximum_star")),
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

    @property
    def is_restarred(self) -> bool:
        """Whether its star is no longer the one first decreed."""
        return self.changed_star is not None and self.changed_star != self.star

    def published_changes(self) -> models.QuerySet[AwardChange]:
        """What published changing decrees made of it, oldest first."""
        changes = self.changes.filter(decree__published_at__lte=Now()).select_related("decree")
        return changes.order_by("decree__published_at", "pk")
