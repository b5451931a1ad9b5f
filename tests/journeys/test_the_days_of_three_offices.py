"""
A day in the district, in the province and in the secretariat: on a line that breaks, with a colleague in the same
draft, and with a deadline that passes between opening a page and pressing its button.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import Person
from accounts.roles import Role
from letters import workdays
from letters.models import Message
from nominations import reference
from nominations.models import Nomination, Phase, State
from tests.factories.accounts import a_person
from tests.factories.nominations import NominationFactory, ProductFactory, bring_to
from tests.portal import LivePortal, sign_in

pytestmark = pytest.mark.browser


class Office:
    """The portal with one complete draft, and people of it who sit at browsers of their own."""

    def __init__(self, portal: LivePortal, open_page: Callable[..., Page]) -> None:
        self.portal, self.open_page = portal, open_page
        with self.stored():
            reference.load()
            workdays.load()
            self.nomination: Nomination = NominationFactory()

    def stored(self) -> Any:
        """Let the test write into the portal, its files where the portal looks for them."""
        return _Stored(self.portal)

    def person(self, role: Role, name: str) -> Person:
        with self.portal.orm():
            return a_person(role, around=self.nomination, name=name)

    def at(self, person: Person, address: str = "", **how: Any) -> Page:
        page = sign_in(self.open_page("/masuk/", **how), self.portal, person)
        page.goto(address or f"/usulan/{self.nomination.pk}/")
        return page

    def again(self) -> Nomination:
        with self.portal.orm():
            return Nomination.objects.with_names().get(pk=self.nomination.pk)


class _Stored:
    def __init__(self, portal: LivePortal) -> None:
        self._inside = [
            portal.orm(),
            override_settings(MEDIA_ROOT=portal.data_dir / "files"),
            transaction.atomic(),
        ]

    def __enter__(self) -> None:
        for each in self._inside:
            each.__enter__()

    def __exit__(self, *how: Any) -> None:
        for each in reversed(self._inside):
            each.__exit__(*how)


@pytest.fixture
def office(fresh_portal: LivePortal, open_page: Callable[..., Page]) -> Office:
    return Office(fresh_portal, open_page)


def _lost_on_the_way_there(route: Route) -> None:
    route.abort("connectionreset")


def _lost_on_the_way_back(route: Route) -> None:
    """The portal has received it and answered; the answer never arrives."""
    route.fetch(max_redirects=0)
    route.abort("connectionreset")


# --- The district ------------------------------------------------------------------------------------------------
def test_an_officer_checks_the_conditions_and_begins_with_the_keyboard(office: Office):
    with office.stored():
        ProductFactory(ikm=office.nomination.product.ikm, name="Tikar pandan lipat")
    page = office.at(office.person(Role.DINAS, "Lalu Muhammad Zaini"), "/usulan/buat/")
    page.get_by_role("link", name="Periksa syarat", exact=True).press("Enter")
    page.get_by_label("Kelompok komoditas").select_option(label="Gerabah")
    page.get_by_role("button", name="Lanjutkan").press("Enter")
    for answer in page.get_by_label("Ada", exact=True).all():
        answer.press("Space")
    page.get_by_role("button", name="Lihat hasil").press("Enter")
    expect(page.get_by_text("Semua syarat ada.")).to_be_visible()
    page.locator("main a.btn-primary").press("Enter")
    page.get_by_role("button", name="Usulkan Tikar pandan lipat").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tikar pandan lipat")


def test_a_nomination_whose_request_is_lost_is_still_a_draft_and_goes_out_at_the_second_press(office: Office):
    officer = office.person(Role.DINAS, "Lalu Muhammad Zaini")
    page = office.at(officer, f"/usulan/{office.nomination.pk}/periksa/", complain=False)
    page.route("**/kirim/", _lost_on_the_way_there)
    page.get_by_role("button", name="Kirim usulan").click()
    page.wait_for_url("chrome-error://**")
    assert office.again().state == State.DRAFT
    page.unroute("**/kirim/")
    page.goto(f"/usulan/{office.nomination.pk}/periksa/")
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tanda terima usulan")
    assert office.again().state == State.SUBMITTED


def test_a_nomination_whose_answer_is_lost_was_sent_once_and_the_second_press_shows_its_receipt(
    office: Office,
):
    officer = office.person(Role.DINAS, "Lalu Muhammad Zaini")
    page = office.at(officer, f"/usulan/{office.nomination.pk}/periksa/", complain=False)
    with_the_button = page.content()
    page.route("**/kirim/", _lost_on_the_way_back)
    page.get_by_role("button", name="Kirim usulan").click()
    page.wait_for_url("chrome-error://**")
    sent = office.again()
    assert sent.state == State.SUBMITTED
    assert "Kirim usulan" in with_the_button

    # Going back shows the page as it was, with its button.
    page.unroute("**/kirim/")
    page.goto(f"/usulan/{office.nomination.pk}/")
    page.evaluate(
        """([address, token]) => {
            const form = document.createElement("form");
            form.method = "post"; form.action = address;
            const field = document.createElement("input");
            field.name = "csrfmiddlewaretoken"; field.value = token;
            form.append(field); document.body.append(form); form.submit();
        }""",
        [
            f"/usulan/{office.nomination.pk}/kirim/",
            re.search(r'csrfmiddlewaretoken" value="(\w+)"', with_the_button)[1],
        ],
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Tanda terima usulan")
    expect(page.locator("main")).to_contain_text(str(sent.number))
    with office.portal.orm():
        assert office.again().submissions.count() == 1
        told = Message.objects.filter(kind="received").values_list("person", flat=True)
        assert len(told) == len(set(told))


def test_two_officers_in_one_draft_the_second_sees_both_and_chooses(office: Office):
    first = office.at(office.person(Role.DINAS, "Baiq Nuraini"), javascript=False)
    second = office.at(office.person(Role.DINAS, "Made Wirawan"), javascript=False)
    for page in (first, second):
        page.goto(f"/usulan/{office.nomination.pk}/isian/cerita/")
    first.get_by_label("Pemasaran").fill("Toko di Senggigi dan Mataram.")
    first.get_by_role("button", name="Simpan dan lanjutkan").click()
    second.get_by_label("Pemasaran").fill("Hanya toko sendiri.")
    second.get_by_label("Desain dan kemasan").fill("Kotak kardus daur ulang.")
    second.get_by_role("button", name="Simpan dan lanjutkan").click()

    expect(second.locator("main")).to_contain_text("Baiq Nuraini mengubah isian ini pukul")
    expect(second.locator("main")).to_contain_text("Toko di Senggigi dan Mataram.")
    expect(second.locator("main")).to_contain_text("Hanya toko sendiri.")
    assert office.again().marketing == "Toko di Senggigi dan Mataram."

    second.get_by_label("Isian Baiq Nuraini").check()
    second.get_by_role("button", name="Simpan pilihan").click()
    kept = office.again()
    assert kept.marketing == "Toko di Senggigi dan Mataram."
    assert kept.design == "Kotak kardus daur ulang."


def test_the_end_passes_between_opening_the_page_and_pressing_the_button(office: Office):
    officer = office.person(Role.DINAS, "Lalu Muhammad Zaini")
    page = office.at(officer, f"/usulan/{office.nomination.pk}/periksa/")
    expect(page.get_by_role("button", name="Kirim usulan")).to_be_visible()
    with office.stored():
        Phase.objects.filter(round=office.nomination.round_id, kind=Phase.Kind.NOMINATION).update(
            opens_at=timezone.now() - timedelta(days=2), closes_at=timezone.now()
        )
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.locator("main")).to_contain_text("Pengusulan sudah ditutup")
    expect(page.locator("main")).to_contain_text("drafnya tetap dapat dibaca")
    expect(page.get_by_role("button", name="Kirim usulan")).to_have_count(0)
    left = office.again()
    assert (left.state, left.submitted_at) == (State.DRAFT, None)


def test_an_officer_who_leaves_hands_the_drafts_over_and_the_ikm_gets_its_line(office: Office):
    officer = office.person(Role.DINAS, "Lalu Muhammad Zaini")
    office.person(Role.DINAS, "Baiq Nuraini")
    with office.stored():
        Nomination.objects.filter(pk=office.nomination.pk).update(created_by=officer)
    page = office.at(officer, "/usulan/serah-terima/", width=360)
    page.get_by_label("Diserahkan kepada").first.select_option(label="Baiq Nuraini")
    page.get_by_role("button", name="Serahkan usulan").first.click()
    expect(page.locator("main")).to_contain_text("1 usulan diserahkan kepada Baiq Nuraini")
    page.goto(f"/usulan/{office.nomination.pk}/tautan-status/")
    page.get_by_role("button", name="Buat tautan").click()
    link = page.locator("#tautan").input_value()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    producer = office.open_page(link, width=360)
    expect(producer.get_by_role("heading", level=1)).to_have_text("Sedang disusun oleh dinas")
    assert producer.evaluate("document.documentElement.scrollWidth") <= 360


# --- The province ------------------------------------------------------------------------------------------------
def _answer_all(page: Page) -> None:
    for group in page.get_by_role("group").all():
        if group.get_by_label("Sesuai", exact=True).count():
            group.get_by_label("Sesuai", exact=True).check()


def test_the_province_decides_one_after_the_other_and_returns_one_with_remarks(office: Office):
    with office.stored():
        bring_to(office.nomination, State.SUBMITTED)
        other = bring_to(
            NominationFactory(product=ProductFactory(ikm=office.nomination.product.ikm)), State.SUBMITTED
        )
    page = office.at(office.person(Role.PROVINSI, "Baiq Nuraini"), "/verifikasi-provinsi/")
    expect(page.locator("h1")).to_contain_text("2 usulan menunggu Anda")
    page.goto(f"/verifikasi-provinsi/{office.nomination.pk}/")
    _answer_all(page)
    page.get_by_role("button", name="Teruskan ke Kementerian").click()

    # The next one is at hand at once.
    expect(page).to_have_url(re.compile(rf"/verifikasi-provinsi/{other.pk}/"))
    page.get_by_text("Kembalikan untuk perbaikan").first.click()
    page.locator("main").get_by_label("Alasan").first.fill("Foto tidak menunjukkan produk yang diusulkan.")
    page.get_by_role("button", name="Kembalikan untuk perbaikan").last.click()
    expect(page.locator("main")).to_contain_text("Semua usulan sudah Anda tinjau.")
    with office.portal.orm():
        states = dict(Nomination.objects.order_by("pk").values_list("pk", "state"))
    assert states == {office.nomination.pk: State.ENDORSED, other.pk: State.RETURNED}


def test_what_a_colleague_in_the_province_decided_meanwhile_is_said_and_nothing_changes(office: Office):
    with office.stored():
        bring_to(office.nomination, State.SUBMITTED)
    address = f"/verifikasi-provinsi/{office.nomination.pk}/"
    first = office.at(office.person(Role.PROVINSI, "Baiq Nuraini"), address)
    second = office.at(office.person(Role.PROVINSI, "Lalu Mara"), address)
    for page in (first, second):
        _answer_all(page)
    first.get_by_role("button", name="Teruskan ke Kementerian").click()
    expect(first.locator("main")).to_contain_text("Semua usulan sudah Anda tinjau.")
    second.get_by_role("button", name="Teruskan ke Kementerian").click()
    expect(second.locator("main")).to_contain_text("oleh Baiq Nuraini")
    expect(second.locator("main")).to_contain_text("Tidak ada yang berubah.")


# --- The secretariat ---------------------------------------------------------------------------------------------
def test_two_of_the_secretariat_refuse_together_and_the_dinas_is_told_until_when_to_object(office: Office):
    with office.stored():
        bring_to(office.nomination, State.ENDORSED)
    address = f"/seleksi/{office.nomination.pk}/"
    first = office.at(office.person(Role.SEKRETARIAT, "Ratna Kusuma Dewi"), address, complain=False)
    # The line breaks while the checklist is filled: what was chosen stays on the page and is sent when it is back.
    first.route(f"**{address}", _lost_on_the_way_there)
    first.context.set_offline(True)
    first.locator('input[name="nib-hasil"][value="met"]').check()
    expect(first.locator("[data-save-state]")).to_have_attribute("data-save-state", "failed")
    first.unroute(f"**{address}")
    first.context.set_offline(False)
    expect(first.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    for line in first.locator("[data-line]").all():
        code = line.get_attribute("data-line")
        if code == "sk_sentra":
            line.locator('input[type=radio][value="not_met"]').check()
            line.locator("textarea").fill("SK sudah dicabut pada tahun 2024.")
            line.locator("textarea").blur()
        else:
            line.locator('input[type=radio][value="met"]').check()
    total = first.locator("[data-line]").count()
    expect(first.locator("[data-decided]")).to_have_text(f"{total} dari {total}")
    first.goto(f"{address}#putusan")
    first.get_by_text("Usulkan tidak lolos").first.click()
    first.locator("#putusan").get_by_label("Alasan").last.fill("SK sentra sudah dicabut.")
    first.get_by_role("button", name="Usulkan tidak lolos").last.click()
    expect(first.locator("main")).to_contain_text("tidak lolos")
    assert office.again().state == State.ENDORSED

    second = office.at(office.person(Role.SEKRETARIAT, "Andi Tenri Abeng"), f"{address}tidak-lolos/")
    second.locator("main form button.btn-danger").click()
    assert office.again().state == State.INELIGIBLE
    with office.portal.orm():
        message = Message.objects.filter(kind="not_eligible").first()
    assert message is not None
    assert "Sanggah dapat diajukan sampai" in message.body_text
