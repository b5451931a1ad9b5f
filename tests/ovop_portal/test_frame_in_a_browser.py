"""The frame and the two small scripts, in a real browser: what they add, and that pages work without them."""

import gzip
import re
import time
from typing import Any

import pytest
from django.template.loader import get_template
from playwright.sync_api import Page, expect

from ovop_portal.specimens import SpecimenForm, specimens

PUBLIC = ["/", "/katalog/", "/verifikasi/", "/hasil/", "/masuk/", "/masuk/lupa/", "/en/"]


def drawn(partial: str, **parameters: Any) -> str:
    return get_template(f"partials/{partial}.html").render(parameters)


def show(page: Page, body: str, *, attributes: str = "") -> None:
    """Put a page of our own under the portal's address, with its stylesheets and scripts."""
    html = (
        '<!doctype html><html lang="id"><head><title>Uji</title>'
        '<link rel="stylesheet" href="/static/css/bootstrap.css"><link rel="stylesheet" href="/static/css/ovop.css">'
        '<link rel="stylesheet" href="/static/css/staff.css"><script type="module" src="/static/js/public.js"></script>'
        '<script type="module" src="/static/js/staff.js"></script></head>'
        f"<body {attributes}><main>{body}</main></body></html>"
    )
    page.route("**/uji/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto("/uji/")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_fits_a_phone_and_needs_no_script(open_page, address):
    page = open_page(address, width=360, javascript=False)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator(".nav-folded summary").click()
    expect(page.locator(".nav-folded a").last).to_be_visible()
    expect(page.locator(".textile")).to_have_count(1)


def test_the_first_tab_stop_leads_to_the_content(open_page):
    page = open_page("/verifikasi/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_menu_of_the_phone_closes_with_escape_and_gives_the_focus_back(open_page):
    page = open_page("/verifikasi/", width=360)
    page.locator(".nav-folded summary").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".nav-folded a").first).to_be_hidden()
    expect(page.locator(".nav-folded summary")).to_be_focused()


def test_a_wrong_password_is_told_on_top_and_the_password_can_be_looked_at(open_page):
    page = open_page("/masuk/")
    page.fill("[name=login]", "siapa@ovop.example")
    page.fill("[name=password]", "bukan-kata-sandinya")
    page.get_by_role("button", name="Tampilkan").click()
    assert page.locator("[name=password]").get_attribute("type") == "text"
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Perlu diperbaiki: ")
    assert page.locator("[name=login]").input_value() == "siapa@ovop.example"


def test_a_page_without_script_offers_no_button_that_needs_one(open_page):
    page = open_page("/masuk/", javascript=False)
    expect(page.get_by_role("button", name="Tampilkan")).to_have_count(0)
    expect(page.get_by_role("button", name="Masuk")).to_be_visible()


