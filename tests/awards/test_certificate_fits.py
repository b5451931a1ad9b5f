"""Names are measured before they are drawn: they shrink, then take two lines, and are never cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards import certificate_page as page
from awards.certificate_layout import COLUMN, lines
from awards.certificate_type import FACES, NAME, CharactersMissing, TooLong, face, falling, fit
from tests.factories.certificate_facts import LONG_NAME, LONG_PLACE, certificate_facts

WORDS = st.lists(
    st.text(alphabet="abcdefghijklmnoprstuvwyABDGKMPST.", min_size=1, max_size=14), min_size=1, max_size=22
)


def name_line(name):
    return lines(certificate_facts(ikm_name=name))["name"]


def test_a_short_name_stands_in_one_line_of_28_points():
    assert (name_line("A").parts, name_line("A").points) == (("A",), 28)


def test_a_longer_name_shrinks_before_it_breaks():
    name = "Kelompok Usaha Bersama Pengrajin Anyaman Ketak Dusun"
    line = name_line(name)
    assert line.parts == (name,)
    assert 22 <= line.points < 28


def test_a_name_of_90_letters_takes_two_even_lines_without_losing_one():
    assert len(LONG_NAME) == 90
    line = name_line(LONG_NAME)
    assert len(line.parts) == 2
    assert " ".join(line.parts) == LONG_NAME
    first, second = (face(NAME).width(part, line.points) for part in line.parts)
    assert abs(first - second) < COLUMN / 4


def test_the_longest_place_fits():
    place = lines(certificate_facts(place_name=LONG_PLACE, province_name="Sulawesi Utara"))["place"]
    assert place.parts == (f"{LONG_PLACE}, Sulawesi Utara",)


@given(WORDS)
def test_what_is_set_is_whole_and_within_its_width(words):
    name = " ".join(words)
    try:
        fitted = fit(
            name, field="ikm_name", name=NAME, width=COLUMN, sizes=falling(28, 22), two_lines=falling(26, 18)
        )
    except TooLong:
        assert face(NAME).width(name, 18) > COLUMN
        return
    assert " ".join(fitted.lines) == name
    assert all(face(NAME).width(line, fitted.points) <= COLUMN for line in fitted.lines)
    assert 18 <= fitted.points <= 28


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("ikm_name", "Kelompok " * 40),
        ("ikm_name", "W" * 90),
        ("product_name", "Guci " * 120),
        ("place_name", "Kabupaten " * 30),
        ("signatory_name", "Nama " * 40),
        ("signatory_office", "Direktur " * 40),
        ("decree_number", "9" * 200),
        ("instrument", "Kain " * 120),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_field(field, words):
    with pytest.raises(TooLong) as refused:
        page.check(certificate_facts(**{field: words.strip()}))
    assert refused.value.field == field
    assert "terlalu panjang" in refused.value.for_reader


def test_characters_outside_the_faces_are_found_before_anything_is_drawn():
    facts = certificate_facts(ikm_name="Batik 松 ꦧꦠꦶꦏ", product_name="Tenun\u200b")
    assert page.missing_characters(facts) == set("松ꦧꦠꦶꦏ\u200b")
    with pytest.raises(CharactersMissing, match=r"U\+677E"):
        page.check(facts)


@pytest.mark.parametrize(
    "name", ["Bāgûs Ēcó «Ñandú» – Šárka’s “Œuvre” 3½ №7", "Tenun Na’o & Co., Ltd.", "Rotan €5"]
)
def test_latin_names_are_covered(name):
    assert page.missing_characters(certificate_facts(ikm_name=name)) == set()


def test_marks_that_were_typed_apart_are_printed_as_one_letter():
    assert "Café" in page.html(certificate_facts(ikm_name="Cafe\u0301"))


def test_control_characters_are_refused():
    with pytest.raises(CharactersMissing):
        page.check(certificate_facts(product_name="Kain\x0btenun\n"))


def test_every_face_covers_the_same_letters_and_its_digits_can_stand_in_columns():
    from fontTools.ttLib import TTFont

    from awards.certificate_type import FONTS

    needed = {chr(code) for code in [*range(0x20, 0x7F), *range(0xC0, 0x12C), *range(0x12E, 0x132)]}
    for name in FACES:
        assert not face(name).missing("".join(needed)), name
        with TTFont(FONTS / f"{name}.ttf") as font:
            features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
        assert {"tnum", "liga"} <= features, name


def test_the_licence_stands_beside_the_faces_and_the_reserved_name_is_not_used():
    from fontTools.ttLib import TTFont

    from awards.certificate_type import FONTS

    licences = [path.read_text("utf-8") for path in FONTS.glob("OFL-*.txt")]
    assert len(licences) == 2
    assert all("SIL OPEN FONT LICENSE" in licence for licence in licences)
    for path in FONTS.glob("*.ttf"):
        with TTFont(path) as font:
            names = [str(font["name"].getDebugName(number)) for number in (1, 3, 4, 6)]
        assert not any("source" in name.lower() for name in names), path
