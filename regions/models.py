"""
Provinces, kabupaten and kota: reference data, read-only. Codes are those of Kepmendagri 300.2.2-2430/2025.

Loaded by `manage.py load_regions` from fixtures/regions (sources and licence notices in its README).
"""

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Left


class Province(models.Model):
    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    island = models.CharField(max_length=40)

    class Meta:
        ordering = ["code"]
        constraints = [
            CheckConstraint(name="province_code_has_two_digits", condition=Q(code__regex=r"^\d{2}$"))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> str:
        """IANA time zone of the province (tzdata; the six provinces of Papua are all WIT)."""
        if self.code in WITA:
            return "Asia/Makassar"
        return "Asia/Jayapura" if self.code in WIT else "Asia/Jakarta"


# Keppres 41/1987 with the provinces formed since; documents on file use the zone of the regency.
WITA = frozenset(["51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"])
WIT = frozenset(["81", "82", "91", "92", "93", "94", "95", "96"])


class Regency(models.Model):
    class Kind(models.TextChoices):
        KABUPATEN = "kabupaten", "Kabupaten"
        KOTA = "kota", "Kota"

    code = models.CharField(max_length=4, primary_key=True)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="regencies")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    name = models.CharField(max_length=60)
    lat = models.DecimalField(max_digits=7, decimal_places=4)
    lon = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        ordering = ["code"]
        constraints = [
            CheckConstraint(name="regency_code_has_four_digits", condition=Q(code__regex=r"^\d{4}$")),
            CheckConstraint(name="regency_kind_is_known", condition=Q(kind__in=["kabupaten", "kota"])),
            CheckConstraint(
                name="regency_code_starts_with_its_province", condition=Q(province=Left(F("code"), 2))
            ),
            models.UniqueConstraint(name="regency_kind_and_name_are_unique", fields=["kind", "name"]),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its kind, always: 26 names are both a kabupaten and a kota."""
        return f"{self.get_kind_display()} {self.name}"
