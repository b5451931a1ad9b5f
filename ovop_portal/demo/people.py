"""The demo's accounts: one per role, at the addresses that the contract names."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from accounts.models import Membership, Office, Person
from accounts.offices import MINISTRY_CODE
from accounts.roles import Role

from . import facts

DOMAIN = "ovop.example"
MINISTRY_PEOPLE = (
    ("sekretariat", "Contoh Sekretaris", Role.SEKRETARIAT),
    ("sekretariat2", "Contoh Pemeriksa Kedua", Role.SEKRETARIAT),
    # Who answers an objection is neither the one who proposed the refusal nor the one who decided it.
    ("sekretariat3", "Contoh Penjawab Sanggah", Role.SEKRETARIAT),
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
    """OVOP_DEMO_PASSWORD; else a random one, kept in the data folder so that a repeated demo changes nobody's."""
    if given := os.environ.get("OVOP_DEMO_PASSWORD", "").strip():
        return given
    try:
        kept = password_file().read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        kept = ""
    if not kept:
        kept = secrets.token_urlsafe(12)
        write_privately(password_file(), kept + "\n")
    return kept


def password_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-password"


def write_privately(path: Path, text: str) -> None:
    """Write a file that only the portal's own user can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


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
    hashed = _hashed(secret)
    for account in everyone:
        before, name, after = names.get(account.email, ("", f"Petugas Contoh {account.office}", ""))
        one = Person.objects.filter(email=account.email).first() or Person(
            email=account.email, title_before=before, name=name, title_after=after
        )
        if one.pk is None or one.password != hashed or not one.is_active:
            one.password, one.is_active = hashed, True
            one.save()
        Membership.objects.get_or_create(
            person=one,
            role=account.role,
            office=Office.objects.get(code=account.office),
            ends_on=None,
            taken_away_at=None,
        )
    return len(everyone)


def _hashed(secret: str) -> str:
    """The secret as it is stored, once for all: a hash for each account would take longer than the whole round."""
    stored = Person.objects.filter(email=accounts()[0].email).values_list("password", flat=True).first()
    return stored if stored and check_password(secret, stored) else make_password(secret)


def person(name: str) -> Person:
    """The demo person of this address: `person("dinas.3205")`."""
    return Person.objects.get(email=f"{name}@{DOMAIN}")
