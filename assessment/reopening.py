"""
A submitted sheet, opened again: by order of chair or secretariat, or revised by its assessor after the panel's talk.

Both need a reason, and every sheet as it was sent stays (models.Sheet). Once the plenary has decided, neither goes.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from audit import history
from nominations import lifecycle
from nominations.models import State

from . import notices, results, rules, sheets
from .models import Assessment, Assignment, Comment, Reopening, Score, Sheet
from .refusals import NOT_YOURS, Refused

REASON_AT_LEAST = 10
COMMENT_AT_MOST = 2000


@transaction.atomic
def reopen(assignment: Assignment, *, reason: str, by: Person, at: datetime) -> Assignment:
    """
    Open a submitted sheet again, by chair or secretariat, with a reason; its nomination goes back to being assessed.

    Raises Refused: not your right, no reason, not submitted, already decided by the plenary.
    """
    if not rules.may_reopen(by):
        raise Refused("not_yours", NOT_YOURS)
    assignment = locked(assignment)
    sheet = take_submission_back(assignment, Reopening.Kind.ORDERED, reason=reason, by=by, at=at)
    notices.sheet_reopened(assignment, sheet.sequence, by=by, at=at)
    assess_again(assignment.assessment, reason=reason, by=by, at=at)
    return assignment


@transaction.atomic
def revise(
    assignment: Assignment, changes: Mapping[str, int], *, reason: str, by: Person, at: datetime
) -> Assignment:
    """
    Let an assessor change own scores of flagged indicators once all are in; the sheet as it was stays beside it.

    changes: indicator code -> points. Raises Refused: not yours, not all in, not flagged, no level, no reason, decided.
    """
    assignment = locked(assignment)
    assessment = assignment.assessment
    if not rules.may_score(by, assignment):
        raise Refused("not_yours", NOT_YOURS)
    if assessment.completed_at is None:
        raise Refused("not_all_in", "Skor dapat diperbaiki setelah semua penilai mengirim penilaian.")
    flagged = results.result_of(assessment).flags
    if not changes or any(code not in flagged for code in changes):
        raise Refused(
            "not_flagged", "Hanya indikator yang ditandai berbeda jauh dapat diperbaiki setelah pembahasan."
        )
    take_submission_back(assignment, Reopening.Kind.REVISION, reason=reason, by=by, at=at)
    ladders = assessment.instrument.ladders
    for code, points in changes.items():
        if type(points) is not int or points not in ladders[code]:
            raise Refused("off_ladder", f"Indikator {code}: pilih salah satu skor pada jenjangnya.")
        Score.objects.filter(assignment=assignment, indicator=code).update(points=points, at=at)
    sheets.keep(assignment, at=at)
    return assignment


@transaction.atomic
def comment(assignment: Assignment, indicator: str, text: str, *, by: Person, at: datetime) -> Comment:
    """Write to the panel on one flagged indicator, once all are in and until the plenary has decided."""
    assignment = locked(assignment)
    assessment = assignment.assessment
    if not rules.may_score(by, assignment):
        raise Refused("not_yours", NOT_YOURS)
    if assessment.completed_at is None or indicator not in results.result_of(assessment).flags:
        raise Refused(
            "not_flagged", "Pembahasan dibuka untuk indikator yang ditandai, setelah semua penilaian masuk."
        )
    _refuse_once_decided(assignment)
    if not text.strip():
        raise Refused("empty", "Tuliskan tanggapan Anda.")
    if len(text.strip()) > COMMENT_AT_MOST:
        raise Refused("too_long", f"Tanggapan paling panjang {COMMENT_AT_MOST} huruf.")
    return Comment.objects.create(assessment=assessment, indicator=indicator, text=text.strip(), at=at, by=by)


# --- What every way of opening a sheet shares ------------------------------------------------------------------
def locked(assignment: Assignment) -> Assignment:
    """The assignment as it stands, with its nomination, both locked."""
    lifecycle.lock([assignment.assessment.nomination_id])
    return Assignment.objects.select_for_update(of=("self",)).with_names().get(pk=assignment.pk)


def assess_again(assessment: Assessment, *, reason: str, by: Person, at: datetime) -> None:
    """The nomination goes back to being assessed, where all of its panel had sent."""
    if assessment.completed_at is None:
        return
    assessment.completed_at = None
    assessment.save(update_fields=["completed_at"])
    lifecycle.follow("reopen_assessment", assessment.nomination, by=by, at=at, reason=reason)


def take_submission_back(
    assignment: Assignment, kind: str, *, reason: str, by: Person, at: datetime
) -> Sheet:
    """
    Inside the transaction of whoever holds the lock: the submission taken back; return the sheet as it was sent, which
    stays. Raises Refused: not submitted, no reason, decided.
    """
    if assignment.submitted_at is None or assignment.removed_at is not None:
        raise Refused("not_submitted", "Penilaian ini tidak sedang terkunci. Tidak ada yang berubah.")
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    _refuse_once_decided(assignment)
    sheet = assignment.sheets.order_by("-sequence").first()
    if sheet is None or sheet.submitted_at != assignment.submitted_at:
        raise Refused("no_sheet", "Salinan kiriman terakhir tidak ditemukan. Hubungi admin.")
    Reopening.objects.create(sheet=sheet, kind=kind, reason=reason.strip(), at=at, by=by)
    assignment.submitted_at = None
    assignment.save(update_fields=["submitted_at"])
    is_ordered, is_revision = kind == Reopening.Kind.ORDERED, kind == Reopening.Kind.REVISION
    history.record(
        "reopen_sheet" if is_ordered else "revise_sheet" if is_revision else "take_out_sheet",
        assignment, by=by, at=at, reason=reason.strip(), nomination=assignment.assessment.nomination_id,
        sequence=sheet.sequence,
    )  # fmt: skip
    return sheet


def _refuse_once_decided(assignment: Assignment) -> None:
    nomination = assignment.assessment.nomination
    if nomination.decisions.exists() or nomination.state not in (State.ELIGIBLE, State.ASSESSED):
        raise Refused(
            "decided", "Sidang pleno sudah memutus usulan ini, sehingga skornya tidak dapat berubah lagi."
        )
