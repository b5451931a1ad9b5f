"""LS-{tahun}-{nnnn}: gapless, also when two sheets are numbered at once or one goes wrong."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.models import Office
from accounts.roles import Role
from letters import kinds, official
from letters.models import Letter
from letters.outbox import Refused
from tests.factories.letter_contents import FRIDAY, a_head, a_proposal, a_sheet
from tests.factories.letters import MINISTRY, NOON, a_person
from tests.made_once import made_once


@made_once
def by():
    return a_secretary()


def a_secretary():
    return a_person(Role.SEKRETARIAT)


def initialled(by, content=None):
    office = Office.objects.get(code=MINISTRY)
    letter = official.draft(
        content or a_sheet("lolos"), head=a_head(number="", date=None), office=office, by=by, at=NOON
    )
    return official.initial(letter, by=by, at=NOON)


@pytest.mark.django_db
def test_each_sheet_gets_the_next_number_of_its_round(by):
    numbers = [
        official.assign_portal_number(initialled(by), date=FRIDAY, by=by, at=NOON).number for _ in range(3)
    ]
    assert numbers == ["LS-2026-0001", "LS-2026-0002", "LS-2026-0003"]


@pytest.mark.django_db
def test_a_number_is_neither_typed_for_a_sheet_nor_given_to_a_letter_of_the_register(by):
    with pytest.raises(Refused, match="diberikan portal"):
        official.assign_number(initialled(by), number="LS-9", date=FRIDAY, by=by, at=NOON)
    with pytest.raises(Refused, match="buku agenda"):
        official.assign_portal_number(initialled(by, a_proposal()), date=FRIDAY, by=by, at=NOON)


@pytest.mark.django_db
def test_what_fails_gives_its_number_back(by):
    letter = initialled(by)
    with pytest.raises(RuntimeError), transaction.atomic():
        official.assign_portal_number(letter, date=FRIDAY, by=by, at=NOON)
        raise RuntimeError
    assert official.assign_portal_number(letter, date=FRIDAY, by=by, at=NOON).number == "LS-2026-0001"


@pytest.mark.django_db
def test_a_sheet_that_went_back_keeps_its_number_and_is_not_thrown_away(by):
    letter = official.assign_portal_number(initialled(by), date=FRIDAY, by=by, at=NOON)
    letter = official.back_to_draft(letter, by=by, at=NOON, reason="keliru")
    assert letter.number == ""
    with pytest.raises(Refused, match="LS-2026-0001"):
        official.discard(letter, by=by, at=NOON, reason="keliru")
    other = official.assign_portal_number(initialled(by), date=FRIDAY, by=by, at=NOON)
    assert other.number == "LS-2026-0002"
    letter = official.initial(letter, by=by, at=NOON)
    again = official.assign_portal_number(letter, date=date(2026, 3, 16), by=by, at=NOON)
    assert again.number == "LS-2026-0001"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers_in_a_row():
    by = a_secretary()
    letters = [initialled(by) for _ in range(4)]
    barrier, problems = threading.Barrier(4), []

    def press(letter):
        try:
            barrier.wait(10)
            official.assign_portal_number(letter, date=FRIDAY, by=by, at=NOON)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[letter]) for letter in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not problems
    numbers = sorted(Letter.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == [f"LS-2026-{n:04d}" for n in (1, 2, 3, 4)]


@pytest.mark.django_db
def test_a_refusal_signed_by_one_alone_is_not_even_drafted(by):
    alone = a_sheet("tidak_lolos", second_name=a_head().signatory.full_name)
    with pytest.raises(kinds.NotConsistent, match="dua orang"):
        initialled(by, alone)
