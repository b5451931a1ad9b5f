"""A sign-in lasts as long as it is used, is written down once a minute, and ends after a working day."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests.factories.accounts import a_person

pytestmark = pytest.mark.django_db
EIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(EIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def signed_in(client, clock):
    client.force_login(a_person(Role.AUDITOR))
    client.get("/beranda/")
    return client


def session_writes(client):
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/beranda/").status_code == 200
    return [sql["sql"] for sql in captured.captured_queries if 'UPDATE "django_session"' in sql["sql"]]


def test_its_end_moves_with_each_use(signed_in, clock):
    assert Session.objects.get().expire_date == EIGHT + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    clock.shift(timedelta(hours=3, minutes=59))
    assert signed_in.get("/beranda/").status_code == 200
    later = EIGHT + timedelta(hours=3, minutes=59, seconds=settings.SESSION_COOKIE_AGE)
    assert Session.objects.get().expire_date == later


def test_unused_it_ends(signed_in, clock):
    clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE))
    assert signed_in.get("/beranda/").url.startswith("/masuk/")


def test_it_is_written_once_a_minute_at_most(signed_in, clock):
    clock.shift(timedelta(seconds=59))
    assert session_writes(signed_in) == []
    clock.shift(timedelta(seconds=1))
    assert len(session_writes(signed_in)) == 1
    assert session_writes(signed_in) == []


def test_used_without_a_pause_it_ends_after_a_working_day_all_the_same(signed_in, clock):
    for _ in range(15):
        clock.shift(timedelta(hours=1))
        assert signed_in.get("/beranda/").status_code == 200
    clock.shift(timedelta(minutes=59, seconds=59))
    assert signed_in.get("/beranda/").status_code == 200
    clock.shift(timedelta(seconds=1))
    assert signed_in.get("/beranda/").url.startswith("/masuk/")


def test_a_visitor_has_none(client, clock):
    assert client.get("/").cookies == {}
    assert not Session.objects.exists()
