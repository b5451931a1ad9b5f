"""The message log, the rounds, the panels and the accounts: narrowed, sorted, in pages, taken along and recorded."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from audit.models import Entry
from letters.models import Message
from nominations.models import Phase
from tests.factories.accounts import TANAH_DATAR, a_person, a_regency
from tests.factories.assessment import a_panel, an_instrument, three_assessors
from tests.factories.letters import BatchFactory, MessageFactory
from tests.factories.nominations import NominationFactory, ProductFactory, RoundFactory, a_group
from tests.nominations.importing import opened
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db

READERS = {
    "/pesan/": {Role.SEKRETARIAT, Role.AUDITOR},
    "/periode/": {Role.SEKRETARIAT, Role.AUDITOR},
    "/panel/": {Role.SEKRETARIAT, Role.AUDITOR, Role.KETUA},
    "/akun/": {Role.SEKRETARIAT, Role.AUDITOR, Role.ADMIN, Role.PROVINSI},
}
NAMES = {"/pesan/": "pesan", "/periode/": "periode", "/panel/": "panel-2026", "/akun/": "akun"}


def taken(client, address):
    answer = client.post(address, {"unduh": "csv"})
    assert answer.status_code == 200, address
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def order_in(client, address, names):
    """The names in the order in which the table of the page shows them."""
    body = main_of(client.get(address))
    table = body[body.rindex("<tbody") :] if "/panel/" not in address else body[body.index("<tbody") :]
    return sorted((name for name in names if name in table), key=table.index)


@pytest.fixture
def secretary(client):
    person = a_person(Role.SEKRETARIAT, name="Ratna Dewi")
    client.force_login(person)
    return client


@pytest.mark.parametrize("address", READERS)
def test_who_reads_the_list_takes_it_and_nobody_else(client, address):
    NominationFactory(in_state="eligible")
    MessageFactory()
    for role in Role:
        client.force_login(a_person(role, around=a_regency()))
        if role not in READERS[address]:
            assert client.post(address, {"unduh": "csv"}).status_code == 403, role
            continue
        assert taken(client, address), role
        answer = client.post(address, {"unduh": "xlsx"})
        sheet = opened(b"".join(answer.streaming_content)).worksheets[0]
        assert sheet.max_row > 1
        assert 'value="xlsx">Unduh XLSX' in main_of(client.get(address))


@pytest.mark.parametrize("address", READERS)
def test_each_taking_is_recorded_and_looking_is_not(secretary, address):
    NominationFactory(in_state="eligible")
    MessageFactory()
    secretary.get(f"{address}?unduh=csv")
    assert secretary.post(f"{address}?urut=x", {"unduh": "exe"})["Location"] == f"{address}?urut=x"
    assert not Entry.objects.filter(action="list_exported").exists()
    rows = taken(secretary, f"{address}?q=siti@contoh.example" if address != "/periode/" else address)
    (entry,) = Entry.objects.filter(action="list_exported")
    assert entry.details["list"] == NAMES[address]
    assert entry.details["count"] == len(rows)
    assert entry.details["filters"] == ({} if address == "/periode/" else {"q": True})


# --- /pesan/ ---------------------------------------------------------------------------------------------------
def test_the_log_is_taken_as_it_is_narrowed_with_what_the_page_shows_and_not_the_words_of_a_message(
    secretary,
):
    MessageFactory(
        state="failed", subject="=HYPERLINK(1)", last_error="Alamat tidak dikenal", body_text="Rahasia"
    )
    MessageFactory(state="waiting", private_link="https://portal.example/undangan/rahasia/")
    (row,) = taken(secretary, "/pesan/?keadaan=failed")
    assert row["Perihal"] == "'=HYPERLINK(1)"
    assert (row["Keadaan"], row["Kendala"]) == ("Gagal", "Alamat tidak dikenal")
    assert set(row) == {"Perihal", "Penerima", "Alamat", "Jenis", "Keadaan", "Kendala", "Diantrekan (WIB)"}
    everything = str(taken(secretary, "/pesan/")).lower()
    assert "rahasia" not in everything


def test_the_log_is_sorted_and_says_how(secretary):
    MessageFactory(subject="Beta", queued_at=timezone.now())
    MessageFactory(subject="Alfa", queued_at=timezone.now() - timedelta(days=1))
    assert order_in(secretary, "/pesan/", ["Alfa", "Beta"]) == ["Beta", "Alfa"]
    assert order_in(secretary, "/pesan/?urut=perihal", ["Alfa", "Beta"]) == ["Alfa", "Beta"]
    assert "Pesan, menurut perihal, menaik" in words_of(secretary.get("/pesan/?urut=perihal"))
    assert "Pesan, yang terlama lebih dahulu" in words_of(secretary.get("/pesan/?urut=waktu"))
    assert "Pesan, yang terbaru lebih dahulu" in words_of(secretary.get("/pesan/?urut=bukan"))


# --- /periode/ -------------------------------------------------------------------------------------------------
def a_round(year, *, opens, closes):
    round_ = RoundFactory(year=year)
    round_.phases.all().delete()
    now = timezone.now()
    Phase.objects.create(
        round=round_, kind=Phase.Kind.NOMINATION, opens_at=now + timedelta(days=opens),
        closes_at=now + timedelta(days=closes),
    )  # fmt: skip
    return round_


def test_rounds_are_narrowed_by_where_they_stand_and_sorted(secretary):
    a_round(2020, opens=-9, closes=-5)
    a_round(2022, opens=-5, closes=5)
    a_round(2024, opens=5, closes=9)
    RoundFactory(year=2028).phases.all().delete()

    def years(query):
        return [row["Periode"] for row in taken(secretary, f"/periode/{query}")]

    assert years("") == ["2028", "2024", "2022", "2020"]
    assert years("?urut=periode") == ["2020", "2022", "2024", "2028"]
    assert years("?keadaan=berjalan") == ["2022"]
    assert years("?keadaan=mendatang") == ["2024"]
    assert years("?keadaan=selesai") == ["2020"]
    assert years("?keadaan=belum") == ["2028"]
    page = words_of(secretary.get("/periode/?keadaan=berjalan&urut=-usulan"))
    assert "Pengusulan sampai" in page
    assert "Periode, menurut usulan, menurun" in page
    assert taken(secretary, "/periode/?keadaan=belum")[0]["Tahap"] == "Belum dijadwalkan"


# --- /panel/ ---------------------------------------------------------------------------------------------------
def test_the_panels_are_taken_as_they_stand_on_the_page(secretary):
    an_instrument()
    seated = a_panel(people=three_assessors()[:2]).nomination
    waiting = NominationFactory(in_state="eligible", product=ProductFactory(group=a_group("gerabah")))
    rows = taken(secretary, "/panel/")
    assert [row["Nomor usulan"] for row in rows] == [waiting.number, seated.number]
    assert [row["Panel"] for row in rows] == ["Belum berpanel", "Panel belum lengkap"]
    assert [row["Kursi kosong"] for row in rows] == ["3", "1"]
    assert rows[1]["Penilai"].count("(Belum menyatakan)") == 2
    (row,) = taken(secretary, "/panel/?keadaan=kurang")
    assert row["Nomor usulan"] == seated.number
    assert [row["Nomor usulan"] for row in taken(secretary, "/panel/?urut=-panel")] == [
        seated.number,
        waiting.number,
    ]
    assert "yang selesai di atas" in words_of(secretary.get("/panel/?urut=-panel"))


def test_the_panels_of_another_period_are_another_list(secretary):
    NominationFactory(in_state="eligible")
    before = NominationFactory(in_state="eligible", round=RoundFactory(year=2024))
    answer = secretary.post("/panel/?periode=2024", {"unduh": "csv"})
    assert 'filename="panel-2024-' in answer["Content-Disposition"]
    assert before.number in b"".join(answer.streaming_content).decode()
    # The period stands in its field, not among the filters that can be dropped.
    assert "Hapus semua saringan" not in words_of(secretary.get("/panel/?periode=2024"))


# --- /akun/ ----------------------------------------------------------------------------------------------------
def test_a_province_takes_the_people_of_its_own_dinas_alone(client):
    own = a_person(Role.DINAS, around=a_regency(), name="Siti Aminah")
    a_person(Role.DINAS, around=a_regency(TANAH_DATAR), name="Orang Lain")
    client.force_login(a_person(Role.PROVINSI, around=a_regency()))
    (row,) = taken(client, "/akun/")
    assert (row["Nama"], row["Email"], row["Peran"]) == (
        own.full_name,
        own.email,
        "Petugas dinas kabupaten/kota",
    )
    body = main_of(client.get("/akun/"))
    assert "Siti Aminah" in body
    assert 'name="provinsi"' not in body
    assert taken(client, "/akun/?provinsi=13")[0]["Nama"] == own.full_name


def test_accounts_are_narrowed_by_role_place_and_whether_they_hold(secretary):
    siti = a_person(Role.DINAS, around=a_regency(), name="Siti Aminah")
    budi = a_person(Role.DINAS, around=a_regency(TANAH_DATAR), name="Budi Santoso")
    Membership.objects.filter(person=budi).update(ends_on="2020-01-01")

    def names(query):
        return [row["Nama"] for row in taken(secretary, f"/akun/?{query}")]

    assert names("peran=dinas&urut=nama") == ["Budi Santoso", "Siti Aminah"]
    assert names("peran=dinas&urut=-nama") == ["Siti Aminah", "Budi Santoso"]
    assert names("provinsi=13") == ["Budi Santoso"]
    assert names("berlaku=berakhir") == ["Budi Santoso"]
    assert names(f"q={siti.email}") == ["Siti Aminah"]
    assert taken(secretary, "/akun/?berlaku=berakhir")[0]["Berlaku"] == "Sudah berakhir"
    assert "Peran dan kantor, menurut nama, menaik" in words_of(secretary.get("/akun/?urut=nama"))


# --- Speed -----------------------------------------------------------------------------------------------------
def test_no_list_asks_more_for_many_than_for_few_and_none_more_than_twelve(secretary, queries_of):
    def counts():
        found = {}
        for address in ("/pesan/", "/periode/", "/akun/"):
            secretary.get(address)
            found[address] = len(queries_of(address, by=secretary))
        return found

    MessageFactory(batch=BatchFactory())
    RoundFactory(year=2024)
    a_person(Role.DINAS, around=a_regency())
    few = counts()
    MessageFactory.create_batch(12)
    for year in range(2028, 2040):
        RoundFactory(year=year)
    for _ in range(12):
        a_person(Role.DINAS, around=a_regency())
    assert counts() == few
    assert max(few.values()) <= 12, few
    assert Message.objects.count() == 13
    assert re.search(r"1–14 dari 14", words_of(secretary.get("/akun/")))
