"""What an instrument must be, and that both ways of writing it are read, each with its own levels."""

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from assessment import scoring
from tests.factories.instruments import a_short_form, an_indicator

Form = dict[str, Any]


def the_portals_form() -> Form:
    """The short form's numbers as the portal exports them: sections, sentences, scheme."""
    short = a_short_form()
    parts = []
    for part in short["parts"]:
        indicators = []
        for each in part["indicators"]:
            levels = [{"score": score, "text": f"Jenjang {score}."} for score in each["levels"]]
            indicators.append(
                each | {"levels": levels, "name": f"Butir {each['code']}", "evidence": ["kunjungan"]}
            )
        sections = [
            {"code": f"{part['code']}.I", "name": "Pertama", "indicators": indicators[:1]},
            {"code": f"{part['code']}.II", "name": "Kedua", "indicators": indicators[1:]},
        ]
        parts.append({"code": part["code"], "name": "Aspek", "weight": part["weight"], "sections": sections})
    scheme = {"maximum": 5, "bands": short["bands"]}
    return {"code": "contoh", "version": 1, "name": "Contoh", "scheme": scheme, "parts": parts}


# --- Read -------------------------------------------------------------------------------------------------------
def test_the_short_form_is_read_with_exact_weights_and_bounds() -> None:
    data = a_short_form() | {"name": "Kriteria", "note": "tidak dibaca"}
    data["parts"][0]["weight"], data["parts"][1]["weight"] = "29.75", "25.25"
    form = scoring.parse_instrument(data)
    assert (form.code, form.version, form.name) == ("contoh", 1, "Kriteria")
    assert [(part.code, part.weight, part.score_maximum) for part in form.parts] == [
        ("A", Fraction(119, 4), 6),
        ("B", Fraction(101, 4), 10),
        ("C", Fraction(45), 10),
    ]
    assert form.parts[2].indicators == (
        scoring.Indicator("C1", 6, (0, 2, 4, 6)),
        scoring.Indicator("C2", 4, (1, 2, 3, 4)),
    )
    assert form.bands[0] == scoring.Band(5, Fraction(90))


def test_the_portals_form_says_the_same_numbers() -> None:
    read, short = scoring.parse_instrument(the_portals_form()), scoring.parse_instrument(a_short_form())
    assert (read.unit, read.steps, read.bounds, read.bands) == (
        short.unit,
        short.steps,
        short.bounds,
        short.bands,
    )
    assert [each.code for each in read.indicators] == ["A1", "A2", "B1", "B2", "B3", "C1", "C2"]
    assert [each.levels for each in read.indicators] == [each.levels for each in short.indicators]
    assert read.indicators[0].name == "Butir A1"


def test_three_stars_are_a_scheme_too() -> None:
    data = a_short_form() | {
        "bands": [{"star": 3, "from": "85"}, {"star": 2, "from": "70"}, {"star": 1, "from": "0"}]
    }
    form = scoring.parse_instrument(data)
    assert form.top_star == 3
    assert [scoring.star_for(Fraction(value), form) for value in (100, 85, 84, 70, 69, 0)] == [
        3,
        3,
        2,
        2,
        1,
        1,
    ]


# --- Refused ----------------------------------------------------------------------------------------------------
def put(path: str, value: Any) -> Callable[[Form], None]:
    """A change to a form: "parts.0.weight" names the place; ... takes the key away."""
    *way, last = path.split(".")

    def change(form: Form) -> None:
        target: Any = form
        for step in way:
            target = target[int(step)] if step.isdigit() else target[step]
        key: Any = int(last) if last.isdigit() else last
        if value is ...:
            del target[key]
        else:
            target[key] = value

    return change


