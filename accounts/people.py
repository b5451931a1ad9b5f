"""Who keeps whose accounts: the secretariat and the admin all, a province the people of its own dinas."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from .models import Membership, Office, Person
from .roles import Right, Role


def may_invite_to(person: Person) -> QuerySet[Office]:
    """The offices whose people this person may register; none for everybody else."""
    offices = Office.objects.select_related("regency", "province")
    if person.may(Right.KEEP_ACCOUNTS):
        return offices
    provinces = [office.province_id for office in person.offices(Role.PROVINSI)]
    return offices.filter(kind=Office.Kind.DINAS, province__in=provinces)


def roles_to_give(person: Person) -> list[Role]:
    """
    The roles this person may give. Only an admin makes admins, and those who decide what the secretariat prepares
    (ketua, penetap) or audit it.
    """
    if Role.ADMIN in person.roles() or person.is_superuser:
        return list(Role)
    if Role.SEKRETARIAT in person.roles():
        return [Role.DINAS, Role.PROVINSI, Role.PENILAI]
    return [Role.DINAS] if person.may(Right.REGISTER_DINAS) else []


def memberships_kept_by(person: Person) -> QuerySet[Membership]:
    """The memberships that this person sees on /akun/: of the offices it keeps; all for the auditor."""
    kept = Membership.objects.select_related("person", "office").order_by(
        "office__code", "person__name", "pk"
    )
    if person.may(Right.KEEP_ACCOUNTS) or person.may(Right.READ_ALL):
        return kept
    return kept.filter(office__in=may_invite_to(person))


def may_take_away(person: Person, membership: Membership) -> bool:
    """Whether `person` may end this membership; never one's own."""
    return membership.pk in ends_to_give(person, [membership])


def ends_to_give(person: Person, memberships: Collection[Membership]) -> set[int]:
    """Which of these memberships (by id) this person may end, in one question for all."""
    given = roles_to_give(person)
    others = [one for one in memberships if one.person_id != person.pk and Role(one.role) in given]
    offices = {one.office_id for one in others}
    kept = set(may_invite_to(person).filter(pk__in=offices).order_by("pk").values_list("pk", flat=True))
    return {one.pk for one in others if one.office_id in kept}


def take_away(membership: Membership, *, at: datetime) -> bool:
    """End a membership at this instant; False where it had ended already."""
    return bool(Membership.objects.in_force(at=at).filter(pk=membership.pk).update(taken_away_at=at))
