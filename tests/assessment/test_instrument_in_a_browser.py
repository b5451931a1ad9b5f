"""A new version in a real browser: drafted, checked and published by the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from assessment import instrument_edits, instruments
from assessment.models import Instrument
from nominations import reference
from tests.factories.assessment import a_secretary
from tests.portal import sign_in

PHONE = 360


@pytest.fixture
def secretary(fresh_portal):
    with fresh_portal.orm():
        reference.load()
        instruments.load()
        return a_secretary()


class Keys:
    """Somebody without a mouse: goes to a control by Tab and presses a key there."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str, *, most: int = 160) -> None:
        """Tab until the control that is read out with this name has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            read = self.page.evaluate(
                "() => { const at = document.activeElement; const label = at.labels && at.labels[0];"
                " return ((label || at).innerText || '').replace(/\\s+/g, ' ').trim(); }"
            )
            if read == name or read.startswith(f"{name} ("):
                return
        pytest.fail(f"no control «{name}» within reach on {self.page.url}")

    def press(self, name: str, key: str = "Enter") -> None:
        self.to(name)
        self.page.keyboard.press(key)

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, page.url


def test_from_the_version_in_force_to_a_new_one_by_the_keyboard(open_page, fresh_portal, secretary):
    page = sign_in(open_page("/masuk/", width=PHONE), fresh_portal, secretary)
    keys = Keys(page)
    page.goto("/instrumen/")
    fits(page)
    keys.press("Susun versi baru Anyaman")
    expect(page.locator("h1")).to_have_text("Susun instrumen Anyaman")
    keys.press("Mulai rancangan dari versi 1")
    expect(page.locator("h1")).to_have_text("Rancangan Anyaman versi 2")
    fits(page)

    keys.press("Nama, bagian, dan bobot")
    expect(page.locator("h1")).to_have_text("Nama, bagian, dan bobot")
    keys.write("Bobot bagian A", "29")
    # Enter in a text box sends the form, as its own button would.
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_contain_text("Bobot semua bagian berjumlah 99, harus 100.")
    fits(page)
    keys.write("Bobot bagian A", "32,5")
    keys.write("Bobot bagian B", "22,5")
    keys.press("Simpan bagian dan bobot")
    expect(page.locator("main")).to_contain_text("Nama, bagian, dan bobot tersimpan.")

    keys.press("Bintang")
    expect(page.locator("h1")).to_have_text("Bintang")
    keys.write("Bintang 5 mulai dari nilai", "92,5")
    fits(page)
    keys.press("Simpan batas bintang")
    expect(page.locator("main")).to_contain_text("Bintang tersimpan.")

    keys.press("A.I.1 Sumber bahan baku utama")
    expect(page.locator("h1")).to_have_text("Indikator A.I.1")
    keys.write("Kalimat jenjang 1", "Bahan baku utama lokal kurang dari 75%.")
    keys.press("Tambah jenjang")
    keys.write("Skor jenjang tambahan 4", "0")
    keys.write("Kalimat jenjang tambahan 4", "Tidak ada bahan baku lokal.")
    fits(page)
    keys.press("Simpan indikator")
    expect(page.locator("main")).to_contain_text("Indikator A.I.1 tersimpan.")

    keys.press("Periksa rancangan")
    expect(page.locator("main")).to_contain_text("4 hal berbeda dari versi 1, yang berlaku.")
    fits(page)
    keys.press("Terbitkan versi 2")
    expect(page.locator("h1")).to_have_text("Terbitkan instrumen Anyaman versi 2?")
    fits(page)
    keys.press("Terbitkan versi 2")
    expect(page.locator("main")).to_contain_text("Versi 2 terbit dan berlaku sejak penugasan berikutnya.")
    fits(page)
    with fresh_portal.orm():
        new = Instrument.objects.get(group="anyaman", version=2)
        assert new.published_by_id == secretary.pk
        assert [level["score"] for level in instrument_edits.line_of(new.definition, "A.I.1")["levels"]] == [
            0,
            1,
            2,
            3,
        ]
        assert [part["weight"] for part in new.definition["parts"]] == ["32.5", "22.5", "45"]
        assert new.definition["scheme"]["bands"][0] == {"star": 5, "from": "92.5"}


def test_a_file_goes_out_and_comes_back_as_a_draft(open_page, fresh_portal, secretary):
    page = sign_in(open_page("/masuk/"), fresh_portal, secretary)
    page.goto("/instrumen/gerabah/1/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh berkas (JSON)").click()
    assert waiting.value.suggested_filename == "instrumen-gerabah-versi-1.json"
    page.goto("/instrumen/gerabah/susun/muat/")
    page.locator("input[type=file]").set_input_files(waiting.value.path())
    page.get_by_role("button", name="Periksa berkas").click()
    expect(page.locator("main")).to_contain_text("Tidak ada perbedaan isi.")
    page.get_by_role("button", name="Simpan sebagai rancangan").click()
    expect(page.locator("main")).to_contain_text("Berkas tersimpan sebagai rancangan versi 2.")
    with fresh_portal.orm():
        first, second = Instrument.objects.filter(group="gerabah").order_by("version")
        assert {**second.definition, "version": 1} == first.definition
