"""
What province and secretariat find about one submission, the first half of a refusal (two-person rule), the sample.

Every finding names the submission it was made on: a repaired nomination is looked at anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
from django.db import models
from django.db.models import CheckConstraint, Q
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right, Role
from files.models import StoredFile

from .nomination import Nomination, Submission
from .rounds import Requirement


class Verdict(models.TextChoices):
    MET = "met", "Sesuai"
    NOT_MET = "not_met", "Tidak sesuai"
    UNCERTAIN = "uncertain", "Belum dapat dipastikan"


@pghistory.track()
class ProvinceAnswer(models.Model):
    """What the province found about one of its five questions (interface.md, "Antrean provinsi")."""

    class Question(models.TextChoices):
        SENTRA = "sentra", "Apakah IKM berada di sentra yang ditetapkan dengan SK bupati atau wali kota?"
        LICENCES = "legalitas", "Apakah dokumen legalitas atas nama IKM ini dan masih berlaku?"
        PRODUCTION = "produksi", "Apakah IKM ini masih berproduksi di tempat yang disebut?"
        REGION = "kekhasan", "Apakah produk ini khas daerah, dengan bahan baku atau keterampilan setempat?"
        ANSWERS = "isian", "Apakah isian usulan sesuai dengan keadaan yang diketahui dinas provinsi?"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="province_answers")
    question = models.CharField("pertanyaan", max_length=12, choices=Question.choices)
    verdict = models.CharField("hasil", max_length=10, choices=Verdict.choices)
    note = models.TextField("catatan", blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="province_answers_once", fields=["submission", "question"]),
            CheckConstraint(
                name="province_answer_other_than_met_has_a_note", condition=Q(verdict="met") | ~Q(note="")
            ),
            CheckConstraint(
                name="province_answer_is_known", condition=Q(verdict__in=["met", "not_met", "uncertain"])
            ),
            CheckConstraint(
                name="province_question_is_known",
                condition=Q(question__in=["sentra", "legalitas", "produksi", "kekhasan", "isian"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_verdict_display()}"


@pghistory.track()
class Check(models.Model):
    """One line of the secretariat's checklist: what it found about one requirement of one submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="checks")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="checks")
    verdict = models.CharField("hasil", max_length=10, choices=Verdict.choices)
    note = models.TextField("catatan", blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["requirement__position", "pk"]
        constraints = [
            models.UniqueConstraint(name="check_once_per_requirement", fields=["submission", "requirement"]),
            CheckConstraint(name="check_other_than_met_has_a_note", condition=Q(verdict="met") | ~Q(note="")),
            CheckConstraint(
                name="check_verdict_is_known", condition=Q(verdict__in=["met", "not_met", "uncertain"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.get_verdict_display()}"


class RefusalProposal(models.Model):
    """
    One person of the secretariat proposes "tidak lolos"; another decides it (contract.md: not alone).

    It stands while the nomination is being screened and goes when that ends in any other way (lifecycle.py), so that
    a proposal of an earlier submission can never be the first half of a later refusal.
    """

    nomination = models.OneToOneField(Nomination, on_delete=models.CASCADE, related_name="refusal_proposal")
    reason = models.TextField("alasan")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [CheckConstraint(name="refusal_has_a_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"Usul tidak lolos: {self.nomination}"


class Sample(models.Model):
    """The sample of the product that came in (Antara, July 2022)."""

    nomination = models.OneToOneField(Nomination, on_delete=models.CASCADE, related_name="sample")
    code = models.CharField("kode contoh", max_length=40, unique=True)
    received_on = models.DateField("tanggal diterima")
    condition = models.CharField("keadaan", max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(
                name="sample_has_a_code_and_its_condition", condition=~Q(code="") & ~Q(condition="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.nomination}"


# "Sampai pukul 23.59" is said of a whole minute, which belongs to whoever reads it (docs/decisions/0052).
LAST_MINUTE = timedelta(minutes=1)


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, person: Person) -> ObjectionQuerySet:
        """
        Which objections, with their evidence and answers, this person may open: the nominating office, the province of
        the region, the secretariat and the auditor; the chair those to a result. Never more than their nominations.
        """
        if not person.is_authenticated:
            return self.none()
        found = self.filter(nomination__in=Nomination.objects.visible_to(person))
        if person.may(Right.SCREEN) or person.may(Right.READ_ALL):
            return found
        own = person.offices(Role.DINAS) + person.offices(Role.PROVINSI)
        provinces = [office.province_id for office in person.offices(Role.PROVINSI)]
        seen = Q(nomination__office__in=[office.pk for office in own])
        seen |= Q(nomination__office__province__in=provinces)
        if person.may(Right.LEAD_PLENARY):
            seen |= Q(stage=Objection.Stage.RESULT)
        return found.filter(seen)

    def with_names(self) -> ObjectionQuerySet:
        """With everything that a row or a page prints, in the same statement."""
        return self.select_related(
            "nomination__round", "nomination__office", "nomination__product__group",
            "nomination__product__ikm__regency__province", "by", "answered_by", "file",
        )  # fmt: skip

    def waiting(self) -> ObjectionQuerySet:
        return self.filter(outcome="")

    def overdue(self, *, at: datetime) -> ObjectionQuerySet:
        """Those that should have been answered before `at`."""
        return self.waiting().filter(answer_due_at__lte=at - LAST_MINUTE)


@pghistory.track()
class Objection(models.Model):
    """Sanggah: once after screening, once after the announcement; answered in writing by who did not decide."""

    class Stage(models.TextChoices):
        SCREENING = "seleksi", "Hasil seleksi administrasi"
        RESULT = "hasil", "Hasil penetapan"

    class Outcome(models.TextChoices):
        UPHELD = "diterima", "Diterima"
        PARTLY = "diterima_sebagian", "Diterima sebagian"
        REJECTED = "tidak_dapat_diterima", "Tidak dapat diterima"

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="objections")
    stage = models.CharField("atas", max_length=8, choices=Stage.choices)
    reason = models.TextField("alasan sanggah")
    file = models.ForeignKey(
        StoredFile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="objections",
        verbose_name="bukti",
    )
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer_due_at = models.DateTimeField()
    outcome = models.CharField("putusan", max_length=20, choices=Outcome.choices, blank=True)
    answer = models.TextField("jawaban", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="objection_once_per_stage", fields=["nomination", "stage"]),
            CheckConstraint(name="objection_has_a_reason", condition=~Q(reason="")),
            CheckConstraint(
                name="objection_is_answered_whole_or_not_at_all",
                condition=Q(outcome="", answer="", answered_at=None, answered_by=None)
                | (~Q(outcome="") & ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
            CheckConstraint(name="objection_stage_is_known", condition=Q(stage__in=["seleksi", "hasil"])),
        ]

    def __str__(self) -> str:
        return f"Sanggah: {self.nomination}"

    def get_absolute_url(self) -> str:
        return reverse("objection", args=[self.pk])

    def is_overdue(self, *, at: datetime) -> bool:
        return not self.outcome and at >= self.answer_due_at + LAST_MINUTE
