"""/jejak/ tells every act of every room in words, to auditor and admin alone."""

import ast
from pathlib import Path

import pytest

from accounts.roles import Role
from audit import history
from nominations import lifecycle
from ovop_portal import acts
from tests.factories.accounts import a_person
from tests.factories.nominations import NominationFactory, an_hour_ago
from tests.pages import words_of

PROJECT = Path(__file__).resolve().parents[2]


def _recorded() -> set[str]:
    """The actions that the rooms write into the history, read from their code."""
    found: set[str] = set()
    for path in PROJECT.glob("[a-z]*/**/*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "history.record",
                "history.record_all",
                "_moved",
            ):
                found |= {
                    each.value
                    for each in ast.walk(ast.Tuple(node.args[:2]))
                    if isinstance(each, ast.Constant)
                }
    return {action for action in found if isinstance(action, str)} | set(lifecycle.ACTIONS)


def test_every_act_that_is_recorded_has_its_words():
    recorded = _recorded()
    assert {"submit", "seal_plenary", "letter_signed", "declare_conflict"} <= recorded
    assert recorded == set(acts.ACTS)


@pytest.mark.django_db
def test_an_act_is_told_with_who_what_and_from_where_to_where(client):
    nomination = NominationFactory(in_state="submitted")
    officer = a_person(Role.DINAS, around=nomination, name="Lalu Muhammad Zaini")
    history.record(
        "withdraw", nomination, by=officer, at=an_hour_ago(), from_state="submitted", to_state="withdrawn",
        reason="Produk diganti tahun depan.",
    )  # fmt: skip
    client.force_login(a_person(Role.AUDITOR))
    answer = client.get("/jejak/", {"tindakan": "withdraw"})
    words = words_of(answer)
    assert "Lalu Muhammad Zaini" in words
    assert "Tarik usulan" in words
    assert f"Usulan {nomination.pk}" in words
    assert "Menunggu verifikasi provinsi ke Ditarik" in words
    assert "Produk diganti tahun depan." in words
    assert f'href="/usulan/{nomination.pk}/"' in answer.content.decode()

    client.force_login(a_person(Role.ADMIN))
    answer = client.get("/jejak/", {"tindakan": "withdraw"})
    assert f"Usulan {nomination.pk}" in words_of(answer)
    assert "/usulan/" not in answer.content.decode(), "a link that ends on a page not theirs"


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AUDITOR, Role.ADMIN)])
def test_nobody_else_reads_it(client, role):
    client.force_login(a_person(role))
    assert client.get("/jejak/").status_code == 403


@pytest.mark.django_db
def test_it_asks_the_same_of_the_database_for_two_and_for_forty(client, queries_of):
    nomination = NominationFactory(in_state="draft")
    client.force_login(a_person(Role.ADMIN))

    def act(times: int) -> None:
        for _ in range(times):
            history.record("begin", nomination, by=a_person(Role.DINAS, around=nomination), at=an_hour_ago())

    act(2)
    client.get("/jejak/")
    few = len(queries_of("/jejak/"))
    act(38)
    assert len(queries_of("/jejak/")) == few
