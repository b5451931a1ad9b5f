"""What an office writes its letters with: its letterhead, and who signs for it from when until when."""

from __future__ import annotations

from datetime import date

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q

from accounts.models import Office

from .official import Letter


@pghistory.track()
class Letterhead(models.Model):
    """The lines above a letter and the place of its date; copied into each letter when it is drafted."""

    office = models.OneToOneField(Office, on_delete=models.PROTECT, related_name="letterhead")
    lines = ArrayField(models.CharField(max_length=120), verbose_name="baris kop")
    place = models.CharField("tempat", max_length=80)

    class Meta:
        ordering = ["office"]
        constraints = [
            CheckConstraint(
                name="letterhead_has_lines_and_a_place",
                condition=Q(lines__len__gte=1, lines__len__lte=6) & ~Q(place=""),
            )
        ]

    def __str__(self) -> str:
        return f"Kop {self.office}"


class SigningOfficerQuerySet(models.QuerySet["SigningOfficer"]):
    def on(self, day: date) -> SigningOfficerQuerySet:
        """Those who sign on this day, both ends of their time included."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)


@pghistory.track()
class SigningOfficer(models.Model):
    """
    Somebody who signs for an office, as printed; the name in three fields (documents.md 13).

    A person who leaves the post gets a last day; a letter keeps its own copy, whatever becomes of this row.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="signing_officers")
    title_before = models.CharField("gelar depan", max_length=40, blank=True)
    name = models.CharField("nama", max_length=120)
    title_after = models.CharField("gelar belakang", max_length=60, blank=True)
    position = models.CharField("jabatan", max_length=160)
    nip = models.CharField(
        "NIP",
        max_length=18,
        blank=True,
        validators=[RegexValidator(r"^\d{18}$", "NIP terdiri atas 18 angka.")],
    )
    capacity = models.CharField(
        "bertindak", max_length=8, choices=Letter.Capacity.choices, default=Letter.Capacity.SELF
    )
    superiors = ArrayField(
        models.CharField(max_length=160), verbose_name="atas nama", default=list, blank=True
    )
    valid_from = models.DateField("berlaku sejak")
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)

    objects = SigningOfficerQuerySet.as_manager()

    class Meta:
        ordering = ["office", "-valid_from", "pk"]
        constraints = [
            CheckConstraint(
                name="signing_officer_has_a_name_and_a_position", condition=~Q(name="") & ~Q(position="")
            ),
            CheckConstraint(
                name="signing_officer_nip_has_18_digits", condition=Q(nip="") | Q(nip__regex=r"^\d{18}$")
            ),
            CheckConstraint(
                name="signing_officer_names_whom_the_capacity_asks",
                condition=Q(capacity="a.n.", superiors__len=1)
                | Q(capacity="u.b.", superiors__len=2)
                | Q(capacity__in=["sendiri", "Plt.", "Plh."], superiors__len=0),
            ),
            CheckConstraint(
                name="signing_officer_ends_after_the_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.position}"

    @property
    def full_name(self) -> str:
        """The name with its titles: "Dr. Ir. Hj. Siti Aminah, S.E., M.M."."""
        front = f"{self.title_before} {self.name}".strip()
        return f"{front}, {self.title_after}" if self.title_after else front
