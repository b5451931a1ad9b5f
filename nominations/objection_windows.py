"""Which results of an office can be objected to now, and until when: for all its nominations at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from audit.models import Entry
from letters.workdays import HolidaysUnknown

from . import objections
from .models import Nomination, Objection, State
from .objections import Stage, Window

_WITH_A_RESULT = (State.AWARDED, State.NOT_AWARDED)


@dataclass(frozen=True)
class Open:
    """A nomination whose result can be objected to, with its window."""

    nomination: Nomination
    window: Window


def open_now(offices: Collection[int], *, at: datetime) -> list[Open]:
    """Those of these offices (by id) that nobody has objected to yet, the one that ends first before the others."""
    found = [*_refused(offices, at=at), *_announced(offices, at=at)]
    return sorted(found, key=lambda one: (one.window.until, one.nomination.pk))


def _refused(offices: Collection[int], *, at: datetime) -> list[Open]:
    """objections.window for those not eligible: from the last refusal on."""
    refusal = Entry.objects.filter(
        subject_type=Nomination._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), CharField()),
        action="declare_ineligible",
    )
    waiting = (
        _of(offices, Stage.SCREENING)
        .filter(state=State.INELIGIBLE)
        .annotate(refused_at=Subquery(refusal.order_by("-pk").values("at")[:1]))
        .filter(refused_at__isnull=False)
    )
    return _that_hold([(one, one.refused_at) for one in waiting], at=at)


def _announced(offices: Collection[int], *, at: datetime) -> list[Open]:
    """The same for a published result: all of a round were announced at one instant, and only the latest can be open."""
    waiting = _of(offices, Stage.RESULT).filter(state__in=_WITH_A_RESULT).order_by("-round_id", "pk")
    latest = list(waiting.filter(Q(round=waiting.values("round")[:1])))
    announced = objections.announcement(latest[0]) if latest else None
    return _that_hold([(one, announced.at) for one in latest], at=at) if announced else []


def _of(offices: Collection[int], stage: str) -> QuerySet[Nomination]:
    filed = Objection.objects.filter(nomination=OuterRef("pk"), stage=stage)
    own = Nomination.objects.filter(~Exists(filed), office__in=list(offices))
    return own.select_related("round", "product").order_by("pk")


def _that_hold(pairs: list[tuple[Nomination, datetime]], *, at: datetime) -> list[Open]:
    found = []
    for nomination, opened_at in pairs:
        try:
            window = objections.window_from(nomination, opened_at)
        except HolidaysUnknown:
            continue
        if window.holds(at):
            found.append(Open(nomination, window))
    return found
