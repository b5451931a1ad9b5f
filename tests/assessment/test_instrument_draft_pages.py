"""/instrumen/<kelompok>/susun/: the secretariat's pages of a draft, what they say and whom they let in."""

from html import unescape

import pytest

from accounts.roles import Role
from assessment import instrument_drafts as drafts
from assessment import instrument_edits as edits
from assessment import instruments
from assessment.models import Instrument
from audit.models import Entry
from tests.factories.accounts import a_person
from tests.factories.assessment import a_panel, a_secretary, an_instrument
from tests.factories.nominations import an_hour_ago
from tests.made_once import made_once
from tests.pages import main_of, words_of

pytestmark = pytest.mark.django_db
HUB = "/instrumen/anyaman/susun/"
PAGES = (
    HUB, f"{HUB}bagian/", f"{HUB}bintang/", f"{HUB}indikator/A.I.1/", f"{HUB}indikator/A.I.1/hapus/",
    f"{HUB}subbagian/A.I/tambah/", f"{HUB}periksa/", f"{HUB}terbitkan/", f"{HUB}buang/", f"{HUB}muat/",
)  # fmt: skip
POSTED_ALONE = (f"{HUB}indikator/A.I.1/pindah/",)


@made_once
def first() -> Instrument:
    return an_instrument()


@made_once
def draft(first) -> Instrument:
    return drafts.begin(first.group, by=a_secretary(), at=an_hour_ago())


@pytest.fixture
def secretary(client):
    client.force_login(a_secretary())
    return client


def words(answer) -> str:
    return unescape(words_of(answer))


def as_shown(client, address: str) -> dict[str, str | list[str]]:
    """What a browser would send from the page as it stands: every control with its value."""
    form = client.get(address).context["form"]
    html = main_of(client.get(address))
    sent: dict[str, str | list[str]] = {
        bound.html_name: "" if bound.value() is None else bound.value()
        for bound in form
        if not bound.html_name.startswith("hapus_")
    }
    for name in ("sidik", "jenjang"):
        if f'name="{name}" value="' in html:
            sent[name] = html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]
    return sent


def stored(code: str = "A.I.1") -> dict:
    return edits.line_of(Instrument.objects.get(published_at=None).definition, code)


# --- Who and how -------------------------------------------------------------------------------------------------
def test_only_the_secretariat_comes_in(client, draft):
    before = (Instrument.objects.count(), Entry.objects.count(), draft.fingerprint)
    for role in set(Role) - {Role.SEKRETARIAT}:
        client.force_login(a_person(role))
        for address in (*PAGES, *POSTED_ALONE):
            assert client.get(address).status_code in (403, 405), (role, address)
            sent = {"versi": "2", "sidik": draft.fingerprint}
            assert client.post(address, sent).status_code in (403, 405), (role, address)
        assert HUB not in client.get("/instrumen/").content.decode()
    draft.refresh_from_db()
    assert (Instrument.objects.count(), Entry.objects.count(), draft.fingerprint) == before


def test_the_auditor_reads_a_draft_and_is_offered_nothing_to_change(client, draft):
    client.force_login(a_person(Role.AUDITOR))
    answer = client.get(draft.get_absolute_url())
    assert "Versi ini belum terbit" in words(answer)
    assert "susun" not in main_of(answer)
    assert "Unduh berkas" in words(answer)


def test_looking_at_every_page_writes_nothing(secretary, draft):
    before = (Entry.objects.count(), Instrument.objects.count(), draft.fingerprint)
    for address in PAGES:
        assert secretary.get(address).status_code == 200, address
    assert secretary.get(POSTED_ALONE[0]).status_code == 405
    draft.refresh_from_db()
    assert (Entry.objects.count(), Instrument.objects.count(), draft.fingerprint) == before


def test_without_a_draft_looking_starts_none_and_every_page_leads_to_the_beginning(secretary, first):
    assert "Mulai rancangan dari versi 1" in words(secretary.get(HUB))
    for address in PAGES[1:4] + PAGES[5:9]:
        answer = secretary.get(address)
        assert (answer.status_code, answer.get("Location")) == (302, HUB), address
    assert Instrument.objects.get() == first


