"""Earlier recipients who are assessed again in a round: who was called in, and what they had last time."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q

from accounts.models import Person
from nominations.models import Nomination


class Reevaluation(models.Model):
    """
    One nomination that the secretariat called in because an award's term ends. `before`: last time's nomination, whose
    values stand beside the new ones; empty where the award was taken over from records without scores.
    """

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="reevaluation")
    before = models.ForeignKey(
        Nomination, null=True, blank=True, on_delete=models.PROTECT, related_name="reevaluations"
    )
    year_before = models.PositiveSmallIntegerField("periode penghargaan terakhir")
    star_before = models.PositiveSmallIntegerField("bintang terakhir")
    maximum_star_before = models.PositiveSmallIntegerField("bintang tertinggi waktu itu")
    # Empty where the decree named no end of the term.
    term_ends_on = models.DateField("berlaku sampai", null=True, blank=True)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(
                name="reevaluation_star_before_is_of_its_scheme",
                condition=Q(star_before__gte=1, star_before__lte=F("maximum_star_before")),
            ),
            CheckConstraint(
                name="reevaluation_is_of_another_nomination",
                condition=Q(before=None) | ~Q(before=F("nomination")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Evaluasi ulang {self.nomination}"
