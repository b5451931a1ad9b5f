"""The secretariat's checklist for one nomination, and the first half of a refusal (two-person rule)."""

from django.db import models
from django.db.models import CheckConstraint, Q

from accounts.models import Person

from .nomination import Nomination
from .rounds import Requirement


class Check(models.Model):
    class Verdict(models.TextChoices):
        MET = "met", "Sesuai"
        NOT_MET = "not_met", "Tidak sesuai"
        UNCERTAIN = "uncertain", "Belum dapat dipastikan"

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="checks")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="checks")
    verdict = models.CharField("hasil", max_length=10, choices=Verdict.choices)
    note = models.TextField("catatan", blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["requirement__position", "pk"]
        constraints = [
            models.UniqueConstraint(name="check_once_per_requirement", fields=["nomination", "requirement"]),
            CheckConstraint(name="check_other_than_met_has_a_note", condition=Q(verdict="met") | ~Q(note="")),
            CheckConstraint(
                name="check_verdict_is_known", condition=Q(verdict__in=["met", "not_met", "uncertain"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.get_verdict_display()}"


class RefusalProposal(models.Model):
    """One person of the secretariat proposes "tidak lolos"; another decides it (contract.md: not alone)."""

    nomination = models.OneToOneField(Nomination, on_delete=models.CASCADE, related_name="refusal_proposal")
    reason = models.TextField("alasan")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [CheckConstraint(name="refusal_has_a_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"Usul tidak lolos: {self.nomination}"