def test_a_group_or_a_line_that_is_not_there_is_not_found(secretary, draft):
    for address in (
        "/instrumen/emas/susun/", "/instrumen/emas/susun/muat/", f"{HUB}indikator/Z.9/", f"{HUB}indikator/Z.9/hapus/",
        f"{HUB}subbagian/Z/tambah/",
    ):  # fmt: skip
        assert secretary.get(address).status_code == 404, address
    assert secretary.post(POSTED_ALONE[0], {"arah": "miring"}).status_code == 404


def test_pressing_begin_twice_makes_one_draft(secretary, first):
    for _ in range(2):
        assert secretary.post(HUB)["Location"] == HUB
    assert Instrument.objects.filter(published_at=None).count() == 1


# --- The hub -----------------------------------------------------------------------------------------------------
def test_the_hub_lists_everything_with_what_differs(secretary, first, draft):
    page = words(secretary.get(HUB))
    assert "Isinya masih sama dengan versi 1, yang berlaku." in page
    assert "Bobot A 30, B 25, C 45, jumlah 100." in page
    assert "Bintang 5 dari 90, bintang 4 dari 80" in page
    for line in instruments.lines(first.definition):
        assert f"{line['code']} {line['name']}" in page
    sent = as_shown(secretary, f"{HUB}indikator/A.I.1/")
    secretary.post(f"{HUB}indikator/A.I.1/", {**sent, "nama": "Asal bahan"})
    page = words(secretary.get(HUB))
    assert "1 hal berbeda dari versi 1, yang masih berlaku." in page
    assert page.count("Diubah") == 1


def test_the_list_shows_draft_in_force_and_earlier_with_how_often_each_was_used(secretary, first):
    a_panel()
    second = drafts.begin(first.group, by=a_secretary(), at=an_hour_ago())
    instruments.publish(second, by=a_secretary(), at=an_hour_ago())
    drafts.begin(first.group, by=a_secretary(), at=an_hour_ago())
    page = words(secretary.get("/instrumen/"))
    assert page.index("Rancangan") < page.index("Berlaku") < page.index("Digantikan")
    assert "Dipakai 1 penilaian." in page
    assert page.count("Belum dipakai penilaian.") == 1
    assert "Lanjutkan rancangan" in page
    assert "Pemakaian Dipakai 1 penilaian" in words(secretary.get(first.get_absolute_url()))


def test_the_hub_asks_the_same_few_things_however_long_the_form(secretary, draft, queries_of):
    secretary.get(HUB)
    assert len(queries_of(HUB)) <= 8, queries_of(HUB)


# --- Names, weights, stars ---------------------------------------------------------------------------------------
def test_what_is_sent_as_it_was_shown_changes_nothing(secretary, draft):
    for address in (*PAGES[1:4],):
        answer = secretary.post(address, as_shown(secretary, address), follow=True)
        assert "Tidak ada yang berubah." in words(answer), address
    codes = [line["code"] for line in instruments.lines(draft.definition)]
    for code in codes:
        address = f"{HUB}indikator/{code}/"
        answer = secretary.post(address, as_shown(secretary, address))
        assert answer.status_code == 302, code
    assert Entry.objects.filter(action="change_instrument").count() == 0


def test_weights_that_make_99_are_told_with_what_was_typed(secretary, draft):
    address = f"{HUB}bagian/"
    assert "Jumlah bobot: 100 dari 100." in words(secretary.get(address))
    answer = secretary.post(address, {**as_shown(secretary, address), "bobot_0": "29", "nama": "Nama lain"})
    page = words(answer)
    assert "Bobot semua bagian berjumlah 99, harus 100. Isian Anda belum disimpan" in page
    assert "Jumlah bobot: 99 dari 100." in page
    assert 'value="Nama lain"' in main_of(answer)
    draft.refresh_from_db()
    assert draft.definition["parts"][0]["weight"] == "30"


