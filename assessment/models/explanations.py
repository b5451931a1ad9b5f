"""What the nominating office reads of its result after the publication: drafted from the scores, released by a person."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q

from accounts.models import Person
from accounts.roles import Right
from nominations.models import Nomination

from .panels import Assessment


class ExplanationQuerySet(models.QuerySet["Explanation"]):
    def visible_to(self, person: Person) -> ExplanationQuerySet:
        """The secretariat and the auditor all; whoever may open the nomination for its office or province, released ones."""
        if not person.is_authenticated:
            return self.none()
        if person.may(Right.ASSIGN) or person.may(Right.READ_ALL):
            return self
        if not (person.may(Right.NOMINATE) or person.may(Right.ENDORSE)):
            return self.none()
        mine = Nomination.objects.visible_to(person)
        return self.filter(released_at__isnull=False, assessment__nomination__in=mine)


@pghistory.track()
class Explanation(models.Model):
    """
    The explanation of one result. `facts`: what was computed when it was drafted (explanations.facts_of), fractions as
    text; `text`: a person's words. Once released it never changes.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="explanation")
    facts = models.JSONField()
    text = models.TextField("penjelasan")
    # Rises with each save: whoever saves an older one is told.
    version = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ExplanationQuerySet.as_manager()

    class Meta:
        ordering = ["assessment"]
        constraints = [
            CheckConstraint(name="explanation_says_something", condition=~Q(text="")),
            CheckConstraint(
                name="explanation_is_released_whole",
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="released_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__released_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Penjelasan {self.assessment}"
