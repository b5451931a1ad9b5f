"""
Field visits planned, planned anew, and called off. What a visit finds: visits.py.

A finished visit stands, unless nothing that it corrected counts any more because whoever wrote it was recused since:
then the secretariat sets it aside with a reason, and another one can be planned.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from audit import history
from nominations import lifecycle
from nominations.models import Nomination

from . import notices, rules
from .models import Assessment, Assignment, Finding, Visit, VisitMember
from .refusals import NOT_YOURS, Refused
from .visit_state import lock, refuse_an_end, refuse_what_is_over


def choices_for(assessment: Assessment) -> list[tuple[Assignment, rules.Ground | None]]:
    """The panel's people who declared to be free, each with the ground that keeps them away all the same, or None."""
    free = assessment.assignments.scoring().select_related("assessor", "office").order_by("pk")
    nomination = Nomination.objects.with_names().get(pk=assessment.nomination_id)
    facts = rules.Facts.about([one.assessor for one in free])
    return [(one, facts.ground_against(one.assessor, nomination)) for one in free]


@transaction.atomic
def plan(
    nomination: Nomination,
    team: Sequence[Assignment],
    *,
    on: date,
    place: str,
    position: int = 1,
    by: Person,
    at: datetime,
) -> Visit:
    """
    Plan the visit of a nomination. team: assignments of its own panel.

    Raises Refused: not the secretariat, no panel, decided, planned already, nobody, a day gone by, somebody who has
    not declared to be free or against whom there is a ground.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    lifecycle.lock([nomination.pk])
    assessment = Assessment.objects.filter(nomination=nomination).select_related("nomination").first()
    if assessment is None:
        raise Refused(
            "no_panel", "Usulan ini belum berpanel. Tugaskan penilai dahulu, lalu rencanakan kunjungan."
        )
    refuse_what_is_over(assessment)
    place = _checked_place(place, on, at=at)
    _refuse_a_team_with_an_interest(assessment, team)
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                assessment=assessment,
                planned_on=on,
                position=position,
                place=place,
                planned_at=at,
                planned_by=by,
            )
    except IntegrityError as error:
        raise Refused(
            "already_planned", "Kunjungan untuk usulan ini sudah direncanakan. Batalkan dahulu yang lama."
        ) from error
    VisitMember.objects.bulk_create(VisitMember(visit=visit, assignment=one) for one in team)
    history.record(
        "plan_visit", visit, by=by, at=at, to_state=visit.state, nomination=nomination.pk, on=on.isoformat(),
        team=[one.assessor_id for one in team],
    )  # fmt: skip
    notices.visit_planned(visit, team, at=at)
    return visit


def _checked_place(place: str, on: date, *, at: datetime) -> str:
    place = " ".join(place.split())[:200]
    if not place:
        raise Refused("place_missing", "Isi tempat produksi yang dikunjungi.")
    if on < timezone.localdate(at):
        raise Refused("past", "Tanggal kunjungan sudah lewat. Pilih hari ini atau sesudahnya.")
    return place


def has_begun(visit: Visit) -> bool:
    """Whether anything of it has arrived: from then on day and team are what happened, not a plan."""
    return (
        visit.started_at is not None or visit.version > 0 or visit.findings.exists() or visit.photos.exists()
    )


@transaction.atomic
def change(
    visit: Visit,
    team: Sequence[Assignment],
    *,
    on: date,
    place: str,
    position: int = 1,
    by: Person,
    at: datetime,
) -> Visit:
    """
    Plan a visit anew before anything of it has arrived; who stays, joins or leaves the team is told.

    Raises Refused as `plan`, and: over, begun.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    visit = lock(visit)
    refuse_an_end(visit)
    refuse_what_is_over(visit.assessment)
    if has_begun(visit):
        raise Refused(
            "begun",
            "Tim sudah mulai mencatat. Kunjungan ini tidak dapat diubah lagi, hanya diselesaikan atau dibatalkan.",
        )
    place = _checked_place(place, on, at=at)
    _refuse_a_team_with_an_interest(visit.assessment, team)
    visit.planned_on, visit.place, visit.position = on, place, position
    visit.save(update_fields=["planned_on", "place", "position"])
    gone = _change_team(visit, team, at=at)
    history.record(
        "change_visit", visit, by=by, at=at, nomination=visit.assessment.nomination_id, on=on.isoformat(),
        team=[one.assessor_id for one in team],
    )  # fmt: skip
    notices.visit_planned(visit, team, at=at)
    notices.visit_called_off(visit, gone, at=at)
    return visit


def _change_team(visit: Visit, team: Sequence[Assignment], *, at: datetime) -> list[Assignment]:
    """Let the team be these; return who left it."""
    there = {one.assignment_id: one for one in visit.members.select_related("assignment__assessor")}
    wanted = {one.pk for one in team}
    gone = []
    for member in there.values():
        stays = member.assignment_id in wanted
        if stays == (member.left_at is None):
            continue
        member.left_at = None if stays else at
        member.save(update_fields=["left_at"])
        if not stays:
            gone.append(member.assignment)
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, assignment=one) for one in team if one.pk not in there
    )
    return gone


def team_of(visit: Visit) -> list[Assignment]:
    members = visit.members.filter(left_at=None).select_related("assignment__assessor").order_by("pk")
    return [member.assignment for member in members]


def _refuse_a_team_with_an_interest(assessment: Assessment, team: Sequence[Assignment]) -> None:
    if not team:
        raise Refused("nobody", "Pilih paling sedikit satu anggota tim kunjungan.")
    grounds = {one.pk: ground for one, ground in choices_for(assessment)}
    for one in team:
        name = one.assessor.full_name
        if one.pk not in grounds or not one.assessor.may(Right.VISIT):
            raise Refused(
                "not_free",
                f"{name} tidak dapat mengunjungi: bukan anggota panel yang sudah menyatakan tidak mempunyai hubungan.",
            )
        if ground := grounds[one.pk]:
            raise Refused("conflict", f"{name} tidak dapat mengunjungi: {ground.text}.")


@transaction.atomic
def cancel(visit: Visit, *, reason: str, by: Person, at: datetime) -> Visit:
    """
    Call a planned visit off, or set a finished one aside of which nothing counts any more.

    Raises Refused: not the secretariat, over already, decided, no reason.
    """
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    visit = lock(visit)
    before = visit.state
    if falls_away(visit):
        refuse_what_is_over(visit.assessment)
    else:
        refuse_an_end(visit)
    if not reason.strip():
        raise Refused("reason_missing", "Tuliskan alasan pembatalan.")
    visit.state, visit.cancel_reason = Visit.State.CANCELLED, reason.strip()
    visit.cancelled_at, visit.cancelled_by = at, by
    visit.save(update_fields=["state", "cancel_reason", "cancelled_at", "cancelled_by"])
    history.record(
        "cancel_visit", visit, by=by, at=at, from_state=before, to_state=visit.state, reason=reason.strip()
    )
    if before == Visit.State.PLANNED:
        notices.visit_called_off(visit, team_of(visit), at=at)
    return visit


def falls_away(visit: Visit) -> bool:
    """Whether a finished visit corrected something, and nothing of that counts any more (FindingQuerySet.corrections)."""
    if visit.state != Visit.State.DONE:
        return False
    corrected = Finding.objects.filter(visit=visit, verdict=Finding.Verdict.DIFFERS)
    return corrected.exists() and not Finding.objects.corrections().filter(visit=visit).exists()
