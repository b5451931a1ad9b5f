"""A nomination, its answers, its documents, and each copy as submitted. How it moves: lifecycle.py."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from accounts.models import Office, Person
from accounts.roles import Right, Role
from files.models import StoredFile
from regions.models import Regency

from .registry import Ikm, Product, Sentra
from .rounds import DocumentKind, Round


class State(models.TextChoices):
    DRAFT = "draft", "Draf"
    SUBMITTED = "submitted", "Menunggu verifikasi provinsi"
    RETURNED = "returned", "Perlu perbaikan"
    NOT_ENDORSED = "not_endorsed", "Tidak diteruskan provinsi"
    ENDORSED = "endorsed", "Menunggu seleksi administrasi"
    ELIGIBLE = "eligible", "Lolos seleksi administrasi"
    INELIGIBLE = "ineligible", "Tidak lolos seleksi administrasi"
    ASSESSED = "assessed", "Selesai dinilai"
    AWARDED = "awarded", "Menerima penghargaan"
    NOT_AWARDED = "not_awarded", "Tidak menerima penghargaan"
    WITHDRAWN = "withdrawn", "Ditarik"
    LAPSED = "lapsed", "Gugur karena lewat waktu"


# What the ministry works with: from the province's endorsement on.
AT_THE_MINISTRY = (
    State.ENDORSED,
    State.ELIGIBLE,
    State.INELIGIBLE,
    State.ASSESSED,
    State.AWARDED,
    State.NOT_AWARDED,
)


# What later rooms add to visible_to (an assessor's assigned nominations): they register it, never the other way.
_ALSO_VISIBLE: list[Callable[[Person], Q]] = []


def also_visible(door: Callable[[Person], Q]) -> None:
    """Let a later room say which further nominations a person may open; called once, from its AppConfig.ready."""
    if door not in _ALSO_VISIBLE:
        _ALSO_VISIBLE.append(door)


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, person: Person) -> NominationQuerySet:
        """
        Which nominations this person may open: the one answer for pages, files, exports and the API.

        The dinas sees its own; the province those of its region once sent (its own drafts where it nominates); the
        secretariat and the auditor all that was ever sent; chair and signatory from eligible on; an assessor those
        assigned (registered by assessment through `also_visible`).
        """
        if not person.is_authenticated:
            return self.none()
        if person.may(Right.SCREEN) or person.may(Right.READ_ALL):
            return self.exclude(submitted_at=None)
        seen = Q(pk__in=[])
        own = person.offices(Role.DINAS) + person.offices(Role.PROVINSI)
        seen |= Q(office__in=[office.pk for office in own])
        for office in person.offices(Role.PROVINSI):
            seen |= Q(office__province=office.province_id, submitted_at__isnull=False)
        if person.may(Right.LEAD_PLENARY) or person.may(Right.SIGN_DECREE):
            seen |= Q(state__in=[State.ELIGIBLE, State.ASSESSED, State.AWARDED, State.NOT_AWARDED])
        for door in _ALSO_VISIBLE:
            seen |= door(person)
        return self.filter(seen)

    def with_names(self) -> NominationQuerySet:
        """With everything a list row prints, in the same statement."""
        return self.select_related("round", "office", "product__group", "product__ikm__regency__province")

    def awaiting_endorsement(self) -> NominationQuerySet:
        return self.filter(state=State.SUBMITTED).order_by("submitted_at", "pk")

    def awaiting_screening(self) -> NominationQuerySet:
        return self.filter(state=State.ENDORSED).order_by("submitted_at", "pk")


# A hand-over is no other version of the answers; it stands in the history (audit).
@pghistory.track(exclude=["responsible", "status_link"])
class Nomination(models.Model):
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="nominations")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="nominations")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="nominations")
    state = models.CharField(max_length=14, choices=State.choices, default=State.DRAFT)
    # Given when it is first sent, gapless per office and round: U-2026-3205-001.
    number = models.CharField("nomor usulan", max_length=30, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Who of the office looks after it, where that is no longer whoever began it (handing_over.py).
    responsible = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name="penanggung jawab",
    )
    # Which status link of the IKM is good: making a new one stops all before it; none was made yet at 0.
    status_link = models.PositiveSmallIntegerField(default=0, db_default=0)
    # A return carries its own due instant, which replaces the phase's end.
    returned_from = models.CharField(max_length=14, blank=True)
    repair_due_at = models.DateTimeField(null=True, blank=True)
    # Rises with each saved answer: whoever saves an older one sees both values.
    version = models.PositiveIntegerField(default=1)

    raw_material = models.TextField("bahan baku dan asalnya", blank=True)
    local_content = models.PositiveSmallIntegerField(
        "bahan baku dari kabupaten/kota sendiri (persen)",
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    value_added = models.TextField("nilai tambah", blank=True)
    capacity = models.TextField("kapasitas produksi", blank=True)
    workers = models.PositiveIntegerField("jumlah tenaga kerja", null=True, blank=True)
    turnover = models.BigIntegerField(
        "omzet setahun terakhir (rupiah)", null=True, blank=True, validators=[MinValueValidator(0)]
    )
    wood_or_rattan = models.BooleanField("bahan utamanya kayu atau rotan", default=False)
    environment = models.TextField("pengendalian lingkungan", blank=True)
    design = models.TextField("desain dan kemasan", blank=True)
    marketing = models.TextField("pemasaran", blank=True)
    story = models.TextField("cerita produk", blank=True)
    # The question of the programme on the substitution of imports.
    import_substitution = models.TextField("produk impor yang dapat digantikan", blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="nomination_by_state", fields=["round", "state", "submitted_at"]),
            models.Index(name="nomination_by_office", fields=["office", "round"]),
        ]
        constraints = [
            CheckConstraint(name="nomination_state_is_known", condition=Q(state__in=State.values)),
            CheckConstraint(
                name="nomination_submitted_at_and_by_go_together",
                condition=Q(submitted_at=None, submitted_by=None, number=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False, number__isnull=False),
            ),
            CheckConstraint(
                name="nomination_past_its_draft_was_submitted",
                condition=Q(state__in=["draft", "lapsed", "withdrawn"]) | Q(submitted_at__isnull=False),
            ),
            CheckConstraint(
                name="nomination_returned_has_its_origin_and_due",
                condition=~Q(state="returned") | (~Q(returned_from="") & Q(repair_due_at__isnull=False)),
            ),
            CheckConstraint(
                name="nomination_local_content_is_a_percentage",
                condition=Q(local_content=None) | Q(local_content__lte=100),
            ),
            CheckConstraint(
                name="nomination_turnover_is_not_negative",
                condition=Q(turnover=None) | Q(turnover__gte=0),
            ),
            # What was withdrawn may be proposed anew.
            models.UniqueConstraint(
                name="nomination_once_per_product_and_round",
                fields=["round", "product"],
                condition=~Q(state="withdrawn"),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"Draf {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("nomination", args=[self.pk])

    @property
    def regency(self) -> Regency:
        return self.product.ikm.regency

    @property
    def is_example(self) -> bool:
        return self.round.is_example

    def latest_submission(self) -> Submission | None:
        return self.submissions.order_by("-sequence").first()


class Submission(models.Model):
    """The copy as submitted: word for word, never changed; later stages read a named version of it."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="submissions")
    sequence = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)

    append_only = True

    class Meta:
        ordering = ["nomination", "sequence"]
        constraints = [
            models.UniqueConstraint(name="submission_sequence_is_unique", fields=["nomination", "sequence"])
        ]
        triggers = [pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.nomination} versi {self.sequence}"


