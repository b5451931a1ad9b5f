"""static/js/scoring.js in a real browser: a whole sheet by the keyboard alone, lines that break, and no script at all."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessment.models import Assignment, Score
from nominations.models import Phase
from tests.factories.assessment import a_declared_assignment
from tests.factories.nominations import a_phase
from tests.line import Line, a_line
from tests.portal import LivePortal

SAVE = re.compile(r"/penilaian/\d+/simpan/")
OFFLINE = re.compile(r"net::ERR_")


class Desk:
    """An assessor who is signed in, with a declared assignment before them."""

    def __init__(self, open_page, portal: LivePortal, line: Line | None = None, **how) -> None:
        self.portal, self.line = portal, line
        with portal.orm(), transaction.atomic():
            self.assignment: Assignment = a_declared_assignment()
            self.form = self.assignment.assessment.instrument.parsed()
        self.url = line.url if line else portal.url
        self.page: Page = open_page("/masuk/", complain=False, url=self.url, **how)
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda message: message.type == "error" and self.complaints.append(message.text)
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.sign_in()

    def sign_in(self) -> None:
        person = self.assignment.assessor
        with self.portal.orm():
            session = SessionStore()
            session[SESSION_KEY] = str(person.pk)
            session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
            session[HASH_SESSION_KEY] = person.get_session_auth_hash()
            session.create()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": self.url}
        self.page.context.add_cookies([cookie])

    @property
    def address(self) -> str:
        return f"/penilaian/{self.assignment.pk}/"

    def open(self, number: int = 1) -> None:
        self.page.goto(f"{self.address}#indikator-{self.form.indicators[number - 1].code}")
        expect(self.level(number, None)).to_be_focused()

    def level(self, number: int, score: int | None):
        """The radio button of a score; with None the one that has the focus."""
        row = self.page.locator(f'[data-row="{self.form.indicators[number - 1].code}"]')
        return row.locator(
            "input[type=radio]:focus" if score is None else f'input[type=radio][value="{score}"]'
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def state(self):
        return self.page.locator("[data-save-state]")

    @property
    def said(self):
        return self.page.locator("[data-say]")

    def saved(self) -> None:
        expect(self.state).to_have_text(re.compile(r"^\s*Tersimpan pukul \d\d\.\d\d WIB\s*$"))

    def stored(self) -> dict[str, tuple[int | None, str]]:
        with self.portal.orm():
            scores = Score.objects.filter(assignment=self.assignment).order_by("pk")
            return {score.indicator: (score.points, score.note) for score in scores}

    @contextmanager
    def line_down(self) -> Iterator[None]:
        assert self.line is not None
        self.line.cut()
        self.page.context.set_offline(True)
        yield
        self.line.mend()
        self.page.context.set_offline(False)

    def nothing_went_wrong(self) -> None:
        assert [text for text in self.complaints if not OFFLINE.search(text)] == []


@pytest.fixture
def desk(open_page, live_portal) -> Desk:
    return Desk(open_page, live_portal)


@pytest.fixture
def desk_on_a_bad_line(open_page, live_portal) -> Iterator[Desk]:
    with a_line(live_portal.port) as line:
        yield Desk(open_page, live_portal, line)


def test_a_whole_sheet_by_the_keyboard_alone_with_a_line_that_breaks(desk_on_a_bad_line):
    desk = desk_on_a_bad_line
    page, form = desk.page, desk.form
    best = [each.maximum for each in form.indicators]
    page.goto("/penilaian/")
    while page.evaluate("document.activeElement.textContent.trim()") != "Mulai menilai":
        desk.press("Tab")
    desk.press("Enter")
    expect(desk.level(1, None)).to_be_focused()

    # A digit without a level is told and changes nothing; nothing moves on by itself.
    desk.press("9")
    expect(page.locator("[data-announce]")).to_have_text(
        "Indikator 1 tidak mempunyai skor 9. Pilihan tidak berubah."
    )
    assert desk.stored() == {}
    desk.press("1")
    expect(desk.level(1, 1)).to_be_checked()
    expect(desk.level(1, 1)).to_be_focused()
    expect(page.locator("[data-announce]")).to_have_text("")
    desk.saved()
    expect(page.locator("[data-progress]")).to_have_text(f"1 dari {len(best)}")
    desk.press("ArrowDown", "ArrowDown")
    expect(desk.level(1, 3)).to_be_checked()

    # A note, in which digits are digits; evidence; the list of keys; back and forth.
    desk.press("n")
    page.keyboard.type("Nota 3 Maret j")
    desk.press("Escape")
    expect(desk.level(1, 3)).to_be_focused()
    desk.press("b")
    assert page.evaluate("document.activeElement.closest('.score-evidence') !== null")
    desk.press("j")
    expect(desk.level(2, None)).to_be_focused()
    desk.press("k", "Enter", "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    desk.press("Escape")
    expect(desk.level(2, None)).to_be_focused()
    desk.saved()
    expect(page.locator('[data-square="A.I.1"]')).to_have_class("filled noted")

    for number, score in enumerate(best[1:9], 2):
        desk.press(str(score), "Enter")
        expect(desk.level(number + 1, None)).to_be_focused()
    expect(page.locator("[data-progress]")).to_have_text(f"9 dari {len(best)}")
    desk.saved()
    with desk.line_down():
        for score in best[9:12]:
            desk.press(str(score), "Enter")
        expect(desk.state).to_have_text("Tersimpan di perangkat ini, belum terkirim (indikator 10, 11, 12)")
        expect(desk.said).to_contain_text("Koneksi terputus. Isian Anda masih ada di halaman ini")
        expect(page.locator("[data-progress]")).to_have_text(f"9 dari {len(best)}")
    desk.saved()
    expect(desk.said).to_have_text("Semua isian sudah tersimpan.")
    expect(page.locator("[data-progress]")).to_have_text(f"12 dari {len(best)}")

    for score in best[12:]:
        desk.press(str(score), "Enter")
    expect(page.get_by_role("button", name="Periksa penilaian")).to_be_focused()
    expect(page.locator("[data-announce]")).to_have_text("Ini indikator terakhir.")
    expect(page.locator('[data-part="C"]')).to_have_text("45 dari 45")
    desk.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa penilaian")
    assert desk.stored() == {
        each.code: (each.maximum, "Nota 3 Maret j" if each.code == "A.I.1" else "")
        for each in form.indicators
    }

    while page.evaluate("document.activeElement.textContent.trim()") != "Kirim penilaian":
        desk.press("Tab")
    desk.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    desk.press("Enter")
    expect(page.get_by_text("Terkirim, terkunci")).to_be_visible()
    desk.nothing_went_wrong()


def test_what_could_not_be_sent_is_there_after_a_reload_and_leaves_nothing_behind(desk):
    page = desk.page
    desk.open()
    page.route(SAVE, lambda route: route.abort())
    desk.press("2", "n")
    page.keyboard.type("Nota Maret tidak terbaca.")
    expect(desk.state).to_contain_text("belum terkirim (indikator 1)")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(desk.level(1, 2)).to_be_checked()
    expect(page.locator("[name='catatan-A.I.1']")).to_have_value("Nota Maret tidak terbaca.")
    expect(desk.state).to_contain_text("belum terkirim (indikator 1)")
    assert desk.stored() == {}
    # "Periksa penilaian" waits until everything is saved, and leaves this page only then.
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Periksa penilaian").click()
    assert page.url.split("#")[0].endswith(desk.address)
    page.unroute(SAVE)
    page.get_by_role("button", name="Periksa penilaian").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa penilaian")
    assert desk.stored() == {"A.I.1": (2, "Nota Maret tidak terbaca.")}
    assert page.evaluate("Object.keys(sessionStorage).length + Object.keys(localStorage).length") == 0
    desk.nothing_went_wrong()


def test_the_keys_can_be_turned_off_and_stay_off(desk):
    page = desk.page
    desk.open()
    desk.press("?")
    page.get_by_label("Gunakan pintasan").uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Tutup").click()
    desk.open(2)
    desk.press("2", "j", "n")
    expect(desk.level(2, None)).to_be_focused()
    expect(desk.level(2, 2)).not_to_be_checked()
    page.reload()
    desk.open(2)
    desk.press("2")
    expect(desk.level(2, 2)).not_to_be_checked()
    desk.level(2, 2).check()
    desk.saved()
    assert desk.stored() == {"A.I.2": (2, "")}
    page.get_by_role("button", name="Pintasan (?)").click()
    page.get_by_label("Gunakan pintasan").check()
    desk.nothing_went_wrong()


def test_a_refusal_is_told_and_the_choice_does_not_pass_for_saved(desk):
    page = desk.page
    desk.open()
    desk.press("2")
    desk.saved()
    now = timezone.now()
    round_ = desk.assignment.assessment.nomination.round
    try:
        with desk.portal.orm():
            a_phase(round_, Phase.Kind.ASSESSMENT, opens_at=now - timedelta(days=9), closes_at=now)
        desk.press("3")
        expect(desk.said).to_contain_text("Penilaian sudah ditutup")
        expect(desk.state).to_have_text("Belum tersimpan. Isian Anda masih ada di halaman ini.")
    finally:
        with desk.portal.orm():
            a_phase(
                round_,
                Phase.Kind.ASSESSMENT,
                opens_at=now - timedelta(days=9),
                closes_at=now + timedelta(days=30),
            )
    assert desk.stored() == {"A.I.1": (2, "")}
    # Extended meanwhile: the next choice brings what was refused along.
    desk.press("Enter", "1")
    desk.saved()
    assert desk.stored() == {"A.I.1": (3, ""), "A.I.2": (1, "")}
    expect(page.locator("[data-say]")).to_have_text("")


def test_a_sign_in_that_ended_is_told_and_after_the_next_one_everything_is_sent(desk):
    page = desk.page
    desk.open()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.press("2")
    link = page.get_by_role("link", name="Masuk lagi di tab lain")
    expect(link).to_have_attribute("href", f"/masuk/?next={desk.address}")
    expect(desk.state).to_contain_text("belum terkirim (indikator 1)")
    desk.sign_in()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    desk.saved()
    expect(link).to_be_hidden()
    assert desk.stored() == {"A.I.1": (2, "")}


def test_a_phone_has_the_evidence_folded_under_each_indicator_and_targets_for_fingers(open_page, live_portal):
    desk = Desk(open_page, live_portal, width=360, height=740)
    page = desk.page
    page.goto(desk.address)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    first = page.locator('[data-row="A.I.1"]')
    evidence = first.locator(".score-evidence")
    expect(evidence.locator("li").first).to_be_hidden()
    evidence.locator("summary").click()
    expect(evidence.locator("li").first).to_be_visible()
    level = first.locator(".level").first.bounding_box()
    ladder = first.locator(".ladder").bounding_box()
    assert level["height"] >= 44
    assert level["width"] >= ladder["width"] - 50
    first.locator(".level").nth(1).click()
    desk.saved()
    assert desk.stored() == {"A.I.1": (2, "")}
    desk.nothing_went_wrong()


def test_without_a_script_one_form_saves_and_leads_on(open_page, live_portal):
    desk = Desk(open_page, live_portal, width=360, javascript=False)
    page = desk.page
    page.goto(desk.address)
    expect(page.get_by_role("button", name="Pintasan (?)")).to_be_hidden()
    expect(page.locator('[data-row="A.I.1"] .score-evidence li').first).to_be_visible()
    for each in desk.form.indicators[:-1]:
        page.locator(f'[name="skor-{each.code}"][value="{each.maximum}"]').check()
    page.locator('[data-row="A.I.2"] .score-note summary').click()
    page.locator("[name='catatan-A.I.2']").fill("Perjanjian dua tahun.")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Isian tersimpan.")).to_be_visible()
    expect(page.locator("[name='catatan-A.I.2']")).to_have_value("Perjanjian dua tahun.")
    page.get_by_role("button", name="Periksa penilaian").click()
    expect(page.get_by_role("button", name="Kirim penilaian")).to_have_count(0)
    last = desk.form.indicators[-1]
    page.locator(f'.index-squares a[href$="#indikator-{last.code}"]').click()
    page.locator(f'[name="skor-{last.code}"][value="{last.maximum}"]').check()
    page.get_by_role("button", name="Periksa penilaian").click()
    page.get_by_role("link", name="Kirim penilaian").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kirim penilaian ini?")
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.get_by_text("Terkirim, terkunci")).to_be_visible()
    assert desk.stored()["A.I.2"] == (3, "Perjanjian dua tahun.")
    assert len(desk.stored()) == len(desk.form.indicators)
