"""The form of a visit in a real browser: without a line, on two devices, after the plenary, and on a shared tablet."""

import re
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessment import plenary, visits
from assessment.models import Finding, Visit, VisitPhoto
from tests.factories.assessment import a_chair, an_assessor, an_open_plenary
from tests.factories.files import a_picture, picture_bytes
from tests.factories.visits import SEEN, a_visit, a_write, assess_all, look_at_everything, visitor
from tests.line import Line, a_line
from tests.portal import LivePortal, sign_in

# A cut line has as many names as there are moments at which it can be cut.
OFFLINE = re.compile(r"net::ERR_|status of 4")


class Tablet:
    """A device of its own with a visiting assessor signed in."""

    def __init__(self, open_page, portal: LivePortal, visit: Visit, line: Line, **how) -> None:
        self.portal, self.visit, self.line = portal, visit, line
        with portal.orm():
            self.person = visitor(visit)
        self.page: Page = open_page("/masuk/", complain=False, url=line.url, **how)
        self.complaints: list[str] = []
        self.page.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page.on(
            "console", lambda message: message.type == "error" and self.complaints.append(message.text)
        )
        sign_in(self.page, portal, self.person)

    @property
    def address(self) -> str:
        return f"/lapangan/{self.visit.pk}/"

    def open(self, *, ready: bool = True) -> None:
        self.page.goto(self.address)
        if ready:
            expect(self.page.locator("[data-waiting]")).to_contain_text("Siap dipakai tanpa internet.")

    def row(self, code: str):
        return self.page.locator(f'[data-row="{code}"]')

    def choose(self, code: str, verdict: str) -> None:
        self.row(code).locator(f'[name="hasil-{code}"][value="{verdict}"]').check()

    def correct(self, code: str, points: int, text: str) -> None:
        self.choose(code, "differs")
        self.row(code).locator(f'[name="jenjang-{code}"][value="{points}"]').check()
        self.row(code).locator("textarea").first.fill(text)

    def says(self, state: str) -> None:
        expect(self.page.locator("[data-save-state]")).to_contain_text(state)

    def waits(self, findings: int, photos: int = 0) -> None:
        words = f"{findings} isian dan {photos} foto belum terkirim."
        expect(self.page.locator("[data-waiting]")).to_contain_text(words)

    @contextmanager
    def line_down(self):
        self.line.cut()
        self.page.context.set_offline(True)
        yield
        self.line.mend()
        self.page.context.set_offline(False)

    def stored(self) -> dict[str, tuple[str, int | None, str, int]]:
        with self.portal.orm():
            found = Finding.objects.filter(visit=self.visit).order_by("pk")
            return {one.indicator: (one.verdict, one.points, one.text, one.version) for one in found}

    def nothing_went_wrong(self) -> None:
        assert [text for text in self.complaints if not OFFLINE.search(text)] == []


@pytest.fixture
def visit(live_portal) -> Visit:
    with live_portal.orm(), transaction.atomic():
        return a_visit()


@pytest.fixture
def new_tablet(open_page, live_portal, visit):
    """Give a function that makes a tablet with a line of its own."""
    with ExitStack() as lines:
        yield lambda **how: Tablet(
            open_page, live_portal, visit, lines.enter_context(a_line(live_portal.port)), **how
        )


@pytest.fixture
def tablet(new_tablet) -> Tablet:
    return new_tablet(width=820)


