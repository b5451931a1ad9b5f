"""The demo's accounts: one per role, at the addresses that the contract names."""

import os
import secrets
from dataclasses import dataclass

from accounts.models import Membership, Office, Person
from accounts.offices import MINISTRY_CODE
from accounts.roles import Role

from . import facts

DOMAIN = "ovop.example"
MINISTRY_PEOPLE = (
    ("sekretariat", "Contoh Sekretaris", Role.SEKRETARIAT),
    ("sekretariat2", "Contoh Pemeriksa Kedua", Role.SEKRETARIAT),
    ("ketua", "Contoh Ketua Pleno", Role.KETUA),
    ("penetap", "Contoh Pejabat Penetap", Role.PENETAP),
    ("auditor", "Contoh Auditor", Role.AUDITOR),
    ("admin", "Contoh Admin", Role.ADMIN),
)


@dataclass(frozen=True)
class Account:
    email: str
    role: Role
    office: str


def accounts() -> list[Account]:
    """Every account of the demo, in the order of the way of a nomination."""
    regencies = sorted(
        {candidate.regency for candidate in facts.FOUR_OF_2018}
        | {candidate.regency for _, candidate in facts.RUNNING}
    )
    provinces = sorted({regency[:2] for regency in regencies})
    return [
        *(Account(f"dinas.{code}@{DOMAIN}", Role.DINAS, code) for code in regencies),
        *(Account(f"provinsi.{code}@{DOMAIN}", Role.PROVINSI, code) for code in provinces),
        *(Account(f"{name}@{DOMAIN}", role, MINISTRY_CODE) for name, _, role in MINISTRY_PEOPLE),
        *(
            Account(f"penilai{number}@{DOMAIN}", Role.PENILAI, assessor.office)
            for number, assessor in enumerate(facts.ASSESSORS, start=1)
        ),
    ]


def password() -> str:
    """OVOP_DEMO_PASSWORD, or a random one that is printed."""
    return os.environ.get("OVOP_DEMO_PASSWORD", "").strip() or secrets.token_urlsafe(12)


def make(secret: str) -> int:
    """Make or complete the accounts and give all of them this password; return how many there are."""
    for code, kind, name in facts.OFFICES:
        Office.objects.get_or_create(code=code, defaults={"kind": kind, "name": name})
    names = {f"{name}@{DOMAIN}": ("", full, "") for name, full, _ in MINISTRY_PEOPLE}
    names |= {
        f"penilai{number}@{DOMAIN}": (assessor.title_before, assessor.name, assessor.title_after)
        for number, assessor in enumerate(facts.ASSESSORS, start=1)
    }
    everyone = accounts()
    for account in everyone:
        before, name, after = names.get(account.email, ("", f"Petugas Contoh {account.office}", ""))
        person = Person.objects.filter(email=account.email).first() or Person.objects.create_user(
            account.email, title_before=before, name=name, title_after=after
        )
        person.set_password(secret)
        person.is_active = True
        person.save(update_fields=["password", "is_active"])
        Membership.objects.get_or_create(
            person=person,
            role=account.role,
            office=Office.objects.get(code=account.office),
            ends_on=None,
            taken_away_at=None,
        )
    return len(everyone)


def person(name: str) -> Person:
    """The demo person of this address: `person("dinas.3205")`."""
    return Person.objects.get(email=f"{name}@{DOMAIN}")
