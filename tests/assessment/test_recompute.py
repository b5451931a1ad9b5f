"""`recompute`: every sealed value and star found again from the stored scores, and what explains the rest."""

import json
from datetime import timedelta
from io import StringIO

import pgtrigger
import psycopg2
import pytest
from django.core.management import CommandError, call_command

from assessment import plenary, recompute, results
from assessment.models import Decision, Instrument, Score
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    an_assessed_nomination,
    an_open_plenary,
    full_marks_but,
    many_assessed,
)
from tests.factories.nominations import NominationFactory, RoundFactory, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Sidang menilai pasar ekspor belum berlanjut."


@made_once
def nomination():
    return an_assessed_nomination()


def found(year=2026):
    tally = recompute.Tally()
    return list(recompute.findings(year, tally)), tally


def commanded(*words):
    out = StringIO()
    status = 0
    try:
        call_command("recompute", "--round", "2026", *words, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue()


def test_what_was_sealed_by_the_computed_star_is_simply_equal():
    nominations = many_assessed(3)
    a_sealed_plenary(nominations[0].round)
    findings, tally = found()
    assert (findings, tally.computed, tally.matching, tally.ok) == ([], 3, 3, True)
    status, text = commanded()
    assert status == 0
    assert "3 keputusan dihitung kembali, 3 sesuai" in text


def test_a_score_changed_by_sql_is_found_and_named_with_both_values(nomination):
    untouched = an_assessed_nomination()
    a_sealed_plenary(nomination.round)
    with pgtrigger.ignore("assessment.Score:locked_once_submitted"):
        Score.objects.filter(
            assignment=nomination.assessment.assignments.order_by("pk").first(), indicator="A.I.1"
        ).update(points=1)
    (finding,), tally = found()
    assert (finding.kind, finding.nomination) == ("difference", str(nomination.number))
    assert finding.facts["value"] == "298/3"
    assert finding.facts["sealed_value"] == "100"
    assert (tally.differences, tally.matching, tally.ok) == (1, 1, False)
    status, text = commanded()
    assert status == 1
    assert f"BERBEDA: {nomination.number}: dihitung 298/3 (bintang 5), disegel 100 (bintang 5)" in text
    assert str(untouched.number) not in text


@pytest.mark.parametrize("at_once", [1, 2, 4, 5])
def test_batches_that_are_read_ahead_meet_their_own_sheets(monkeypatch, at_once):
    monkeypatch.setattr(recompute, "_AT_ONCE", at_once)
    nominations = many_assessed(5)
    a_sealed_plenary(nominations[0].round)
    changed = nominations[3]
    with pgtrigger.ignore("assessment.Score:locked_once_submitted"):
        Score.objects.filter(assignment__assessment__nomination=changed, indicator="A.I.1").update(points=1)
    (finding,), tally = found()
    assert (finding.nomination, finding.facts["value"]) == (str(changed.number), "98")
    assert (tally.computed, tally.matching, tally.differences) == (5, 4, 1)


def test_what_the_database_refuses_in_a_batch_is_raised_and_not_lost(nomination):
    a_sealed_plenary(nomination.round)
    with pytest.raises(psycopg2.Error):
        list(results.stored_in_turn([[nomination.assessment.pk], ["bukan angka"]]))


def test_a_star_decided_otherwise_is_listed_with_its_reason_and_explains_itself(nomination):
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=4, reason=REASON, by=a_chair(), at=an_hour_ago())
    plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=an_hour_ago())
    (finding,), tally = found()
    assert (finding.kind, finding.nomination) == ("decided_otherwise", str(nomination.number))
    assert finding.text == f"hitungan bintang 5, putusan 4: {REASON}"
    assert (tally.decided_otherwise, tally.ok) == (1, True)
    assert commanded()[0] == 0


def test_a_star_changed_behind_the_portal_to_another_than_computed_is_a_difference(nomination):
    a_sealed_plenary(nomination.round)
    with pgtrigger.ignore():
        Decision.objects.update(computed_star=4, star=4)
    (finding,), tally = found()
    assert (finding.kind, tally.ok) == ("difference", False)


def test_a_decision_that_names_another_version_of_the_instrument_is_a_difference(nomination):
    a_sealed_plenary(nomination.round)
    form = nomination.assessment.instrument
    other = Instrument.objects.create(
        group=form.group, version=2, name="lain", definition={**form.definition, "version": 2}
    )
    with pgtrigger.ignore():
        Decision.objects.update(instrument=other)
    (finding,), _ = found()
    assert (finding.kind, "versi instrumen" in finding.text) == ("difference", True)


def test_what_the_plenary_has_not_decided_is_listed_with_its_value_and_is_no_difference():
    nomination = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
    (finding,), tally = found()
    assert (finding.kind, finding.nomination) == ("undecided", str(nomination.number))
    assert (finding.facts, tally.ok) == ({"value": "299/3", "computed_star": 5}, True)


def test_an_open_session_has_decided_nothing_yet(nomination):
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=an_hour_ago())
    findings, tally = found()
    assert [finding.kind for finding in findings] == ["undecided"]
    assert tally.computed == 0


def test_the_last_sealed_decision_counts_where_a_later_session_corrected_it(nomination):
    a_sealed_plenary(nomination.round)
    second = an_open_plenary(nomination.round)
    at = an_hour_ago()
    plenary.record_decision(second, nomination, star=4, reason=REASON, by=a_chair(), at=at)
    plenary.seal(second, minutes_number="BA/2", by=a_chair(), at=at + timedelta(days=1))
    (finding,), tally = found()
    assert (finding.kind, tally.computed) == ("decided_otherwise", 1)


def test_what_is_being_assessed_and_other_rounds_are_left_out():
    a_panel()
    an_assessed_nomination(round=RoundFactory(year=2024))
    assert found() == ([], recompute.Tally())
    assert found(2024)[1].undecided == 1


def test_a_nomination_assessed_without_a_score_is_a_difference():
    nomination = NominationFactory(in_state="eligible")
    a_panel(nomination)
    nomination.state = "assessed"
    nomination.save()
    (finding,), tally = found()
    assert (finding.kind, finding.text) == ("difference", "selesai dinilai tanpa skor yang tersimpan")
    assert not tally.ok


def test_json_is_one_object_with_every_finding_and_the_totals(nomination):
    session = an_open_plenary(nomination.round)
    reason = 'Mutu "ekspor" belum tetap; lihat catatan panel.'
    plenary.record_decision(session, nomination, star=4, reason=reason, by=a_chair(), at=an_hour_ago())
    plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=an_hour_ago())
    an_assessed_nomination()
    status, text = commanded("--json")
    data = json.loads(text)
    assert (status, data["round"], data["ok"]) == (0, 2026, True)
    assert [finding["kind"] for finding in data["findings"]] == ["decided_otherwise", "undecided"]
    assert data["findings"][0]["reason"] == reason
    assert (data["computed"], data["undecided"], data["differences"]) == (1, 1, 0)


def test_a_round_that_is_not_there_is_said_to_be_absent():
    with pytest.raises(CommandError, match="periode 2030 tidak ada"):
        call_command("recompute", "--round", "2030")


def test_a_later_room_names_what_cannot_be_computed():
    def awards_taken_over(year):
        yield f"OVOP/{year}/1"

    RoundFactory()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recompute, "_NOT_COMPUTABLE", [])
        recompute.register_not_computable(awards_taken_over)
        recompute.register_not_computable(awards_taken_over)
        (finding,), tally = found()
    assert (finding.kind, finding.nomination, tally.not_computable) == ("not_computable", "OVOP/2026/1", 1)
    assert tally.ok
