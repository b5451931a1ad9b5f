"""What an assessor without a device signed on paper: the pact and the statement, as the secretariat took them in."""

from __future__ import annotations

import pgtrigger
from django.db import models

from accounts.models import Person
from accounts.roles import Right
from files.models import StoredFile

from .panels import Assignment, Pact


class PaperStatementQuerySet(models.QuerySet["PaperStatement"]):
    def readable_by(self, person: Person) -> PaperStatementQuerySet:
        """Who may read the scan: its own assessor, and else secretariat and auditor alone (documents.md 4)."""
        if not person.is_authenticated:
            return self.none()
        if person.may(Right.ASSIGN) or person.may(Right.READ_ALL):
            return self
        return self.filter(assignment__assessor=person) if person.may(Right.SCORE) else self.none()


class PaperStatement(models.Model):
    """The scan of one statement, and of the pact where that was signed on the same paper."""

    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, related_name="paper_statement", verbose_name="penugasan"
    )
    pact = models.OneToOneField(
        Pact, null=True, blank=True, on_delete=models.PROTECT, related_name="paper_statement"
    )
    scan = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="pindaian pernyataan"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = PaperStatementQuerySet.as_manager()

    append_only = True

    class Meta:
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="is_of_a_statement_that_was_made",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM assessment_assignment
                                   WHERE id = NEW.assignment_id AND declared_at = NEW.recorded_at) THEN
                        RAISE EXCEPTION 'a paper is the proof of the statement that is made with it'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.pact_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM assessment_pact AS pact
                        JOIN assessment_assignment AS mine ON mine.id = NEW.assignment_id
                        WHERE pact.id = NEW.pact_id AND pact.person_id = mine.assessor_id) THEN
                        RAISE EXCEPTION 'a paper holds the pact of its own assessor' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Pernyataan di atas kertas: {self.assignment}"
