"""
The decree: drafted from the sealed plenary, issued with number and date. Issuing makes the awards, gives each its
certificate's number in the order of the annex, and has the certificates made; nothing is public yet.
"""

import logging
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from assessment.models import Decision, Plenary
from audit import history
from letters import numbering
from nominations.models import Nomination

from . import before_numbering, certificates, codes, decree_annex, designs
from .models import Award, Certificate, CertificateDesign, Decree

logger = logging.getLogger(__name__)


class Refused(Exception):
    """A step of the decree that does not happen; `for_reader` says what stands in the way, in Indonesian."""

    def __init__(self, code: str, for_reader: str) -> None:
        super().__init__(code)
        self.code = code
        self.for_reader = for_reader


def sessions_waiting() -> QuerySet[Plenary]:
    """
    The sealed sessions that wait for a decree: of a round that has none yet, and those held since its result was
    published that decided another star than the sealed session before them.
    """
    without = Plenary.objects.filter(sealed_at__isnull=False, decree=None)
    established = Decree.objects.establishing().filter(round=OuterRef("round"))
    published = established.filter(published_at__lt=OuterRef("sealed_at"))
    before = (
        Decision.objects.filter(
            nomination=OuterRef("nomination"), plenary__sealed_at__lt=OuterRef("plenary__sealed_at")
        )
        .order_by("-plenary__sealed_at", "-pk")
        .values("star")[:1]
    )
    otherwise = Decision.objects.filter(plenary=OuterRef("pk")).exclude(star=Coalesce(Subquery(before), 0))
    return without.filter(~Exists(established) | (Exists(published) & Exists(otherwise)))


@transaction.atomic
def draft(plenary: Plenary, *, by: Person, at: datetime) -> Decree:
    """
    Draft the decree of a round from its sealed plenary, or draft it anew while it is not issued.

    Raises Refused: not the secretariat's right, plenary not sealed, nothing to award, already issued.
    """
    from . import scans

    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Rancangan SK disusun oleh Sekretariat.")
    plenary = Plenary.objects.select_for_update().get(pk=plenary.pk)
    if plenary.sealed_at is None:
        raise Refused(
            "not_sealed", "Sidang pleno belum disegel. Rancangan SK disusun dari hasil yang sudah disegel."
        )
    annex = decree_annex.annex_of(plenary)
    if not annex:
        raise Refused("nothing_to_award", "Tidak ada usulan yang direkomendasikan menerima penghargaan.")
    decree = Decree.objects.establishing().select_for_update().filter(round=plenary.round_id).first()
    if decree is not None and decree.issued_at is not None:
        raise Refused(
            "already_issued", f"SK periode {plenary.round_id} sudah ditetapkan dan tidak dapat disusun ulang."
        )
    decree = decree or Decree(round_id=plenary.round_id)
    decree.plenary, decree.annex, decree.annex_sha256 = plenary, annex, decree_annex.sha256_of(annex)
    decree.drafted_at, decree.drafted_by = at, by
    decree.save()
    scans.detach(decree)
    history.record("draft_decree", decree, by=by, at=at, awards=len(annex), annex_sha256=decree.annex_sha256)
    return decree


@transaction.atomic
def issue(
    decree: Decree,
    *,
    number: str,
    on: date,
    signatory_name: str,
    valid_until: date | None = None,
    rests_on: str = Decree.Basis.PORTAL,
    by: Person,
    at: datetime,
) -> Decree:
    """
    Fix the awards: number and date of the decree, the awards as its annex says, one numbered certificate each.

    rests_on: the signature of this portal, or the signed decree that was uploaded. The certificates are made by the
    worker after the commit; nothing is public before `publication.publish`.
    Raises Refused: not the signatory, issued before, totals that disagree, a date before the minutes or in the
    future, an annex that no longer is what the plenary sealed, no signed decree to rest on, nothing to sign with.
    """
    from . import decree_wording, scans

    if not by.may(Right.SIGN_DECREE):
        raise Refused("not_yours", "SK hanya dapat ditetapkan oleh pejabat penetap.")
    decree = locked(decree)
    if decree.issued_at is not None:
        raise Refused(
            "already_issued", f"SK ini sudah ditetapkan dengan Nomor {decree.number}. Tidak ada yang berubah."
        )
    _refuse_what_does_not_hold(decree, number=number, on=on, signatory_name=signatory_name, at=at)
    if valid_until is not None and valid_until <= on:
        raise Refused("ends_before_it_begins", "Hari terakhir berlaku harus sesudah tanggal SK.")
    decree.number, decree.date, decree.signatory_name = number.strip(), on, signatory_name.strip()
    decree.valid_until = valid_until or decree.valid_until
    decree.issued_at, decree.issued_by = at, by
    decree.rests_on = Decree.Basis(rests_on)
    if decree.rests_on == Decree.Basis.SCAN:
        scans.rest_on(decree, at=at)
    decree_wording.keep(decree, at=at)
    decree.save()
    _carry_out(decree, by=by, at=at)
    history.record(
        "issue_decree", decree, by=by, at=at, number=decree.number, awards=len(decree.annex),
        annex_sha256=decree.annex_sha256, rests_on=decree.rests_on,
    )  # fmt: skip
    make_papers_after_commit(decree.pk)
    logger.info("decree issued", extra={"decree": decree.pk, "awards": len(decree.annex), "by": by.pk})
    return decree