class RepairRemark(models.Model):
    """What is to be repaired in one answer: written with a return, read beside that answer, never changed."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="remarks")
    # A code of answers.FIELDS, or "dokumen:<kode persyaratan>".
    field = models.CharField("isian", max_length=60)
    text = models.TextField("yang harus diperbaiki")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(name="repair_remark_says_something", condition=~Q(text="") & ~Q(field="")),
            models.UniqueConstraint(name="repair_remark_once_per_answer", fields=["submission", "field"]),
        ]
        triggers = [pgtrigger.Protect(name="is_never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


class Document(models.Model):
    """
    A document of its holder (office, sentra or IKM), uploaded once and linked to the nominations it serves: the
    letter of the dinas covers its twelve IKM, the SK its whole sentra.
    """

    kind = models.ForeignKey(
        DocumentKind, on_delete=models.PROTECT, related_name="documents", verbose_name="jenis"
    )
    office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    sentra = models.ForeignKey(
        Sentra, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    ikm = models.ForeignKey(Ikm, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="documents", verbose_name="berkas"
    )
    number = models.CharField("nomor", max_length=100, blank=True)
    issuer = models.CharField("penerbit", max_length=160, blank=True)
    issued_on = models.DateField("tanggal terbit", null=True, blank=True)
    expires_on = models.DateField("berlaku sampai", null=True, blank=True)
    caption = models.CharField("keterangan foto", max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind__position", "pk"]
        constraints = [
            CheckConstraint(
                name="document_has_one_holder",
                condition=Q(office__isnull=False, sentra__isnull=True, ikm__isnull=True)
                | Q(office__isnull=True, sentra__isnull=False, ikm__isnull=True)
                | Q(office__isnull=True, sentra__isnull=True, ikm__isnull=False),
            ),
            CheckConstraint(
                name="document_expires_after_it_was_issued",
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}".strip()


class DocumentLink(models.Model):
    """A nomination uses this document; the link pins the version, because a document's file is never replaced."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="document_links")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="links")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="document_is_linked_once", fields=["nomination", "document"]),
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.document}"
