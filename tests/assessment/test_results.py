"""From the stored scores to value and star: which sheets count, and that the result is scoring.py's."""

from fractions import Fraction

import pgtrigger
import pytest

from assessment import assignment, reopening, results, scoring
from assessment.models import Assignment, Score
from tests.factories.assessment import (
    a_panel,
    a_secretary,
    an_assessed_nomination,
    an_assessor,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    full_marks_but,
    many_assessed,
    send,
)
from tests.factories.instruments import computed_in_fractions
from tests.factories.nominations import an_hour_ago

pytestmark = pytest.mark.django_db
REASON = "Skor indikator 1 tertukar."


def as_the_calculator_reads_it(definition):
    """The form of the portal in the flat writing of the auditor's file."""
    parts = [
        {
            "weight": part["weight"],
            "indicators": [line for section in part["sections"] for line in section["indicators"]],
        }
        for part in definition["parts"]
    ]
    return {"parts": parts, "bands": definition["scheme"]["bands"]}


def test_value_star_and_flags_are_those_of_the_rule_computed_another_way():
    given = [
        full_marks_but({"A.I.1": 1, "C.II.5": 0}),
        full_marks_but({"B.I.1": 2, "C.I.1": 2}),
        full_marks_but({"B.II.3": 1, "C.III.2": 4}),
    ]
    nomination = an_assessed_nomination(*given)
    form = as_the_calculator_reads_it(nomination.assessment.instrument.definition)
    value, star, flags = computed_in_fractions(form, dict(zip("abc", given, strict=True)), {})
    result = results.result_of(nomination.assessment)
    assert (result.value, result.star, list(result.flags)) == (value, star, flags)
    assert value == Fraction(300 - 5 - 6 - 5, 3)
    assert flags == ["A.I.1", "B.II.3", "C.I.1", "C.II.5"]


def test_only_sheets_that_were_sent_free_of_conflict_and_not_replaced_count():
    assessment = a_panel()
    one, two, three = assignments_of(assessment)
    for each in (one, three):
        declare_free(each)
        fill(each)
    send(one)
    declare_conflict(two)
    other = assignment.replace(
        three, an_assessor(outside=True), reason=REASON, by=a_secretary(), at=an_hour_ago()
    )
    ((found, instrument, sheets),) = results.sheets_for([assessment.pk])
    assert (found, instrument, list(sheets)) == (assessment.pk, assessment.instrument_id, [str(one.pk)])
    assert results.result_of(assessment).value == 100
    assert other.submitted_at is None


def test_a_sheet_that_was_reopened_does_not_count_until_it_is_sent_again():
    nomination = an_assessed_nomination(full_marks_but({"A.I.1": 1}))
    one = assignments_of(nomination.assessment)[0]
    reopening.reopen(one, reason=REASON, by=a_secretary(), at=an_hour_ago())
    assert results.result_of(nomination.assessment).value == 100
    ((_, _, sheets),) = results.sheets_for([nomination.assessment.pk])
    assert str(one.pk) not in sheets


def test_where_no_sheet_is_in_there_is_no_value_and_not_a_zero():
    assessment = a_panel()
    with pytest.raises(scoring.NoAssessor):
        results.result_of(assessment)
    assert list(results.results_for([assessment.pk])) == []


def test_what_cannot_be_computed_is_handed_on_as_the_error_that_names_it():
    (nomination,) = many_assessed(1)
    with pgtrigger.ignore():
        Score.objects.filter(indicator="B.I.2", assignment=Assignment.objects.order_by("pk").first()).delete()
    ((_, problem),) = results.results_for([nomination.assessment.pk])
    assert isinstance(problem, scoring.MissingScore)
    assert "B.I.2" in str(problem)
    with pytest.raises(scoring.MissingScore):
        results.result_of(nomination.assessment)


def test_many_come_in_batches_each_once_by_id(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(results, "_AT_ONCE", 2)
    ids = [nomination.assessment.pk for nomination in many_assessed(5)]
    # Per batch one for the sheets and one for what visits corrected; one for the instrument.
    with django_assert_num_queries(3 * 2 + 1):
        found = list(results.results_for(reversed(ids)))
    assert [assessment for assessment, _ in found] == sorted(ids)
    assert {result.value for _, result in found} == {Fraction(100)}
