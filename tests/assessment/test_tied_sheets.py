"""An interest that becomes known after a sheet was sent: seen, decided on by nobody, taken out by one act."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.roles import Role
from assessment import (
    assignment,
    board,
    interests,
    items,
    plenary,
    recompute,
    reopening,
    results,
    tied_sheets,
)
from assessment.models import Assessment, Decision, Plenary, Reopening, Sheet
from assessment.refusals import Refused
from audit import history
from audit.models import Entry
from letters.models import Message
from letters.outbox import reference
from nominations.models import Nomination, State
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_sealed_plenary,
    a_secretary,
    an_assessed_nomination,
    an_assessor,
    an_open_plenary,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    full_marks_but,
    many_assessed,
    members_of_a_session,
    send,
)
from tests.factories.nominations import NominationFactory, ProductFactory, an_hour_ago
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db
REASON = "Kepentingan diketahui setelah lembar dikirim."
TOLD = "Nilai dari penilai yang berkepentingan"


def at(minutes):
    return an_hour_ago() + timedelta(minutes=minutes)


def recorded(one, kind="family", *, regency=False):
    ikm = one.assessment.nomination.product.ikm
    where = {"ikm": None, "regency": ikm.regency} if regency else {"ikm": ikm, "regency": None}
    return interests.record(one.assessor, kind, **where, by=a_secretary(), at=at(32))


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value


def taken_out(one, *, by=None, reason=REASON, minutes=45):
    return tied_sheets.take_out(one, reason=reason, by=by or a_secretary(), at=at(minutes))


def decided(session, nomination, *, star=5, minutes=40, **more):
    return plenary.record_decision(session, nomination, star=star, by=a_chair(), at=at(minutes), **more)


@made_once
def nomination():
    """The first of the panel gave one point less on one indicator: value (99 + 100 + 100) / 3."""
    return an_assessed_nomination(full_marks_but({"A.I.1": 2}))


@made_once
def one(nomination):
    return assignments_of(nomination.assessment)[0]


# --- Which sheets they are -------------------------------------------------------------------------------------
@pytest.mark.parametrize("regency", [False, True])
def test_an_interest_with_the_ikm_or_its_regency_ties_the_sheet_until_it_is_ended(one, nomination, regency):
    assert not tied_sheets.nominations().exists()
    interest = recorded(one, "employer", regency=regency)
    assert list(tied_sheets.still_counted()) == [one]
    assert tied_sheets.counts_for([nomination.pk]) == {nomination.pk: 1}
    interests.end(interest, reason="Sudah berhenti bekerja di sana.", by=a_secretary(), at=at(33))
    assert not tied_sheets.still_counted().exists()


def test_a_conflict_declared_on_another_nomination_of_the_same_ikm_ties_it_too(one, nomination):
    other = NominationFactory(in_state="eligible", product=ProductFactory(ikm=nomination.product.ikm))
    seat = assignments_of(a_panel(other, [one.assessor]))[0]
    declare_conflict(seat)
    assert list(tied_sheets.still_counted()) == [one]


def test_whoever_leaves_the_session_for_it_has_no_sheet_in_its_value(one, nomination):
    session = plenary.open_session(
        nomination.round, members=[*members_of_a_session(3), one.assessor], place="Jakarta",
        present=[*members_of_a_session(3), one.assessor], by=a_chair(), at=at(30),
    )  # fmt: skip
    items.open_item(session, nomination, by=a_chair(), at=at(33))
    items.leave_for_item(session, [one.assessor], by=one.assessor, at=at(34))
    assert list(tied_sheets.still_counted()) == [one]
    assert refused(decided, session, nomination).code == "tied_sheet"
    items.come_back(session, one.assessor, by=one.assessor, at=at(35))
    assert not tied_sheets.still_counted().exists()
    assert decided(session, nomination).star == 5


def test_somebody_elses_interest_and_a_sealed_decision_tie_nothing(one, nomination):
    interests.record(
        an_assessor(), "family", ikm=nomination.product.ikm, regency=None, by=a_secretary(), at=at(31)
    )
    assert not tied_sheets.still_counted().exists()
    a_sealed_plenary(nomination.round)
    recorded(one)
    assert not tied_sheets.still_counted().exists()
    assert refused(taken_out, one, minutes=55).code == "decided"


# --- The plenary ---------------------------------------------------------------------------------------------------
def test_nothing_is_decided_on_it_and_the_refusal_says_how_it_goes_on(one, nomination):
    session = an_open_plenary(nomination.round)
    recorded(one)
    refusal = refused(decided, session, nomination)
    assert refusal.code == "tied_sheet"
    assert "dikeluarkan dari nilai pada halaman panel" in refusal.for_reader
    assert not Decision.objects.exists()


def test_the_database_itself_refuses_the_decision(one, nomination):
    session, form = an_open_plenary(nomination.round), nomination.assessment.instrument
    recorded(one)
    with pytest.raises(IntegrityError, match="assessor with an interest"), transaction.atomic():
        Decision.objects.create(
            plenary=session, nomination=nomination, instrument=form, numerator=100, denominator=1, computed_star=5,
            star=5, maximum_star=5, recorded_at=at(40), recorded_by=a_chair(),
        )  # fmt: skip


def test_known_after_the_decision_it_is_not_sealed_not_even_in_the_database(one, nomination):
    session = an_open_plenary(nomination.round)
    decided(session, nomination)
    recorded(one)
    refusal = refused(plenary.seal, session, minutes_number="BA/1", by=a_chair(), at=at(50))
    assert refusal.code == "tied_sheet"
    assert str(nomination.number) in refusal.for_reader
    with pytest.raises(IntegrityError, match="assessor with an interest"), transaction.atomic():
        Plenary.objects.filter(pk=session.pk).update(
            sealed_at=at(50), sealed_by=a_chair(), minutes_number="BA/1", fingerprint="0" * 64
        )


# --- Taking it out -------------------------------------------------------------------------------------------------
def test_taken_out_the_sheet_stays_another_is_sought_and_the_value_is_computed_from_the_rest(one, nomination):
    recorded(one)
    taken_out(one)
    one.refresh_from_db()
    assert (one.has_conflict, one.conflict_kind, one.submitted_at) == (True, "family", None)
    sheet = one.sheets.get()
    assert (sheet.reopening.kind, sheet.reopening.reason) == (Reopening.Kind.RECUSAL, REASON)
    assert sheet.scores["A.I.1"] == 2
    assert Nomination.objects.get().state == State.ELIGIBLE
    assert Assessment.objects.get().completed_at is None
    assert Message.objects.filter(kind="assignment_declined", about=reference(nomination)).exists()
    assert results.result_of(nomination.assessment).value == 100
    assert not tied_sheets.nominations().exists()
    follower = an_assessor()
    assignment.replace(one, follower, reason=REASON, by=a_secretary(), at=at(46))
    seat = assignments_of(nomination.assessment)[-1]
    declare_free(seat, at=at(47))
    fill(seat, full_marks_but({"A.I.1": 1}), at=at(48))
    send(seat, at=at(49))
    assert Nomination.objects.get().state == State.ASSESSED
    assert results.result_of(nomination.assessment).value == Fraction(298, 3)
    assert [entry.action for entry in history.of(one)][-2:] == ["take_out_sheet", "remove_assessor"]


def test_a_decision_that_is_not_sealed_is_taken_back_with_it_and_stands_in_the_history(one, nomination):
    session = an_open_plenary(nomination.round)
    decided(session, nomination)
    recorded(one)
    taken_out(one, by=a_chair())
    assert not Decision.objects.exists()
    entry = Entry.objects.get(action="take_back_decision")
    assert (entry.details["value"], entry.details["star"], entry.reason) == ("299/3", 5, REASON)


def test_only_chair_and_secretariat_only_with_a_reason_and_only_where_an_interest_is_known(one):
    assert refused(taken_out, one).code == "not_tied"
    recorded(one)
    for role in Role:
        if role not in (Role.KETUA, Role.SEKRETARIAT):
            assert refused(taken_out, one, by=a_person(role)).code == "not_yours", role
    assert refused(taken_out, one, by=one.assessor).code == "not_yours"
    assert refused(taken_out, one, reason="  pendek ").code == "reason_missing"
    assert not Reopening.objects.exists()
    taken_out(one)
    assert refused(taken_out, one).code == "not_tied", "a second press changes nothing"
    assert Reopening.objects.count() == 1


def test_recompute_finds_the_round_in_order_after_a_replacement(one, nomination):
    recorded(one)
    taken_out(one)
    assignment.replace(one, an_assessor(), reason=REASON, by=a_secretary(), at=at(46))
    seat = assignments_of(nomination.assessment)[-1]
    fill(declare_free(seat, at=at(47)), at=at(48))
    send(seat, at=at(49))
    session = an_open_plenary(nomination.round)
    decided(session, nomination, minutes=52)
    plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=at(53))
    tally = recompute.Tally()
    assert list(recompute.findings(2026, tally)) == []
    assert (tally.computed, tally.matching) == (1, 1)


# --- Where it is seen ----------------------------------------------------------------------------------------------
def test_board_item_panel_and_what_waits_say_so_and_none_names_the_assessor_in_the_plenary(
    client, one, nomination
):
    an_open_plenary(nomination.round)
    for page in ("/pleno/", "/beranda/"):
        client.force_login(a_chair())
        assert TOLD.lower() not in words_of(client.get(page)).lower(), page
    recorded(one)
    session = Plenary.objects.get()
    items.open_item(session, nomination, by=a_chair(), at=at(35))
    decide = reverse("plenary_decide", args=[session.pk, nomination.pk])
    panel = reverse("panel", args=[nomination.pk])
    for person in (a_chair(), a_secretary()):
        client.force_login(person)
        for page in ("/pleno/", decide):
            text = words_of(client.get(page))
            assert TOLD in text, (person, page)
            assert one.assessor.full_name not in text
        home = client.get("/beranda/")
        (line,) = (line for line in home.context["waiting"] if TOLD.lower() in line.text)
        assert (line.count, line.url, line.urgent) == (1, panel, True)
        text = words_of(client.get(panel))
        assert "Nilai memuat lembar penilai yang berkepentingan" in text
        assert "Berkepentingan, lembarnya masih dihitung" in text
        assert f"Keluarkan lembar dari nilai {one.assessor.full_name}" in text
        assert nomination.product.ikm.name in words_of(client.get("/panel/"))
    client.force_login(a_chair())
    assert "Catat keputusan" not in words_of(client.get(decide)), (
        "there is nothing to send that would be refused"
    )


def test_the_page_takes_it_out_and_the_sheet_is_read_by_whom_it_may_be(client, one, nomination):
    recorded(one)
    address = reverse("assignment_take_out", args=[one.pk])
    client.force_login(a_secretary())
    assert "tetap tersimpan" in words_of(client.get(address))
    assert Reopening.objects.count() == 0, "looking changes nothing"
    text = words_of(client.post(address, {"reason": "pendek"}))
    assert "paling sedikit 10 huruf" in text
    text = words_of(client.post(address, {"reason": REASON}, follow=True))
    assert "dikeluarkan dari nilai dan tetap tersimpan" in text
    assert "Dikeluarkan dari nilai karena kepentingan" in text
    sheet = reverse("superseded_sheet", args=[Sheet.objects.get(assignment=one).pk])
    assert client.get(sheet).status_code == 404, "nobody reads scores before all of the panel are in"
    assignment.replace(one, an_assessor(), reason=REASON, by=a_secretary(), at=at(56))
    seat = assignments_of(nomination.assessment)[-1]
    fill(declare_free(seat, at=at(57)), at=at(58))
    send(seat, at=at(59))
    text = words_of(client.get(sheet))
    assert REASON in text
    assert one.assessor.full_name in text
    others = [
        one.assessor,
        seat.assessor,
        *(a_person(role, around=nomination) for role in (Role.DINAS, Role.AUDITOR)),
    ]
    for person in others:
        client.force_login(person)
        assert client.get(sheet).status_code in (403, 404), person
    for role in Role:
        if role not in (Role.KETUA, Role.SEKRETARIAT):
            client.force_login(a_person(role, around=nomination))
            assert client.post(address, {"reason": REASON}).status_code in (403, 404), role


def test_a_sheet_that_was_only_reopened_is_read_after_the_seal_alone(client, one, nomination):
    reopening.reopen(one, reason=REASON, by=a_secretary(), at=at(31))
    send(one, at=at(32))
    sheet = reverse("superseded_sheet", args=[one.sheets.order_by("sequence").first().pk])
    for person in (a_chair(), a_secretary(), a_person(Role.AUDITOR)):
        client.force_login(person)
        assert client.get(sheet).status_code == 404, person
    a_sealed_plenary(nomination.round)
    for person in (a_chair(), a_secretary(), a_person(Role.AUDITOR)):
        client.force_login(person)
        assert REASON in words_of(client.get(sheet)), person


def test_the_flag_costs_the_board_the_same_however_many_there_are(django_assert_num_queries):
    nominations = many_assessed(3)
    for each in nominations:
        recorded(assignments_of(each.assessment)[0])
    with django_assert_num_queries(1):
        assert tied_sheets.counts_for([each.pk for each in nominations]) == {
            each.pk: 1 for each in nominations
        }
    session = an_open_plenary(nominations[0].round)
    found = board.candidates(session, reader=a_chair(), at=at(40))
    assert [candidate.tied for candidate in found] == [1, 1, 1]
