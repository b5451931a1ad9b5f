"""An assessor's queue: what is to be done next, how each assignment stands, and how far all of them are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.models import Person
from nominations.models import Phase, State

from . import sheets
from .access import WHILE
from .models import Assignment, Instrument, Pact, Score

_TO_DO, _SENT, _RECUSED, _OVER = range(4)


@dataclass(frozen=True)
class Standing:
    """How one assignment stands: words and tone of its badge, and what to do now ("" where there is nothing)."""

    text: str
    tone: str
    act: str = ""


@dataclass(frozen=True)
class Tally:
    """All that is on hand: sheets sent of sheets to send, indicators with a score of all of theirs."""

    sent: int
    assigned: int
    filled: int
    indicators: int


def of(person: Person) -> QuerySet[Any]:
    """
    The assignments of a person as they are to be done: to do by deadline, then sent, recused, and those of earlier
    rounds. Each with `filled` (scores so far), `last_at` (when one was last written) and `closes_at`.
    """
    ends = Phase.objects.filter(
        round=OuterRef("assessment__nomination__round"), kind=Phase.Kind.ASSESSMENT
    ).order_by("pk")
    return (
        Assignment.objects.visible_to(person)
        .with_names()
        .select_related("assessment__nomination__office")
        .prefetch_related("assessment__nomination__round__phases")
        # Kilobytes of words that no row prints.
        .defer("assessment__instrument__definition")
        .annotate(
            filled=Count("scores", filter=Q(scores__points__isnull=False)),
            last_at=Max("scores__at"),
            closes_at=Subquery(ends.values("closes_at")[:1]),
            place=Case(
                When(~Q(assessment__nomination__state__in=WHILE), then=Value(_OVER)),
                When(has_conflict=True, then=Value(_RECUSED)),
                When(submitted_at__isnull=False, then=Value(_SENT)),
                default=Value(_TO_DO),
            ),
        )
        .order_by("place", F("closes_at").asc(nulls_last=True), "assessment__nomination__number", "pk")
    )


def current(person: Person, *, at: datetime) -> Any:
    """
    The one to go on with: the sheet that was written last, else the first one to do; None where nothing can be done.
    """
    to_do = of(person).filter(
        Q(closes_at=None) | Q(closes_at__gt=at), place=_TO_DO, assessment__nomination__state=State.ELIGIBLE
    )
    return to_do.order_by(
        F("last_at").desc(nulls_last=True),
        F("closes_at").asc(nulls_last=True),
        "assessment__nomination__number",
        "pk",
    ).first()


def standing(assignment: Any, *, signed: Collection[int], at: datetime) -> Standing:
    """
    How an assignment of `of()` stands at `at`. signed: the rounds whose pact the assessor has signed.

    A conflict is a state of its own, never "not yet assessed".
    """
    nomination = assignment.assessment.nomination
    if assignment.has_conflict:
        return Standing("Tidak menilai: benturan kepentingan", "netral")
    if assignment.submitted_at is not None:
        return Standing("Terkirim", "baik", "Lihat penilaian")
    if nomination.state != State.ELIGIBLE:
        return Standing("Tidak sedang dinilai", "netral")
    filled, total = assignment.filled, len(assignment.assessment.instrument.ladders)
    so_far = f"{filled} dari {total} terisi"
    phase = nomination.round.phase(Phase.Kind.ASSESSMENT)
    if phase is not None and at >= phase.closes_at:
        act = "" if assignment.has_conflict is None else "Lihat isian"
        return Standing(f"Tidak terkirim, {so_far}: penilaian ditutup", "galat", act)
    if nomination.round_id not in signed:
        return Standing("Pakta integritas belum ditandatangani", "hati", "Baca pakta integritas")
    if assignment.has_conflict is None:
        return Standing("Menunggu pernyataan Anda", "hati", "Isi pernyataan")
    if sheets.out_of_time(nomination, at=at):
        return Standing("Penilaian belum dibuka", "netral", "Baca usulan")
    if not filled:
        return Standing(so_far, "info", "Mulai menilai")
    return Standing(so_far, "info", "Periksa penilaian" if filled == total else "Lanjutkan menilai")


def signed_rounds(person: Person) -> set[int]:
    return set(Pact.objects.filter(person=person).values_list("round_id", flat=True))


def tally(person: Person) -> Tally:
    """How far everything on hand is; what was recused is no sheet to send."""
    on_hand = Assignment.objects.visible_to(person).filter(
        Q(has_conflict=None) | Q(has_conflict=False), assessment__nomination__state__in=WHILE
    )
    forms = dict(on_hand.order_by().values_list("assessment__instrument").annotate(Count("pk")))
    ladders = dict(Instrument.objects.filter(pk__in=forms).order_by("pk").values_list("pk", "ladders"))
    return Tally(
        sent=on_hand.filter(submitted_at__isnull=False).count(),
        assigned=sum(forms.values()),
        filled=Score.objects.filter(assignment__in=on_hand, points__isnull=False).count(),
        indicators=sum(count * len(ladders[form]) for form, count in forms.items()),
    )
