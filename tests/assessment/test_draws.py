"""The draw of a whole round: shown first, taken once, what is there stays, and whoever may not sit is never drawn."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from assessment import assignment, draws
from assessment.models import Assignment, Interest
from assessment.refusals import Refused
from audit import history
from letters.models import Message
from nominations.models import Round
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_panel,
    a_secretary,
    an_assessor,
    an_instrument,
    assignments_of,
    declare_conflict,
    three_assessors,
)
from tests.factories.nominations import NominationFactory
from tests.made_once import made_once
from tests.nominations.proposing import main_of, text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/panel/undian/"


@made_once
def draw():
    return drawn()


@made_once
def waiting():
    """Four eligible nominations without a panel, and six assessors, two of them from outside."""
    nominations = [NominationFactory(in_state="eligible") for _ in range(4)]
    an_instrument(nominations[0].product.group_id)
    people = [an_assessor() for _ in range(4)] + [an_assessor(outside=True) for _ in range(2)]
    return nominations, people


def the_round() -> Round:
    return Round.objects.get()


def drawn(seed=4821):
    return draws.draw(the_round(), seed=seed, at=timezone.now())


def taken(draw, by=None):
    return draws.take(
        the_round(), seed=draw.seed, fingerprint=draw.fingerprint, by=by or a_secretary(), at=timezone.now()
    )


def test_every_nomination_gets_three_with_one_from_outside_and_the_loads_are_even(waiting, draw):
    assert draw.is_possible
    assert taken(draw) == 12
    for nomination in waiting[0]:
        panel = Assignment.objects.active().filter(assessment__nomination=nomination)
        assert panel.count() == 3
        assert any(one.is_from_outside for one in panel)
    assert [share.after for share in draw.shares] == [2] * 6


def test_looking_at_it_assigns_nobody(waiting):
    drawn()
    assert not Assignment.objects.exists()


def test_the_same_seed_shows_the_same_draw(waiting):
    assert drawn().fingerprint == drawn().fingerprint
    assert len({drawn(seed).fingerprint for seed in range(8)}) > 1


def test_what_was_taken_is_in_the_history_with_its_seed(waiting, draw):
    taken(draw)
    entry = history.of(the_round()).get(action="take_draw")
    assert entry.details == {
        "seed": 4821, "fingerprint": draw.fingerprint, "assigned": 12, "nominations": 4,
    }  # fmt: skip


def test_a_second_press_assigns_nobody_twice(waiting, draw):
    taken(draw)
    with pytest.raises(Refused):
        taken(draw)
    assert Assignment.objects.count() == 12


def test_what_changed_since_it_was_shown_is_not_taken_unseen(waiting, draw):
    nominations, people = waiting
    Interest.objects.create(
        person=people[0], kind="home", regency=nominations[0].regency, recorded_at=timezone.now(),
        recorded_by=a_secretary(),
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        taken(draw)
    assert refusal.value.code == "changed"
    assert not Assignment.objects.exists()


def test_somebody_with_a_recorded_interest_is_never_drawn(waiting):
    nominations, people = waiting
    Interest.objects.create(
        person=people[5], kind="coached", ikm=nominations[0].product.ikm, recorded_at=timezone.now(),
        recorded_by=a_secretary(),
    )  # fmt: skip
    for seed in range(10):
        draw = drawn(seed)
        assert people[5].pk not in draw.plan.seats[nominations[0].pk]
        assert draw.crossed == 1


def test_what_is_there_stays_and_only_open_seats_are_drawn(waiting):
    nominations, people = waiting
    assignment.assign(nominations[0], people[:2], by=a_secretary(), at=timezone.now())
    draw = drawn()
    assert len(draw.plan.seats[nominations[0].pk]) == 1
    assert set(draw.plan.seats[nominations[0].pk]) <= {people[4].pk, people[5].pk}
    taken(draw)
    panel = Assignment.objects.active().filter(assessment__nomination=nominations[0])
    assert {people[0].pk, people[1].pk} < set(panel.values_list("assessor", flat=True))


def test_who_declared_a_conflict_or_gave_it_back_is_not_drawn_again():
    people = [*three_assessors(), an_assessor(), an_assessor(outside=True)]
    assessment = a_panel(people=people[:3])
    first, second, _ = assignments_of(assessment)
    declare_conflict(first)
    assignment.decline(second, "time", by=second.assessor, at=timezone.now())
    for seed in range(6):
        panel = drawn(seed).plan.seats[assessment.nomination_id]
        assert len(panel) == 2
        assert not {first.assessor_id, second.assessor_id} & set(panel)


def test_a_round_that_cannot_be_filled_names_what_is_lacking(client):
    nomination = NominationFactory(in_state="eligible")
    an_instrument(nomination.product.group_id)
    for _ in range(4):
        an_assessor()
    draw = drawn()
    assert draws.shortage_words(draw.plan.shortages) == [
        f"{nomination.product.group.name}: 1 kursi penilai dari asosiasi atau perguruan tinggi tidak dapat diisi."
    ]
    with pytest.raises(Refused) as refusal:
        taken(draw)
    assert refusal.value.code == "not_possible"
    client.force_login(a_secretary())
    page = client.get(ADDRESS)
    assert "Panel tidak dapat dilengkapi" in text_of(page)
    assert "Terapkan undian" not in text_of(page)


def test_only_the_secretariat_takes_a_draw(client, waiting):
    for role in (Role.KETUA, Role.AUDITOR, Role.PENILAI):
        with pytest.raises(Refused):
            taken(drawn(), by=a_person(role))
        client.force_login(a_person(role))
        assert client.get(ADDRESS).status_code in (403, 404)


def test_the_page_shows_and_takes_the_draw(client, waiting):
    client.force_login(a_secretary())
    page = client.get(ADDRESS, {"benih": "77"})
    assert "12 penugasan untuk 4 usulan" in text_of(page)
    assert not Assignment.objects.exists()
    fingerprint = main_of(page).split('name="sidik" value="')[1].split('"')[0]
    answer = client.post(ADDRESS, {"benih": "77", "sidik": fingerprint, "terapkan": "ya"}, follow=True)
    assert "12 penugasan dibuat dari undian benih 77" in answer.content.decode()
    assert Assignment.objects.count() == 12
    # One message for each person and group, however many nominations.
    assert Message.objects.filter(kind="assigned").count() == 6


@pytest.mark.parametrize("seed", ["", "x", "-1", "1000000", "1e3"])
def test_a_seed_that_is_none_is_said_and_nothing_drawn(client, waiting, seed):
    client.force_login(a_secretary())
    page = client.get(ADDRESS, {"benih": seed})
    assert page.status_code == 200
    assert "Terapkan undian" not in text_of(page)


def test_a_whole_round_has_nothing_to_draw(client, waiting):
    taken(drawn())
    client.force_login(a_secretary())
    assert "Semua panel sudah lengkap." in text_of(client.get(ADDRESS))


def test_without_an_instrument_it_is_said_which_is_lacking(client):
    nomination = NominationFactory(in_state="eligible")
    three_assessors()
    client.force_login(a_secretary())
    text = text_of(client.get(ADDRESS))
    assert "Instrumen belum terbit" in text
    assert nomination.product.group.name in text


def test_the_number_of_questions_does_not_grow_with_the_round(waiting, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        drawn()
    for _ in range(4):
        NominationFactory(in_state="eligible")
    with django_assert_max_num_queries(13):
        drawn()
