"""How many assess each nomination of a round: set before the draw, raised after it, never lowered."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessment import draws, panel_lists, rules, sizes
from assessment.models import Assessment, PanelSize
from assessment.refusals import Refused
from nominations.models import State
from tests.factories.assessment import (
    a_chair,
    a_panel,
    a_secretary,
    an_assessed_nomination,
    an_assessor,
    an_instrument,
    assess,
    assignments_of,
    declare_free,
    fill,
    send,
)
from tests.factories.nominations import NominationFactory, an_hour_ago
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
REASON = "Satu penilai tambahan dari perguruan tinggi."


def set_size(round_, size, *, by=None):
    return sizes.set_size(round_, size, reason=REASON, by=by or a_secretary(), at=an_hour_ago())


def test_the_draw_and_the_panel_take_the_size_of_the_round():
    nomination = NominationFactory(in_state="eligible")
    an_instrument()
    assert rules.panel_size(nomination.round) == 3
    set_size(nomination.round, 2)
    people = [an_assessor() for _ in range(2)] + [an_assessor(outside=True)]
    drawn = draws.draw(nomination.round, seed=1, at=an_hour_ago())
    assert len(drawn.plan.seats[nomination.pk]) == 2
    draws.take(nomination.round, seed=1, fingerprint=drawn.fingerprint, by=a_secretary(), at=an_hour_ago())
    assert Assessment.objects.get().size == 2
    (standing,) = panel_lists.listed(a_secretary(), nomination.round)
    assert (standing.panel_size, panel_lists.open_seats(standing)) == (2, 0)
    assert len(people) == 3


def test_two_sheets_of_a_panel_of_two_are_all_in():
    nomination = NominationFactory(in_state="eligible")
    set_size(nomination.round, 2)
    assert assess(a_panel(nomination, [an_assessor(), an_assessor(outside=True)])).state == State.ASSESSED


def test_raised_after_the_draw_every_panel_gets_another_seat_and_is_not_all_in_before():
    assessment = a_panel()
    round_ = assessment.nomination.round
    with pytest.raises(Refused) as smaller:
        set_size(round_, 2)
    assert smaller.value.code == "smaller"
    set_size(round_, 4)
    for one in assignments_of(assessment):
        declare_free(one)
        fill(one)
        send(one)
    assessment.refresh_from_db()
    assert (assessment.size, assessment.completed_at) == (4, None)
    with pytest.raises(IntegrityError, match="never made smaller"), transaction.atomic():
        PanelSize.objects.create(round=round_, size=3, reason=REASON, at=an_hour_ago(), by=a_secretary())


def test_it_stands_once_one_nomination_is_assessed_and_its_page_offers_no_form(client):
    round_ = an_assessed_nomination().round
    with pytest.raises(Refused) as refused:
        set_size(round_, 4)
    assert refused.value.code == "assessed"
    client.force_login(a_secretary())
    address = f"{reverse('panel_size')}?periode={round_.pk}"
    answer = client.get(address)
    assert "sehingga jumlahnya tidak berubah lagi" in words_of(answer)
    assert "<form" not in main_of(answer)
    # Whoever had the page open keeps what was typed.
    assert REASON in main_of(client.post(address, {"size": "4", "reason": REASON}))


def test_who_sets_it_and_what_is_refused(client):
    round_ = NominationFactory(in_state="eligible").round
    for size, by, code in (
        (4, a_chair(), "not_yours"),
        (1, None, "out_of_bounds"),
        (10, None, "out_of_bounds"),
        (3, None, "same"),
    ):
        with pytest.raises(Refused) as refused:
            set_size(round_, size, by=by)
        assert refused.value.code == code
    client.force_login(a_secretary())
    address = f"{reverse('panel_size')}?periode={round_.pk}"
    client.post(address, {"size": "4", "reason": REASON})
    assert rules.panel_size(round_) == 4
    assert REASON in client.get(address).content.decode()
    client.force_login(a_chair())
    assert client.get(address).status_code == 403
