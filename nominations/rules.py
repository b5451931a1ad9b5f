"""Who stands in which relation to a nomination: small named predicates, put together in lifecycle.py."""

from accounts.models import Office, Person
from accounts.roles import Role

from .models import Nomination


def holds_its_office(person: Person, nomination: Nomination) -> bool:
    """The nominating office's own people: the dinas, or the province where it nominates (DKI Jakarta)."""
    role = Role.PROVINSI if nomination.office.kind == Office.Kind.PROVINCE else Role.DINAS
    return any(office.pk == nomination.office_id for office in person.offices(role))


def is_of_its_province(person: Person, nomination: Nomination) -> bool:
    """The province of the nominating dinas; never for a nomination of the province's own."""
    if nomination.office.kind == Office.Kind.PROVINCE:
        return False
    return any(office.province_id == nomination.office.province_id for office in person.offices(Role.PROVINSI))


def is_of_the_ministry(person: Person, nomination: Nomination) -> bool:
    return Role.SEKRETARIAT in person.roles()


def may_edit(person: Person, nomination: Nomination) -> bool:
    """Whether the answers can be changed now, by this person: its own office, as a draft or returned."""
    return nomination.state in ("draft", "returned") and holds_its_office(person, nomination)
