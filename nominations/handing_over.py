"""
Who of an office looks after a nomination, and how an officer who leaves hands all of them over to a colleague.

A nomination belongs to its office: every officer of it may work on it. Looking after it only says whom the portal
reminds (reminders.py) and whom the others ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Office, Person
from accounts.roles import Role
from audit import history
from letters import outbox

from . import lifecycle, notices
from .guards import Refused
from .models import Nomination, State

# What still asks something of its office, now or later.
IN_HAND = (State.DRAFT, State.RETURNED, State.SUBMITTED, State.ENDORSED, State.ELIGIBLE, State.ASSESSED)


@dataclass(frozen=True)
class Charge:
    """The nominations of one office that one person looks after; `has_left`: without a role there any more."""

    person: Person
    office: Office
    nominations: tuple[Nomination, ...]
    has_left: bool


def looked_after_by(nomination: Nomination) -> Person:
    """Whoever it was handed to last, else whoever began it."""
    return nomination.responsible or nomination.created_by


def offices_of(person: Person) -> list[Office]:
    """The offices for which this person may nominate."""
    return [*person.offices(Role.DINAS), *person.offices(Role.PROVINSI)]


def charges(person: Person, *, at: datetime) -> list[Charge]:
    """
    What is in hand in this person's offices, by who looks after it: the own first, then who has left, then colleagues.

    Three questions for an office.
    """
    found = []
    for office in offices_of(person):
        there = {colleague.pk for colleague in notices.people_of(office, at=at)}
        rows = (
            Nomination.objects.filter(office=office, state__in=IN_HAND)
            .with_names()
            .select_related("responsible", "created_by")
            .order_by("-round_id", "pk")
        )
        by_person: dict[Person, list[Nomination]] = {}
        for nomination in rows:
            by_person.setdefault(looked_after_by(nomination), []).append(nomination)
        found += [
            Charge(keeper, office, tuple(nominations), keeper.pk not in there)
            for keeper, nominations in by_person.items()
        ]
    return sorted(
        found, key=lambda charge: (charge.person.pk != person.pk, not charge.has_left, charge.person.name)
    )


def colleagues(office: Office, *, at: datetime) -> list[Person]:
    """To whom a nomination of this office can be handed over."""
    return notices.people_of(office, at=at)


@transaction.atomic
def hand_over(
    pks: Sequence[int], *, office: Office, to: Person, by: Person, at: datetime
) -> list[Nomination]:
    """
    Make `to` look after these nominations of an office; return those that changed. `to` is told once, of all.

    Raises Refused where `by` or `to` does not nominate for the office, one of them is not the office's or is over, or
    none was named.
    """
    if not any(own.pk == office.pk for own in offices_of(by)):
        raise Refused("not_yours", f"Hanya petugas {office} yang dapat menyerahkan usulannya.")
    if to.pk not in {colleague.pk for colleague in colleagues(office, at=at)}:
        raise Refused("no_colleague", f"{to} tidak bertugas di {office}. Pilih petugas lain.")
    if not pks:
        raise Refused("none_chosen", "Pilih paling sedikit satu usulan yang diserahkan.")
    rows = lifecycle.lock(sorted(set(pks)))
    if len(rows) != len(set(pks)) or any(row.office_id != office.pk for row in rows):
        raise Refused("not_yours", f"Ada usulan yang bukan milik {office}. Tidak ada yang berubah.")
    changed = []
    for row in rows:
        before = row.responsible_id or row.created_by_id
        if row.state not in IN_HAND or before == to.pk:
            continue
        row.responsible = to
        row.save(update_fields=["responsible"])
        history.record("handed_over", row, by=by, at=at, before=before, to=to.pk)
        changed.append(row)
    if changed and to.pk != by.pk:
        _tell(changed, to=to, by=by, at=at)
    return changed


def _tell(changed: list[Nomination], *, to: Person, by: Person, at: datetime) -> None:
    outbox.queue(
        "handed_over",
        person=to,
        key=f"{changed[0].pk}/{at.isoformat()}",
        context={"n": len(changed), "nama": by.full_name, "tautan": "/usulan/"},
        at=at,
    )
