"""static/js/upload.js in a real browser against the portal as it runs, with lines that break."""

import re
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import timezone
from playwright.sync_api import Page, Request, Route, expect

from files.forms import FileField, FormWithFiles
from files.limits import PART_BYTES, PICTURES
from files.models import StoredFile
from ovop_portal.embedded_processes import Patience
from tests.factories.files import a_picture, pdf_bytes, picture_bytes
from tests.files import hostile
from tests.files.test_uploads_over_a_real_line import MEGABYTE, TOKEN, Visitor, a_large_pdf
from tests.portal import PATIENCE, LivePortal

PLACE = "/berkas/coba/"
UPLOADS = re.compile(r"/berkas/unggah/")


class Form(FormWithFiles):
    number = forms.CharField(required=False)
    file = FileField(label="SK sentra")
    photo = FileField(label="Foto", kinds=PICTURES, required=False)


PAGE = """{% load static %}<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Coba</title>
<link rel="icon" href="{% static "img/favicon.svg" %}">
<link rel="stylesheet" href="{% static "css/bootstrap.css" %}"><link rel="stylesheet" href="{% static "css/ovop.css" %}">
<link rel="stylesheet" href="{% static "css/staff.css" %}"><script type="module" src="{% static "js/public.js" %}"></script>
{{ form.media }}</head><body>{% include "partials/symbols.html" only %}
<main><form method="post" enctype="multipart/form-data">
<input type="hidden" name="csrfmiddlewaretoken" value="{{ token }}">{{ form.as_p }}
<button name="act" value="save">Simpan dan lanjutkan</button></form></main></body></html>"""


class Desk:
    """A page with the form, as somebody who is signed in has it before them."""

    def __init__(self, open_page: Any, portal: LivePortal, **how: Any) -> None:
        self.visitor = Visitor(portal)
        self.posted: list[bytes] = []
        self.parts: list[Request] = []
        self.page: Page = open_page("/masuk/", **how)
        self.page.context.add_cookies(
            [
                {"name": name, "value": value, "url": portal.url}
                for name, value in (pair.split("=") for pair in self.visitor.headers["Cookie"].split("; "))
            ]
        )
        self.page.route(f"**{PLACE}", self._answer)
        self.page.on("request", lambda request: request.method == "PATCH" and self.parts.append(request))
        self.page.goto(PLACE)

    def _answer(self, route: Route) -> None:
        if route.request.method == "POST":
            self.posted.append(route.request.post_data_buffer or b"")
        form = Form(by=self.visitor.person, at=timezone.now())
        html = engines["django"].from_string(PAGE).render({"form": form, "token": TOKEN})
        route.fulfill(
            body=html,
            content_type="text/html; charset=utf-8",
            headers={
                "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'"
            },
        )

    def choose(self, content: bytes, name: str = "SK Sentra.pdf", field: str = "file") -> None:
        kind = "application/pdf" if name.endswith("pdf") else "image/jpeg"
        self.page.locator(f"input[type=file][name={field}]").set_input_files(
            {"name": name, "mimeType": kind, "buffer": content}
        )

    def choose_and_hold(self, content: bytes, name: str = "SK Sentra.pdf") -> list[Route]:
        """Choose a file and hold its first part back; the server knows of the upload by then."""
        held: list[Route] = []

        def hold(route: Route) -> None:
            if route.request.method == "PATCH" and not held:
                held.append(route)
            else:
                route.continue_()

        self.page.route(UPLOADS, hold)
        with self.page.expect_request(lambda request: request.method == "PATCH"):
            self.choose(content, name)
        return held

    def row(self, state: str, field: str = "file"):
        box = self.page.locator("[data-upload-box]").filter(has=self.page.locator(f"input[name={field}]"))
        return box.locator(f'[data-upload-rows] [data-file-state="{state}"]')

    def status(self, field: str = "file"):
        box = self.page.locator("[data-upload-box]").filter(has=self.page.locator(f"input[name={field}]"))
        return box.get_by_role("status")

    def patience_ends(self) -> None:
        """Let the page's own time pass until it has tried again often enough."""
        patience = Patience(PATIENCE / 1000)
        while not self.row("stopped").count():
            self.page.clock.run_for(500)
            assert patience.wait(), "it goes on trying"

    def id_of(self, field: str = "file") -> str:
        return self.page.locator(f"input[name={field}-berkas]").input_value()

    def stored(self, field: str = "file") -> StoredFile:
        return self.visitor.stored(self.id_of(field))


