"""static/js/screening.js in a real browser: a line saves itself, a document comes without leaving the page."""

import re

import pytest
from django.db import transaction
from django.test import override_settings
from playwright.sync_api import Page, expect

from accounts.roles import Role
from letters import workdays
from nominations import reference
from nominations.models import Check, Nomination
from tests.factories.accounts import a_person
from tests.factories.nominations import NominationFactory
from tests.portal import LivePortal, sign_in

SAVED = re.compile(r"^\s*Tersimpan pukul \d\d\.\d\d WIB\s*$")


class Desk:
    """A person of the secretariat who has the page of one nomination before them."""

    def __init__(self, open_page, portal: LivePortal, **how) -> None:
        self.portal = portal
        files = override_settings(MEDIA_ROOT=portal.data_dir / "files")
        with portal.orm(), files, transaction.atomic():
            reference.load()
            workdays.load()
            self.nomination: Nomination = NominationFactory(in_state="endorsed")
            person = a_person(Role.SEKRETARIAT)
        self.page: Page = sign_in(open_page("/masuk/", **how), portal, person)
        self.page.goto(f"/seleksi/{self.nomination.pk}/")

    def choose(self, code: str, verdict: str) -> None:
        self.page.locator(f'input[name="{code}-hasil"][value="{verdict}"]').check()

    def write(self, code: str, note: str) -> None:
        note_of_line = self.page.locator(f'textarea[name="{code}-catatan"]')
        note_of_line.fill(note)
        note_of_line.blur()

    def stored(self) -> dict[str, tuple[str, str]]:
        with self.portal.orm():
            return {
                check.requirement_id: (check.verdict, check.note) for check in Check.objects.order_by("pk")
            }

    @property
    def state(self):
        return self.page.locator("[data-save-state]")

    @property
    def count(self):
        return self.page.locator("[data-decided]")


@pytest.fixture
def desk(open_page, fresh_portal):
    return Desk(open_page, fresh_portal)


def test_a_line_saves_itself_and_the_last_one_opens_the_decision(desk):
    desk.choose("nib", "met")
    expect(desk.state).to_have_text(SAVED)
    expect(desk.count).to_have_text("1 dari 5")
    desk.choose("sk_sentra", "not_met")
    desk.write("sk_sentra", "Nomor SK berbeda.")
    expect(desk.count).to_have_text("2 dari 5")
    assert desk.stored() == {"nib": ("met", ""), "sk_sentra": ("not_met", "Nomor SK berbeda.")}
    for code in ("surat_usulan", "persetujuan", "foto_produk"):
        desk.choose(code, "met")
    expect(desk.count).to_have_text("5 dari 5")
    expect(desk.page.locator("#putusan")).to_contain_text("4 sesuai, 1 tidak sesuai")
    expect(desk.page.locator("#putusan summary", has_text="Usulkan tidak lolos")).to_be_visible()
    # Everything is stored: leaving the page asks nothing.
    desk.page.goto("/seleksi/")
    expect(desk.page.locator("h1")).to_contain_text("1 usulan menunggu")


def test_what_could_not_be_saved_says_so_and_stays(desk):
    with desk.portal.orm():
        Nomination.objects.filter(pk=desk.nomination.pk).update(state="withdrawn")
    desk.choose("nib", "met")
    expect(desk.page.locator("[data-line=nib] [data-line-refused]")).to_contain_text(
        "Usulan ini sudah berstatus Ditarik"
    )
    expect(desk.state).to_contain_text("Belum tersimpan")
    expect(desk.page.locator('input[name="nib-hasil"][value="met"]')).to_be_checked()
    assert desk.stored() == {}


def test_another_document_comes_without_leaving_what_is_being_written(desk):
    desk.choose("sk_sentra", "not_met")
    desk.page.locator('textarea[name="sk_sentra-catatan"]').fill("Belum selesai saya tulis")
    desk.page.locator("#baris-foto_produk a[data-document]").click()
    expect(desk.page.locator("#judul-dokumen")).to_have_text("Foto produk")
    expect(desk.page).to_have_url(re.compile(r"\?dokumen=\d+#dokumen$"))
    assert desk.page.locator('textarea[name="sk_sentra-catatan"]').input_value() == "Belum selesai saya tulis"
    desk.page.locator("#dokumen a[data-document]", has_text="SK sentra").click()
    expect(desk.page.locator("#judul-dokumen")).to_have_text("SK sentra")
    expect(desk.page.locator("#dokumen a[data-document]", has_text="SK sentra")).to_be_focused()


def test_without_a_script_a_press_saves_and_shows_the_next_document(open_page, fresh_portal):
    desk = Desk(open_page, fresh_portal, javascript=False, width=360)
    desk.choose("nib", "met")
    desk.page.locator("#baris-nib button").click()
    expect(desk.page.locator("#judul-dokumen")).to_have_text("SK sentra")
    expect(desk.count).to_have_text("1 dari 5")
    assert desk.stored() == {"nib": ("met", "")}


def test_a_page_that_was_scanned_on_its_side_is_turned_by_quarters(desk):
    turn = desk.page.get_by_role("button", name="Putar").first
    place = desk.page.locator(".turnable").first
    for expected in (r"turned-90", r"turned-180", r"turned-270", r"^turnable stack-sm$"):
        turn.press("Enter")
        expect(place).to_have_class(re.compile(expected))


def test_a_turned_page_stays_within_the_window_of_a_phone(open_page, fresh_portal):
    desk = Desk(open_page, fresh_portal, width=360)
    desk.page.get_by_role("button", name="Putar").first.click()
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 360
