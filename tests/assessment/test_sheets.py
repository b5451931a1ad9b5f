"""An assessor's sheet: what may be written and when, how far it is, and what sends it for good."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Membership
from assessment import assignment, reopening, scoring, sheets
from assessment.models import Assessment, Assignment, Score, Sheet
from assessment.refusals import Refused
from assessment.sheets import Answer
from audit import history
from nominations.models import Nomination, Phase, State
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_panel,
    a_secretary,
    an_assessor,
    an_instrument,
    assignments_of,
    declare_free,
    fill,
    level_of,
    send,
)
from tests.factories.instruments import a_short_form, full_marks
from tests.factories.nominations import a_phase, an_hour_ago
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Skor indikator 4 tertukar dengan indikator 5."


@made_once
def one() -> Assignment:
    return a_declared_assignment()


@made_once
def codes(one) -> list[str]:
    return [each.code for each in one.assessment.instrument.parsed().indicators]


def later(minutes: int):
    return an_hour_ago() + timedelta(minutes=minutes)


def stored(one) -> dict[str, tuple[int | None, str]]:
    return {score.indicator: (score.points, score.note) for score in one.scores.order_by("pk")}


def refusal_of(one, answers, *, by=None, at=None) -> Refused:
    with pytest.raises(Refused) as refusal:
        sheets.save(one, answers, by=by or one.assessor, at=at or later(15))
    return refusal.value


# --- Writing ---------------------------------------------------------------------------------------------------
def test_choices_are_saved_one_by_one_and_the_others_stay(one, codes):
    assert sheets.save(one, {codes[0]: Answer(2, "Nota Maret.")}, by=one.assessor, at=later(15)) == 1
    assert sheets.save(one, {codes[1]: Answer(3)}, by=one.assessor, at=later(16)) == 1
    assert stored(one) == {codes[0]: (2, "Nota Maret."), codes[1]: (3, "")}


def test_the_same_again_changes_nothing_and_says_so(one, codes):
    fill(one)
    assert sheets.save(one, {codes[0]: Answer(3)}, by=one.assessor, at=later(30)) == 0
    assert one.scores.get(indicator=codes[0]).at < later(20)


def test_a_level_leaves_the_note_alone_and_a_note_the_level(one, codes):
    sheets.save(one, {codes[0]: Answer(2, "Nota Maret.")}, by=one.assessor, at=later(15))
    sheets.change(one, points={codes[0]: 3}, notes={}, by=one.assessor, at=later(16))
    assert stored(one) == {codes[0]: (3, "Nota Maret.")}
    sheets.change(one, points={}, notes={codes[0]: "Nota April."}, by=one.assessor, at=later(17))
    assert stored(one) == {codes[0]: (3, "Nota April.")}


def test_a_level_can_be_taken_back_and_a_note_stands_alone(one, codes):
    sheets.save(one, {codes[0]: Answer(2)}, by=one.assessor, at=later(15))
    sheets.save(one, {codes[0]: Answer(None, "Belum yakin.")}, by=one.assessor, at=later(16))
    assert stored(one) == {codes[0]: (None, "Belum yakin.")}
    assert sheets.progress_of(one.assessment.instrument.parsed(), sheets.answers_of(one)).filled == 0


def test_a_score_that_is_no_level_of_its_ladder_is_refused_and_nothing_is_written(one, codes):
    for wrong in (0, 4, -1, True, 2.0, "2"):
        refusal = refusal_of(one, {codes[1]: Answer(3), codes[0]: Answer(wrong)})
        assert refusal.code == "off_ladder"
        assert "1, 2, 3" in refusal.for_reader
    assert stored(one) == {}


def test_an_indicator_of_another_form_and_a_note_without_end_are_refused(one, codes):
    assert refusal_of(one, {"Z.9": Answer(1)}).code == "unknown_indicator"
    assert refusal_of(one, {codes[0]: Answer(1, "x" * 2001)}).code == "note_too_long"
    sheets.save(one, {codes[0]: Answer(1, "x" * 2000)}, by=one.assessor, at=later(15))
    assert stored(one)[codes[0]][0] == 1


@pytest.mark.parametrize("before", [timedelta(microseconds=1), timedelta(days=1)])
def test_the_phase_is_open_up_to_its_end_and_closed_at_it(one, codes, before):
    phase = one.assessment.nomination.round.phase(Phase.Kind.ASSESSMENT)
    sheets.save(one, {codes[0]: Answer(2)}, by=one.assessor, at=phase.closes_at - before)
    refusal = refusal_of(one, {codes[0]: Answer(3)}, at=phase.closes_at)
    assert refusal.code == "out_of_time"
    assert "Skor yang tersimpan tetap ada" in refusal.for_reader
    assert stored(one)[codes[0]][0] == 2


def test_before_the_phase_and_without_one_nothing_is_written(one, codes):
    round_ = one.assessment.nomination.round
    phase = round_.phase(Phase.Kind.ASSESSMENT)
    early = phase.opens_at - timedelta(microseconds=1)
    assert "baru dibuka" in refusal_of(one, {codes[0]: Answer(2)}, at=early).for_reader
    sheets.save(one, {codes[0]: Answer(2)}, by=one.assessor, at=phase.opens_at)
    phase.delete()
    assert "belum dijadwalkan" in refusal_of(one, {codes[0]: Answer(3)}).for_reader


def test_nobody_writes_on_a_sheet_that_is_not_theirs(one, codes):
    colleague = assignments_of(one.assessment)[1]
    declare_free(colleague)
    for person in (colleague.assessor, an_assessor(), a_secretary(), a_chair(), a_person("auditor")):
        assert refusal_of(one, {codes[0]: Answer(2)}, by=person).code == "not_yours"
    assert stored(one) == {}


def test_an_assessor_whose_role_has_ended_writes_no_more(one, codes):
    Membership.objects.filter(person=one.assessor).update(ends_on="2020-01-01")
    one = Assignment.objects.get(pk=one.pk)
    assert refusal_of(one, {codes[0]: Answer(2)}).code == "not_yours"


def test_undeclared_recused_or_removed_writes_nothing(codes, one):
    undeclared = assignments_of(one.assessment)[1]
    assert refusal_of(undeclared, {codes[0]: Answer(2)}).code == "not_yours"
    assignment.decline(one, "time", by=one.assessor, at=later(14))
    refusal = refusal_of(one, {codes[0]: Answer(2)})
    assert (refusal.code, "Tidak ada yang disimpan" in refusal.for_reader) == ("removed", True)


@pytest.mark.parametrize("state", [State.INELIGIBLE, State.WITHDRAWN])
def test_a_nomination_that_is_no_longer_assessed_takes_no_scores(one, codes, state):
    Nomination.objects.filter(pk=one.assessment.nomination_id).update(state=state)
    assert refusal_of(one, {codes[0]: Answer(2)}).code == "wrong_state"


# --- How far it is ---------------------------------------------------------------------------------------------
def short_answers(**points: int) -> dict[str, Answer]:
    return {code: Answer(score) for code, score in points.items()}


def test_a_part_has_a_sum_only_when_nothing_of_it_is_missing():
    form = scoring.parse_instrument(a_short_form())
    given = full_marks()
    del given["B2"]
    del given["C2"]
    progress = sheets.progress_of(form, short_answers(**given))
    assert (progress.filled, progress.total, progress.missing) == (5, 7, (4, 7))
    assert [(part.code, part.points, part.missing) for part in progress.parts] == [
        ("A", 30, 0),
        ("B", None, 1),
        ("C", None, 1),
    ]


def test_a_sum_is_exact_and_the_raw_scores_stand_beside_it():
    form = scoring.parse_instrument(a_short_form())
    # By hand: A 30 x (1+2)/6 = 15, B 25 x (4+3+2)/10 = 22.5, C 45 x (4+3)/10 = 31.5
    given = {"A1": 1, "A2": 2, "B1": 4, "B2": 3, "B3": 2, "C1": 4, "C2": 3}
    parts = sheets.progress_of(form, short_answers(**given)).parts
    assert [part.points for part in parts] == [15, Fraction(45, 2), Fraction(63, 2)]
    assert [(part.scores, part.score_maximum) for part in parts] == [(3, 6), (9, 10), (7, 10)]


def test_a_score_of_zero_is_a_score_and_a_note_is_none():
    form = scoring.parse_instrument(a_short_form())
    progress = sheets.progress_of(form, {"A1": Answer(0), "A2": Answer(None, "Belum.")})
    assert (progress.filled, progress.missing[0]) == (1, 2)


# --- Sending ---------------------------------------------------------------------------------------------------
def test_a_missing_score_cannot_be_sent_and_is_named(one, codes):
    scores = level_of(one.assessment.instrument, -1)
    fill(one, {code: scores[code] for code in codes if code not in (codes[6], codes[18])})
    with pytest.raises(sheets.Incomplete) as refusal:
        send(one)
    assert refusal.value.numbers == (7, 19)
    assert refusal.value.for_reader == (
        "Penilaian belum terkirim: indikator 7 dan 19 belum diisi. Skor lain tersimpan. Isi keduanya."
    )
    one.refresh_from_db()
    assert one.submitted_at is None
    assert not Sheet.objects.exists()


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((4,), "indikator 4 belum diisi. Skor lain tersimpan. Isi indikator itu."),
        ((1, 2, 25), "indikator 1, 2 dan 25 belum diisi. Skor lain tersimpan. Isi semuanya."),
    ],
)
def test_what_is_missing_is_told_in_a_sentence(numbers, words):
    assert words in sheets.Incomplete(numbers).for_reader


def test_sent_is_kept_word_for_word_and_locked(one, codes):
    scores = fill(one, step=0)
    sheets.change(one, points={}, notes={codes[2]: "Nota Maret."}, by=one.assessor, at=later(16))
    sent = send(one)
    kept = Sheet.objects.get(assignment=one)
    assert (kept.sequence, kept.scores, kept.notes) == (1, scores, {codes[2]: "Nota Maret."})
    assert kept.submitted_at == sent.submitted_at
    assert [entry.action for entry in history.of(one)][-1] == "submit_assessment"
    refusal = refusal_of(one, {codes[0]: Answer(3)}, at=later(25))
    assert (refusal.code, "terkunci" in refusal.for_reader) == ("submitted", True)
    with pytest.raises(Refused, match="submitted"):
        send(one)
    assert Sheet.objects.count() == 1


def test_only_in_time_is_sent(one):
    fill(one)
    phase = one.assessment.nomination.round.phase(Phase.Kind.ASSESSMENT)
    with pytest.raises(Refused, match="out_of_time"):
        send(one, at=phase.closes_at)
    assert send(one, at=phase.closes_at - timedelta(microseconds=1)).submitted_at


def test_the_last_of_the_panel_completes_the_nomination_and_nobody_before(one):
    panel = assignments_of(one.assessment)
    for place, each in enumerate(panel):
        declare_free(each) if each.has_conflict is None else None
        fill(each)
        send(each)
        nomination = Nomination.objects.get(pk=one.assessment.nomination_id)
        assert nomination.state == (State.ASSESSED if place == len(panel) - 1 else State.ELIGIBLE)
    assert Assessment.objects.get(pk=one.assessment_id).completed_at


def test_a_panel_without_its_third_or_without_anybody_from_outside_is_not_complete():
    assessment = a_panel()
    inside = [each for each in assignments_of(assessment) if not each.is_from_outside]
    outside = next(each for each in assignments_of(assessment) if each.is_from_outside)
    for each in inside:
        declare_free(each)
        fill(each)
        send(each)
    assignment.decline(outside, "time", by=outside.assessor, at=later(21))
    assessment.refresh_from_db()
    assert assessment.completed_at is None
    Assessment.objects.filter(pk=assessment.pk).update(size=2)
    assert not sheets.complete_if_all_are_in(Assessment.objects.get(pk=assessment.pk), by=None, at=later(22))


def test_opened_again_with_a_reason_the_scores_are_there_and_the_first_sheet_stays(one, codes):
    fill(one)
    send(one)
    reopening.reopen(one, reason=REASON, by=a_chair(), at=later(25))
    sheets.save(one, {codes[3]: Answer(1)}, by=one.assessor, at=later(30))
    send(one, at=later(35))
    assert [sheet.scores[codes[3]] for sheet in one.sheets.order_by("sequence")] == [3, 1]


# --- What the database itself holds to -------------------------------------------------------------------------
def write(one, code, points):
    Score.objects.create(assignment=one, indicator=code, points=points, at=timezone.now())


def test_the_database_takes_no_level_that_the_pinned_version_does_not_have(one, codes):
    for code, points in ((codes[0], 4), (codes[0], 0), ("Z.9", 1)):
        with pytest.raises(IntegrityError, match="no level of this version"), transaction.atomic():
            write(one, code, points)
    write(one, codes[0], None)


def test_the_database_takes_no_score_of_whoever_is_undeclared_or_has_sent(one, codes):
    undeclared = assignments_of(one.assessment)[1]
    with pytest.raises(IntegrityError, match="declared, active and not yet submitted"), transaction.atomic():
        write(undeclared, codes[0], 2)
    fill(one)
    send(one)
    for act in (
        lambda: one.scores.filter(indicator=codes[0]).update(points=1),
        lambda: one.scores.filter(indicator=codes[0]).delete(),
    ):
        with pytest.raises(IntegrityError, match="not yet submitted"), transaction.atomic():
            act()


def test_a_score_does_not_wander_to_another_indicator(one, codes):
    fill(one)
    with pytest.raises(IntegrityError, match="stays with its indicator"), transaction.atomic():
        one.scores.filter(indicator=codes[0]).update(indicator="Z.9")


def test_the_database_lets_nothing_incomplete_be_submitted(one, codes):
    scores = level_of(one.assessment.instrument, -1)
    fill(one, {code: scores[code] for code in codes[1:]})
    with pytest.raises(IntegrityError, match="missing score is not submitted"), transaction.atomic():
        Assignment.objects.filter(pk=one.pk).update(submitted_at=timezone.now())
    sheets.save(one, {codes[0]: Answer(None, "Belum.")}, by=one.assessor, at=later(16))
    with pytest.raises(IntegrityError, match="missing score is not submitted"), transaction.atomic():
        Assignment.objects.filter(pk=one.pk).update(submitted_at=timezone.now())


def test_the_database_opens_a_sent_sheet_only_with_its_reason(one):
    fill(one)
    send(one)
    for instant in (None, later(40)):
        with pytest.raises(IntegrityError, match="reopened with a reason"), transaction.atomic():
            Assignment.objects.filter(pk=one.pk).update(submitted_at=instant)


def test_a_kept_sheet_is_never_changed(one):
    fill(one)
    send(one)
    for act in (lambda: Sheet.objects.update(scores={}), lambda: Sheet.objects.all().delete()):
        with pytest.raises(Exception, match=r"Cannot (update|delete)"), transaction.atomic():
            act()


def test_the_instrument_and_the_copy_stay_what_they_were_pinned_to(one):
    other = an_instrument("gerabah")
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Assessment.objects.filter(pk=one.assessment_id).update(instrument=other)


# --- Two at once -----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_last_ones_at_once_complete_the_nomination_once_and_two_presses_send_once():
    with transaction.atomic():
        assessment = a_panel()
        panel = assignments_of(assessment)
        for each in panel:
            declare_free(each)
            fill(each)
        send(panel[0])

    def press(each):
        try:
            send(Assignment.objects.get(pk=each.pk))
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(press, [panel[1], panel[2], panel[1], panel[2]]))
    assert outcomes.count("sent") == 2
    assert set(outcomes) <= {"sent", "submitted", "wrong_state"}
    assert Sheet.objects.count() == 3
    nomination = Nomination.objects.get(pk=assessment.nomination_id)
    assert nomination.state == State.ASSESSED
    assert [entry.action for entry in history.of(nomination)].count("complete_assessment") == 1


def test_a_refusal_never_says_what_a_colleague_has_scored(one, codes):
    colleague = assignments_of(one.assessment)[1]
    declare_free(colleague)
    fill(colleague)
    send(colleague)
    refusal = refusal_of(colleague, {codes[0]: Answer(2)}, by=one.assessor)
    assert not re.search(r"\d", refusal.for_reader)
    assert colleague.assessor.name not in refusal.for_reader


def test_an_extended_phase_lets_the_sheet_be_written_again(one, codes):
    round_ = one.assessment.nomination.round
    now = timezone.now()
    a_phase(
        round_, Phase.Kind.ASSESSMENT, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)
    )
    assert refusal_of(one, {codes[0]: Answer(2)}, at=now).code == "out_of_time"
    a_phase(
        round_, Phase.Kind.ASSESSMENT, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=1)
    )
    assert sheets.save(one, {codes[0]: Answer(2)}, by=one.assessor, at=now) == 1
