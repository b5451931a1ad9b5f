"""What a certificate says, in two languages, and what it refuses to say."""

from datetime import date

import pytest

from awards import certificate_page as page
from awards import certificate_text as text
from awards.certificate_drawings import STAR_EARNED, STAR_NOT_EARNED, stars_svg
from tests.factories.certificate_facts import certificate_facts


@pytest.mark.parametrize(
    ("star", "maximum", "words", "words_en"),
    [
        (1, 5, "bintang satu dari lima", "one star out of five"),
        (2, 5, "bintang dua dari lima", "two stars out of five"),
        (3, 5, "bintang tiga dari lima", "three stars out of five"),
        (4, 5, "bintang empat dari lima", "four stars out of five"),
        (5, 5, "bintang lima dari lima", "five stars out of five"),
        (1, 3, "bintang satu dari tiga", "one star out of three"),
        (3, 3, "bintang tiga dari tiga", "three stars out of three"),
    ],
)
def test_words_and_drawing_say_the_same_star_of_the_same_scheme(star, maximum, words, words_en):
    facts = certificate_facts(star=star, maximum_star=maximum)
    assert text.stars(facts) == words
    assert text.stars_en(facts) == words_en
    drawing = stars_svg(star, maximum)
    assert drawing.count(f'fill="{STAR_EARNED}"') == star
    assert drawing.count(f'fill="{STAR_NOT_EARNED}"') == maximum - star


@pytest.mark.parametrize(("star", "maximum"), [(0, 5), (6, 5), (-1, 3), (4, 3), (1, 11)])
def test_a_star_outside_its_scheme_is_refused(star, maximum):
    with pytest.raises(page.Unprintable, match="skema bintang"):
        page.html(certificate_facts(star=star, maximum_star=maximum))


@pytest.mark.parametrize(
    ("number", "indonesian", "english"),
    [
        ("14", "Nomor 14 Tahun 2018 tanggal 13 Maret 2018", "Number 14 of 2018, dated 13 March 2018"),
        (
            "14 TAHUN 2018",
            "Nomor 14 Tahun 2018 tanggal 13 Maret 2018",
            "Number 14 of 2018, dated 13 March 2018",
        ),
        (
            "98/IKM/PER/9/2013",
            "Nomor 98/IKM/PER/9/2013 tanggal 13 Maret 2018",
            "Number 98/IKM/PER/9/2013, dated 13 March 2018",
        ),
    ],
)
def test_both_languages_name_the_same_decree_and_day(number, indonesian, english):
    facts = certificate_facts(decree_number=number)
    assert text.decree(facts) == f"Keputusan Menteri Perindustrian {indonesian}"
    assert text.decree_en(facts) == f"Decree of the Minister of Industry {english}"


def test_the_months_have_their_names_in_both_languages():
    days = [date(2026, month, 1) for month in range(1, 13)]
    assert [text.day(day).split()[1] for day in days] == [
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ]
    assert [text.day_en(day).split()[1] for day in days] == [f"{day:%B}" for day in days]


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Kain tenun", "kain tenun"),
        ("Makanan dan minuman", "makanan dan minuman"),
        ("IKM kreatif", "IKM kreatif"),
    ],
)
def test_a_commodity_group_begins_small_within_the_sentence(name, within):
    assert text.commodity(certificate_facts(commodity_name=name)) == within


@pytest.mark.parametrize(
    ("name", "printed", "recorded"),
    [("ikm_name", "Tenun Lain", "Tenun"), ("star", 5, 4), ("number", "OVOP/2018/0008", "OVOP/2018/0007")],
)
def test_paper_and_embedded_record_cannot_disagree(name, printed, recorded):
    record = dict(certificate_facts(**{name: recorded}).record)
    with pytest.raises(page.FactsDisagree, match=name):
        page.html(certificate_facts(**{name: printed}, record=record))


def test_a_fingerprint_of_something_else_is_refused():
    with pytest.raises(page.FactsDisagree, match="fingerprint"):
        page.html(certificate_facts(fingerprint="0" * 64))


def test_an_address_of_another_certificate_is_refused():
    with pytest.raises(page.FactsDisagree, match="verify_url"):
        page.html(certificate_facts(verify_url="https://ovop.example/verifikasi/0000000000000000/"))


def test_a_code_that_is_none_is_refused():
    with pytest.raises(page.Unprintable, match="Kode verifikasi"):
        page.html(certificate_facts(code="7K3M-Q9XD-2PTA-8WHN"))


def test_an_unknown_technique_has_no_ornament():
    with pytest.raises(page.Unprintable, match="Ragam hias"):
        page.html(certificate_facts(ornament="parang"))


def test_names_are_text_never_markup():
    source = page.html(
        certificate_facts(ikm_name='<b>Tenun & "Songket"</b>', product_name="{{ facts.code }}")
    )
    assert "&lt;b&gt;Tenun &amp; &quot;Songket&quot;&lt;/b&gt;" in source
    assert "{{ facts.code }}" in source


def test_an_unsigned_certificate_speaks_of_no_electronic_signature():
    assert "Tanda tangan elektronik" not in page.html(certificate_facts())
    assert "Tanda tangan elektronik hanya dapat diperiksa pada berkas PDF" in page.html(
        certificate_facts(is_signed=True)
    )
