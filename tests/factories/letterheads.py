"""What an office writes its letters with, as it could be."""

from datetime import date
from typing import Any

from accounts.models import Office
from letters.models import Letterhead, SigningOfficer


def a_letterhead(office: Office, **fields: Any) -> Letterhead:
    """The office's letterhead, with the office's name under it."""
    given = {"lines": ["PEMERINTAH DAERAH", office.name.upper(), "Jalan Merdeka Nomor 72"], "place": "Garut"}
    return Letterhead.objects.get_or_create(office=office, defaults={**given, **fields})[0]


def a_signing_officer(office: Office, **fields: Any) -> SigningOfficer:
    """Somebody who has signed for the office since 2018."""
    given: dict[str, Any] = {
        "title_before": "Dr. Ir. Hj.",
        "name": "Siti Aminah",
        "title_after": "S.E., M.M.",
        "position": "Kepala Dinas",
        "nip": "197001011995032001",
        "valid_from": date(2018, 1, 1),
    }
    return SigningOfficer.objects.create(office=office, **{**given, **fields})


def ready_to_write(office: Office) -> SigningOfficer:
    """Letterhead and somebody who signs."""
    a_letterhead(office)
    return a_signing_officer(office)
