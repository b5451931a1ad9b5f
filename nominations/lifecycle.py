"""
The way of a nomination: the states (models.State), one table of transitions, one function that performs them.

"Who may return a nomination?", "until when?", "what stands in the way?" are answered by TRANSITIONS below. People
act through `perform`; what another room or the clock has decided (an assessment complete, an award published, a
deadline gone by) arrives through `follow`. Both lock the row, ask every guard again under the lock, and write state,
history and messages in one transaction.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from audit import history

from . import copies, notices, numbering, rules
from .guards import (
    Act,
    Guard,
    Refused,
    another_person_proposed_it,
    before_the_repair_is_due,
    every_check_is_met,
    every_question_is_settled,
    has_a_due_instant,
    has_a_reason,
    has_not_refused_it,
    is_complete,
    its_time_has_come_back,
    its_time_is_over,
    names_nobody_by_number,
    nominating_is_open,
    phase_is_open,
    screening_has_not_ended,
    something_is_not_met,
    the_objection_can_be_dated,
    the_province_is_silent,
    when,
)
from .models import Nomination, Phase, RefusalProposal, RepairRemark, State

__all__ = [
    "ACTIONS",
    "TRANSITIONS",
    "Act",
    "Refused",
    "already",
    "describe",
    "follow",
    "lock",
    "on_transition",
    "perform",
    "possible",
]
logger = logging.getLogger(__name__)

# The commit must follow the instant of receipt within this time (house.md); later, the request starts anew.
COMMIT_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True)
class Transition:
    action: str
    label: str
    sources: tuple[State, ...]
    target: State
    # None: not for people; another room or the clock brings it about (`follow`).
    right: Right | None
    relation: Callable[[Person, Nomination], bool] = lambda person, nomination: False
    guards: tuple[Guard, ...] = ()
    applies: Callable[[Nomination], bool] = field(default=lambda nomination: True)


def _goes_to_the_province(nomination: Nomination) -> bool:
    return nomination.returned_from == State.SUBMITTED


def _goes_to_screening(nomination: Nomination) -> bool:
    return nomination.returned_from == State.ENDORSED


S, R, P = State, Right, Phase.Kind
TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "submit", "Kirim usulan", (S.DRAFT,), S.SUBMITTED, R.NOMINATE, rules.holds_its_office,
        (nominating_is_open, is_complete),
    ),
    Transition(
        "resubmit", "Kirim perbaikan", (S.RETURNED,), S.SUBMITTED, R.NOMINATE, rules.holds_its_office,
        (before_the_repair_is_due, is_complete), applies=_goes_to_the_province,
    ),
    # What screening returned comes back to screening, not to the province again, unless the secretariat said so.
    Transition(
        "resubmit", "Kirim perbaikan", (S.RETURNED,), S.ENDORSED, R.NOMINATE, rules.holds_its_office,
        (before_the_repair_is_due, is_complete), applies=_goes_to_screening,
    ),
    Transition(
        "withdraw", "Tarik usulan", (S.DRAFT, S.SUBMITTED, S.RETURNED, S.ENDORSED), S.WITHDRAWN, R.NOMINATE,
        rules.holds_its_office, (screening_has_not_ended, has_a_reason, names_nobody_by_number),
    ),
    Transition(
        "endorse", "Teruskan ke Kementerian", (S.SUBMITTED,), S.ENDORSED, R.ENDORSE, rules.is_of_its_province,
        (phase_is_open(P.ENDORSEMENT), every_question_is_settled),
    ),
    Transition(
        "return_to_dinas", "Kembalikan untuk perbaikan", (S.SUBMITTED,), S.RETURNED, R.ENDORSE,
        rules.is_of_its_province,
        (phase_is_open(P.ENDORSEMENT), has_a_reason, names_nobody_by_number, has_a_due_instant),
    ),
    Transition(
        "not_endorse", "Tidak teruskan", (S.SUBMITTED,), S.NOT_ENDORSED, R.ENDORSE, rules.is_of_its_province,
        (phase_is_open(P.ENDORSEMENT), has_a_reason, names_nobody_by_number),
    ),
    # Where the province stays silent, and for what the province itself nominated (DKI Jakarta).
    Transition(
        "pass_on", "Teruskan tanpa verifikasi provinsi", (S.SUBMITTED,), S.ENDORSED, R.SCREEN,
        rules.is_of_the_secretariat,
        (the_province_is_silent, screening_has_not_ended, has_a_reason, names_nobody_by_number),
    ),
    Transition(
        "return_from_screening", "Kembalikan untuk perbaikan", (S.ENDORSED,), S.RETURNED, R.SCREEN,
        rules.is_of_the_secretariat,
        (phase_is_open(P.SCREENING), has_a_reason, names_nobody_by_number, has_a_due_instant),
    ),
    Transition(
        "declare_eligible", "Nyatakan lolos seleksi", (S.ENDORSED,), S.ELIGIBLE, R.SCREEN,
        rules.is_of_the_secretariat, (phase_is_open(P.SCREENING), every_check_is_met),
    ),
    Transition(
        "declare_ineligible", "Nyatakan tidak lolos", (S.ENDORSED,), S.INELIGIBLE, R.SCREEN,
        rules.is_of_the_secretariat,
        (
            phase_is_open(P.SCREENING), has_a_reason, names_nobody_by_number, something_is_not_met,
            another_person_proposed_it, the_objection_can_be_dated,
        ),
    ),
    Transition(
        "uphold_objection", "Terima sanggah", (S.INELIGIBLE,), S.ELIGIBLE, R.SCREEN, rules.is_of_the_secretariat,
        (has_a_reason, names_nobody_by_number, has_not_refused_it),
    ),
    Transition("lapse", "Gugur", (S.DRAFT, S.RETURNED), S.LAPSED, None, guards=(its_time_is_over,)),
    # An extension decided after the end gives back what had lapsed without ever being sent.
    Transition("revive", "Dibuka kembali", (S.LAPSED,), S.DRAFT, None, guards=(its_time_has_come_back,)),
    Transition("complete_assessment", "Selesai dinilai", (S.ELIGIBLE,), S.ASSESSED, None),
    Transition("reopen_assessment", "Penilaian dibuka kembali", (S.ASSESSED,), S.ELIGIBLE, None),
    # From one to the other: a published changing decree (awards/changing.py).
    Transition("award", "Tetapkan penghargaan", (S.ASSESSED, S.NOT_AWARDED), S.AWARDED, None),
    Transition("not_award", "Tetapkan tanpa penghargaan", (S.ASSESSED, S.AWARDED), S.NOT_AWARDED, None),
)  # fmt: skip
del S, R, P

ACTIONS = tuple(dict.fromkeys(transition.action for transition in TRANSITIONS))

# What later rooms do in the same transaction: called with (nomination, transition, act) after the state is written.
_LISTENERS: list[Callable[[Nomination, Transition, Act], None]] = []


def on_transition(listener: Callable[[Nomination, Transition, Act], None]) -> None:
    """Let a later room take part in every transition; called once, from its AppConfig.ready."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def possible(nomination: Nomination, person: Person) -> list[Transition]:
    """The transitions this person could perform in its state; guards such as dates are asked when one is tried."""
    return [
        transition
        for transition in TRANSITIONS
        if nomination.state in transition.sources
        and transition.applies(nomination)
        and _allowed(transition, nomination, person)
    ]


