"""
What the panel talks about: the indicators on which its sheets lie far apart, once all are in (reopening.py keeps the
rules: who may write, who may revise, until when). Read here, without names: what counts is what was seen, not by whom.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person

from . import instruments, results
from .models import Assignment, Comment, Score


@dataclass(frozen=True)
class Remark:
    """One contribution; `is_own` says whether this reader wrote it."""

    text: str
    is_own: bool
    at: datetime


@dataclass(frozen=True)
class Topic:
    """One flagged indicator: the levels to choose from, the own points, the others', and what was written."""

    code: str
    name: str
    question: str
    levels: tuple[tuple[int, str], ...]
    own: int | None
    own_note: str
    others: tuple[tuple[int, str], ...]
    remarks: tuple[Remark, ...]


def topics(assignment: Assignment, *, reader: Person) -> list[Topic]:
    """
    The flagged indicators of the assessment in the order of the form; empty before all are in or where none is flagged.

    assignment: the reader's own, submitted one.
    """
    assessment = assignment.assessment
    if assessment.completed_at is None:
        return []
    flagged = results.result_of(assessment).flags
    visible = Assignment.objects.scores_visible_to(reader).counted().filter(assessment=assessment)
    given: dict[str, dict[int, Score]] = defaultdict(dict)
    for score in Score.objects.filter(assignment__in=visible, indicator__in=flagged).order_by("pk"):
        given[score.indicator][score.assignment_id] = score
    written: dict[str, list[Remark]] = defaultdict(list)
    for comment in Comment.objects.filter(assessment=assessment, indicator__in=flagged).order_by("pk"):
        written[comment.indicator].append(Remark(comment.text, comment.by_id == reader.pk, comment.at))
    return [
        _topic(line, given[line["code"]], assignment.pk, written[line["code"]])
        for line in instruments.lines(assessment.instrument.definition)
        if line["code"] in flagged
    ]


def _topic(line: Mapping[str, Any], given: Mapping[int, Score], own: int, remarks: list[Remark]) -> Topic:
    mine = given.get(own)
    others = sorted(
        (score.points, score.note) for key, score in given.items() if key != own and score.points is not None
    )
    return Topic(
        code=line["code"],
        name=line["name"],
        question=line.get("question", ""),
        levels=tuple((level["score"], level["text"]) for level in line["levels"]),
        own=mine.points if mine else None,
        own_note=mine.note if mine else "",
        others=tuple(others),
        remarks=tuple(remarks),
    )
