"""What scripts add to the public's pages: a file's fingerprint, a list that is swapped; and that nothing leaves."""

import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from awards import certificate_page
from tests.factories.awards import AwardFactory, DecreeFactory, ProductFactory, a_certificate, a_group
from tests.factories.certificate_facts import certificate_facts

PDF = b"%PDF-1.7 piagam"
DROP = """([name, bytes]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([new Uint8Array(bytes)], name, { type: "application/pdf" }));
    document.querySelector("main").dispatchEvent(
        new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def awards(live_portal):
    """Two products of food and one batik, each with its certificate and file; the tests here only read."""
    live_portal.reset()
    with live_portal.orm():
        decree = DecreeFactory(published=True, round__year=2018)
        batik = a_group("kain_batik", "Kain batik")
        products = [
            ProductFactory(name="Dodol cokelat"),
            ProductFactory(name="Kopi Malabar"),
            ProductFactory(name="Batik tulis", group=batik),
        ]
        made = [
            AwardFactory(decree=decree, product=p, star=s) for p, s in zip(products, (5, 4, 4), strict=True)
        ]
        return [
            a_certificate(
                award, path="x.pdf", size=20, rendered_at=timezone.now(),
                sha256=hashlib.sha256(PDF + str(award.position).encode()).hexdigest(),
            )
            for award in made
        ]  # fmt: skip


def drop(page, content: bytes, name="piagam.pdf"):
    page.evaluate(DROP, [name, list(content)])


# --- A file is checked by its fingerprint ----------------------------------------------------------------------
def test_a_certificate_dropped_on_the_page_is_recognised_without_being_sent(open_page, awards):
    page = open_page("/verifikasi/", width=360)
    asked = []
    page.on("request", lambda request: asked.append(request))
    drop(page, PDF + b"1")
    expect(page.locator(".verdict h2")).to_have_text("Piagam dengan kode ini tercatat dan berlaku.")
    expect(page.locator(".verdict")).to_be_focused()
    page.get_by_role("link", name=f"Lihat catatan piagam nomor {awards[0].number}").click()
    expect(page.locator("h1")).to_have_text("Piagam dengan kode ini tercatat dan berlaku.")
    about_the_file = [request for request in asked if "/berkas/" in request.url]
    assert [request.method for request in about_the_file] == ["GET"]
    assert set(parse_qs(urlsplit(about_the_file[0].url).query)) == {"sidik"}
    assert not any(request.post_data_buffer for request in asked)


def test_an_altered_file_is_told_apart_right_above_the_fields_to_compare(open_page, awards):
    page = open_page(f"/verifikasi/{awards[0].code}/")
    page.locator("#berkas").set_input_files(
        {"name": "piagam.pdf", "mimeType": "application/pdf", "buffer": PDF + b"1 diubah"}
    )
    verdict = page.locator("[data-file-answer] .verdict-hati")
    expect(verdict).to_contain_text("Kode ini tercatat, tetapi isi berkas tidak sama dengan catatan kami.")
    expect(verdict).not_to_contain_text("palsu")
    assert verdict.bounding_box()["y"] < page.locator("#cocokkan").bounding_box()["y"]
    page.locator("#berkas").set_input_files(
        {"name": "piagam.pdf", "mimeType": "application/pdf", "buffer": PDF + b"1"}
    )
    expect(page.locator("[data-file-answer] .verdict-baik")).to_contain_text("Isi berkas ini sama")


def test_an_altered_file_is_known_by_the_code_it_carries(open_page, awards):
    """A certificate as the worker draws it, changed by a byte: the browser reads the code from its record."""
    changed = certificate_page.pdf(certificate_facts(code=awards[0].code)) + b"\n"
    page = open_page("/verifikasi/")
    page.locator("#berkas").set_input_files(
        {"name": "piagam.pdf", "mimeType": "application/pdf", "buffer": changed}
    )
    expect(page.locator(".verdict-hati h2")).to_contain_text(f"memuat kode piagam nomor {awards[0].number}")


def test_what_is_no_pdf_or_cannot_be_asked_about_is_told_and_accused_of_nothing(open_page, awards):
    page = open_page("/verifikasi/", complain=False)
    drop(page, b"GIF89a", name="foto.gif")
    expect(page.locator("[data-progress]")).to_have_text(re.compile("Berkas ini bukan PDF"))
    expect(page.locator(".verdict")).to_have_count(0)
    page.route("**/verifikasi/berkas/**", lambda route: route.abort())
    drop(page, PDF)
    expect(page.locator(".verdict")).to_contain_text("Ini bukan tanda bahwa piagam palsu. Coba lagi.")


def test_without_a_script_the_code_alone_is_asked_for(open_page, awards):
    page = open_page("/verifikasi/", javascript=False)
    expect(page.locator("#periksa-berkas")).to_be_hidden()
    page.get_by_label("Kode piagam").fill(awards[0].code.lower())
    page.get_by_role("button", name="Periksa piagam").click()
    expect(page.locator("h1")).to_have_text("Piagam dengan kode ini tercatat dan berlaku.")


# --- The list is swapped -----------------------------------------------------------------------------------------
def test_choosing_a_filter_swaps_the_list_keeps_the_focus_and_can_be_taken_back(open_page, awards):
    page = open_page("/katalog/")
    expect(page.locator("#jumlah")).to_have_text("3 produk")
    box = page.get_by_label("Bintang 4")
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator("#jumlah")).to_have_text("2 produk")
    expect(page.locator(".card h3")).to_have_text(["Kopi Malabar", "Batik tulis"])
    expect(page.get_by_label("Bintang 4")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/katalog/\?bintang=4$"))
    page.get_by_label("Kain batik").check()
    expect(page.locator("#jumlah")).to_have_text("1 produk")
    expect(page.get_by_label("Bintang 4").locator("xpath=..").locator(".count")).to_have_text(
        re.compile("^1")
    )
    page.go_back()
    expect(page.locator("#jumlah")).to_have_text("2 produk")
    expect(page.locator("header .wordmark")).to_be_visible()


def test_a_filter_is_dropped_by_its_chip_without_loading_the_page_anew(open_page, awards):
    page = open_page("/katalog/?bintang=4&komoditas=kain_batik")
    page.evaluate("document.body.dataset.mark = 'same page'")
    page.locator(".chips a", has_text="Bintang 4").click()
    expect(page.locator(".chips")).not_to_contain_text("Bintang 4")
    expect(page.get_by_label("Bintang 4")).not_to_be_checked()
    expect(page).to_have_url(re.compile(r"/katalog/\?komoditas=kain_batik$"))
    assert page.evaluate("document.body.dataset.mark") == "same page"


# --- Statistics, data, filters on a phone --------------------------------------------------------------------------
def test_an_area_of_the_map_leads_to_the_products_of_its_province(open_page, awards):
    page = open_page("/statistik/")
    page.locator("path[data-follow='peta-provinsi-32']").click()
    expect(page.locator("#jumlah")).to_have_text("3 produk")


def test_the_list_beside_the_map_is_reached_and_followed_by_the_keyboard_alone(open_page, awards):
    page = open_page("/katalog/?tampilan=peta")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('li')?.textContent.includes('Jawa Barat')"):
            break
    assert page.evaluate("document.activeElement.tagName") == "A"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text("Jawa Barat")
    expect(page.locator("#jumlah")).to_have_text("3 produk")


def test_an_address_of_the_api_is_tried_on_its_page(open_page, awards):
    page = open_page("/data/api/")
    form = page.locator("form", has=page.get_by_label("province"))
    form.get_by_label("limit").fill("1")
    form.get_by_role("button", name=re.compile("Coba alamat ini")).click()
    expect(form.locator("pre")).to_contain_text('"count": 3')
    expect(form.locator("pre")).to_be_focused()


def test_on_a_phone_the_filters_are_folded_and_one_button_shows_what_was_found(open_page, awards):
    page = open_page("/katalog/", width=360)
    expect(page.get_by_label("Kain batik")).to_be_hidden()
    page.locator(".sieve > summary").click()
    page.get_by_label("Kain batik").check()
    shows = page.get_by_role("button", name="Lihat 1 produk")
    expect(shows).to_be_in_viewport()
    shows.click()
    expect(page.get_by_label("Kain batik")).to_be_hidden()
    expect(page.locator(".sieve > summary")).to_contain_text("Saring (1)")
    expect(page.locator("#jumlah")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_list_that_cannot_be_had_keeps_the_filters_and_leads_to_their_address(open_page, awards):
    page = open_page("/katalog/", complain=False)
    page.route("**/katalog/?*", lambda route: route.abort())
    page.get_by_label("Kain batik").check()
    expect(page.locator("#gagal")).to_contain_text("Daftar belum dapat dimuat. Saringan Anda tetap.")
    expect(page.get_by_label("Kain batik")).to_be_checked()
    page.unroute("**/katalog/?*")
    page.get_by_role("link", name="Muat ulang").click()
    expect(page.locator("#jumlah")).to_have_text("1 produk")


def test_without_a_script_the_filters_are_sent_by_a_button(open_page, awards):
    page = open_page("/katalog/", width=360, javascript=False)
    page.locator(".sieve > summary").click()
    page.get_by_label("Kain batik").check()
    page.get_by_role("button", name="Terapkan saringan").click()
    expect(page.locator("#jumlah")).to_have_text("1 produk")
