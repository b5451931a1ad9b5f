"""The days on which offices are closed, year by year, as the joint decree of three ministers lists them."""

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import ExtractYear


class HolidayYear(models.Model):
    """A year whose decree was entered: only such a year can be counted in (workdays.py)."""

    year = models.PositiveSmallIntegerField("tahun", primary_key=True)
    decree = models.CharField("keputusan bersama", max_length=200)
    source = models.CharField("sumber", max_length=300)

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class Holiday(models.Model):
    class Kind(models.TextChoices):
        LIBUR = "libur", "Libur nasional"
        CUTI_BERSAMA = "cuti_bersama", "Cuti bersama"

    date = models.DateField("tanggal", unique=True)
    name = models.CharField("nama", max_length=120)
    kind = models.CharField("jenis", max_length=12, choices=Kind.choices)
    year = models.ForeignKey(HolidayYear, on_delete=models.PROTECT, related_name="days")

    class Meta:
        ordering = ["date"]
        constraints = [
            CheckConstraint(name="holiday_kind_is_known", condition=Q(kind__in=["libur", "cuti_bersama"])),
            CheckConstraint(name="holiday_lies_in_its_year", condition=Q(year=ExtractYear(F("date")))),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.name}"

    @property
    def source(self) -> str:
        return f"{self.year.decree} ({self.year.source})"
