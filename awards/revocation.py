"""
Revoking an award (documents.md 9): the holder is heard first, then a decree of the same level as the award's, which
takes effect with its publication. The award keeps its page, marked; its certificates answer "dicabut".
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from audit import history
from files.models import StoredFile
from letters import workdays
from letters.mails import holds_personal_number
from letters.wording import WIB, plain_date

from . import clarifications
from .decree_annex import sha256_of
from .decrees import Refused
from .models import Award, Clarification, Decree

REASON_AT_LEAST = 30
# Working days within which the holder answers; documents.md names none, the round's own windows have five.
ANSWER_DAYS = 5
# Calendar days to take the stars off the packaging, KETIGA of the decree.
PACKAGING_DAYS = 30


@transaction.atomic
def ask(
    award: Award,
    *,
    about: str,
    by: Person,
    at: datetime,
    days: int = ANSWER_DAYS,
    letter_number: str = "",
    signatory_office: str = "",
    signatory_name: str = "",
) -> Clarification:
    """
    Ask the holder to explain, through the dinas of its region; until there is a decision the award stands.

    letter_number and the signatory: as the letter prints them; empty, they are filled in by hand.
    Raises Refused: not the secretariat, not published, revoked, asked already, no or too short a text, a NIK in it.
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Klarifikasi diminta oleh Sekretariat.")
    award = _standing(award, at=at)
    text = _written(about, "Uraikan informasi yang diterima")
    if not 1 <= days <= 60:
        raise Refused("days", "Waktu menjawab paling sedikit 1 dan paling lama 60 hari kerja.")
    try:
        due_at = workdays.end_of_workday(at, days)
    except workdays.HolidaysUnknown as unknown:
        raise Refused("holidays_unknown", unknown.for_reader) from None
    try:
        with transaction.atomic():
            asked = Clarification.objects.create(
                award=award,
                about=text,
                asked_at=at,
                asked_by=by,
                due_at=due_at,
                letter_number=letter_number.strip(),
                signatory_office=signatory_office.strip(),
                signatory_name=signatory_name.strip(),
            )
    except IntegrityError as error:
        raise Refused(
            "asked_already", "Klarifikasi atas penghargaan ini sudah diminta dan belum selesai."
        ) from error
    history.record("ask_clarification", award, by=by, at=at, clarification=asked.pk)
    clarifications.tell(
        "clarification_asked", award, key=str(asked.pk), at=at, tautan=asked.get_absolute_url(),
        batas=plain_date(timezone.localdate(due_at, WIB)),
    )  # fmt: skip
    return asked


@transaction.atomic
def answer(
    asked: Clarification, text: str, *, by: Person, at: datetime, evidence: Sequence[StoredFile] = ()
) -> Clarification:
    """
    Write down what the holder explains, by the dinas of its region; once, until the end of the window.

    evidence: files that `by` uploaded; they stay with the answer. Raises Refused: another dinas, answered or ended
    already, too late, too short, too many files.
    """
    asked = _locked(asked)
    if not clarifications.may_answer(asked, by):
        raise Refused("not_yours", "Penjelasan disampaikan oleh dinas di daerah penerima.")
    if asked.answered_at is not None or asked.outcome:
        raise Refused("answered_already", "Klarifikasi ini sudah dijawab. Tidak ada yang berubah.")
    if at > asked.due_at + timedelta(minutes=1):
        raise Refused("too_late", "Waktu menyampaikan penjelasan sudah berakhir. Penjelasan belum terkirim.")
    asked.answer, asked.answered_at, asked.answered_by = _written(text, "Tuliskan penjelasan"), at, by
    asked.save(update_fields=["answer", "answered_at", "answered_by"])
    kept = clarifications.keep_evidence(asked, evidence, by=by, at=at)
    history.record(
        "answer_clarification", asked.award, by=by, at=at, clarification=asked.pk,
        evidence=[one.file.sha256 for one in kept],
    )  # fmt: skip
    return asked


@transaction.atomic
def let_stand(asked: Clarification, *, reason: str, by: Person, at: datetime) -> Clarification:
    """End it without revoking. Raises Refused: not the secretariat, ended, not heard yet, no reason."""
    asked = _to_end(asked, by=by, at=at)
    _end(asked, Clarification.Outcome.STANDS, _written(reason, "Tuliskan alasan"), by=by, at=at)
    history.record("let_award_stand", asked.award, by=by, at=at, clarification=asked.pk)
    clarifications.tell(
        "award_stands", asked.award, key=str(asked.pk), at=at, tautan=asked.get_absolute_url()
    )
    return asked


