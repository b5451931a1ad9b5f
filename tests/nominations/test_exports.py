"""What a person may see of a list can be taken along, with its filters, harmless in a spreadsheet, and is recorded."""

import csv
import io

import pytest

from accounts.roles import Role
from audit.models import Entry
from files import tables
from nominations.models import Nomination
from tests.factories.accounts import TANAH_DATAR, a_person, a_regency
from tests.factories.nominations import NominationFactory, ProductFactory
from tests.nominations.importing import opened
from tests.nominations.proposing import main_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requirements")]


def taken(client, address, kind="csv"):
    answer = client.post(address, {"unduh": kind})
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        assert content.startswith("\ufeff".encode())
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    head, *lines = opened(content).worksheets[0].iter_rows()
    return [{h.value: cell for h, cell in zip(head, line, strict=True)} for line in lines]


def written(kind, columns, rows):
    with tables.file_of(kind, columns, rows, title="x") as file:
        return file.read()


FORMULAS = ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1", " =1", "＝1+1", "\u200b=1", "\u00a0@x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_runs_in_either_format(text):
    content = written("csv", ["a"], [[text]]).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(content.partition("\r\n")[2], newline=""), delimiter=";"))[0][0] == "'"
    cell = opened(written("xlsx", ["a"], [[text]])).worksheets[0]["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert str(cell.value).strip() == text.strip()


def test_numbers_stay_numbers_and_plain_text_stays_as_it_is():
    row = [12, -3, "UD A-B", "9120001020304", "", None, "a\x01b"]
    content = written("csv", list("abcdefg"), [row]).decode("utf-8-sig")
    assert content.splitlines()[1].startswith("12;-3;UD A-B;9120001020304;;;")
    cells = opened(written("xlsx", list("abcdefg"), [row])).worksheets[0][2]
    assert [cell.value for cell in cells] == [12, -3, "UD A-B", "9120001020304", None, None, "ab"]
    assert not cells[2].quotePrefix


def test_the_list_is_taken_as_it_is_narrowed_and_no_other_region(client, officer):
    one = NominationFactory(in_state="submitted", by=officer, product=ProductFactory(name="=HYPERLINK(1)"))
    NominationFactory(by=officer)
    NominationFactory(in_state="submitted", product__ikm__regency=a_regency(TANAH_DATAR))
    assert len(taken(client, "/usulan/")) == 2
    (row,) = taken(client, "/usulan/?status=submitted")
    assert (row["Nomor usulan"], row["Produk"], row["NIB"]) == (
        one.number,
        "'=HYPERLINK(1)",
        one.product.ikm.nib,
    )
    (row,) = taken(client, "/usulan/?status=submitted", "xlsx")
    assert (row["Produk"].value, row["Produk"].data_type) == ("=HYPERLINK(1)", "s")
    assert (row["Periode"].value, row["NIB"].data_type) == (2026, "s")
    assert taken(client, f"/usulan/?provinsi=13&daerah={TANAH_DATAR}&cari=tidak-ada") == []


def test_each_export_is_recorded_without_the_words_of_a_search(client, officer):
    NominationFactory(by=officer)
    answer = client.post("/usulan/?cari=siti%200812345678&periode=2026", {"unduh": "csv"})
    b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith('attachment; filename="usulan-')
    (entry,) = Entry.objects.filter(action="list_exported")
    assert entry.actor == officer
    assert entry.details == {
        "list": "usulan", "format": "csv", "count": 0, "filters": {"cari": True, "periode": "2026"},
    }  # fmt: skip


def test_looking_records_nothing_and_an_unknown_format_leads_back(client, officer):
    NominationFactory(by=officer)
    client.get("/usulan/?unduh=csv")
    assert client.post("/usulan/?status=draft", {"unduh": "exe"})["Location"] == "/usulan/?status=draft"
    assert not Entry.objects.filter(action="list_exported").exists()


LISTS = {
    "/usulan/": {Role.DINAS, Role.PROVINSI, Role.SEKRETARIAT, Role.AUDITOR},
    "/verifikasi-provinsi/": {Role.PROVINSI, Role.AUDITOR},
    "/verifikasi-provinsi/?tampil=selesai": {Role.PROVINSI, Role.AUDITOR},
    "/seleksi/?tampil=semua": {Role.SEKRETARIAT, Role.AUDITOR},
    "/potensi/": {Role.DINAS, Role.PROVINSI, Role.SEKRETARIAT, Role.AUDITOR},
    "/potensi/?daftar=sentra": {Role.DINAS, Role.PROVINSI, Role.SEKRETARIAT, Role.AUDITOR},
    "/potensi/?daftar=produk": {Role.DINAS, Role.PROVINSI, Role.SEKRETARIAT, Role.AUDITOR},
}


@pytest.mark.parametrize("address", LISTS)
def test_who_reads_a_list_takes_it_and_nobody_else(client, address):
    NominationFactory(in_state="submitted")
    NominationFactory(in_state="endorsed")
    for role in Role:
        client.force_login(a_person(role, around=Nomination.objects.first()))
        if role not in LISTS[address]:
            assert client.post(address, {"unduh": "csv"}).status_code == 403, role
            continue
        for kind in ("csv", "xlsx"):
            assert taken(client, address, kind), role
        assert 'value="xlsx">Unduh XLSX' in main_of(client.get(address))


def test_another_region_takes_nothing(client):
    NominationFactory(in_state="submitted")
    for role in (Role.DINAS, Role.PROVINSI):
        client.force_login(a_person(role, around=a_regency(TANAH_DATAR)))
        assert taken(client, "/usulan/") == []
        assert taken(client, "/potensi/?daftar=produk") == []
