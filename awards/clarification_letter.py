"""
The letter that asks for a clarification, on its way: drafted with the request, numbered by the register of the office
that signs it, and sent once its signed PDF lies here; from then on it stays as it is.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history
from files.models import StoredFile
from letters.wording import instant_for_reader

from .decrees import Refused
from .models import Clarification

KINDS = frozenset({"application/pdf"})


def state_of(asked: Clarification) -> str:
    """How far the letter is, in words."""
    if asked.letter_sent_at is not None:
        return f"Bertanda tangan, disampaikan {instant_for_reader(asked.letter_sent_at)}"
    return "Bernomor, menunggu tanda tangan" if asked.letter_number else "Belum bernomor"


def may_write(asked: Clarification, person: Person) -> bool:
    return person.may(Right.DRAFT_DECREE) and asked.letter_sent_at is None


@transaction.atomic
def write(
    asked: Clarification,
    *,
    number: str,
    signatory_office: str,
    signatory_name: str,
    signed: StoredFile | None = None,
    by: Person,
    at: datetime,
) -> Clarification:
    """
    Keep number and signatory as the letter prints them; with `signed`, a PDF that `by` uploaded, it is sent.

    Raises Refused: not the secretariat, sent already, no number, no signatory for a signed one, somebody else's file
    or none that can be kept.
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Surat klarifikasi diurus oleh Sekretariat.")
    asked = Clarification.objects.select_for_update(of=("self",)).select_related("award").get(pk=asked.pk)
    if asked.letter_sent_at is not None:
        raise Refused("already_sent", "Surat ini sudah disampaikan dan tidak dapat diubah.")
    asked.letter_number = " ".join(number.split())
    asked.signatory_office, asked.signatory_name = signatory_office.strip(), signatory_name.strip()
    if not asked.letter_number:
        raise Refused("number_missing", "Isi nomor surat menurut register naskah.")
    if signed is not None:
        _send(asked, signed, by=by, at=at)
    asked.save()
    sent = {"sha256": signed.sha256} if signed is not None else {}
    history.record(
        "send_clarification_letter" if signed is not None else "number_clarification_letter",
        asked.award, by=by, at=at, clarification=asked.pk, number=asked.letter_number, **sent,
    )  # fmt: skip
    return asked


def _send(asked: Clarification, signed: StoredFile, *, by: Person, at: datetime) -> None:
    if not asked.signatory_office or not asked.signatory_name:
        raise Refused("signatory_missing", "Isi jabatan dan nama yang menandatangani surat.")
    intact = signed.media_type in KINDS and signed.state != StoredFile.State.REFUSED
    if signed.uploaded_by_id != by.pk or not intact:
        raise Refused("not_pdf", "Unggah surat bertanda tangan lagi, sebagai satu berkas PDF.")
    asked.signed_letter, asked.letter_sent_at, asked.letter_sent_by = signed, at, by
