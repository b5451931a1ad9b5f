"""Who assesses what: the assessment of a nomination, its panel, the pact of a round, and interests on record."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q

from accounts.models import Office, Person
from accounts.roles import Right
from nominations.models import Ikm, Nomination, Round, Submission
from regions.models import Regency

from .instruments import Instrument


@pghistory.track()
class Assessment(models.Model):
    """
    The assessment of one nomination: of which copy as submitted, with which version of the instrument, by how many.

    It is complete when at least `size` active assessors have submitted and none is open (completion.py).
    """

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="assessment")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="assessments")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="assessments")
    size = models.PositiveSmallIntegerField("jumlah penilai", default=3)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["nomination"]
        constraints = [CheckConstraint(name="assessment_has_an_assessor", condition=Q(size__gte=1))]
        triggers = [
            # A value must be recomputable for ever: what it was scored on and with does not change underneath.
            pgtrigger.Protect(
                name="instrument_and_copy_are_pinned",
                operation=pgtrigger.Update,
                condition=(
                    pgtrigger.Q(old__instrument__df=pgtrigger.F("new__instrument"))
                    | pgtrigger.Q(old__submission__df=pgtrigger.F("new__submission"))
                    | pgtrigger.Q(old__nomination__df=pgtrigger.F("new__nomination"))
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Penilaian {self.nomination}"


def interest_on_record() -> models.QuerySet[Interest]:
    """The interests in force that the assessor of an outer assignment has in its IKM or its regency."""
    return Interest.objects.in_force().filter(
        Q(ikm=models.OuterRef("assessment__nomination__product__ikm"))
        | Q(regency=models.OuterRef("assessment__nomination__product__ikm__regency")),
        person=models.OuterRef("assessor"),
    )


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def active(self) -> AssignmentQuerySet:
        """Neither recused nor replaced: who makes up the panel."""
        return self.filter(Q(has_conflict=None) | Q(has_conflict=False), removed_at=None)

    def scoring(self) -> AssignmentQuerySet:
        """Declared free of conflict: may open the files and score."""
        return self.filter(has_conflict=False, removed_at=None)

    def counted(self) -> AssignmentQuerySet:
        """Those whose scores make the value: active and submitted."""
        return self.scoring().filter(submitted_at__isnull=False)

    def untied(self) -> AssignmentQuerySet:
        """Without those whose assessor has an interest on record by now: a sheet that was sent counts until it is taken
        out (tied_sheets.py), but it and the files are closed to them."""
        return self.filter(~models.Exists(interest_on_record()))

    def tied(self) -> AssignmentQuerySet:
        """
        Those of whose assessor an interest became known: on record, declared on another nomination of the same IKM, or
        said in a plenary by leaving for it. The trigger `decides_without_tied_sheets` asks the same in the database.
        """
        # From the few rows that tell of an interest: asked row by row, a board of a thousand took minutes.
        product = "assessment__nomination__product"
        on_record = Assignment.objects.filter(
            Q(assessor__interests__ikm=F(f"{product}__ikm"))
            | Q(assessor__interests__regency=F(f"{product}__ikm__regency")),
            assessor__interests__ended_at=None,
        )
        declared = Assignment.objects.filter(
            **{
                "assessor__assignments__has_conflict": True,
                f"assessor__assignments__{product}__ikm": F(f"{product}__ikm"),
            }
        )
        left = Assignment.objects.filter(
            assessor__seats__absences__undone_at=None,
            assessor__seats__absences__item__nomination=F("assessment__nomination"),
        )
        return self.filter(
            Q(pk__in=on_record.order_by().values("pk"))
            | Q(pk__in=declared.order_by().values("pk"))
            | Q(pk__in=left.order_by().values("pk"))
        )

    def visible_to(self, person: Person) -> AssignmentQuerySet:
        """The assignments that stand in this assessor's own queue; a conflict stays there, a replaced one does not."""
        if not person.is_authenticated or not person.may(Right.SCORE):
            return self.none()
        return self.filter(assessor=person, removed_at=None)

    def scores_visible_to(self, person: Person) -> AssignmentQuerySet:
        """
        Whose scores this person may read: the one answer for pages, files, exports and the API.

        An assessor reads the own sheet, and those of the others on the same panel once all are in; chair and
        secretariat once all are in; the auditor once the plenary that decided on them is sealed; nobody else.
        """
        if not person.is_authenticated:
            return self.none()
        seen = Q(pk__in=[])
        if person.may(Right.SCORE):
            own = Assignment.objects.scoring().filter(assessor=person).untied()
            seen |= Q(pk__in=own.values("pk"))
            seen |= Q(
                assessment__completed_at__isnull=False,
                assessment__in=own.filter(submitted_at__isnull=False).values("assessment"),
                pk__in=Assignment.objects.counted().values("pk"),
            )
        if person.may(Right.LEAD_PLENARY) or person.may(Right.ASSIGN):
            seen |= Q(
                assessment__completed_at__isnull=False, pk__in=Assignment.objects.counted().values("pk")
            )
        if person.may(Right.READ_ALL):
            seen |= Q(assessment__nomination__decisions__plenary__sealed_at__isnull=False)
        return self.filter(pk__in=Assignment.objects.filter(seen).values("pk"))

    def with_names(self) -> AssignmentQuerySet:
        """With everything a list row prints, in the same statement."""
        return self.select_related(
            "assessor",
            "office",
            "assessment__instrument__group",
            "assessment__nomination__round",
            "assessment__nomination__product__group",
            "assessment__nomination__product__ikm__regency__province",
        )


