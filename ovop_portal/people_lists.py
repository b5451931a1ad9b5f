"""People and the roles they hold as a list: how it is narrowed and sorted, and what of it is taken along."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.utils.formats import date_format

from accounts import people
from accounts.models import Membership, Person
from accounts.roles import Role
from files.exporting import Column
from files.lists import ListFilter, a_choice, a_search

USUAL = ("office__code", "person__name", "pk")
HOLDS = {"berlaku": "Berlaku", "berakhir": "Sudah berakhir"}


class MembershipFilter(ListFilter):
    """Of the memberships of `listed`."""

    SEARCHED = ("person__name", "person__email", "office__name", "office__code")
    SORTS = {
        "nama": ("person__name",),
        "peran": ("role",),
        "kantor": ("office__name",),
        "sejak": ("starts_on",),
    }

    q = a_search("Nama, email, atau kantor")
    peran = a_choice("Peran", "role", Role.choices)
    berlaku = a_choice("Masa berlaku", "holds", list(HOLDS.items()))
    provinsi = a_choice("Provinsi", "office__province")


def listed(person: Person, *, at: datetime) -> QuerySet[Membership]:
    """The memberships that this person sees (people.memberships_kept_by), each with `holds`: one of HOLDS now."""
    in_force = Membership.objects.in_force(at=at).filter(pk=OuterRef("pk"))
    holds = Case(When(Exists(in_force), then=Value("berlaku")), default=Value("berakhir"))
    return people.memberships_kept_by(person).annotate(holds=holds)


def since(membership: Membership) -> str:
    """In words since when it holds, or that it is over; of a membership of `listed`."""
    if membership.holds != "berlaku":  # type: ignore[attr-defined]
        return HOLDS["berakhir"]
    return f"Sejak {date_format(membership.starts_on, 'j F Y')}"


COLUMNS: Sequence[Column] = (
    ("Nama", lambda row: row.person.full_name),
    ("Email", lambda row: row.person.email),
    ("Peran", lambda row: row.get_role_display()),
    ("Kantor", lambda row: row.office.name),
    ("Kode kantor", lambda row: row.office.code),
    ("Berlaku", since),
)
