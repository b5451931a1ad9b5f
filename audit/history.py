"""Writing and reading the history of a record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from accounts.models import Person

from .models import Entry


def record(
    action: str,
    subject: Model,
    *,
    by: Person | None,
    at: datetime,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    **details: Any,
) -> Entry:
    """
    Write one act into the history, in the caller's transaction; `by` is None for the portal itself.

    details: references and small facts (ids, codes, counts), never personal data. Chained at commit.
    """
    return Entry.objects.create(
        at=at,
        actor=by,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        details=details,
    )


def record_all(
    action: str,
    subjects: Iterable[tuple[Model, Mapping[str, Any]]],
    *,
    by: Person | None,
    at: datetime,
    to_state: str = "",
) -> None:
    """Write the same act of many records at once, each subject with its details; else as `record`."""
    Entry.objects.bulk_create(
        (
            Entry(
                at=at,
                actor=by,
                action=action,
                subject_type=subject._meta.label_lower,
                subject_id=str(subject.pk),
                to_state=to_state,
                details=dict(details),
            )
            for subject, details in subjects
        ),
        batch_size=1000,
    )


def of(subject: Model) -> QuerySet[Entry]:
    """The history of one record, oldest first, each with its actor."""
    return (
        Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .select_related("actor")
        .order_by("pk")
    )