def locked(decree: Decree) -> Decree:
    """The decree as it stands now, its row locked until the transaction ends."""
    # First the lock, then the rest: in one statement, what is joined would be that of before the wait.
    Decree.objects.select_for_update().get(pk=decree.pk)
    return Decree.objects.select_related("round", "plenary", "changes", "wording", "signed_scan").get(
        pk=decree.pk
    )


def _carry_out(decree: Decree, *, by: Person, at: datetime) -> None:
    """What issuing brings about, by the kind of decree; nothing of it is public yet."""
    if decree.kind == Decree.Kind.CHANGING:
        from . import changing

        changing.carry_out(decree, at=at)
    elif decree.kind == Decree.Kind.ESTABLISHING:
        design = designs.current(decree.round_id)
        for row in decree.annex:
            make_award(decree, row, design=design, at=at)


def make_papers_after_commit(decree_id: int) -> None:
    """Have the worker make whatever this decree still lacks: its certificates, its original, its salinan."""
    from .tasks import make_decree_files

    def queue_decree_files() -> None:
        make_decree_files.delay(decree_id=decree_id)

    certificates.make_all_after_commit(decree_id)
    transaction.on_commit(queue_decree_files, robust=True)


def _refuse_what_does_not_hold(
    decree: Decree, *, number: str, on: date, signatory_name: str, at: datetime
) -> None:
    if not number.strip() or not signatory_name.strip():
        raise Refused("incomplete", "Isi nomor SK dan nama pejabat yang menetapkan.")
    if on > timezone.localdate(at):
        raise Refused("date_in_future", "Tanggal SK tidak boleh lewat dari hari ini.")
    if decree.changes and decree.changes.date and on < decree.changes.date:
        raise Refused(
            "date_before_what_it_changes", "Tanggal SK tidak boleh mendahului SK yang diubah atau dicabutnya."
        )
    if decree.kind == Decree.Kind.REVOKING:
        if found := before_numbering.unsigned(at=at):
            raise Refused(*found)
        return
    plenary = decree.plenary
    if plenary is None or plenary.sealed_at is None:
        raise Refused("not_sealed", "Sidang pleno periode ini belum disegel.")
    if on < timezone.localdate(plenary.sealed_at):
        raise Refused("date_before_minutes", "Tanggal SK tidak boleh mendahului berita acara sidang pleno.")
    if decree.annex != _annex_now(decree, plenary):
        raise Refused(
            "annex_stale",
            "Lampiran tidak lagi sama dengan data usulan. Susun ulang rancangan SK lebih dahulu.",
        )
    if problem := decree_annex.totals_of(decree.annex).disagreement():
        raise Refused("totals_disagree", f"SK tidak dapat ditetapkan: {problem}")
    if found := before_numbering.obstacle(decree, number=number, on=on, signatory_name=signatory_name, at=at):
        raise Refused(*found)


def _annex_now(decree: Decree, plenary: Plenary) -> list[dict[str, Any]]:
    if decree.kind == Decree.Kind.CHANGING:
        from . import changing

        return changing.annex_of(plenary)
    return decree_annex.annex_of(plenary)


def make_award(
    decree: Decree, row: dict[str, Any], *, design: CertificateDesign | None, at: datetime
) -> Award:
    """Make one award as a row of the annex says, with its numbered certificate, in the caller's transaction."""
    nomination = Nomination.objects.select_related("product__ikm").get(pk=row["nomination"])
    award = Award.objects.create(
        decree=decree,
        nomination=nomination,
        product=nomination.product,
        position=row["position"],
        star=row["star"],
        maximum_star=row["maximum_star"],
        ikm_name=row["ikm_name"],
        product_name=row["product_name"],
        group_id=row["group"],
        group_name=row["group_name"],
        regency_id=row["regency"],
        regency_name=row["regency_name"],
        province_name=row["province_name"],
        story=nomination.story,
        raw_material=nomination.raw_material,
    )
    Certificate.objects.create(
        award=award, number=number_for(decree), code=codes.new_code(), design=design, created_at=at
    )
    return award


def number_for(decree: Decree) -> str:
    """Take the next number of the round's series, OVOP/{tahun}/{nnnn}, gapless (documents.md 8)."""
    return numbering.certificate_number(
        decree.round_id, numbering.take(numbering.CERTIFICATE, decree.round_id)
    )


def numbers_to_come(decree: Decree) -> dict[int, str]:
    """
    Nomination -> the number that issuing will give: the annex is signed with its numbers, also by hand. They hold as
    long as no other decree of the round is issued first; only issuing gives them.
    """
    last = numbering.last(numbering.CERTIFICATE, decree.round_id)
    given = (row["nomination"] for row in decree.annex if row["star"])
    return {
        nomination: numbering.certificate_number(decree.round_id, n)
        for n, nomination in enumerate(given, start=last + 1)
    }
