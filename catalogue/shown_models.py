"""What the secretariat shows of a producer beside the award itself: photos it has cleared, and where the product is sold."""

from __future__ import annotations

import uuid
from pathlib import Path

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from accounts.models import Person
from awards.models import Award
from files.models import StoredFile
from nominations.models import Ikm


class ShownPhoto(models.Model):
    """
    One photo of an award's product, cleared for the public. `widths` are those it was drawn in, smallest first; each
    lies as WebP and as JPEG in `folder`, so that the stored original is never sent to a visitor.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="shown_photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    alt = models.CharField("keterangan", max_length=200)
    alt_en = models.CharField(
        "keterangan, bahasa Inggris", max_length=200, blank=True, default="", db_default=""
    )
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    widths = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position", "at", "pk"]
        constraints = [
            models.UniqueConstraint(name="photo_is_shown_once_with_an_award", fields=["award", "file"]),
            CheckConstraint(name="shown_photo_says_what_it_shows", condition=~Q(alt="")),
            CheckConstraint(name="shown_photo_has_a_size", condition=Q(width__gte=1, height__gte=1)),
        ]

    def __str__(self) -> str:
        return self.alt

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "shown" / str(self.pk)

    def path(self, width: int, kind: str) -> Path:
        return self.folder / f"{width}.{kind}"

    def address(self, width: int, kind: str) -> str:
        return reverse("photo", args=[self.pk, width, kind])


@pghistory.track()
class SellingPlace(models.Model):
    """Where an IKM sells: shown only because the IKM agreed to it in writing on a day that is kept."""

    class Kind(models.TextChoices):
        SHOP = "toko", "Toko"
        MARKET_PLACE = "lokapasar", "Lokapasar"
        E_CATALOGUE = "e_katalog", "E-katalog pemerintah"

    ikm = models.ForeignKey(Ikm, on_delete=models.PROTECT, related_name="selling_places")
    kind = models.CharField("jenis", max_length=10, choices=Kind.choices)
    name = models.CharField("nama toko atau lokapasar", max_length=120)
    url = models.URLField("alamat", max_length=300)
    agreed_on = models.DateField("tanggal persetujuan tertulis IKM")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(name="selling_place_is_named_once", fields=["ikm", "url"]),
            CheckConstraint(name="selling_place_has_a_safe_address", condition=Q(url__startswith="https://")),
            CheckConstraint(
                name="selling_place_kind_is_known", condition=Q(kind__in=["toko", "lokapasar", "e_katalog"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.url}"