@transaction.atomic
def draft(asked: Clarification, *, reason: str, by: Person, at: datetime) -> Decree:
    """
    End it by drafting the revoking decree; the signatory issues and publishes it, and only then the award is revoked.

    reason: stands in the decree and in the answer of the code. Raises Refused as `let_stand`, and where the decree that
    made the award is unknown.
    """
    asked = _to_end(asked, by=by, at=at)
    text = _written(reason, "Tuliskan alasan pencabutan", at_least=REASON_AT_LEAST)
    award = _standing(asked.award, at=at)
    made_by = award.decree
    _end(asked, Clarification.Outcome.REVOKED, text, by=by, at=at)
    annex = [_row(award, text)]
    decree = Decree.objects.create(
        round_id=made_by.round_id,
        kind=Decree.Kind.REVOKING,
        changes=made_by,
        level=made_by.level,
        signatory_office=made_by.signatory_office,
        place=made_by.place,
        annex=annex,
        annex_sha256=sha256_of(annex),
        drafted_at=at,
        drafted_by=by,
    )
    history.record("draft_revoking_decree", decree, by=by, at=at, award=award.pk, clarification=asked.pk)
    return decree


def _row(award: Award, reason: str) -> dict[str, Any]:
    papers = award.certificates.filter(replaced_at=None).order_by("version")
    return {
        "award": award.pk,
        "position": award.position,
        "ikm_name": award.ikm_name,
        "product_name": award.product_name,
        "regency_name": award.regency_name,
        "province_name": award.province_name,
        "numbers": list(papers.values_list("number", flat=True)),
        "reason": reason,
        "packaging_days": PACKAGING_DAYS,
    }


def take_effect(decree: Decree, *, by: Person | None, at: datetime) -> None:
    """What publication does, in its transaction: the awards of the annex are revoked from this instant on."""
    for row in decree.annex:
        award = Award.objects.select_for_update(no_key=True).get(pk=row["award"])
        if award.revoked_at is not None:
            raise Refused("revoked_already", f"Penghargaan {award.ikm_name} sudah dicabut.")
        award.revoked_at, award.revoked_by = at, by
        award.revocation_decree, award.revocation_reason = f"Keputusan Nomor {decree.number}", row["reason"]
        award.save(update_fields=["revoked_at", "revoked_by", "revocation_decree", "revocation_reason"])
        history.record("revoke_award", award, by=by, at=at, decree=decree.pk)
        clarifications.tell(
            "award_revoked", award, key=str(decree.pk), at=at, sk=award.revocation_decree,
            tautan=award.get_absolute_url(),
        )  # fmt: skip


def _standing(award: Award, *, at: datetime) -> Award:
    award = (
        Award.objects.select_for_update(of=("self",), no_key=True)
        .select_related("decree", "nomination__office")
        .get(pk=award.pk)
    )
    if not award.decree.is_published(at=at):
        raise Refused("not_published", "Penghargaan ini belum diumumkan.")
    if award.revoked_at is not None:
        raise Refused("revoked_already", f"Penghargaan ini sudah dicabut dengan {award.revocation_decree}.")
    return award


def _locked(asked: Clarification) -> Clarification:
    return (
        Clarification.objects.select_for_update(of=("self",))
        .select_related("award__decree", "award__nomination__office")
        .get(pk=asked.pk)
    )


def _to_end(asked: Clarification, *, by: Person, at: datetime) -> Clarification:
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Klarifikasi diselesaikan oleh Sekretariat.")
    asked = _locked(asked)
    if asked.outcome:
        raise Refused("ended_already", "Klarifikasi ini sudah selesai. Tidak ada yang berubah.")
    if not asked.may_be_decided(at=at):
        raise Refused("not_heard", "Penerima belum menyampaikan penjelasan dan waktunya belum berakhir.")
    return asked


def _end(asked: Clarification, outcome: str, reason: str, *, by: Person, at: datetime) -> None:
    asked.outcome, asked.outcome_reason, asked.ended_at, asked.ended_by = outcome, reason, at, by
    asked.save(update_fields=["outcome", "outcome_reason", "ended_at", "ended_by"])


def _written(text: str, wish: str, *, at_least: int = 10) -> str:
    text = text.strip()
    if len(text) < at_least:
        raise Refused("too_short", f"{wish}, paling sedikit {at_least} huruf.")
    if holds_personal_number(text):
        raise Refused("personal_number", "Jangan menulis NIK atau NPWP. Hapus nomornya, lalu kirim kembali.")
    return text
