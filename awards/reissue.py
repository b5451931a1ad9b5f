"""
Issuing a certificate again (documents.md 9): a misspelt name, a change of legal form, a loss; never another star. The
new paper has the old one's number with /P1, /P2, the old code leads to it at once.
"""

import re
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history

from . import before_numbering, codes
from .decrees import Refused
from .models import Award, Certificate

MISSPELT, LEGAL_FORM, LOST = "salah_eja", "bentuk_badan", "hilang"
CAUSES = {
    MISSPELT: "Nama salah eja",
    LEGAL_FORM: "Perubahan bentuk badan usaha",
    LOST: "Piagam hilang atau rusak",
}
REASON_AT_LEAST = 10


@transaction.atomic
def reissue(
    award: Award, *, cause: str, name: str = "", reason: str, by: Person, at: datetime
) -> Certificate:
    """
    Replace the paper of an award that stands; the worker makes the new file after the commit.

    cause: one of CAUSES. name: as the new paper prints it, for a misspelt name or a changed legal form; for a loss it
    stays. Raises Refused: not the secretariat, not published, revoked, no paper or one not made yet, no reason, a name
    that does not change, one that cannot be printed, nothing to sign with, another star (there is no way to give one).
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Piagam diterbitkan ulang oleh Sekretariat.")
    award = (
        Award.objects.select_for_update(of=("self",), no_key=True).select_related("decree").get(pk=award.pk)
    )
    old = award.certificates.public(at=at).in_force()
    name, reason = " ".join(name.split()), reason.strip()
    _refuse_what_does_not_hold(award, old, cause=cause, name=name, reason=reason, at=at)
    assert old is not None  # noqa: S101 - refused above
    new = Certificate(
        award=award,
        version=old.version + 1,
        decree=old.decree,
        star=old.star,
        design=old.design,
        ikm_name=old.ikm_name if cause == LOST else name,
        number=next_number(old.number),
        code=codes.new_code(),
        created_at=at,
    )
    if found := before_numbering.obstacle_to_reissue(new, at=at):
        raise Refused(*found)
    new.save(force_insert=True)
    old.replaced_at, old.replacement_reason = at, CAUSES[cause]
    old.save(update_fields=["replaced_at", "replacement_reason"])
    history.record(
        "reissue_certificate", award, by=by, at=at, reason=reason, cause=cause, replaced=old.number, number=new.number
    )  # fmt: skip
    _make_after_commit(new.pk)
    return new


def next_number(number: str) -> str:
    """ "OVOP/2018/0003" -> "OVOP/2018/0003/P1" -> "OVOP/2018/0003/P2"."""
    if found := re.fullmatch(r"(.+)/P(\d+)", number):
        return f"{found[1]}/P{int(found[2]) + 1}"
    return f"{number}/P1"


def _refuse_what_does_not_hold(
    award: Award, old: Certificate | None, *, cause: str, name: str, reason: str, at: datetime
) -> None:
    if not award.decree.is_published(at=at):
        raise Refused("not_published", "Penghargaan ini belum diumumkan.")
    if award.revoked_at is not None:
        raise Refused("revoked", "Penghargaan ini dicabut, sehingga piagamnya tidak diterbitkan ulang.")
    if old is None or old.rendered_at is None:
        raise Refused("no_paper", "Penghargaan ini tidak mempunyai piagam yang sudah selesai dibuat.")
    if cause not in CAUSES:
        raise Refused("cause_missing", "Pilih sebab piagam diterbitkan ulang.")
    if len(reason) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    if cause != LOST and (not name or name == old.printed_name):
        raise Refused("name_unchanged", "Isi nama yang benar; nama itu sama dengan yang sudah tercetak.")
    if len(name) > 160:
        raise Refused("name_too_long", "Nama paling panjang 160 huruf.")


def _make_after_commit(certificate_id: int) -> None:
    from .tasks import render_certificate

    def queue_certificate() -> None:
        render_certificate.delay(certificate_id=certificate_id)

    transaction.on_commit(queue_certificate, robust=True)
