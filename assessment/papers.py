"""
A sheet on paper becomes an assessor's sheet: two people of the secretariat type it in apart, what they read otherwise
is looked up in the scan, and it is sent through the same function as from the screen (sheets.submit), on behalf of
the assessor whose it is. The secretariat scores nothing: no cell is chosen that was not read on the scan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Person
from audit import history
from files.models import StoredFile
from nominations import lifecycle

from . import rules, sheets
from .models import Assignment, Paper, PaperChoice, PaperEntry
from .refusals import NOT_YOURS, Refused
from .sheets import Answer

REASON_AT_LEAST = 10
_OVER = "Lembar kertas ini sudah selesai atau dibatalkan. Tidak ada yang berubah."


@dataclass(frozen=True)
class Difference:
    """One cell that the two read otherwise; `chosen`: the choice made by the scan, None where it is still to make."""

    number: int
    indicator: str
    name: str
    cell: str
    readings: tuple[tuple[PaperEntry, str], ...]
    chosen: PaperChoice | None

    @property
    def key(self) -> str:
        return f"{self.cell}-{self.indicator}"


# --- Reading ---------------------------------------------------------------------------------------------------
def entries_of(paper: Paper) -> list[PaperEntry]:
    return list(paper.entries.select_related("by").order_by("place"))


def own_entry(paper: Paper, person: Person) -> PaperEntry | None:
    """What this person has typed in; the other's is shown to nobody before both are done."""
    return paper.entries.filter(by=person).first()


def are_both_done(entries: Sequence[PaperEntry]) -> bool:
    return len(entries) == 2 and all(entry.done_at is not None for entry in entries)


def differences_of(paper: Paper) -> list[Difference]:
    """
    Return the cells that the two read otherwise, in the order of the form: scores, and notes word for word but for
    spaces. Nothing as long as one of them is not done: neither may see the other's entry.
    """
    entries = entries_of(paper)
    if not are_both_done(entries):
        return []
    chosen = {(one.cell, one.indicator): one for one in paper.choices.select_related("by", "entry")}
    found = []
    for number, code, name in _lines(paper):
        for cell in PaperChoice.Cell.values:
            readings = tuple((entry, _reading(entry, cell, code)) for entry in entries)
            if readings[0][1] != readings[1][1]:
                found.append(Difference(number, code, name, cell, readings, chosen.get((cell, code))))
    return found


def _lines(paper: Paper) -> list[tuple[int, str, str]]:
    indicators = paper.assignment.assessment.instrument.definition["parts"]
    lines = [line for part in indicators for section in part["sections"] for line in section["indicators"]]
    return [(number, line["code"], line["name"]) for number, line in enumerate(lines, 1)]


def _reading(entry: PaperEntry, cell: str, code: str) -> str:
    if cell == PaperChoice.Cell.POINTS:
        points = entry.points.get(code)
        return "" if points is None else str(points)
    return " ".join(str(entry.notes.get(code, "")).split())


# --- The scan arrives --------------------------------------------------------------------------------------------
@transaction.atomic
def register(assignment: Assignment, scan: StoredFile, *, by: Person, at: datetime) -> Paper:
    """
    Take in the scan of a sheet that an assessor filled in on paper.

    Raises Refused: not the secretariat, of the same panel, one is being typed in already, or what sheets.writable
    says (not declared, sent on the screen already, out of time, decided).
    """
    lifecycle.lock([assignment.assessment.nomination_id])
    assignment = Assignment.objects.select_related("assessment").get(pk=assignment.pk)
    refuse_whoever_may_not_type(assignment, by)
    sheets.writable(assignment, by=assignment.assessor, at=at, for_another=True)
    try:
        with transaction.atomic():
            paper = Paper.objects.create(assignment=assignment, scan=scan, registered_at=at, registered_by=by)
    except IntegrityError as error:
        raise Refused(
            "already", "Lembar kertas penilai ini sudah didaftarkan dan belum selesai. Lanjutkan yang itu."
        ) from error
    history.record(
        "register_paper", paper, by=by, at=at, nomination=assignment.assessment.nomination_id,
        on_behalf_of=assignment.assessor_id, file=str(scan.pk),
    )  # fmt: skip
    return paper


# --- Two people type it in, apart ----------------------------------------------------------------------------------
@transaction.atomic
def enter(
    paper: Paper, answers: Mapping[str, Answer], *, is_done: bool, by: Person, at: datetime
) -> PaperEntry:
    """
    Keep what somebody read on the scan; `is_done` ends the entry, which then never changes.

    Raises Refused: not the secretariat, of the same panel, over, two others typed it in, done already, another
    version's indicator, no level; sheets.Incomplete where it is to be done and a score is missing.
    """
    paper = _locked(paper, by=by)
    entry = paper.entries.filter(by=by).first()
    if entry is not None and entry.done_at is not None:
        raise Refused("done", "Entri Anda sudah selesai dan tidak berubah lagi.")
    if entry is None:
        taken = paper.entries.count()
        if taken == 2:
            raise Refused("two_already", "Lembar ini sudah dientri oleh dua orang lain.")
        entry = PaperEntry(paper=paper, place=taken + 1, by=by)
    instrument = paper.assignment.assessment.instrument
    for code, answer in answers.items():
        sheets.refuse_what_is_no_answer(instrument.ladders, code, answer.points, answer.note)
    entry.points = {code: answer.points for code, answer in answers.items() if answer.points is not None}
    entry.notes = {code: answer.note.strip() for code, answer in answers.items() if answer.note.strip()}
    entry.saved_at = at
    if is_done:
        progress = sheets.progress_of(instrument.parsed(), answers)
        if progress.missing:
            raise sheets.Incomplete(progress.missing)
        entry.done_at = at
    entry.save()
    if is_done:
        history.record("enter_paper", paper, by=by, at=at, place=entry.place)
    return entry


