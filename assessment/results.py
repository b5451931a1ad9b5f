"""
From the stored scores to value and star: the one path that pages, plenary, recompute and exports take.

The sheets stay as they were sent; what a finished visit corrected goes beside them into scoring.evaluate.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from psycopg2.extensions import STRINGARRAY

from . import scoring
from .models import Assessment, Instrument

# One row per sheet that counts: as many rows in memory as a batch, whatever the size of a round. The unique index
# on (assignment, indicator) brings the scores in their order.
_SHEETS = """
    SELECT one.id, one.instrument_id, mine.id, array_agg(score.indicator)::text, array_agg(score.points)::text
    FROM assessment_assessment AS one
    JOIN assessment_assignment AS mine ON mine.assessment_id = one.id
    JOIN assessment_score AS score ON score.assignment_id = mine.id
    WHERE one.id = ANY(%s) AND mine.submitted_at IS NOT NULL AND mine.removed_at IS NULL AND mine.has_conflict IS FALSE
      AND score.points IS NOT NULL
    GROUP BY one.id, one.instrument_id, mine.id
    ORDER BY one.id, mine.id
"""
# What a finished visit found otherwise, but for what somebody wrote who declared a conflict since. One visit at most
# stands per assessment (visit_one_that_stands_per_assessment).
_CORRECTIONS = """
    SELECT visit.assessment_id, finding.indicator, finding.points
    FROM assessment_visit AS visit JOIN assessment_finding AS finding ON finding.visit_id = visit.id
    WHERE visit.assessment_id = ANY(%s) AND visit.state = 'done' AND finding.verdict = 'differs'
      AND NOT EXISTS (SELECT 1 FROM assessment_assignment AS mine WHERE mine.assessment_id = visit.assessment_id
                      AND mine.assessor_id = finding.by_id AND mine.has_conflict)
    ORDER BY visit.assessment_id, finding.indicator
"""
_AT_ONCE = 500

# assignment -> indicator -> points
Sheets = dict[str, dict[str, int]]
# indicator -> the points found in the field
Verification = dict[str, int]
_Rows = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def sheets_for(
    assessments: Iterable[int], *, at_once: int | None = None
) -> Iterator[tuple[int, int, Sheets]]:
    """Yield (assessment, instrument, sheets that count) for each assessment that has any, in batches, by id."""
    ids, at_once = sorted(assessments), at_once or _AT_ONCE
    for start in range(0, len(ids), at_once):
        with connection.cursor() as cursor:
            cursor.execute(_SHEETS, [ids[start : start + at_once]])
            rows = cursor.fetchall()
        yield from _sheets_of(rows)


def _sheets_of(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, int, Sheets]]:
    for (assessment, instrument), found in groupby(rows, key=itemgetter(0, 1)):
        yield (
            assessment,
            instrument,
            {
                str(mine): dict(zip(_codes(codes), map(int, points[1:-1].split(",")), strict=True))
                for _, _, mine, codes, points in found
            },
        )


@lru_cache(maxsize=256)
def _codes(array: str) -> tuple[str, ...]:
    """The indicators of a sheet from the array that the database wrote: nearly all sheets of a form name the same."""
    return tuple(STRINGARRAY(array, None))


def verifications_for(assessments: Iterable[int]) -> dict[int, Verification]:
    """Return, for each assessment of which a finished visit corrected something, indicator -> points; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTIONS, [sorted(assessments)])
        return _verifications_of(cursor.fetchall())


def _verifications_of(rows: Iterable[tuple[int, str, int]]) -> dict[int, Verification]:
    found: dict[int, Verification] = {}
    for assessment, indicator, points in rows:
        found.setdefault(assessment, {})[indicator] = points
    return found


def stored_for(
    assessments: Iterable[int], *, at_once: int | None = None
) -> Iterator[tuple[int, int, Sheets, Verification]]:
    """
    Yield what `sheets_for` yields, with what the field verification found otherwise: {} where nothing.

    at_once: how many are read with one statement; a page that holds all of them anyway asks once.
    """
    ids, at_once = sorted(assessments), at_once or _AT_ONCE
    for start in range(0, len(ids), at_once):
        batch = ids[start : start + at_once]
        verified = verifications_for(batch)
        for assessment, instrument, sheets in sheets_for(batch, at_once=at_once):
            yield assessment, instrument, sheets, verified.get(assessment, {})


def stored_in_turn(
    batches: Iterable[Iterable[int]],
) -> Iterator[dict[int, tuple[int, Sheets, Verification]]]:
    """
    Yield for each batch of assessments what `stored_for` yields, by assessment. The database reads the next batch while
    the caller computes this one, each on a core of its own; two batches are held at most.
    """
    connection.ensure_connection()
    with ThreadPoolExecutor(1) as reader:
        reading: deque[Future[_Rows]] = deque()
        for batch in batches:
            # The line takes one statement at a time, so the caller's own come in between without harm.
            reading.append(reader.submit(_read, connection.connection, sorted(batch)))
            if len(reading) > 1:
                yield _by_assessment(*reading.popleft().result())
        while reading:
            yield _by_assessment(*reading.popleft().result())


def _read(line: Any, batch: list[int]) -> _Rows:
    """The rows of a batch over the driver's own line: Django's belongs to the thread that opened it."""
    with line.cursor() as cursor:
        cursor.execute(_SHEETS, [batch])
        sheets = cursor.fetchall()
        cursor.execute(_CORRECTIONS, [batch])
        return sheets, cursor.fetchall()


def _by_assessment(
    sheets: list[tuple[Any, ...]], corrections: list[tuple[Any, ...]]
) -> dict[int, tuple[int, Sheets, Verification]]:
    verified = _verifications_of(corrections)
    return {
        assessment: (instrument, found, verified.get(assessment, {}))
        for assessment, instrument, found in _sheets_of(sheets)
    }


def results_for(assessments: Iterable[int]) -> Iterator[tuple[int, scoring.Result | scoring.ScoringError]]:
    """Yield (assessment, result) as `sheets_for`; a sheet that cannot be computed yields the error that names why."""
    forms: dict[int, scoring.Instrument] = {}
    for assessment, instrument, sheets, verification in stored_for(assessments):
        if instrument not in forms:
            forms[instrument] = Instrument.objects.get(pk=instrument).parsed()
        try:
            yield assessment, scoring.evaluate(forms[instrument], sheets, verification)
        except scoring.ScoringError as problem:
            yield assessment, problem


def result_of(assessment: Assessment) -> scoring.Result:
    """
    Return value, star and flags of one assessment from the sheets that are in and its finished visit.

    Raises scoring.ScoringError where none is in, or where what is stored is no whole sheet.
    """
    for _, result in results_for([assessment.pk]):
        if isinstance(result, scoring.ScoringError):
            raise result
        return result
    raise scoring.NoAssessor("tidak ada penilai")