_SUBMITTED_IS_WHOLE = """
    IF NEW.submitted_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.submitted_at IS NULL) THEN
        IF EXISTS (
            SELECT 1 FROM assessment_assessment AS one
            JOIN assessment_instrument AS form ON form.id = one.instrument_id
            CROSS JOIN LATERAL jsonb_object_keys(form.ladders) AS wanted(code)
            WHERE one.id = NEW.assessment_id AND NOT EXISTS (
                SELECT 1 FROM assessment_score AS score
                WHERE score.assignment_id = NEW.id AND score.indicator = wanted.code AND score.points IS NOT NULL)
        ) THEN
            RAISE EXCEPTION 'an assessment with a missing score is not submitted' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS DISTINCT FROM OLD.submitted_at
       AND (NEW.submitted_at IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM assessment_reopening AS opened JOIN assessment_sheet AS sheet ON sheet.id = opened.sheet_id
            WHERE sheet.assignment_id = NEW.id AND sheet.submitted_at = OLD.submitted_at)) THEN
        RAISE EXCEPTION 'a submitted assessment is reopened with a reason, or not at all'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class Assignment(models.Model):
    """One assessor for one nomination: declared before anything opens, locked once submitted."""

    class ConflictKind(models.TextChoices):
        """The six kinds of UU 30/2014 Pasal 43."""

        INTEREST = "interest", "kepentingan pribadi atau bisnis"
        FAMILY = "family", "hubungan keluarga atau kerabat"
        REPRESENTATIVE = "representative", "hubungan sebagai wakil"
        WORK = "work", "hubungan kerja atau penghasilan"
        RECOMMENDED = "recommended", "pernah memberi rekomendasi"
        OTHER = "other", "hubungan lain yang dilarang peraturan"

    class Removal(models.TextChoices):
        REPLACED = "replaced", "Diganti oleh Sekretariat"
        EXPERTISE = "expertise", "Di luar keahlian saya"
        TIME = "time", "Berhalangan pada masa penilaian"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="assignments")
    assessor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    # For which office the person assesses, as it was when assigned: the panel's mix is judged by it.
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # None: not yet declared. The statement's version is stored with the answer (documents.md 4).
    has_conflict = models.BooleanField(null=True, blank=True)
    conflict_kind = models.CharField(max_length=16, blank=True, choices=ConflictKind.choices)
    conflict_text = models.TextField(blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    statement_version = models.PositiveSmallIntegerField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    removal = models.CharField(max_length=12, blank=True, choices=Removal.choices)
    removed_reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "pk"]
        indexes = [models.Index(name="assignment_by_assessor", fields=["assessor", "removed_at"])]
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
                name="assignment_conflict_has_its_kind_and_only_a_conflict",
                condition=Q(has_conflict=True, conflict_kind__in=[
                    "interest", "family", "representative", "work", "recommended", "other"])
                | (Q(conflict_kind="", conflict_text="") & (Q(has_conflict=None) | Q(has_conflict=False))),
            ),
            CheckConstraint(
                name="assignment_removal_is_whole",
                condition=Q(removed_at=None, removed_by=None, removal="", removed_reason="")
                | (
                    Q(removed_at__isnull=False, removed_by__isnull=False)
                    & Q(removal__in=["replaced", "expertise", "time"])
                    & (~Q(removal="replaced") | ~Q(removed_reason=""))
                ),
            ),
            CheckConstraint(
                name="assignment_submitted_only_without_conflict",
                condition=Q(submitted_at=None) | Q(has_conflict=False, removed_at=None),
            ),
            CheckConstraint(
                name="assignment_is_declared_after_it_was_made",
                condition=Q(declared_at=None) | Q(declared_at__gte=F("assigned_at")),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="submitted_is_whole",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_SUBMITTED_IS_WHOLE,
            ),
            # Removed, declared in conflict or replaced, a row stays: who was recused is part of the answer.
            pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.assessor} menilai {self.assessment.nomination}"

    @property
    def is_from_outside(self) -> bool:
        """Whether the assessor sits for an association or a campus, of whom each panel needs one."""
        return self.office.kind in (Office.Kind.ASSOCIATION, Office.Kind.CAMPUS)


class Pact(models.Model):
    """Pakta integritas: once per person and round, before the first declaration."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pacts")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="pacts")
    at = models.DateTimeField()
    text_version = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="pact_once_per_person_and_round", fields=["person", "round"])
        ]
        triggers = [pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Pakta integritas {self.person} {self.round_id}"


class InterestQuerySet(models.QuerySet["Interest"]):
    def in_force(self) -> InterestQuerySet:
        return self.filter(ended_at=None)

    def visible_to(self, person: Person) -> InterestQuerySet:
        """The person's own; all for secretariat, chair and auditor."""
        if not person.is_authenticated:
            return self.none()
        if any(person.may(right) for right in (Right.ASSIGN, Right.LEAD_PLENARY, Right.READ_ALL)):
            return self
        return self.filter(person=person) if person.may(Right.SCORE) else self.none()


@pghistory.track()
class Interest(models.Model):
    """
    An interest on record before any draw, with an IKM or with a whole regency: declared by the assessor or recorded by
    the secretariat. Ended, it stays; what stands again later is the same row, its versions in the event table.
    """

    class Kind(models.TextChoices):
        HOME = "home", "berasal dari kabupaten/kota ini"
        OWNERSHIP = "ownership", "pemilik atau pemegang saham"
        FAMILY = "family", "keluarga pemilik"
        COACHED = "coached", "pernah membina"
        EMPLOYER = "employer", "bekerja atau pernah bekerja di sana"

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="interests", verbose_name="penilai"
    )
    kind = models.CharField("hubungan", max_length=10, choices=Kind.choices)
    ikm = models.ForeignKey(
        Ikm, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="IKM"
    )
    regency = models.ForeignKey(
        Regency,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="kabupaten/kota",
    )
    note = models.TextField("keterangan", blank=True, default="", db_default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    # Read with the row and never looked for: no index of its own.
    ended_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    end_reason = models.TextField("alasan berakhir", blank=True, default="", db_default="")

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["person", "pk"]
        constraints = [
            CheckConstraint(
                name="interest_is_with_an_ikm_or_a_regency",
                condition=Q(
                    kind__in=["home", "ownership", "family", "coached", "employer"],
                    regency__isnull=False,
                    ikm__isnull=True,
                )
                | Q(
                    kind__in=["ownership", "family", "coached", "employer"],
                    regency__isnull=True,
                    ikm__isnull=False,
                ),
            ),
            CheckConstraint(
                name="interest_ended_with_a_reason_and_only_then",
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
            ),
            models.UniqueConstraint(
                name="interest_once", fields=["person", "kind", "ikm", "regency"], nulls_distinct=False
            ),
        ]
        triggers = [pgtrigger.Protect(name="is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"

    @property
    def with_whom(self) -> str:
        if self.ikm is not None:
            return f"{self.ikm.name}, {self.ikm.regency.full_name}"
        return self.regency.full_name if self.regency is not None else ""
