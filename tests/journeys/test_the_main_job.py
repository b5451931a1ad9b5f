"""
The main job, end to end, as people do it: eight accounts, one nomination, one star, one certificate that anyone checks.

On record: UD Mawar Art Shop (Kabupaten Lombok Barat), plaited ketak, five stars in 2018. The rest is an example.
"""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from accounts.models import Office
from accounts.roles import Role
from tests.factories.files import pdf_bytes, picture_bytes
from tests.journeys.conftest import ComeIn, Picture
from tests.portal import LivePortal

WIB = ZoneInfo("Asia/Jakarta")
PRODUCT, IKM = "Anyaman ketak", "UD Mawar Art Shop"
SK_SENTRA = "188.45/271/Perindag/2016"
NIB = "1201180000044"
ASSOCIATION = "himki"


@pytest.fixture
def an_association(fresh_portal: LivePortal) -> None:
    with fresh_portal.orm():
        Office.objects.create(kind="association", code=ASSOCIATION, name="HIMKI")


@pytest.mark.browser
def test_a_nomination_goes_all_the_way_to_a_certificate_that_anyone_verifies(
    fresh_portal: LivePortal, an_association: None, come_in: ComeIn, open_page, picture: Picture
):
    secretary = come_in("sekretariat@ovop.example", Role.SEKRETARIAT, "kemenperin", "Ratna Kusuma Dewi")
    the_round_is_opened(secretary, picture)
    number = the_dinas_proposes(
        come_in("dinas.5201@ovop.example", Role.DINAS, "5201", "Lalu Muhammad Zaini"), picture
    )
    the_province_endorses(
        come_in("provinsi.52@ovop.example", Role.PROVINSI, "52", "Baiq Nuraini"), number, picture
    )
    the_secretariat_screens(secretary, number, picture)
    assessors = [
        (f"penilai{position}@ovop.example", office, name)
        for position, (office, name) in enumerate(
            [(ASSOCIATION, "Made Wirawan"), ("kemenperin", "Andi Tenri Abeng"), ("kemenperin", "Suharto")],
            start=1,
        )
    ]
    pages = [come_in(email, Role.PENILAI, office, name) for email, office, name in assessors]
    the_secretariat_forms_the_panel(secretary, [name for _, _, name in assessors], picture)
    for position, page in enumerate(pages):
        an_assessor_scores(page, picture if position == 0 else lambda page, name: None)
    chair = come_in("ketua@ovop.example", Role.KETUA, "kemenperin", "Prof. Gita Rahmania")
    the_plenary_decides(chair, picture)
    the_secretariat_drafts_the_decree(secretary, picture)
    signatory = come_in("penetap@ovop.example", Role.PENETAP, "kemenperin", "Bambang Wicaksono")
    code = the_decree_is_issued(signatory, fresh_portal, picture)
    nothing_is_public_yet(open_page, code)
    the_result_is_announced(signatory, picture)
    anyone_verifies(open_page, code, picture)
    assert fresh_portal.manage("recompute", "--round", "2026", "--json")
    assert fresh_portal.manage("check_integrity", "--json")


