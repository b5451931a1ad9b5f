"""The board: exact values ranked, how far the panel was apart, what to watch, and nothing before its time."""

from datetime import timedelta
from fractions import Fraction

import pgtrigger
import pytest
from django.utils import timezone

from accounts.roles import Role
from assessment import board, plenary, scoring, side_by_side
from assessment.models import Assignment, Score
from nominations import reference
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    a_secretary,
    an_assessed_nomination,
    an_instrument,
    an_open_plenary,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    full_marks_but,
    many_assessed,
    send,
)
from tests.factories.instruments import one_ladder_form
from tests.factories.nominations import NominationFactory, RoundFactory, a_phase, an_hour_ago, link_document

pytestmark = pytest.mark.django_db
REASON = "Sidang menilai pasar ekspor belum berlanjut."


def shown(session, *, reader=None, **only):
    return board.candidates(session, reader=reader or a_chair(), at=timezone.now(), **only)


def lowered(by):
    """Scores that sum to 100 less `by`."""
    changed, left = {}, by
    for code, ladder in an_instrument().ladders.items():
        for level in ladder:
            if 0 < ladder[-1] - level <= left:
                changed[code] = level
                left -= ladder[-1] - level
                break
    assert left == 0
    return full_marks_but(changed)


def test_equal_exact_values_share_a_rank_and_the_next_one_counts_everybody_before_it():
    best = many_assessed(1)[0]
    # 299/3 both times, by different scores of different assessors.
    same = [an_assessed_nomination(full_marks_but({code: 2})) for code in ("A.I.1", "B.II.1")]
    last = an_assessed_nomination(lowered(10))
    found = shown(an_open_plenary(best.round))
    assert [one.nomination for one in found] == [best, *same, last]
    assert [one.rank for one in found] == [1, 2, 2, 4]
    assert [one.value for one in found] == [100, Fraction(299, 3), Fraction(299, 3), Fraction(290, 3)]


def test_the_spread_is_between_the_lowest_and_the_highest_total_of_an_assessor():
    nomination = an_assessed_nomination(lowered(10), lowered(4), lowered(1))
    (one,) = shown(an_open_plenary(nomination.round))
    assert (one.lowest, one.highest, one.spread) == (90, 99, 9)
    assert (one.value, one.computed_star, one.maximum_star) == (95, 5, 5)


@pytest.mark.parametrize(
    ("value", "star", "words"),
    [
        ("90", 5, "Tepat pada batas bintang 5"),
        ("91", 5, "1,00 di atas batas bintang 5"),
        ("89", 5, "1,00 di bawah batas bintang 5"),
        ("269/3", 5, "0,33 di bawah batas bintang 5"),
        ("89.996", 5, "Kurang dari 0,01 di bawah batas bintang 5"),
        ("90.004", 5, "Kurang dari 0,01 di atas batas bintang 5"),
        ("49.5", 1, "0,50 di bawah batas bintang 1"),
        ("91.01", None, ""),
        ("88.99", None, ""),
        ("100", None, ""),
        ("0", None, ""),
    ],
)
def test_a_value_within_one_of_a_bound_is_pointed_out(value, star, words):
    near = board.near_a_bound(Fraction(value), an_instrument().parsed())
    assert (near and near.star, near.text if near else "") == (star, words)


def test_between_two_bounds_as_near_the_lower_one_is_named():
    form = scoring.parse_instrument(one_ladder_form(100, "91", "90"))
    assert board.near_a_bound(Fraction("90.5"), form) == board.Near(1, Fraction(1, 2))


def test_what_to_watch_is_flagged_indicators_conflicts_and_licences_that_end_too_soon():
    reference.load()
    at = timezone.now()
    nomination = NominationFactory(in_state="eligible")
    a_phase(
        nomination.round, "pengumuman", opens_at=at + timedelta(days=20), closes_at=at + timedelta(days=30)
    )
    kind = nomination.document_links.first().document.kind
    day = timezone.localdate()
    link_document(nomination, kind, expires_on=day + timedelta(days=19))
    link_document(nomination, kind, expires_on=day + timedelta(days=21))
    assessment = a_panel(nomination)
    recused, *rest = assignments_of(assessment)
    declare_conflict(recused)
    substitute = plenary_substitute(recused)
    for place, one in enumerate([substitute, *rest]):
        fill(declare_free(one), full_marks_but({"A.I.1": 1} if place else {}))
        send(one)
    (one,) = shown(an_open_plenary(nomination.round))
    assert (one.flags, one.conflicts, one.expiring) == (("A.I.1",), 1, (kind.name,))
    assert not one.has_changed


def plenary_substitute(recused):
    from assessment import assignment
    from tests.factories.assessment import an_assessor

    return assignment.replace(
        recused, an_assessor(), reason="Benturan kepentingan.", by=a_secretary(), at=an_hour_ago()
    )


def test_nothing_is_before_the_session_that_is_not_assessed_or_of_another_round():
    waiting = a_panel()
    for one in assignments_of(waiting)[:2]:
        fill(declare_free(one))
        send(one)
    an_assessed_nomination(round=RoundFactory(year=2024))
    session = an_open_plenary(waiting.nomination.round)
    assert shown(session) == []
    assert board.tallies(session) == []
    fill(declare_free(assignments_of(waiting)[2]))
    send(assignments_of(waiting)[2])
    assert [one.nomination for one in shown(session)] == [waiting.nomination]


