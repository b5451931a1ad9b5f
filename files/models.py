"""Every file that came in: checked by its content, kept under its own id, served through one door."""

import uuid

from django.db import models

from accounts.models import Person


class StoredFile(models.Model):
    """Placeholder of the lead until the files engineer's own model lands; the primary key stays a UUID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    original_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.original_name
