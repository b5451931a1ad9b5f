"""Parts and sections of a draft: added whole, moved, removed, always with weights that make 100."""

import pytest

from accounts.roles import Role
from assessment import instrument_differences, instruments
from assessment import instrument_drafts as drafts
from assessment import instrument_edits as edits
from assessment.models import Instrument
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary, an_instrument
from tests.factories.nominations import an_hour_ago
from tests.made_once import made_once
from tests.pages import words_of

pytestmark = pytest.mark.django_db
HUB = "/instrumen/anyaman/susun/"
LINE = {
    "kode": "D.I.1", "nama": "Jejak karbon", "pertanyaan": "", "asal": "own", "sumber": "", "catatan": "", "jenjang": "2",
    "skor_0": "1", "kalimat_0": "Belum dihitung.", "skor_1": "2", "kalimat_1": "Dihitung tiap tahun.",
}  # fmt: skip
PART = {
    **LINE, "kode_bagian": "D", "nama_bagian": "Lingkungan", "nama_sub": "Emisi", "bobot": "10",
    "bobot-A": "30", "bobot-B": "25", "bobot-C": "35",
}  # fmt: skip


@made_once
def draft() -> Instrument:
    return drafts.begin(an_instrument().group, by=a_secretary(), at=an_hour_ago())


@pytest.fixture
def secretary(client, draft):
    client.force_login(a_secretary())
    return client


def now() -> dict:
    return Instrument.objects.get(published_at=None).definition


def order_of(form) -> list[tuple[str, str]]:
    return [(part["code"], part["weight"]) for part in form["parts"]]


def seen() -> str:
    return drafts.fingerprint(edits.parts_in_order(now()))


def test_a_part_is_added_whole_and_all_weights_make_100(secretary, draft):
    answer = secretary.get(f"{HUB}bagian/tambah/")
    assert answer.context["form"]["kode_bagian"].value() == "D"
    answer = secretary.post(f"{HUB}bagian/tambah/", {**PART, "sidik": seen()})
    assert (answer.status_code, answer["Location"]) == (302, HUB)
    assert order_of(now()) == [("A", "30"), ("B", "25"), ("C", "35"), ("D", "10")]
    part = now()["parts"][-1]
    assert (part["sections"][0]["code"], part["sections"][0]["indicators"][0]["code"]) == ("D.I", "D.I.1")
    changes = instrument_differences.differences(an_instrument_in_force(), now())
    assert {(one.code, one.what) for one in changes} >= {("C", "Bobot bagian"), ("D", "Bobot bagian")}
    # A second press stores nothing twice.
    assert secretary.post(f"{HUB}bagian/tambah/", {**PART, "sidik": seen()}).status_code == 302
    assert len(now()["parts"]) == 4


def an_instrument_in_force() -> dict:
    return instruments.latest_for("anyaman").definition


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"bobot": "20"}, "Bobot semua bagian berjumlah 110, harus 100."),
        ({"bobot": "0", "bobot-C": "45"}, "Bobot tiap bagian harus lebih dari nol."),
        ({"kode_bagian": "A"}, "Kode A sudah dipakai bagian lain."),
        ({"kode_bagian": "D D"}, "Kode memakai huruf"),
        ({"kode": "A.I.1"}, "A.I.1"),
        ({"nama_sub": ""}, "Tulis nama subbagian pertama."),
    ],
)
def test_what_makes_no_form_is_refused_and_what_was_typed_stays(secretary, draft, changed, message):
    before = now()
    answer = secretary.post(f"{HUB}bagian/tambah/", {**PART, **changed, "sidik": seen()})
    assert answer.status_code == 200
    assert message in words_of(answer)
    assert 'value="Lingkungan"' in answer.content.decode()
    assert now() == before


