"""Lists and exports over 10,000 nominations: few questions, and as many for ten as for ten thousand."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sessions
from accounts.roles import Role
from nominations import reference
from nominations.models import DocumentKind, Nomination
from tests import databases
from tests.factories.accounts import a_person, a_regency
from tests.factories.many import many_nominations
from tests.factories.nominations import NominationFactory, RoundFactory, link_document

pytestmark = pytest.mark.xdist_group("thousands")
FEW, MANY = 12, 10_000
AT_MOST = 12
LISTS = [
    (Role.DINAS, "/usulan/?urut=produk&halaman=2"),
    (Role.PROVINSI, "/usulan/"),
    (Role.SEKRETARIAT, "/usulan/"),
    (Role.AUDITOR, "/usulan/?status=endorsed&kelompok=anyaman&urut=-dikirim&halaman=3"),
    (Role.PROVINSI, "/verifikasi-provinsi/?tampil=selesai&urut=sejak"),
    (Role.SEKRETARIAT, "/seleksi/"),
    (Role.SEKRETARIAT, "/seleksi/?tampil=semua&q=bambu&urut=-sejak"),
    (Role.DINAS, "/potensi/"),
    (Role.DINAS, "/potensi/?daftar=produk&cari=tas"),
    (Role.SEKRETARIAT, "/potensi/?daftar=sentra&urut=-jumlah"),
    # With all that stands beside them when they are opened first: what waits for the office, which documents are there.
    (Role.DINAS, "/usulan/"),
    (Role.PROVINSI, "/verifikasi-provinsi/"),
]
EXPORTS = [
    (Role.SEKRETARIAT, "/usulan/"),
    (Role.DINAS, "/potensi/"),
]


@pytest.fixture(scope="module")
def asked(django_db_setup: None, template_database: str, django_db_blocker: Any) -> dict[str, dict[Any, int]]:
    """How many statements each list and export took over a dozen and over ten thousand, in a database of its own."""
    from django.conf import settings

    name = f"ovop_test_thousands_{settings.RUN}"
    with django_db_blocker.unblock():
        databases.copy_of(template_database, name)
        try:
            with databases.pointed_at(name), pytest.MonkeyPatch.context() as patch:
                # A session notes once a minute that it is in use: on a slow machine that minute ends in here.
                patch.setattr(sessions, "WRITTEN_EVERY", 10**9)
                yield _counted()
        finally:
            databases.drop(name)


def _counted() -> dict[str, dict[Any, int]]:
    reference.load()
    people = {
        role: a_person(role, around=a_regency()) for role in (Role.DINAS, Role.PROVINSI, Role.SEKRETARIAT)
    }
    people[Role.AUDITOR] = a_person(Role.AUDITOR)
    clients = {role: Client() for role in people}
    for role, client in clients.items():
        client.force_login(people[role])
    _something_to_do(people[Role.DINAS])
    found = {}
    for mark, count in (("sedikit", FEW), ("banyak", MANY - FEW)):
        many_nominations(count, by=people[Role.DINAS], mark=mark)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        found[mark] = {one: _statements(clients[one[0]], one[1]) for one in LISTS}
        found[mark] |= {(*one, "csv"): _statements(clients[one[0]], one[1], unduh="csv") for one in EXPORTS}
    assert Nomination.objects.count() == MANY + 2
    return found


def _something_to_do(officer: Any) -> None:
    """A draft with a licence that expires soon, and a nomination that was returned with a remark."""
    # Numbers are given inside a transaction.
    with transaction.atomic():
        _make_them(officer)


def _make_them(officer: Any) -> None:
    draft = NominationFactory(by=officer, round=RoundFactory(year=2026))
    link_document(draft, DocumentKind.objects.get(pk="halal"), expires_on=timezone.localdate())
    NominationFactory(in_state="returned", by=officer, round=draft.round)


def _statements(client: Client, address: str, **posted: str) -> int:
    # The first time the session notes how the list was left, and that it is in use.
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(address, posted) if posted else client.get(address)
        assert answer.status_code == 200, address
        if answer.streaming:
            lines = b"".join(answer.streaming_content).count(b"\r\n")
            assert lines > 1
    # What a reading is recorded with is the auditor's, not the list's.
    return len([one for one in queries if "audit_reading" not in one["sql"] and "POINT" not in one["sql"]])


@pytest.mark.parametrize("one", LISTS, ids=lambda one: f"{one[0]}{one[1]}")
def test_a_list_asks_little_and_the_same_for_ten_thousand(asked, one):
    assert asked["banyak"][one] == asked["sedikit"][one]
    assert asked["banyak"][one] <= AT_MOST


@pytest.mark.parametrize("one", EXPORTS, ids=lambda one: f"{one[0]}{one[1]}")
def test_an_export_asks_the_same_for_ten_thousand(asked, one):
    assert asked["banyak"][(*one, "csv")] == asked["sedikit"][(*one, "csv")]
