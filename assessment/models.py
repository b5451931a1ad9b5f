"""Instruments, who assesses what, the scores, and the plenary's decisions. The arithmetic: scoring.py."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q

from accounts.models import Person
from nominations.models import CommodityGroup, Nomination, Round

from . import scoring
from .instrument_format import parse_instrument


class Instrument(models.Model):
    """
    One version of the form of a commodity group. Published, it is never changed: a change makes a new version, and
    every result names the version it was computed with.
    """

    group = models.ForeignKey(CommodityGroup, on_delete=models.PROTECT, related_name="instruments")
    version = models.PositiveSmallIntegerField("versi")
    name = models.CharField("nama", max_length=160)
    definition = models.JSONField()
    fingerprint = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["group", "-version"]
        constraints = [
            models.UniqueConstraint(name="instrument_version_is_unique_in_its_group", fields=["group", "version"])
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (versi {self.version})"

    def save(self, **kwargs: Any) -> None:
        text = json.dumps(self.definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.fingerprint = hashlib.sha256(text.encode()).hexdigest()
        super().save(**kwargs)

    def parsed(self) -> scoring.Instrument:
        """The form as scoring.py computes with it; parsed once per object."""
        if not hasattr(self, "_parsed"):
            self._parsed = parse_instrument(self.definition)
        return self._parsed


@pghistory.track()
class Assessment(models.Model):
    """The assessment of one nomination: with which version of the instrument, and by how many."""

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="assessment")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="assessments")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["nomination"]

    def __str__(self) -> str:
        return f"Penilaian {self.nomination}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def active(self) -> AssignmentQuerySet:
        """Neither recused nor replaced."""
        return self.filter(has_conflict__isnull=True, removed_at=None) | self.filter(
            has_conflict=False, removed_at=None
        )

    def scoring(self) -> AssignmentQuerySet:
        """Declared free of conflict: may open the files and score."""
        return self.filter(has_conflict=False, removed_at=None)


@pghistory.track()
class Assignment(models.Model):
    """One assessor for one nomination: declared before anything opens, locked once submitted."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="assignments")
    assessor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # None: not yet declared. The statement's version is stored with the answer (documents.md 4).
    has_conflict = models.BooleanField(null=True, blank=True)
    conflict_kind = models.CharField(max_length=30, blank=True)
    conflict_text = models.TextField(blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    statement_version = models.PositiveSmallIntegerField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="assessor_is_assigned_once",
                fields=["assessment", "assessor"],
                condition=Q(removed_at=None),
            ),
            CheckConstraint(
                name="assignment_declaration_is_whole",
                condition=Q(has_conflict=None, declared_at=None, statement_version=None)
                | Q(has_conflict__isnull=False, declared_at__isnull=False, statement_version__isnull=False),
            ),
            CheckConstraint(
                name="assignment_submitted_only_without_conflict",
                condition=Q(submitted_at=None) | Q(has_conflict=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessor} menilai {self.assessment.nomination}"


_ASSIGNMENT_IS_OPEN = """
    IF EXISTS (SELECT 1 FROM assessment_assignment
               WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.assignment_id ELSE NEW.assignment_id END)
               AND submitted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a submitted assessment is locked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""


@pghistory.track()
class Score(models.Model):
    """Points of one assessor for one indicator: a whole number on the indicator's ladder."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="scores")
    indicator = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField("catatan", blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["assignment", "indicator"]
        constraints = [models.UniqueConstraint(name="score_once_per_indicator", fields=["assignment", "indicator"])]
        triggers = [
            pgtrigger.Trigger(
                name="locked_once_submitted",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_ASSIGNMENT_IS_OPEN,
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.points}"


@pghistory.track()
class Plenary(models.Model):
    """The session that decides. Sealed, its decisions are never changed: a correction is a new session."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plenaries")
    place = models.CharField("tempat", max_length=120)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # m: members with a vote; h: present. Quorum floor(m/2) + 1 (documents.md 6).
    members = models.PositiveSmallIntegerField("anggota yang mempunyai hak suara")
    present = models.PositiveSmallIntegerField("anggota yang hadir")
    minutes_number = models.CharField("nomor berita acara", max_length=60, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                name="plenary_one_open_per_round", fields=["round"], condition=Q(sealed_at=None)
            ),
            CheckConstraint(name="plenary_present_are_members", condition=Q(present__lte=F("members"))),
            CheckConstraint(
                name="plenary_sealed_with_minutes_and_fingerprint",
                condition=Q(sealed_at=None, sealed_by=None)
                | (Q(sealed_at__isnull=False, sealed_by__isnull=False) & ~Q(minutes_number="") & ~Q(fingerprint="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sealed_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__sealed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Sidang pleno {self.round_id}"

    @property
    def quorum(self) -> int:
        return self.members // 2 + 1


_PLENARY_IS_OPEN = """
    IF EXISTS (SELECT 1 FROM assessment_plenary
               WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.plenary_id ELSE NEW.plenary_id END)
               AND sealed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a sealed plenary is never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""

# A decision other than the computed star carries a reason of at least this many characters (documents.md 6).
REASON_AT_LEAST = 30


@pghistory.track()
class Decision(models.Model):
    """
    What the plenary decided for one nomination: the exact value, the computed star, and the star decided, for ever
    side by side. The value is numerator/denominator in lowest terms.
    """

    plenary = models.ForeignKey(Plenary, on_delete=models.PROTECT, related_name="decisions")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="decisions")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="decisions")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    computed_star = models.PositiveSmallIntegerField()
    star = models.PositiveSmallIntegerField("bintang")
    reason = models.TextField("alasan", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["plenary", "pk"]
        constraints = [
            models.UniqueConstraint(name="decision_once_per_nomination", fields=["plenary", "nomination"]),
            CheckConstraint(name="decision_value_is_a_fraction", condition=Q(denominator__gt=0, numerator__gte=0)),
            CheckConstraint(
                name="decision_other_than_computed_has_a_reason",
                condition=Q(star=F("computed_star")) | Q(reason__regex=rf".{{{REASON_AT_LEAST},}}"),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sealed_with_its_plenary",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_PLENARY_IS_OPEN,
            )
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: bintang {self.star}"

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)
