"""
The signatory hands over the one-time secret of the national service for the papers of one decree; a batch that waited
for it goes on. What is handed over goes to the signing process and nowhere else (decision 0081).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.models import Person
from accounts.roles import Right
from audit import history

from . import decrees, signing_remote
from .decrees import Refused
from .models import Certificate, CertificatePause, Decree, DecreeFile
from .signing_refusals import CannotSign

_NIK = re.compile(r"\d{16}")
_LONGEST = 200


@dataclass(frozen=True)
class Work:
    """What is still to be signed for a decree. held_until: until when a secret is held; None: none is."""

    certificates: int
    of: int
    original: bool
    held_until: datetime | None
    is_away: bool


def are_needed() -> bool:
    """Whether papers are signed with a secret of the signatory at all."""
    return bool(settings.SIGNER == "bsre")


def work_of(decree: Decree, *, at: datetime) -> Work:
    made = Certificate.objects.resting_on(decree)
    original = decree.rests_on == Decree.Basis.PORTAL
    try:
        seconds, is_away = signing_remote.seconds_held(decree.pk), False
    except CannotSign:
        seconds, is_away = 0, True
    return Work(
        certificates=made.filter(rendered_at=None).count(),
        of=made.count(),
        original=original and not decree.files.filter(variant=DecreeFile.Variant.ORIGINAL).exists(),
        held_until=at + timedelta(seconds=seconds) if seconds else None,
        is_away=is_away,
    )


@sensitive_variables("nik", "passphrase")
@transaction.atomic
def hand_over(decree: Decree, *, nik: str, passphrase: str, by: Person, at: datetime) -> None:
    """
    Give the secret to the signing process for this decree's papers, and let them go on.

    Raises Refused: not the signatory, no secret is needed here, a NIK that is none, no secret, the signer is away.
    """
    if not by.may(Right.SIGN_DECREE):
        raise Refused("not_yours", "Kode rahasia diserahkan oleh pejabat penetap.")
    if not are_needed():
        raise Refused("not_needed", "Portal ini menandatangani tanpa kode rahasia.")
    nik = re.sub(r"[\s.-]", "", nik)
    if not _NIK.fullmatch(nik):
        raise Refused("not_a_nik", "NIK terdiri atas 16 angka. Kode belum diserahkan.")
    if not passphrase or len(passphrase) > _LONGEST:
        raise Refused("no_secret", "Isi kode rahasia. Kode belum diserahkan.")
    decree = decrees.locked(decree)
    try:
        signing_remote.give(decree.pk, nik=nik, passphrase=passphrase)
    except CannotSign as away:
        raise Refused(away.code, away.for_reader) from None
    waited, _ = CertificatePause.objects.filter(
        decree=decree, waits_for=CertificatePause.Reason.SECRET
    ).delete()
    history.record("give_signing_secret", decree, by=by, at=at)
    if waited:
        history.record("resume_certificates", decree, by=by, at=at)
    if decree.issued_at is not None:
        decrees.make_papers_after_commit(decree.pk)


def are_held(decree_id: int) -> bool:
    """Whether a secret is held for this decree now; False too where the signer is away."""
    try:
        return are_needed() and signing_remote.seconds_held(decree_id) > 0
    except CannotSign:
        return False


def forget_when_done(decree_id: int) -> None:
    """Once the last paper of a decree is signed its secret is dropped before its time."""
    if not are_needed():
        return
    decree = Decree.objects.get(pk=decree_id)
    if Certificate.objects.resting_on(decree).filter(rendered_at=None).exists():
        return
    original = DecreeFile.objects.filter(decree=decree, variant=DecreeFile.Variant.ORIGINAL)
    if decree.rests_on == Decree.Basis.PORTAL and not original.exists():
        return
    try:
        signing_remote.drop(decree_id)
    except CannotSign:
        return  # away: then nothing is held
