"""static/js/inbox.js and words.js in a real browser: what was seen is read, and a preview follows what is typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.roles import Role
from letters.models import MailTemplate, Message
from tests.factories.letters import MessageFactory, a_person
from tests.portal import LivePortal, sign_in

TEXT = "Yth. Orang,\n\nUsulan Tas pandan diterima.\n\nLihat beranda: {}/beranda/\n\nPesan otomatis portal OVOP.\n"


def come_in(open_page, portal: LivePortal, role: Role, **how) -> tuple[Page, Person]:
    """A page that belongs to a signed-in person of this role."""
    with portal.orm():
        person = a_person(role)
    return sign_in(open_page("/masuk/", **how), portal, person), person


def a_message(portal: LivePortal, person: Person) -> Message:
    with portal.orm():
        return MessageFactory(person=person, state="sent", body_text=TEXT.format(portal.url))


@pytest.mark.parametrize("width", [1280, 360])
def test_a_message_that_was_seen_is_read_and_its_button_leads_to_the_page(open_page, fresh_portal, width):
    page, person = come_in(open_page, fresh_portal, Role.PENILAI, width=width)
    message = a_message(fresh_portal, person)
    page.goto("/beranda/")
    page.get_by_role("link", name=re.compile(r"^Kotak masuk \(1")).click()
    expect(page.get_by_text("Baru", exact=True)).to_be_visible()
    page.get_by_role("link", name=message.subject).click()
    expect(page.get_by_role("button", name="Tandai sudah dibaca")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Lihat beranda").click()
    expect(page.get_by_role("heading", name="Beranda")).to_be_visible()
    expect(page.get_by_role("link", name="Kotak masuk", exact=True)).to_be_visible()


def test_without_a_script_the_button_marks_it(open_page, fresh_portal):
    page, person = come_in(open_page, fresh_portal, Role.PENILAI, javascript=False)
    message = a_message(fresh_portal, person)
    page.goto(f"/pesan/saya/{message.pk}/")
    page.get_by_role("button", name="Tandai sudah dibaca").click()
    expect(page.get_by_text("dibaca", exact=False).first).to_be_visible()
    with fresh_portal.orm():
        assert Message.objects.get().read_at is not None


def test_the_preview_follows_what_is_typed_and_saving_makes_a_version(open_page, fresh_portal):
    page, _ = come_in(open_page, fresh_portal, Role.SEKRETARIAT)
    page.goto("/pesan/kata/endorsed/")
    page.get_by_label("Isi", exact=True).fill("Kabar baik dari {provinsi} untuk {produk}.")
    preview = page.locator("#pratinjau")
    expect(preview).to_contain_text("Kabar baik dari Provinsi Jawa Barat untuk Dodol cokelat Chocodot.")
    page.get_by_label("Isi", exact=True).fill("Kabar dari {propinsi}.")
    expect(preview).to_contain_text("Isian {propinsi} tidak dikenal")
    page.get_by_label("Isi", exact=True).fill("Kabar dari {provinsi} untuk usulan {no}: {produk}.")
    page.get_by_role("button", name="Simpan versi baru").click()
    expect(page.locator("main")).to_contain_text("Versi 2 disimpan dan dipakai mulai sekarang.")
    with fresh_portal.orm():
        assert MailTemplate.objects.get().body == "Kabar dari {provinsi} untuk usulan {no}: {produk}."
