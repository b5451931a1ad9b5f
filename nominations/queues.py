"""What the queues of province and secretariat show of each nomination: a constant number of questions for a list."""

from collections.abc import Collection
from datetime import datetime

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


def documents_given(nominations: Collection[Nomination]) -> dict[int, tuple[int, int]]:
    """
    For how many of its requirements each latest copy has a document, and how many ask for one: id -> (2, 5).

    Each nomination has its product at hand.
    """
    copies = (
        Submission.objects.filter(nomination__in=[nomination.pk for nomination in nominations])
        .order_by("nomination", "-sequence")
        .distinct("nomination")
        .values_list("nomination", "content__documents")
    )
    kinds = {pk: {document["kind"] for document in documents} for pk, documents in copies}
    found = {}
    for pk, requirements in completeness.requirements_in(nominations).items():
        asked = [{kind.pk for kind in requirement.accepts.all()} for requirement in requirements]
        asked = [accepted for accepted in asked if accepted]
        found[pk] = (sum(bool(accepted & kinds.get(pk, set())) for accepted in asked), len(asked))
    return found


def with_possible_duplicates(nominations: Collection[Nomination]) -> set[int]:
    """
    Which of these nominations (by id) come from an IKM with a name like another one's of its province; the page of one
    nomination shows which (registry.likely_duplicates).
    """
    others = (
        Ikm.objects.filter(merged_into=None, regency__province=OuterRef("regency__province"))
        .exclude(pk=OuterRef("pk"))
        .annotate(likeness=TrigramSimilarity("sort_name", OuterRef("sort_name")))  # type: ignore[arg-type]
        .filter(likeness__gte=registry.LIKE_ENOUGH)
    )
    asked = {nomination.product.ikm_id for nomination in nominations}
    alike = set(Ikm.objects.filter(Exists(others), pk__in=asked).order_by("pk").values_list("pk", flat=True))
    return {nomination.pk for nomination in nominations if nomination.product.ikm_id in alike}
