"""The partials of templates/partials: each in all its states, with the longest real words, and with hostile ones."""

import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django.core.paginator import Paginator
from django.template.loader import get_template
from django.utils.html import format_html

from ovop_portal import specimens as shown
from ovop_portal.map_paths import SOURCE_LINE, province_areas
from ovop_portal.specimens import CLOSES_AT, LONG_IKM, LONG_PLACE, Specimen

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "partials"
# Written by hand from the interface's list of components.
COMPONENTS = {
    "page_header", "breadcrumb", "task_list", "status_badge", "stars", "deadline", "save_state", "file_row", "timeline",
    "data_table", "filter_bar", "facet", "pagination", "empty_state", "error_summary", "notice", "confirm_dialog",
    "toast", "progress", "province_map", "bar_chart", "exact_number", "score_ladder", "evidence", "step_nav",
}  # fmt: skip
SPECIMENS = list(shown.specimens())
HOSTILE = "<script>alert('x')</script>\" onfocus=\"alert(1)"
# What a page writer chooses from a fixed list, not what a person typed.
_FIXED = {
    "state", "tone", "icon", "kind", "template", "name", "code", "id", "table_id", "key", "parameter", "csrf_token",
    "from", "to", "viewer_zone", "zone",
}  # fmt: skip
_VOID = {"area", "br", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "use"}


def drawn(partial: str, **parameters: Any) -> str:
    return get_template(f"partials/{partial}.html").render(parameters)


