"""Lists and exports over 10,000 nominations: few questions, and as many for ten as for ten thousand."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from nominations import reference
from nominations.models import Nomination
from tests import databases
from tests.factories.accounts import a_person, a_regency
from tests.factories.many import many_nominations

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
]
# What stands beside the list besides: what waits for the office, and per row which documents are there, who is alike.
AT_MOST_ON = {(Role.DINAS, "/usulan/"): 19, (Role.PROVINSI, "/verifikasi-provinsi/"): 20}
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
            with databases.pointed_at(name):
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
    found = {}
    for mark, count in (("sedikit", FEW), ("banyak", MANY - FEW)):
        many_nominations(count, by=people[Role.DINAS], mark=mark)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        found[mark] = {one: _statements(clients[one[0]], one[1]) for one in (*LISTS, *AT_MOST_ON)}
        found[mark] |= {(*one, "csv"): _statements(clients[one[0]], one[1], unduh="csv") for one in EXPORTS}
    assert Nomination.objects.count() == MANY
    return found


def _statements(client: Client, address: str, **posted: str) -> int:
    # The first time the session notes how the list was left, and once a minute that it is in use.
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(address, posted) if posted else client.get(address)
        assert answer.status_code == 200, address
        if answer.streaming:
            lines = b"".join(answer.streaming_content).count(b"\r\n")
            assert lines > 1
    # What a reading is recorded with is the auditor's, not the list's.
    return len([one for one in queries if "audit_reading" not in one["sql"] and "POINT" not in one["sql"]])


@pytest.mark.parametrize("one", [*LISTS, *AT_MOST_ON], ids=lambda one: f"{one[0]}{one[1]}")
def test_a_list_asks_little_and_the_same_for_ten_thousand(asked, one):
    assert asked["banyak"][one] == asked["sedikit"][one]
    assert asked["banyak"][one] <= AT_MOST_ON.get(one, AT_MOST)


@pytest.mark.parametrize("one", EXPORTS, ids=lambda one: f"{one[0]}{one[1]}")
def test_an_export_asks_the_same_for_ten_thousand(asked, one):
    assert asked["banyak"][(*one, "csv")] == asked["sedikit"][(*one, "csv")]
