"""/penghargaan/ambil-alih/: a file is looked through, then taken over whole, by the secretariat alone."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.roles import Role
from awards import taking_over, taking_over_pages
from awards.models import Award, Decree
from nominations import import_steps
from nominations.models import Ikm
from tests.factories.accounts import GARUT, TANAH_DATAR, a_person, a_regency
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_signatory
from tests.factories.nominations import a_group
from tests.nominations.importing import GOOD, HEAD, a_book, a_csv
from tests.pages import words_of

pytestmark = pytest.mark.django_db
ADDRESS = "/penghargaan/ambil-alih/"
AWARDS_HEAD = (*HEAD, "star")
ONE = (*GOOD, "4")
TWO = (TANAH_DATAR, "Kain tenun", "Tenun Pandai", "Songket", "", "", "5")


@pytest.fixture(autouse=True)
def places():
    for code in (GARUT, TANAH_DATAR):
        a_regency(code)
    for code in ("anyaman", "kain_tenun"):
        a_group(code)


@pytest.fixture
def secretary(client):
    person = a_secretary()
    client.force_login(person)
    return person


def sent(client, content, name="penghargaan.csv", **changes):
    given = {"year": "2018", "number": "1214 TAHUN 2018", "on": "2018-12-05", "maximum_star": "5"}
    return client.post(ADDRESS, {**given, **changes, "table": SimpleUploadedFile(name, content)})


def looked_through(client, *rows) -> str:
    answer = sent(client, a_csv(*rows, head=AWARDS_HEAD))
    assert answer.status_code == 302, words_of(answer)
    return answer["Location"]


def test_a_file_is_looked_through_and_then_taken_over_whole(client, secretary):
    answer = sent(client, a_book(ONE, TWO, head=AWARDS_HEAD), name="penghargaan.xlsx")
    page = words_of(client.get(answer["Location"]))
    assert "2 produk, bintang tertinggi 5" in page
    assert "IKM baru UD Bambu Indah (Kabupaten Garut), produk baru Topi bambu: bintang 4" in page
    assert not Ikm.objects.exists()
    done = client.post(answer["Location"], follow=True)
    assert "2 penghargaan periode 2018 diambil alih dan diumumkan." in words_of(done)
    decree = Decree.objects.get()
    assert (decree.number, decree.date, decree.drafted_by) == (
        "1214 TAHUN 2018",
        date(2018, 12, 5),
        secretary,
    )
    assert Award.objects.published().count() == 2
    page = words_of(client.get(decree.get_absolute_url()))
    assert "SK ini diambil alih dari arsip Kementerian." in page
    assert "sedang dibuat" not in page
    assert "2018 1214 TAHUN 2018, 5 Desember 2018 2 " in words_of(client.get(ADDRESS))
    assert "Tenun Pandai" in words_of(client.get("/katalog/"))


def test_every_problem_is_named_by_row_and_column_and_nothing_is_taken(client, secretary):
    address = looked_through(client, ONE, (*TWO[:-1], "7"), (*TWO[:3], "Selendang", "", "", ""))
    page = words_of(client.get(address))
    assert "2 kesalahan pada 3 baris" in page
    assert "Baris 3 star Tulis bintang 1 sampai 5; tertulis “7”." in page
    assert "Baris 4 star Kolom ini wajib diisi." in page
    assert "Ambil alih 1" not in page
    list_of_them = b"".join(client.get(f"{address}kesalahan.csv").streaming_content).decode("utf-8-sig")
    assert "kesalahan;3;star;" in list_of_them
    assert client.post(address).status_code == 409
    assert not Award.objects.exists()
    assert not Ikm.objects.exists()


def test_confirmed_twice_or_by_two_at_once_it_is_taken_over_once(client, secretary):
    address = looked_through(client, ONE)
    key = taking_over_pages._store._key(address.split("/")[-2])
    kept = import_steps.cache.get(key)
    client.post(address)
    assert "sudah diambil alih atau tidak tersimpan lagi" in words_of(client.post(address, follow=True))
    # A second press that came before the first had ended finds the file still there.
    import_steps.cache.set(key, kept)
    again = client.post(address)
    assert again.status_code == 409
    assert "sudah mempunyai SK Nomor 1214 TAHUN 2018" in words_of(again)
    assert Decree.objects.count() == 1


def test_a_round_with_a_decree_of_its_own_says_so_before_anything_is_confirmed(client, secretary):
    a_drafted_decree()
    answer = sent(client, a_csv(ONE, head=AWARDS_HEAD), year="2026", on="2026-01-05")
    assert "sudah mempunyai rancangan SK" in words_of(client.get(answer["Location"]))


def test_what_is_missing_or_unreadable_is_said_on_the_first_page(client, secretary):
    answer = sent(client, b"\x00\x01", name="penghargaan.csv", number="")
    assert answer.status_code == 422
    assert "Isi nomor SK." in words_of(answer)
    answer = sent(client, b"not,a\n", name="penghargaan.csv")
    assert answer.status_code == 422
    assert "Berkas ini tidak dapat dibaca; belum ada yang diambil alih." in words_of(answer)


def test_the_file_waits_for_its_sender_only(client, secretary):
    address = looked_through(client, ONE)
    client.force_login(a_person(Role.SEKRETARIAT))
    assert client.get(address).url == ADDRESS
    assert client.post(address).url == ADDRESS
    assert client.get(f"{address}kesalahan.csv").status_code == 404
    assert not Decree.objects.exists()


def test_the_template_has_the_column_of_stars(client, secretary):
    head = client.get(f"{ADDRESS}templat.csv").content.decode("utf-8-sig").splitlines()[0]
    assert head.split(";")[-1].strip('"') == "star"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{ADDRESS}templat.xlsx").content))
    assert [cell.value for cell in book.worksheets[0][1]] == list(taking_over.COLUMNS)
    assert client.get(f"{ADDRESS}templat.pdf").status_code == 404


def test_only_the_secretariat_takes_over(client):
    for person in (a_signatory(), a_person(Role.AUDITOR), a_person(Role.DINAS)):
        client.force_login(person)
        for end in ("", "templat.csv", "0123456789abcdef/"):
            assert client.get(ADDRESS + end).status_code == 403
        assert sent(client, a_csv(ONE, head=AWARDS_HEAD)).status_code == 403
    client.force_login(a_secretary())
    assert ADDRESS in client.get("/penghargaan/").content.decode()
