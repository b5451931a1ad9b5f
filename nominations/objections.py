"""
Sanggah: an objection to the result of screening, and one to the published result; filed once each, within its working
days, and answered in writing by somebody who did not decide (documents.md 3; docs/decisions/0052).

When a result was published and who decided it is known to a later room, which registers `on_announcement`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Person
from accounts.roles import Right, Role
from audit import history
from files.models import StoredFile
from letters import outbox, workdays
from letters.wording import WIB

from . import guards, lifecycle, notices, rules
from .guards import Act, Hindrance, Refused, when
from .models import Check, Nomination, Objection, State, Verdict
from .models.screening import LAST_MINUTE

logger = logging.getLogger(__name__)
Stage, Outcome = Objection.Stage, Objection.Outcome

# What "diterima" and the others bring about; only a new plenary and a changing decree may change a published result.
CONSEQUENCES: dict[tuple[str, str], str] = {
    (
        Stage.SCREENING,
        Outcome.UPHELD,
    ): "Hasil seleksi administrasi diubah menjadi lolos seleksi administrasi.",
    (
        Stage.SCREENING,
        Outcome.PARTLY,
    ): "Hasil seleksi administrasi tetap: masih ada persyaratan yang tidak sesuai.",
    (Stage.SCREENING, Outcome.REJECTED): "Hasil seleksi administrasi tetap.",
    (
        Stage.RESULT,
        Outcome.UPHELD,
    ): "Hasil penetapan tetap sampai sidang pleno baru memutuskan dan SK perubahan terbit.",
    (Stage.RESULT, Outcome.PARTLY): "Hasil penetapan tetap.",
    (Stage.RESULT, Outcome.REJECTED): "Hasil penetapan tetap.",
}
_STAGE_OF_STATE = {
    State.INELIGIBLE: Stage.SCREENING,
    State.AWARDED: Stage.RESULT,
    State.NOT_AWARDED: Stage.RESULT,
}


@dataclass(frozen=True)
class Announcement:
    """
    The published result of a nomination: when, in words ("Bintang 4 dari 5, Keputusan Nomor …"), the keys of all who
    took part in deciding it, and when a plenary last sealed a decision on it (None for never).
    """

    at: datetime
    said: str
    deciders: frozenset[int]
    decided_at: datetime | None


@dataclass(frozen=True)
class Window:
    """When an objection can be filed: [opens_at, end), where `until` is the last minute that is named to people."""

    opens_at: datetime
    until: datetime

    @property
    def end(self) -> datetime:
        return self.until + LAST_MINUTE

    def holds(self, at: datetime) -> bool:
        return self.opens_at <= at < self.end


@dataclass(frozen=True)
class Step:
    """One step on the way of an upheld objection to its end, as everybody who may read the objection is told it."""

    at: datetime
    text: str
    # Nothing follows: the star stays, or the changing decree is published.
    ends: bool = False


_ANNOUNCED: list[Callable[[Nomination], Announcement | None]] = []
_STEPS: list[Callable[[Objection], list[Step]]] = []


def on_announcement(announced: Callable[[Nomination], Announcement | None]) -> None:
    """Let the room of the decrees say when a nomination's result was published; called once, from its ready."""
    if announced not in _ANNOUNCED:
        _ANNOUNCED.append(announced)


def on_steps(steps: Callable[[Objection], list[Step]]) -> None:
    """Let the later rooms say what came of an upheld objection; called once, from a room's ready."""
    if steps not in _STEPS:
        _STEPS.append(steps)


def steps_of(objection: Objection) -> list[Step]:
    """What followed an upheld objection to a published result, oldest first; nothing of what is not public yet."""
    if (objection.stage, objection.outcome) != (Stage.RESULT, Outcome.UPHELD):
        return []
    return sorted((step for steps in _STEPS for step in steps(objection)), key=lambda step: step.at)


def announcement(nomination: Nomination) -> Announcement | None:
    """The published result of this nomination, None where there is none."""
    found = (announced(nomination) for announced in _ANNOUNCED)
    return next((each for each in found if each is not None), None)


# --- When ------------------------------------------------------------------------------------------------------
def stage_of(nomination: Nomination) -> Objection.Stage | None:
    """Which result of this nomination can be objected to as it stands now, if any."""
    return _STAGE_OF_STATE.get(State(nomination.state))


def window(nomination: Nomination, stage: str) -> Window | None:
    """
    When its result of this stage can be objected to; None where it has none.

    From the instant of the refusal, or of the publication, to 23.59 WIB of the last of the round's working days, that
    minute included. Raises workdays.HolidaysUnknown.
    """
    if stage_of(nomination) != stage:
        return None
    if stage == Stage.SCREENING:
        refusal = history.of(nomination).filter(action="declare_ineligible").last()
        opens_at = refusal.at if refusal else None
    else:
        announced = announcement(nomination)
        opens_at = announced.at if announced else None
    if opens_at is None:
        return None
    return window_from(nomination, opens_at)


