"""Who the minutes of the plenary name: the assessing team, who declared an interest, who left the room for an item."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from letters import wording

from .models import Absence, Assignment, Plenary


@dataclass(frozen=True)
class Member:
    """Somebody of the assessing team, whose sheet counts for what the session decided; the chair comes first."""

    name: str
    role: str
    office: str


@dataclass(frozen=True)
class Recusal:
    """Who declared an interest before the session, in which nomination, and when; never which one (documents.md 4)."""

    name: str
    nomination: str
    since: str


@dataclass(frozen=True)
class Left:
    """Who left the room for which item, "pukul 10.02 sampai dengan pukul 10.15 WIB"; never because of what."""

    name: str
    nomination: str
    hours: str


def team(plenary: Plenary) -> tuple[Member, ...]:
    """
    The chair, then each assessor once per office; who came to the session is signed on paper.

    Nobody but the chair before the seal: whoever decides sees no names (test_no_page_of_the_plenary_names_an_assessor).
    """
    chair = Member(plenary.opened_by.full_name, "Ketua sidang", "")
    if plenary.sealed_at is None:
        return (chair,)
    counted = (
        _assignments(plenary)
        .filter(has_conflict=False, removed_at=None, submitted_at__isnull=False)
        .order_by("assessor_id", "office_id")
        .distinct("assessor_id", "office_id")
        .select_related("assessor", "office")
    )
    assessors = [Member(one.assessor.full_name, "Penilai", str(one.office)) for one in counted]
    return (
        chair,
        *sorted(assessors, key=lambda one: (one.office, one.name)),
    )


def recusals(plenary: Plenary) -> tuple[Recusal, ...]:
    """Who declared an interest in what was decided; none before the seal, as for the team."""
    if plenary.sealed_at is None:
        return ()
    found = (
        _assignments(plenary)
        .filter(has_conflict=True, declared_at__lte=plenary.sealed_at)
        .select_related("assessor", "assessment__nomination")
        .order_by("assessment__nomination__number", "pk")
    )
    return tuple(
        Recusal(
            one.assessor.full_name,
            str(one.assessment.nomination.number),
            wording.instant_for_reader(one.declared_at) if one.declared_at else "",
        )
        for one in found
    )


def left(plenary: Plenary, hidden: set[int]) -> tuple[Left, ...]:
    """The members who were out for an item; a draft leaves out those items of which its reader sees nothing."""
    found = (
        Absence.objects.standing()
        .filter(item__plenary=plenary)
        .exclude(item__nomination__in=hidden)
        .select_related("member__person", "item__nomination")
        .order_by("item__opened_at", "item", "member__person__name", "pk")
    )
    return tuple(
        Left(
            one.member.person.full_name,
            str(one.item.nomination.number),
            from_to(one.left_at, one.returned_at),
        )
        for one in found
    )


def from_to(start: datetime, end: datetime | None) -> str:
    """ "pukul 09.00 sampai dengan pukul 16.00 WIB", with the day where it is another; "sejak pukul 09.00 WIB"."""
    first = wording.clock(start, wording.WIB)
    if end is None:
        return f"sejak {first}"
    if date_of(start) != date_of(end):
        return f"{first} sampai dengan {day_of(end)}, {wording.clock(end, wording.WIB)}"
    return f"{first.removesuffix(' WIB')} sampai dengan {wording.clock(end, wording.WIB)}"


def _assignments(plenary: Plenary) -> QuerySet[Assignment]:
    return Assignment.objects.filter(assessment__nomination__in=plenary.decisions.values("nomination"))


def date_of(instant: datetime) -> date:
    return instant.astimezone(wording.WIB).date()


def day_of(instant: datetime) -> str:
    return wording.minutes_date(date_of(instant))