def words_of(html: str) -> str:
    """The text a reader sees, with single spaces; what stands within a line is not parted."""
    within = re.sub(r"</?(?:a|b|span|strong|time)\b[^>]*>", "", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", within)).strip()


def hostile(value: Any, name: str = "") -> Any:
    """The same parameters, with every text that a person could have typed replaced by an attack."""
    if isinstance(value, str):
        return value if name in _FIXED or not value or value.startswith("#") else HOSTILE
    if isinstance(value, dict):
        return {key: hostile(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [hostile(item, name) for item in value]
    return value


class Balanced(HTMLParser):
    """Fails where an element is closed that was not opened last; collects ids and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open[-1:] == [tag], f"</{tag}> closes {self.open[-3:]}"
            self.open.pop()


def read(html: str) -> Balanced:
    reader = Balanced()
    reader.feed(html)
    assert not reader.open, f"never closed: {reader.open}"
    return reader


def test_every_component_of_the_interface_is_a_partial_and_stands_in_the_gallery():
    assert {path.stem for path in FOLDER.glob("*.html")} >= COMPONENTS
    assert {specimen.partial for specimen in SPECIMENS} >= COMPONENTS


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: f"{one.partial}: {one.state}")
def test_a_partial_is_well_formed_and_asks_nothing_of_the_content_security_policy(specimen: Specimen):
    found = read(specimen.drawn)
    assert "style" not in found.attributes
    assert not found.elements & {"script", "style"}
    assert not {name for name in found.attributes if name.startswith(("on", "hx-on"))}
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: f"{one.partial}: {one.state}")
def test_what_people_typed_stays_text(specimen: Specimen):
    attacked = replace(specimen, parameters=hostile(specimen.parameters))
    found = read(attacked.drawn)
    assert "script" not in found.elements
    assert "onfocus" not in found.attributes


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda path: path.stem)
def test_a_partial_says_on_its_first_line_what_it_takes(path: Path):
    assert path.read_text(encoding="utf-8").startswith("{% comment %}")


# --- What each one says ----------------------------------------------------------------------------------------
def test_stars_are_drawn_and_told_and_the_two_agree():
    html = drawn("stars", earned=4, maximum=5, year=2018)
    assert words_of(html) == "Bintang 4 dari 5, ditetapkan 2018"
    assert html.count('class="earned"') == 4
    assert html.count("<use ") == 5


def test_a_deadline_names_day_hour_zone_and_what_is_left():
    words = words_of(gallery_words("deadline", "pembaca di WIT"))
    assert (
        words
        == "Pengusulan ditutup Jumat, 13 Maret 2026 pukul 23.59 WIB (Sabtu pukul 01.59 WIT). Sisa 4 hari."
    )


def test_a_deadline_that_is_over_says_what_can_no_longer_be_done():
    words = words_of(gallery_words("deadline", "lewat"))
    assert words.startswith("Pengusulan sudah ditutup Jumat, 13 Maret 2026 pukul 23.59 WIB")
    assert words.endswith("tidak dapat dikirim.")


def gallery_words(partial: str, state: str) -> str:
    return next(one.drawn for one in SPECIMENS if (one.partial, one.state) == (partial, state))


def test_an_exact_number_stands_beside_the_rounded_one():
    assert words_of(drawn("exact_number", fraction=Fraction(247, 3))) == "82,33 (persis 247/3)"
    assert words_of(drawn("exact_number", fraction=Fraction(83), places=0)) == "83"


def test_progress_says_its_whole():
    assert words_of(drawn("progress", done=1047, total=1112, label="piagam selesai")).startswith(
        "1.047 dari 1.112 piagam selesai"
    )


def test_a_file_that_was_stopped_says_how_much_is_safe():
    words = words_of(gallery_words("file_row", "stopped"))
    assert "1,9 MB dari 4,4 MB terkirim" in words
    assert "Unggahan berhenti" in words
    assert "Lanjutkan unggahan" in words


def test_a_task_that_cannot_begin_is_no_link():
    html = gallery_words("task_list", "formulir usulan")
    assert html.count('class="card-link"') == 5
    assert "Kirim usulan" in html
    assert "Belum dapat dimulai" in html


def test_the_step_one_is_on_is_marked_in_both_shapes_of_the_list():
    html = drawn(
        "step_nav", current=2, steps=[{"label": text, "url": ""} for text in ("Produk", "Cerita", "Kirim")]
    )
    assert html.count('aria-current="step"') == 2
    assert "Bagian 2 dari 3: Cerita" in words_of(html)


def test_the_history_tells_from_and_to_and_the_machine_is_no_person():
    words = words_of(gallery_words("timeline", "dikembalikan, lalu dikirim lagi"))
    assert "Perlu perbaikan (sebelumnya: Menunggu verifikasi provinsi)" in words
    assert words.endswith("· otomatis")


# --- Tables ------------------------------------------------------------------------------------------------------
COLUMNS = [
    {"label": "IKM", "key": "ikm"},
    {"label": "Tempat"},
    {"label": "Skor", "key": "skor", "numeric": True},
]


def test_a_table_names_its_rows_columns_and_order_to_a_screen_reader():
    html = drawn(
        "data_table", caption="Usulan", columns=COLUMNS, rows=[[LONG_IKM, LONG_PLACE, 1204]],
        sort={"key": "skor", "descending": True}, query="q=a",
    )  # fmt: skip
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 1
    assert html.count('aria-sort="descending"') == 1
    assert 'href="?q=a&amp;urut=skor"' in html
    assert 'href="?q=a&amp;urut=ikm"' in html
    assert 'data-label="Tempat"' in html
    assert "1.204" in html


def test_a_cell_may_be_safe_html_but_a_text_never_is():
    rows = [["<b>x</b>", format_html("<b>{}</b>", "<i>"), {"text": "<u>", "url": "/a/?x=1&y=2"}]]
    html = drawn("data_table", caption="", columns=COLUMNS, rows=rows)
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>&lt;i&gt;</b>" in html
    assert '<a href="/a/?x=1&amp;y=2">&lt;u&gt;</a>' in html


def test_a_cell_may_bring_a_template_of_its_own(settings, tmp_path):
    (tmp_path / "own_cell.html").write_text("<i>{{ cell.score }}</i>")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
    html = drawn(
        "data_table",
        caption="",
        columns=COLUMNS,
        rows=[["a", "b", {"template": "own_cell.html", "score": "<3"}]],
    )
    assert "<i>&lt;3</i>" in html


def test_forty_rows_of_the_longest_words_are_forty_rows():
    html = drawn(
        "data_table", caption="Usulan", columns=COLUMNS, rows=[[LONG_IKM, LONG_PLACE, n] for n in range(40)]
    )
    assert html.count("<tr>") == 41
    assert html.count(LONG_PLACE) == 40


def test_a_table_without_rows_says_so_instead_of_an_empty_grid():
    html = drawn(
        "data_table", caption="Usulan", columns=COLUMNS, rows=[], empty="Semua usulan sudah Anda tinjau."
    )
    assert "<table" not in html
    assert "Semua usulan sudah Anda tinjau." in html


def test_a_page_of_a_table_says_which_rows_it_holds():
    html = drawn(
        "data_table",
        caption="",
        columns=COLUMNS,
        rows=[["a", "b", 1]],
        page=Paginator(range(112), 24).page(5),
    )
    assert "97–112 dari 112" in words_of(html)


# --- Forms -------------------------------------------------------------------------------------------------------
def test_the_summary_leads_to_controls_that_are_on_the_page():
    form = shown.wrong_form()
    targets = set(re.findall(r'href="#([^"]+)"', drawn("error_summary", form=form)))
    assert targets
    assert targets <= set(read(render_crispy_form(form)).ids)


def test_a_field_tells_its_question_help_and_error_before_its_control():
    html = render_crispy_form(shown.wrong_form())
    block = html[html.index('id="div_id_nib"') : html.index('id="div_id_product"')]
    places = [block.index(part) for part in ("<label", "id_nib_helptext", "id_nib_error", "<input")]
    assert places == sorted(places)
    control = re.search(r"<input[^>]*>", block)[0]
    assert 'aria-invalid="true"' in control
    assert {"id_nib_helptext", "id_nib_error"} <= set(
        re.search(r'aria-describedby="([^"]*)"', control)[1].split()
    )


def test_what_may_stay_empty_says_so_and_nothing_has_an_asterisk():
    words = words_of(render_crispy_form(shown.SpecimenForm()))
    assert "Cerita produk (tidak wajib)" in words
    assert "NIB (tidak wajib)" not in words
    assert "*" not in words


def test_help_and_errors_of_a_form_stay_text():
    form = shown.wrong_form()
    form.fields["nib"].help_text = HOSTILE
    form.add_error("nib", HOSTILE)
    assert "script" not in read(render_crispy_form(form)).elements


def test_a_confirmation_is_a_dialog_and_without_a_script_a_page_with_the_same_words():
    asked = next(
        one for one in SPECIMENS if one.partial == "confirm_dialog" and one.state == "berbahaya"
    ).parameters
    page, dialog = drawn("confirm_dialog", **asked), drawn("confirm_dialog", **{**asked, "full_page": False})
    assert words_of(page) == words_of(dialog)
    assert "<dialog" in dialog
    assert "<dialog" not in page
    assert 'value="contoh"' in dialog
    assert 'name="version" value="3"' in dialog
    assert "btn-danger" in dialog


def test_a_score_that_is_locked_cannot_be_changed():
    html = gallery_words("score_ladder", "terkunci")
    assert "disabled" in re.search(r"<fieldset[^>]*>", html)[0]
    assert re.findall(r'value="(\d)" checked', html) == ["2"]


def test_a_level_of_score_zero_can_be_the_chosen_one():
    html = drawn(
        "score_ladder",
        indicator={"code": "A1", "number": 1, "text": "Asal bahan baku", "hint": ""},
        levels=[{"score": 0, "text": "Tidak ada"}, {"score": 1, "text": "Ada"}],
        value=0,
        locked=False,
    )
    assert re.findall(r'value="(\d)" checked', html) == ["0"]


# --- Map ---------------------------------------------------------------------------------------------------------
def test_the_map_draws_all_provinces_and_the_list_beside_it_holds_the_links():
    html = gallery_words("province_map", "sepuluh provinsi")
    assert html.count("<path") == 38 + 2  # the provinces, and the two strokes of the hatch
    assert html.count("<circle") == 6
    assert html.count("<a ") == 9
    assert 'data-follow="peta-provinsi-19"' in html
    assert 'id="peta-provinsi-19"' in html
    assert SOURCE_LINE in html
    assert "1 2–3 4–6 9–11 14–25" in words_of(html)


def test_kabupaten_and_kota_are_points_that_follow_their_entry_in_a_list():
    html = gallery_words("province_map", "dengan kabupaten dan kota")
    points = re.findall(
        r'<circle class="map-place" data-follow="(peta-kota-\d{4})" cx="(\d+)" cy="(\d+)" r="(\d)"', html
    )
    assert [follows for follows, *_ in points] == ["peta-kota-5201", "peta-kota-5271"]
    assert all(0 <= int(x) <= 1000 and 0 <= int(y) <= 362 for _, x, y, _ in points)
    assert int(points[0][3]) > int(points[1][3])
    assert 'id="peta-kota-5201" href="#">Kabupaten Lombok Barat</a>' in html


def test_the_paths_of_the_map_are_whole_numbers_inside_the_drawing():
    areas = province_areas()
    assert [area.code for area in areas] == sorted({area.code for area in areas})
    assert len(areas) == 38
    assert all(re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", area.path) for area in areas)
    assert all(0 <= area.x <= 1000 and 0 <= area.y <= 362 for area in areas)
    assert sum(len(area.path) for area in areas) < 26_000


def test_the_longest_bar_fills_its_line_and_the_table_says_the_same_numbers():
    html = gallery_words("bar_chart", "per tahun")
    assert html.count('max="112"') == 3
    assert 'value="112" max="112"' in html
    assert re.findall(r'<td class="num">([^<]+)</td>', html) == ["38", "110", "112"]


def test_the_time_of_saving_is_told_only_where_it_is_saved():
    assert words_of(drawn("save_state", state="saved", time=CLOSES_AT)) == "Tersimpan pukul 23.59 WIB"
    assert words_of(drawn("save_state", state="failed", time=CLOSES_AT)).startswith("Belum tersimpan.")
