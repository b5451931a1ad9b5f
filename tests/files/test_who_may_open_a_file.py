"""Later rooms say who may open what they hold; what nobody holds is its uploader's."""

import pytest

from files import access
from tests.factories.files import StoredFileFactory
from tests.factories.letters import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def door():
    """Give a function that makes later rooms answer as told, in that order."""
    made = []

    def answer(*answers):
        for number, said in enumerate(answers):
            name = f"room {number}"
            access.register(name, lambda person, file, said=said: said)
            made.append(name)

    before = dict(access._DOORS)
    for name in before:
        access.unregister(name)
    yield answer
    for name in made:
        access.unregister(name)
    for name, known in before.items():
        access.register(name, known)


@pytest.mark.parametrize(
    ("answers", "uploader", "another"),
    [
        ([], True, False),
        ([None], True, False),
        ([None, None], True, False),
        ([True], True, True),
        ([None, True], True, True),
        ([False, True], True, True),
        ([False], False, False),
        ([False, None], False, False),
    ],
)
def test_doors_decide_where_they_hold_the_file(door, answers, uploader, another):
    stored = StoredFileFactory()
    door(*answers)
    assert access.may_open(stored.uploaded_by, stored) is uploader
    assert access.may_open(a_person(), stored) is another


def test_until_it_is_scanned_it_is_the_uploaders_alone(door):
    stored = StoredFileFactory(waiting=True)
    door(True)
    assert access.may_open(stored.uploaded_by, stored) is True
    assert access.may_open(a_person(), stored) is False


def test_what_the_scanner_refused_is_nobodys(door):
    stored = StoredFileFactory(refused=True)
    door(True)
    assert access.may_open(stored.uploaded_by, stored) is False


def test_who_is_no_longer_active_opens_nothing(door):
    stored = StoredFileFactory(uploaded_by=a_person(is_active=False))
    assert access.may_open(stored.uploaded_by, stored) is False


def test_two_rooms_cannot_have_one_name(door):
    def first(person, file):
        return None

    access.register("room 0", first)
    access.register("room 0", first)
    with pytest.raises(ValueError, match="two doors"):
        access.register("room 0", lambda person, file: True)
    access.unregister("room 0")
