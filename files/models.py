"""Every file that came in: checked by its content, kept under its own id, served through one door (access.py)."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse

from accounts.models import Person

from .limits import EXTENSIONS, MAX_BYTES


class StoredFile(models.Model):
    """
    One file as it is kept: a PDF byte for byte as it came, a picture made anew without what it said about itself.

    `size` and `sha256` are those of the kept file. A file is never replaced: a new upload is a new row, so whoever
    holds the id holds the version.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Sedang diperiksa"
        ACCEPTED = "accepted", "Diterima"
        REFUSED = "refused", "Ditolak"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    original_name = models.CharField("nama berkas", max_length=255)  # for display only
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_path = models.CharField(max_length=120, null=True, blank=True, unique=True)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, choices=State.choices, default=State.WAITING, db_default=State.WAITING
    )
    refusal = models.CharField(max_length=300, blank=True, default="", db_default="")
    scanned_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            CheckConstraint(
                name="stored_file_state_is_known", condition=Q(state__in=["waiting", "accepted", "refused"])
            ),
            CheckConstraint(name="stored_file_kind_is_allowed", condition=Q(media_type__in=list(EXTENSIONS))),
            CheckConstraint(
                name="stored_file_size_is_within_the_limit", condition=Q(size__gte=1, size__lte=MAX_BYTES)
            ),
            CheckConstraint(name="stored_file_sha256_is_one", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            CheckConstraint(name="stored_file_has_a_name", condition=~Q(original_name="")),
            CheckConstraint(
                name="stored_file_has_pages_or_a_size_in_pixels",
                condition=Q(
                    media_type="application/pdf",
                    pages__isnull=False,
                    pages__gte=1,
                    width__isnull=True,
                    height__isnull=True,
                )
                | (
                    ~Q(media_type="application/pdf")
                    & Q(pages__isnull=True, width__isnull=False, height__isnull=False)
                    & Q(width__gte=1, height__gte=1)
                ),
            ),
            CheckConstraint(
                name="stored_file_is_gone_when_refused_and_says_why",
                condition=(Q(state="refused", stored_path__isnull=True) & ~Q(refusal=""))
                | (~Q(state="refused") & Q(stored_path__isnull=False, refusal="")),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("file_download", args=[self.pk])

    @property
    def path(self) -> Path:
        """Where the content lies; FileNotFoundError for a file that was refused after it had come in."""
        if self.stored_path is None:
            raise FileNotFoundError(f"file {self.pk} was refused, its content is gone")
        return Path(settings.MEDIA_ROOT) / self.stored_path

    @property
    def is_pdf(self) -> bool:
        return self.media_type == "application/pdf"

    @property
    def row_state(self) -> str:
        """The state in words of the partial file_row."""
        return "checking" if self.state == self.State.WAITING else self.state


class Upload(models.Model):
    """
    A file on its way in, in parts (tus 1.0.0): `received` bytes of `size` are safe on disk.

    When all are there it becomes `file`, or is refused with the sentence `refusal`. It is its owner's alone, and
    ends at `expires_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    original_name = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.CASCADE, related_name="upload"
    )
    refusal = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            CheckConstraint(
                name="upload_size_is_within_the_limit", condition=Q(size__gte=1, size__lte=MAX_BYTES)
            ),
            CheckConstraint(
                name="upload_receives_no_more_than_its_size", condition=Q(received__lte=F("size"))
            ),
            CheckConstraint(name="upload_ends_after_it_started", condition=Q(expires_at__gt=F("started_at"))),
            CheckConstraint(
                name="upload_becomes_a_file_or_is_refused_when_complete",
                condition=Q(file=None, refusal="") | (Q(received=F("size")) & (Q(file=None) | Q(refusal=""))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original_name}: {self.received} dari {self.size}"

    @property
    def is_complete(self) -> bool:
        return self.received == self.size

    @property
    def part_path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "uploads" / f"{self.pk}.part"
