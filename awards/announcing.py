"""What the room of nominations asks about a published result: when it was announced, and who took part in deciding it."""

from assessment.models import Assignment, Decision
from nominations.models import Nomination
from nominations.objections import Announcement

from .models import Award, Decree


def announced(nomination: Nomination) -> Announcement | None:
    """The published result of a nomination; None before its round's decree is published."""
    decree = Decree.objects.filter(round=nomination.round_id, published_at__isnull=False).first()
    if decree is None or decree.published_at is None:
        return None
    sealed = list(
        Decision.objects.filter(nomination=nomination, plenary__sealed_at__isnull=False)
        .select_related("plenary")
        .order_by("plenary__sealed_at", "pk")
    )
    deciders = {decree.drafted_by_id, decree.issued_by_id, decree.published_by_id}
    for decision in sealed:
        deciders |= {decision.recorded_by_id, decision.plenary.opened_by_id, decision.plenary.sealed_by_id}
    scored = Assignment.objects.counted().filter(assessment__nomination=nomination)
    deciders |= set(scored.order_by("pk").values_list("assessor", flat=True))
    return Announcement(
        decree.published_at,
        _said(nomination, decree),
        frozenset(key for key in deciders if key is not None),
        sealed[-1].plenary.sealed_at if sealed else None,
    )


def _said(nomination: Nomination, decree: Decree) -> str:
    award = Award.objects.filter(nomination=nomination, decree=decree).first()
    result = f"Bintang {award.star} dari {award.maximum_star}" if award else "Tidak menerima penghargaan"
    return f"{result}, Keputusan Nomor {decree.number}"
