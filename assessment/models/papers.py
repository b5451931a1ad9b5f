"""A sheet filled in on paper: its scan, what two people read on it apart, and which of the two agrees with the scan."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right
from files.models import StoredFile

from .panels import Assignment
from .scores import Sheet


class PaperQuerySet(models.QuerySet["Paper"]):
    def open(self) -> PaperQuerySet:
        return self.filter(over_at=None)

    def visible_to(self, person: Person) -> PaperQuerySet:
        """
        Who may know that there is one: the secretariat, but nobody who sits or sat on that panel; the auditor.

        What it says is another question: `readable_by`.
        """
        if not person.is_authenticated:
            return self.none()
        if person.may(Right.ASSIGN):
            mine = Assignment.objects.filter(assessor=person, assessment=OuterRef("assignment__assessment"))
            return self.filter(~Exists(mine))
        return self if person.may(Right.READ_ALL) else self.none()

    def readable_by(self, person: Person) -> PaperQuerySet:
        """
        Whose scan and cells this person may read: as long as it is open whoever types it in; from then on who may
        read the sheet itself (AssignmentQuerySet.scores_visible_to).
        """
        sheets = Assignment.objects.scores_visible_to(person).order_by().values("pk")
        readable = Q(finished_at__isnull=False, assignment__in=sheets)
        if person.is_authenticated and person.may(Right.ASSIGN):
            readable |= Q(pk__in=self.model.objects.open().visible_to(person).values("pk"))
        return self.filter(readable)

    def with_names(self) -> PaperQuerySet:
        return self.select_related(
            "scan",
            "assignment__assessor",
            "assignment__assessment__instrument",
            "assignment__assessment__nomination__round",
            "assignment__assessment__nomination__product__group",
            "assignment__assessment__nomination__product__ikm__regency__province",
        )


# A paper becomes a sheet only cell by cell: each as both read it, or as the one who agrees with the scan did.
_CELLS_AGREE = """
    IF NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL THEN
        IF (SELECT count(*) FROM assessment_paperentry
            WHERE paper_id = NEW.id AND done_at IS NOT NULL) <> 2 THEN
            RAISE EXCEPTION 'a paper sheet is read by two people' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM assessment_sheet
                       WHERE id = NEW.sheet_id AND assignment_id = NEW.assignment_id) THEN
            RAISE EXCEPTION 'a paper becomes a sheet of its own assessor' USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM assessment_sheet AS sheet CROSS JOIN LATERAL jsonb_each(sheet.scores) AS cell(code, points)
            WHERE sheet.id = NEW.sheet_id AND NOT EXISTS (
                SELECT 1 FROM assessment_paperentry AS said
                WHERE said.paper_id = NEW.id AND said.points -> cell.code = cell.points AND (
                    NOT EXISTS (SELECT 1 FROM assessment_paperentry AS other WHERE other.paper_id = NEW.id
                                AND other.points -> cell.code IS DISTINCT FROM cell.points)
                    OR EXISTS (SELECT 1 FROM assessment_paperchoice AS choice WHERE choice.entry_id = said.id
                               AND choice.indicator = cell.code AND choice.cell = 'points')))) THEN
            RAISE EXCEPTION 'a score that two people read otherwise is looked up in the scan'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
