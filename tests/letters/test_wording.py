"""Words, dates, times and sums of official Indonesian: the tables of the specification, and a second opinion."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import lokal
import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import wording

WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))
LAST_MINUTE = datetime(2026, 3, 13, 23, 59, tzinfo=WIB)


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (101, "seratus satu"),
        (112, "seratus dua belas"),
        (200, "dua ratus"),
        (1_000, "seribu"),
        (1_001, "seribu satu"),
        (2_026, "dua ribu dua puluh enam"),
        (11_000, "sebelas ribu"),
        (100_000, "seratus ribu"),
        (101_000, "seratus satu ribu"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (1_001_001, "satu juta seribu satu"),
        (2_000_000, "dua juta"),
        (12_345_678, "dua belas juta tiga ratus empat puluh lima ribu enam ratus tujuh puluh delapan"),
        (1_000_000_000, "satu miliar"),
        (1_000_001_000, "satu miliar seribu"),
        (1_000_000_000_000, "satu triliun"),
        (-3, "minus tiga"),
    ],
)
def test_a_number_is_said_in_words(n, words):
    assert wording.in_words(n) == words


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_a_second_opinion_says_the_same_number(n):
    assert wording.in_words(n) == lokal.terbilang(n)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_the_words_read_back_are_the_number(n):
    assert _read_back(wording.in_words(n)) == n


def _read_back(words):
    """Read number words the way a person does: an independent inverse."""
    units = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
    digits = {name: value for value, name in enumerate(units)}
    scales = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}
    total = group = unit = 0
    for word in words.split():
        if word in digits:
            unit = digits[word]
        elif word == "belas":
            group, unit = group + 10 + unit, 0
        elif word == "puluh":
            group, unit = group + 10 * unit, 0
        elif word == "ratus":
            group, unit = group + 100 * unit, 0
        elif word in ("sepuluh", "sebelas", "seratus"):
            group += {"sepuluh": 10, "sebelas": 11, "seratus": 100}[word]
        elif word == "seribu":
            total += 1000
        else:
            total, group, unit = total + scales[word] * (group + unit), 0, 0
    return total + group + unit


@pytest.mark.parametrize("wrong", [True, 1.0, "1", None, Decimal(1)])
def test_only_whole_numbers_have_words(wrong):
    with pytest.raises(TypeError):
        wording.in_words(wrong)


def test_a_number_beyond_the_known_words_is_refused_by_name():
    with pytest.raises(ValueError, match="1000000000000000"):
        wording.in_words(10**15)


def test_a_count_is_written_in_figure_and_words():
    assert wording.counted(1) == "1 (satu)"
    assert wording.counted(0) == "0 (nol)"
    assert wording.counted(1112) == "1.112 (seribu seratus dua belas)"


def test_decimals_are_read_digit_by_digit():
    assert wording.decimal_in_words(Decimal("82.33")) == "delapan puluh dua koma tiga tiga"
    assert wording.decimal_in_words(Fraction(247, 3)) == "delapan puluh dua koma tiga tiga"
    assert wording.decimal_in_words(Decimal("1000.05")) == "seribu koma nol lima"
    assert wording.decimal_in_words(Decimal("-0.5"), 1) == "minus nol koma lima"
    assert wording.decimal_in_words(7, 0) == "tujuh"


def test_ordinals_follow_the_spelling_rules():
    assert wording.ordinal(3) == "ke-3"
    assert [wording.ordinal_in_words(n) for n in (1, 2, 3, 11)] == ["pertama", "kedua", "ketiga", "kesebelas"]


def test_the_words_of_a_diktum_run_without_a_gap():
    assert [wording.diktum(n) for n in range(1, 13)] == [
        "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM",
        "KETUJUH", "KEDELAPAN", "KESEMBILAN", "KESEPULUH", "KESEBELAS", "KEDUA BELAS",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [0, -1])
def test_there_is_no_item_before_the_first(wrong):
    for function in (
        wording.ordinal,
        wording.ordinal_in_words,
        wording.diktum,
        wording.roman,
        wording.letter_of,
    ):
        with pytest.raises(ValueError, match="1 or more"):
            function(wrong)


def test_months_have_roman_figures():
    months = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    assert [wording.roman(n) for n in range(1, 13)] == months
    assert wording.roman(1994) == "MCMXCIV"
    with pytest.raises(ValueError, match="4000"):
        wording.roman(4000)


def test_items_of_a_list_go_on_after_z():
    assert [wording.letter_of(n) for n in (1, 2, 26, 27, 52, 53)] == ["a", "b", "z", "aa", "az", "ba"]


def test_stars_are_said_the_same_in_both_languages():
    assert wording.stars_in_words(4, 5) == "bintang empat dari lima"
    assert wording.stars_in_english(4, 5) == "four stars out of five"
    assert wording.stars_in_english(1, 5) == "one star out of five"
    assert wording.stars_in_words(3, 3) == "bintang tiga dari tiga"


@pytest.mark.parametrize(("star", "maximum"), [(0, 5), (6, 5), (4, 11), (-1, 3)])
def test_a_star_outside_its_scheme_has_no_words(star, maximum):
    for say in (wording.stars_in_words, wording.stars_in_english):
        with pytest.raises(ValueError):
            say(star, maximum)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234, 0, "1.234"),
        (0, 0, "0"),
        (Decimal("82.345"), 2, "82,35"),  # half to even would say 82,34
        (Fraction(247, 3), 2, "82,33"),
        (Fraction(539, 6), 2, "89,83"),
        (Decimal("0.005"), 2, "0,01"),
        (Decimal("-0.005"), 2, "-0,01"),
        (Decimal("-0.004"), 2, "0,00"),
        (Decimal("999999.995"), 2, "1.000.000,00"),
    ],
)
def test_figures_are_rounded_half_up_on_the_exact_value(value, places, text):
    assert wording.number_id(value, places) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_rounding_agrees_with_decimals_own(value):
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    shown = wording.number_id(value, 2)
    assert Decimal(shown.replace(".", "").replace(",", ".")) == rounded


@pytest.mark.parametrize("wrong", [82.33, True, "82"])
def test_a_float_is_no_exact_number(wrong):
    with pytest.raises(TypeError):
        wording.number_id(wrong)


def test_rupiah_stands_without_a_space_and_without_idle_decimals():
    assert wording.rupiah(Decimal("1250000.50")) == "Rp1.250.000,50"
    assert wording.rupiah(2_000_000) == "Rp2.000.000"
    assert wording.rupiah(Decimal("-1500")) == "-Rp1.500"


def test_dates_are_written_as_the_specification_says():
    day = date(2026, 3, 13)
    assert wording.long_date(day) == "Jumat, 13 Maret 2026"
    assert wording.plain_date(day) == "13 Maret 2026"
    assert wording.minutes_date(day) == (
        "hari Jumat, tanggal tiga belas, bulan Maret, tahun dua ribu dua puluh enam (13-03-2026)"
    )
    assert wording.date_in_words(date(2028, 2, 29)) == (
        "tanggal dua puluh sembilan, bulan Februari, tahun dua ribu dua puluh delapan"
    )


def test_the_sessions_of_2020_fell_on_kamis_selasa_and_jumat():
    days = [wording.long_date(date(2020, 11, day)).partition(",")[0] for day in (19, 24, 27)]
    assert days == ["Kamis", "Selasa", "Jumat"]


def test_the_last_minute_in_jakarta_is_already_tomorrow_in_the_east():
    assert wording.clock(datetime(2026, 3, 13, 9, tzinfo=WIB), WIB) == "pukul 09.00 WIB"
    assert wording.long_instant(LAST_MINUTE, WITA) == "14 Maret 2026 pukul 00.59 WITA"
    assert wording.instant_for_reader(LAST_MINUTE, WIT) == (
        "13 Maret 2026 pukul 23.59 WIB (14 Maret 2026 pukul 01.59 WIT)"
    )


def test_a_reader_in_the_deciding_zone_sees_one_clock():
    assert wording.instant_for_reader(LAST_MINUTE.astimezone(UTC), WIB) == "13 Maret 2026 pukul 23.59 WIB"
    assert (
        wording.instant_for_reader(LAST_MINUTE, ZoneInfo("Asia/Pontianak")) == "13 Maret 2026 pukul 23.59 WIB"
    )


def test_zones_are_named_by_their_indonesian_letters():
    assert [wording.zone_name(zone) for zone in (WIB, WITA, WIT)] == ["WIB", "WITA", "WIT"]


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        wording.clock(datetime(2026, 3, 13, 9), WIB)  # noqa: DTZ001


@given(st.integers(min_value=0, max_value=20 * 365 * 24 * 60))
def test_both_clocks_of_a_reader_show_one_instant(minutes):
    instant = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    east, jakarta = wording.long_instant(instant, WIT), wording.long_instant(instant, WIB)
    later = wording.long_instant(instant + timedelta(hours=2), WIB)
    assert east.removesuffix("WIT") == later.removesuffix("WIB")
    assert wording.instant_for_reader(instant, WIT) == f"{jakarta} ({east})"