def perform(
    action: str,
    nomination: Nomination,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
    due_at: datetime | None = None,
    remarks: Mapping[str, str] | None = None,
    via_province: bool = False,
) -> Nomination:
    """
    Perform one action of the table for a person; return the nomination as it stands then.

    at: the instant at which the complete request was received; it decides about deadlines, however long the lock
    took, but the commit must follow within COMMIT_WITHIN. due_at: the end of a return; remarks: answer -> what is to
    be repaired there (codes of answers.py); via_province: what screening returns comes back to the province first.
    Raises Refused.
    """
    written = tuple((field, text.strip()) for field, text in (remarks or {}).items() if text.strip())
    act = Act(by, at, reason.strip(), due_at, written, via_province)
    return _move(action, nomination.pk, act, as_person=True)


def follow(
    action: str, nomination: Nomination, *, by: Person | None, at: datetime, reason: str = ""
) -> Nomination:
    """Let a nomination follow what another room or the clock has decided (rows of the table without a right)."""
    return _move(action, nomination.pk, Act(by, at, reason.strip()), as_person=False)


def lock(nominations: Iterable[int]) -> list[Nomination]:
    """Lock many nominations in one order, for whoever moves several of them in one transaction."""
    return list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=list(nominations))
        .order_by("pk")
    )


