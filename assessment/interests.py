"""
Interests on record before any draw: an assessor declares them, or the secretariat records them; the draw and every
assignment honour them (rules.Facts). Ended, they stay: who was tied to whom until when is part of the answer.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history
from nominations import lifecycle
from nominations.models import Ikm
from regions.models import Regency

from . import notices, rules
from .declarations import STATEMENT_VERSION
from .models import Assignment, Interest
from .refusals import NOT_YOURS, Refused

REASON_AT_LEAST = 10
NOTE_AT_MOST = 500


@transaction.atomic
def record(
    person: Person,
    kind: str,
    *,
    ikm: Ikm | None,
    regency: Regency | None,
    note: str = "",
    by: Person,
    at: datetime,
) -> Interest:
    """
    Put an interest of an assessor on record, with an IKM or with a whole regency. One that had ended stands again.
    Whoever sits on a panel that it concerns is recused there at once; a sheet that was sent keeps the plenary from
    deciding until chair or secretariat take it out (tied_sheets.py).

    Raises Refused: neither the person nor the secretariat, no assessor, unknown kind, not exactly one of the two,
    a home that is no regency, on record already.
    """
    own = person.pk == by.pk and by.may(Right.SCORE)
    if not own and not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if kind not in Interest.Kind.values:
        raise Refused("kind_missing", "Pilih jenis hubungannya.")
    if (ikm is None) == (regency is None) or (kind == Interest.Kind.HOME and regency is None):
        raise Refused(
            "with_whom", "Pilih satu IKM, atau satu kabupaten/kota. Asal daerah berlaku untuk kabupaten/kota."
        )
    there = Interest.objects.filter(person=person, kind=kind, ikm=ikm, regency=regency).first()
    if there is not None and there.ended_at is None:
        raise Refused("already", "Kepentingan ini sudah tercatat. Tidak ada yang berubah.")
    one = there or Interest(person=person, kind=kind, ikm=ikm, regency=regency)
    one.note, one.recorded_at, one.recorded_by = note.strip()[:NOTE_AT_MOST], at, by
    one.ended_at, one.ended_by, one.end_reason = None, None, ""
    one.save()
    # With whom is read on the page by the few whom it concerns, not in the history.
    history.record("declare_interest" if own else "record_interest", one, by=by, at=at, assessor=person.pk)
    for assignment in assignments_against(one):
        if assignment.submitted_at is None:
            _recuse(assignment, one, by=by, at=at)
    return one


# What a recusal says of its kind, where the interest was recorded and not declared on the nomination.
_AS_CONFLICT = {
    Interest.Kind.OWNERSHIP: Assignment.ConflictKind.INTEREST,
    Interest.Kind.FAMILY: Assignment.ConflictKind.FAMILY,
    Interest.Kind.EMPLOYER: Assignment.ConflictKind.WORK,
}


def _recuse(assignment: Assignment, interest: Interest, *, by: Person, at: datetime) -> None:
    """Off the nomination as if it had been declared there: the files close, and the secretariat finds another."""
    lifecycle.lock([assignment.assessment.nomination_id])
    assignment = Assignment.objects.select_for_update(of=("self",)).with_names().get(pk=assignment.pk)
    if assignment.has_conflict or assignment.removed_at is not None or assignment.submitted_at is not None:
        return
    mark_recused(assignment, *said_of(interest), at=at)
    history.record(
        "recuse_assessor",
        assignment,
        by=by,
        at=at,
        nomination=assignment.assessment.nomination_id,
        interest=interest.pk,
    )
    notices.another_is_needed(assignment, at=at)


def said_of(interest: Interest) -> tuple[str, str]:
    """What a recusal because of an interest on record says: its kind of conflict, and the words."""
    kind = Interest.Kind(interest.kind)
    return _AS_CONFLICT.get(kind, Assignment.ConflictKind.OTHER), f"Kepentingan tercatat: {kind.label}."


def mark_recused(assignment: Assignment, kind: str, text: str, *, at: datetime) -> None:
    """Write on a locked assignment that its assessor has an interest: from now on it opens nothing and counts nowhere."""
    assignment.has_conflict, assignment.declared_at = True, max(at, assignment.assigned_at)
    assignment.statement_version = STATEMENT_VERSION
    assignment.conflict_kind, assignment.conflict_text = kind, text
    assignment.save()


@transaction.atomic
def end(interest: Interest, *, reason: str, by: Person, at: datetime) -> Interest:
    """End an interest: the secretariat, with a reason. From then on it keeps nobody off a panel; it stays on record."""
    if not rules.may_assign(by) or interest.person_id == by.pk:
        raise Refused("not_yours", NOT_YOURS)
    interest = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    if interest.ended_at is not None:
        raise Refused("ended", "Kepentingan ini sudah diakhiri. Tidak ada yang berubah.")
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    interest.ended_at, interest.ended_by, interest.end_reason = at, by, reason.strip()
    interest.save()
    history.record("end_interest", interest, by=by, at=at, assessor=interest.person_id)
    return interest


def assignments_against(interest: Interest) -> list[Assignment]:
    """The panels on which this person sits all the same, still to be decided: those sheets have to be taken out."""
    mine = Assignment.objects.active().filter(
        assessor=interest.person_id,
        assessment__nomination__state__in=("eligible", "assessed"),
        assessment__nomination__decisions=None,
    )
    mine = (
        mine.filter(assessment__nomination__product__ikm=interest.ikm_id)
        if interest.ikm_id
        else mine.filter(assessment__nomination__product__ikm__regency=interest.regency_id)
    )
    return list(mine.with_names().order_by("pk"))