LADDER = "parts.0.indicators.0.levels"
WRONG_FORMS: list[tuple[Callable[[Form], None], str]] = [
    # Ladders.
    (put(LADDER, [0, 2, 1, 3]), "indikator A1: jenjang 1 tidak lebih tinggi daripada 2"),
    (put(LADDER, [0, 1, 1, 3]), "indikator A1: jenjang 1 tidak lebih tinggi daripada 1"),
    (put(LADDER, [-1, 0, 3]), "indikator A1: jenjang -1 kurang dari nol"),
    (put(LADDER, []), "indikator A1: jenjangnya kosong"),
    (put(LADDER, [0, 1, 2]), "indikator A1: max 3 bukan jenjang terakhir (2)"),
    (put(LADDER, [0, 1, 2, 3, 4]), "indikator A1: max 3 bukan jenjang terakhir (4)"),
    (put(LADDER, [0, True, 3]), "indikator A1: jenjang true bukan bilangan bulat"),
    (put(LADDER, [0, 2.0, 3]), "indikator A1: jenjang 2.0 bukan bilangan bulat"),
    (put(LADDER, [0, "2", 3]), 'indikator A1: jenjang "2" bukan bilangan bulat'),
    (put(LADDER, [{"score": 3}]), "indikator A1: jenjang sebuah objek bukan bilangan bulat"),
    (put(LADDER, "0123"), 'indikator A1: levels harus berupa daftar, bukan "0123"'),
    (put(LADDER, ...), "indikator A1: levels tidak ada"),
    (put("parts.0.indicators.0", an_indicator("A1", 0)), "indikator A1: max harus lebih dari nol"),
    (put("parts.0.indicators.0.max", 3.0), "indikator A1: max 3.0 bukan bilangan bulat"),
    (put("parts.0.indicators.0.max", "3"), 'indikator A1: max "3" bukan bilangan bulat'),
    (put("parts.0.indicators.0.max", True), "indikator A1: max true bukan bilangan bulat"),
    (put("parts.0.indicators.0.max", ...), "indikator A1: max tidak ada"),
    # Codes.
    (put("parts.2.indicators.0.code", "A1"), "kode indikator A1 tertulis dua kali"),
    (put("parts.2.code", "A"), "kode bagian A tertulis dua kali"),
    (put("parts.0.indicators.0.code", 7), "bagian A: indikator ke-1: code harus berupa teks"),
    (put("parts.0.indicators.1.code", " "), "code harus berupa teks yang tidak kosong"),
    (put("parts.1.code", ...), "instrumen: bagian ke-2: code tidak ada"),
    (put("code", None), "instrumen: code harus berupa teks yang tidak kosong, bukan null"),
    (put("version", "3"), 'instrumen: version "3" bukan bilangan bulat'),
    (put("version", 0), "instrumen: version 0 bukan bilangan bulat positif"),
    (put("version", ...), "instrumen: version tidak ada"),
    # Parts.
    (put("parts.1.indicators", []), "bagian B: tidak berisi indikator"),
    (put("parts.1.indicators", {}), "bagian B: indicators harus berupa daftar, bukan sebuah objek"),
    (put("parts.1.indicators.0", "B1"), 'bagian B: indikator ke-1 harus berupa objek, bukan "B1"'),
    (put("parts.1.indicators", ...), "bagian B: indicators tidak ada"),
    (put("parts", []), "instrumen: tidak berisi bagian"),
    (put("parts", ...), "instrumen: parts tidak ada"),
    # Weights.
    (put("parts.0.weight", "30.01"), "bobot semua bagian berjumlah 100.01, bukan 100"),
    (put("parts.0.weight", "29"), "bobot semua bagian berjumlah 99, bukan 100"),
    (put("parts.0.weight", "0"), "bagian A: bobot harus lebih dari nol"),
    (put("parts.0.weight", "0.00"), "bagian A: bobot harus lebih dari nol"),
    *[
        (put("parts.0.weight", weight), "bagian A: bobot")
        for weight in (
            30, 30.0, None, True, "", "-30", "+30", " 30", "30 ", "30\n", "1e1", "3E1", "030", "30.", ".5", "30,5",
            "1_0", "0x1E", "60/2", "NaN", "Infinity", "３０", "٣٠", "30." + "0" * 60, ["30"],
        )
    ],
    # Bands.
    (put("bands.1.star", 5), "batas bintang: bintang 5 setelah 5 tidak menurun"),
    (put("bands.1.star", 6), "batas bintang: bintang 6 setelah 5 tidak menurun"),
    (put("bands.1.from", "90"), "batas bintang 4: from 90 tidak lebih rendah daripada 90 (bintang 5)"),
    (put("bands.1.from", "90.5"), "batas bintang 4: from 90.5 tidak lebih rendah daripada 90 (bintang 5)"),
    (put("bands.4.star", 0), "batas bintang: star 0 bukan bilangan bulat positif"),
    (put("bands.4.star", -1), "batas bintang: star -1 bukan bilangan bulat positif"),
    (put("bands.0.star", True), "batas bintang ke-1: star true bukan bilangan bulat"),
    (put("bands.0.star", "5"), 'batas bintang ke-1: star "5" bukan bilangan bulat'),
    (put("bands.0.from", 90), "batas bintang 5: from 90 bukan bilangan desimal dalam tanda kutip"),
    (put("bands.0.from", "100.01"), "batas bintang 5: from 100.01 di luar 0 sampai 100"),
    (put("bands.4.from", "-1"), 'batas bintang 1: from "-1" bukan bilangan desimal'),
    (put("bands.0.from", ...), "batas bintang ke-1: from tidak ada"),
    (put("bands", []), "instrumen: tidak berisi batas bintang (bands)"),
    (put("bands", ...), "instrumen: bands tidak ada"),
    (put("scheme", {}), "instrumen: scheme dan bands tidak boleh ada bersama-sama"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"), WRONG_FORMS, ids=[f"{n}-{says}" for n, (_, says) in enumerate(WRONG_FORMS)]
)
def test_a_wrong_short_form_is_refused_and_says_what_is_wrong(
    change: Callable[[Form], None], says: str
) -> None:
    data = a_short_form()
    scoring.parse_instrument(copy.deepcopy(data))
    change(data)
    with pytest.raises(scoring.InvalidInstrument) as refusal:
        scoring.parse_instrument(data)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (put("scheme.maximum", 3), "scheme: maximum 3 bukan bintang tertinggi (5)"),
        (put("scheme.maximum", ...), "scheme: maximum tidak ada"),
        (put("scheme", []), "scheme harus berupa objek"),
        (put("parts.0.sections", ...), "bagian A: sections tidak ada"),
        (
            put("parts.0.sections.0.indicators.0.levels", [0, 1, 2, 3]),
            "indikator A1: jenjang ke-1 harus berupa objek",
        ),
        (
            put("parts.0.sections.0.indicators.0.levels.1.score", "1"),
            'indikator A1: jenjang "1" bukan bilangan bulat',
        ),
        (
            put("parts.0.sections.0.indicators.0.levels.1.score", ...),
            "indikator A1: jenjang ke-2: score tidak ada",
        ),
        (put("parts.1.sections.1.indicators.1.code", "A1"), "kode indikator A1 tertulis dua kali"),
        (put("parts.2.weight", "44"), "bobot semua bagian berjumlah 99, bukan 100"),
    ],
)
def test_a_wrong_form_of_the_portal_is_refused_and_says_what_is_wrong(
    change: Callable[[Form], None], says: str
) -> None:
    data = the_portals_form()
    scoring.parse_instrument(copy.deepcopy(data))
    change(data)
    with pytest.raises(scoring.InvalidInstrument) as refusal:
        scoring.parse_instrument(data)
    assert says in str(refusal.value)


@pytest.mark.parametrize("data", [None, 3, "batik", [], [{}], True])
def test_what_is_no_object_is_no_instrument(data: object) -> None:
    with pytest.raises(scoring.InvalidInstrument, match=r"^instrument harus berupa objek"):
        scoring.parse_instrument(data)


def test_weights_built_in_code_that_have_no_decimals_are_named_as_fractions() -> None:
    indicator = scoring.Indicator("A1", 3, (1, 2, 3))
    part = scoring.Part("A", Fraction(100, 3), (indicator,))
    with pytest.raises(scoring.InvalidInstrument, match="berjumlah 100/3, bukan 100"):
        scoring.Instrument("x", 1, (part,), (scoring.Band(1, Fraction(50)),))
