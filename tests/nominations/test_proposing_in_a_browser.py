"""The form of a nomination in a real browser: it saves itself and says nothing that is not so; a phone shows it whole."""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from playwright.sync_api import expect

from accounts.roles import Role
from nominations import drafts, reference
from nominations.models import Nomination
from ovop_portal.specimens import LONG_IKM, LONG_PRODUCT
from tests.factories.accounts import LONGEST_NAME, a_person, a_regency
from tests.factories.nominations import IkmFactory, NominationFactory, ProductFactory, an_hour_ago


class Desk:
    """An officer with a nomination of the longest names, signed in on a page."""

    def __init__(self, portal, open_page, **how):
        with portal.orm(), transaction.atomic():
            reference.load()
            self.officer = a_person(Role.DINAS, around=a_regency(LONGEST_NAME))
            ikm = IkmFactory(regency=a_regency(LONGEST_NAME), name=LONG_IKM)
            self.nomination = NominationFactory(
                by=self.officer, product=ProductFactory(ikm=ikm, name=LONG_PRODUCT), documented=False
            )
            session = SessionStore()
            session[SESSION_KEY] = str(self.officer.pk)
            session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
            session[HASH_SESSION_KEY] = self.officer.get_session_auth_hash()
            session.create()
        self.portal = portal
        self.page = open_page("/masuk/", **how)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": portal.url}
        self.page.context.add_cookies([cookie])

    def open(self, rest=""):
        self.page.goto(f"/usulan/{self.nomination.pk}/{rest}")

    @property
    def state(self):
        return self.page.locator("[data-save-state]")

    def stored(self):
        with self.portal.orm():
            return Nomination.objects.get(pk=self.nomination.pk)


def test_what_is_said_to_be_saved_is_there_and_what_is_not_is_not_said_to_be(fresh_portal, open_page):
    # The browser itself reports the line that this test cuts.
    desk = Desk(fresh_portal, open_page, complain=False)
    page = desk.page
    desk.open("isian/cerita/")
    page.fill("#id_design", "Desain sendiri,")
    expect(desk.state).to_have_attribute("data-save-state", "saved")
    expect(desk.state).to_contain_text("Tersimpan pukul")
    assert desk.stored().design == "Desain sendiri,"

    page.route("**/isian/cerita/", lambda route: route.abort())
    page.context.set_offline(True)
    page.fill("#id_design", "Desain sendiri, dari anyaman")
    expect(desk.state).to_have_attribute("data-save-state", "failed")
    expect(desk.state).to_contain_text("Belum tersimpan.")
    expect(desk.state).to_contain_text("Koneksi terputus")
    assert desk.stored().design == "Desain sendiri,"

    page.unroute("**/isian/cerita/")
    page.context.set_offline(False)
    expect(desk.state).to_have_attribute("data-save-state", "saved")
    page.reload()
    expect(page.locator("#id_design")).to_have_value("Desain sendiri, dari anyaman")

    # Signing in anew in another tab changes the token of this page.
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.context.new_page().goto(page.url)
    page.fill("#id_design", "Desain sendiri dari anyaman")
    expect(desk.state).to_have_attribute("data-save-state", "saved")
    assert desk.stored().design == "Desain sendiri dari anyaman"

    # Somebody else answers the same question meanwhile: the script holds its hand and a person decides.
    with fresh_portal.orm():
        row = Nomination.objects.get(pk=desk.nomination.pk)
        colleague = a_person(Role.DINAS, around=a_regency(LONGEST_NAME), name="Made Wirawan")
        drafts.save_answers(
            row, {"design": "Desain Made."}, version=row.version, by=colleague, at=an_hour_ago()
        )
    page.fill("#id_design", "Desain saya.")
    expect(page.locator("[data-autosave-conflict]")).to_contain_text(
        "Made Wirawan baru saja mengubah isian ini."
    )
    expect(desk.state).to_have_attribute("data-save-state", "failed")
    page.get_by_role("button", name="Bandingkan kedua isian").click()
    page.get_by_label("Isian Anda").check()
    page.get_by_role("button", name="Simpan pilihan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Foto")
    assert desk.stored().design == "Desain saya."

    # A wrong answer is said at once, and the others are stored all the same.
    desk.open("isian/ikm/")
    page.fill("#id_village", "Mekarsari")
    page.fill("#id_nib", "912")
    expect(desk.state).to_contain_text("NIB harus 13 angka; Anda mengisi 3. Isian lain tersimpan.")
    with fresh_portal.orm():
        assert desk.nomination.product.ikm.__class__.objects.get().village == "Mekarsari"


@pytest.mark.parametrize("width", [360])
def test_nothing_is_wider_than_a_phone(fresh_portal, open_page, width):
    desk = Desk(fresh_portal, open_page, width=width)
    for address in (
        "/usulan/", f"/usulan/{desk.nomination.pk}/", f"/usulan/{desk.nomination.pk}/isian/produk/",
        f"/usulan/{desk.nomination.pk}/dokumen/", f"/usulan/{desk.nomination.pk}/periksa/", "/potensi/",
    ):  # fmt: skip
        desk.page.goto(address)
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert desk.page.locator("main .btn-primary:visible").count() <= 1, address
