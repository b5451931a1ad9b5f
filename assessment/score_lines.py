"""The lines of a sheet as pages show them: to be filled in, to be read over before sending, and side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.models import Person
from letters import wording

from . import instruments, results, scoring, sheets
from .models import Assessment, Assignment, Finding, Instrument
from .scoring_forms import SheetForm
from .sheets import Answer, PartState


@dataclass(frozen=True)
class Line:
    """One indicator as it was answered; `points` None and `level` "" where nothing is chosen."""

    number: int
    code: str
    name: str
    points: int | None
    level: str
    note: str


@dataclass(frozen=True)
class Part:
    """A part of the form with its lines; `words` is its sum, or how much of it is missing."""

    code: str
    name: str
    words: str
    lines: tuple[Line, ...]


# --- Figures ---------------------------------------------------------------------------------------------------
def figure(value: Fraction) -> str:
    """24 -> "24", 67/2 -> "33,5", 80/3 -> "26,67": two decimals at most."""
    return wording.number_id(value, 2).rstrip("0").rstrip(",")


def part_words(part: PartState) -> str:
    """ "24 dari 30", with the raw sum where a point is not a score; "belum lengkap (2 kosong)" where one is missing."""
    if part.points is None:
        return f"belum lengkap ({part.missing} kosong)"
    words = f"{figure(part.points)} dari {figure(part.maximum)}"
    if part.maximum != part.score_maximum:
        words += f" ({part.scores} dari {part.score_maximum} angka)"
    return words


# --- To be filled in -------------------------------------------------------------------------------------------
def to_fill(
    definition: Mapping[str, Any],
    form: SheetForm,
    evidence: Mapping[str, Any],
    last: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """
    Return the parts of the form with their sections and rows, each row with what partials/score_ladder.html takes.

    last: code -> what an earlier recipient had last time (last_time.py).
    """
    number, parts = 0, []
    for part in definition["parts"]:
        sections = []
        for section in part["sections"]:
            rows = []
            for line in section["indicators"]:
                number += 1
                rows.append(
                    _row(number, line, form, evidence.get(line["code"]), (last or {}).get(line["code"], ""))
                )
            sections.append({"code": section["code"], "name": section["name"], "rows": rows})
        weight = figure(Fraction(part["weight"]))
        parts.append({"code": part["code"], "name": part["name"], "weight": weight, "sections": sections})
    return parts


def _row(number: int, line: Mapping[str, Any], form: SheetForm, evidence: Any, last: str) -> dict[str, Any]:
    code = line["code"]
    note = form[f"catatan-{code}"]
    return {
        "indicator": {
            "code": code,
            "number": number,
            "text": line["name"],
            "hint": line.get("question", ""),
        },
        "levels": line["levels"],
        "value": form.shown(code),
        "problem": " ".join(str(error) for error in form[f"skor-{code}"].errors),
        "note": note,
        "has_note": bool(note.value() or note.errors),
        "twins": [(f"awal-{name}", form.twin(name)) for name in (f"skor-{code}", f"catatan-{code}")],
        "evidence": evidence,
        "last": last,
    }


# --- To be read ------------------------------------------------------------------------------------------------
def to_read(instrument: Instrument, answers: Mapping[str, Answer]) -> list[Part]:
    """Return every line of the form with what was answered, part by part with the sums."""
    states = sheets.progress_of(instrument.parsed(), answers).parts
    lines = iter(_lines(instrument, answers))
    return [
        Part(
            state.code,
            state.name,
            part_words(state),
            tuple(next(lines) for section in part["sections"] for _ in section["indicators"]),
        )
        for state, part in zip(states, instrument.definition["parts"], strict=True)
    ]


def _lines(instrument: Instrument, answers: Mapping[str, Answer]) -> list[Line]:
    found = []
    for number, line in enumerate(instruments.lines(instrument.definition), 1):
        answer = answers.get(line["code"], Answer(None))
        texts = {level["score"]: level["text"] for level in line["levels"]}
        level = "" if answer.points is None else texts.get(answer.points, "")
        found.append(Line(number, line["code"], line["name"], answer.points, level, answer.note))
    return found


def lines_of(instrument: Instrument, answers: Mapping[str, Answer]) -> tuple[Line, ...]:
    """Every line of the form in its order, with what was chosen in the words of that level."""
    return tuple(_lines(instrument, answers))


# --- Side by side ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sheet:
    """One assessor's sheet beside the others'; `total` is 0 to 100."""

    name: str
    lines: tuple[Line, ...]
    total: Fraction


@dataclass(frozen=True)
class Panel:
    """All sheets of a complete panel, the reader's own first; `value` is their exact mean, `flags` codes."""

    sheets: tuple[Sheet, ...]
    value: Fraction | None
    flags: tuple[str, ...] = ()
    problem: str = ""
    # What the field verification put in the place of everybody's score, and why; `original`: the mean before that.
    corrections: tuple[Line, ...] = ()
    original: Fraction | None = None

    def rows(self) -> list[tuple[bool, Sequence[Line]]]:
        """Return (flagged, that line of each sheet): those on which the panel is far apart first."""
        rows = [
            (lines[0].code in self.flags, lines)
            for lines in zip(*(one.lines for one in self.sheets), strict=True)
        ]
        return sorted(rows, key=lambda row: not row[0])


def panel_of(assessment: Assessment, *, reader: Person) -> Panel | None:
    """
    Return the sheets of an assessment side by side; None as long as the reader may not see all of them.

    Which scores somebody may see is answered by AssignmentQuerySet.scores_visible_to alone.
    """
    visible = Assignment.objects.scores_visible_to(reader).counted().filter(assessment=assessment)
    assignments = sorted(
        visible.select_related("assessor").prefetch_related("scores").order_by("pk"),
        key=lambda one: one.assessor_id != reader.pk,
    )
    if len(assignments) < assessment.size:
        return None
    instrument, found = assessment.instrument, []
    for one in assignments:
        answers = sheets.answers_of(one)
        try:
            total = scoring.total(
                {code: answer.points for code, answer in answers.items() if answer.points is not None},
                instrument.parsed(),
            )
        except scoring.ScoringError as problem:
            return Panel((), None, problem=f"Nilai tidak dapat dihitung: {problem}.")
        name = "Anda" if one.assessor_id == reader.pk else one.assessor.full_name
        found.append(Sheet(name, tuple(_lines(instrument, answers)), total))
    result = results.result_of(assessment)
    corrections = corrections_of(assessment, reader=reader)
    original = sum((one.total for one in found), Fraction(0)) / len(found) if corrections else None
    return Panel(tuple(found), result.value, result.flags, corrections=corrections, original=original)


def corrections_of(assessment: Assessment, *, reader: Person) -> tuple[Line, ...]:
    """The lines that the finished visit found otherwise, as far as this reader may see them; the note is its reason."""
    findings = Finding.objects.visible_to(reader).corrections().filter(visit__assessment=assessment)
    found = {finding.indicator: Answer(finding.points, finding.text) for finding in findings}
    return tuple(line for line in _lines(assessment.instrument, found) if line.code in found)
