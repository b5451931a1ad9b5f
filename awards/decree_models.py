"""Decrees: how one is issued and published: decrees.py, publication.py; its papers and words: change_models.py."""

from __future__ import annotations

from datetime import datetime

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Person
from assessment.models import Plenary
from files.models import StoredFile
from nominations.models import Round

from .change_models import DecreeWording

# What a decree from the archive is, field by field: one that establishes awards without a session of this portal.
_TAKEN_OVER = {"plenary_id": None, "kind": "penetapan"}


class DecreeQuerySet(models.QuerySet["Decree"]):
    def published(self) -> DecreeQuerySet:
        """Those whose instant of publication has come: nothing of the others is public in any way."""
        return self.filter(published_at__isnull=False, published_at__lte=Now())

    def establishing(self) -> DecreeQuerySet:
        """The one of each round that first fixed its awards; the others change or revoke what it fixed."""
        return self.filter(kind=Decree.Kind.ESTABLISHING)

    def of_the_portal(self) -> DecreeQuerySet:
        """Those that were not taken over from the archive: their papers are ours to make."""
        return self.exclude(**_TAKEN_OVER)

    def taken_over(self) -> DecreeQuerySet:
        """Those from the archive, not from a session of this portal (taking_over.py)."""
        return self.filter(**_TAKEN_OVER)


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
        """From the archive, as `DecreeQuerySet.taken_over`."""
        return all(getattr(self, field) == value for field, value in _TAKEN_OVER.items())

    def is_published(self, *, at: datetime) -> bool:
        return self.published_at is not None and self.published_at <= at
