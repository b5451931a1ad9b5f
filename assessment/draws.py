"""
A draw for a whole round: what the rules allow, the balanced plan (balance.py), what it would mean, and taking it over.

A draw is shown before it is taken; it is named by its seed and by the fingerprint of its plan, so that what is taken is
what was shown, and anybody can draw it again.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Office, Person
from audit import history
from nominations.models import CommodityGroup, Nomination, Round, State

from . import assignment, balance, rules
from .models import Assessment, Assignment, Instrument
from .refusals import NOT_YOURS, Refused


@dataclass(frozen=True)
class Share:
    """What the plan gives one assessor: on hand before, added, of how many provinces, and how often with one other."""

    person: Person
    office: Office
    before: int
    added: int
    provinces: int
    closest: int

    @property
    def after(self) -> int:
        return self.before + self.added


@dataclass(frozen=True)
class Draw:
    """A plan as it would be taken. `crossed`: pairs of nomination and assessor that the rules forbid."""

    seed: int
    plan: balance.Plan
    nominations: dict[int, Nomination]
    people: dict[int, Person]
    shares: tuple[Share, ...]
    crossed: int
    open_seats: int
    without_instrument: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        plan = {str(nomination): sorted(people) for nomination, people in self.plan.seats.items()}
        return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()

    @property
    def is_possible(self) -> bool:
        return self.plan.is_whole and not self.without_instrument and self.open_seats > 0


def draw(round_: Round, *, seed: int, at: datetime) -> Draw:
    """
    Draw assessors for every open seat of the round's eligible nominations, in a fixed number of statements.

    What is there already stays: only open seats are drawn.
    """
    people = {person.pk: person for person in rules.assessors(at=at)}
    offices = rules.seats(list(people.values()), at=at)
    nominations = {
        nomination.pk: nomination
        for nomination in Nomination.objects.with_names()
        .filter(round=round_, state=State.ELIGIBLE)
        .order_by("pk")
    }
    seats, crossed = _seats(nominations, people, offices, rules.panel_size(round_))
    outside = frozenset(pk for pk, office in offices.items() if office.kind in rules.OUTSIDE)
    loads = rules.loads(round_)
    plan = balance.draw(seats, outside=outside, loads=loads, seed=seed)
    return Draw(
        seed,
        plan,
        nominations,
        people,
        tuple(_shares(plan, nominations, people, offices, loads)),
        crossed,
        sum(seat.open for seat in seats),
        _without_instrument({seat.group for seat in seats if seat.open}),
    )


def _seats(
    nominations: dict[int, Nomination], people: dict[int, Person], offices: dict[int, Office], size: int
) -> tuple[list[balance.Seat], int]:
    """The open seats with whom the rules allow there, and how many pairs they forbid."""
    facts = rules.Facts.about(people.values())
    sizes = dict(
        Assessment.objects.filter(nomination__in=nominations).order_by("pk").values_list("nomination", "size")
    )
    active: dict[int, dict[int, bool]] = defaultdict(dict)
    for one in (
        Assignment.objects.active()
        .filter(assessment__nomination__in=nominations)
        .select_related("office", "assessment")
    ):
        active[one.assessment.nomination_id][one.assessor_id] = one.is_from_outside
    # Whoever declined or was taken off a panel is not drawn for it again.
    gone = set(
        Assignment.objects.filter(assessment__nomination__in=nominations, removed_at__isnull=False)
        .order_by("pk")
        .values_list("assessment__nomination", "assessor")
    )
    found, crossed = [], 0
    for pk, nomination in nominations.items():
        there = active[pk]
        open_ = max(sizes.get(pk, size) - len(there), 0)
        if not open_:
            continue
        allowed = set()
        for person_pk, person in people.items():
            if person_pk in there:
                continue
            if (pk, person_pk) in gone or facts.ground_against(person, nomination):
                crossed += 1
            elif person_pk in offices:
                allowed.add(person_pk)
        found.append(
            balance.Seat(pk, nomination.product.group_id, open_, not any(there.values()), frozenset(allowed))
        )
    return found, crossed


def _shares(
    plan: balance.Plan,
    nominations: dict[int, Nomination],
    people: dict[int, Person],
    offices: dict[int, Office],
    loads: dict[int, int],
) -> list[Share]:
    added: Counter[int] = Counter()
    provinces: dict[int, set[str]] = defaultdict(set)
    pairs: dict[int, Counter[int]] = defaultdict(Counter)
    for nomination, panel in plan.seats.items():
        for person in panel:
            added[person] += 1
            provinces[person].add(nominations[nomination].regency.province_id)
            pairs[person].update(other for other in panel if other != person)
    return [
        Share(
            person,
            offices[pk],
            loads.get(pk, 0),
            added[pk],
            len(provinces[pk]),
            max(pairs[pk].values(), default=0),
        )
        for pk, person in people.items()
        if pk in offices
    ]


def _without_instrument(groups: set[str]) -> tuple[str, ...]:
    lacking = CommodityGroup.objects.filter(pk__in=groups).exclude(
        pk__in=Instrument.objects.published().values("group")
    )
    return tuple(lacking.order_by("position", "pk").values_list("name", flat=True))


def shortage_words(shortages: Sequence[balance.Shortage]) -> list[str]:
    """Each shortage as a sentence: which commodity, which kind of assessor, how many seats."""
    names = dict(CommodityGroup.objects.values_list("pk", "name"))
    return [
        f"{names.get(one.group, one.group)}: {one.seats} kursi "
        + (
            "penilai dari asosiasi atau perguruan tinggi tidak dapat diisi."
            if one.from_outside
            else "penilai tidak dapat diisi tanpa benturan kepentingan."
        )
        for one in shortages
    ]


@transaction.atomic
def take(round_: Round, *, seed: int, fingerprint: str, by: Person, at: datetime) -> int:
    """
    Take over the draw that was shown, all or nothing; return how many were assigned.

    Raises Refused: not your right, nothing to draw, not possible, or what was shown is no longer what would be drawn.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    drawn = draw(round_, seed=seed, at=at)
    if not drawn.is_possible:
        raise Refused(
            "not_possible", "Undian ini tidak dapat diterapkan. Lihat kekurangannya pada halaman undian."
        )
    if drawn.fingerprint != fingerprint:
        raise Refused(
            "changed",
            "Usulan, penilai, atau benturan kepentingan berubah sejak undian ditampilkan. Belum ada yang ditugaskan; "
            "lihat undian yang baru.",
        )
    plan = {
        drawn.nominations[nomination]: [drawn.people[person] for person in panel]
        for nomination, panel in drawn.plan.seats.items()
    }
    count = assignment.assign_many(plan, by=by, at=at)
    history.record(
        "take_draw",
        round_,
        by=by,
        at=at,
        seed=seed,
        fingerprint=fingerprint,
        assigned=count,
        nominations=len(plan),
    )
    return count