# --- The steps -------------------------------------------------------------------------------------------------
def the_round_is_opened(page: Page, picture: Picture) -> None:
    """The secretariat makes the round 2026, with every phase open from an hour ago for twenty days."""
    page.goto("/periode/buat/")
    page.get_by_label("Tahun").fill("2026")
    page.get_by_role("button", name="Buat periode").click()
    now = datetime.now(WIB)
    opens, closes = (now - timedelta(hours=1)), (now + timedelta(days=20)).replace(hour=23, minute=59)
    for phase in ("Pengusulan", "Verifikasi provinsi", "Seleksi administrasi", "Penilaian", "Sidang pleno"):
        page.get_by_label(f"{phase}, dibuka (WIB)").fill(opens.strftime("%Y-%m-%dT%H:%M"))
        page.get_by_label(f"{phase}, ditutup (WIB)").fill(closes.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Simpan jadwal").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    picture(page, "periode")


def the_dinas_proposes(page: Page, picture: Picture) -> str:
    """From the empty list to the receipt; returns the number of the nomination."""
    picture(page, "beranda-dinas")
    page.goto("/potensi/sentra/daftar/")
    page.get_by_label("Nama sentra").fill("Sentra Anyaman Ketak Nyurbaya")
    page.get_by_label("Nomor SK sentra").fill(SK_SENTRA)
    page.get_by_label("Tanggal SK sentra").fill("2016-05-12")
    page.get_by_label("Desa atau kelurahan").fill("Gegerung")
    page.get_by_label("Kecamatan").fill("Lingsar")
    page.locator("form[method=post] button.btn-primary").click()
    page.goto("/usulan/")
    picture(page, "usulan-kosong")
    page.get_by_role("link", name="Buat usulan").first.click()
    page.get_by_role("link", name="Daftarkan IKM dan produk baru").click()
    page.get_by_label("Nama IKM").fill(IKM)
    page.get_by_label("NIB", exact=True).fill("120118000004")
    page.get_by_label("Sentra IKM").select_option(label="Sentra Anyaman Ketak Nyurbaya")
    page.get_by_label("Nama produk").fill(PRODUCT)
    page.get_by_label("Kelompok komoditas").select_option(label="Anyaman")
    page.locator("form[method=post] button.btn-primary").click()
    expect(page.get_by_text("NIB harus 13 angka; Anda mengisi 12.").first).to_be_visible()
    picture(page, "nib-salah")
    page.get_by_label("NIB", exact=True).fill(NIB)
    page.locator("form[method=post] button.btn-primary").click()
    expect(page.get_by_role("heading", name=PRODUCT)).to_be_visible()
    hub = page.url
    picture(page, "usulan-baru")
    page.goto(f"{hub}isian/ikm/")
    page.get_by_label("Tahun mulai berproduksi").fill("1988")
    page.get_by_label("Desa atau kelurahan").fill("Gegerung")
    page.get_by_label("Kecamatan").fill("Lingsar")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.goto(f"{hub}isian/produk/")
    _fill_the_product(page)
    expect(page.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    picture(page, "isian-produk")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    for kind, number in (
        ("nib", NIB), ("sk_sentra", SK_SENTRA), ("surat_usulan", "500.9/112/Perindag/2026"), ("persetujuan", "")
    ):  # fmt: skip
        _add_a_document(page, hub, kind, number)
    picture(page, "dokumen")
    page.goto(f"{hub}isian/cerita/")
    page.get_by_label("Desain dan kemasan").fill(
        "Desain sendiri; kemasan kardus daur ulang dengan cerita perajin."
    )
    page.get_by_label("Pemasaran").fill("Toko di Lombok Barat, hotel, serta pembeli di Jepang dan Belanda.")
    page.get_by_label("Omzet setahun terakhir").fill("1250000000")
    page.get_by_label("Cerita produk").fill(
        "Ketak dianyam perajin di rumah masing-masing; satu tas dapat memakan waktu dua pekan."
    )
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    _add_a_photo(page, hub)
    page.goto(f"{hub}periksa/")
    picture(page, "periksa-jawaban")
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.get_by_text("Usulan terkirim.").first).to_be_visible()
    picture(page, "tanda-terima")
    return re.search(r"U-2026-5201-\d{3}", page.content())[0]


def _fill_the_product(page: Page) -> None:
    page.get_by_label("Bahan baku dan asalnya").fill("Ketak dari hutan Lombok; pasokan terjamin empat tahun.")
    page.get_by_label("Bahan baku dari kabupaten/kota sendiri").fill("95")
    page.get_by_label("Nilai tambah").fill(
        "65 persen dari nilai penjualan: anyaman dan pengasapan dikerjakan sendiri."
    )
    page.get_by_label("Kapasitas produksi").fill("400 tas setiap bulan dengan mutu yang sama.")
    page.get_by_label("Jumlah tenaga kerja").fill("120")
    page.get_by_label("Pengendalian lingkungan").fill("Sisa ketak menjadi bahan bakar pengasapan.")


def _add_a_document(page: Page, hub: str, kind: str, number: str) -> None:
    page.goto(f"{hub}dokumen/{kind}/tambah/")
    _choose_file(page, f"{kind}.pdf", "application/pdf", _a_paper(kind))
    if page.get_by_label("Nomor", exact=True).count():
        page.get_by_label("Nomor", exact=True).fill(number or "01/P/2026")
    page.get_by_role("button", name="Simpan berkas").click()
    expect(page).not_to_have_url(re.compile("tambah"))


def _add_a_photo(page: Page, hub: str) -> None:
    page.goto(f"{hub}dokumen/produk/tambah/")
    _choose_file(page, "tas ketak.jpg", "image/jpeg", picture_bytes())
    page.get_by_label("Keterangan foto").fill("Tas anyaman ketak berwarna cokelat tua dengan tutup bundar")
    page.get_by_role("button", name="Simpan berkas").click()
    expect(page).not_to_have_url(re.compile("tambah"))


def _choose_file(page: Page, name: str, media_type: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": media_type, "buffer": content}
    )
    expect(page.get_by_text("Berkas diterima.")).to_be_visible()


def _a_paper(title: str) -> bytes:
    document = pikepdf.open(io.BytesIO(pdf_bytes()))
    document.docinfo["/Title"] = title
    return pdf_bytes(document)


def the_province_endorses(page: Page, number: str, picture: Picture) -> None:
    page.goto("/verifikasi-provinsi/")
    picture(page, "antrean-provinsi")
    page.get_by_role("link", name=IKM).click()
    _choose_all(page, "Sesuai")
    picture(page, "verifikasi-provinsi")
    page.get_by_role("button", name="Teruskan ke Kementerian").dblclick()
    expect(page.get_by_text("Diteruskan ke Kementerian pukul").first).to_be_visible()
    expect(page.get_by_text("Semua usulan sudah Anda tinjau.")).to_be_visible()


def the_secretariat_screens(page: Page, number: str, picture: Picture) -> None:
    page.goto("/seleksi/")
    picture(page, "antrean-seleksi")
    page.get_by_role("link", name=IKM).first.click()
    picture(page, "seleksi")
    _choose_all(page, "Sesuai")
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    page.get_by_role("button", name="Nyatakan lolos seleksi").click()
    expect(page.get_by_text(re.compile("lolos seleksi")).first).to_be_visible()


def _choose_all(page: Page, verdict: str) -> None:
    for choice in page.get_by_label(verdict, exact=True).all():
        choice.check()


def the_secretariat_forms_the_panel(page: Page, names: list[str], picture: Picture) -> None:
    page.goto("/panel/")
    picture(page, "panel-daftar")
    page.get_by_role("link", name=IKM).first.click()
    for name in names:
        page.get_by_label(name).check()
    picture(page, "panel")
    page.get_by_role("button", name="Tugaskan penilai").click()
    expect(page.get_by_text("Belum menyatakan").first).to_be_visible()


def an_assessor_scores(page: Page, picture: Picture) -> None:
    """Pact, statement, the highest level of each ladder by the keyboard, sent."""
    page.goto("/penilaian/")
    picture(page, "antrean-penilai")
    page.locator("main a.btn-primary").click()
    page.get_by_role("button", name="Tanda tangani pakta").click()
    picture(page, "pernyataan")
    page.get_by_label("Tidak mempunyai").first.check()
    page.get_by_role("button", name="Simpan pernyataan").click()
    ladders = page.locator("fieldset.ladder")
    expect(ladders.first).to_be_visible()
    picture(page, "lembar-penilaian")
    for ladder in ladders.all():
        ladder.locator("input[type=radio]").last.focus()
        page.keyboard.press("Space")
    expect(page.get_by_text("26 dari 26").first).to_be_visible()
    page.get_by_role("button", name="Periksa penilaian").click()
    picture(page, "periksa-penilaian")
    page.get_by_role("link", name="Kirim penilaian").click()
    page.locator("dialog[open]").get_by_role("button", name="Kirim penilaian").click()
    expect(page.get_by_text(re.compile("terkirim|dikirim", re.I)).first).to_be_visible()


def the_plenary_decides(page: Page, picture: Picture) -> None:
    page.goto("/pleno/buka/")
    # The assessors whose sheets count stand there as members already.
    for box in page.locator('[name="members"]:checked').all():
        page.locator(f'[name="present"][value="{box.get_attribute("value")}"]').check()
    page.get_by_label("Tempat sidang").fill("Ruang Rajawali, Kementerian Perindustrian")
    page.get_by_role("button", name="Buka sidang").click()
    picture(page, "papan-pleno")
    page.get_by_role("button", name="Bahas usulan berikutnya").click()
    picture(page, "putusan")
    page.get_by_label(re.compile("Bintang 5|5 dari 5")).first.check()
    page.get_by_role("button", name="Catat keputusan").click()
    page.get_by_role("link", name=re.compile("Segel")).first.click()
    page.get_by_label("Nomor berita acara").fill("BA/12/SJ/IND/2026")
    page.get_by_role("button", name="Segel sidang").click()
    expect(page.get_by_text("BA/12/SJ/IND/2026").first).to_be_visible()
    picture(page, "pleno-disegel")


def the_secretariat_drafts_the_decree(page: Page, picture: Picture) -> None:
    page.goto("/penghargaan/")
    page.get_by_role("button", name=re.compile("Susun")).click()
    expect(page.get_by_role("heading", name="Rancangan SK penetapan periode 2026")).to_be_visible()
    picture(page, "rancangan-sk")


def the_decree_is_issued(page: Page, portal: LivePortal, picture: Picture) -> str:
    """Issued by the signatory; the worker makes the certificate. Returns its code."""
    page.goto("/penghargaan/")
    page.get_by_role("link", name="Periode 2026").first.click()
    page.get_by_label("Nomor SK").fill("1214 TAHUN 2026")
    page.get_by_label("Nama yang menetapkan").fill("BAMBANG WICAKSONO")
    for _ in ("asked", "sure"):
        page.get_by_role("button", name=re.compile("Tetapkan")).first.click()
    # The page asks by itself how far the worker is, and is taken anew with the last certificate.
    expect(page.get_by_role("button", name="Umumkan hasil")).to_be_visible(timeout=60_000)
    page.get_by_text("Daftar piagam").click()
    expect(page.get_by_role("link", name=re.compile("Unduh PDF"))).to_have_count(1)
    picture(page, "piagam-selesai")
    with portal.orm():
        from awards.models import Certificate

        certificate = Certificate.objects.get()
        assert (certificate.number, certificate.attempts) == ("OVOP/2026/0001", 0)
        return certificate.code


def nothing_is_public_yet(open_page, code: str) -> None:
    visitor = open_page("/katalog/")
    expect(visitor.get_by_text(PRODUCT)).to_have_count(0)
    visitor.goto(f"/verifikasi/{code}/")
    expect(visitor.get_by_text("Kode ini tidak ada dalam catatan kami.")).to_be_visible()


def the_result_is_announced(page: Page, picture: Picture) -> None:
    page.get_by_role("button", name=re.compile("Umumkan")).or_(
        page.get_by_role("link", name=re.compile("Umumkan"))
    ).first.click()
    expect(page.get_by_text("Pengumuman tidak dapat ditarik kembali.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Umumkan")).click()
    expect(page.get_by_text("dapat dilihat masyarakat").first).to_be_visible()


def anyone_verifies(open_page, code: str, picture: Picture) -> None:
    visitor = open_page("/")
    picture(visitor, "beranda-publik")
    visitor.goto("/katalog/?q=ketak")
    picture(visitor, "katalog")
    visitor.get_by_role("link", name=PRODUCT).first.click()
    expect(visitor.get_by_text("5 dari 5").first).to_be_attached()
    picture(visitor, "produk")
    visitor.goto("/hasil/2026/")
    picture(visitor, "hasil")
    visitor.goto("/verifikasi/")
    typed = "-".join(re.findall("....", code)).lower().replace("0", "o")
    visitor.get_by_label("Kode piagam").fill(typed)
    visitor.get_by_role("button", name="Periksa piagam").click()
    expect(visitor).to_have_url(re.compile(f"/verifikasi/{code}/$"))
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("tercatat dan berlaku")
    for words in (IKM, PRODUCT, "OVOP/2026/0001", "1214 TAHUN 2026", "Kabupaten Lombok Barat"):
        expect(visitor.get_by_text(words).first).to_be_visible()
    picture(visitor, "verifikasi")
