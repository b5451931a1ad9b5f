"""The stylesheets: contrast of every pair that carries text, weight of a first view, nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest

from ovop_portal import stylesheet

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
SHEETS = ("bootstrap", "ovop", "staff")
# The table of the interface, written by hand: token, background, the ratio it gives there.
TEXT = [
    ("tinta", "putih", 17.07), ("tinta", "mori", 16.11),
    ("abu", "putih", 7.40), ("abu", "mori", 6.98), ("abu", "mori-2", 6.39), ("abu", "tarum-100", 6.30),
    ("tarum-900", "putih", 15.65), ("tarum-900", "mori", 14.76),
    ("tarum-700", "putih", 9.83), ("tarum-700", "mori", 9.28), ("tarum-700", "tarum-100", 8.37),
    ("tarum-600", "putih", 7.32), ("tarum-600", "mori", 6.91),
    ("mengkudu-700", "putih", 7.82), ("mengkudu-700", "mori", 7.38), ("mengkudu-700", "mengkudu-100", 6.77),
    ("kunyit-700", "putih", 6.92), ("kunyit-700", "mori", 6.53), ("kunyit-700", "kunyit-100", 6.33),
    ("daun-700", "putih", 7.36), ("daun-700", "mori", 6.95), ("daun-700", "daun-100", 6.41),
    ("soga-700", "putih", 8.55), ("soga-700", "mori", 8.07),
    ("kunyit-500", "tarum-900", 6.40), ("fokus", "tarum-900", 10.12), ("fokus", "tinta", 11.04),
]  # fmt: skip
GRAPHIC = [("garis-kuat", "putih", 3.84), ("garis-kuat", "mori", 3.63), ("garis-kuat", "mori-2", 3.32)]
DECORATION = [("garis", "putih", 1.53), ("kunyit-500", "putih", 2.44), ("fokus", "putih", 1.55)]


def sheet(name: str) -> str:
    return (STATIC / "css" / f"{name}.css").read_text(encoding="utf-8")


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


TOKENS = dict(re.findall(r"--ovop-([\w-]+): (#[0-9a-f]{6});", sheet("ovop")))


def luminance(token: str) -> float:
    channels = (int(TOKENS[token][place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("token", "ground", "ratio"), TEXT + GRAPHIC + DECORATION)
def test_a_token_has_the_contrast_that_the_interface_counts_on(token, ground, ratio):
    assert contrast(token, ground) == pytest.approx(ratio, abs=0.006)


@pytest.mark.parametrize(("token", "ground", "_"), TEXT)
def test_what_carries_text_can_be_read(token, ground, _):
    assert contrast(token, ground) >= 4.5


@pytest.mark.parametrize(("token", "ground", "_"), GRAPHIC)
def test_what_draws_the_border_of_a_control_can_be_seen(token, ground, _):
    assert contrast(token, ground) >= 3


@pytest.mark.parametrize("tint", ["tarum-100", "mengkudu-100", "kunyit-100", "daun-100", "mori-2"])
def test_ink_stands_on_every_tint(tint):
    assert contrast("tinta", tint) >= 14.5


def test_every_colour_is_a_token():
    css = without_comments(sheet("ovop") + sheet("staff"))
    tokens = "".join(re.findall(r"--(?:ovop|bs)-[^;]*;", css))
    colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css.replace(tokens, ""))) - set(TOKENS.values())
    assert not {colour for colour in colours if not re.search(rf'url\("?{colour}', css)}


def test_the_bootstrap_part_is_what_the_installed_wheel_gives():
    assert sheet("bootstrap") == stylesheet.pruned_bootstrap(), "run python -m ovop_portal.stylesheet"


def test_bootstrap_brings_none_of_its_blue_to_what_we_use():
    ours = sheet("ovop")
    for button in (
        "primary",
        "danger",
        "secondary",
        "outline-primary",
        "outline-secondary",
        "outline-danger",
    ):
        assert re.search(rf"\.btn-{button}[ ,{{]", ours), f".btn-{button} keeps Bootstrap's literal colours"


@pytest.mark.parametrize(
    ("what", "files", "limit"),
    [
        ("CSS of a public page", ["css/bootstrap.css", "css/ovop.css"], 39_000),
        ("CSS of a working page", ["css/bootstrap.css", "css/ovop.css", "css/staff.css"], 39_000),
        ("own scripts of a public page", ["js/public.js"], 8_000),
    ],
)
def test_a_first_view_weighs_no_more_than_its_budget_gzipped(what, files, limit):
    weight = sum(len(gzip.compress((STATIC / file).read_bytes(), mtime=0)) for file in files)
    assert weight <= limit, f"{what}: {weight} bytes"


def test_the_two_faces_of_the_type_weigh_no_more_than_their_budget():
    faces = sorted((STATIC / "fonts").glob("*.woff2"))
    assert [face.name for face in faces] == ["plus-jakarta-sans-400.woff2", "plus-jakarta-sans-600.woff2"]
    assert sum(face.stat().st_size for face in faces) <= 24 * 1024
    assert (STATIC / "fonts" / "OFL-plus-jakarta-sans.txt").exists()


@pytest.mark.parametrize("name", SHEETS)
def test_a_stylesheet_asks_nobody_else_for_anything_and_what_it_asks_for_is_there(name):
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", without_comments(sheet(name))):
        assert address.startswith(("data:", "../")), address
        if address.startswith("../"):
            assert (STATIC / "css" / address).resolve().is_file(), address


@pytest.mark.parametrize("name", SHEETS)
def test_a_stylesheet_is_well_formed(name):
    css = re.sub(r"\"[^\"]*\"|url\([^)]*\)", "", without_comments(sheet(name)))
    assert css.count("{") == css.count("}")


def test_every_class_in_a_template_has_a_rule():
    """A class that nothing defines is a spelling mistake, or a part of Bootstrap that is not in the portal."""
    defined = set(
        re.findall(r"\.(-?[A-Za-z_][\w-]*)", "".join(without_comments(sheet(name)) for name in SHEETS))
    )
    missing: dict[str, str] = {}
    for path in (ROOT / "templates").rglob("*.html"):
        if "pdf" in path.parts or "certificate" in path.name:
            continue  # documents on paper bring a stylesheet of their own
        text = re.sub(
            r"{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        for value in re.findall(r'\bclass="((?:{%.*?%}|{{.*?}}|[^"{])*)"', text):
            fixed = re.sub(r"\S*{{.*?}}\S*", " ", re.sub(r"{%.*?%}", " ", value))
            missing |= {name: str(path.relative_to(ROOT)) for name in fixed.split() if name not in defined}
    assert not missing
