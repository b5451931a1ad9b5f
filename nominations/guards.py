"""
What can stand in the way of a transition: one small function for each thing, put together in lifecycle.TRANSITIONS.

A guard returns None where nothing stands in the way, else (code for the log, sentence for the reader). It is asked
under the lock, with the instant at which the request was received.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Office, Person
from audit import history
from letters import workdays
from letters.mails import holds_personal_number
from letters.wording import WIB, instant_for_reader

from . import completeness
from .models import Nomination, Phase, ProvinceAnswer, State, Verdict

REASON_AT_LEAST = 10


class Refused(Exception):
    """An act that does not happen. `for_reader`: what stands in the way, who can remove it, until when."""

    def __init__(self, code: str, for_reader: str) -> None:
        super().__init__(code)
        self.code = code
        self.for_reader = for_reader


@dataclass(frozen=True)
class Act:
    """One attempt: who, when, why, what the action needs besides (the due instant of a return, its remarks)."""

    by: Person | None
    at: datetime
    reason: str = ""
    due_at: datetime | None = None
    # Answer -> what is to be repaired there; counted in the message to the dinas.
    remarks: tuple[tuple[str, str], ...] = ()
    via_province: bool = False


Hindrance = tuple[str, str] | None
Guard = Callable[[Nomination, Act], Hindrance]


# --- Time ------------------------------------------------------------------------------------------------------
def phase_is_open(kind: Phase.Kind) -> Guard:
    def guard(nomination: Nomination, act: Act) -> Hindrance:
        phase = nomination.round.phase(kind)
        name = kind.label.lower()
        if phase is None:
            return (
                "phase_not_dated",
                f"Tahap {name} periode {nomination.round_id} belum dijadwalkan oleh Sekretariat.",
            )
        if act.at < phase.opens_at:
            return (
                "phase_not_open",
                f"Tahap {name} baru dibuka {when(phase.opens_at, nomination)}. Tidak ada yang berubah.",
            )
        if not phase.holds(act.at):
            return (
                "phase_closed",
                f"Tahap {name} sudah ditutup {when(phase.closes_at, nomination)}. Isian tersimpan dan tetap dapat dibaca. "
                "Perpanjangan hanya dapat diputuskan Sekretariat.",
            )
        return None

    return guard


def nominating_is_open(nomination: Nomination, act: Act) -> Hindrance:
    """As phase_is_open, in the words of the officer whose draft stays behind (interface.md, text 33)."""
    phase = nomination.round.phase(Phase.Kind.NOMINATION)
    if phase is not None and act.at >= phase.closes_at:
        return (
            "phase_closed",
            f"Pengusulan sudah ditutup {when(phase.closes_at, nomination)}. Usulan ini belum terkirim; "
            "drafnya tetap dapat dibaca. Hubungi dinas provinsi.",
        )
    return phase_is_open(Phase.Kind.NOMINATION)(nomination, act)


def screening_has_not_ended(nomination: Nomination, act: Act) -> Hindrance:
    phase = nomination.round.phase(Phase.Kind.SCREENING)
    if phase is not None and act.at >= phase.closes_at:
        return "screening_ended", f"Seleksi administrasi sudah berakhir {when(phase.closes_at, nomination)}."
    return None


def before_the_repair_is_due(nomination: Nomination, act: Act) -> Hindrance:
    if nomination.repair_due_at is not None and act.at >= nomination.repair_due_at:
        return (
            "repair_overdue",
            f"Batas perbaikan sudah lewat: {when(nomination.repair_due_at, nomination)}. "
            "Isian tersimpan dan tetap dapat dibaca.",
        )
    return None


def the_province_is_silent(nomination: Nomination, act: Act) -> Hindrance:
    """The province has had its time; what a province itself nominated (DKI Jakarta) waits for nobody."""
    if nomination.office.kind == Office.Kind.PROVINCE:
        return None
    phase = nomination.round.phase(Phase.Kind.ENDORSEMENT)
    if phase is None:
        return (
            "phase_not_dated",
            f"Tahap verifikasi provinsi periode {nomination.round_id} belum dijadwalkan.",
        )
    if act.at < phase.closes_at:
        return (
            "province_has_time",
            f"Provinsi masih dapat memverifikasi usulan ini sampai {when(phase.closes_at, nomination)}. "
            "Tidak ada yang berubah.",
        )
    return None


def its_time_is_over(nomination: Nomination, act: Act) -> Hindrance:
    end = end_of_time(nomination)
    if end is None or act.at < end:
        return "still_in_time", "Batas waktunya belum lewat."
    return None


def its_time_has_come_back(nomination: Nomination, act: Act) -> Hindrance:
    phase = nomination.round.phase(Phase.Kind.NOMINATION)
    if nomination.submitted_at is not None or phase is None or not phase.holds(act.at):
        return "not_extended", "Pengusulan tidak diperpanjang untuk usulan ini."
    return None


def end_of_time(nomination: Nomination) -> datetime | None:
    """Until when a draft or a returned nomination can be sent: a return's own due instant replaces the phase's end."""
    if nomination.state == State.RETURNED:
        return nomination.repair_due_at
    phase = nomination.round.phase(Phase.Kind.NOMINATION)
    return phase.closes_at if phase else None


# --- What was written --------------------------------------------------------------------------------------------
def is_complete(nomination: Nomination, act: Act) -> Hindrance:
    lacks = completeness.missing(nomination)
    if lacks:
        return (
            "incomplete",
            f"Usulan belum lengkap: {len(lacks)} isian. " + " ".join(item.text for item in lacks[:3]),
        )
    return None


def has_a_reason(nomination: Nomination, act: Act) -> Hindrance:
    if len(act.reason.strip()) < REASON_AT_LEAST:
        return "reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf."
    return None


def names_nobody_by_number(nomination: Nomination, act: Act) -> Hindrance:
    """The history keeps a reason for ever: no NIK and no NPWP may stand in it."""
    texts = [act.reason, *(text for _, text in act.remarks)]
    if any(holds_personal_number(text) for text in texts):
        return (
            "personal_number",
            "Alasan atau catatan memuat deretan angka seperti NIK atau NPWP. Hapus nomor itu: alasan disimpan dalam "
            "riwayat dan dibaca pihak lain.",
        )
    return None


def has_a_due_instant(nomination: Nomination, act: Act) -> Hindrance:
    if act.due_at is None or act.due_at <= act.at:
        return "due_missing", "Tetapkan batas perbaikan: tanggal dan jam yang belum lewat."
    return None


# --- What province and secretariat found -------------------------------------------------------------------------
def every_question_is_settled(nomination: Nomination, act: Act) -> Hindrance:
    submission = nomination.latest_submission()
    answers = (
        {} if submission is None else dict(submission.province_answers.values_list("question", "verdict"))
    )
    questions = ProvinceAnswer.Question.values
    open_questions = [key for key in questions if answers.get(key, Verdict.UNCERTAIN) == Verdict.UNCERTAIN]
    if open_questions:
        return (
            "questions_open",
            f"{len(open_questions)} dari {len(questions)} pertanyaan belum dijawab atau belum dapat "
            "dipastikan. Jawab semuanya, atau kembalikan usulan untuk perbaikan.",
        )
    return None


def every_check_is_met(nomination: Nomination, act: Act) -> Hindrance:
    verdicts = _verdicts(nomination)
    if open_checks := sum(verdict != Verdict.MET for verdict in verdicts):
        return "checks_open", f"{open_checks} dari {len(verdicts)} persyaratan belum dinyatakan sesuai."
    return None


def something_is_not_met(nomination: Nomination, act: Act) -> Hindrance:
    """Who is refused is told why: every line decided, and one of them at least "tidak sesuai" (documents.md 3)."""
    verdicts = _verdicts(nomination)
    if undecided := sum(verdict in (None, Verdict.UNCERTAIN) for verdict in verdicts):
        return "checks_open", f"{undecided} dari {len(verdicts)} persyaratan belum diputuskan."
    if Verdict.NOT_MET not in verdicts:
        return (
            "nothing_is_wrong",
            "Semua persyaratan dinyatakan sesuai. Nyatakan dahulu persyaratan mana yang tidak sesuai.",
        )
    return None


def another_person_proposed_it(nomination: Nomination, act: Act) -> Hindrance:
    proposal = getattr(nomination, "refusal_proposal", None)
    if proposal is None:
        return "not_proposed", "Belum ada usul tidak lolos. Keputusan ini diambil oleh dua orang."
    if act.by is not None and proposal.by_id == act.by.pk:
        return (
            "same_person",
            f"Usul tidak lolos berasal dari Anda ({when(proposal.at, nomination)}). "
            "Orang lain di Sekretariat yang memutuskannya.",
        )
    return None


def the_objection_can_be_dated(nomination: Nomination, act: Act) -> Hindrance:
    """Until when to object, and until when the latest objection is answered: the days off of that time must be known."""
    try:
        until = workdays.end_of_workday(act.at, nomination.round.objection_days)
        workdays.end_of_workday(until, nomination.round.answer_days)
    except workdays.HolidaysUnknown as unknown:
        return "holidays_unknown", unknown.for_reader
    return None


def who_refused(nomination: Nomination) -> frozenset[int]:
    """The keys of all who proposed or decided that it is not eligible."""
    refusing = history.of(nomination).filter(action__in=("declare_ineligible", "propose_ineligible"))
    return frozenset(refusing.values_list("actor_id", flat=True)) - {None}


def has_not_refused_it(nomination: Nomination, act: Act) -> Hindrance:
    if act.by is not None and act.by.pk in who_refused(nomination):
        return "own_decision", "Sanggah dijawab oleh orang yang tidak ikut memutus usulan ini."
    return None


def _verdicts(nomination: Nomination) -> list[str | None]:
    """The verdict on each requirement of the latest submission, None where there is none yet."""
    submission = nomination.latest_submission()
    found = {} if submission is None else dict(submission.checks.values_list("requirement_id", "verdict"))
    return [found.get(requirement.pk) for requirement in completeness.requirements_for(nomination)]


def when(instant: datetime, nomination: Nomination | None = None) -> str:
    """An instant in words on the clock that decides, and on the clock of the nomination's region where that differs."""
    zone = ZoneInfo(nomination.regency.province.zone) if nomination else WIB
    return instant_for_reader(instant, zone)
