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
from .models import Assignment, Attendee, Plenary, PlenaryMember, Presence
from .refusals import Refused
from .sessions import chair_only, open_and_locked, present_now, secretary_of

# Who decides: the chair and the assessing team. The secretariat writes down, and has no vote (contract.md).
VOTES = (Role.KETUA, Role.PENILAI)
NAME_AT_MOST = 160


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


# --- Without a vote ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Other:
    """One in the room without a vote as page and minutes show it."""

    pk: int
    seat: str
    seat_name: str
    name: str
    institution: str
    hours: str
    is_present: bool


def others(plenary: Plenary) -> list[Other]:
    """Who is or was there without a vote: the secretary first, then members of the team, then guests."""
    order = list(Attendee.Seat.values)
    return [
        Other(
            one.pk, one.seat, one.get_seat_display(), one.name, one.institution,
            between(one.came_at, one.left_at or plenary.sealed_at), one.left_at is None,
        )
        for one in sorted(plenary.attendees.all(), key=lambda one: (order.index(one.seat), one.pk))
    ]  # fmt: skip


def secretaries(*, at: datetime) -> list[Person]:
    """Who can be the secretary of a session at `at`, by name: the secretariat."""
    in_force = Membership.objects.in_force(at=at).filter(role=Role.SEKRETARIAT)
    return list(
        Person.objects.filter(is_active=True, pk__in=in_force.values("person")).order_by("name", "pk")
    )


@transaction.atomic
def seat_without_vote(
    plenary: Plenary,
    seat: str,
    *,
    person: Person | None = None,
    name: str = "",
    institution: str = "",
    by: Person,
    at: datetime,
) -> Attendee:
    """
    Write down who is in the room without a vote. The secretary is somebody of the secretariat, and follows the one
    before; a member without an account and a guest are a name and an institution (decision 0103).

    Raises Refused: not the chair, sealed, unknown seat, no secretariat, a vote already, no name or institution.
    """
    chair_only(by)
    plenary = open_and_locked(plenary)
    if seat not in Attendee.Seat.values:
        raise Refused("seat_missing", "Pilih kedudukannya.")
    if seat == Attendee.Seat.SECRETARY:
        person, name, institution = _the_secretary(plenary, person, at=at)
        plenary.attendees.filter(seat=seat, left_at=None).update(left_at=at)
    else:
        person, name, institution = None, " ".join(name.split()), " ".join(institution.split())
    if not name or not institution:
        raise Refused("name_missing", "Isi nama dan instansinya.")
    one = Attendee.objects.create(
        plenary=plenary, seat=seat, person=person, name=name[:NAME_AT_MOST], institution=institution[:NAME_AT_MOST],
        came_at=at,
    )  # fmt: skip
    # Guests by their key alone: the history holds no names.
    history.record(
        "attend_without_vote", plenary, by=by, at=at, seat=seat, attendee=one.pk, person=one.person_id
    )
    return one


@transaction.atomic
def leave_without_vote(plenary: Plenary, attendee: int, *, by: Person, at: datetime) -> None:
    """Write down that one of them left. Raises Refused: not the chair, sealed, not there."""
    chair_only(by)
    plenary = open_and_locked(plenary)
    one = plenary.attendees.filter(pk=attendee, left_at=None).first()
    if one is None:
        raise Refused("not_present", "Yang bersangkutan tidak tercatat hadir. Tidak ada yang berubah.")
    one.left_at = max(at, one.came_at)
    one.save(update_fields=["left_at"])
    history.record("attendee_left", plenary, by=by, at=at, attendee=one.pk, person=one.person_id)


def _the_secretary(plenary: Plenary, person: Person | None, *, at: datetime) -> tuple[Person, str, str]:
    if person is None or person.pk not in [one.pk for one in secretaries(at=at)]:
        raise Refused("no_secretary", "Pilih sekretaris sidang dari Sekretariat.")
    if plenary.seats.filter(person=person).exists():
        raise Refused(
            "has_a_vote", f"{person.full_name} anggota yang mempunyai hak suara, bukan sekretaris sidang."
        )
    held = Membership.objects.in_force(at=at).filter(person=person, role=Role.SEKRETARIAT)
    return person, person.full_name, str(held.select_related("office").order_by("pk")[0].office)


# --- With a vote ---------------------------------------------------------------------------------------------------
def seat(plenary: Plenary, members: Collection[Person], present: Collection[Person], *, at: datetime) -> None:
    """
    Give these people a seat, and write down who of them is there. Whoever is there has a seat.

    Raises Refused: nobody, somebody who is neither chair nor assessor.
    """
    people = {one.pk: one for one in [*members, *present]}
    if not people:
        raise Refused("nobody", "Pilih anggota yang mempunyai hak suara.")
    offices = _offices(people, at=at)
    secretary = secretary_of(plenary)
    for pk, person in people.items():
        if secretary is not None and secretary.person_id == pk:
            raise Refused(
                "is_secretary",
                f"{person.full_name} sekretaris sidang ini, sehingga tidak mempunyai hak suara.",
            )
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
