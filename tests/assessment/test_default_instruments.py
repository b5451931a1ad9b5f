"""The five forms that the portal ships: their rules, and that the published lines are as published."""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from assessment import scoring

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "instruments"
FILES = {
    "makanan-minuman": "makanan_minuman",
    "kain-tenun": "kain_tenun",
    "kain-batik": "kain_batik",
    "anyaman": "anyaman",
    "gerabah": "gerabah",
}
# Part A as in the published form: points and lines of each section. B as written for the portal, alike in all five.
SECTIONS = {"A.I": (15, 5), "A.II": (6, 2), "A.III": (9, 3), "B.I": (15, 4), "B.II": (10, 3)}
# The published lines, word for word, 1 to 3; None where the copy that was read breaks off.
PUBLISHED = {
    "A.I.1": (
        "Bahan baku utama lokal (kabupaten/kota) kurang dari 80%.",
        "Bahan baku utama lokal (kabupaten/kota) 80% atau lebih.",
        "Semua bahan baku utama lokal (kabupaten/kota).",
    ),
    "A.I.2": (
        "Jaminan ketersediaan bahan baku utama untuk 1 tahun.",
        "Jaminan ketersediaan bahan baku utama 1–3 tahun.",
        "Jaminan ketersediaan bahan baku utama lebih dari 3 tahun.",
    ),
    "A.I.3": (
        "Nilai tambah produksi kurang dari 20%.",
        "Nilai tambah produksi 20–60%.",
        "Nilai tambah produksi lebih dari 60%.",
    ),
    "A.I.4": (
        "Tidak memperhatikan dampak lingkungan.",
        "Produksi berdampak terhadap lingkungan tetapi ada pengendalian.",
        "Produksi tidak berdampak terhadap lingkungan.",
    ),
    "A.I.5": (
        "Tidak dapat diproduksi dalam kuantitas dan kualitas yang sama.",
        "Dapat diproduksi dalam kuantitas dan kualitas yang hampir sama.",
        "Dapat diproduksi dalam kuantitas dan kualitas yang sama.",
    ),
    "A.II.1": (
        "Dikembangkan dari produsen lain/meniru.",
        "Dikembangkan sesuai permintaan pelanggan/pasar.",
        "Dikembangkan oleh kelompok/sendiri.",
    ),
    "A.II.2": (
        "Ada kemasan, masih konvensional.",
        "Ada pengembangan tetapi belum optimal.",
        "Dikembangkan terus-menerus dan konsisten sesuai dengan kaidah kemasan (menuju standar komersial).",
    ),
    "A.III.1": ("Kurang dari 3 tahun.", None, None),
}
# They leave the judgement to taste.
VAGUE = re.compile(
    r"\b(baik|bagus|cukup|memadai|optimal|menarik|indah|sangat|kurang lebih|dan lain-lain|dll)\b", re.I
)
# Can mean "on none" as well as "not on every one".
TWO_WAYS = re.compile(r"\btidak [a-z]+ pada (semua|setiap)\b", re.I)
KEYS = {"code", "name", "question", "evidence", "max", "levels", "status", "source", "note"}

Form = dict[str, Any]


def load(stem: str) -> Any:
    return json.loads((FOLDER / f"{stem}.json").read_text(encoding="utf-8"))


def lines_of(form: Form) -> list[dict[str, Any]]:
    return [each for part in form["parts"] for section in part["sections"] for each in section["indicators"]]


@pytest.fixture(params=FILES)
def form(request: pytest.FixtureRequest) -> Form:
    loaded: Form = load(request.param)
    return loaded


def test_the_folder_holds_the_five_forms_and_the_labels() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {*FILES, "evidence"}


@pytest.mark.parametrize(("stem", "group"), FILES.items())
def test_a_file_is_the_first_version_of_its_groups_form(stem: str, group: str) -> None:
    form = load(stem)
    assert list(form) == ["code", "version", "name", "commodity", "scheme", "parts"]
    assert (form["code"], form["commodity"], form["version"]) == (group, group, 1)


def test_weights_and_bands_are_the_default_scheme(form: Form) -> None:
    read = scoring.parse_instrument(form)
    assert [(part.code, part.weight) for part in read.parts] == [("A", 30), ("B", 25), ("C", 45)]
    assert [(band.star, band.bound) for band in read.bands] == [(5, 90), (4, 80), (3, 70), (2, 60), (1, 50)]


