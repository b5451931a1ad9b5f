"""The secretariat's import in a real browser: a file with errors, the corrected one, and the list taken home again."""

from accounts.roles import Role
from nominations import reference
from nominations.models import Nomination
from tests.factories.accounts import GARUT, TANAH_DATAR, a_dinas, a_person
from tests.factories.nominations import RoundFactory
from tests.nominations.importing import HEAD, a_book, opened
from tests.portal import sign_in

ROWS = [
    (GARUT, "anyaman", "UD Bambu Indah", "Topi bambu", "Sentra Bambu", "9120001020304"),
    (TANAH_DATAR, "kain_tenun", "Tenun Pandai", "+Songket", "", ""),
]


def chosen(page, rows):
    """Choose a workbook of these rows on /usulan/impor/ and have it checked."""
    page.goto("/usulan/impor/")
    page.get_by_label("Periode").select_option("2026")
    page.set_input_files(
        "input[type=file]",
        {
            "name": "usulan.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": a_book(*rows, head=HEAD),
        },
    )
    page.get_by_role("button", name="Periksa berkas").click()


def test_errors_are_named_then_the_corrected_file_is_imported_and_the_list_read_back(fresh_portal, open_page):
    with fresh_portal.orm():
        reference.load()
        for code in (GARUT, TANAH_DATAR):
            a_dinas(code)
        RoundFactory(year=2026)
        secretary = a_person(Role.SEKRETARIAT)
    page = sign_in(open_page("/masuk/"), fresh_portal, secretary)

    wrong = [ROWS[0], ("9999", *ROWS[1][1:5], "912")]
    chosen(page, wrong)
    table = page.get_by_role("table", name="Kesalahan, menurut baris")
    table.wait_for()
    rows = [" ".join(row.inner_text().split()) for row in table.locator("tbody tr").all()]
    assert {tuple(row.split()[:3]) for row in rows} == {("Baris", "3", "regency_code"), ("Baris", "3", "nib")}
    with fresh_portal.orm():
        assert not Nomination.objects.exists()

    chosen(page, ROWS)
    page.get_by_role("button", name="Impor 2 usulan").click()
    page.get_by_text("2 usulan diimpor ke periode 2026 sebagai draf dari 2 dinas.").wait_for()

    # A draft is its dinas's: the officer takes the own list home.
    with fresh_portal.orm():
        officer = a_person(Role.DINAS, office=a_dinas(TANAH_DATAR))
    page = sign_in(open_page("/masuk/"), fresh_portal, officer)
    page.goto("/usulan/?urut=produk")
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh XLSX").click()
    sheet = opened(download.value.path().read_bytes()).worksheets[0]
    head, *lines = sheet.iter_rows()
    (line,) = [dict(zip((cell.value for cell in head), line, strict=True)) for line in lines]
    assert (line["IKM"].value, line["Kabupaten/kota"].value) == ("Tenun Pandai", "Kabupaten Tanah Datar")
    product = line["Produk"]
    assert (product.value, product.data_type, product.quotePrefix) == ("+Songket", "s", True)
    assert download.value.suggested_filename.endswith(".xlsx")
