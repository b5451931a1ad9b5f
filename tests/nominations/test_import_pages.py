"""/usulan/impor/: a file is looked through, then taken over once, by the secretariat alone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from nominations import import_pages, import_steps
from nominations.models import Ikm, Nomination, Phase
from tests.factories.accounts import a_dinas, a_person
from tests.factories.nominations import RoundFactory, a_phase
from tests.made_once import made_once
from tests.nominations.importing import GOOD, a_book, a_csv
from tests.nominations.proposing import main_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]
ADDRESS = "/usulan/impor/"


@made_once
def round_():
    a_dinas()
    RoundFactory(year=2018, is_example=True)
    return RoundFactory(year=2026)


@pytest.fixture
def secretary(client, round_):
    person = a_person(Role.SEKRETARIAT)
    client.force_login(person)
    return person


def sent(client, content, name="usulan.csv", year=2026):
    return client.post(ADDRESS, {"periode": year, "berkas": SimpleUploadedFile(name, content)})


def looked_through(client, content, **more):
    """The address of the second step."""
    answer = sent(client, content, **more)
    assert answer.status_code == 302, text_of(answer)
    return answer["Location"]


def test_a_file_is_looked_through_and_then_imported(client, secretary):
    second = [*GOOD[:3], "Tas bambu", *GOOD[4:]]
    address = looked_through(client, a_book(GOOD, second), name="usulan.xlsx")
    assert not Ikm.objects.exists()
    page = client.get(address)
    assert "2 draf dari 1 dinas" in text_of(page)
    assert "1 sentra, 1 IKM, dan 2 produk baru" in text_of(page)
    assert ">Impor 2 usulan</button>" in main_of(page)
    assert not Nomination.objects.exists()
    answer = client.post(address, follow=True)
    assert "2 usulan diimpor ke periode 2026 sebagai draf dari 1 dinas." in " ".join(
        answer.content.decode().split()
    )
    assert Nomination.objects.filter(created_by=secretary, state="draft").count() == 2


def test_confirmed_twice_it_is_imported_once(client, secretary):
    address = looked_through(client, a_csv(GOOD))
    kept = import_steps.cache.get(import_pages._store._key(address.split("/")[-2]))
    client.post(address)
    answer = client.post(address, follow=True)
    assert "sudah diimpor" in text_of(answer)
    # A second press that came before the first had ended finds the file still there.
    import_steps.cache.set(import_pages._store._key(address.split("/")[-2]), kept)
    answer = client.post(address, follow=True)
    assert "Berkas ini sudah diimpor. Tidak ada yang ditambahkan lagi." in answer.content.decode()
    assert Nomination.objects.count() == 1


def test_looking_writes_nothing(client, secretary):
    address = looked_through(client, a_csv(GOOD))
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as asked:
        for one in (ADDRESS, address, f"{address}kesalahan.csv", f"{ADDRESS}templat.xlsx"):
            answer = client.get(one)
            assert answer.status_code == 200
            b"".join(answer.streaming_content if answer.streaming else [])
    written = [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written if "django_session" not in sql]


def test_errors_stand_in_a_table_and_in_a_file_and_nothing_is_imported(client, secretary, monkeypatch):
    monkeypatch.setattr(import_steps, "SHOWN", 1)
    address = looked_through(client, a_csv([*GOOD[:5], "12"], ["9999", *GOOD[1:]]))
    text = text_of(client.get(address))
    assert "2 kesalahan pada 2 baris" in text
    assert "NIB harus 13 angka; Anda mengisi 2." in text
    assert "9999" not in text, "the first only; all are in the file"
    assert "Impor" not in main_of(client.get(address)).partition("</h1>")[2]
    lines = b"".join(client.get(f"{address}kesalahan.csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Jenis;Baris;Kolom;Keterangan"
    assert [line.split(";")[:3] for line in lines[1:]] == [
        ["kesalahan", "2", "nib"],
        ["kesalahan", "3", "regency_code"],
    ]
    assert client.post(address).status_code == 200
    assert not Ikm.objects.exists()


def test_a_file_that_is_no_table_is_refused_beside_the_form(client, secretary):
    for content, words in (
        (b"<html></html>", "HTML"),
        (a_csv(GOOD[:2], head=("regency_code", "hp")), "tidak dikenal"),
    ):
        answer = sent(client, content)
        assert answer.status_code == 200
        assert words in text_of(answer)
    assert "Berkas ini kosong." in text_of(sent(client, b""))
    assert "Pilih berkas yang akan diimpor." in text_of(client.post(ADDRESS, {"periode": "2026"}))


def test_a_round_of_examples_cannot_be_chosen(client, secretary):
    assert 'value="2018"' not in main_of(client.get(ADDRESS))
    assert sent(client, a_csv(GOOD), year=2018).status_code == 200
    assert not Nomination.objects.exists()


def test_a_phase_that_ends_between_the_steps_is_told(client, secretary, round_):
    address = looked_through(client, a_csv(GOOD))
    phase = round_.phase(Phase.Kind.NOMINATION)
    a_phase(round_, phase.kind, opens_at=phase.opens_at, closes_at=phase.opens_at + timedelta(days=1))
    answer = client.post(address)
    assert answer.status_code == 409
    assert "Pengusulan sudah ditutup" in text_of(answer)
    assert not Nomination.objects.exists()


def test_what_one_sent_another_does_not_find(client, secretary):
    address = looked_through(client, a_csv(GOOD))
    client.force_login(a_person(Role.SEKRETARIAT))
    assert client.get(address).status_code == 302
    assert client.post(address).status_code == 302
    assert client.get(f"{address}kesalahan.csv").status_code == 404
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SEKRETARIAT])
def test_the_pages_are_the_secretariats(client, round_, role):
    client.force_login(a_person(role))
    for address in (ADDRESS, f"{ADDRESS}abc/", f"{ADDRESS}abc/kesalahan.csv", f"{ADDRESS}templat.csv"):
        assert client.get(address).status_code == 403
    assert sent(client, a_csv(GOOD)).status_code == 403


def test_there_is_no_other_template(client, secretary):
    assert client.get(f"{ADDRESS}templat.pdf").status_code == 404
    assert client.get(f"{ADDRESS}templat.csv").content.startswith("\ufeff".encode())
