"""
A new session on published results: the secretariat calls it for the nominations whose sanggah was upheld, and for those
that are to be assessed again; the chair opens it, decides these and no others, and seals (docs/decisions/0067).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import Person
from audit import history
from nominations import lifecycle, objections
from nominations.models import Nomination, NominationQuerySet, Objection, Round, State
from nominations.models.screening import ObjectionQuerySet

from . import notices, rules
from .models import AgendaItem, Decision, Plenary
from .refusals import NOT_YOURS, Refused

PUBLISHED = (State.AWARDED, State.NOT_AWARDED)
REASON_AT_LEAST = 10


def undecided() -> ObjectionQuerySet:
    """The upheld objections to a published result on which no session has decided since."""
    decided_since = Decision.objects.filter(
        nomination=OuterRef("nomination"), plenary__sealed_at__gt=OuterRef("answered_at")
    )
    found: ObjectionQuerySet = Objection.objects.filter(
        ~Exists(decided_since), stage=Objection.Stage.RESULT, outcome=Objection.Outcome.UPHELD
    )
    return found


def _not_called() -> ObjectionQuerySet:
    called_since = AgendaItem.objects.filter(
        nomination=OuterRef("nomination"), called_at__gte=OuterRef("answered_at")
    )
    return undecided().filter(~Exists(called_since), nomination__state__in=PUBLISHED)


def to_be_called(round_: Round | int) -> list[Objection]:
    """The upheld objections to a published result of this round that no session was called for since."""
    found = _not_called().filter(nomination__round=round_)
    return list(found.with_names().order_by("answered_at", "pk"))


def calls_due() -> list[tuple[int, int]]:
    """(year of the round, how many upheld objections wait there for a session to be called), newest first."""
    found = _not_called().order_by().values_list("nomination__round").annotate(count=Count("pk"))
    return list(found.order_by("-nomination__round"))


def waiting(round_: Round | int) -> QuerySet[AgendaItem]:
    """What was called and waits for the chair to open the session."""
    return AgendaItem.objects.filter(nomination__round=round_, plenary=None)


@transaction.atomic
def call_session(
    round_: Round,
    *,
    objected: Iterable[Objection],
    reassessed: Iterable[Nomination] = (),
    reason: str,
    by: Person,
    at: datetime,
) -> list[AgendaItem]:
    """
    Call a new session of a round for these published results; the chair opens it.

    Raises Refused: not the secretariat, nothing to call for, no reason, an objection not upheld or not of this round,
    a nomination without a published result, called already and not decided yet.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    grounds = {one.pk: AgendaItem.Ground.REASSESSMENT for one in reassessed}
    for objection in objected:
        if not objections.awaits_new_plenary(objection):
            raise Refused(
                "not_upheld", f"Sanggah atas usulan {objection.nomination} tidak menunggu sidang pleno baru."
            )
        grounds[objection.nomination_id] = AgendaItem.Ground.OBJECTION
    if not grounds:
        raise Refused("nothing_chosen", "Pilih usulan yang dibahas dalam sidang pleno baru.")
    locked = lifecycle.lock(grounds)
    for nomination in locked:
        if nomination.round_id != round_.pk or nomination.state not in PUBLISHED:
            raise Refused(
                "not_published",
                f"Usulan {nomination} tidak mempunyai hasil periode {round_.pk} yang diumumkan.",
            )
        if AgendaItem.objects.filter(nomination=nomination, plenary=None).exists() or under_way(nomination):
            raise Refused(
                "already_called",
                f"Sidang pleno baru untuk usulan {nomination} sudah dipanggil dan belum selesai.",
            )
    items = [
        AgendaItem.objects.create(
            nomination=nomination,
            ground=grounds[nomination.pk],
            reason=reason.strip(),
            called_at=at,
            called_by=by,
        )
        for nomination in locked
    ]
    for item in items:
        history.record(
            "call_plenary", item.nomination, by=by, at=at, reason=item.reason, ground=str(item.ground), agenda=item.pk
        )  # fmt: skip
        notices.session_called(item, at=at)
    return items


def under_way(nomination: Nomination) -> bool:
    """Whether it stands on the agenda of a session that is open."""
    return AgendaItem.objects.filter(
        nomination=nomination, plenary__isnull=False, plenary__sealed_at=None
    ).exists()


def take(plenary: Plenary) -> int:
    """Put what waits on the agenda of a session that was just opened; 0 where it is one for the whole round."""
    return waiting(plenary.round_id).update(plenary=plenary)


def nominations_of(plenary: Plenary) -> NominationQuerySet:
    """What a called session decides on: the published results of its agenda."""
    return Nomination.objects.filter(agenda__plenary=plenary, state__in=PUBLISHED)


def star_before(item: AgendaItem) -> int | None:
    """What the last session sealed before this one decided for it; None for never."""
    if item.plenary is None:
        return None
    earlier = Decision.objects.filter(
        nomination=item.nomination_id,
        plenary__sealed_at__isnull=False,
        plenary__opened_at__lt=item.plenary.opened_at,
    ).exclude(plenary=item.plenary_id)
    last = earlier.order_by("-plenary__sealed_at", "-pk").first()
    return last.star if last else None


def keeps_its_star(item: AgendaItem) -> bool:
    """Whether its sealed session left the star as it was: it ends with the minutes, without a changing decree."""
    if item.plenary is None or item.plenary.sealed_at is None:
        return False
    decision = item.plenary.decisions.filter(nomination=item.nomination_id).first()
    return decision is not None and decision.star == star_before(item)


def tell_what_stays(plenary: Plenary, *, at: datetime) -> None:
    """Tell those whose star stays, at the seal; whoever's changes learns it with the published decree only."""
    for item in plenary.agenda.select_related("plenary", "nomination__product", "nomination__office"):
        if keeps_its_star(item):
            notices.result_stays(item, minutes_number=plenary.minutes_number, at=at)