def test_a_section_comes_at_the_end_of_its_part_with_its_first_indicator(secretary, draft):
    answer = secretary.get(f"{HUB}bagian/B/subbagian/tambah/")
    code = answer.context["form"]["kode_sub"].value()
    data = {**LINE, "kode": f"{code}.1", "kode_sub": code, "nama_sub": "Emisi"}
    assert secretary.post(f"{HUB}bagian/B/subbagian/tambah/", data)["Location"] == HUB
    section = edits.part_of(now(), "B")["sections"][-1]
    assert (section["code"], section["name"], len(section["indicators"])) == (code, "Emisi", 1)
    assert secretary.get(f"{HUB}bagian/Z/subbagian/tambah/").status_code == 404


def test_parts_are_moved_and_the_order_is_a_difference(secretary, draft):
    secretary.post(f"{HUB}bagian/C/pindah/", {"arah": "naik", "sidik": seen()})
    assert [code for code, _ in order_of(now())] == ["A", "C", "B"]
    changes = instrument_differences.differences(an_instrument_in_force(), now())
    assert [(one.what, one.before, one.after) for one in changes] == [("Urutan bagian", "A, B, C", "A, C, B")]
    secretary.post(f"{HUB}bagian/A/pindah/", {"arah": "naik", "sidik": seen()})
    assert [code for code, _ in order_of(now())] == ["A", "C", "B"]
    stale = secretary.post(f"{HUB}bagian/A/pindah/", {"arah": "turun", "sidik": "lama"}, follow=True)
    assert "baru saja mengubah rancangan ini" in words_of(stale)
    assert secretary.post(f"{HUB}bagian/A/pindah/", {"arah": "samping"}).status_code == 404


def test_a_part_goes_with_all_that_is_in_it_and_the_others_make_100_again(secretary, draft):
    page = secretary.get(f"{HUB}bagian/B/hapus/")
    assert "indikator tidak ada lagi dalam versi yang baru" in words_of(page)
    answer = secretary.post(f"{HUB}bagian/B/hapus/", {"bobot-A": "30", "bobot-C": "45", "sidik": seen()})
    assert "Bobot semua bagian berjumlah 75, harus 100." in words_of(answer)
    sent = {"bobot-A": "40", "bobot-C": "60", "sidik": seen()}
    assert secretary.post(f"{HUB}bagian/B/hapus/", sent)["Location"] == HUB
    assert order_of(now()) == [("A", "40"), ("C", "60")]
    again = secretary.post(f"{HUB}bagian/B/hapus/", sent, follow=True)
    assert "sudah tidak ada dalam rancangan" in words_of(again)


def test_somebody_elses_change_of_the_weights_meanwhile_is_shown_and_nothing_overwritten(secretary, draft):
    stale = seen()
    secretary.post(f"{HUB}bagian/C/pindah/", {"arah": "naik", "sidik": stale})
    answer = secretary.post(f"{HUB}bagian/tambah/", {**PART, "sidik": stale})
    assert answer.status_code == 409
    assert len(now()["parts"]) == 3


def test_only_the_secretariat_finds_these_pages_and_a_get_changes_nothing(client, draft):
    before = now()
    pages = (f"{HUB}bagian/tambah/", f"{HUB}bagian/A/subbagian/tambah/", f"{HUB}bagian/A/hapus/")
    for role in Role:
        client.force_login(a_person(role))
        for page in pages:
            assert client.get(page).status_code == (200 if role == Role.SEKRETARIAT else 403), (role, page)
        moved = client.post(f"{HUB}bagian/A/pindah/", {"arah": "turun", "sidik": "x"})
        assert moved.status_code == (302 if role == Role.SEKRETARIAT else 403), role
    assert now() == before


def test_the_hub_and_the_check_say_that_the_weights_make_100(secretary, draft):
    hub = words_of(secretary.get(HUB))
    for shown in ("Bagian A", "(bobot 30)", "Tambah bagian", "Hapus bagian C", "jumlah 100"):
        assert shown in hub, shown
    assert "Bobot semua bagian berjumlah 100" in words_of(secretary.get(f"{HUB}periksa/"))
