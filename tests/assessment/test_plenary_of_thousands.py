"""The board of a session with a thousand candidates: as many statements as for twenty, and one page of rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import sessions
from tests.factories.assessment import a_chair, an_open_plenary
from tests.factories.candidates import many_candidates
from tests.pages import words_of

pytestmark = pytest.mark.django_db


def opened(client, **asked):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/pleno/", asked)
    return answer, len(queries)


def test_a_thousand_candidates_cost_as_many_statements_as_twenty_and_a_page_of_fifty(client, monkeypatch):
    # A session notes once a minute that it is in use: on a slow machine that minute ends in here.
    monkeypatch.setattr(sessions, "WRITTEN_EVERY", 10**9)
    session = an_open_plenary(many_candidates(20))
    client.force_login(a_chair())
    client.get("/pleno/")
    few, asked_for_few = opened(client)
    many_candidates(980, start=20)
    many, asked_for_many = opened(client)
    assert session.round.nominations.count() == 1000
    assert asked_for_many == asked_for_few
    assert asked_for_many <= 40
    assert "1–50 dari 1.000" in words_of(many)
    assert few.content.count(b"<tr") == 21
    assert many.content.count(b"<tr") == 51
    assert len(many.content) < 4 * len(few.content)
    last, _ = opened(client, halaman=20)
    assert last.content.count(b"<tr") == 51
    assert "951–1.000 dari 1.000" in words_of(last)
