from typing import Any

import pytest

from accounts.models import Person
from accounts.roles import Role
from nominations import reference
from tests.factories.accounts import GARUT, a_person, a_regency
from tests.made_once import made_once


@made_once
def requirements() -> None:
    """Commodity groups, kinds of documents and requirements are loaded; the days off are there since the migrations."""
    reference.load()


@made_once
def of_garut() -> Person:
    """An officer of the dinas of Garut."""
    return a_person(Role.DINAS, around=a_regency(GARUT))


@pytest.fixture
def officer(of_garut: Person, client: Any) -> Person:
    """The officer of the dinas of Garut, signed in with `client`."""
    client.force_login(of_garut)
    return of_garut