# --- What they read otherwise is looked up -------------------------------------------------------------------------
@transaction.atomic
def choose(paper: Paper, chosen: Mapping[str, int], *, by: Person, at: datetime) -> int:
    """
    Say which entry agrees with the scan. chosen: Difference.key -> 1 or 2 (PaperEntry.place); what is chosen already
    stays. Return how many were chosen now. Raises Refused: not the secretariat, over, not both done, no such cell.
    """
    paper = _locked(paper, by=by)
    entries = entries_of(paper)
    if not are_both_done(entries):
        raise Refused("not_both", "Entri kedua belum selesai. Belum ada yang dapat dibandingkan.")
    open_cells = {one.key: one for one in differences_of(paper) if one.chosen is None}
    places = {entry.place: entry for entry in entries}
    if any(place not in places for place in chosen.values()):
        raise Refused("no_entry", "Pilih entri pertama atau kedua. Tidak ada yang disimpan.")
    made = [
        PaperChoice(
            paper=paper, entry=places[place], indicator=open_cells[key].indicator, cell=open_cells[key].cell,
            at=at, by=by,
        )
        for key, place in chosen.items() if key in open_cells
    ]  # fmt: skip
    for one in made:
        one.save()
        history.record(
            "choose_paper_cell", paper, by=by, at=at, indicator=one.indicator, cell=one.cell,
            entry=one.entry.place,
        )  # fmt: skip
    return len(made)


@transaction.atomic
def finish(paper: Paper, *, by: Person, at: datetime) -> Paper:
    """
    Send what both read as the assessor's own sheet, on behalf of the assessor: locked and kept as any other.

    Raises Refused: not the secretariat, over, not both done, a cell not looked up, and whatever sheets.submit says.
    """
    paper = _locked(paper, by=by)
    entries = entries_of(paper)
    if not are_both_done(entries):
        raise Refused("not_both", "Lembar kertas dikirim setelah dua orang menyelesaikan entrinya.")
    differences = differences_of(paper)
    if left := [one for one in differences if one.chosen is None]:
        raise Refused(
            "differences_left",
            f"{len(left)} isian berbeda belum dicocokkan dengan pindaian. Belum ada yang dikirim.",
        )
    answers = _agreed(entries, differences)
    assignment, assessor = paper.assignment, paper.assignment.assessor
    sheets.writable(assignment, by=assessor, at=at, for_another=True)
    sheets.change(
        assignment,
        points={code: answer.points for code, answer in answers.items()},
        notes={code: answer.note for code, answer in answers.items()},
        by=assessor,
        at=at,
    )
    sheets.submit(assignment, by=assessor, at=at, typed_in_by=by, paper=paper.pk)
    sheet = assignment.sheets.order_by("-sequence").first()
    paper.sheet, paper.finished_at, paper.finished_by, paper.over_at = sheet, at, by, at
    paper.save()
    return paper


def _agreed(entries: Sequence[PaperEntry], differences: Sequence[Difference]) -> dict[str, Answer]:
    first = entries[0]
    chosen = {one.key: one.chosen.entry for one in differences if one.chosen is not None}
    by_place = {entry.pk: entry for entry in entries}

    def of(cell: str, code: str) -> PaperEntry:
        choice = chosen.get(f"{cell}-{code}")
        return by_place[choice.pk] if choice is not None else first

    codes = {code for entry in entries for code in (*entry.points, *entry.notes)}
    return {
        code: Answer(of("points", code).points.get(code), of("note", code).notes.get(code, ""))
        for code in sorted(codes)
    }


@transaction.atomic
def discard(paper: Paper, *, reason: str, by: Person, at: datetime) -> Paper:
    """Call a paper off: the scan cannot be read, or neither entry agrees with it. Raises Refused: over, no reason."""
    paper = _locked(paper, by=by)
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")
    paper.discarded_at, paper.discarded_by, paper.discard_reason = at, by, reason.strip()
    paper.over_at = at
    paper.save()
    history.record("discard_paper", paper, by=by, at=at, reason=reason.strip())
    return paper


# --- Small parts -------------------------------------------------------------------------------------------------
def _locked(paper: Paper, *, by: Person) -> Paper:
    """The nomination first, as everybody does who writes a sheet."""
    lifecycle.lock([paper.assignment.assessment.nomination_id])
    paper = Paper.objects.select_for_update(of=("self",), no_key=True).with_names().get(pk=paper.pk)
    refuse_whoever_may_not_type(paper.assignment, by)
    if paper.over_at is not None:
        raise Refused("over", _OVER)
    return paper


def refuse_whoever_may_not_type(assignment: Assignment, by: Person) -> None:
    """Raise Refused for whoever is not of the secretariat, or sits or sat on the same panel."""
    if not rules.may_assign(by):
        raise Refused("not_yours", NOT_YOURS)
    if Assignment.objects.filter(assessment=assignment.assessment_id, assessor=by).exists():
        raise Refused(
            "of_the_panel", "Anda duduk pada panel usulan ini. Lembar kertas dientri oleh orang lain."
        )
