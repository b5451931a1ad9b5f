"""An assessor's sheet: saving choices one by one, how far it is, and sending it for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from accounts.models import Person
from audit import history
from letters.wording import instant_for_reader
from nominations import lifecycle
from nominations.models import Nomination, Phase, State

from . import rules, scoring
from .models import Assessment, Assignment, Score, Sheet
from .refusals import NOT_YOURS, Refused

NOTE_AT_MOST = 2000
_NOT_DECLARED = (
    "Penilai ini belum menyatakan tidak mempunyai hubungan, atau tidak lagi bertugas atas usulan ini. Lembarnya tidak "
    "dapat dientri."
)


@dataclass(frozen=True)
class Answer:
    """What is written for one indicator: a level's score, None for not yet chosen, and a note."""

    points: int | None
    note: str = ""


@dataclass(frozen=True)
class PartState:
    """One part as far as it is filled: `points` of `maximum` only when nothing is missing."""

    code: str
    name: str
    maximum: Fraction
    scores: int
    score_maximum: int
    missing: int
    points: Fraction | None


@dataclass(frozen=True)
class Progress:
    filled: int
    total: int
    parts: tuple[PartState, ...]
    # The numbers, from 1, of the indicators without a score.
    missing: tuple[int, ...]


class Incomplete(Refused):
    """A sheet with missing scores is not sent; `numbers` are those of its indicators."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        if len(numbers) == 1:
            listed, them = str(numbers[0]), "indikator itu"
        else:
            listed = f"{', '.join(str(number) for number in numbers[:-1])} dan {numbers[-1]}"
            them = "keduanya" if len(numbers) == 2 else "semuanya"
        super().__init__(
            "incomplete",
            f"Penilaian belum terkirim: indikator {listed} belum diisi. Skor lain tersimpan. Isi {them}.",
        )
        self.numbers = numbers


# --- Reading ---------------------------------------------------------------------------------------------------
def answers_of(assignment: Assignment) -> dict[str, Answer]:
    """Return what is stored, by indicator."""
    return {score.indicator: Answer(score.points, score.note) for score in assignment.scores.all()}


def progress_of(instrument: scoring.Instrument, answers: Mapping[str, Answer]) -> Progress:
    """Return how far a sheet is, part by part; no sum where anything of the part is missing, and never a star."""
    given = {code: answer.points for code, answer in answers.items() if answer.points is not None}
    parts = []
    for part in instrument.parts:
        scores = [given[each.code] for each in part.indicators if each.code in given]
        missing = len(part.indicators) - len(scores)
        points = part.weight * sum(scores) / part.score_maximum if not missing else None
        parts.append(
            PartState(part.code, part.name, part.weight, sum(scores), part.score_maximum, missing, points)
        )
    missing_numbers = tuple(
        number for number, each in enumerate(instrument.indicators, 1) if each.code not in given
    )
    total = len(instrument.indicators)
    return Progress(total - len(missing_numbers), total, tuple(parts), missing_numbers)


# --- Writing ---------------------------------------------------------------------------------------------------
@transaction.atomic
def save(assignment: Assignment, answers: Mapping[str, Answer], *, by: Person, at: datetime) -> int:
    """Store these answers, level and note; those of other indicators stay. Returns and raises as `change`."""
    return change(
        assignment,
        points={code: answer.points for code, answer in answers.items()},
        notes={code: answer.note for code, answer in answers.items()},
        by=by,
        at=at,
    )


@transaction.atomic
def change(
    assignment: Assignment,
    *,
    points: Mapping[str, int | None],
    notes: Mapping[str, str],
    by: Person,
    at: datetime,
) -> int:
    """
    Write the levels and the notes that are named; a level without its note leaves the note as it is, and the other
    way round, so that two windows of one assessor do not undo each other. Return how many indicators were changed.

    points: indicator -> a score of its ladder, None to take it back. Raises Refused: not yours, submitted, not in
    time, an indicator of another version, a score that is no level, a note that is too long.
    """
    assignment = writable(assignment, by=by, at=at)
    ladders = assignment.assessment.instrument.ladders
    named = [*points, *(code for code in notes if code not in points)]
    for code in named:
        refuse_what_is_no_answer(ladders, code, points.get(code), notes.get(code, ""))
    there = answers_of(assignment)
    changed = {}
    for code in named:
        before = there.get(code, Answer(None))
        after = Answer(points.get(code, before.points), notes.get(code, before.note))
        if after != before:
            changed[code] = after
    Score.objects.bulk_create(
        [
            Score(assignment=assignment, indicator=code, points=answer.points, note=answer.note, at=at)
            for code, answer in sorted(changed.items())
        ],
        update_conflicts=True,
        unique_fields=["assignment", "indicator"],
        update_fields=["points", "note", "at"],
    )
    return len(changed)


def refuse_what_is_no_answer(
    ladders: Mapping[str, Sequence[int]], code: str, given: object, note: str
) -> None:
    """Raise Refused for an indicator of another version, a score that is no level, a note that is too long."""
    if code not in ladders:
        raise Refused(
            "unknown_indicator",
            f"Indikator {code[:20]} tidak ada dalam instrumen usulan ini. Muat ulang halaman; skor lain tersimpan.",
        )
    if given is not None and (type(given) is not int or given not in ladders[code]):
        levels = ", ".join(str(level) for level in ladders[code])
        raise Refused("off_ladder", f"Indikator {code}: pilih salah satu skor {levels}. Skor lain tersimpan.")
    if len(note) > NOTE_AT_MOST:
        raise Refused("note_too_long", f"Indikator {code}: catatan paling panjang {NOTE_AT_MOST} huruf.")


@transaction.atomic
def submit(
    assignment: Assignment,
    *,
    by: Person,
    at: datetime,
    typed_in_by: Person | None = None,
    paper: int | None = None,
) -> Assignment:
    """
    Send a sheet for good. When it is the last one of its panel, the nomination follows to "assessed" with it.

    typed_in_by, paper: who sends what the assessor (`by`) filled in on paper (papers.finish); the history names both.
    Raises Incomplete naming the indicators, or Refused: not yours, already sent, not in time.
    """
    lifecycle.lock([assignment.assessment.nomination_id])
    assignment = writable(assignment, by=by, at=at)
    answers = answers_of(assignment)
    progress = progress_of(assignment.assessment.instrument.parsed(), answers)
    if progress.missing:
        raise Incomplete(progress.missing)
    sheet = keep(assignment, at=at)
    acting = typed_in_by or by
    on_paper: dict[str, Any] = {"on_behalf_of": by.pk, "paper": paper} if typed_in_by is not None else {}
    history.record(
        "submit_assessment" if typed_in_by is None else "submit_paper", assignment, by=acting, at=at,
        nomination=assignment.assessment.nomination_id, sequence=sheet.sequence, **on_paper,
    )  # fmt: skip
    complete_if_all_are_in(assignment.assessment, by=acting, at=at)
    return assignment


def keep(assignment: Assignment, *, at: datetime) -> Sheet:
    """Lock a whole sheet and keep a copy of it, word for word (its row is locked by the caller)."""
    answers = answers_of(assignment)
    sheet = Sheet.objects.create(
        assignment=assignment,
        sequence=assignment.sheets.count() + 1,
        submitted_at=at,
        scores={code: answer.points for code, answer in answers.items()},
        notes={code: answer.note for code, answer in answers.items() if answer.note},
    )
    assignment.submitted_at = at
    assignment.save(update_fields=["submitted_at"])
    return sheet


def complete_if_all_are_in(assessment: Assessment, *, by: Person | None, at: datetime) -> bool:
    """
    Complete an assessment whose panel is whole, has somebody from outside, and has submitted; return whether it is.

    The nomination's row is locked by the caller, so that two last submissions at once complete it once.
    """
    panel = list(assessment.assignments.active().select_related("office"))
    if (
        len(panel) < assessment.size
        or any(one.submitted_at is None for one in panel)
        or not any(one.is_from_outside for one in panel)
    ):
        return False
    assessment.completed_at = at
    assessment.save(update_fields=["completed_at"])
    lifecycle.follow("complete_assessment", assessment.nomination, by=by, at=at)
    return True


def writable(assignment: Assignment, *, by: Person, at: datetime, for_another: bool = False) -> Assignment:
    """
    Lock an assignment for whoever writes or sends it now; everything that may stand in the way is asked here.

    for_another: the sentence is read by the secretariat, which asks for an assessor (papers.register).
    """
    assignment = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("assessment__instrument", "assessment__nomination__round")
        .get(pk=assignment.pk)
    )
    nomination = assignment.assessment.nomination
    if assignment.has_conflict and assignment.assessor_id == by.pk and not for_another:
        raise Refused(
            "conflict",
            "Anda menyatakan benturan kepentingan atas usulan ini, sehingga tidak menilainya. Tidak ada yang disimpan.",
        )
    if assignment.removed_at is not None and assignment.assessor_id == by.pk and not for_another:
        raise Refused(
            "removed",
            f"Penugasan ini berakhir {instant_for_reader(assignment.removed_at)}. Tidak ada yang disimpan. Tanyakan kepada "
            "Sekretariat.",
        )
    if not rules.may_score(by, assignment):
        raise Refused("not_yours", _NOT_DECLARED if for_another else NOT_YOURS)
    if assignment.submitted_at is not None:
        raise Refused(
            "submitted",
            f"Penilaian ini terkunci sejak dikirim {instant_for_reader(assignment.submitted_at)}. Tidak ada yang berubah.",
        )
    if nomination.state != State.ELIGIBLE:
        raise Refused("wrong_state", "Usulan ini tidak sedang dinilai. Tidak ada yang berubah.")
    if problem := out_of_time(nomination, at=at):
        raise Refused("out_of_time", problem)
    return assignment


def out_of_time(nomination: Nomination, *, at: datetime) -> str:
    """Return what keeps a sheet from being written at `at`, "" where nothing does: the phase is [opens_at, closes_at)."""
    phase = nomination.round.phase(Phase.Kind.ASSESSMENT)
    if phase is None:
        return f"Tahap penilaian periode {nomination.round_id} belum dijadwalkan oleh Sekretariat."
    if at < phase.opens_at:
        return f"Penilaian baru dibuka {instant_for_reader(phase.opens_at)}."
    if not phase.holds(at):
        return (
            f"Penilaian sudah ditutup {instant_for_reader(phase.closes_at)}. Skor yang tersimpan tetap ada. Perpanjangan "
            "hanya dapat diputuskan Sekretariat."
        )
    return ""