def test_a_weight_takes_a_comma_and_names_are_kept(secretary, draft):
    address = f"{HUB}bagian/"
    changed = {"bobot_0": "32,50", "bobot_1": "22.5", "nama": "Kriteria 2027", "sub_0_0": "Produksi"}
    answer = secretary.post(address, {**as_shown(secretary, address), **changed}, follow=True)
    assert "Nama, bagian, dan bobot tersimpan." in words(answer)
    draft.refresh_from_db()
    form = draft.definition
    assert [part["weight"] for part in form["parts"]] == ["32.5", "22.5", "45"]
    assert (draft.name, form["parts"][0]["sections"][0]["name"]) == ("Kriteria 2027", "Produksi")


@pytest.mark.parametrize("weight", ["", "tiga puluh", "-30", "1e1", "0", "٣٠"])
def test_a_weight_that_is_none_is_told_at_its_field(secretary, draft, weight):
    address = f"{HUB}bagian/"
    answer = secretary.post(address, {**as_shown(secretary, address), "bobot_0": weight})
    assert answer.context["form"].errors["bobot_0"]
    draft.refresh_from_db()
    assert draft.definition["parts"][0]["weight"] == "30"


def test_bands_out_of_order_are_told_at_the_field(secretary, draft):
    address = f"{HUB}bintang/"
    answer = secretary.post(address, {**as_shown(secretary, address), "batas_2": "75"})
    assert "Batas bintang 2 harus lebih rendah daripada 70 (bintang 3)." in words(answer)
    answer = secretary.post(address, {**as_shown(secretary, address), "batas_1": ""})
    assert "Tulis nilai yang memberi bintang 1." in words(answer)
    answer = secretary.post(address, {**as_shown(secretary, address), "batas_5": "100,5"})
    assert "Nilai paling tinggi 100." in words(answer)
    draft.refresh_from_db()
    assert draft.definition["scheme"]["maximum"] == 5


def test_three_stars_leave_the_bounds_of_four_and_five_aside(secretary, draft):
    address = f"{HUB}bintang/"
    secretary.post(address, {**as_shown(secretary, address), "skema": "3", "batas_3": "82,5"})
    draft.refresh_from_db()
    assert draft.definition["scheme"] == {
        "maximum": 3,
        "bands": [{"star": 3, "from": "82.5"}, {"star": 2, "from": "60"}, {"star": 1, "from": "50"}],
    }
    assert secretary.post(address, as_shown(secretary, address), follow=True).status_code == 200


# --- An indicator --------------------------------------------------------------------------------------------------
def test_a_ladder_that_falls_is_told_at_its_level_and_the_text_is_kept(secretary, draft):
    address, was = f"{HUB}indikator/A.I.1/", stored()
    sent = {**as_shown(secretary, address), "skor_1": "5", "kalimat_1": "Tidak boleh hilang & tetap."}
    answer = secretary.post(address, sent)
    assert "Skor 3 harus lebih tinggi daripada skor jenjang sebelumnya (5)." in words(answer)
    assert "Tidak boleh hilang &amp; tetap." in main_of(answer)
    assert stored() == was


