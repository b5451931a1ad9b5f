"""
Who may do what in this room, and who may not assess what: "why is this assessor not on that panel?".

Grounds against an assessor come from facts held (offices now and before, the nomination's own hands, interests on
record) as well as from what was declared. One implementation, for one pair and for a whole table of pairs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Membership, Office, Person
from accounts.roles import Right, Role
from nominations.models import Nomination, Round

from .models import Assignment, Interest, PanelSize

# Where nothing else is set for the round (sizes.py).
PANEL_SIZE = 3
OUTSIDE = (Office.Kind.ASSOCIATION, Office.Kind.CAMPUS)


@dataclass(frozen=True)
class Ground:
    """Why somebody may not assess a nomination. The text never says what an assessor declared."""

    code: str
    text: str


# --- Relations to a record -------------------------------------------------------------------------------------
def may_assign(person: Person) -> bool:
    return person.may(Right.ASSIGN)


def may_read_conflicts(person: Person) -> bool:
    """What a relation is about is read by its own assessor, and else by secretariat and auditor alone (documents.md 4)."""
    return person.may(Right.ASSIGN) or person.may(Right.READ_ALL)


def may_reopen(person: Person) -> bool:
    """The chair orders it, the secretariat carries it out: either may, with a reason (contract.md)."""
    return person.may(Right.REOPEN_SCORE) or person.may(Right.ASSIGN)


def may_decide(person: Person) -> bool:
    return person.may(Right.LEAD_PLENARY)


def may_score(person: Person, assignment: Assignment) -> bool:
    """Own, declared free of conflict, not replaced; whether it is still open is asked under the lock."""
    return (
        person.may(Right.SCORE)
        and assignment.assessor_id == person.pk
        and assignment.has_conflict is False
        and assignment.removed_at is None
    )


# --- Who may assess what ---------------------------------------------------------------------------------------
@dataclass
class Facts:
    """What is held about some assessors, read in a fixed number of statements."""

    memberships: dict[int, list[Membership]] = field(default_factory=lambda: defaultdict(list))
    interests: dict[int, list[Interest]] = field(default_factory=lambda: defaultdict(list))
    # assessor -> IKM of which a conflict was declared, in whatever round.
    declared: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def about(cls, people: Iterable[Person]) -> "Facts":
        found = cls()
        ids = [person.pk for person in people]
        # Offices of the past count as well: who prepared a nomination does not judge it from another chair.
        for membership in Membership.objects.filter(person__in=ids).select_related("office").order_by("pk"):
            found.memberships[membership.person_id].append(membership)
        for interest in Interest.objects.in_force().filter(person__in=ids).order_by("pk"):
            found.interests[interest.person_id].append(interest)
        declared = Assignment.objects.filter(assessor__in=ids, has_conflict=True).order_by("pk")
        for assessor, ikm in declared.values_list("assessor_id", "assessment__nomination__product__ikm_id"):
            found.declared[assessor].add(ikm)
        return found

    def ground_against(self, person: Person, nomination: Nomination) -> Ground | None:
        """
        Return the first ground on which this person may not assess the nomination; None where there is none.

        nomination: with_names(), so that nothing is asked of the database here.
        """
        regency = nomination.regency
        if person.pk in (nomination.created_by_id, nomination.submitted_by_id):
            return Ground("own_nomination", "benturan kepentingan (menyusun usulan ini)")
        for membership in self.memberships[person.pk]:
            office = membership.office
            if office.pk == nomination.office_id:
                return Ground("own_office", "benturan kepentingan (kantor pengusul)")
            if office.regency_id == regency.pk:
                return Ground("own_regency", "benturan kepentingan (asal kabupaten sama)")
            if office.kind == Office.Kind.PROVINCE and office.province_id == regency.province_id:
                return Ground("own_province", "benturan kepentingan (dinas provinsi yang sama)")
        for interest in self.interests[person.pk]:
            if interest.regency_id == regency.pk and interest.kind == Interest.Kind.HOME:
                return Ground("home", "benturan kepentingan (asal kabupaten sama)")
            if interest.regency_id == regency.pk:
                return Ground("recorded", "benturan kepentingan (hubungan dengan kabupaten/kota ini)")
            if interest.ikm_id == nomination.product.ikm_id:
                return Ground("recorded", f"benturan kepentingan ({interest.get_kind_display()})")
        if nomination.product.ikm_id in self.declared[person.pk]:
            return Ground("declared", "benturan kepentingan (dinyatakan)")
        return None


def panel_size(round_: Round | int) -> int:
    """How many assess each nomination of the round."""
    found = PanelSize.objects.filter(round=round_).order_by("-pk").values_list("size", flat=True).first()
    return found or PANEL_SIZE


def seats(people: Sequence[Person], *, at: datetime) -> dict[int, Office]:
    """Return for each of them the office for which they assess at `at`; from an association or campus first."""
    found: dict[int, Office] = {}
    in_force = (
        Membership.objects.in_force(at=at)
        .filter(person__in=[person.pk for person in people], role=Role.PENILAI, person__is_active=True)
        .select_related("office")
        .order_by("pk")
    )
    for membership in in_force:
        there = found.get(membership.person_id)
        if there is None or (there.kind not in OUTSIDE and membership.office.kind in OUTSIDE):
            found[membership.person_id] = membership.office
    return found


def assessors(*, at: datetime) -> list[Person]:
    """Everybody who is an assessor at `at`, by name."""
    in_force = Membership.objects.in_force(at=at).filter(role=Role.PENILAI)
    return list(
        Person.objects.filter(is_active=True, pk__in=in_force.values("person")).order_by("name", "pk")
    )


def loads(round_: Round) -> dict[int, int]:
    """Return how many nominations of the round each assessor has on hand: active assignments, submitted or not."""
    found: dict[int, int] = defaultdict(int)
    active = Assignment.objects.active().filter(assessment__nomination__round=round_).order_by("pk")
    for assessor in active.values_list("assessor_id", flat=True):
        found[assessor] += 1
    return dict(found)
