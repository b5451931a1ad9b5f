"""
The letterhead of an office and who signs for it: kept by the office's own people, each change in the history.

A letter takes its own copy (`head`), so a later change never touches it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Office, Person
from accounts.roles import Role
from audit import history

from . import kinds
from .models import Letterhead, SigningOfficer
from .outbox import Refused

# Whose people keep the letterhead of their own office.
KEEPERS = (Role.DINAS, Role.PROVINSI, Role.SEKRETARIAT)


def kept_by(person: Person) -> list[Office]:
    """The offices whose letterhead and signing officers this person keeps."""
    return list(dict.fromkeys(office for role in KEEPERS for office in person.offices(role)))


@transaction.atomic
def keep(office: Office, *, lines: Sequence[str], place: str, by: Person, at: datetime) -> Letterhead:
    """Write the letterhead of an office anew. Raises Refused for whoever does not keep it, or without a line."""
    _only_its_keepers(office, by)
    written = [" ".join(line.split()) for line in lines if line.strip()]
    if not written or not place.strip():
        raise Refused("Tuliskan paling sedikit satu baris kop dan tempat surat ditulis.")
    letterhead, _ = Letterhead.objects.update_or_create(
        office=office, defaults={"lines": written, "place": " ".join(place.split())}
    )
    history.record("letterhead_changed", letterhead, by=by, at=at, office=office.code)
    return letterhead


@transaction.atomic
def keep_officer(officer: SigningOfficer, *, by: Person, at: datetime) -> SigningOfficer:
    """
    Add a signing officer, or store what was changed about one; the row comes validated from its form.

    Raises Refused for whoever does not keep the office's letterhead.
    """
    _only_its_keepers(officer.office, by)
    is_new = officer.pk is None
    officer.save()
    if is_new:
        history.record("signing_officer_added", officer, by=by, at=at, office=officer.office.code)
    else:
        history.record("signing_officer_changed", officer, by=by, at=at, office=officer.office.code)
    return officer


def of(office: Office) -> Letterhead | None:
    return Letterhead.objects.filter(office=office).first()


def signing_on(office: Office, day: date) -> list[SigningOfficer]:
    """Who signs for the office on this day, the latest in the post first."""
    return list(office.signing_officers.on(day).order_by("-valid_from", "pk"))


def signatory(officer: SigningOfficer) -> kinds.Signatory:
    """A copy of a signing officer, as a letter prints it."""
    return kinds.Signatory(
        full_name=officer.full_name,
        plain_name=officer.name,
        position=officer.position,
        nip=officer.nip,
        capacity=officer.capacity,
        superiors=tuple(officer.superiors),
    )


def head(office: Office, signs: kinds.Signatory, **further: Any) -> kinds.Head:
    """The head of a letter of this office, without number and date. Raises Refused where it has no letterhead yet."""
    letterhead = of(office)
    if letterhead is None:
        raise Refused("Kop surat kantor Anda belum diisi. Isi dahulu pada halaman Kop dan penanda tangan.")
    return kinds.Head(letterhead=tuple(letterhead.lines), place=letterhead.place, signatory=signs, **further)


def _only_its_keepers(office: Office, person: Person) -> None:
    if office not in kept_by(person):
        raise Refused("Kop dan penanda tangan dicatat oleh petugas kantor itu sendiri.")