@transaction.atomic
def _move(action: str, pk: int, act: Act, *, as_person: bool) -> Nomination:
    nomination = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round", "office", "product__ikm__sentra", "product__ikm__regency__province")
        .get(pk=pk)
    )
    transition = _find(action, nomination, act, as_person=as_person)
    for guard in transition.guards:
        if hindrance := guard(nomination, act):
            raise Refused(*hindrance)
    before = State(nomination.state)
    _keep_remarks(nomination, transition, act)
    nomination.state = transition.target
    _side_fields(nomination, transition, act, before)
    nomination.save()
    if transition.action in ("submit", "resubmit") and act.by is not None:
        copies.keep(nomination, by=act.by, at=act.at)
    history.record(
        action, nomination, by=act.by, at=act.at, from_state=before.value, to_state=transition.target.value,
        reason=act.reason, **({"remarks": len(act.remarks)} if act.remarks else {}),
    )  # fmt: skip
    notices.tell(action, nomination, act)
    for listener in _LISTENERS:
        listener(nomination, transition, act)
    if as_person and timezone.now() - act.at > COMMIT_WITHIN:
        raise Refused(
            "too_slow", "Server terlalu sibuk dan tidak ada yang berubah. Isian tersimpan. Kirim sekali lagi."
        )
    by = act.by.pk if act.by else None
    extra = {"nomination": pk, "action": action, "to": transition.target.value, "by": by}
    logger.info("transition", extra=extra)
    return nomination


def _find(action: str, nomination: Nomination, act: Act, *, as_person: bool) -> Transition:
    rows = [row for row in TRANSITIONS if row.action == action and (row.right is not None) == as_person]
    if not rows:
        raise Refused("unknown_action", "Tindakan ini tidak dikenal.")
    if as_person and not any(act.by and _allowed(row, nomination, act.by) for row in rows):
        raise Refused("not_yours", "Peran Anda tidak dapat melakukan tindakan ini pada usulan ini.")
    for row in rows:
        if nomination.state in row.sources and row.applies(nomination):
            return row
    raise Refused("wrong_state", already(nomination))


def _allowed(transition: Transition, nomination: Nomination, person: Person) -> bool:
    return (
        transition.right is not None
        and person.may(transition.right)
        and transition.relation(person, nomination)
    )


def _keep_remarks(nomination: Nomination, transition: Transition, act: Act) -> None:
    submission = nomination.latest_submission()
    if transition.target != State.RETURNED or submission is None or act.by is None:
        return
    RepairRemark.objects.bulk_create(
        RepairRemark(submission=submission, field=field, text=text, at=act.at, by=act.by)
        for field, text in act.remarks
    )


def _side_fields(nomination: Nomination, transition: Transition, act: Act, before: State) -> None:
    if transition.target == State.RETURNED:
        nomination.returned_from = State.SUBMITTED if act.via_province else before
        nomination.repair_due_at = act.due_at
    elif before == State.RETURNED:
        nomination.returned_from, nomination.repair_due_at = "", None
    if before == State.ENDORSED:
        # Else a proposal of this submission could be the first half of a refusal of the next.
        RefusalProposal.objects.filter(nomination=nomination).delete()
    if transition.action == "submit":
        nomination.submitted_at, nomination.submitted_by = act.at, act.by
        nomination.number = numbering.number_for(nomination)


def already(nomination: Nomination) -> str:
    """Who was quicker, and when (interface.md, text 35): for every refusal with the code "wrong_state"."""
    last = history.of(nomination).exclude(to_state="").last()
    if last is None:
        return f"Usulan ini berstatus {nomination.get_state_display()}. Tidak ada yang berubah."
    who = f" oleh {last.actor.full_name}" if last.actor else ""
    return (
        f"Usulan ini sudah berstatus {nomination.get_state_display()}{who} sejak {when(last.at, nomination)}. "
        "Tidak ada yang berubah."
    )


def describe() -> list[dict[str, Any]]:
    """The table as rows for the drawing in docs/ and for tests: action, from, to, right."""
    return [
        {"action": row.action, "from": source, "to": row.target, "right": row.right}
        for row in TRANSITIONS
        for source in row.sources
    ]
