"""What letters say: totals that add up, dates that can be, words that fit figures, names that fit the page."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint.urls import FatalURLFetchingError

from letters import kinds, pdf, wording
from letters.mails import holds_personal_number
from tests.factories import letter_contents as contents
from tests.factories.letter_contents import FRIDAY, LONG_IKM, LONG_REGENCY, a_head, a_proposal, a_row

EVERY = pytest.mark.parametrize("code", contents.ALL)
WIB = ZoneInfo("Asia/Jakarta")


def page_of(content, head=None):
    """The words of a letter as a reader sees them: one space between words, a line per block."""
    html = pdf.as_html(head or a_head(), content)
    body = re.sub(r"<style.*?</style>", "", html[html.index("<body>") :], flags=re.DOTALL)
    lines = re.sub(r"</?(?:p|li|td|th|tr|div|h1|h2|ol|table|section)\b[^>]*>", "\n", body)
    text = re.sub(r"<br>", "\n", lines)
    text = re.sub(r"<[^>]+>", " ", text)
    return "\n".join(filter(None, (re.sub(r"\s+", " ", line).strip() for line in text.split("\n"))))


def pages_of(file):
    document = pypdfium2.PdfDocument(file)
    try:
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


# --- For all -----------------------------------------------------------------------------------------------
@EVERY
def test_every_placeholder_is_filled(code):
    text = page_of(contents.ALL[code]())
    assert not re.search(r"[{}]|None|\(diisi|\(tanggal|\(belum|Silahkan|!", text)
    assert "KONSEP" not in text


@EVERY
def test_no_line_holds_what_looks_like_a_nik_or_npwp(code):
    assert not [line for line in page_of(contents.ALL[code]()).split("\n") if holds_personal_number(line)]


@EVERY
def test_every_weekday_fits_its_date(code):
    text = page_of(contents.ALL[code]())
    months = {month: number for number, month in enumerate(wording.MONTHS, 1)}
    for name, day, month, year in re.findall(rf"({'|'.join(wording.DAYS)}), (\d+) (\w+) (\d{{4}})", text):
        assert wording.DAYS[date(int(year), months[month], int(day)).weekday()] == name


@EVERY
def test_words_in_brackets_fit_the_figure_before_them(code):
    text = page_of(contents.ALL[code]())
    for figure, words in re.findall(r"([\d.]+) \(([a-z ]+)\)", text):
        assert words == wording.in_words(int(figure.replace(".", "")))


@EVERY
def test_the_form_of_address_is_that_of_the_rules(code):
    text = page_of(contents.ALL[code]())
    assert not re.search(r"Kepada Yth|Bapak Kepala|<u>", text)


@EVERY
def test_the_same_snapshot_gives_the_same_bytes_and_an_accessible_pdf(code):
    first, second = (pdf.render(a_head(), contents.ALL[code]()) for _ in range(2))
    assert first == second
    with pikepdf.open(BytesIO(first)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "id"
        assert not document.docinfo.get("/CreationDate")


@EVERY
def test_a_draft_says_so_on_every_page_and_a_numbered_letter_nowhere(code):
    draft = pages_of(pdf.render(a_head(number="", date=None), contents.ALL[code]()))
    assert all("KONSEP" in page for page in draft)
    assert not any("KONSEP" in page for page in pages_of(pdf.render(a_head(), contents.ALL[code]())))


@EVERY
def test_a_content_survives_its_snapshot(code):
    content = contents.ALL[code]()
    assert kinds.from_json(type(content), kinds.to_json(content)) == content
    assert kinds.kind_of(content).code == code


@pytest.mark.parametrize(
    "damage", [{"year": "2026"}, {"year": True}, {"rows": [{}]}, {"invitation": {"date": "kapan"}}]
)
def test_a_damaged_snapshot_is_not_read_as_something_else(damage):
    with pytest.raises((KeyError, TypeError, ValueError)):
        kinds.from_json(kinds.Proposal, {**kinds.to_json(a_proposal()), **damage})


# --- Surat usulan ------------------------------------------------------------------------------------------
def test_the_sentence_of_the_proposal_counts_ikm_and_sentra_in_figures_and_words():
    text = page_of(a_proposal(12))
    assert "mengusulkan 12 (dua belas) IKM dari 3 (tiga) sentra IKM di Kabupaten Garut" in text


def test_one_ikm_is_one_ikm():
    assert "mengusulkan 1 (satu) IKM dari 1 (satu) sentra IKM" in page_of(a_proposal(1))


def test_two_products_of_one_ikm_are_named_as_what_they_are():
    rows = (a_row(1), a_row(2, ikm=a_row(1).ikm, nib=a_row(1).nib), a_row(3))
    assert "mengusulkan 3 (tiga) produk dari 2 (dua) IKM" in page_of(a_proposal(rows=rows))


@pytest.mark.parametrize(
    ("changed", "numbers"),
    [
        ({"nominations": 13}, ("13", "12")),
        ({"sentra_count": 4}, ("4", "3")),
        ({"per_commodity": (kinds.Count("Makanan dan minuman", 12),)}, ("12", "2")),
    ],
)
def test_a_proposal_whose_parts_and_total_differ_is_refused_with_both_numbers(changed, numbers):
    with pytest.raises(kinds.NotConsistent) as refusal:
        pdf.render(a_head(), a_proposal(12, **changed))
    assert all(number in refusal.value.for_reader for number in numbers)


@given(n=st.integers(1, 40), wrong=st.integers(-3, 3))
@settings(max_examples=30)
def test_a_proposal_is_refused_exactly_where_its_count_is_wrong(n, wrong):
    content = a_proposal(n, nominations=n + wrong)
    if wrong:
        with pytest.raises(kinds.NotConsistent):
            content.check(a_head())
    else:
        content.check(a_head())
        assert f"{n} ({wording.in_words(n)}) IKM" in page_of(content)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (a_row(1), a_row(2, regency="Kota Bandung")),
        (a_row(1), a_row(1)),
        (a_row(1), a_row(2, commodity="Perhiasan")),
    ],
)
def test_a_proposal_of_nothing_of_another_region_or_twice_is_refused(rows):
    with pytest.raises(kinds.NotConsistent):
        a_proposal(rows=rows).check(a_head())


def test_a_proposal_is_not_dated_before_the_letter_it_answers():
    with pytest.raises(kinds.NotConsistent, match="undangan"):
        a_proposal().check(a_head(date=date(2026, 1, 18)))


def test_the_annex_is_sorted_by_commodity_then_name_without_legal_forms():
    names = ["UD Zamrud", "CV. Anggrek", "Kelompok Mawar", "Batik Winotosastro"]
    rows = tuple(a_row(n, ikm=name, commodity="Kain batik") for n, name in enumerate(names, 1))
    rows += (a_row(9, ikm="Zebra", commodity="Makanan dan minuman"),)
    assert [row.ikm for row in a_proposal(rows=rows).sorted_rows()] == [
        "Zebra",
        "CV. Anggrek",
        "Batik Winotosastro",
        "Kelompok Mawar",
        "UD Zamrud",
    ]


def test_the_annex_repeats_its_heading_and_the_letter_it_belongs_to_on_each_page():
    pages = pages_of(pdf.render(a_head(), a_proposal(60)))
    assert len(pages) >= 5
    for page in pages[1:-1]:
        assert "Lampiran surat Nomor B/214/Disperindag/500.9/III/2026 tanggal 13 Maret 2026" in page
        assert "Kelompok komoditas" in page
    assert "Jumlah 60" in pages[-1]


def test_the_longest_names_stay_on_the_page():
    rows = tuple(
        a_row(
            n,
            ikm=LONG_IKM,
            nib=f"9120{n:09d}",
            regency=LONG_REGENCY,
            village="Desa " + "Panjang" * 6,
            district=LONG_REGENCY,
        )
        for n in range(1, 31)
    )
    file = pdf.render(a_head(), a_proposal(rows=rows, regency=LONG_REGENCY))
    document = pypdfium2.PdfDocument(file)
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_rects()):
            left, _, right, _ = text.get_rect(index)
            assert left >= 0
            assert right <= page.get_width()
        text.close()
    document.close()
    words = " ".join(pages_of(file))
    assert LONG_IKM in words
    assert LONG_REGENCY in words


# --- Provinsi ----------------------------------------------------------------------------------------------
def test_the_minutes_open_with_the_date_in_words():
    text = page_of(contents.province_minutes())
    assert (
        "Pada hari ini, hari Jumat, tanggal tiga belas, bulan Maret, tahun dua ribu dua puluh enam (13-03-2026),"
        in text
    )
    assert "verifikasi terhadap 7 (tujuh) usulan dari 2 (dua) kabupaten/kota" in text


@pytest.mark.parametrize(
    ("changed", "numbers"),
    [
        ({"incoming": 8}, ("8", "7")),
        ({"forwarded": 4, "incoming": 8}, ("4", "3")),
        ({"regency_count": 3}, ("3", "2")),
        ({"returned_rows": ()}, ("1", "0")),
        ({"refused": 1, "incoming": 8}, ("1", "0")),
    ],
)
def test_minutes_whose_results_do_not_make_the_total_are_refused_with_both_numbers(changed, numbers):
    with pytest.raises(kinds.NotConsistent) as refusal:
        contents.province_minutes(**changed).check(a_head())
    assert all(number in refusal.value.for_reader for number in numbers)


def test_what_the_province_refused_is_counted_and_listed_with_its_reason():
    row = kinds.HeldRow("U-2026-7171-002", "UD Melati", "Sambal", "Kota Manado", ("Bukan produk sentra.",))
    content = contents.province_minutes(
        incoming=8,
        refused=1,
        refused_rows=(row,),
        regencies=(
            kinds.RegencyResult(LONG_REGENCY, 2, 1, 0, 2),
            kinds.RegencyResult("Kota Manado", 1, 0, 1, 0, 1),
        ),
    )
    content.check(a_head())
    text = page_of(content)
    assert "tidak diteruskan dengan alasan: 1 (satu) usulan" in text
    assert "Bukan produk sentra." in text


def test_a_list_without_rows_says_nihil():
    content = contents.province_minutes(
        incoming=6,
        returned=0,
        returned_rows=(),
        regencies=(
            kinds.RegencyResult(LONG_REGENCY, 2, 0, 0, 2),
            kinds.RegencyResult("Kota Manado", 1, 0, 1, 0),
        ),
    )
    content.check(a_head())
    assert "Nihil." in page_of(content)


def test_what_was_returned_says_why():
    row = replace(contents.province_minutes().returned_rows[0], remarks=())
    with pytest.raises(kinds.NotConsistent, match="tanpa catatan"):
        contents.province_minutes(returned_rows=(row,)).check(a_head())


@pytest.mark.parametrize("make", [contents.province_minutes, contents.a_cover_letter])
def test_a_letter_is_not_dated_before_the_last_endorsement_it_reports(make):
    content = replace(make(), last_endorsed_on=FRIDAY + timedelta(days=1))
    with pytest.raises(kinds.NotConsistent, match="penerusan usulan yang terakhir"):
        content.check(a_head())
    content.check(a_head(number="", date=None))


def test_the_covering_letter_is_not_dated_before_its_minutes():
    with pytest.raises(kinds.NotConsistent, match="berita acara"):
        contents.a_cover_letter(minutes_date=FRIDAY + timedelta(days=3)).check(a_head())


# --- Seleksi -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (
            "lolos",
            "atas 2 (dua) persyaratan, yaitu 2 sesuai dan 0 tidak sesuai, usulan ini dinyatakan lolos seleksi",
        ),
        (
            "tidak_lolos",
            "yaitu 1 sesuai dan 1 tidak sesuai, usulan ini dinyatakan tidak lolos seleksi administrasi.",
        ),
        (
            "dikembalikan",
            "yaitu 1 sesuai, 1 tidak sesuai, dan 1 belum dapat dipastikan, usulan ini dinyatakan",
        ),
    ],
)
def test_the_last_line_of_the_sheet_counts_what_stands_above_it(outcome, sentence):
    assert sentence in page_of(contents.a_sheet(outcome))


@pytest.mark.parametrize(
    "changed",
    [
        {"requirements": 3},
        {"fitting": 2},
        {"differing": 0},
        {"outcome": "lolos"},
        {"outcome": "entah"},
        {"second_name": ""},
        {"second_name": "Dr. Ir. Hj. Siti Aminah, S.E., M.M."},
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(changed):
    with pytest.raises(kinds.NotConsistent):
        replace(contents.a_sheet(), **changed).check(a_head())


@pytest.mark.parametrize("lacking", ["note", "basis"])
def test_what_does_not_fit_has_a_note_and_the_rule_it_rests_on(lacking):
    fits, differs = contents.a_sheet().rows
    with pytest.raises(kinds.NotConsistent, match="dasarnya"):
        contents.a_sheet(rows=(fits, replace(differs, **{lacking: " "}))).check(a_head())


def test_nothing_undetermined_is_left_when_it_is_decided():
    row = kinds.SheetRow("Izin edar", "", "", "belum_pasti")
    with pytest.raises(kinds.NotConsistent):
        contents.a_sheet(rows=(*contents.a_sheet().rows, row), requirements=3).check(a_head())


def test_the_request_for_repair_names_day_date_hour_and_zone():
    text = page_of(contents.a_repair_request())
    assert "paling lambat Jumat, 27 Maret 2026, pukul 23.59 WIB." in text
    assert "dinyatakan tidak lolos seleksi administrasi" in text


def test_the_consequence_stands_only_where_the_round_says_so():
    assert "tidak lolos" not in page_of(contents.a_repair_request(lapses=False))


def test_the_notice_gives_every_reason_with_its_rule_and_the_way_to_object():
    text = page_of(contents.a_refusal())
    assert "SK sentra: sentra tidak ditetapkan dengan keputusan bupati (Permenperin 14/2021); dan" in text
    assert "NIB: nomor tidak terdaftar pada OSS (Permenperin 14/2021)." in text
    assert (
        "paling lambat Jumat, 27 Maret 2026, pukul 23.59 WIB. Sanggah dijawab paling lama 5 (lima) hari kerja"
        in text
    )


def test_a_reason_that_got_lost_is_missed():
    with pytest.raises(kinds.NotConsistent) as refusal:
        contents.a_refusal(differing=3).check(a_head())
    assert "3" in refusal.value.for_reader
    assert "2" in refusal.value.for_reader


@pytest.mark.parametrize("make", [contents.a_repair_request, contents.a_refusal])
def test_no_letter_sets_a_limit_that_has_passed(make):
    content = make()
    field = "due" if isinstance(content, kinds.RepairRequest) else "objection_until"
    passed = replace(content, **{field: datetime(2026, 3, 12, 23, 59, tzinfo=WIB)})
    with pytest.raises(kinds.NotConsistent, match="sudah lewat"):
        passed.check(a_head())


def test_whoever_decided_does_not_answer_the_objection():
    with pytest.raises(kinds.NotConsistent, match="tidak memutus"):
        contents.an_answer(answered_by=1).check(a_head())


@pytest.mark.parametrize(
    ("verdict", "eligible", "words"),
    [
        ("diterima", True, "diubah menjadi lolos seleksi administrasi"),
        ("diterima_sebagian", False, "hasil seleksi administrasi tetap."),
        ("tidak_dapat_diterima", False, "kami nyatakan tidak dapat diterima, dengan pertimbangan"),
    ],
)
def test_the_answer_says_verdict_and_outcome(verdict, eligible, words):
    content = contents.an_answer(verdict=verdict, becomes_eligible=eligible)
    content.check(a_head())
    assert words in page_of(content)


@pytest.mark.parametrize(
    ("verdict", "eligible"), [("diterima", False), ("tidak_dapat_diterima", True), ("entah", True)]
)
def test_a_verdict_that_contradicts_the_outcome_is_refused(verdict, eligible):
    with pytest.raises(kinds.NotConsistent):
        contents.an_answer(verdict=verdict, becomes_eligible=eligible).check(a_head())


# --- Signing for another -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("capacity", "superiors", "lines"),
    [
        ("sendiri", (), ("Kepala Dinas,",)),
        ("Plt.", (), ("Plt. Kepala Dinas,",)),
        ("Plh.", (), ("Plh. Kepala Dinas,",)),
        ("a.n.", ("BUPATI GARUT",), ("a.n. BUPATI GARUT", "Kepala Dinas,")),
        (
            "u.b.",
            ("BUPATI GARUT", "Sekretaris Daerah"),
            ("a.n. BUPATI GARUT", "Sekretaris Daerah,", "u.b.", "Kepala Dinas,"),
        ),
    ],
)
def test_who_signs_for_another_says_so(capacity, superiors, lines):
    signatory = kinds.Signatory("Siti", "Siti", "Kepala Dinas", capacity=capacity, superiors=superiors)
    assert signatory.lines() == lines


@pytest.mark.parametrize(
    ("capacity", "superiors"), [("a.n.", ()), ("sendiri", ("BUPATI",)), ("u.b.", ("BUPATI",))]
)
def test_on_whose_behalf_belongs_to_the_capacity(capacity, superiors):
    with pytest.raises(kinds.NotConsistent):
        kinds.Signatory("Siti", "Siti", "Kepala", capacity=capacity, superiors=superiors)


# --- What a page may load ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    [
        "https://contoh.example/x.png",
        "http://127.0.0.1/x.png",
        "data:text/plain,x",
        "file:///etc/passwd",
        "file://server/share/x",
        "ftp://contoh.example/x",
        f"{pdf.TEMPLATES.as_uri()}/../../../manage.py",
        f"{pdf.TEMPLATES.as_uri()}/%2e%2e/%2e%2e/%2e%2e/manage.py",
    ],
)
def test_a_letter_loads_nothing_but_the_projects_own_files(url):
    assert not pdf.is_own_file(url)
    with pytest.raises(FatalURLFetchingError):
        pdf.own_files_only().fetch(url)


def test_a_letter_loads_its_own_templates_and_styles():
    assert pdf.is_own_file((pdf.STYLESHEETS / "letter.css").as_uri())
    assert b"@page" in pdf.own_files_only().fetch((pdf.STYLESHEETS / "letter.css").as_uri()).read()


def test_markup_in_a_name_stays_text():
    rows = (a_row(1, ikm='<img src="file:///etc/passwd"> & "Tenun"'),)
    html = pdf.as_html(a_head(), a_proposal(rows=rows))
    assert "<img" not in html
    assert pdf.render(a_head(), a_proposal(rows=rows)).startswith(b"%PDF-")


def test_a_letter_is_set_in_the_portals_own_face():
    document = pikepdf.open(BytesIO(pdf.render(a_head(), a_proposal(1))))
    used = {
        str(font.BaseFont).partition("+")[2]
        for page in document.pages
        for font in page.Resources.Font.values()
    }
    assert used
    assert all(name.startswith("OVOP-Serif") for name in used), used
