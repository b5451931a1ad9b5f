"""One record for every official letter (documents.md 0): what it says, who signs it, and where it stands."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import ExtractYear, Lower, Trim

from accounts.models import Office, Person
from accounts.roles import Right, Role

_SIGNED = ["ditandatangani", "disampaikan", "diganti", "dicabut"]
_NUMBERED = ["bernomor", *_SIGNED]
# Whose correspondence it is. An assessor or a chair stands in an office too, and reads none of its letters.
_CORRESPONDING = (Role.DINAS, Role.PROVINSI)

# Once signed, only where the letter stands may still change, and only forward.
_SIGNED_STAYS = """
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a signed letter is never deleted';
    END IF;
    IF (to_jsonb(NEW) - ARRAY['state', 'delivered_at', 'delivered_by_id', 'closed_at', 'closed_by_id',
                              'close_reason', 'replaced_by_id'])
       IS DISTINCT FROM
       (to_jsonb(OLD) - ARRAY['state', 'delivered_at', 'delivered_by_id', 'closed_at', 'closed_by_id',
                              'close_reason', 'replaced_by_id']) THEN
        RAISE EXCEPTION 'a signed letter never changes';
    END IF;
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'ditandatangani' AND NEW.state IN ('disampaikan', 'diganti', 'dicabut'))
        OR (OLD.state = 'disampaikan' AND NEW.state IN ('diganti', 'dicabut'))
    ) THEN
        RAISE EXCEPTION 'a signed letter goes forward only, not from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
