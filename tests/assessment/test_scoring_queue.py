"""The assessor's queue over HTTP: whose pages these are, and what waits."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from assessment.models import Assignment, Score
from tests.assessment.scoring_desk import ADDRESSES, answers, at, close, rows_of, sheet_of, source, words
from tests.factories.accounts import a_person
from tests.factories.assessment import (
    a_chair,
    a_declared_assignment,
    a_panel,
    an_assessor,
    assignments_of,
    declare_conflict,
    declare_free,
    fill,
    send,
    three_assessors,
)
from tests.factories.nominations import (
    RoundFactory,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
REASON = "Skor indikator 4 tertukar dengan indikator 5."


@made_once
def declared() -> Assignment:
    return a_declared_assignment()


@pytest.fixture
def one(client, declared) -> Assignment:
    """A declared assignment whose assessor is signed in."""
    client.force_login(declared.assessor)
    return declared


@pytest.fixture
def codes(one) -> list[str]:
    return [each.code for each in one.assessment.instrument.parsed().indicators]


# --- Whose pages these are -------------------------------------------------------------------------------------
def test_other_roles_read_whose_page_it_is(client):
    one = a_declared_assignment()
    for role in set(Role) - {Role.PENILAI}:
        client.force_login(a_person(role, around=one.assessment.nomination))
        for address in (reverse("assessments"), sheet_of(one)):
            answer = client.get(address)
            assert answer.status_code == 403, role
            assert "Halaman ini untuk Penilai." in answer.content.decode()
        assert client.post(at(one, "assessment_save"), answers(-1, one)).status_code == 403
        assert client.post(at(one, "assessment_submit")).status_code == 403
    assert not Score.objects.exists()


def test_what_is_assigned_to_a_colleague_reads_as_not_there(client, one, codes):
    fill(one)
    client.force_login(assignments_of(one.assessment)[1].assessor)
    for name in ADDRESSES:
        assert client.post(at(one, name), {"skor-A.I.1": "1", "answer": "tidak"}).status_code in (404, 405)
        assert client.get(at(one, name)).status_code in (404, 405)
    assert client.get(sheet_of(one)).status_code == 404
    one.refresh_from_db()
    assert (one.submitted_at, one.scores.get(indicator=codes[0]).points) == (None, 3)


def test_who_was_replaced_finds_nothing_any_more(client, one):
    Assignment.objects.filter(pk=one.pk).update(
        removed_at=timezone.now(), removed_by=a_chair(), removal="replaced", removed_reason=REASON
    )
    assert client.get(sheet_of(one)).status_code == 404
    assert "Belum ada penugasan." in source(client, reverse("assessments"))


# --- The queue -------------------------------------------------------------------------------------------------
def test_without_an_assignment_the_queue_says_who_will_tell(client):
    client.force_login(an_assessor())
    page = words(client, reverse("assessments"))
    assert "Belum ada penugasan." in page
    assert "Sekretariat memberi tahu Anda lewat email." in page


def test_the_queue_resumes_with_the_sheet_that_was_written_last(client, one, codes):
    fill(one, dict.fromkeys(codes[:9], 2))
    product = one.assessment.nomination.product.name
    html = source(client, reverse("assessments"))
    assert f"Lanjutkan: {product}, 9 dari {len(codes)} terisi" in words(client, reverse("assessments"))
    assert f'href="{sheet_of(one)}#indikator-{codes[9]}"' in html
    assert html.count("btn-primary") - source(client, at(one, "assignment_decline")).count("btn-primary") == 1


def test_every_assignment_stands_with_its_state_and_a_conflict_is_one_of_its_own(client, one):
    person, others = one.assessor, three_assessors()[1:]
    undeclared = a_panel(people=[person, *others]).assignments.get(assessor=person)
    recused = declare_conflict(a_panel(people=[person, *others]).assignments.get(assessor=person))
    sent = declare_free(a_panel(people=[person, *others]).assignments.get(assessor=person))
    fill(sent)
    send(sent)
    full = declare_free(a_panel(people=[person, *others]).assignments.get(assessor=person))
    fill(full)
    rows = rows_of(source(client, reverse("assessments")))
    total = len(one.assessment.instrument.ladders)
    state = {
        each.pk: next(row for row in rows if each.assessment.nomination.product.name in row)
        for each in (one, undeclared, recused, sent, full)
    }
    assert f"0 dari {total} terisi" in state[one.pk]
    assert "Menunggu pernyataan Anda" in state[undeclared.pk]
    assert "Tidak menilai: benturan kepentingan" in state[recused.pk]
    assert "terisi" not in state[recused.pk]
    assert "Terkirim" in state[sent.pk]
    assert f"{total} dari {total} terisi" in state[full.pk]
    assert "Periksa penilaian" in state[full.pk]
    # What is to be done stands before what is sent, and that before what was recused.
    assert rows.index(state[one.pk]) < rows.index(state[sent.pk]) < rows.index(state[recused.pk])


def test_progress_counts_everything_assigned_and_leaves_out_what_was_recused(client, one, codes):
    person, others = one.assessor, three_assessors()[1:]
    fill(one, dict.fromkeys(codes[:3], 2))
    second = declare_free(a_panel(people=[person, *others]).assignments.get(assessor=person))
    fill(second)
    send(second)
    declare_conflict(a_panel(people=[person, *others]).assignments.get(assessor=person))
    page = words(client, reverse("assessments"))
    assert "1 dari 2 penilaian terkirim" in page
    assert f"{3 + len(codes)} dari {2 * len(codes)} indikator terisi" in page


def test_once_all_are_sent_the_queue_says_so_and_urges_nothing(client, one):
    fill(one)
    send(one)
    page = words(client, reverse("assessments"))
    assert "Semua penilaian sudah Anda kirim." in page
    assert "Lanjutkan" not in page


def test_after_the_end_a_sheet_that_was_not_sent_is_not_offered_again(client, one, codes):
    fill(one, {codes[0]: 2})
    close(one)
    page = words(client, reverse("assessments"))
    assert f"Tidak terkirim, 1 dari {len(codes)} terisi: penilaian ditutup" in page
    assert "Lanjutkan" not in page


def test_a_demo_round_is_marked_as_an_example_on_every_page(client):
    RoundFactory(is_example=True)
    one = a_declared_assignment()
    client.force_login(one.assessor)
    for address in (reverse("assessments"), sheet_of(one), *(at(one, name) for name in (
        "declaration", "assignment_decline", "assessment_check"))):  # fmt: skip
        assert "Data contoh" in source(client, address), address
    fill(one)
    send(one)
    assert "Data contoh" in source(client, sheet_of(one))


def test_the_queue_asks_the_same_for_two_and_for_six(client, queries_of):
    people = three_assessors()
    client.force_login(people[0])

    def assigned(count):
        for _ in range(count):
            fill(declare_free(a_panel(people=people).assignments.get(assessor=people[0])))

    assigned(2)
    client.get(reverse("assessments"))  # the first request of a sign-in is noted in its session
    few = queries_of(reverse("assessments"))
    assigned(4)
    assert len(queries_of(reverse("assessments"))) == len(few), few
