"""The page of a product while it is written: it saves itself, and two who write at once see both texts."""

from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from catalogue import entries
from tests.factories.accounts import a_person
from tests.factories.awards import AwardFactory, ProductFactory
from tests.portal import sign_in


def test_what_is_typed_is_saved_until_somebody_else_has_written(live_portal, open_page):
    with live_portal.orm():
        award = AwardFactory(product=ProductFactory(name="Tas ketak"))
        officer, colleague = (a_person(Role.DINAS, around=award) for _ in range(2))
    page = sign_in(open_page("/masuk/", width=360, complain=False), live_portal, officer)
    page.goto(f"/penghargaan/penerima/{award.pk}/halaman/cerita/")
    state = page.locator("[data-save-state]")
    for story in ("Dianyam.", "Dianyam dari ketak."):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.fill("#id_story", story)
        expect(state).to_have_attribute("data-save-state", "saved")
        with live_portal.orm():
            stored = entries.open_version(award)
        assert stored.story == story
    with live_portal.orm():
        words = {"story": "Dari rekan."}
        entries.write(award, words, seen=stored.version, by=colleague, at=timezone.now())
    page.fill("#id_story", "Dianyam tangan.")
    expect(page.locator("[data-autosave-conflict]")).to_contain_text("baru saja diubah orang lain")
    page.get_by_role("button", name="Bandingkan kedua isian").click()
    expect(page.locator("#id_story")).to_have_value("Dianyam tangan.")
    expect(page.get_by_role("heading", name="Yang tersimpan sekarang")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Dari rekan.")
