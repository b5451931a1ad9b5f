"""What the queues of province and secretariat show of each nomination: a constant number of questions for a list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import CharField, Exists, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from audit.models import Entry
from letters.wording import WIB

from . import completeness, registry
from .models import Ikm, Nomination, NominationQuerySet, Submission


def with_way(nominations: NominationQuerySet) -> NominationQuerySet:
    """Each with `since` (when it came into the state it is in) and `is_repaired` (it was sent more than once)."""
    arrived = (
        Entry.objects.filter(
            subject_type=Nomination._meta.label_lower,
            subject_id=Cast(OuterRef("pk"), CharField()),
            to_state=OuterRef("state"),
        )
        .order_by("-pk")
        .values("at")[:1]
    )
    again = Submission.objects.filter(nomination=OuterRef("pk"), sequence__gt=1)
    return nominations.annotate(since=Coalesce(Subquery(arrived), "submitted_at"), is_repaired=Exists(again))


def latest_first(nominations: NominationQuerySet) -> NominationQuerySet:
    """The same, by when each came into its state, the last one first."""
    return with_way(nominations).order_by("-since", "-pk")  # type: ignore[misc]


def days_waiting(nomination: Nomination, *, at: datetime) -> int:
    """How many days ago (WIB) it came into its state; the nomination is one of `with_way`."""
    since: datetime = nomination.since  # type: ignore[attr-defined]
    return (timezone.localdate(at, WIB) - timezone.localdate(since, WIB)).days


@dataclass(frozen=True)
class Noted:
    """
    What the province's queue notes of a nomination: for how many of its requirements the latest copy has a document,
    how many ask for one, and whether its IKM has a name like another one's of its province (its own page shows which:
    registry.likely_duplicates).
    """

    given: int
    asked: int
    is_alike: bool


def noted(nominations: Collection[Nomination]) -> dict[int, Noted]:
    """The same for many nominations (with their product at hand), by id, in two questions."""
    latest = Submission.objects.filter(nomination=OuterRef("pk")).order_by("-sequence")
    others = (
        Ikm.objects.filter(merged_into=None, regency__province=OuterRef("product__ikm__regency__province"))
        .exclude(pk=OuterRef("product__ikm"))
        .annotate(likeness=TrigramSimilarity("sort_name", OuterRef("product__ikm__sort_name")))  # type: ignore[arg-type]
        .filter(likeness__gte=registry.LIKE_ENOUGH)
    )
    rows = (
        Nomination.objects.filter(pk__in=[nomination.pk for nomination in nominations])
        .annotate(documents=Subquery(latest.values("content__documents")[:1]), is_alike=Exists(others))
        .order_by("pk")
        .values_list("pk", "documents", "is_alike")
    )
    asked = completeness.kinds_asked_in(nominations)
    found = {}
    for pk, documents, is_alike in rows:
        kinds = {document["kind"] for document in documents or []}
        found[pk] = Noted(sum(bool(accepted & kinds) for accepted in asked[pk]), len(asked[pk]), is_alike)
    return found


def notes_cell(notes: Sequence[str]) -> dict[str, Any] | str:
    """Short texts below each other in a cell of a list; empty, so that a card on a phone leaves its label out."""
    return {"template": "nominations/queue_notes_cell.html", "notes": notes} if notes else ""
