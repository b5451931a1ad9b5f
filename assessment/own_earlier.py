"""
What an assessor gave before, beside the sheet at hand: the same measure for the fortieth nomination as for the first.
Own sheets alone, of the same version of the form, as they were sent.
"""

from dataclasses import dataclass

from accounts.models import Person

from . import score_lines, sheets
from .models import Assignment

AT_MOST = 5


@dataclass(frozen=True)
class Column:
    """One own sheet: of which nomination, and its lines in the order of the form."""

    assignment: Assignment
    lines: tuple[score_lines.Line, ...]


def beside(assignment: Assignment) -> list[Column]:
    """The sheet at hand, then the last ones that its assessor sent on the same form; a fixed number of statements."""
    return [_column(one) for one in [assignment, *_sent(assignment, assignment.assessor)]]


def _sent(assignment: Assignment, person: Person) -> list[Assignment]:
    found = (
        Assignment.objects.scores_visible_to(person)
        .with_names()
        .filter(
            assessor=person,
            submitted_at__isnull=False,
            assessment__instrument=assignment.assessment.instrument_id,
        )
        .exclude(pk=assignment.pk)
    )
    return list(found.prefetch_related("scores").order_by("-submitted_at", "-pk")[:AT_MOST])


def _column(one: Assignment) -> Column:
    return Column(one, score_lines.lines_of(one.assessment.instrument, sheets.answers_of(one)))
