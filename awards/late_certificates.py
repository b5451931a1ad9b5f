"""
Certificates for a round that was taken over from the archive: never by themselves, only by a decision of the signatory
that names the decree it rests on, who signs the papers, and why. Then the batch is as any other.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from audit import history
from letters.mails import holds_personal_number
from letters.wording import WIB

from . import before_numbering, certificates, codes, designs
from .decrees import Refused, locked, number_for
from .models import Certificate, Decree, LateCertificates

REASON_AT_LEAST = 30


@transaction.atomic
def decide(
    decree: Decree,
    *,
    rests_on: str,
    on: date,
    place: str,
    signatory_office: str,
    signatory_name: str,
    reason: str,
    by: Person,
    at: datetime,
) -> LateCertificates:
    """
    Number a certificate for each award of this decree that stands, in the order of its annex; the worker makes them.

    rests_on: the decree or letter by which it was decided. on, place, signatory_…: as the papers print them.
    Raises Refused: not the signatory, not taken over from the archive, decided before, something left empty, too short
    a reason, a NIK in it, a date before the decree or in the future, no award that stands, nothing to sign with, a
    paper that could not be printed.
    """
    if not by.may(Right.SIGN_DECREE):
        raise Refused("not_yours", "Piagam untuk periode yang diambil alih diputuskan oleh pejabat penetap.")
    decree = locked(decree)
    late = LateCertificates(
        decree=decree,
        rests_on=" ".join(rests_on.split()),
        on=on,
        place=" ".join(place.split()),
        signatory_office=" ".join(signatory_office.split()),
        signatory_name=" ".join(signatory_name.split()),
        reason=reason.strip(),
        at=at,
        by=by,
    )
    _refuse_what_does_not_hold(decree, late, at=at)
    awards = list(decree.awards.filter(revoked_at=None).order_by("position"))
    if not awards:
        raise Refused("no_award", "Tidak ada penghargaan yang masih berlaku pada SK ini.")
    _refuse_what_cannot_be_made(decree, late, {award.position for award in awards}, at=at)
    late.save(force_insert=True)
    design = designs.current(decree.round_id)
    for award in awards:
        Certificate.objects.create(
            award=award, number=number_for(decree), code=codes.new_code(), design=design, created_at=at
        )
    history.record(
        "issue_late_certificates", decree, by=by, at=at, reason=late.reason, rests_on=late.rests_on,
        certificates=len(awards),
    )  # fmt: skip
    certificates.make_all_after_commit(decree.pk)
    return late


def of(decree: Decree) -> LateCertificates | None:
    return LateCertificates.objects.filter(decree=decree).select_related("by").first()


def may_decide(decree: Decree, person: Person) -> bool:
    return decree.is_taken_over and person.may(Right.SIGN_DECREE) and of(decree) is None


def _refuse_what_does_not_hold(decree: Decree, late: LateCertificates, *, at: datetime) -> None:
    if not decree.is_taken_over or decree.date is None or not decree.is_published(at=at):
        raise Refused(
            "not_taken_over", "SK ini tidak diambil alih dari arsip; piagamnya dibuat saat SK ditetapkan."
        )
    if of(decree) is not None or Certificate.objects.resting_on(decree).exists():
        raise Refused("decided_already", "Piagam periode ini sudah diterbitkan. Tidak ada yang berubah.")
    if not all((late.rests_on, late.place, late.signatory_office, late.signatory_name)):
        raise Refused("incomplete", "Isi dasar keputusan, tempat, jabatan, dan nama pejabat.")
    if len(late.reason) < REASON_AT_LEAST:
        raise Refused("reason_short", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    if any(holds_personal_number(text) for text in (late.reason, late.rests_on)):
        raise Refused("personal_number", "Jangan menulis NIK atau NPWP. Hapus nomornya, lalu kirim kembali.")
    if late.on > timezone.localdate(at, WIB):
        raise Refused("date_in_future", "Tanggal piagam tidak boleh lewat dari hari ini.")
    if late.on < decree.date:
        raise Refused("date_before_decree", "Tanggal piagam tidak boleh mendahului tanggal SK.")


def _refuse_what_cannot_be_made(
    decree: Decree, late: LateCertificates, positions: set[int], *, at: datetime
) -> None:
    if found := before_numbering.unsigned(at=at):
        raise Refused(*found)
    assert decree.date is not None  # noqa: S101 - refused above
    papers = before_numbering.papers_of(
        decree, number=decree.number, on=decree.date, signatory_name=late.signatory_name
    )
    standing = [(row, paper) for row, paper in papers if row["position"] in positions]
    if found := before_numbering.not_to_be_made(standing, late=late):
        raise Refused(*found)