"""

_BY_SOMEBODY_ELSE = """
    IF EXISTS (
        SELECT 1 FROM assessment_paper AS paper
        JOIN assessment_assignment AS mine ON mine.id = paper.assignment_id
        JOIN assessment_assignment AS panel ON panel.assessment_id = mine.assessment_id
        WHERE paper.id = NEW.paper_id AND panel.assessor_id = NEW.by_id) THEN
        RAISE EXCEPTION 'a paper sheet is read by nobody of its panel' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.paper_id, OLD.by_id, OLD.place) IS DISTINCT FROM (NEW.paper_id, NEW.by_id, NEW.place) THEN
        RAISE EXCEPTION 'an entry stays with whoever makes it' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM assessment_paper
               WHERE id = NEW.paper_id AND over_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a paper sheet that is over is never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class Paper(models.Model):
    """
    One sheet on paper of one assessor. `sheet`: what it became, through the same function as the screen; `discarded_…`:
    called off, with the reason, where the scan or both entries were no good.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="papers")
    scan = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="papers", verbose_name="pindaian lembar"
    )
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sheet = models.OneToOneField(Sheet, null=True, blank=True, on_delete=models.PROTECT, related_name="paper")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    discarded_at = models.DateTimeField(null=True, blank=True)
    discarded_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    discard_reason = models.TextField("alasan", blank=True)
    # When it was finished or called off, whichever it was.
    over_at = models.DateTimeField(null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="paper_one_open_per_assignment",
                fields=["assignment"],
                condition=Q(over_at=None),
            ),
            CheckConstraint(
                name="paper_is_over_once_finished_or_discarded",
                condition=Q(over_at=None, finished_at=None, discarded_at=None)
                | Q(over_at=F("finished_at"), discarded_at=None)
                | Q(over_at=F("discarded_at"), finished_at=None),
            ),
            CheckConstraint(
                name="paper_finished_with_its_sheet_and_only_then",
                condition=Q(finished_at=None, finished_by=None, sheet=None)
                | Q(finished_at__isnull=False, finished_by__isnull=False, sheet__isnull=False, discarded_at=None),
            ),
            CheckConstraint(
                name="paper_discarded_with_a_reason_and_only_then",
                condition=Q(discarded_at=None, discarded_by=None, discard_reason="")
                | Q(discarded_at__isnull=False, discarded_by__isnull=False) & ~Q(discard_reason=""),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="unchanged_once_over",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__over_at__isnull=False),
            ),
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="stays_with_its_scan",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__scan__df=pgtrigger.F("new__scan"))
                | pgtrigger.Q(old__assignment__df=pgtrigger.F("new__assignment")),
            ),
            pgtrigger.Trigger(
                name="cells_agree", operation=pgtrigger.Update, when=pgtrigger.Before, func=_CELLS_AGREE
            ),
        ]

    def __str__(self) -> str:
        return f"Lembar kertas {self.assignment}"

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.pk])


@pghistory.track()
class PaperEntry(models.Model):
    """What one of the two read on the scan: indicator -> score and note; never changed once done."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="entries")
    place = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    points = models.JSONField(default=dict)
    notes = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["paper", "place"]
        constraints = [
            models.UniqueConstraint(name="paper_entry_place_is_taken_once", fields=["paper", "place"]),
            models.UniqueConstraint(name="paper_entry_by_two_people", fields=["paper", "by"]),
            CheckConstraint(name="paper_entry_is_the_first_or_the_second", condition=Q(place__in=[1, 2])),
        ]
        triggers = [
            pgtrigger.Protect(
                name="unchanged_once_done",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__done_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="by_somebody_else",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_BY_SOMEBODY_ELSE,
            ),
        ]

    def __str__(self) -> str:
        return f"Entri {self.place}: {self.paper}"


class PaperChoice(models.Model):
    """For a cell that the two read otherwise: which entry agrees with the scan, and who looked."""

    class Cell(models.TextChoices):
        POINTS = "points", "skor"
        NOTE = "note", "catatan"

    entry = models.ForeignKey(PaperEntry, on_delete=models.PROTECT, related_name="choices")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="choices")
    indicator = models.CharField(max_length=20)
    cell = models.CharField(max_length=6, choices=Cell.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        ordering = ["paper", "pk"]
        constraints = [
            models.UniqueConstraint(name="paper_choice_once_per_cell", fields=["paper", "indicator", "cell"]),
            CheckConstraint(name="paper_choice_is_of_a_known_cell", condition=Q(cell__in=["points", "note"])),
        ]
        triggers = [
            pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="is_of_its_paper",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM assessment_paperentry
                                   WHERE id = NEW.entry_id AND paper_id = NEW.paper_id AND done_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'a choice is between the entries of its own paper'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: entri {self.entry.place}"
