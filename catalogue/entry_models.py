"""
What an awarded product's page tells beside the award, in versions: written by its dinas (or the IKM through a link),
reviewed by the secretariat, public from then on. A version that was shown is never changed (decision 0113).
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from accounts.models import Person
from awards.models import Award
from files.models import StoredFile

from .shown_models import SellingPlace


class EntryQuerySet(models.QuerySet["EntryVersion"]):
    def open(self) -> EntryQuerySet:
        """Those still to be decided; one for each award at most."""
        return self.exclude(state=EntryVersion.State.SHOWN)

    def waiting(self) -> EntryQuerySet:
        """Those the secretariat has to review, of awards that the public sees."""
        return self.filter(
            state=EntryVersion.State.SENT,
            award__in=Award.objects.published().filter(revoked_at=None).order_by().values("pk"),
        )


class EntryVersion(models.Model):
    """One version of the words of a product's page. The words of the English page may be missing."""

    class State(models.TextChoices):
        DRAFT = "disusun", "Sedang disusun"
        SENT = "dikirim", "Menunggu tinjauan Sekretariat"
        RETURNED = "dikembalikan", "Dikembalikan"
        SHOWN = "tampil", "Tampil"

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="entry_versions")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    story = models.CharField("cerita produk", max_length=4000, blank=True)
    raw_material = models.CharField("bahan baku", max_length=1000, blank=True)
    raw_origin = models.CharField("asal bahan baku", max_length=300, blank=True)
    story_en = models.CharField("cerita produk, bahasa Inggris", max_length=4000, blank=True)
    raw_material_en = models.CharField("bahan baku, bahasa Inggris", max_length=1000, blank=True)
    raw_origin_en = models.CharField("asal bahan baku, bahasa Inggris", max_length=300, blank=True)
    # Rises with each save: whoever saves an older one is told.
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    ikm_wrote_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("alasan dikembalikan", max_length=1000, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="entry_has_one_open_version",
                fields=["award"],
                condition=Q(shown_at=None),
            ),
            CheckConstraint(
                name="entry_shown_has_its_instant",
                condition=Q(state="tampil", shown_at__isnull=False) | (~Q(state="tampil") & Q(shown_at=None)),
            ),
            CheckConstraint(
                name="entry_state_is_known",
                condition=Q(state__in=["disusun", "dikirim", "dikembalikan", "tampil"]),
            ),
            CheckConstraint(
                name="entry_is_decided_after_it_was_sent",
                condition=Q(state="disusun")
                | (Q(state="dikirim") & Q(sent_at__isnull=False, sent_by__isnull=False))
                | (
                    Q(state__in=["dikembalikan", "tampil"])
                    & Q(sent_at__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            CheckConstraint(
                name="entry_returned_says_why", condition=~Q(state="dikembalikan") | ~Q(reason="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="shown_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="tampil"),
            )
        ]

    def __str__(self) -> str:
        return f"Halaman produk {self.award_id}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("entry", args=[self.award_id])


class EntryPhoto(models.Model):
    """A photo as a version wants it shown: in this place, with these words for whoever does not see it."""

    entry = models.ForeignKey(EntryVersion, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    alt = models.CharField("keterangan", max_length=200)
    alt_en = models.CharField("keterangan, bahasa Inggris", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="entry_has_a_photo_once", fields=["entry", "file"]),
            models.UniqueConstraint(
                name="entry_photo_has_a_place_of_its_own",
                fields=["entry", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            CheckConstraint(name="entry_photo_says_what_it_shows", condition=~Q(alt="")),
        ]

    def __str__(self) -> str:
        return self.alt


class EntryPlace(models.Model):
    """A place to buy that a version adds, with the day of the IKM's written agreement."""

    entry = models.ForeignKey(EntryVersion, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField("jenis", max_length=10, choices=SellingPlace.Kind.choices)
    name = models.CharField("nama toko atau lokapasar", max_length=120)
    url = models.URLField("alamat", max_length=300)
    agreed_on = models.DateField("tanggal persetujuan tertulis IKM")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="entry_names_a_place_once", fields=["entry", "url"]),
            CheckConstraint(name="entry_place_has_a_safe_address", condition=Q(url__startswith="https://")),
            CheckConstraint(
                name="entry_place_kind_is_known", condition=Q(kind__in=["toko", "lokapasar", "e_katalog"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.url}"


class EntryLink(models.Model):
    """The link by which an IKM writes for its own page: the newest number opens, until a day; photos are counted."""

    award = models.OneToOneField(Award, on_delete=models.CASCADE, related_name="entry_link")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    photos_taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            CheckConstraint(
                name="entry_link_ends_after_it_begins", condition=Q(ends_at__gt=models.F("made_at"))
            )
        ]

    def __str__(self) -> str:
        return f"Tautan {self.number} untuk penghargaan {self.award_id}"
