"""What a finished visit corrected counts in every value the same way, and the scores as given stay beside it."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from django.utils import timezone

from assessment import board, integrity, plenary, recompute, results, score_lines, sealed_record, visits
from assessment.models import Finding, Instrument, Score
from tests.factories.assessment import a_chair, a_panel, a_sealed_plenary, an_open_plenary, full_marks_but
from tests.factories.visits import SEEN, a_finished_visit, a_visit, assess_all, look_at_everything

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).resolve().parents[2]


def a_verified_nomination(corrected, *scores):
    """Scored by the whole panel (full marks unless scores are given), with a finished visit."""
    assessment = a_panel()
    visit = a_finished_visit(assessment, corrected)
    return assess_all(assessment, *scores), visit


# In the shipped form of plaiting each score is one point of 100, and A.I.1 has the levels 1, 2 and 3.
def test_a_correction_replaces_the_score_of_every_assessor_and_leaves_the_scores_as_they_are():
    nomination, _ = a_verified_nomination({"A.I.1": 1}, full_marks_but({"A.I.1": 2}))
    assessment = nomination.assessment
    assert visits.verification_of(assessment) == {"A.I.1": 1}
    # Without the visit: (99 + 100 + 100) / 3.
    assert results.result_of(assessment).value == 98
    kept = Score.objects.filter(assignment__assessment=assessment, indicator="A.I.1").order_by("pk")
    assert list(kept.values_list("points", flat=True)) == [2, 3, 3]
    ((_, _, sheets),) = results.sheets_for([assessment.pk])
    assert sorted(sheet["A.I.1"] for sheet in sheets.values()) == [2, 3, 3]


def test_flags_are_those_of_the_scores_as_given():
    nomination, _ = a_verified_nomination({"A.I.1": 3}, full_marks_but({"A.I.1": 1}))
    result = results.result_of(nomination.assessment)
    assert (result.value, result.flags) == (100, ("A.I.1",))


def test_a_visit_that_is_not_finished_corrects_nothing_yet():
    assessment = a_panel()
    visit = a_visit(assessment)
    look_at_everything(visit, {"A.I.1": 1})
    assess_all(assessment)
    assert visits.verification_of(assessment) == {}
    assert results.result_of(assessment).value == 100


def test_the_auditor_s_calculator_gives_the_same_value():
    nomination, _ = a_verified_nomination({"A.I.1": 1, "C.I.1": 2}, full_marks_but({"B.I.1": 2}))
    ((_, instrument, sheets, verification),) = results.stored_for([nomination.assessment.pk])
    given = {
        "instrument": Instrument.objects.get(pk=instrument).definition,
        "assessments": [
            {"assessor": f"p{place}", "scores": scores} for place, scores in enumerate(sheets.values(), 1)
        ],
        "verification": verification,
    }
    assert verification == {"A.I.1": 1, "C.I.1": 2}
    done = subprocess.run(
        [sys.executable, "-m", "assessment.scoring", "-"],
        input=json.dumps(given), cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    result = results.result_of(nomination.assessment)
    told = json.loads(done.stdout)
    assert (Fraction(told["value"]), told["star"]) == (result.value, result.star)
    # By hand: A.I.1 has 1 of 3 and C.I.1 2 of 6 for all, B.I.1 2 of 4 for one of three: 100 - 2 - 4 - 2/3.
    assert result.value == Fraction(280, 3)


def test_the_plenary_decides_on_it_and_recompute_and_the_seal_say_the_same():
    nomination, visit = a_verified_nomination({"A.I.1": 1})
    session = a_sealed_plenary(nomination.round)
    assert session.decisions.get().value == 98
    tally = recompute.Tally()
    assert list(recompute.findings(nomination.round_id, tally)) == []
    assert (tally.matching, tally.differences) == (1, 0)
    assert list(integrity.problems()) == []
    (record,) = sealed_record.canonical_record(session)["decisions"]
    assert record["verification"] == {"A.I.1": 1}

    # Somebody changes the stored correction behind the portal's back: both find it.
    change_behind_the_back(visit, points=2)
    tally = recompute.Tally()
    (found,) = recompute.findings(nomination.round_id, tally)
    assert (found.kind, found.facts["value"], found.facts["sealed_value"]) == ("difference", "99", "98")
    assert any("sidik jari" in line for line in integrity.problems())


def change_behind_the_back(visit, **fields):
    import pgtrigger

    with pgtrigger.ignore("assessment.Finding:while_the_visit_is_open"):
        Finding.objects.filter(visit=visit, indicator="A.I.1").update(**fields)


def test_a_decision_made_before_the_visit_ended_cannot_be_since_the_visit_comes_too_late():
    nomination, _ = a_verified_nomination({})
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=timezone.now())
    assert session.decisions.get().value == 100
    assert "verification" not in sealed_record.canonical_record(session)["decisions"][0]


def test_the_board_shows_the_value_before_and_after_and_the_page_of_a_candidate_the_reason(client):
    nomination, _ = a_verified_nomination({"A.I.1": 1})
    session = an_open_plenary(nomination.round)
    (one,) = board.candidates(session, reader=a_chair(), at=timezone.now())
    assert (one.value, one.original, one.verified) == (98, 100, 1)
    assert (one.lowest, one.highest) == (100, 100)
    client.force_login(a_chair())
    papan = client.get("/pleno/").content.decode()
    assert "sebelum verifikasi lapangan" in papan
    assert "1 indikator dikoreksi verifikasi lapangan" in papan
    page = client.get(f"/pleno/{session.pk}/usulan/{nomination.pk}/").content.decode()
    assert f"Alasan: {SEEN}" in page
    assert "Nilai setelah verifikasi lapangan" in page


def test_an_assessor_of_the_panel_reads_what_was_corrected_and_why_once_all_are_in(client):
    nomination, _ = a_verified_nomination({"A.I.1": 1})
    other = nomination.assessment.assignments.order_by("pk").last()
    panel = score_lines.panel_of(nomination.assessment, reader=other.assessor)
    assert [(line.code, line.points, line.note) for line in panel.corrections] == [("A.I.1", 1, SEEN)]
    assert (panel.value, panel.original) == (98, 100)
    client.force_login(other.assessor)
    page = client.get(f"/penilaian/{other.pk}/").content.decode()
    assert "Sebelum verifikasi lapangan" in page
    assert SEEN in page
