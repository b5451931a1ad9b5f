"""Counters of the portal's own numbers, and what an office's register numbers usually look like."""

from django.db import models

from accounts.models import Office


class Counter(models.Model):
    """The last number given in a series, for a year and a key (an office's code, say). Raised by numbering.take."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60, blank=True)
    value = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["series", "year", "key"]
        constraints = [models.UniqueConstraint(name="counter_is_one_row", fields=["series", "year", "key"])]

    def __str__(self) -> str:
        return f"{self.series} {self.year} {self.key}: {self.value}"


class NumberPattern(models.Model):
    """An office's own pattern for a family of letters; numbering.PATTERNS holds the ones it starts from."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="number_patterns")
    family = models.CharField("jenis naskah", max_length=20)
    pattern = models.CharField(
        "pola", max_length=80, help_text="Contoh: B/{urut}/{unit}/{klas}/{bulan_romawi}/{tahun}"
    )

    class Meta:
        ordering = ["office", "family"]
        constraints = [
            models.UniqueConstraint(name="number_pattern_is_one_per_family", fields=["office", "family"])
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.pattern}"
