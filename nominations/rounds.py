"""Rounds and their phases: made, dated, extended with a reason. A phase that has begun only ever moves its end."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from accounts.models import Membership, Person
from accounts.roles import Right, Role
from audit import history
from letters import outbox
from letters.mails import holds_personal_number

from . import lifecycle
from .guards import REASON_AT_LEAST, Refused, when
from .models import Nomination, Phase, Round, State

# Who is told of a phase that was extended: those who have something to do in it.
_TOLD = {
    Phase.Kind.OUTREACH: (Role.DINAS, Role.PROVINSI),
    Phase.Kind.NOMINATION: (Role.DINAS, Role.PROVINSI),
    Phase.Kind.ENDORSEMENT: (Role.PROVINSI,),
    Phase.Kind.SCREENING: (Role.SEKRETARIAT,),
    Phase.Kind.ASSESSMENT: (Role.PENILAI,),
    Phase.Kind.VISIT: (Role.PENILAI,),
    Phase.Kind.PLENARY: (Role.KETUA, Role.PENILAI),
    Phase.Kind.ANNOUNCEMENT: (Role.DINAS, Role.PROVINSI),
}


@transaction.atomic
def begin(year: int, *, by: Person, at: datetime, is_example: bool = False) -> Round:
    """Make a round without dates; its name is its year. Raises Refused where it is there already."""
    _only_who_runs_rounds(by)
    round_, is_new = Round.objects.get_or_create(year=year, defaults={"is_example": is_example})
    if not is_new:
        raise Refused("round_exists", f"Periode {year} sudah ada.")
    history.record("round_begun", round_, by=by, at=at)
    return round_


@transaction.atomic
def date_phases(
    round_: Round, dates: Mapping[str, tuple[datetime, datetime]], *, by: Person, at: datetime
) -> None:
    """
    Give phases their instants: kind -> [opens_at, closes_at), aware.

    Raises Refused naming the phase: it has begun (then only `extend` moves its end), or ends before it begins.
    """
    _only_who_runs_rounds(by)
    there = {phase.kind: phase for phase in round_.phases.select_for_update()}
    for kind, (opens_at, closes_at) in dates.items():
        label = Phase.Kind(kind).label
        phase = there.get(kind)
        if phase is not None and (phase.opens_at, phase.closes_at) == (opens_at, closes_at):
            continue
        if closes_at <= opens_at:
            raise Refused("ends_first", f"{label}: tanggal ditutup harus sesudah tanggal dibuka.")
        if phase is not None and phase.opens_at <= at:
            raise Refused(
                "phase_begun",
                f"{label} sudah dibuka {when(phase.opens_at)}. Jadwalnya tidak diubah; batasnya dapat diperpanjang "
                "dengan alasan.",
            )
        phase, _ = Phase.objects.update_or_create(
            round=round_, kind=Phase.Kind(kind), defaults={"opens_at": opens_at, "closes_at": closes_at}
        )
        history.record(
            "phase_dated", phase, by=by, at=at, round=round_.pk, kind=phase.kind,
            opens_at=opens_at.isoformat(), closes_at=closes_at.isoformat(),
        )  # fmt: skip
    if hasattr(round_, "_phases"):
        del round_._phases


@transaction.atomic
def extend(phase: Phase, *, closes_at: datetime, reason: str, by: Person, at: datetime) -> Phase:
    """
    Move the end of a phase to a later instant, with a reason that all whom it concerns will read.

    The messages wait in a batch until somebody has read, counted and released them (letters.outbox). What had lapsed
    as a draft meanwhile is a draft again. Raises Refused.
    """
    _only_who_runs_rounds(by)
    phase = Phase.objects.select_for_update(of=("self",)).select_related("round").get(pk=phase.pk)
    label = phase.get_kind_display()
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    if holds_personal_number(reason):
        raise Refused(
            "personal_number", "Alasan memuat deretan angka seperti NIK atau NPWP. Hapus nomor itu."
        )
    if closes_at <= phase.closes_at or closes_at <= at:
        raise Refused(
            "not_later",
            f"Batas baru harus sesudah batas sekarang ({when(phase.closes_at)}) dan belum lewat.",
        )
    before, phase.closes_at = phase.closes_at, closes_at
    phase.save(update_fields=["closes_at"])
    history.record(
        "phase_extended", phase, by=by, at=at, reason=reason.strip(), round=phase.round_id, kind=phase.kind,
        **{"from": before.isoformat(), "to": closes_at.isoformat()},
    )  # fmt: skip
    if phase.kind == Phase.Kind.NOMINATION:
        for nomination in Nomination.objects.filter(
            round=phase.round_id, state=State.LAPSED, submitted_at=None
        ).order_by("pk"):
            lifecycle.follow("revive", nomination, by=None, at=at, reason=f"{label} diperpanjang.")
    _tell(phase, reason.strip(), by=by, at=at)
    return phase


def _tell(phase: Phase, reason: str, *, by: Person, at: datetime) -> None:
    label = phase.get_kind_display().lower()
    people = (
        Person.objects.filter(
            is_active=True,
            memberships__in=Membership.objects.in_force(at=at).filter(role__in=_TOLD[Phase.Kind(phase.kind)]),
        )
        .distinct()
        .order_by("pk")
    )
    if not people:
        return
    batch = outbox.open_batch(f"Perpanjangan {label} periode {phase.round_id}", by=by, at=at)
    context = {
        "tahap": label,
        "tahun": str(phase.round_id),
        "waktu": phase.closes_at,
        "alasan": reason,
        "tautan": "/beranda/",
    }
    for person in people:
        outbox.queue(
            "phase_extended",
            person=person,
            key=f"{phase.pk}/{phase.closes_at.isoformat()}",
            context=context,
            at=at,
            batch=batch,
        )


def tally(round_: Round) -> dict[State, int]:
    """How many nominations of the round stand in each state, in the order of the states; those with none left out."""
    counted = dict(
        Nomination.objects.filter(round=round_).order_by("state").values_list("state").annotate(Count("pk"))
    )
    return {state: counted[state] for state in State if state in counted}


def current(*, at: datetime) -> Round | None:
    """The round at work: the newest with a phase that has begun and one that has not ended; else the newest dated."""
    rounds: dict[int, tuple[Round, list[Phase]]] = {}
    # In one question: a page asks for this before anything else.
    for phase in Phase.objects.select_related("round").order_by("-round_id", "opens_at", "pk"):
        phase.round = rounds.setdefault(phase.round_id, (phase.round, []))[0]
        rounds[phase.round_id][1].append(phase)
    for round_, phases in rounds.values():
        round_.know_phases(phases)
        if min(phase.opens_at for phase in phases) <= at < max(phase.closes_at for phase in phases):
            return round_
    return next((round_ for round_, _ in rounds.values()), None)


def _only_who_runs_rounds(by: Person) -> None:
    if not by.may(Right.RUN_ROUND):
        raise Refused("not_yours", "Periode dan tahap diatur oleh Sekretariat.")
