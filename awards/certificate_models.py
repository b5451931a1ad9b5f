"""Certificates and what they look like: the papers of the awards, the designs of a round, their emblems."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q

from accounts.models import Person
from nominations.models import Round

from .certificate_looks import COLOURS, FRAMES
from .certificate_text import ORNAMENTS

if TYPE_CHECKING:
    from .decree_models import Decree


class Emblem(models.Model):
    """
    A file for the slot at the top of a certificate, as it was uploaded and checked (emblems.py): a few kilobytes,
    kept beside the designs that show it, so that neither is ever there without the other (docs/decisions/0105).
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=20)
    data = models.BinaryField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(name="emblem_has_its_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            CheckConstraint(
                name="emblem_kind_is_known", condition=Q(media_type__in=["image/svg+xml", "image/png"])
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:12]}"


class CertificateDesign(models.Model):
    """
    What the certificates of a round look like, as the secretariat chose it; a change is a new version, and a numbered
    certificate keeps the one of its time (designs.py).
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="certificate_designs")
    version = models.PositiveSmallIntegerField("versi")
    frame = models.CharField("bingkai", max_length=10, choices=list(FRAMES.items()), default="pita")
    # Empty: the ornament of each award's commodity group.
    ornament = models.CharField("ragam hias", max_length=10, blank=True, default="")
    colour = models.CharField("warna", max_length=10, choices=list(COLOURS.items()), default="tarum")
    words = models.CharField("kalimat tambahan", max_length=120, blank=True, default="")
    words_en = models.CharField(
        "kalimat tambahan dalam bahasa Inggris", max_length=120, blank=True, default=""
    )
    emblem = models.ForeignKey(
        Emblem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="designs",
        verbose_name="lambang",
    )
    emblem_text = models.CharField("yang tampak pada lambang", max_length=120, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round", "-version"]
        constraints = [
            models.UniqueConstraint(name="certificate_design_version_is_unique", fields=["round", "version"]),
            CheckConstraint(name="certificate_design_frame_is_known", condition=Q(frame__in=list(FRAMES))),
            CheckConstraint(name="certificate_design_colour_is_known", condition=Q(colour__in=list(COLOURS))),
            CheckConstraint(
                name="certificate_design_ornament_is_known", condition=Q(ornament__in=["", *ORNAMENTS])
            ),
            CheckConstraint(
                name="certificate_design_says_both_languages_or_none",
                condition=Q(words="", words_en="") | (~Q(words="") & ~Q(words_en="")),
            ),
            CheckConstraint(
                name="certificate_design_emblem_is_described",
                condition=Q(emblem=None, emblem_text="") | (Q(emblem__isnull=False) & ~Q(emblem_text="")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Rupa piagam {self.round_id}, versi {self.version}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def resting_on(self, decree: Decree) -> CertificateQuerySet:
        """The papers that this decree brought about: those of its awards, those of the stars that it changed."""
        return self.filter(Q(decree=decree) | Q(decree=None, award__decree=decree))

    def in_force(self) -> Certificate | None:
        """Of one award: the paper that no other one replaces."""
        return self.filter(replaced_at=None).order_by("-version").first()

    def public(self, *, at: datetime) -> CertificateQuerySet:
        """Those whose decree is published by then; of the others no code, file or number answers."""
        return self.filter(
            Q(decree__published_at__lte=at) | Q(decree=None, award__decree__published_at__lte=at)
        )


# The look never changes once it is given; its history needs it no second time.
@pghistory.track(exclude=["design"])
class Certificate(models.Model):
    """
    One paper of one award. version 1 is the first. A reissue has the number's suffix /P1, /P2 (reissue.py); the paper
    of a changed star rests on the changing decree and has a number of its own (changing.py).
    The file is made by the worker and never made again once its hash stands here.
    """

    award = models.ForeignKey("awards.Award", on_delete=models.PROTECT, related_name="certificates")
    version = models.PositiveSmallIntegerField(default=1)
    # What it prints where that is not what the award's own decree says; empty: as that decree says.
    decree = models.ForeignKey(
        "awards.Decree",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificates",
        db_index=False,
        verbose_name="dasar",
    )
    star = models.PositiveSmallIntegerField("bintang", null=True, blank=True)
    ikm_name = models.CharField("nama yang dicetak", max_length=160, blank=True, default="", db_default="")
    # What it looks like, from the moment it is numbered; empty: as the portal ships it.
    design = models.ForeignKey(
        "awards.CertificateDesign",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificates",
        db_index=False,
        verbose_name="rupa",
    )
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

    objects = CertificateQuerySet.as_manager()

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
            ),
            pgtrigger.Protect(
                name="keeps_its_design",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__design__df=pgtrigger.F("new__design")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def basis(self) -> Decree:
        """The decree that the paper names: its own, or that of its award."""
        return self.decree or self.award.decree

    @property
    def printed_star(self) -> int:
        return self.award.star if self.star is None else self.star

    @property
    def printed_name(self) -> str:
        return self.ikm_name or self.award.ikm_name


class CertificatePause(models.Model):
    """While this row is there the making of the decree's certificates stands still (batches.py)."""

    class Reason(models.TextChoices):
        PERSON = "person", "petugas"
        SECRET = "secret", "kode rahasia penanda tangan"

    decree = models.OneToOneField(
        "awards.Decree", primary_key=True, on_delete=models.CASCADE, related_name="pause"
    )
    at = models.DateTimeField()
    waits_for = models.CharField("menunggu", max_length=10, choices=Reason.choices)

    def __str__(self) -> str:
        return f"{self.decree_id}: {self.waits_for}"


class LateCertificates(models.Model):
    """
    That the awards of a decree taken over from the archive get certificates after all: a decision of its own, with the
    decree that it rests on, who signs the papers and why (late_certificates.py). Never taken back.
    """

    decree = models.OneToOneField(
        "awards.Decree", primary_key=True, on_delete=models.PROTECT, related_name="late_certificates"
    )
    rests_on = models.CharField("dasar", max_length=120)
    on = models.DateField("tanggal piagam")
    place = models.CharField("diterbitkan di", max_length=60)
    signatory_office = models.CharField("jabatan", max_length=120)
    signatory_name = models.CharField("nama tanpa gelar", max_length=120)
    reason = models.TextField("alasan")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(
                name="late_certificates_say_on_what_and_why",
                condition=~Q(rests_on="") & ~Q(reason="") & ~Q(signatory_office="") & ~Q(signatory_name=""),
            )
        ]
        triggers = [pgtrigger.Protect(name="never_taken_back", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Piagam periode {self.decree_id} yang diambil alih"
