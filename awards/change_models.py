"""What becomes of an award after it was decreed: changed stars, a request for clarification; and the decree's papers."""

from __future__ import annotations

from datetime import datetime

import pghistory
import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from accounts.models import Person
from files.models import StoredFile
from nominations.models import Round


class AwardChange(models.Model):
    """
    What one changing decree says of one award: the star before and after; 0 for none (newly awarded, no longer
    awarded). Append-only: together with the award as first decreed it is the history of its stars.
    """

    award = models.ForeignKey("awards.Award", on_delete=models.PROTECT, related_name="changes")
    decree = models.ForeignKey("awards.Decree", on_delete=models.PROTECT, related_name="award_changes")
    position = models.PositiveIntegerField("nomor urut lampiran")
    star_before = models.PositiveSmallIntegerField("bintang semula")
    star_after = models.PositiveSmallIntegerField("bintang menjadi")

    class Meta:
        ordering = ["decree", "position"]
        constraints = [
            models.UniqueConstraint(name="award_is_changed_once_by_a_decree", fields=["award", "decree"]),
            models.UniqueConstraint(
                name="award_change_position_is_unique_in_its_decree", fields=["decree", "position"]
            ),
            CheckConstraint(name="award_change_changes_something", condition=~Q(star_before=F("star_after"))),
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.award_id}: bintang {self.star_before} menjadi {self.star_after}"


class DecreeWording(models.Model):
    """
    Menimbang, Mengingat, Memperhatikan of one kind of decree in one round, as the secretariat wrote it; a change is a
    new version, and a decree that is issued keeps the one it was made of.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decree_wordings")
    kind = models.CharField("jenis", max_length=10)
    version = models.PositiveSmallIntegerField("versi")
    considering = models.JSONField("menimbang", default=list)
    recalling = models.JSONField("mengingat", default=list)
    noting = models.JSONField("memperhatikan", default=list, blank=True)
    copies_to = models.JSONField("salinan disampaikan kepada", default=list, blank=True)
    certifier = models.CharField("pejabat yang mengesahkan salinan", max_length=120)
    certifier_name = models.CharField("namanya, tanpa gelar", max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                name="decree_wording_version_is_unique", fields=["round", "kind", "version"]
            ),
            CheckConstraint(
                name="decree_wording_kind_is_known",
                condition=Q(kind__in=["penetapan", "perubahan", "pencabutan"]),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Pertimbangan SK {self.kind} {self.round_id}, versi {self.version}"


class DecreeFile(models.Model):
    """One paper of an issued decree: made by the portal once, or the signed scan that came in."""

    class Variant(models.TextChoices):
        ORIGINAL = "asli", "Naskah asli"
        COPY = "salinan", "Salinan"
        SCAN = "pindaian", "Pindaian bertanda tangan"

    decree = models.ForeignKey("awards.Decree", on_delete=models.PROTECT, related_name="files")
    variant = models.CharField("ragam", max_length=10, choices=Variant.choices)
    path = models.CharField(max_length=200, blank=True)
    stored = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="decrees"
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["decree", "variant"]
        constraints = [
            models.UniqueConstraint(name="decree_has_each_paper_once", fields=["decree", "variant"]),
            CheckConstraint(
                name="decree_file_lies_in_one_place",
                condition=(Q(variant="pindaian", path="", stored__isnull=False))
                | (Q(variant__in=["asli", "salinan"], stored=None) & ~Q(path="")),
            ),
            CheckConstraint(
                name="decree_file_has_its_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0)
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_variant_display()} SK {self.decree_id}"


# A letter is sent once and stays; its history needs it no second time.
@pghistory.track(exclude=["signed_letter", "letter_sent_at", "letter_sent_by"])
class Clarification(models.Model):
    """
    The holder is heard before an award is revoked: what the portal was told, until when an answer is awaited, the
    answer, and how it ended (documents.md 9). Until a decision the award stands.
    """

    class Outcome(models.TextChoices):
        STANDS = "tetap", "Penghargaan tetap"
        REVOKED = "dicabut", "Diusulkan dicabut"

    award = models.ForeignKey("awards.Award", on_delete=models.PROTECT, related_name="clarifications")
    about = models.TextField("informasi yang diterima")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField("dijawab paling lambat")
    # As the register of the office that signs the letter has it; the portal invents none.
    letter_number = models.CharField("nomor surat", max_length=60, blank=True, default="", db_default="")
    signatory_office = models.CharField(
        "jabatan penanda tangan surat", max_length=120, blank=True, default="", db_default=""
    )
    signatory_name = models.CharField(
        "nama penanda tangan surat", max_length=120, blank=True, default="", db_default=""
    )
    # Sent is the signed letter, never the draft (clarification_letter.py).
    signed_letter = models.ForeignKey(
        StoredFile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="clarification_letters",
        db_index=False,
        verbose_name="surat bertanda tangan",
    )
    letter_sent_at = models.DateTimeField("surat disampaikan", null=True, blank=True)
    letter_sent_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answer = models.TextField("penjelasan", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("akhir", max_length=8, choices=Outcome.choices, blank=True)
    outcome_reason = models.TextField("alasan", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="clarification_one_at_a_time", fields=["award"], condition=Q(outcome="")
            ),
            CheckConstraint(name="clarification_is_about_something", condition=~Q(about="")),
            CheckConstraint(
                name="clarification_letter_is_sent_numbered_and_signed",
                condition=Q(signed_letter=None, letter_sent_at=None, letter_sent_by=None)
                | (
                    Q(signed_letter__isnull=False, letter_sent_at__isnull=False, letter_sent_by__isnull=False)
                    & ~Q(letter_number="")
                ),
            ),
            CheckConstraint(
                name="clarification_is_answered_whole_or_not_at_all",
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
            CheckConstraint(
                name="clarification_ends_with_a_reason",
                condition=Q(outcome="", outcome_reason="", ended_at=None, ended_by=None)
                | (
                    Q(outcome__in=["tetap", "dicabut"], ended_at__isnull=False, ended_by__isnull=False)
                    & ~Q(outcome_reason="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sent_letter_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__letter_sent_at__isnull=False)
                & (
                    pgtrigger.Q(old__letter_number__df=pgtrigger.F("new__letter_number"))
                    | pgtrigger.Q(old__signed_letter__df=pgtrigger.F("new__signed_letter"))
                    | pgtrigger.Q(old__letter_sent_at__df=pgtrigger.F("new__letter_sent_at"))
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Klarifikasi {self.award_id}"

    def get_absolute_url(self) -> str:
        return reverse("clarification", args=[self.pk])

    def may_be_decided(self, *, at: datetime) -> bool:
        """The holder has answered, or the time to answer has passed."""
        return self.answered_at is not None or at > self.due_at


class ClarificationEvidence(models.Model):
    """A file that the holder's dinas sent with the explanation; it stays as it was sent."""

    clarification = models.ForeignKey(Clarification, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="clarifications")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="clarification_holds_a_file_once", fields=["clarification", "file"])
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Bukti klarifikasi {self.clarification_id}"


class OpenedFigures(models.Model):
    """That anyone may compute a round's stars again from the scores of its awarded: decided once, never taken back."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="opened_figures")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="never_taken_back", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Angka penilaian {self.round_id}"