def window_from(nomination: Nomination, opens_at: datetime) -> Window:
    """The window of a result that its office learnt at this instant. Raises workdays.HolidaysUnknown."""
    return Window(opens_at, notices.objection_until(nomination, decided_at=opens_at))


# --- Filing ----------------------------------------------------------------------------------------------------
@transaction.atomic
def file_objection(
    nomination: Nomination, stage: str, *, reason: str, evidence: StoredFile | None, by: Person, at: datetime
) -> Objection:
    """
    Object to a result, once for each stage, for the office that nominated.

    at: when the request was received; it decides whether it is in time. Raises Refused: another office, no such
    result, too late, filed already, no reason, a NIK or NPWP in it.
    """
    nomination = _locked(nomination.pk)
    check_filing(nomination, stage, reason=reason, by=by, at=at)
    objection = Objection.objects.create(
        nomination=nomination,
        stage=stage,
        reason=reason.strip(),
        file=evidence,
        at=at,
        by=by,
        answer_due_at=answer_due(nomination, received_at=at),
    )
    # The reason stands in the objection, not in the history: an officer may name people in it.
    history.record(
        "objection_filed", nomination, by=by, at=at, objection=objection.pk, stage=str(stage),
        evidence=evidence is not None,
    )  # fmt: skip
    _tell(
        "objection_received",
        objection,
        at=at,
        waktu=at,
        batas=timezone.localdate(objection.answer_due_at, WIB),
    )
    logger.info("objection filed", extra={"objection": objection.pk, "stage": str(stage), "by": by.pk})
    return objection


def check_filing(nomination: Nomination, stage: str, *, reason: str, by: Person, at: datetime) -> None:
    """Raise Refused where this objection could not be filed at `at`; asked before the confirmation, and once more then."""
    if not (by.may(Right.OBJECT) and rules.holds_its_office(by, nomination)):
        raise Refused("not_yours", f"Sanggah diajukan oleh {nomination.office}.")
    there = nomination.objections.filter(stage=stage).select_related("by").first()
    if there is not None:
        raise Refused(
            "already_filed",
            f"Sanggah atas hasil ini sudah diajukan oleh {there.by.full_name}, {when(there.at, nomination)}, dan hanya "
            "dapat diajukan satu kali. Tidak ada yang berubah.",
        )
    _refuse_out_of_time(nomination, stage, at=at)
    act = Act(by, at, reason)
    for guard in (guards.has_a_reason, guards.names_nobody_by_number):
        if hindrance := guard(nomination, act):
            raise Refused(*hindrance)


def answer_due(nomination: Nomination, *, received_at: datetime) -> datetime:
    """Until when an objection received then is answered: 23.59 WIB of the last of the round's working days."""
    try:
        return workdays.end_of_workday(received_at, nomination.round.answer_days)
    except workdays.HolidaysUnknown as unknown:
        raise Refused("holidays_unknown", unknown.for_reader) from None


def _refuse_out_of_time(nomination: Nomination, stage: str, *, at: datetime) -> None:
    try:
        open_ = window(nomination, stage)
    except workdays.HolidaysUnknown as unknown:
        raise Refused("holidays_unknown", unknown.for_reader) from None
    if open_ is None or at < open_.opens_at:
        raise Refused(
            "nothing_to_object",
            "Usulan ini tidak mempunyai hasil yang dapat disanggah. Sanggah belum terkirim.",
        )
    if not open_.holds(at):
        raise Refused(
            "window_closed",
            f"Waktu menyanggah sudah berakhir {when(open_.until, nomination)}. Sanggah belum terkirim.",
        )


# --- Answering -------------------------------------------------------------------------------------------------
@transaction.atomic
def answer(objection: Objection, *, outcome: str, answer: str, by: Person, at: datetime) -> Objection:
    """
    Answer an objection, for good. Upheld, one to screening makes its nomination eligible in the same transaction;
    one to a published result changes nothing by itself (CONSEQUENCES).

    Raises Refused: not the secretariat, own decision or own objection, answered already, no outcome, no reasons.
    """
    nomination = _locked(objection.nomination_id)
    objection = (
        Objection.objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=objection.pk)
    )
    objection.nomination = nomination
    check_answer(objection, outcome=outcome, answer=answer, by=by, at=at)
    objection.outcome, objection.answer = outcome, answer.strip()
    objection.answered_at, objection.answered_by = at, by
    objection.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    history.record(
        "objection_answered",
        nomination,
        by=by,
        at=at,
        objection=objection.pk,
        stage=objection.stage,
        outcome=outcome,
    )
    if (objection.stage, outcome) == (Stage.SCREENING, Outcome.UPHELD):
        lifecycle.perform("uphold_objection", nomination, by=by, at=at, reason=objection.answer)
    _tell("objection_answered", objection, at=at)
    extra = {"objection": objection.pk, "outcome": outcome, "by": by.pk}
    logger.info("objection answered", extra=extra)
    return objection


