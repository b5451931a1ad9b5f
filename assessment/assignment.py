"""Panels: who assesses which nomination. The rules: rules.py; a balanced proposal for many at once: balance.py."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import Person
from audit import history
from letters import outbox
from nominations import lifecycle
from nominations.models import Nomination, Phase

from . import instruments, notices, rules, short_forms, taking
from .models import Assessment, Assignment
from .refusals import NOT_YOURS, Refused

logger = logging.getLogger(__name__)

REASON_AT_LEAST = 10
# Interested or not, on hand or not: what an assessor may say besides a conflict.
DECLINES = (Assignment.Removal.EXPERTISE, Assignment.Removal.TIME)


@transaction.atomic
def assign(
    nomination: Nomination, people: Sequence[Person], *, by: Person, at: datetime, size: int | None = None
) -> Assessment:
    """
    Put these people on the panel of a nomination and tell them; return its assessment.

    The first assignment pins the copy as submitted and the latest published instrument of the group. size: how many
    make the panel whole (rules.panel_size; never fewer than are active). What is there stays: people are added.
    Raises Refused: not your right, not eligible, no instrument, no assessor, a conflict, too many, nobody from outside.
    """
    assessment, made = _assign(nomination, people, by=by, at=at, size=size)
    _tell(made, at=at)
    return assessment


@transaction.atomic
def assign_many(plan: Mapping[Nomination, Sequence[Person]], *, by: Person, at: datetime) -> int:
    """
    Take over a whole plan, all or nothing, in a fixed number of statements, with one message per person and group;
    return how many were assigned. Raises Refused as `assign`.
    """
    made = taking.take_over(plan, by=by, at=at)
    _tell(made, at=at)
    return len(made)


@transaction.atomic
def remove(assignment: Assignment, *, reason: str, by: Person, at: datetime) -> Assignment:
    """Take somebody off a panel: the secretariat, with a reason. The sheet stays stored and counts for nothing."""
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    return _remove(assignment, Assignment.Removal.REPLACED, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def replace(assignment: Assignment, with_: Person, *, reason: str, by: Person, at: datetime) -> Assignment:
    """Take somebody off and put another one in the place, both or neither; return the new assignment."""
    gone = remove(assignment, reason=reason, by=by, at=at)
    made = _assign(gone.assessment.nomination, [with_], by=by, at=at, size=None)[1]
    _tell(made, at=at)
    return made[0]


@transaction.atomic
def decline(assignment: Assignment, removal: str, *, by: Person, at: datetime) -> Assignment:
    """The assessor gives an assignment back, for one of DECLINES; a conflict is declared instead (declarations.py)."""
    if assignment.assessor_id != by.pk:
        raise Refused("not_yours", NOT_YOURS)
    if removal not in DECLINES:
        raise Refused("reason_missing", "Pilih alasan pengembalian tugas.")
    gone = _remove(assignment, removal, reason="", by=by, at=at)
    notices.another_is_needed(gone, at=at)
    return gone


def _assign(
    nomination: Nomination, people: Sequence[Person], *, by: Person, at: datetime, size: int | None
) -> tuple[Assessment, list[Assignment]]:
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    if not people:
        raise Refused("nobody", "Pilih paling sedikit satu penilai.")
    lifecycle.lock([nomination.pk])
    nomination = Nomination.objects.with_names().get(pk=nomination.pk)
    taking.refuse_what_is_not_eligible(nomination)
    assessment = _of(nomination, by=by, at=at, size=size)
    _refuse_whom_the_rules_forbid(assessment, nomination, people, at=at)
    offices = rules.seats(people, at=at)
    made = [
        Assignment(
            assessment=assessment, assessor=person, office=offices[person.pk], assigned_at=at, assigned_by=by
        )
        for person in people
    ]
    for assignment in made:
        assignment.save()
        history.record(
            "assign", assignment, by=by, at=at, nomination=nomination.pk, assessor=assignment.assessor_id
        )
    return assessment, made


def _of(nomination: Nomination, *, by: Person, at: datetime, size: int | None) -> Assessment:
    """The assessment of a locked nomination; pinned now where this is the first assignment."""
    assessment = Assessment.objects.filter(nomination=nomination).first()
    if assessment is None:
        group = nomination.product.group
        instrument, submission = taking.pinned(
            nomination,
            short_forms.form_for(nomination, instruments.latest_for(group)),
            nomination.latest_submission(),
        )
        assessment = Assessment.objects.create(
            nomination=nomination, submission=submission, instrument=instrument,
            size=size or rules.panel_size(nomination.round_id),
            created_at=at, created_by=by,
        )  # fmt: skip
        history.record(
            "open_assessment", assessment, by=by, at=at, nomination=nomination.pk, size=assessment.size,
            instrument=f"{group.pk} v{instrument.version}",
        )  # fmt: skip
    elif size is not None and size != assessment.size:
        assessment.size = size
        assessment.save(update_fields=["size"])
        history.record("resize_panel", assessment, by=by, at=at, size=size)
    return assessment


def _refuse_whom_the_rules_forbid(
    assessment: Assessment, nomination: Nomination, people: Sequence[Person], *, at: datetime
) -> None:
    taking.refuse_whom_the_rules_forbid(
        nomination,
        people,
        size=assessment.size,
        active=list(assessment.assignments.active().select_related("office")),
        facts=rules.Facts.about(people),
        offices=rules.seats(people, at=at),
    )


def _remove(assignment: Assignment, removal: str, *, reason: str, by: Person, at: datetime) -> Assignment:
    lifecycle.lock([assignment.assessment.nomination_id])
    assignment = Assignment.objects.select_for_update(of=("self",)).with_names().get(pk=assignment.pk)
    if assignment.removed_at is not None:
        raise Refused("already", "Penugasan ini sudah berakhir. Tidak ada yang berubah.")
    if assignment.submitted_at is not None:
        raise Refused(
            "submitted",
            "Penilaian ini sudah dikirim dan terkunci. Penggantian hanya dapat dilakukan setelah dibuka kembali.",
        )
    assignment.removed_at, assignment.removed_by = at, by
    assignment.removal, assignment.removed_reason = removal, reason
    assignment.save()
    history.record(
        "remove_assessor" if removal == Assignment.Removal.REPLACED else "decline_assignment",
        assignment, by=by, at=at, reason=reason, nomination=assignment.assessment.nomination_id, removal=removal,
    )  # fmt: skip
    return assignment


def _tell(made: Sequence[Assignment], *, at: datetime) -> None:
    """One message per person and commodity group, however many nominations."""
    groups: dict[tuple[Person, str, int], list[Assignment]] = {}
    for assignment in made:
        nomination = assignment.assessment.nomination
        key = (assignment.assessor, nomination.product.group.name, nomination.round_id)
        groups.setdefault(key, []).append(assignment)
    for (person, group, _), assignments in groups.items():
        phase = assignments[0].assessment.nomination.round.phase(Phase.Kind.ASSESSMENT)
        outbox.queue(
            "assigned",
            person=person,
            key=f"{assignments[0].pk}-{assignments[-1].pk}",
            context={
                "n": len(assignments),
                "komoditas": group.lower(),
                "waktu": phase.closes_at if phase else "batas yang diumumkan Sekretariat",
                "tautan": reverse("assessments"),
            },
            about=assignments[0] if len(assignments) == 1 else None,
            at=at,
        )
    logger.info("assigned", extra={"assignments": len(made)})
