"""
In a browser with its worker: the batch counts up and the next step comes by itself, publication, every answer of the
verification page (a PDF dropped on it too), and a revocation from the question to the code.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from awards import codes
from awards.models import Award, Certificate, Clarification
from tests.factories.assessment import a_secretary
from tests.factories.awards import (
    AwardFactory,
    DecreeFactory,
    ProductFactory,
    a_certificate,
    a_drafted_decree,
    a_sealed_session,
    a_signatory,
)
from tests.portal import LivePortal, sign_in

pytestmark = pytest.mark.browser
REASON = "Produk tidak lagi dibuat sendiri oleh penerima penghargaan."


def asked_for(page: Page, code: str) -> None:
    """Somebody types a code as it is printed."""
    page.goto("/verifikasi/")
    page.get_by_label("Kode piagam").fill(codes.printed(code).lower())
    page.get_by_role("button", name="Periksa piagam").click()


def test_from_the_signature_to_a_code_that_answers_and_then_says_why_no_longer(
    fresh_portal: LivePortal, open_page, tmp_path
):
    with fresh_portal.orm(), transaction.atomic():
        decree = a_drafted_decree(a_sealed_session(("UD Mawar", "anyaman", 4), ("UD Melati", "anyaman", 1)))
        signatory, secretary = a_signatory(), a_secretary()
    page = sign_in(open_page("/verifikasi/"), fresh_portal, signatory)
    the_batch_counts_up_and_the_result_is_published(page, decree.pk)
    with fresh_portal.orm():
        certificate = Certificate.objects.select_related("award").get(award__ikm_name="UD Mawar")
    file = fresh_portal.data_dir / "files" / certificate.path
    visitor = open_page("/verifikasi/", width=360)
    the_paper_is_checked_by_code_and_by_file(visitor, certificate, file, tmp_path)
    the_award_is_revoked(fresh_portal, open_page, certificate, secretary, signatory)
    asked_for(visitor, certificate.code)
    heading = visitor.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Piagam dengan kode ini telah dicabut pada")
    expect(visitor.get_by_text(f"Alasan: {REASON}")).to_be_visible()


def the_batch_counts_up_and_the_result_is_published(page: Page, decree: int) -> None:
    page.goto(f"/penghargaan/{decree}/")
    page.get_by_label("Nomor SK").fill("1214 TAHUN 2026")
    page.get_by_label("Nama yang menetapkan").fill("AGUS GUMIWANG")
    page.get_by_role("button", name="Tetapkan SK").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tetapkan SK Nomor 1214 TAHUN 2026?")
    page.get_by_role("button", name="Tetapkan SK").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keputusan Nomor 1214 TAHUN 2026")
    # Nobody reloads: the page asks every two seconds, and takes the next step by itself.
    expect(page.get_by_text("Semua piagam siap.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Umumkan hasil").click()
    expect(page.get_by_text("Pengumuman tidak dapat ditarik kembali.")).to_be_visible()
    page.get_by_role("button", name="Umumkan hasil").click(no_wait_after=True)
    told = page.get_by_text("Hasil periode 2026 diumumkan dan dapat dilihat masyarakat.")
    expect(told).to_be_visible(timeout=60_000)


def the_paper_is_checked_by_code_and_by_file(
    page: Page, certificate: Certificate, file: Path, folder: Path
) -> None:
    asked_for(page, certificate.code)
    expect(page.get_by_role("heading", level=1)).to_have_text("Piagam dengan kode ini tercatat dan berlaku.")
    expect(page.get_by_text("UD Mawar", exact=True)).to_be_visible()
    page.set_input_files("#berkas", file)
    expect(page.get_by_text("Isi berkas ini sama dengan catatan kami.")).to_be_visible()
    altered = folder / "piagam.pdf"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    altered.write_bytes(content)
    page.set_input_files("#berkas", altered)
    expect(page.get_by_text("Kode ini tercatat, tetapi isi berkas tidak sama")).to_be_visible()
    page.goto("/verifikasi/")
    page.set_input_files("#berkas", file)
    expect(page.get_by_role("link", name=f"Lihat catatan piagam nomor {certificate.number}")).to_be_visible()


def the_award_is_revoked(
    portal: LivePortal, open_page, certificate: Certificate, secretary, signatory
) -> None:
    page = sign_in(open_page("/verifikasi/"), portal, secretary)
    page.goto(f"/penghargaan/penerima/{certificate.award_id}/klarifikasi/")
    page.get_by_label("Informasi yang diterima").fill("Produk tidak lagi dibuat di sentra ini.")
    page.get_by_role("button", name="Kirim permintaan").click()
    expect(page.get_by_text("Penghargaan tetap berlaku sampai ada keputusan.")).to_be_visible()
    with portal.orm():
        asked = Clarification.objects.get()
        asked.due_at = timezone.now() - timedelta(hours=1)
        asked.save()
    page.reload()
    page.get_by_label("Susun rancangan SK pencabutan").check()
    page.get_by_label("Alasan").fill(REASON)
    page.get_by_role("button", name="Selesaikan klarifikasi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rancangan SK pencabutan periode 2026")
    address = page.url
    page = sign_in(open_page("/verifikasi/"), portal, signatory)
    page.goto(address)
    page.get_by_label("Nomor SK").fill("1300 TAHUN 2026")
    page.get_by_label("Nama yang menetapkan").fill("AGUS GUMIWANG")
    for _ in ("asked", "sure"):
        page.get_by_role("button", name="Tetapkan SK").click()
    expect(page.get_by_text("SK ini tidak menerbitkan piagam.")).to_be_visible()
    page.get_by_role("button", name="Umumkan hasil").click()
    expect(page.get_by_text("Pengumuman tidak dapat ditarik kembali.")).to_be_visible()
    page.get_by_role("button", name="Umumkan hasil").click(no_wait_after=True)
    expect(page.get_by_text(re.compile("Diumumkan"))).to_be_visible(timeout=60_000)


def test_every_other_answer_of_the_verification_page(fresh_portal: LivePortal, open_page):
    now = timezone.now()
    with fresh_portal.orm(), transaction.atomic():
        decree = DecreeFactory(published=True, round__year=2018)
        replaced = a_certificate(AwardFactory(decree=decree, product=ProductFactory()), replaced_at=now)
        current = a_certificate(replaced.award, version=2, number=f"{replaced.number}/P1")
        over = DecreeFactory(published=True, round__year=2015, valid_until=now.date() - timedelta(days=3))
        expired = a_certificate(AwardFactory(decree=over, product=ProductFactory()))
        hidden = a_certificate(AwardFactory(decree=DecreeFactory(round__year=2022), product=ProductFactory()))
        assert Award.objects.count() == 3
    visitor = open_page("/verifikasi/", width=360)
    heading = visitor.get_by_role("heading", level=1)
    for code in ("0" * 16, hidden.code):
        asked_for(visitor, code)
        expect(heading).to_have_text("Kode ini tidak ada dalam catatan kami.")
        expect(visitor.locator("#berkas")).to_have_count(0)
    asked_for(visitor, expired.code)
    expect(heading).to_contain_text("Piagam dengan kode ini pernah berlaku sampai")
    asked_for(visitor, replaced.code)
    expect(heading).to_have_text("Piagam dengan kode ini telah diganti.")
    visitor.get_by_role("link", name=current.number, exact=True).click()
    expect(heading).to_have_text("Piagam dengan kode ini tercatat dan berlaku.")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 360