def check_answer(objection: Objection, *, outcome: str, answer: str, by: Person, at: datetime) -> None:
    """Raise Refused where it could not be answered so; asked before the confirmation, and once more then."""
    if hindrance := why_not_answered_by(objection, by, at=at):
        raise Refused(*hindrance)
    if objection.outcome and objection.answered_by and objection.answered_at:
        raise Refused(
            "already_answered",
            f"Sanggah ini sudah dijawab oleh {objection.answered_by.full_name}, "
            f"{when(objection.answered_at, objection.nomination)}. Tidak ada yang berubah.",
        )
    if outcome not in Outcome.values:
        raise Refused("outcome_missing", "Pilih putusan atas sanggah ini.")
    act = Act(by, at, answer)
    for guard in (guards.has_a_reason, guards.names_nobody_by_number):
        if hindrance := guard(objection.nomination, act):
            raise Refused(*hindrance)


def why_not_answered_by(objection: Objection, person: Person, *, at: datetime) -> Hindrance:
    """What keeps this person from answering it, whatever the answer: (code, sentence for the reader), or None."""
    nomination = objection.nomination
    if not rules.is_of_the_secretariat(person, nomination):
        return "not_yours", "Sanggah dijawab oleh Sekretariat."
    if rules.holds_its_office(person, nomination) or person.pk == objection.by_id:
        return "own_objection", "Sanggah ini dari kantor Anda. Orang lain di Sekretariat yang menjawabnya."
    if objection.stage == Stage.SCREENING:
        return guards.has_not_refused_it(nomination, Act(person, at))
    if person.pk in _deciders(objection):
        return (
            "own_decision",
            "Sanggah atas hasil penetapan dijawab oleh orang yang tidak ikut menilai, memutus, atau menyusun SK-nya.",
        )
    return None


def who_could_answer(objection: Objection, *, at: datetime) -> list[Person]:
    """The people of the secretariat who may answer it."""
    memberships = Membership.objects.in_force(at=at).filter(role=Role.SEKRETARIAT, person__is_active=True)
    own = Membership.objects.in_force(at=at).filter(office=objection.nomination.office_id)
    people = Person.objects.filter(pk__in=memberships.values("person")).exclude(pk__in=own.values("person"))
    return list(people.exclude(pk__in=_deciders(objection) | {objection.by_id}).order_by("name", "pk"))


def _deciders(objection: Objection) -> frozenset[int]:
    if objection.stage == Stage.SCREENING:
        return guards.who_refused(objection.nomination)
    announced = announcement(objection.nomination)
    return announced.deciders if announced else frozenset()


# --- Reading ---------------------------------------------------------------------------------------------------
def grounds(nomination: Nomination) -> list[Check]:
    """Why it was refused: each line of the checklist that is "tidak sesuai" (documents.md 3), in its order."""
    submission = nomination.latest_submission()
    if submission is None:
        return []
    unmet = submission.checks.filter(verdict=Verdict.NOT_MET)
    return list(unmet.select_related("requirement").order_by("requirement__position", "pk"))


def awaits_new_plenary(objection: Objection) -> bool:
    """Whether it was upheld against a published result on which no plenary has decided since."""
    if (objection.stage, objection.outcome) != (
        Stage.RESULT,
        Outcome.UPHELD,
    ) or objection.answered_at is None:
        return False
    announced = announcement(objection.nomination)
    return announced is None or announced.decided_at is None or announced.decided_at <= objection.answered_at


def _tell(kind: str, objection: Objection, *, at: datetime, **words: object) -> None:
    """Tell the people of the nominating office; the secretariat sees it in its queue."""
    nomination = objection.nomination
    context = {"no": str(nomination), "produk": nomination.product.name, **words}
    for person in notices.people_of(nomination.office, at=at):
        outbox.queue(
            kind,
            person=person,
            key=str(objection.pk),
            context={**context, "tautan": f"{nomination.get_absolute_url()}sanggah/"},
            at=at,
            about=nomination,
        )


def _locked(pk: int) -> Nomination:
    return (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round", "office", "product__ikm__regency__province")
        .get(pk=pk)
    )
