"""Awards; their decrees: decree_models.py, their papers: certificate_models.py, what becomes of them: change_models.py."""

from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse

from accounts.models import Person
from nominations.models import CommodityGroup, Nomination, Product
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
from .decree_models import Decree, DecreeQuerySet

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