def test_the_auditor_sees_a_value_once_the_session_is_sealed_and_not_before():
    nomination = an_assessed_nomination()
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=an_hour_ago())
    auditor = a_person(Role.AUDITOR)
    (one,) = shown(session, reader=auditor)
    assert (one.value, one.rank, one.computed_star, one.flags, one.spread) == (None, None, None, (), None)
    assert side_by_side.of(nomination.assessment, (), reader=auditor) is None
    sealed = plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=an_hour_ago())
    (one,) = shown(sealed, reader=auditor)
    assert (one.value, one.rank) == (100, 1)
    assert side_by_side.of(nomination.assessment, (), reader=auditor) is not None


def test_a_sealed_session_shows_what_it_decided_even_if_a_score_was_changed_behind_the_portal():
    (nomination,) = many_assessed(1)
    session = a_sealed_plenary(nomination.round)
    with pgtrigger.ignore():
        Score.objects.filter(indicator="A.I.1").update(points=1)
    (one,) = shown(session)
    assert (one.value, one.computed_star, one.has_changed) == (100, 5, False)


def test_in_an_open_session_scores_changed_since_the_decision_are_pointed_out():
    (nomination,) = many_assessed(1)
    session = an_open_plenary(nomination.round)
    plenary.record_decision(session, nomination, star=5, by=a_chair(), at=an_hour_ago())
    assert not shown(session)[0].has_changed
    with pgtrigger.ignore():
        Score.objects.filter(indicator="A.I.1").update(points=1)
    assert shown(session)[0].has_changed


def test_scores_that_cannot_be_computed_say_why_and_come_last():
    broken, whole = many_assessed(2)
    with pgtrigger.ignore():
        Score.objects.filter(assignment__assessment__nomination=broken, indicator="A.I.1").delete()
    first, last = shown(an_open_plenary(whole.round))
    assert (first.nomination, last.nomination) == (whole, broken)
    assert (last.value, last.rank, "A.I.1" in last.problem) == (None, None, True)
    sheets = side_by_side.of(broken.assessment, (), reader=a_chair())
    assert sheets.totals == (None, None, None)


def test_a_correcting_session_shows_the_earlier_decision_and_the_corrected_one_the_later():
    (nomination,) = many_assessed(1)
    first = a_sealed_plenary(nomination.round)
    second = an_open_plenary(nomination.round)
    (one,) = shown(second)
    assert (one.decision, one.other.star, board.next_undecided([one])) == (None, 5, None)
    assert [(tally.decided, tally.candidates) for tally in board.tallies(second)] == [(1, 1)]
    plenary.record_decision(second, nomination, star=4, reason=REASON, by=a_chair(), at=an_hour_ago())
    (one,) = shown(second)
    assert (one.decision.star, one.other.star) == (4, 5)
    plenary.seal(second, minutes_number="BA/2", by=a_chair(), at=an_hour_ago())
    (one,) = shown(first)
    assert (one.decision.star, one.other.star) == (5, 4)


def test_groups_stand_in_their_order_with_what_is_decided_of_all():
    plaited = many_assessed(2)
    pottery = many_assessed(1, product__group=_group("gerabah"))
    session = an_open_plenary(plaited[0].round)
    plenary.record_decision(session, plaited[0], star=5, by=a_chair(), at=an_hour_ago())
    assert board.tallies(session) == [
        board.GroupTally("anyaman", "Anyaman", 2, 1),
        board.GroupTally("gerabah", "Gerabah", 1, 0),
    ]
    assert [one.nomination for one in shown(session, group="gerabah")] == pottery
    assert board.next_undecided(shown(session, group="anyaman")).nomination == plaited[1]


def _group(code):
    from tests.factories.nominations import a_group

    return a_group(code)


def test_sheets_stand_side_by_side_by_their_totals_flagged_lines_first_and_without_anybodys_name():
    nomination = an_assessed_nomination(
        full_marks_but({"C.I.1": 2}), full_marks_but({"B.II.1": 2, "C.II.1": 5, "A.I.1": 1, "A.I.2": 2})
    )
    one = Assignment.objects.order_by("pk").first()
    with pgtrigger.ignore():
        Score.objects.filter(assignment=one, indicator="C.I.1").update(note="Fakturnya dari luar kota.")
    sheets = side_by_side.of(nomination.assessment, ("C.I.1",), reader=a_chair())
    assert sheets.totals == (100, 96, 95)
    first, second = sheets.lines[:2]
    assert (first.code, first.number, first.is_flagged) == ("C.I.1", 18, True)
    assert [given.points for given in first.scores] == [6, 2, 6]
    assert first.scores[0].text
    assert first.scores[0].text == first.scores[2].text != first.scores[1].text
    assert first.remarks == ["Lembar 2: Fakturnya dari luar kota."]
    assert (second.code, second.is_flagged) == ("A.I.1", False)
    assert len(sheets.lines) == len(nomination.assessment.instrument.ladders)
