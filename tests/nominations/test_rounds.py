"""/periode/: rounds are made, their phases dated in WIB, and the nominations of a round are counted so that it adds up."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.roles import Role
from audit import history
from audit.models import Entry
from nominations import lifecycle, rounds
from nominations.instants import WibInstantField
from nominations.models import Nomination, Phase, Round, State
from tests.factories.accounts import a_person
from tests.factories.nominations import NominationFactory, RoundFactory, a_phase

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)  # 10.00 WIB
# Sent for the phase of nomination: from tomorrow to the 13th, as the browser's field writes it.
OPENS, CLOSES = "2026-03-03T00:00", "2026-03-13T23:59"


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def secretary(client, at_noon):
    person = a_person(Role.SEKRETARIAT)
    client.force_login(person)
    return person


@pytest.fixture
def round_(at_noon):
    return RoundFactory(year=2026, open_phases=False)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def dated(client, **phases):
    """The schedule as it is sent: `dated(client, pengusulan=(opens, closes))`."""
    data = {}
    for kind, (opens, closes) in phases.items():
        data |= {f"{kind}-opens": opens, f"{kind}-closes": closes}
    return client.post("/periode/2026/", data)


def phase(kind=Phase.Kind.NOMINATION):
    return Phase.objects.filter(kind=kind).first()


# --- The list ----------------------------------------------------------------------------------------------------
def test_rounds_are_listed_with_where_they_stand(client, secretary):
    RoundFactory(year=2024, open_phases=False)
    over = RoundFactory(year=2022, open_phases=False)
    running = RoundFactory(year=2026, open_phases=False)
    a_phase(over, "pengusulan", opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=1))
    a_phase(running, "pengusulan", opens_at=NOW - timedelta(days=9), closes_at=NOW + timedelta(days=1))
    NominationFactory(round=running)
    rows = client.get("/periode/").context["rows"]
    assert [(row[0]["round"].year, row[2]) for row in rows] == [(2026, 1), (2024, 0), (2022, 0)]
    (first,), (second,), (third,) = (row[1]["lines"] for row in rows)
    assert (first, second) == ("Pengusulan sampai 3 Maret 2026 pukul 10.00 WIB", "Belum dijadwalkan")
    assert third.startswith("Semua tahap selesai sejak 1 Maret 2026")
    # Each phase that runs has a line of its own; in a file they stand in one.
    a_phase(running, "seleksi", opens_at=NOW - timedelta(days=9), closes_at=NOW + timedelta(days=2))
    assert client.get("/periode/").context["rows"][0][1]["lines"] == [
        "Pengusulan sampai 3 Maret 2026 pukul 10.00 WIB", "Seleksi administrasi sampai 4 Maret 2026 pukul 10.00 WIB"
    ]  # fmt: skip


def test_the_list_asks_as_much_for_eight_as_for_two(client, secretary, queries_of):
    for year in (2022, 2024):
        RoundFactory(year=year)
    queries_of("/periode/")
    few = len(queries_of("/periode/"))
    for year in range(2030, 2036):
        RoundFactory(year=year)
    assert len(queries_of("/periode/")) == few


def test_before_the_first_round_the_page_says_what_to_do(client, secretary):
    text = text_of(client.get("/periode/"))
    assert "Belum ada periode." in text
    assert "Buat periode</a>" in text


# --- A new round -------------------------------------------------------------------------------------------------
def test_a_round_is_its_year(client, secretary):
    answer = client.post("/periode/buat/", {"year": "2027"})
    assert answer.url == "/periode/2027/"
    made = Round.objects.get()
    assert (made.year, made.is_example) == (2027, False)
    assert history.of(made).get().action == "round_begun"
    assert "Belum dijadwalkan" in text_of(client.get(answer.url))


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2026", "Periode 2026 sudah ada."),
        ("1999", "Tahun paling awal 2007."),
        ("99999999999", "Tahun paling akhir 2100."),
        ("dua ribu", "Tuliskan tahun dengan angka"),
        ("", "Tahun"),
    ],
)
def test_a_year_that_cannot_be_is_refused_and_stays_on_the_page(client, round_, secretary, year, said):
    answer = client.post("/periode/buat/", {"year": year})
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert f'value="{year}"' in text_of(answer) or not year
    assert Round.objects.count() == 1


# --- Dating ------------------------------------------------------------------------------------------------------
def test_what_is_typed_is_wib_whatever_the_clock_of_the_reader(client, round_, secretary):
    with timezone.override("Asia/Jayapura"):
        answer = dated(client, pengusulan=(OPENS, CLOSES))
    assert answer.url == "/periode/2026/"
    assert phase().opens_at == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert phase().closes_at == datetime(2026, 3, 13, 16, 59, tzinfo=UTC)
    text = text_of(client.get("/periode/2026/"))
    assert f'value="{CLOSES}"' in text
    assert "Jadwal tersimpan: pengusulan." in text


def test_a_second_press_changes_nothing(client, round_, secretary):
    for _ in range(2):
        dated(client, pengusulan=(OPENS, CLOSES))
    assert history.of(phase()).count() == 1
    assert "Tidak ada yang berubah." in text_of(client.get("/periode/2026/"))


def test_only_the_phases_that_were_changed_are_touched_not_their_unseen_seconds(client, round_, secretary):
    odd = NOW + timedelta(days=1, seconds=7, microseconds=3)
    end = odd + timedelta(days=9)
    a_phase(round_, "penilaian", opens_at=odd, closes_at=end)
    written = odd.astimezone(timezone.get_default_timezone()).strftime("%Y-%m-%dT%H:%M")
    dated(client, penilaian=(written, "2026-04-01T23:59"))
    assert phase("penilaian").opens_at == odd
    assert phase("penilaian").closes_at == datetime(2026, 4, 1, 16, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        (CLOSES, OPENS, "Pengusulan: tanggal ditutup harus sesudah tanggal dibuka."),
        (OPENS, OPENS, "Pengusulan: tanggal ditutup harus sesudah tanggal dibuka."),
        (OPENS, "", "Isi kedua tanggal tahap ini, atau kosongkan keduanya."),
        ("", CLOSES, "Isi kedua tanggal tahap ini, atau kosongkan keduanya."),
        (OPENS, "13 Maret", "Isi tanggal dan jam"),
        (OPENS, "9999-12-31T23:59", "Tahun harus antara 2000 dan 2100."),
        (OPENS, "2026-02-30T10:00", "Isi tanggal dan jam"),
    ],
)
def test_dates_that_cannot_be_are_refused_with_everything_typed_kept(
    client, round_, secretary, opens, closes, said
):
    answer = dated(client, pengusulan=(opens, closes), pleno=("2026-06-01T09:00", "2026-06-05T17:00"))
    assert answer.status_code == 200
    text = text_of(answer)
    assert said in text
    assert 'value="2026-06-01T09:00"' in text
    assert not Phase.objects.exists(), "all of the schedule or nothing"


def test_a_schedule_is_not_emptied(client, round_, secretary):
    dated(client, pengusulan=(OPENS, CLOSES))
    assert "tidak dapat dikosongkan" in text_of(dated(client, pengusulan=("", "")))
    assert phase() is not None


def test_a_phase_that_has_begun_has_no_fields_but_can_be_extended(client, round_, secretary):
    a_phase(round_, "pengusulan", opens_at=NOW, closes_at=NOW + timedelta(days=9))
    text = text_of(client.get("/periode/2026/"))
    assert 'name="pengusulan-opens"' not in text
    assert "/periode/2026/pengusulan/perpanjang/" in text
    assert "11 Maret 2026 pukul 10.00 WIB" in text
    before = phase().closes_at
    dated(client, pengusulan=(OPENS, CLOSES))
    assert phase().closes_at == before, "a page of yesterday moves no date"


def test_the_domain_moves_no_phase_that_has_begun(round_, secretary):
    a_phase(round_, "pengusulan", opens_at=NOW, closes_at=NOW + timedelta(days=9))
    with pytest.raises(lifecycle.Refused) as refusal:
        rounds.date_phases(
            round_, {"pengusulan": (NOW + timedelta(days=1), NOW + timedelta(days=2))}, by=secretary, at=NOW
        )
    assert refusal.value.code == "phase_begun"
    assert refusal.value.for_reader.startswith("Pengusulan sudah dibuka 2 Maret 2026 pukul 10.00 WIB.")


def test_a_phase_that_begins_in_a_microsecond_can_still_be_dated(round_, secretary):
    a_phase(round_, "pengusulan", opens_at=NOW + timedelta(microseconds=1), closes_at=NOW + timedelta(days=9))
    later = (NOW + timedelta(days=1), NOW + timedelta(days=2))
    rounds.date_phases(round_, {"pengusulan": later}, by=secretary, at=NOW)
    assert (phase().opens_at, phase().closes_at) == later


# --- How many stand where ----------------------------------------------------------------------------------------
def test_the_nominations_are_counted_by_state_and_the_total_is_their_sum(client, requirements, secretary):
    round_ = RoundFactory(year=2026)
    for state in ("draft", "draft", "submitted", "eligible"):
        NominationFactory(in_state=state, round=round_)
    NominationFactory(round=RoundFactory(year=2024))
    context = client.get("/periode/2026/").context
    assert context["tally"] == [(State.DRAFT, 2), (State.SUBMITTED, 1), (State.ELIGIBLE, 1)]
    assert sum(number for _, number in context["tally"]) == context["total"]
    assert context["total"] == Nomination.objects.filter(round=2026).count()


def test_the_page_asks_as_much_for_ten_nominations_as_for_two(client, requirements, secretary, queries_of):
    def make(number):
        for _ in range(number):
            NominationFactory(in_state="submitted", round=RoundFactory(year=2026))

    make(2)
    queries_of("/periode/2026/")
    few = len(queries_of("/periode/2026/"))
    make(8)
    assert len(queries_of("/periode/2026/")) == few


# --- Who -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "role", [Role.DINAS, Role.PROVINSI, Role.PENILAI, Role.KETUA, Role.PENETAP, Role.ADMIN]
)
def test_the_pages_are_the_secretariats(client, round_, role):
    client.force_login(a_person(role))
    for address in ("/periode/", "/periode/buat/", "/periode/2026/", "/periode/2026/pengusulan/perpanjang/"):
        assert client.get(address).status_code == 403


def test_the_auditor_reads_and_changes_nothing(client, round_):
    client.force_login(a_person(Role.AUDITOR))
    a_phase(round_, "pengusulan", opens_at=NOW, closes_at=NOW + timedelta(days=9))
    assert "Buat periode" not in text_of(client.get("/periode/"))
    text = text_of(client.get("/periode/2026/"))
    assert "11 Maret 2026 pukul 10.00 WIB" in text
    assert 'type="datetime-local"' not in text
    assert "Perpanjang" not in text
    assert dated(client, pleno=(OPENS, CLOSES)).status_code == 403
    assert client.get("/periode/buat/").status_code == 403
    assert client.post("/periode/2026/pengusulan/perpanjang/").status_code == 403
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", [Role.DINAS, Role.AUDITOR, Role.ADMIN])
def test_the_domain_lets_nobody_else_run_rounds(round_, role):
    stranger = a_person(role)
    there = a_phase(round_, "pengusulan", opens_at=NOW, closes_at=NOW + timedelta(days=9))
    for attempt in (
        lambda: rounds.begin(2030, by=stranger, at=NOW),
        lambda: rounds.date_phases(round_, {}, by=stranger, at=NOW),
        lambda: rounds.extend(there, closes_at=NOW, reason="x", by=stranger, at=NOW),
    ):
        with pytest.raises(lifecycle.Refused) as refusal:
            attempt()
        assert refusal.value.code == "not_yours"


@pytest.mark.parametrize(
    "address", ["/periode/2031/", "/periode/99999999999/", "/periode/2031/pleno/perpanjang/"]
)
def test_a_round_that_is_not_there_is_not_found(client, secretary, address):
    assert client.get(address).status_code == 404


# --- Which round is at work ----------------------------------------------------------------------------------------
def test_the_round_at_work_is_the_newest_that_has_begun_and_not_ended():
    old = RoundFactory(year=2024, open_phases=False)
    new = RoundFactory(year=2026, open_phases=False)
    RoundFactory(year=2030, open_phases=False)
    a_phase(old, "pengusulan", opens_at=NOW - timedelta(days=9), closes_at=NOW + timedelta(days=9))
    end = NOW + timedelta(days=5)
    a_phase(new, "pengusulan", opens_at=NOW, closes_at=end)
    assert rounds.current(at=NOW - timedelta(microseconds=1)) == old
    assert rounds.current(at=NOW) == new
    assert rounds.current(at=end - timedelta(microseconds=1)) == new
    assert rounds.current(at=end) == old
    assert rounds.current(at=NOW + timedelta(days=99)) == new, "between rounds: the newest dated one"


def test_without_a_dated_round_none_is_at_work():
    RoundFactory(open_phases=False)
    assert rounds.current(at=NOW) is None


def test_an_instant_is_unchanged_while_its_minute_is():
    field = WibInstantField()
    assert not field.has_changed(NOW + timedelta(seconds=59), "2026-03-02T10:00")
    assert field.has_changed(NOW, "2026-03-02T10:01")
    assert field.has_changed(None, "2026-03-02T10:01")
    assert field.has_changed(NOW, "")