def test_a_double_click_sends_a_form_once(open_page):
    page = open_page("/verifikasi/")
    sent: list[str] = []
    page.route("**/hitung/", lambda route: (sent.append(route.request.method), route.fulfill(status=204)))
    show(
        page,
        '<form method="post" action="/hitung/"><button class="btn btn-primary">Kirim usulan</button></form>',
    )
    with page.expect_response("**/hitung/"):
        page.get_by_role("button").dblclick()
    expect(page.get_by_role("button")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button").click(force=True)
    assert sent == ["POST"]


def test_a_link_to_an_irreversible_step_opens_its_dialog_and_batal_closes_it(open_page):
    page = open_page("/verifikasi/")
    asked = next(one for one in specimens() if one.partial == "confirm_dialog").parameters
    dialog = drawn(
        "confirm_dialog", **{**asked, "id": "tanya", "full_page": False, "cancel_url": "/kembali/"}
    )
    show(page, f'<a href="/tanya/" data-dialog="tanya">Teruskan</a>{dialog}')
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_text("Teruskan", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_text("Batal").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith("/uji/")


def test_leaving_with_unsaved_answers_asks_first_and_not_after_saving(open_page):
    page = open_page("/verifikasi/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form = '<form data-guard method="post"><label for="a">Cerita</label><input id="a" class="form-control"></form>'
    show(page, form)
    page.get_by_label("Cerita").press_sequentially("Dodol")
    page.goto("/verifikasi/")
    assert asked == ["beforeunload"]
    show(page, form)
    page.get_by_label("Cerita").press_sequentially("Dodol")
    page.evaluate("document.querySelector('form').dispatchEvent(new Event('ovop:saved'))")
    page.goto("/verifikasi/")
    assert asked == ["beforeunload"]


def test_the_save_state_changes_with_what_the_saver_says(open_page):
    page = open_page("/verifikasi/")
    show(page, drawn("save_state", state="idle", time=None))
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('ovop:save-state',"
        " { detail: { state: 'saved', addition: 'pukul 14.32 WIB' } }))"
    )
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\s*Tersimpan pukul 14\.32 WIB\s*$"))


def test_of_two_toasts_the_last_one_stays_and_can_be_closed(open_page):
    page = open_page("/verifikasi/")
    show(
        page,
        drawn("toast", text="Pertama", undo_url="") + drawn("toast", text="Kedua", undo_url="/urungkan/"),
    )
    expect(page.get_by_role("status")).to_have_count(1)
    expect(page.get_by_role("status")).to_contain_text("Kedua")
    page.get_by_role("button", name="Tutup").click()
    expect(page.get_by_role("status")).to_have_count(0)


def test_before_a_sign_in_ends_a_dialog_prolongs_it_without_leaving_the_page(open_page):
    page = open_page("/verifikasi/")
    in_four_minutes = int(time.time()) + 240
    answers = [f'<body data-session-ends="{in_four_minutes + more}">' for more in (0, 3600)]
    page.route(
        "**/beranda/",
        lambda route: route.fulfill(body=answers.pop(0), content_type="text/html; charset=utf-8"),
    )
    show(page, drawn("session_dialog"), attributes=f'data-session-ends="{in_four_minutes}"')
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Lanjutkan sesi").click()
    expect(page.get_by_role("status")).to_contain_text("Sesi belum dapat diperpanjang.")
    page.get_by_role("button", name="Lanjutkan sesi").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith("/uji/")


def test_an_area_of_the_map_follows_its_entry_in_the_list(open_page):
    page = open_page("/verifikasi/")
    given = next(one.parameters for one in specimens() if one.partial == "province_map")
    values = [{**item, "url": f"#{item['code']}"} for item in given["values"]]
    show(page, drawn("symbols") + drawn("province_map", **{**given, "values": values}))
    page.locator("circle[data-follow='peta-provinsi-34']").click()
    expect(page).to_have_url(re.compile("#34$"))


_SECONDS = """() => [...document.querySelectorAll("*")].flatMap(one => {
    const style = getComputedStyle(one);
    return `${style.transitionDuration}, ${style.animationDuration}`.split(", ").map(parseFloat);
})"""


def test_nothing_moves_for_who_asked_for_that_and_for_nobody_longer_than_150_ms(open_page):
    page = open_page("/katalog/")
    page.evaluate("document.body.style.transition = 'opacity 1s'")
    assert set(page.evaluate(_SECONDS)) == {0}
    page.evaluate("document.body.style.transition = ''")
    page.emulate_media(reduced_motion="no-preference")
    assert max(page.evaluate(_SECONDS)) <= 0.15


def test_in_the_readers_own_colours_earned_stars_and_edges_are_told_apart(open_page):
    page = open_page("/")
    page.emulate_media(forced_colors="active")
    badge = drawn("status_badge", state="Menunggu", tone="info", icon="")
    show(
        page,
        drawn("stars", earned=3, maximum=5) + badge + '<a class="btn btn-primary" href="/">Cari produk</a>',
    )
    fills = page.eval_on_selector_all(".stars svg", "all => all.map(one => getComputedStyle(one).fill)")
    assert [fill == fills[0] for fill in fills] == [True, True, True, False, False]
    for what in (".badge", ".btn"):
        assert page.eval_on_selector(what, "one => getComputedStyle(one).borderTopStyle") == "solid"
        assert page.eval_on_selector(what, "one => parseFloat(getComputedStyle(one).borderTopWidth)") >= 1


@pytest.mark.parametrize("width", [360, 1280])
def test_every_partial_fits_its_page_and_every_control_a_finger(open_page, width):
    page = open_page("/verifikasi/", width=width)
    form = get_template("bootstrap5/uni_form.html").render(
        {"form": SpecimenForm(), "form_show_errors": True, "form_show_labels": True, "include_media": False,
         "field_template": "bootstrap5/field.html"}
    )  # fmt: skip
    bodies = "".join(one.drawn for one in specimens() if one.partial != "toast")
    show(page, f'{drawn("symbols")}<div class="page stack-lg">{bodies}<form>{form}</form></div>')
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(
        """[...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary, textarea")]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
        .map(([html, box]) => `${html}: ${box.width} x ${box.height}`)"""
    )
    assert small == []


def test_a_first_view_of_the_public_weighs_no_more_than_a_hundred_kilobytes(open_page):
    page = open_page("/verifikasi/")
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto("/", wait_until="networkidle")
    weight = {address: _weight(address, page.request.get(address).body()) for address in asked}
    assert sum(address.endswith(".woff2") for address in weight) == 2
    assert sum(weight.values()) <= 100_000, weight


def _weight(address: str, body: bytes) -> int:
    return len(body if address.endswith(".woff2") else gzip.compress(body))
