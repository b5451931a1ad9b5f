"""
Who sits in a plenary and from when to when: by name, so that the quorum is counted and never typed in.

The numbers of a session (`Plenary.members`, `present`) follow from these rows in the database itself; a session of
before has only its numbers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Membership, Office, Person
from accounts.roles import Role
from audit import history
from letters import wording
from nominations.models import Round

from . import items
from .models import Assignment, Plenary, PlenaryMember, Presence
from .refusals import Refused
from .sessions import chair_only, open_and_locked, present_now

# Who decides: the chair and the assessing team. The secretariat writes down, and has no vote (contract.md).
VOTES = (Role.KETUA, Role.PENILAI)


@dataclass(frozen=True)
class Seat:
    """One member as page and minutes show it: `hours` is "09.00–16.00", several of them where somebody came back."""

    person: Person
    office: str
    is_present: bool
    hours: str
    has_come: bool


def eligible(*, at: datetime) -> list[Person]:
    """Everybody who can have a seat at `at`, by name."""
    in_force = Membership.objects.in_force(at=at).filter(role__in=VOTES)
    return list(
        Person.objects.filter(is_active=True, pk__in=in_force.values("person")).order_by("name", "pk")
    )


def expected(round_: Round | int) -> set[int]:
    """The keys of those whose sheets count in this round: whom the chair finds ticked when opening its session."""
    team = Assignment.objects.counted().filter(assessment__nomination__round=round_).order_by("assessor")
    return set(team.values_list("assessor", flat=True).distinct())


def seats(plenary: Plenary) -> list[Seat]:
    """The members with their hours, by name; empty for a session that has only its numbers."""
    members = plenary.seats.select_related("person", "office").prefetch_related("presences")
    return [
        Seat(
            person=one.person,
            office=str(one.office) if one.office else "",
            is_present=any(each.left_at is None for each in one.presences.all()),
            hours=_hours(one.presences.all(), plenary),
            has_come=bool(one.presences.all()),
        )
        for one in members.order_by("person__name", "pk")
    ]


def seat(plenary: Plenary, members: Collection[Person], present: Collection[Person], *, at: datetime) -> None:
    """
    Give these people a seat, and write down who of them is there. Whoever is there has a seat.

    Raises Refused: nobody, somebody who is neither chair nor assessor.
    """
    people = {one.pk: one for one in [*members, *present]}
    if not people:
        raise Refused("nobody", "Pilih anggota yang mempunyai hak suara.")
    offices = _offices(people, at=at)
    for pk, person in people.items():
        if pk not in offices:
            raise Refused(
                "no_member",
                f"{person.full_name} bukan ketua atau penilai, sehingga tidak mempunyai hak suara.",
            )
    there = set(plenary.seats.values_list("person_id", flat=True))
    for pk, person in people.items():
        if pk not in there:
            PlenaryMember.objects.create(plenary=plenary, person=person, office=offices[pk])
    _come_and_leave(plenary, {one.pk for one in present}, at=at)


@transaction.atomic
def record_attendance(
    plenary: Plenary,
    *,
    present: Collection[Person],
    members: Collection[Person] = (),
    by: Person,
    at: datetime,
) -> Plenary:
    """
    Write down who is there now; whoever was and is not named has left. members: seats added, for who was forgotten.

    Whoever comes while an item lies on the table in which they have an interest is kept out of it at once.
    Raises Refused: not the chair, sealed, nobody, somebody without a vote.
    """
    chair_only(by)
    plenary = open_and_locked(plenary)
    seat(plenary, members, present, at=at) if members or present else _come_and_leave(plenary, set(), at=at)
    item = items.current(plenary)
    if item is not None:
        items.keep_out(item, at=at)
    plenary.refresh_from_db()
    history.record(
        "plenary_attendance", plenary, by=by, at=at, present=plenary.present, members=plenary.members,
        people=sorted(present_now(plenary)),
    )  # fmt: skip
    return plenary


def _come_and_leave(plenary: Plenary, present: set[int], *, at: datetime) -> None:
    open_ones = Presence.objects.filter(member__plenary=plenary, left_at=None).select_related("member")
    there = {one.member.person_id: one for one in open_ones}
    for person, one in there.items():
        if person not in present:
            # A request received earlier can reach the lock later: nobody leaves before they came.
            one.left_at = max(at, one.came_at)
            one.save(update_fields=["left_at"])
    for member in plenary.seats.filter(person__in=present - set(there)):
        Presence.objects.create(member=member, came_at=at)


def _offices(people: Collection[int], *, at: datetime) -> dict[int, Office]:
    held = Membership.objects.in_force(at=at).filter(
        person__in=people, role__in=VOTES, person__is_active=True
    )
    found: dict[int, Office] = {}
    for one in held.select_related("office").order_by("pk"):
        found.setdefault(one.person_id, one.office)
    return found


def _hours(presences: Iterable[Presence], plenary: Plenary) -> str:
    return ", ".join(between(one.came_at, one.left_at or plenary.sealed_at) for one in presences)


def between(start: datetime, end: datetime | None) -> str:
    """ "09.00–16.00 WIB"; "sejak 09.00 WIB" where it has not ended."""
    if end is None:
        return f"sejak {wording.clock(start, wording.WIB).removeprefix('pukul ')}"
    first, last = (wording.clock(one, wording.WIB).removeprefix("pukul ") for one in (start, end))
    if start.astimezone(wording.WIB).date() != end.astimezone(wording.WIB).date():
        return f"{wording.instant_for_reader(start)} sampai dengan {wording.instant_for_reader(end)}"
    return f"{first.removesuffix(' WIB')}–{last}"