"""


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, person: Person) -> LetterQuerySet:
        """
        Letters this person may open, whatever their sifat: those of the dinas or province the person is an officer
        of; those addressed to it, once delivered; all for the ministry's secretariat and for auditors.

        Who stands in an office in another role (an assessor, the chair, the signatory of the decree) reads none.
        """
        if not person.is_authenticated:
            return self.none()
        if person.may(Right.READ_ALL) or person.may(Right.RUN_ROUND):
            return self
        offices = [office.pk for role in _CORRESPONDING for office in person.offices(role)]
        received = Letter.addressees.through.objects.filter(office_id__in=offices).values("letter_id")
        return self.filter(
            Q(office_id__in=offices) | Q(pk__in=received, state__in=["disampaikan", "diganti", "dicabut"])
        )

    def about(self, reference: str) -> LetterQuerySet:
        """Letters about one thing (outbox.reference), newest first."""
        return self.filter(about=reference)

    def without_preview(self) -> LetterQuerySet:
        """Unsigned letters whose preview does not show what they say now."""
        return self.filter(state__in=["konsep", "diparaf", "bernomor"]).exclude(
            preview_of=F("snapshot_sha256")
        )


class Letter(models.Model):
    class State(models.TextChoices):
        DRAFT = "konsep", "Konsep"
        INITIALLED = "diparaf", "Diparaf"
        NUMBERED = "bernomor", "Bernomor"
        SIGNED = "ditandatangani", "Ditandatangani"
        DELIVERED = "disampaikan", "Disampaikan"
        REPLACED = "diganti", "Diganti"
        REVOKED = "dicabut", "Dicabut"

    class Secrecy(models.TextChoices):
        OPEN = "biasa", "Biasa"
        LIMITED = "terbatas", "Terbatas"
        SECRET = "rahasia", "Rahasia"
        TOP_SECRET = "sangat_rahasia", "Sangat Rahasia"

    class Capacity(models.TextChoices):
        SELF = "sendiri", "Sendiri"
        ON_BEHALF = "a.n.", "Atas nama (a.n.)"
        FOR_ATTENTION = "u.b.", "Untuk beliau (u.b.)"
        ACTING = "Plt.", "Pelaksana tugas (Plt.)"
        DAILY_ACTING = "Plh.", "Pelaksana harian (Plh.)"

    kind = models.CharField("jenis", max_length=40)
    template_version = models.PositiveSmallIntegerField("versi templat")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="letters", verbose_name="kantor"
    )
    about = models.CharField("tentang", max_length=100, blank=True)
    number = models.CharField("nomor naskah", max_length=60, blank=True)
    date = models.DateField("tanggal", null=True, blank=True)
    place = models.CharField("tempat", max_length=80)
    secrecy = models.CharField("sifat", max_length=16, choices=Secrecy.choices, default=Secrecy.OPEN)
    letterhead = models.JSONField("kop", default=list)
    signatory_full_name = models.CharField("penanda tangan", max_length=240)
    signatory_plain_name = models.CharField("nama tanpa gelar", max_length=120)
    signatory_position = models.CharField("jabatan", max_length=160)
    signatory_nip = models.CharField("NIP", max_length=24, blank=True)
    signatory_capacity = models.CharField(
        "bertindak", max_length=8, choices=Capacity.choices, default=Capacity.SELF
    )
    signatory_superiors = models.JSONField("atas nama", default=list, blank=True)
    recipients = models.JSONField("tujuan", default=list)
    copies = models.JSONField("tembusan", default=list)
    addressees = models.ManyToManyField(Office, related_name="letters_received", blank=True)
    snapshot = models.JSONField("isi")
    snapshot_sha256 = models.CharField(max_length=64)
    preview = models.FileField("pratinjau", upload_to="letters/preview/", blank=True, max_length=200)
    # The fingerprint of what the preview shows; where it differs from snapshot_sha256 the preview is out of date.
    preview_of = models.CharField(max_length=64, blank=True)
    file = models.FileField("berkas", upload_to="letters/signed/%Y/", blank=True, max_length=200)
    file_sha256 = models.CharField(max_length=64, blank=True)
    # Pages of the signed file, else of the preview, so that they can be drawn one by one.
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    # A number of ours that this letter was given; it keeps it on the way back to a draft, so that no gap comes about.
    portal_number = models.CharField(max_length=60, blank=True, default="", db_default="")

    state = models.CharField("keadaan", max_length=16, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    initialled_at = models.DateTimeField(null=True, blank=True)
    initialled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField("ditandatangani", null=True, blank=True)
    signed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField("disampaikan", null=True, blank=True)
    delivered_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    close_reason = models.TextField(blank=True)
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(name="letter_about", fields=["about", "kind"])]
        constraints = [
            models.UniqueConstraint(
                F("office"),
                ExtractYear(F("date")),
                Lower(Trim("number")),
                condition=~Q(number=""),
                name="letter_number_is_one_per_office_and_year",
            ),
            CheckConstraint(
                name="letter_state_is_known",
                condition=Q(state__in=["konsep", "diparaf", *_NUMBERED]),
            ),
            CheckConstraint(
                name="letter_is_numbered_with_number_and_date",
                condition=(Q(state__in=_NUMBERED) & ~Q(number="") & Q(date__isnull=False))
                | (~Q(state__in=_NUMBERED) & Q(number="")),
            ),
            CheckConstraint(
                name="letter_is_signed_with_file_instant_and_person",
                condition=(
                    Q(state__in=_SIGNED, signed_at__isnull=False, signed_by__isnull=False)
                    & ~Q(file="")
                    & Q(file_sha256__regex=r"^[0-9a-f]{64}$")
                )
                | (~Q(state__in=_SIGNED) & Q(signed_at=None, signed_by=None, file="", file_sha256="")),
            ),
            CheckConstraint(
                name="letter_is_delivered_after_it_was_signed",
                condition=(Q(state="disampaikan", delivered_at__gte=F("signed_at")))
                | (Q(state__in=["diganti", "dicabut"]))
                | (~Q(state__in=["disampaikan", "diganti", "dicabut"]) & Q(delivered_at=None)),
            ),
            CheckConstraint(
                name="letter_is_closed_with_instant_and_reason",
                condition=(Q(state__in=["diganti", "dicabut"], closed_at__isnull=False) & ~Q(close_reason=""))
                | (~Q(state__in=["diganti", "dicabut"]) & Q(closed_at=None, close_reason="")),
            ),
            CheckConstraint(
                name="letter_replaced_names_the_new_one",
                condition=Q(state="diganti", replaced_by__isnull=False)
                | (~Q(state="diganti") & Q(replaced_by=None)),
            ),
            CheckConstraint(
                name="letter_fingerprint_is_sha256", condition=Q(snapshot_sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state__in=_SIGNED),
                func=_SIGNED_STAYS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or '(konsep)'}"

    @property
    def is_signed(self) -> bool:
        return self.state in _SIGNED
