"""
The sheets of one candidate beside each other, indicator by indicator, without names: what each gave in the words of
its level, what was noted and discussed, and what the field visit put in the place of all of them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.models import Person

from . import instruments, scoring
from .models import Assessment, Assignment, Comment, Finding, Score


@dataclass(frozen=True)
class Given:
    """What one sheet says on one indicator: the points, the words of that level, the assessor's note."""

    points: int | None
    text: str
    note: str


@dataclass(frozen=True)
class Line:
    """One indicator with what each sheet gave, in the order of the sheets."""

    number: int
    code: str
    name: str
    maximum: int
    scores: tuple[Given, ...]
    is_flagged: bool
    comments: tuple[str, ...]
    # What a finished visit put in the place of all of them, in the words of that level, and why; None where nothing.
    corrected: Given | None = None

    @property
    def remarks(self) -> list[str]:
        """The notes by sheet, then what the panel wrote to each other; without names."""
        notes = [f"Lembar {place}: {given.note}" for place, given in enumerate(self.scores, 1) if given.note]
        return notes + [f"Pembahasan: {text}" for text in self.comments]


@dataclass(frozen=True)
class Sheets:
    """
    The panel's sheets side by side, without names: the one with the highest total stands first.

    A total is None where what is stored is no whole sheet: a missing score is never a zero.
    """

    totals: tuple[Fraction | None, ...]
    lines: tuple[Line, ...]

    @property
    def has_remarks(self) -> bool:
        return any(line.remarks for line in self.lines)

    @property
    def has_corrections(self) -> bool:
        return any(line.corrected for line in self.lines)


def of(assessment: Assessment, flags: Sequence[str], *, reader: Person | None) -> Sheets | None:
    """
    The levels of all sheets that count, corrected and flagged indicators first; None where this reader may not see
    them (yet). reader: None for everybody in the room, of what lies on the table.

    The order of the sheets is that of their totals: by order of assignment somebody could tell whose each is.
    """
    counted, findings = Assignment.objects.counted(), Finding.objects.all()
    if reader is not None:
        counted, findings = (
            Assignment.objects.scores_visible_to(reader).counted(),
            Finding.objects.visible_to(reader),
        )
    mine = counted.filter(assessment=assessment)
    scores: dict[int, dict[str, Score]] = defaultdict(dict)
    for score in Score.objects.filter(assignment__in=mine).order_by("assignment", "indicator"):
        scores[score.assignment_id][score.indicator] = score
    if not scores:
        return None
    instrument = assessment.instrument
    form = instrument.parsed()
    sheets = sorted(scores.values(), key=lambda sheet: _by_total(sheet, form))
    comments: dict[str, list[str]] = defaultdict(list)
    for comment in Comment.objects.filter(assessment=assessment).order_by("pk"):
        comments[comment.indicator].append(comment.text)
    written = {line["code"]: line for line in instruments.lines(instrument.definition)}
    corrections = {
        finding.indicator: finding for finding in findings.corrections().filter(visit__assessment=assessment)
    }
    lines = [
        _line(
            number,
            indicator,
            written.get(indicator.code, {}),
            sheets,
            flags,
            comments[indicator.code],
            corrections.get(indicator.code),
        )
        for number, indicator in enumerate(form.indicators, 1)
    ]
    lines.sort(key=lambda line: (not line.corrected, not line.is_flagged, line.number))
    return Sheets(tuple(_total(sheet, form) for sheet in sheets), tuple(lines))


def _line(
    number: int,
    indicator: scoring.Indicator,
    written: Mapping[str, Any],
    sheets: Sequence[Mapping[str, Score]],
    flags: Sequence[str],
    comments: Sequence[str],
    correction: Finding | None,
) -> Line:
    texts = {level["score"]: level["text"] for level in written.get("levels", [])}
    given = [sheet.get(indicator.code) for sheet in sheets]
    return Line(
        number=number,
        code=indicator.code,
        name=written.get("name", "") or indicator.name or indicator.code,
        maximum=indicator.maximum,
        scores=tuple(
            Given(score.points, texts.get(score.points, ""), score.note) if score else Given(None, "", "")
            for score in given
        ),
        is_flagged=indicator.code in flags,
        comments=tuple(comments),
        corrected=Given(correction.points, texts.get(correction.points, ""), correction.text)
        if correction
        else None,
    )


def _total(sheet: Mapping[str, Score], form: scoring.Instrument) -> Fraction | None:
    try:
        given = {code: score.points for code, score in sheet.items() if score.points is not None}
        return scoring.total(given, form)
    except scoring.ScoringError:
        return None


def _by_total(sheet: Mapping[str, Score], form: scoring.Instrument) -> tuple[bool, Fraction, list[int]]:
    """Highest total first; among equals the points decide, never who it was."""
    total = _total(sheet, form)
    points = (sheet[each.code].points if each.code in sheet else None for each in form.indicators)
    return total is None, -(total or Fraction(0)), [-1 if each is None else -each for each in points]
