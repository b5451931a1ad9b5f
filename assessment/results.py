"""From the stored scores to value and star: the one path that pages, plenary, recompute and exports take."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from django.db import connection

from . import scoring
from .models import Assessment, Instrument

# One row per sheet that counts: as many rows in memory as a batch, whatever the size of a round. The unique index
# on (assignment, indicator) brings the scores in their order.
_SHEETS = """
    SELECT one.id, one.instrument_id, mine.id, array_agg(score.indicator), array_agg(score.points)
    FROM assessment_assessment AS one
    JOIN assessment_assignment AS mine ON mine.assessment_id = one.id
    JOIN assessment_score AS score ON score.assignment_id = mine.id
    WHERE one.id = ANY(%s) AND mine.submitted_at IS NOT NULL AND mine.removed_at IS NULL AND mine.has_conflict IS FALSE
      AND score.points IS NOT NULL
    GROUP BY one.id, one.instrument_id, mine.id
    ORDER BY one.id, mine.id
"""
_AT_ONCE = 500

# assignment -> indicator -> points
Sheets = dict[str, dict[str, int]]


def sheets_for(assessments: Iterable[int]) -> Iterator[tuple[int, int, Sheets]]:
    """Yield (assessment, instrument, sheets that count) for each assessment that has any, in batches, by id."""
    ids = sorted(assessments)
    for start in range(0, len(ids), _AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_SHEETS, [ids[start : start + _AT_ONCE]])
            rows = cursor.fetchall()
        for (assessment, instrument), found in groupby(rows, key=itemgetter(0, 1)):
            yield (
                assessment,
                instrument,
                {str(mine): dict(zip(codes, points, strict=True)) for _, _, mine, codes, points in found},
            )


def results_for(assessments: Iterable[int]) -> Iterator[tuple[int, scoring.Result | scoring.ScoringError]]:
    """Yield (assessment, result) as `sheets_for`; a sheet that cannot be computed yields the error that names why."""
    forms: dict[int, scoring.Instrument] = {}
    for assessment, instrument, sheets in sheets_for(assessments):
        if instrument not in forms:
            forms[instrument] = Instrument.objects.get(pk=instrument).parsed()
        try:
            yield assessment, scoring.evaluate(forms[instrument], sheets)
        except scoring.ScoringError as problem:
            yield assessment, problem


def result_of(assessment: Assessment) -> scoring.Result:
    """
    Return value, star and flags of one assessment from the sheets that are in.

    Raises scoring.ScoringError where none is in, or where what is stored is no whole sheet.
    """
    for _, result in results_for([assessment.pk]):
        if isinstance(result, scoring.ScoringError):
            raise result
        return result
    raise scoring.NoAssessor("tidak ada penilai")
