"""A round, its dated phases, the commodity groups, and what each group requires: all data of the secretariat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pghistory
from django.db import models
from django.db.models import CheckConstraint, F, Q


@pghistory.track()
class CommodityGroup(models.Model):
    """makanan_minuman, kain_tenun, kain_batik, anyaman, gerabah; 2013 had six: so groups are data."""

    class Ornament(models.TextChoices):
        TENUN = "tenun", "Belah ketupat tenun"
        BATIK = "batik", "Titik canting"
        ANYAMAN = "anyaman", "Anyaman kepar"
        GERABAH = "gerabah", "Alur putaran"
        MAKANAN = "makanan", "Daun dan biji"
        LAINNYA = "lainnya", "Segitiga"

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField("nama", max_length=80, unique=True)
    name_en = models.CharField("nama dalam bahasa Inggris", max_length=80)
    ornament = models.CharField(
        "hiasan piagam", max_length=12, choices=Ornament.choices, default=Ornament.LAINNYA
    )
    position = models.PositiveSmallIntegerField("urutan", default=0)
    # A group or kind that is no longer offered stays where it was used.
    is_active = models.BooleanField("dipakai", default=True, db_default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Round(models.Model):
    """A round (periode). Its name is its year, whatever its dates; no next round is ever computed (domain.md)."""

    year = models.PositiveSmallIntegerField("tahun", primary_key=True)
    is_example = models.BooleanField(
        "data contoh", default=False, help_text="Semua isinya contoh, bukan data resmi."
    )
    # Working days (documents.md 3): to object after the result of screening, and to answer an objection.
    objection_days = models.PositiveSmallIntegerField("hari kerja untuk menyanggah", default=5)
    answer_days = models.PositiveSmallIntegerField("hari kerja untuk menjawab sanggah", default=5)

    class Meta:
        ordering = ["-year"]
        constraints = [
            CheckConstraint(name="round_year_is_plausible", condition=Q(year__gte=2007, year__lte=2100)),
            CheckConstraint(
                name="round_days_to_object_and_to_answer_are_some",
                condition=Q(objection_days__gte=1, answer_days__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"Periode {self.year}"

    def know_phases(self, phases: Iterable[Phase]) -> None:
        """Its phases as they were read already."""
        self._phases = {phase.kind: phase for phase in phases}

    def phase(self, kind: str) -> Phase | None:
        """The phase of this kind, or None where the secretariat has not dated it; phases are read once."""
        if not hasattr(self, "_phases"):
            self.know_phases(self.phases.all())
        return self._phases.get(kind)

    def is_open(self, kind: str, *, at: datetime) -> bool:
        """Whether a phase of this kind is dated and holds `at`: [opens_at, closes_at)."""
        phase = self.phase(kind)
        return phase is not None and phase.holds(at)


@pghistory.track()
class Phase(models.Model):
    class Kind(models.TextChoices):
        OUTREACH = "sosialisasi", "Sosialisasi"
        NOMINATION = "pengusulan", "Pengusulan"
        ENDORSEMENT = "verifikasi_provinsi", "Verifikasi provinsi"
        SCREENING = "seleksi", "Seleksi administrasi"
        ASSESSMENT = "penilaian", "Penilaian"
        VISIT = "verifikasi_lapangan", "Verifikasi lapangan"
        PLENARY = "pleno", "Sidang pleno"
        ANNOUNCEMENT = "pengumuman", "Pengumuman"

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField("tahap", max_length=20, choices=Kind.choices)
    opens_at = models.DateTimeField("dibuka")
    closes_at = models.DateTimeField("ditutup")

    class Meta:
        ordering = ["opens_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="phase_is_dated_once_in_a_round", fields=["round", "kind"]),
            CheckConstraint(name="phase_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.round_id}"

    def holds(self, at: datetime) -> bool:
        """Whether `at` lies in [opens_at, closes_at): the closing instant itself is too late."""
        return self.opens_at <= at < self.closes_at


@pghistory.track()
class DocumentKind(models.Model):
    """A kind of licence or file. Codes are those of the instruments' evidence keys (`dokumen:halal` -> `halal`)."""

    class Holder(models.TextChoices):
        OFFICE = "office", "dinas"
        SENTRA = "sentra", "sentra"
        IKM = "ikm", "IKM"

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField("nama", max_length=120)
    holder = models.CharField("pemegang", max_length=8, choices=Holder.choices, default=Holder.IKM)
    has_number = models.BooleanField("bernomor", default=True)
    has_expiry = models.BooleanField("berlaku sampai tanggal tertentu", default=False)
    is_photo = models.BooleanField("foto", default=False)
    position = models.PositiveSmallIntegerField("urutan", default=0)
    is_active = models.BooleanField("dipakai", default=True, db_default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Requirement(models.Model):
    """What screening asks for: one of the kinds that it accepts; for all groups where none is named."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField("persyaratan", max_length=160)
    basis = models.CharField("dasar", max_length=240, blank=True)
    # SVLK: asked only where the main material is wood or rattan, which the nomination says.
    only_for_wood = models.BooleanField("hanya untuk bahan kayu atau rotan", default=False)
    accepts = models.ManyToManyField(DocumentKind, related_name="requirements", blank=True)
    groups = models.ManyToManyField(CommodityGroup, related_name="requirements", blank=True)
    is_active = models.BooleanField("berlaku", default=True)
    position = models.PositiveSmallIntegerField("urutan", default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


# Which kinds a requirement accepts and which groups it is asked of have a history too.
pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())(Requirement.accepts.through)
pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())(Requirement.groups.through)
