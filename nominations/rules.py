"""Who stands in which relation to a nomination: small named predicates, put together in lifecycle.py."""

from accounts.models import Office, Person
from accounts.offices import WITHOUT_DINAS
from accounts.roles import Right, Role
from regions.models import Regency

from .models import Nomination, State


def holds_its_office(person: Person, nomination: Nomination) -> bool:
    """The nominating office's own people: the dinas, or the province where it nominates (DKI Jakarta)."""
    role = Role.PROVINSI if nomination.office.kind == Office.Kind.PROVINCE else Role.DINAS
    return any(office.pk == nomination.office_id for office in person.offices(role))


def is_of_its_province(person: Person, nomination: Nomination) -> bool:
    """The province of the nominating dinas; never for a nomination of one's own, whichever office sent it."""
    if nomination.office.kind == Office.Kind.PROVINCE or holds_its_office(person, nomination):
        return False
    return any(
        office.province_id == nomination.office.province_id for office in person.offices(Role.PROVINSI)
    )


def is_of_the_secretariat(person: Person, nomination: Nomination) -> bool:
    return Role.SEKRETARIAT in person.roles()


def may_edit(person: Person, nomination: Nomination) -> bool:
    """Whether the answers can be changed now, by this person: its own office, as a draft or returned."""
    return nomination.state in (State.DRAFT, State.RETURNED) and holds_its_office(person, nomination)


def nominates_for(person: Person, regency: Regency) -> Office | None:
    """The office for which this person nominates from `regency`: its dinas, or the province where there is none."""
    for office in person.offices(Role.DINAS):
        if office.regency_id == regency.pk:
            return office
    for office in person.offices(Role.PROVINSI):
        if office.province_id == regency.province_id and regency.province_id == WITHOUT_DINAS:
            return office
    return None


def keeps_registry_of(person: Person, regency: Regency) -> bool:
    """Who may register and change sentra, IKM and products there: whoever nominates from there."""
    return person.may(Right.KEEP_REGISTRY) and nominates_for(person, regency) is not None
