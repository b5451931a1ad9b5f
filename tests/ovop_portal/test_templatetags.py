"""Formats of figures, dates and sizes, and what the partials compute."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ovop_portal.templatetags import ovop, ovop_frame, ovop_parts

CLOSES_AT = datetime(2026, 3, 13, 16, 59, tzinfo=UTC)


# --- Formats -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v|angka }}", 1234, "1.234"),
        ("{{ v|angka:2 }}", Fraction(247, 3), "82,33"),
        ("{{ v|angka:1 }}", Decimal("1234.45"), "1.234,5"),
        ("{{ v|angka }}", 0, "0"),
        ("{{ v|angka }}", None, ""),
        ("{{ v|rupiah }}", 1250000, "Rp1.250.000"),
        ("{{ v|persen }}", 80, "80%"),
        ("{{ v|pecahan }}", Fraction(494, 6), "247/3"),
        ("{{ v|pecahan }}", Fraction(166, 2), "83"),
        ("{{ v|tanggal }}", date(2026, 3, 13), "13 Maret 2026"),
        ("{{ v|hari_tanggal }}", date(2026, 3, 13), "Jumat, 13 Maret 2026"),
        ("{{ v|waktu }}", CLOSES_AT, "13 Maret 2026 pukul 23.59 WIB"),
        (
            "{{ v|waktu:'Asia/Jayapura' }}",
            CLOSES_AT,
            "13 Maret 2026 pukul 23.59 WIB (14 Maret 2026 pukul 01.59 WIT)",
        ),
        ("{{ v|tanggal:'Asia/Jayapura' }}", CLOSES_AT, "14 Maret 2026"),
        ("{{ v|jam:'Asia/Makassar' }}", CLOSES_AT, "pukul 00.59 WITA"),
        ("{{ v|ukuran }}", 0, "0 B"),
        ("{{ v|ukuran }}", 524288, "512 KB"),
        ("{{ v|ukuran }}", 4613734, "4,4 MB"),
        ("{{ v|ukuran }}", 1023 * 1024, "1.023 KB"),
        ("{{ v|ukuran }}", 1024 * 1024 - 1, "1 MB"),
        ("{{ v|ukuran }}", 20 * 1024 * 1024, "20 MB"),
    ],
)
def test_a_value_is_written_as_the_interface_asks(source, value, text):
    assert Template("{% load ovop %}" + source).render(Context({"v": value})) == text


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v|angka:1 }}", Decimal("1234.5"), "1,234.5"),
        ("{{ v|tanggal }}", date(2026, 3, 13), "13 March 2026"),
        ("{{ v|waktu }}", CLOSES_AT, "13 March 2026 at 23:59 WIB"),
        (
            "{{ v|waktu:'Asia/Jayapura' }}",
            CLOSES_AT,
            "13 March 2026 at 23:59 WIB (14 March 2026 at 01:59 WIT)",
        ),
        ("{{ v|ukuran }}", 4613734, "4.4 MB"),
    ],
)
def test_on_english_pages_the_same_value_is_written_the_english_way(source, value, text):
    with override("en"):
        assert Template("{% load ovop %}" + source).render(Context({"v": value})) == text


def test_a_float_is_refused_because_figures_are_exact():
    with pytest.raises(TypeError):
        ovop.angka(82.33, 2)


@given(st.integers(0, 10**15))
def test_a_size_is_never_written_with_a_thousand_of_a_smaller_unit(size):
    figure, unit = ovop.ukuran(size).split(" ")
    assert unit in {"B", "KB", "MB", "GB", "TB"}
    assert unit == "TB" or int(figure.replace(".", "").split(",")[0]) <= 1023


# --- Deadlines -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=4, hours=23), "Sisa 4 hari"),
        (timedelta(days=2), "Sisa 2 hari"),
        (timedelta(days=2, microseconds=-1), "Sisa 47 jam"),
        (timedelta(hours=1), "Sisa 1 jam"),
        (timedelta(minutes=59, seconds=59), "Sisa 59 menit"),
        (timedelta(seconds=1), "Sisa 1 menit"),
    ],
)
def test_what_is_left_is_counted_in_whole_units(left, text):
    words = ovop_parts.deadline_words(CLOSES_AT, "", at=CLOSES_AT - left)
    assert (words.remaining, words.is_past) == (text, False)


def test_at_its_own_instant_a_deadline_is_past():
    words = ovop_parts.deadline_words(CLOSES_AT, "", at=CLOSES_AT)
    assert (words.remaining, words.is_past) == ("", True)


def test_the_reader_of_another_zone_finds_the_own_clock_in_brackets():
    words = ovop_parts.deadline_words(CLOSES_AT, "Asia/Jayapura", at=CLOSES_AT)
    assert (words.day, words.elsewhere) == ("Jumat, 13 Maret 2026 pukul 23.59 WIB", "Sabtu pukul 01.59 WIT")


# --- States --------------------------------------------------------------------------------------------------
def test_every_state_of_a_nomination_has_its_tone():
    from nominations.models import State

    assert set(ovop_parts.TONES) == set(State.values)
    assert all(ovop_parts.badge(state).text == state.label for state in State)


def test_words_that_are_no_state_are_shown_as_they_are():
    assert ovop_parts.badge("Terlambat 12 hari", tone="galat") == ovop_parts.Badge(
        "Terlambat 12 hari", "galat", "i-error"
    )


# --- Numbers -------------------------------------------------------------------------------------------------
@given(st.fractions(min_value=0, max_value=100), st.integers(0, 4))
def test_the_exact_value_is_named_exactly_where_rounding_changed_it(fraction, places):
    words = ovop_parts.exact_words(fraction, places)
    shown = Fraction(words["rounded"].replace(".", "").replace(",", "."))
    assert (shown == fraction) is (words["exact"] == "")


def test_no_places_are_a_choice_too():
    assert ovop_parts.exact_words(Fraction(165, 2), 0) == {"rounded": "83", "exact": "165/2"}


@pytest.mark.parametrize(("earned", "maximum"), [(6, 5), (-1, 5), (4, 3)])
def test_more_stars_than_the_scheme_has_are_refused(earned, maximum):
    with pytest.raises(ValueError, match="no star of a scheme"):
        ovop_parts.star_row(earned, maximum)


# --- Map -----------------------------------------------------------------------------------------------------
@given(st.lists(st.integers(0, 5000), max_size=38))
def test_every_value_falls_into_the_one_shade_whose_bounds_hold_it(values):
    shades = ovop_parts.shades(values)
    for value in values:
        fitting = [shade for shade in shades if shade.first <= value <= shade.last]
        assert len(fitting) == (1 if value else 0)
    assert all(before.last < after.first for before, after in itertools.pairwise(shades))
    assert [shade.number for shade in shades] == sorted({shade.number for shade in shades})
    assert len(shades) <= 5
    assert all(shade.first in values and shade.last in values for shade in shades)


# --- Tables --------------------------------------------------------------------------------------------------
@given(st.integers(1, 300).flatmap(lambda pages: st.tuples(st.integers(1, pages), st.just(pages))))
def test_a_pager_shows_both_ends_and_the_neighbours_and_a_gap_for_what_is_left_out(place):
    page, pages = place
    links = ovop_parts.page_links(page, pages)
    numbers = [link["number"] for link in links]
    shown = [number for number in numbers if number]
    assert {1, pages, page, max(page - 1, 1), min(page + 1, pages)} <= set(shown)
    assert shown == sorted(set(shown))
    for before, after in itertools.pairwise(numbers):
        assert before is None or after is None or after - before == 1
    assert [link["number"] for link in links if link.get("current")] == [page]


def test_sorting_keeps_the_filters_and_leaves_the_page():
    query = QueryDict("q=batik&provinsi=32&provinsi=34&halaman=3&urut=nama")
    same = ovop_parts.sort_link(query, "nama", {"key": "nama", "descending": False})
    other = ovop_parts.sort_link(query, "hari", {"key": "nama", "descending": False})
    assert same == {"url": "?q=batik&provinsi=32&provinsi=34&urut=-nama", "aria": "ascending"}
    assert other == {"url": "?q=batik&provinsi=32&provinsi=34&urut=hari", "aria": ""}


def test_only_numeric_columns_group_thousands_so_that_a_year_stays_a_year():
    columns = [{"label": "Tahun"}, {"label": "Jumlah", "numeric": True}]
    (row,) = ovop_parts.table_rows([[2018, 1204]], columns)
    assert [cell["text"] for _, cell in row["cells"]] == [2018, "1.204"]


def test_a_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ValueError, match="zip"):
        ovop_parts.table_rows([["Garut"]], [{"label": "Daerah"}, {"label": "Jumlah"}])


# --- Forms ---------------------------------------------------------------------------------------------------
class _Form(forms.Form):
    nib = forms.CharField(label="NIB")
    verdict = forms.ChoiceField(label="Sesuai?", choices=[("a", "A")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("Pengusulan sudah ditutup.")


def test_the_summary_names_each_answer_and_the_control_it_stands_in():
    found = ovop_parts.listed_errors(_Form({}))
    assert [error.target for error in found] == ["", "id_nib", "id_verdict_0"]
    assert found[0].text == "Pengusulan sudah ditutup."
    assert found[1].text.startswith("NIB: ")
    assert found[2].text.startswith("Sesuai? ")


def test_a_formset_is_summed_up_with_all_its_forms():
    bound = forms.formset_factory(_Form, extra=0)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-nib": "1", "form-1-nib": ""}
    )
    assert [error.target for error in ovop_parts.listed_errors(bound) if error.target] == [
        "id_form-0-verdict_0",
        "id_form-1-nib",
        "id_form-1-verdict_0",
    ]


# --- Frame ---------------------------------------------------------------------------------------------------
def _page(path: str, **match) -> Context:
    request = RequestFactory().get(path)
    request.resolver_match = SimpleNamespace(**match) if match else None
    return Context({"request": request})


def test_a_page_is_public_where_its_view_asks_for_no_sign_in():
    open_view, closed_view = SimpleNamespace(login_required=False), SimpleNamespace()
    assert ovop_frame.public_page(_page("/katalog/", func=open_view)) is True
    assert ovop_frame.public_page(_page("/usulan/", func=closed_view)) is False
    assert ovop_frame.public_page(_page("/tidak/ada/")) is True


def test_a_page_may_say_itself_that_it_is_none_of_the_public():
    context = _page("/_komponen/")
    context["is_public"] = False
    assert ovop_frame.public_page(context) is False


def test_the_menu_marks_the_page_one_is_on_and_leads_only_to_pages_that_exist():
    entries = ovop_frame.public_menu(_page("/katalog/dodol/"))
    assert {entry["url"]: entry["current"] for entry in entries}["/katalog/"] is True
    assert "/verifikasi/" in {entry["url"] for entry in entries}


def test_a_public_page_has_a_twin_in_the_other_language():
    assert ovop_frame.other_language(_page("/katalog/"))["url"] == "/en/katalog/"
    assert ovop_frame.other_language(_page("/masuk/"))["url"] == "/en/"
    with override("en"):
        assert ovop_frame.other_language(_page("/en/katalog/"))["url"] == "/katalog/"
        assert ovop_frame.public_address("/katalog/") == "/en/katalog/"


def test_nobody_signed_in_has_no_end_of_session():
    assert ovop_frame.session_end(_page("/katalog/")) == 0
