"""
The way of a nomination: the states (models.State), one table of transitions, one function that performs them.

"Who may return a nomination?", "until when?", "what stands in the way?" are answered by TRANSITIONS below. People
act through `perform`; what another room has decided (an assessment complete, an award published) arrives through
`follow`. Both lock the row, ask every guard again under the lock, write state and history in one transaction, and
queue the messages for after the commit.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.roles import Right
from audit import history

from . import completeness, copies, numbering, rules
from .models import Check, Nomination, Phase, State

logger = logging.getLogger(__name__)

# The commit must follow the instant of receipt within this time (house.md); later, the request starts anew.
COMMIT_WITHIN = timedelta(minutes=2)
REASON_AT_LEAST = 10


class Refused(Exception):
    """A transition that does not happen. `for_reader`: what stands in the way, who can remove it, until when."""

    def __init__(self, code: str, for_reader: str) -> None:
        super().__init__(code)
        self.code = code
        self.for_reader = for_reader


@dataclass(frozen=True)
class Act:
    """One attempt: who, when, why, and what the action needs besides (the due instant of a return)."""

    by: Person | None
    at: datetime
    reason: str = ""
    due_at: datetime | None = None


# Returns None where nothing stands in the way, else (code, sentence for the reader).
Guard = Callable[[Nomination, Act], tuple[str, str] | None]


def phase_is_open(kind: Phase.Kind) -> Guard:
    def guard(nomination: Nomination, act: Act) -> tuple[str, str] | None:
        phase = nomination.round.phase(kind)
        name = kind.label.lower()
        if phase is None:
            return "phase_not_dated", f"Tahap {name} periode {nomination.round_id} belum dijadwalkan oleh Sekretariat."
        if act.at < phase.opens_at:
            return "phase_not_open", f"Tahap {name} baru dibuka {_when(phase.opens_at)}. Tidak ada yang berubah."
        if not phase.holds(act.at):
            return (
                "phase_closed",
                f"Tahap {name} sudah ditutup {_when(phase.closes_at)}. Isian tersimpan dan tetap dapat dibaca. "
                "Perpanjangan hanya dapat diputuskan Sekretariat.",
            )
        return None

    return guard


def screening_has_not_ended(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    phase = nomination.round.phase(Phase.Kind.SCREENING)
    if phase is not None and act.at >= phase.closes_at:
        return "screening_ended", f"Seleksi administrasi sudah berakhir {_when(phase.closes_at)}."
    return None


def is_complete(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    lacks = completeness.missing(nomination)
    if lacks:
        return "incomplete", f"Usulan belum lengkap: {len(lacks)} isian. " + " ".join(item.text for item in lacks[:3])
    return None


def before_the_repair_is_due(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    if nomination.repair_due_at is not None and act.at >= nomination.repair_due_at:
        return (
            "repair_overdue",
            f"Batas perbaikan sudah lewat: {_when(nomination.repair_due_at)}. Isian tersimpan dan tetap dapat dibaca.",
        )
    return None


def has_a_reason(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    if len(act.reason.strip()) < REASON_AT_LEAST:
        return "reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf."
    return None


def has_a_due_instant(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    if act.due_at is None or act.due_at <= act.at:
        return "due_missing", "Tetapkan batas perbaikan: tanggal dan jam yang belum lewat."
    return None


def every_check_is_met(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    wanted = {requirement.pk for requirement in completeness.requirements_for(nomination)}
    met = set(nomination.checks.filter(verdict=Check.Verdict.MET).values_list("requirement_id", flat=True))
    if open_checks := wanted - met:
        return "checks_open", f"{len(open_checks)} dari {len(wanted)} persyaratan belum dinyatakan sesuai."
    return None


def another_person_proposed_it(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    proposal = getattr(nomination, "refusal_proposal", None)
    if proposal is None:
        return "not_proposed", "Belum ada usul tidak lolos. Keputusan ini diambil oleh dua orang."
    if act.by is not None and proposal.by_id == act.by.pk:
        return (
            "same_person",
            f"Usul tidak lolos berasal dari Anda. Orang lain di Sekretariat yang memutuskannya (diusulkan "
            f"{_when(proposal.at)}).",
        )
    return None


def has_not_refused_it(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    deciders = history.of(nomination).filter(action="declare_ineligible").values_list("actor_id", flat=True)
    proposal = getattr(nomination, "refusal_proposal", None)
    if act.by is not None and (act.by.pk in set(deciders) or (proposal and proposal.by_id == act.by.pk)):
        return "own_decision", "Sanggah dijawab oleh orang yang tidak ikut memutus usulan ini."
    return None


def its_time_is_over(nomination: Nomination, act: Act) -> tuple[str, str] | None:
    phase = nomination.round.phase(Phase.Kind.NOMINATION)
    end = nomination.repair_due_at if nomination.state == State.RETURNED else phase and phase.closes_at
    if end is None or act.at < end:
        return "still_in_time", "Batas waktunya belum lewat."
    return None


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


def _returned_by_province(nomination: Nomination) -> bool:
    return nomination.returned_from == State.SUBMITTED


def _returned_by_screening(nomination: Nomination) -> bool:
    return nomination.returned_from == State.ENDORSED


S, R, P = State, Right, Phase.Kind
TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "submit", "Kirim usulan", (S.DRAFT,), S.SUBMITTED, R.NOMINATE, rules.holds_its_office,
        (phase_is_open(P.NOMINATION), is_complete),
    ),
    Transition(
        "resubmit", "Kirim perbaikan", (S.RETURNED,), S.SUBMITTED, R.NOMINATE, rules.holds_its_office,
        (before_the_repair_is_due, is_complete), applies=_returned_by_province,
    ),
    # What screening returned comes back to screening, not to the province again.
    Transition(
        "resubmit", "Kirim perbaikan", (S.RETURNED,), S.ENDORSED, R.NOMINATE, rules.holds_its_office,
        (before_the_repair_is_due, is_complete), applies=_returned_by_screening,
    ),
    Transition(
        "withdraw", "Tarik usulan", (S.DRAFT, S.SUBMITTED, S.RETURNED, S.ENDORSED), S.WITHDRAWN, R.NOMINATE,
        rules.holds_its_office, (screening_has_not_ended, has_a_reason),
    ),
    Transition(
        "endorse", "Teruskan ke Kementerian", (S.SUBMITTED,), S.ENDORSED, R.ENDORSE, rules.is_of_its_province,
        (phase_is_open(P.ENDORSEMENT),),
    ),
    Transition(
        "return_to_dinas", "Kembalikan untuk perbaikan", (S.SUBMITTED,), S.RETURNED, R.ENDORSE,
        rules.is_of_its_province, (phase_is_open(P.ENDORSEMENT), has_a_reason, has_a_due_instant),
    ),
    Transition(
        "not_endorse", "Tidak teruskan", (S.SUBMITTED,), S.NOT_ENDORSED, R.ENDORSE, rules.is_of_its_province,
        (phase_is_open(P.ENDORSEMENT), has_a_reason),
    ),
    # Where the province stays silent, and for what the province itself nominated (DKI Jakarta).
    Transition(
        "pass_on", "Teruskan tanpa verifikasi provinsi", (S.SUBMITTED,), S.ENDORSED, R.SCREEN,
        rules.is_of_the_ministry, (screening_has_not_ended, has_a_reason),
    ),
    Transition(
        "return_from_screening", "Kembalikan untuk perbaikan", (S.ENDORSED,), S.RETURNED, R.SCREEN,
        rules.is_of_the_ministry, (phase_is_open(P.SCREENING), has_a_reason, has_a_due_instant),
    ),
    Transition(
        "declare_eligible", "Nyatakan lolos seleksi", (S.ENDORSED,), S.ELIGIBLE, R.SCREEN, rules.is_of_the_ministry,
        (phase_is_open(P.SCREENING), every_check_is_met),
    ),
    Transition(
        "declare_ineligible", "Nyatakan tidak lolos", (S.ENDORSED,), S.INELIGIBLE, R.SCREEN,
        rules.is_of_the_ministry, (phase_is_open(P.SCREENING), has_a_reason, another_person_proposed_it),
    ),
    Transition(
        "uphold_objection", "Terima sanggah", (S.INELIGIBLE,), S.ELIGIBLE, R.SCREEN, rules.is_of_the_ministry,
        (has_a_reason, has_not_refused_it),
    ),
    Transition("lapse", "Gugur", (S.DRAFT, S.RETURNED), S.LAPSED, None, guards=(its_time_is_over,)),
    Transition("complete_assessment", "Selesai dinilai", (S.ELIGIBLE,), S.ASSESSED, None),
    Transition("reopen_assessment", "Penilaian dibuka kembali", (S.ASSESSED,), S.ELIGIBLE, None),
    Transition("award", "Tetapkan penghargaan", (S.ASSESSED,), S.AWARDED, None),
    Transition("not_award", "Tetapkan tanpa penghargaan", (S.ASSESSED,), S.NOT_AWARDED, None),
)  # fmt: skip
del S, R, P

ACTIONS = tuple(dict.fromkeys(transition.action for transition in TRANSITIONS))

# Called after the state is written, inside the transaction: (nomination, transition, act). Registered by notices.py.
_LISTENERS: list[Callable[[Nomination, Transition, Act], None]] = []


def on_transition(listener: Callable[[Nomination, Transition, Act], None]) -> None:
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def possible(nomination: Nomination, person: Person) -> list[Transition]:
    """The transitions this person could perform on it in its state; guards such as dates are asked when it is tried."""
    return [
        transition
        for transition in TRANSITIONS
        if nomination.state in transition.sources and transition.applies(nomination) and _allowed(transition, nomination, person)
    ]


def perform(
    action: str,
    nomination: Nomination,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
    due_at: datetime | None = None,
) -> Nomination:
    """
    Perform one action of the table for a person; return the nomination as it stands then.

    at: the instant at which the complete request was received; it decides about deadlines, however long the lock
    took, but the commit must follow within COMMIT_WITHIN. due_at: the end of a return. Raises Refused.
    """
    return _move(action, nomination.pk, Act(by, at, reason.strip(), due_at), as_person=True)


def follow(action: str, nomination: Nomination, *, by: Person | None, at: datetime, reason: str = "") -> Nomination:
    """Let a nomination follow what another room or the clock has decided (rows of the table without a right)."""
    return _move(action, nomination.pk, Act(by, at, reason.strip()), as_person=False)


def lock(nominations: Iterable[int]) -> list[Nomination]:
    """Lock many nominations in one order, for whoever moves several of them in one transaction."""
    return list(
        Nomination.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(nominations)).order_by("pk")
    )


@transaction.atomic
def _move(action: str, pk: int, act: Act, *, as_person: bool) -> Nomination:
    nomination = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round", "office", "product__ikm__sentra", "product__ikm__regency")
        .get(pk=pk)
    )
    transition = _find(action, nomination, act, as_person=as_person)
    for guard in transition.guards:
        if refusal := guard(nomination, act):
            raise Refused(*refusal)
    before = nomination.state
    nomination.state = transition.target
    _side_fields(nomination, transition, act, before)
    nomination.save()
    if transition.action in ("submit", "resubmit") and act.by is not None:
        copies.keep(nomination, by=act.by, at=act.at)
    history.record(
        action, nomination, by=act.by, at=act.at, from_state=before, to_state=nomination.state, reason=act.reason
    )
    for listener in _LISTENERS:
        listener(nomination, transition, act)
    if as_person and timezone.now() - act.at > COMMIT_WITHIN:
        raise Refused("too_slow", "Server terlalu sibuk dan tidak ada yang berubah. Isian tersimpan. Kirim sekali lagi.")
    logger.info(
        "transition",
        extra={"nomination": pk, "action": action, "to": nomination.state, "by": act.by.pk if act.by else None},
    )
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
    raise Refused("wrong_state", _already(nomination))


def _allowed(transition: Transition, nomination: Nomination, person: Person) -> bool:
    return (
        transition.right is not None and person.may(transition.right) and transition.relation(person, nomination)
    )


def _side_fields(nomination: Nomination, transition: Transition, act: Act, before: str) -> None:
    if transition.target == State.RETURNED:
        nomination.returned_from, nomination.repair_due_at = before, act.due_at
    elif before == State.RETURNED:
        nomination.returned_from, nomination.repair_due_at = "", None
    if transition.action == "submit":
        nomination.submitted_at, nomination.submitted_by = act.at, act.by
        nomination.number = numbering.number_for(nomination)


def _already(nomination: Nomination) -> str:
    last = history.of(nomination).last()
    if last is None:
        return f"Usulan ini berstatus {nomination.get_state_display()}. Tidak ada yang berubah."
    who = f" oleh {last.actor.full_name}" if last.actor else ""
    return (
        f"Usulan ini sudah berstatus {nomination.get_state_display()} sejak {_when(last.at)}{who}. "
        "Tidak ada yang berubah."
    )


def _when(instant: datetime) -> str:
    from letters.wording import instant_for_reader

    return instant_for_reader(instant)


def describe() -> list[dict[str, Any]]:
    """The table as rows for the drawing in docs/ and for tests: action, from, to, right."""
    return [
        {"action": row.action, "from": source, "to": row.target, "right": row.right}
        for row in TRANSITIONS
        for source in row.sources
    ]
