"""
The decree signed outside the portal (documents.md 7): the secretariat uploads it while the decree is a draft, and the
signatory issues resting on it. It is kept as it came, with its hash; what the public reads is the portal's salinan.
"""

import hashlib
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history
from files import intake
from files.models import StoredFile

from . import decrees
from .decrees import Refused
from .models import Decree, DecreeFile

KINDS = frozenset({"application/pdf"})


@transaction.atomic
def attach(decree: Decree, scan: StoredFile, *, by: Person, at: datetime) -> Decree:
    """
    Keep the signed decree beside its draft; an earlier one is given up.

    scan: a PDF that files.intake took in. Raises Refused: not the secretariat, issued already, no PDF.
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "SK bertanda tangan diunggah oleh Sekretariat.")
    decree = decrees.locked(decree)
    if decree.issued_at is not None:
        raise Refused("already_issued", "SK ini sudah ditetapkan; berkasnya tidak dapat diganti.")
    if scan.media_type not in KINDS:
        raise Refused("not_pdf", "SK bertanda tangan berupa satu berkas PDF.")
    before, decree.signed_scan = decree.signed_scan, scan
    decree.save(update_fields=["signed_scan"])
    if before is not None and before != scan:
        intake.let_go(before)
    history.record("upload_signed_decree", decree, by=by, at=at, sha256=scan.sha256, size=scan.size)
    return decree


def detach(decree: Decree) -> None:
    """A draft that reads otherwise is no longer what was signed; the caller's transaction, which saves the decree."""
    if decree.signed_scan is None:
        return
    before, decree.signed_scan = decree.signed_scan, None
    decree.save(update_fields=["signed_scan"])
    intake.let_go(before)


def rest_on(decree: Decree, *, at: datetime) -> None:
    """
    Record the scan as the decree's paper, in the transaction that issues it.

    Raises Refused: none there, not checked yet, or no longer the bytes that came in.
    """
    scan = decree.signed_scan
    if scan is None:
        raise Refused(
            "scan_missing", "Belum ada SK bertanda tangan yang diunggah. Minta Sekretariat mengunggahnya."
        )
    if scan.state != StoredFile.State.ACCEPTED:
        raise Refused("scan_waits", "SK bertanda tangan masih diperiksa. Coba lagi sebentar lagi.")
    if _digest(scan) != scan.sha256:
        raise Refused(
            "scan_altered", "Berkas SK bertanda tangan tidak lagi utuh. Minta Sekretariat mengunggahnya lagi."
        )
    DecreeFile.objects.create(
        decree=decree,
        variant=DecreeFile.Variant.SCAN,
        stored=scan,
        sha256=scan.sha256,
        size=scan.size,
        made_at=at,
        made_by=scan.uploaded_by,
    )


def _digest(scan: StoredFile) -> str:
    """What its content hashes to now; "" where it cannot be read, which is not what came in either."""
    try:
        return hashlib.sha256(scan.path.read_bytes()).hexdigest()
    except OSError:
        return ""


def may_open(person: Person, file: StoredFile) -> bool | None:
    """The door of this room (files.access): whoever sees decrees opens what was signed; None where it is none."""
    from . import rules

    decrees_of_it = Decree.objects.filter(signed_scan=file)
    return rules.may_see_decrees(person) if decrees_of_it.exists() else None
