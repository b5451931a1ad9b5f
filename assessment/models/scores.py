"""The scores, each sheet as it was submitted, its reopening, and what the panel writes to each other."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q

from accounts.models import Person
from accounts.roles import Right

from .panels import Assessment, Assignment

# FOR SHARE waits for a submission under way: whoever saves and whoever submits at the same moment take turns.
_MAY_BE_WRITTEN = """
    PERFORM 1 FROM assessment_assignment
    WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.assignment_id ELSE NEW.assignment_id END) FOR SHARE;
    IF EXISTS (SELECT 1 FROM assessment_assignment
               WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.assignment_id ELSE NEW.assignment_id END)
               AND (submitted_at IS NOT NULL OR removed_at IS NOT NULL OR has_conflict IS NOT FALSE)) THEN
        RAISE EXCEPTION 'a sheet is written by whoever is declared, active and not yet submitted'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.assignment_id, OLD.indicator) IS DISTINCT FROM (NEW.assignment_id, NEW.indicator) THEN
        RAISE EXCEPTION 'a score stays with its indicator' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM assessment_assignment AS mine
        JOIN assessment_assessment AS one ON one.id = mine.assessment_id
        JOIN assessment_instrument AS form ON form.id = one.instrument_id
        WHERE mine.id = NEW.assignment_id AND form.ladders ? NEW.indicator
        AND (NEW.points IS NULL OR form.ladders -> NEW.indicator @> to_jsonb(NEW.points))) THEN
        RAISE EXCEPTION 'no level of this version of the instrument: % for %', NEW.points, NEW.indicator
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, person: Person) -> ScoreQuerySet:
        """The scores of AssignmentQuerySet.scores_visible_to: nobody sees others' before all are in."""
        return self.filter(assignment__in=Assignment.objects.scores_visible_to(person))


@pghistory.track()
class Score(models.Model):
    """Points of one assessor for one indicator: a level of its ladder; None where there is only a note so far."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="scores")
    indicator = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField("catatan", blank=True)
    at = models.DateTimeField()

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "indicator"]
        constraints = [
            models.UniqueConstraint(name="score_once_per_indicator", fields=["assignment", "indicator"])
        ]
        triggers = [
            pgtrigger.Trigger(
                name="locked_once_submitted",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_MAY_BE_WRITTEN,
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.points}"


class SheetQuerySet(models.QuerySet["Sheet"]):
    def superseded(self) -> SheetQuerySet:
        """Opened again or taken out of the value: what stays beside whatever counts now."""
        return self.filter(reopening__isnull=False)

    def visible_to(self, person: Person) -> SheetQuerySet:
        """
        Superseded sheets, word for word: the auditor, chair and secretariat once the plenary that decided is sealed,
        these two a sheet that was taken out as soon as all of the panel are in again; the assessor the own ones while
        the assignment stands. Before the seal nobody else reads whose scores those were that still count.
        """
        if not person.is_authenticated:
            return self.none()
        sealed = Q(assignment__assessment__nomination__decisions__plenary__sealed_at__isnull=False)
        seen = Q(pk__in=[])
        if person.may(Right.SCORE):
            own = Assignment.objects.scoring().filter(assessor=person).untied()
            seen |= Q(assignment__in=own.values("pk"))
        if person.may(Right.LEAD_PLENARY) or person.may(Right.ASSIGN):
            seen |= sealed | Q(
                reopening__kind=Reopening.Kind.RECUSAL, assignment__assessment__completed_at__isnull=False
            )
        if person.may(Right.READ_ALL):
            seen |= sealed
        return self.superseded().filter(pk__in=Sheet.objects.filter(seen).values("pk"))


class Sheet(models.Model):
    """One submission of one assessor, word for word: what stays beside whatever a reopening changes."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="sheets")
    sequence = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    scores = models.JSONField()
    notes = models.JSONField(default=dict)

    append_only = True
    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "sequence"]
        constraints = [
            models.UniqueConstraint(name="sheet_sequence_is_unique", fields=["assignment", "sequence"]),
            models.UniqueConstraint(name="sheet_once_per_instant", fields=["assignment", "submitted_at"]),
        ]
        triggers = [pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.assignment} kiriman {self.sequence}"


_NOT_ONCE_DECIDED = """
    IF EXISTS (
        SELECT 1 FROM assessment_decision AS decided
        JOIN assessment_assessment AS one ON one.nomination_id = decided.nomination_id
        JOIN assessment_assignment AS mine ON mine.assessment_id = one.id
        JOIN assessment_sheet AS sheet ON sheet.assignment_id = mine.id
        WHERE sheet.id = NEW.sheet_id) THEN
        RAISE EXCEPTION 'what the plenary has decided on is not opened again' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Reopening(models.Model):
    """Why a submitted sheet was opened again or taken out: by order, the assessor's own revision, or an interest."""

    class Kind(models.TextChoices):
        ORDERED = "ordered", "Dibuka kembali"
        REVISION = "revision", "Perbaikan setelah pembahasan"
        RECUSAL = "recusal", "Dikeluarkan dari nilai karena kepentingan"

    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="reopening")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField("alasan")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(name="reopening_has_a_reason", condition=~Q(reason="")),
            CheckConstraint(
                name="reopening_kind_is_known", condition=Q(kind__in=["ordered", "revision", "recusal"])
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="not_once_decided",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_NOT_ONCE_DECIDED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.sheet}"


class Comment(models.Model):
    """What an assessor writes to the panel on one indicator, once all are in."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="comments")
    indicator = models.CharField(max_length=20)
    text = models.TextField("tanggapan")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        ordering = ["assessment", "indicator", "pk"]
        constraints = [CheckConstraint(name="comment_says_something", condition=~Q(text=""))]
        triggers = [pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.by}"