@pytest.fixture
def desk(open_page, live_portal) -> Desk:
    return Desk(open_page, live_portal)


@pytest.fixture
def desk_on_a_bad_line(open_page, live_portal) -> Desk:
    """Where the browser itself reports the broken line in its console, which is no mistake of the page."""
    return Desk(open_page, live_portal, complain=False)


def test_a_chosen_file_goes_up_in_parts_at_once_and_the_form_brings_its_id(desk):
    content = a_large_pdf(2 * MEGABYTE)
    desk.choose(content)
    expect(desk.row("accepted")).to_contain_text("SK Sentra.pdf")
    expect(desk.row("accepted")).to_contain_text("2 MB")
    expect(desk.status()).to_have_text("Berkas diterima.")
    assert desk.visitor.content(desk.id_of()) == content
    assert [int(part.headers["upload-offset"]) for part in desk.parts] == [
        n * PART_BYTES for n in range(-(-len(content) // PART_BYTES))
    ]
    file_id = desk.id_of()
    assert desk.stored().original_name == "SK Sentra.pdf"
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Simpan dan lanjutkan").click()
    [sent] = desk.posted
    assert file_id.encode() in sent
    assert b"%PDF" not in sent


def test_an_upload_stops_says_where_and_goes_on_in_place(desk_on_a_bad_line):
    desk = desk_on_a_bad_line
    content = a_large_pdf(2 * MEGABYTE)
    is_cut = True

    def line(route: Route) -> None:
        far = int(route.request.headers.get("upload-offset", "0"))
        if is_cut and (route.request.method == "HEAD" or far >= 2 * PART_BYTES):
            route.abort("connectionreset")
        else:
            route.continue_()

    desk.page.clock.install()
    desk.page.route(UPLOADS, line)
    desk.choose(content)
    desk.patience_ends()
    expect(desk.row("stopped")).to_contain_text(
        'Unggahan berhenti di 50%. Bagian yang terkirim tidak hilang. Pilih "Lanjutkan unggahan".'
    )
    expect(desk.row("stopped")).to_contain_text("1 MB dari 2 MB terkirim")
    assert desk.id_of() == ""
    before = len(desk.parts)
    is_cut = False
    desk.page.get_by_role("button", name="Lanjutkan unggahan").click()
    expect(desk.row("accepted")).to_be_visible()
    assert desk.visitor.content(desk.id_of()) == content
    again = [int(part.headers["upload-offset"]) for part in desk.parts[before:]]
    assert again[0] == 2 * PART_BYTES


def test_a_short_gap_in_the_line_is_bridged_without_a_word(desk_on_a_bad_line):
    desk = desk_on_a_bad_line
    content = a_large_pdf(MEGABYTE)
    gaps = iter([True])

    def line(route: Route) -> None:
        if route.request.method == "PATCH" and next(gaps, False):
            route.abort("connectionreset")
        else:
            route.continue_()

    desk.page.route(UPLOADS, line)
    desk.choose(content)
    expect(desk.row("accepted")).to_be_visible()
    assert desk.visitor.content(desk.id_of()) == content


def test_the_same_file_chosen_after_the_page_was_left_goes_on(desk_on_a_bad_line):
    desk = desk_on_a_bad_line
    content = a_large_pdf(2 * MEGABYTE)
    desk.page.clock.install()
    desk.page.route(
        UPLOADS,
        lambda route: (
            route.abort("connectionreset")
            if int(route.request.headers.get("upload-offset", "0")) >= 3 * PART_BYTES
            else route.continue_()
        ),
    )
    desk.choose(content)
    desk.patience_ends()
    desk.page.unroute(UPLOADS)
    desk.page.goto(PLACE)
    before = len(desk.parts)
    desk.choose(content)
    expect(desk.row("accepted")).to_be_visible()
    assert int(desk.parts[before].headers["upload-offset"]) == 3 * PART_BYTES
    assert desk.visitor.content(desk.id_of()) == content


def test_a_form_sent_too_early_waits_for_its_file(desk):
    held = desk.choose_and_hold(pdf_bytes())
    expect(desk.row("sending")).to_be_visible()
    desk.page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(desk.status()).to_have_text("Menunggu berkas selesai dikirim. Formulir ini terkirim sesudahnya.")
    assert desk.posted == []
    with desk.page.expect_navigation():
        held[0].continue_()
    [sent] = desk.posted
    assert b'name="file-berkas"\r\n\r\n\r\n' not in sent
    assert b'name="act"\r\n\r\nsave' in sent


def test_a_hostile_file_is_refused_in_the_servers_words(desk):
    desk.choose(hostile.ALL["a script on opening"][0](), "usulan.pdf")
    words = 'Berkas "usulan.pdf" memuat program (JavaScript) dan tidak disimpan.'
    expect(desk.row("refused")).to_contain_text(words)
    expect(desk.status()).to_contain_text(words)
    assert desk.id_of() == ""


def test_a_file_over_the_limit_is_told_before_a_byte_is_sent(desk, tmp_path):
    large = tmp_path / "SK Sentra.pdf"
    with large.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(21 * MEGABYTE + 9)
    desk.page.locator("input[type=file][name=file]").set_input_files(large)
    expect(desk.row("refused")).to_contain_text(
        "Berkas 22 MB melebihi batas 20 MB. Berkas lain tetap tersimpan. Pindai ulang dengan ukuran lebih kecil."
    )
    assert desk.parts == []


def test_a_large_photo_is_made_smaller_before_it_is_sent(desk):
    original = picture_bytes(a_picture((4000, 3000), colour=(120, 80, 40)), quality=95)
    desk.choose(original, "tenun ikat.jpeg", "photo")
    expect(desk.row("accepted", "photo")).to_be_visible()
    stored = desk.stored("photo")
    assert (stored.width, stored.height) == (1600, 1200)
    assert stored.original_name == "tenun ikat.jpg"


def test_a_scan_of_a_document_keeps_its_size(desk):
    desk.choose(picture_bytes(a_picture((2480, 3508))), "sk.jpg")
    expect(desk.row("accepted")).to_be_visible()
    assert (desk.stored().width, desk.stored().height) == (2480, 3508)


def test_an_upload_can_be_given_up_and_another_file_chosen(desk):
    desk.choose_and_hold(a_large_pdf(MEGABYTE), "salah.pdf")
    with desk.page.expect_request(lambda request: request.method == "DELETE"):
        desk.page.get_by_role("button", name="Batalkan unggahan").click()
    expect(desk.page.locator("[data-upload-rows] li")).to_have_count(0)
    desk.choose(pdf_bytes(), "benar.pdf")
    expect(desk.row("accepted")).to_contain_text("benar.pdf")
    assert desk.stored().original_name == "benar.pdf"


def test_who_was_signed_out_is_told_that_nothing_is_lost(desk):
    cookies = desk.page.context.cookies()
    desk.page.context.clear_cookies(name="sesi")
    desk.choose(pdf_bytes())
    expect(desk.row("stopped")).to_contain_text("Sesi Anda berakhir. Bagian yang terkirim tidak hilang.")
    desk.page.context.add_cookies(cookies)
    desk.page.get_by_role("button", name="Lanjutkan unggahan").click()
    expect(desk.row("accepted")).to_be_visible()


def test_without_javascript_the_form_brings_the_file_itself(open_page, live_portal):
    desk = Desk(open_page, live_portal, javascript=False)
    desk.choose(pdf_bytes())
    desk.page.get_by_role("button", name="Simpan dan lanjutkan").click()
    [sent] = desk.posted
    assert b'filename="SK Sentra.pdf"' in sent
    assert desk.parts == []
