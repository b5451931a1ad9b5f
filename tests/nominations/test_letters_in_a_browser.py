"""A proposal letter in a real browser with a real worker: from the list of nominations to its delivery."""

import re
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from playwright.sync_api import expect

from accounts.roles import Role
from letters import workdays
from letters.models import Letter
from nominations import reference
from tests.factories.accounts import a_dinas, a_ministry, a_person, a_province_office
from tests.factories.files import pdf_bytes
from tests.factories.nominations import NominationFactory
from tests.nominations.letter_writing import today
from tests.portal import sign_in


@pytest.fixture
def officer_page(open_page, fresh_portal):
    files = override_settings(MEDIA_ROOT=fresh_portal.data_dir / "files")
    with fresh_portal.orm(), files, transaction.atomic():
        reference.load()
        workdays.load()
        NominationFactory(in_state="submitted")
        a_ministry()
        a_province_office()
        person = a_person(Role.DINAS, office=a_dinas())
    page = sign_in(open_page("/masuk/"), fresh_portal, person)
    page.goto("/usulan/")
    return page


def test_from_the_first_letterhead_to_the_delivered_letter(officer_page, fresh_portal, tmp_path: Path):
    page = officer_page
    page.get_by_role("link", name="Susun surat usulan").click()
    expect(page.get_by_text("Kop surat kantor Anda belum diisi.")).to_be_visible()
    page.get_by_role("link", name="Isi kop dan penanda tangan").click()
    page.get_by_role("link", name="Isi kop surat").click()
    page.get_by_role("button", name="Simpan kop surat").click()
    page.get_by_role("link", name="Tambah penanda tangan").click()
    page.get_by_label("Nama tanpa gelar").fill("Siti Aminah")
    page.get_by_label("Jabatan").fill("Kepala Dinas")
    page.get_by_label("Menandatangani sejak").fill("2026-01-05")
    page.get_by_role("button", name="Simpan penanda tangan").click()
    page.goto("/usulan/")
    page.get_by_role("link", name="Susun surat usulan").click()
    page.get_by_label("Nomor surat undangan Kementerian").fill("B/98/IKMA.1/IND.2/I/2026")
    page.get_by_label("Tanggal surat undangan").fill("2026-01-19")
    page.get_by_role("button", name="Susun konsep").click()

    # The worker makes the preview, and the page finds it by itself.
    expect(page.locator("#pratinjau img").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Paraf konsep").click()
    page.get_by_label("Nomor naskah").fill("B/214/Disperindag/500.9/XI/2026")
    page.get_by_label("Tanggal naskah").fill(today().isoformat())
    page.get_by_role("button", name="Catat nomor").click()
    expect(page.get_by_role("link", name="Unduh pratinjau (PDF)")).to_be_visible(timeout=60_000)

    scan = tmp_path / "surat-bertanda-tangan.pdf"
    scan.write_bytes(pdf_bytes())
    page.locator("input[type=file]").set_input_files(scan)
    expect(page.locator("[data-file-state=accepted]")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Simpan naskah bertanda tangan").click()
    page.get_by_role("button", name="Sampaikan surat").click()
    expect(page.get_by_text("Surat sudah disampaikan.")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh naskah (PDF)").click()
    assert download.value.path().read_bytes() == scan.read_bytes()
    page.goto("/surat/")
    expect(page.get_by_role("row", name=re.compile("Surat usulan dinas.*Disampaikan"))).to_be_visible()
    with fresh_portal.orm():
        assert Letter.objects.get().state == "disampaikan"