def test_one_point_of_a_score_is_one_of_the_hundred(form: Form) -> None:
    read = scoring.parse_instrument(form)
    assert [part.score_maximum for part in read.parts] == [30, 25, 45]
    assert (read.unit, set(read.steps)) == (1, {1})


def test_sections_and_lines_are_numbered_as_in_the_form(form: Form) -> None:
    assert 24 <= len(lines_of(form)) <= 27
    for part in form["parts"]:
        assert [section["code"] for section in part["sections"]] == [
            f"{part['code']}.{number}" for number in ("I", "II", "III")[: len(part["sections"])]
        ]
        for section in part["sections"]:
            codes = [each["code"] for each in section["indicators"]]
            assert codes == [f"{section['code']}.{number}" for number in range(1, len(codes) + 1)]
            if section["code"] in SECTIONS:
                points = sum(each["max"] for each in section["indicators"])
                assert (points, len(codes)) == SECTIONS[section["code"]]


def test_no_name_stands_twice(form: Form) -> None:
    names = [each["name"] for each in lines_of(form)]
    assert len(names) == len(set(names))


def test_each_line_has_its_question_evidence_and_origin(form: Form) -> None:
    for line in lines_of(form):
        assert set(line) == KEYS, line["code"]
        for key, low, high in (("name", 8, 60), ("question", 40, 620), ("note", 30, 320)):
            assert low <= len(line[key]) <= high, (line["code"], key)
        assert line["question"].endswith(("?", ".")), line["code"]
        assert line["status"] == ("published" if line["code"] in PUBLISHED else "default"), line["code"]
        assert line["source"] if line["code"] in PUBLISHED else line["note"].startswith("Bawaan"), line[
            "code"
        ]


def test_each_ladder_begins_at_0_or_1_and_each_level_is_a_sentence_of_its_own(form: Form) -> None:
    for line in lines_of(form):
        assert line["levels"][0]["score"] in (0, 1), line["code"]
        assert 2 <= len(line["levels"]) <= 6, line["code"]
        texts = [level["text"] for level in line["levels"]]
        assert len(texts) == len(set(texts)), line["code"]
        for text in texts:
            # A capital first, never a digit: the page prints the score right before the sentence.
            assert 8 <= len(text) <= 175, text
            assert text[0].isupper(), text
            assert text.endswith("."), text


def test_a_level_of_ours_leaves_nothing_to_taste_or_to_a_second_reading(form: Form) -> None:
    for line in lines_of(form):
        if line["status"] == "default":
            for level in line["levels"]:
                assert not VAGUE.search(level["text"]), level["text"]
                assert not TWO_WAYS.search(level["text"]), level["text"]


def test_the_published_levels_stand_word_for_word(form: Form) -> None:
    lines = {line["code"]: line for line in lines_of(form)}
    for code, published in PUBLISHED.items():
        assert [level["score"] for level in lines[code]["levels"]] == [1, 2, 3]
        for level, text in zip(lines[code]["levels"], published, strict=True):
            assert text is None or level["text"] == text
    assert lines["A.III.1"]["note"].startswith("Sebagian")


def test_evidence_has_a_label_each_label_is_used_and_none_asks_for_a_nik(form: Form) -> None:
    labels = load("evidence")
    for line in lines_of(form):
        assert line["evidence"], line["code"]
        assert len(set(line["evidence"])) == len(line["evidence"]), line["code"]
        assert set(line["evidence"]) <= set(labels), line["code"]
    used = {key for stem in FILES for line in lines_of(load(stem)) for key in line["evidence"]}
    assert used == set(labels)
    assert all("NIK" not in label or "tanpa NIK" in label for label in labels.values())


def test_the_five_forms_are_equally_steep(form: Form) -> None:
    """One level below the top everywhere is about three stars in every group; the lowest possible has no star."""
    read = scoring.parse_instrument(form)
    one_below = {each.code: each.levels[-2] for each in read.indicators}
    assert 69 <= scoring.total(one_below, read) <= 71
    lowest = scoring.evaluate(read, {"p1": {each.code: each.levels[0] for each in read.indicators}})
    assert 17 <= lowest.value <= Fraction(20)
    assert lowest.star == 0
