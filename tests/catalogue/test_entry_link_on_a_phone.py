"""The IKM writes on a phone with a weak line: what it typed stays on the device until the server has it."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from catalogue import entries, entry_link
from tests.factories.accounts import a_person
from tests.factories.awards import AwardFactory, ProductFactory


def nothing_is_on_the_device(page: Page) -> None:
    page.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('ovop-draft:'))")


def opened_anew(page: Page) -> Page:
    """The same address in a new tab, as after a browser that was closed."""
    later = page.context.new_page()
    later.goto(page.url)
    page.close()
    return later


def test_what_was_typed_is_offered_back_after_a_lost_line_until_it_is_saved(live_portal, open_page):
    with live_portal.orm():
        award = AwardFactory(product=ProductFactory(name="Tas ketak"))
        officer = a_person(Role.DINAS, around=award)
        now = timezone.now()
        path = entry_link.address_of(entry_link.make(award, by=officer, at=now), at=now)
    page = open_page(path, width=360, complain=False)
    offer = "[data-draft-offer]"
    before = page.locator("#id_story").input_value()

    page.fill("#id_story", "Dianyam ibu saya.\nDari ketak.")
    expect(page.locator("[data-draft-state]")).to_have_text("Tersimpan di perangkat ini, belum terkirim.")
    page.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")
    page.get_by_role("button", name="Simpan tulisan").click()
    expect(page.locator("[data-draft-state]")).to_contain_text("Koneksi terputus")
    expect(page.locator("#id_story")).to_have_value("Dianyam ibu saya.\nDari ketak.")

    page.context.set_offline(False)
    page = opened_anew(page)
    expect(page.locator(offer)).to_contain_text("Diketik di perangkat ini")
    expect(page.locator("[data-draft-changed]")).to_be_hidden()
    expect(page.locator("#id_story")).to_have_value(before)
    page.get_by_text("Baca tulisan itu").click()
    expect(page.locator(f"{offer} dd")).to_have_text(["Dianyam ibu saya.\nDari ketak."])
    page.get_by_role("button", name="Pakai tulisan itu").click()
    expect(page.locator(offer)).to_be_hidden()
    page.get_by_role("button", name="Simpan tulisan").click()
    expect(page.locator("main")).to_contain_text("Tulisan tersimpan dan menunggu dinas.")
    nothing_is_on_the_device(page)
    expect(page.locator(offer)).to_be_hidden()

    # The dinas writes between: what is stored stands beside what was typed here.
    page.fill("#id_raw_origin", "Lombok Barat")
    expect(page.locator("[data-draft-state]")).to_contain_text("belum terkirim")
    with live_portal.orm():
        stored = entries.open_version(award)
        assert stored.story == "Dianyam ibu saya.\nDari ketak."
        words = {"story": stored.story, "raw_origin": "Lombok Tengah"}
        entries.write(award, words, seen=stored.version, by=officer, at=timezone.now())
    page = opened_anew(page)
    expect(page.locator("[data-draft-changed]")).to_be_visible()
    page.get_by_role("button", name="Pakai tulisan itu").click()
    expect(page.locator("#id_raw_origin")).to_have_value("Lombok Barat")
    expect(page.locator("[data-draft-stored]")).to_contain_text("Lombok Tengah")

    # Thrown away, it is gone.
    page = opened_anew(page)
    page.get_by_role("button", name="Buang tulisan itu").click()
    expect(page.locator("#id_raw_origin")).to_have_value("Lombok Tengah")
    nothing_is_on_the_device(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
