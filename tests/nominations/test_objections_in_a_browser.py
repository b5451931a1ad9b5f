"""Sanggah in a real browser: an officer files one with its evidence, the secretariat answers it, the officer reads it."""

import pytest
from django.db import transaction
from django.test import override_settings
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.roles import Role
from letters import workdays
from nominations import reference
from nominations.models import Nomination, Objection
from tests.factories.accounts import a_person
from tests.factories.files import pdf_bytes
from tests.factories.nominations import an_officer_of
from tests.factories.objections import ANSWER, REASON, a_refused_nomination
from tests.portal import sign_in

PHONE = 360


@pytest.fixture
def nomination(fresh_portal) -> Nomination:
    files = override_settings(MEDIA_ROOT=fresh_portal.data_dir / "files")
    with fresh_portal.orm(), files, transaction.atomic():
        reference.load()
        workdays.load()
        return a_refused_nomination(product__name="Tas pandan Rajapolah")


def signed_in(open_page, portal, person: Person, **how) -> Page:
    return sign_in(open_page("/masuk/", **how), portal, person)


def test_an_officer_objects_and_the_secretariat_answers(open_page, fresh_portal, nomination):
    with fresh_portal.orm():
        officer, secretary = an_officer_of(nomination.office), a_person(Role.SEKRETARIAT)
    how = {"width": PHONE}

    page = signed_in(open_page, fresh_portal, officer, **how)
    page.goto(f"/usulan/{nomination.pk}/")
    page.get_by_role("link", name="Ajukan sanggah").click()
    expect(page.locator(".deadline")).to_contain_text("Sanggah dapat diajukan sampai")
    page.get_by_label("Alasan sanggah").fill(REASON)
    page.locator("input[type=file]").set_input_files(
        {"name": "sk-perubahan.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    expect(page.locator("main")).to_contain_text("Diterima")
    page.get_by_role("button", name="Periksa sanggah").click()
    expect(page.locator("h1")).to_have_text("Kirim sanggah ini?")
    expect(page.locator("main")).to_contain_text("sk-perubahan.pdf")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.get_by_role("button", name="Kirim sanggah").click()
    expect(page.locator("main")).to_contain_text("Sanggah terkirim, diterima")
    expect(page.locator("main")).to_contain_text("sk-perubahan.pdf")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE

    desk = signed_in(open_page, fresh_portal, secretary, **how)
    desk.goto("/beranda/")
    desk.get_by_role("link", name="sanggah menunggu jawaban").click()
    expect(desk.locator("h1")).to_have_text("1 sanggah menunggu jawaban")
    desk.get_by_role("link", name=nomination.product.ikm.name).click()
    expect(desk.locator("main")).to_contain_text(REASON)
    desk.locator('input[name=putusan][value="diterima"]').check()
    desk.locator("textarea[name=jawaban]").fill(ANSWER)
    assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE
    desk.get_by_role("button", name="Periksa jawaban").click()
    expect(desk.locator("main")).to_contain_text("Jawaban belum terkirim.")
    desk.get_by_role("button", name="Kirim jawaban").click()
    expect(desk.locator("main")).to_contain_text("Dinas sudah diberi tahu.")
    with fresh_portal.orm():
        assert Objection.objects.get().outcome == "diterima"

    page.reload()
    expect(page.locator("main")).to_contain_text("Jawaban: diterima")
    expect(page.locator("main")).to_contain_text(ANSWER)
    expect(page.locator(".badge").first).to_have_text("Lolos seleksi administrasi")