def test_a_visit_without_a_line_from_opening_to_synchronised_once(tablet, live_portal):
    tablet.open()
    tablet.choose("A.I.1", "confirmed")
    tablet.says("Tersimpan pukul")
    assert tablet.stored() == {"A.I.1": ("confirmed", None, "", 1)}
    context = tablet.page.context

    with tablet.line_down():
        # The page itself comes from the device.
        tablet.page.reload()
        expect(tablet.page.get_by_role("heading", level=1)).to_be_visible()
        expect(tablet.row("A.I.1").locator('[value="confirmed"]')).to_be_checked()
        tablet.correct("A.I.2", 1, SEEN)
        tablet.choose("A.I.3", "unseen")
        tablet.page.get_by_label("Nama pihak IKM yang ditemui").fill("Ibu Saenah")
        tablet.page.get_by_label("Pilih atau ambil foto").set_input_files(
            {"name": "gudang.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes(a_picture((2000, 1500)))}
        )
        tablet.page.get_by_label("Keterangan foto").fill("Gudang bahan baku")
        tablet.page.get_by_role("button", name="Tambah foto").click()
        tablet.says("Tersimpan di perangkat ini, belum terkirim")
        tablet.waits(3, 1)
        # Closed and opened again, still without a line.
        tablet.page.close()
        tablet.page = context.new_page()
        tablet.page.goto(f"{tablet.line.url}{tablet.address}")
        tablet.waits(3, 1)
        expect(tablet.row("A.I.2").locator("textarea").first).to_have_value(SEEN)
        expect(tablet.row("A.I.2").locator('[name="jenjang-A.I.2"][value="1"]')).to_be_checked()
        expect(tablet.page.get_by_label("Nama pihak IKM yang ditemui")).to_have_value("Ibu Saenah")
        # It does not end while something is not with the server.
        tablet.page.get_by_role("link", name="Kirim hasil kunjungan").click()
        expect(tablet.page.locator("[data-say]")).to_contain_text("Masih ada yang belum terkirim")
        expect(tablet.page.get_by_role("dialog")).to_have_count(0)
        assert len(tablet.stored()) == 1

    tablet.waits(0, 0)
    tablet.says("Tersimpan pukul")
    assert tablet.stored() == {
        "A.I.1": ("confirmed", None, "", 1),
        "A.I.2": ("differs", 1, SEEN, 1),
        "A.I.3": ("unseen", None, "", 1),
    }
    with live_portal.orm():
        photo = VisitPhoto.objects.select_related("file").get(visit=tablet.visit)
        assert (photo.caption, photo.file.width) == ("Gudang bahan baku", 1600)
        there = Visit.objects.get(pk=tablet.visit.pk)
        assert (there.met_name, there.version) == ("Ibu Saenah", 1)
        assert there.started_at < timezone.now()
    # Nothing is left on the device, and nothing goes a second time.
    tablet.page.reload()
    tablet.waits(0, 0)
    assert [each[3] for each in tablet.stored().values()] == [1, 1, 1]
    tablet.nothing_went_wrong()


def test_two_devices_that_differ_show_both_and_a_person_decides(new_tablet):
    first, second = new_tablet(), new_tablet()
    first.open()
    second.open()
    with second.line_down():
        second.choose("A.I.1", "unseen")
        second.choose("A.I.2", "unseen")
        second.waits(2)
        first.correct("A.I.1", 1, SEEN)
        first.correct("A.I.2", 1, SEEN)
        first.says("Tersimpan pukul")
        first.waits(0)
    box = second.row("A.I.1").locator("[data-conflict]")
    expect(box).to_contain_text(SEEN)
    expect(box).to_contain_text("Isian Anda: 1. Tidak dapat dilihat")
    assert first.stored()["A.I.1"][:2] == ("differs", 1)
    box.get_by_role("button", name="Pakai isian saya").click()
    second.row("A.I.2").get_by_role("button", name="Pakai yang di server").click()
    second.waits(0)
    assert first.stored() == {"A.I.1": ("unseen", None, "", 2), "A.I.2": ("differs", 1, SEEN, 1)}
    expect(second.row("A.I.2").locator("textarea").first).to_have_value(SEEN)
    # It goes on from there without another conflict.
    second.correct("A.I.2", 2, "Dua jenis bahan.")
    second.waits(0)
    assert first.stored()["A.I.2"][:3] == ("differs", 2, "Dua jenis bahan.")
    first.nothing_went_wrong()
    second.nothing_went_wrong()


def test_what_arrives_after_the_plenary_is_refused_by_name_and_can_be_copied(tablet, live_portal):
    tablet.open()
    with live_portal.orm(), transaction.atomic():
        nomination = assess_all(tablet.visit.assessment)
    with tablet.line_down():
        tablet.correct("A.I.1", 1, SEEN)
        tablet.waits(1)
        with live_portal.orm(), transaction.atomic():
            session = an_open_plenary(nomination.round)
            plenary.record_decision(session, nomination, star=5, by=a_chair(), at=timezone.now())
            plenary.seal(session, minutes_number="BA/1", by=a_chair(), at=timezone.now())
    expect(tablet.page.locator("[data-say]")).to_contain_text("Sidang pleno sudah menyegel keputusan")
    left = tablet.page.locator("[data-left] textarea")
    expect(left).to_have_value(re.compile(rf"1\. Berbeda, skor 1, {re.escape(SEEN)}"))
    assert tablet.stored() == {}
    # Still there from the list after leaving the page; thrown away only by hand.
    tablet.page.goto("/lapangan/")
    unsent = tablet.page.locator("[data-unsent]")
    expect(unsent).to_contain_text("1 isian dan 0 foto belum terkirim.")
    unsent.locator("summary").click()
    expect(unsent.locator("textarea")).to_have_value(re.compile("Berbeda"))
    unsent.get_by_role("button", name="Hapus dari perangkat ini").click()
    expect(unsent.locator("textarea")).to_have_count(0)
    tablet.page.reload()
    expect(tablet.page.locator("[data-unsent]")).to_be_hidden()


def test_a_sign_in_that_ended_loses_nothing_and_the_next_one_sends_on(tablet, live_portal):
    tablet.open()
    tablet.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    tablet.choose("A.I.1", "confirmed")
    link = tablet.page.get_by_role("link", name="Masuk lagi di tab lain")
    expect(link).to_have_attribute("href", f"/masuk/?next={tablet.address}")
    tablet.waits(1)
    # Somebody else signs in on this tablet: nothing is sent in their name.
    with live_portal.orm():
        other = an_assessor()
    sign_in(tablet.page, live_portal, other)
    tablet.page.evaluate("window.dispatchEvent(new Event('focus'))")
    tablet.page.wait_for_timeout(1500)
    assert tablet.stored() == {}
    sign_in(tablet.page, live_portal, tablet.person)
    tablet.page.evaluate("window.dispatchEvent(new Event('focus'))")
    tablet.waits(0)
    expect(link).to_be_hidden()
    assert tablet.stored() == {"A.I.1": ("confirmed", None, "", 1)}


def test_signing_out_asks_about_what_was_not_sent_and_then_leaves_nothing_on_the_device(tablet, live_portal):
    tablet.open()
    page, asked = tablet.page, []

    def answered(dialog):
        asked.append(dialog.message)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    tablet.page.on("dialog", answered)
    with tablet.line_down():
        tablet.choose("A.I.1", "confirmed")
        tablet.waits(1)
        # The line comes back to the sign-out alone.
        page.route(re.compile(r"/simpan/"), lambda route: route.abort())
    page.goto("/lapangan/")
    expect(page.locator("[data-device-told]")).to_contain_text("1 isian dan 0 foto belum terkirim, 2 halaman")
    with page.expect_event("dialog"):
        page.get_by_role("button", name="Keluar").first.click()
    expect(page.locator("[data-device-told]")).to_contain_text("1 isian")
    assert "1 isian dan 0 foto kunjungan belum terkirim dan hanya ada di perangkat ini." in asked[0]
    page.get_by_role("button", name="Keluar").first.click()
    page.wait_for_url(lambda url: "/lapangan/" not in url)
    assert len(asked) == 2
    assert page.evaluate("caches.keys().then((names) => names.filter((one) => one.includes('data')))") == []
    page.unroute(re.compile(r"/simpan/"))
    with live_portal.orm():
        other = an_assessor()
    sign_in(page, live_portal, other)
    page.goto("/lapangan/")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    sign_in(page, live_portal, tablet.person)
    page.goto("/lapangan/")
    expect(page.locator("[data-device-told]")).to_contain_text("Tidak ada data kunjungan Anda")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert tablet.stored() == {}


def test_what_lies_on_the_device_is_said_to_its_owner_alone_and_can_be_deleted(tablet, live_portal):
    tablet.open()
    page = tablet.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.route(re.compile(r"/simpan/"), lambda route: route.abort())
    tablet.choose("A.I.1", "confirmed")
    tablet.waits(1)
    # The sign-in ends by itself: nobody was asked, so nothing is lost, and the next one sees none of it.
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    with live_portal.orm():
        other = an_assessor()
    sign_in(page, live_portal, other)
    page.goto("/lapangan/")
    expect(page.locator("[data-device-told]")).to_contain_text("Tidak ada data kunjungan Anda")
    expect(page.locator("main")).not_to_contain_text("1 isian")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    sign_in(page, live_portal, tablet.person)
    page.goto("/lapangan/")
    expect(page.locator("[data-device-told]")).to_contain_text("1 isian dan 0 foto belum terkirim")
    page.get_by_role("button", name="Hapus dari perangkat ini").last.click()
    expect(page.locator("[data-device-told]")).to_contain_text("Tidak ada data kunjungan Anda")
    page.reload()
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert tablet.stored() == {}


def test_a_phone_fills_in_finishes_and_scrolls_no_way_but_down(new_tablet, live_portal, visit):
    tablet = new_tablet(width=360, height=740)
    with live_portal.orm(), transaction.atomic():
        look_at_everything(visit)
        first = Finding.objects.get(visit=visit, indicator="A.I.1")
    tablet.open()
    assert tablet.page.evaluate("document.documentElement.scrollWidth") == 360
    assert tablet.row("A.I.1").locator(".level").first.bounding_box()["height"] >= 44
    tablet.correct("A.I.1", 1, SEEN)
    tablet.waits(0)
    assert tablet.stored()["A.I.1"] == ("differs", 1, SEEN, first.version + 1)
    tablet.page.get_by_role("link", name="Kirim hasil kunjungan").click()
    dialog = tablet.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Selesaikan kunjungan ini?")
    dialog.get_by_role("button", name="Kirim hasil kunjungan").click()
    expect(tablet.page.get_by_text("Hasil kunjungan terkirim dan terkunci.")).to_be_visible()
    assert tablet.page.evaluate("document.documentElement.scrollWidth") == 360
    with live_portal.orm():
        assert visits.verification_of(visit.assessment) == {"A.I.1": 1}
    tablet.nothing_went_wrong()


def test_the_list_prepares_every_own_visit_for_a_day_without_a_line(tablet, live_portal):
    with live_portal.orm(), transaction.atomic():
        visits.record(tablet.visit, [a_write("A.I.1")], by=tablet.person, at=timezone.now())
    page = tablet.page
    page.goto("/lapangan/")
    page.get_by_role("button", name="Siapkan untuk luring").click()
    expect(page.locator("[data-prepared]")).to_have_text("1 kunjungan siap dipakai tanpa internet.")
    with tablet.line_down():
        page.goto("/lapangan/")
        page.locator("[data-own]").click()
        expect(tablet.row("A.I.1").locator('[value="confirmed"]')).to_be_checked()
        page.goto("/lapangan/99999/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tidak ada koneksi")