def test_a_level_is_added_where_its_score_belongs_and_removed_by_its_mark(secretary, draft):
    address = f"{HUB}indikator/A.I.1/"
    secretary.post(address, {**as_shown(secretary, address), "skor_3": "0", "kalimat_3": "Tidak ada."})
    assert [level["score"] for level in stored()["levels"]] == [0, 1, 2, 3]
    assert stored()["levels"][0]["text"] == "Tidak ada."
    secretary.post(address, {**as_shown(secretary, address), "hapus_3": "on", "skor_3": "", "kalimat_3": ""})
    assert ([level["score"] for level in stored()["levels"]], stored()["max"]) == ([0, 1, 2], 2)
    draft.refresh_from_db()
    assert draft.ladders["A.I.1"] == [0, 1, 2]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"skor_3": "2", "kalimat_3": "Sama."}, "Skor 2 sudah dipakai jenjang lain."),
        ({"skor_3": "", "kalimat_3": "Tanpa skor."}, "Tulis skor jenjang ini."),
        ({"skor_3": "4", "kalimat_3": ""}, "Tulis kalimat jenjang ini."),
        ({"skor_0": "satu"}, "Tulis skor dengan angka bulat"),
        ({"skor_0": "-1"}, "0"),
        ({"skor_2": "101"}, "100"),
        ({"hapus_0": "on", "hapus_1": "on"}, "paling sedikit dua jenjang"),
        ({"catatan": "KTP 3205012345670001"}, "NIK atau NPWP"),
        ({"nama": "n" * 161}, "160"),
        ({"bukti": ["dokumen:palsu"]}, "dokumen:palsu"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_and_not_stored(secretary, draft, more, told):
    address, was = f"{HUB}indikator/A.I.1/", stored()
    answer = secretary.post(address, {**as_shown(secretary, address), **more})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert told in words(answer)
    assert stored() == was


def test_a_new_indicator_brings_a_code_of_its_own(secretary, draft):
    address = f"{HUB}subbagian/A.I/tambah/"
    sent = as_shown(secretary, address)
    assert sent["kode"] == "A.I.6"
    new = {
        **sent, "nama": "Rencana tanam ulang", "skor_0": "0", "kalimat_0": "Tidak ada.", "skor_1": "1",
        "kalimat_1": "Ada dan tertulis.", "hapus_2": "on", "bukti": ["kunjungan"],
    }  # fmt: skip
    taken = secretary.post(address, {**new, "kode": "A.I.1"})
    assert "Kode A.I.1 sudah dipakai indikator lain." in words(taken)
    assert "Rencana tanam ulang" in main_of(taken)
    assert "Kode memakai huruf" in words(secretary.post(address, {**new, "kode": "../x"}))
    for _ in range(2):
        assert secretary.post(address, new).status_code == 302
    assert stored("A.I.6") == {
        "code": "A.I.6", "name": "Rencana tanam ulang", "max": 1, "status": "own", "evidence": ["kunjungan"],
        "levels": [{"score": 0, "text": "Tidak ada."}, {"score": 1, "text": "Ada dan tertulis."}],
    }  # fmt: skip
    assert "Baru" in words(secretary.get(HUB))


def test_an_indicator_is_moved_and_removed_from_its_page(secretary, draft):
    address = f"{HUB}indikator/A.II.2/"
    assert "Urutan 2 dari 2 pada A.II." in words(secretary.get(address))
    seen = drafts.fingerprint(["A.II.1", "A.II.2"])
    answer = secretary.post(f"{address}pindah/", {"arah": "naik", "sidik": seen}, follow=True)
    assert "Indikator A.II.2 kini pada urutan 1 dari 2 pada A.II." in words(answer)
    answer = secretary.post(f"{HUB}indikator/A.II.1/pindah/", {"arah": "naik", "sidik": seen}, follow=True)
    assert "baru saja mengubah rancangan ini" in words(answer)
    secretary.post(f"{address}hapus/", {"sidik": drafts.fingerprint(stored("A.II.2"))})
    assert stored("A.II.2") is None
    last = words(secretary.get(f"{HUB}indikator/A.II.1/hapus/"))
    assert "Subbagian A.II menjadi kosong dan ikut dihapus." in last


# --- Two drafters ------------------------------------------------------------------------------------------------
def test_the_second_drafter_sees_what_is_stored_beside_what_was_typed_and_decides(secretary, draft):
    address, colleague = f"{HUB}indikator/A.I.1/", a_person(Role.SEKRETARIAT)
    opened = as_shown(secretary, address)
    drafts.change_line(
        draft.group, {**stored(), "name": "Asal bahan <baku>"}, seen=drafts.fingerprint(stored()), by=colleague,
        at=an_hour_ago(),
    )  # fmt: skip
    told = secretary.post(address, {**opened, "nama": "Sumber serat"})
    assert told.status_code == 409
    page = words(told)
    assert f"{colleague.full_name} baru saja mengubah rancangan ini." in page
    assert "Yang tersimpan sekarang" in page
    assert "Asal bahan &lt;baku&gt;" in main_of(told)
    assert 'value="Sumber serat"' in main_of(told)
    assert stored()["name"] == "Asal bahan <baku>"
    fresh = main_of(told).split('name="sidik" value="', 1)[1].split('"', 1)[0]
    assert secretary.post(address, {**opened, "nama": "Sumber serat", "sidik": fresh}).status_code == 302
    assert stored()["name"] == "Sumber serat"


@pytest.mark.parametrize("page", ["bagian/", "bintang/", "indikator/A.I.1/"])
def test_a_draft_that_was_published_meanwhile_is_told_with_the_text_kept(secretary, draft, page):
    sent = as_shown(secretary, HUB + page)
    field, value = {"bagian/": ("nama", "Nama lain"), "bintang/": ("batas_5", "93"),
                    "indikator/A.I.1/": ("nama", "Nama lain")}[page]  # fmt: skip
    instruments.publish(draft, by=a_secretary(), at=an_hour_ago())
    was = Instrument.objects.get(version=2).fingerprint
    answer = secretary.post(HUB + page, {**sent, field: value})
    assert "Rancangan ini tidak ada lagi: sudah terbit atau dibuang." in words(answer)
    assert f'value="{value}"' in main_of(answer)
    assert Instrument.objects.get(version=2).fingerprint == was


# --- Checked, published, thrown away -----------------------------------------------------------------------------
def changed(client, name: str = "Asal bahan") -> None:
    address = f"{HUB}indikator/A.I.1/"
    client.post(address, {**as_shown(client, address), "nama": name, "pertanyaan": ""})


def test_the_check_shows_what_to_look_at_and_every_difference(secretary, draft):
    page = words(secretary.get(f"{HUB}periksa/"))
    assert "Isinya sama dengan versi 1; belum ada yang perlu diterbitkan." in page
    assert "Terbitkan versi 2" not in page
    changed(secretary)
    page = words(secretary.get(f"{HUB}periksa/"))
    assert "Tidak ada kesalahan. 2 hal perlu Anda perhatikan." in page
    assert "Indikator A.I.1: pertanyaan belum diisi." in page
    assert "2 hal berbeda dari versi 1, yang berlaku." in page
    assert "Terbitkan versi 2" in page


def test_publishing_says_what_it_means_and_happens_once(secretary, draft):
    a_panel()
    changed(secretary)
    address = f"{HUB}terbitkan/"
    page = words(secretary.get(address))
    assert "Versi 2 dipakai mulai penugasan berikutnya." in page
    assert "1 penilaian yang sudah dimulai tetap memakai versinya." in page
    draft.refresh_from_db()
    press = {"versi": "2", "sidik": draft.fingerprint}
    assert "Versi 2 terbit dan berlaku" in words(secretary.post(address, press, follow=True))
    assert "Versi 2 sudah terbit. Tidak ada yang berubah." in words(
        secretary.post(address, press, follow=True)
    )
    assert Entry.objects.filter(action="publish_instrument").count() == 1
    assert instruments.latest_for("anyaman").version == 2


def test_a_draft_changed_since_its_confirmation_was_opened_is_not_published(secretary, draft):
    changed(secretary)
    draft.refresh_from_db()
    press = {"versi": "2", "sidik": draft.fingerprint}
    changed(secretary, "Lain lagi")
    answer = secretary.post(f"{HUB}terbitkan/", press, follow=True)
    assert "baru saja mengubah rancangan ini" in words(answer)
    assert instruments.latest_for("anyaman").version == 1
    assert "baru saja mengubah" in words(secretary.post(f"{HUB}buang/", press, follow=True))
    assert drafts.of(draft.group) is not None


def test_a_draft_is_thrown_away_after_a_word_and_a_published_one_never(secretary, first, draft):
    assert "Semua perubahan dalam rancangan ini hilang." in words(secretary.get(f"{HUB}buang/"))
    press = {"versi": "2", "sidik": draft.fingerprint}
    assert "Rancangan versi 2 dibuang." in words(secretary.post(f"{HUB}buang/", press, follow=True))
    assert "tidak ada lagi" in words(secretary.post(f"{HUB}buang/", press, follow=True))
    published = {"versi": "1", "sidik": first.fingerprint}
    assert "sudah terbit dan tidak dapat dibuang" in words(
        secretary.post(f"{HUB}buang/", published, follow=True)
    )
    assert Instrument.objects.get() == first
    assert secretary.post(f"{HUB}terbitkan/", {"versi": "²"}, follow=True).status_code == 200
