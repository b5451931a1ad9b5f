"""The auditor's command as an auditor runs it: a process of its own, in which Django cannot be imported."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.instruments import (
    a_short_form,
    an_entry,
    an_indicator,
    computed_in_fractions,
    one_ladder_form,
    scored_forms,
)

ROOT = Path(__file__).resolve().parents[2]
# -S: no site-packages. -W error: a warning on the way would be a failure.
PYTHON = [sys.executable, "-S", "-W", "error"]


def run(*arguments: str, given: bytes = b"", **more: Any) -> subprocess.CompletedProcess[bytes]:
    command = [*PYTHON, "-m", "assessment.scoring", *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, cwd=ROOT, timeout=60, check=False, **more
    )


def answer_to(content: object) -> tuple[Any, int]:
    """What the command prints for a file, given as JSON data or as its very text, and the exit status."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    done = run("-", given=text if isinstance(text, bytes) else text.encode())
    assert done.stderr == b""
    return json.loads(done.stdout.decode("utf-8")), done.returncode


GOOD = {"value": "100", "display": "100,00", "star": 5, "flags": []}


# --- It needs nothing ------------------------------------------------------------------------------------------
def test_this_interpreter_has_no_django_and_the_command_runs_in_it() -> None:
    without = subprocess.run([*PYTHON, "-c", "import django"], capture_output=True, cwd=ROOT, check=False)
    assert b"No module named 'django'" in without.stderr
    assert answer_to(an_entry()) == (GOOD, 0)


def test_the_worked_example_of_the_documentation_is_what_it_says() -> None:
    blocks = re.findall(
        r"```json\n(.*?)```", (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(blocks) == 2
    assert answer_to(blocks[0]) == (json.loads(blocks[1]), 0)
    # The same by hand, apart from the document: 539/6 after the visit, 173/2 without it.
    assert json.loads(blocks[1])["value"] == "539/6"
    without_the_visit = {key: value for key, value in json.loads(blocks[0]).items() if key != "verification"}
    assert answer_to(without_the_visit)[0]["value"] == "173/2"


# --- Shape of the answer ---------------------------------------------------------------------------------------
def test_a_list_gives_a_list_in_the_same_order_with_errors_in_their_place() -> None:
    low = one_ladder_form(3, "50")
    entries = [
        an_entry(id="pertama"),
        an_entry(assessments=[]),
        {
            "instrument": low,
            "assessments": [{"assessor": "p1", "scores": {"A1": 1}}],
            "verification": {"A1": 2},
        },
    ]
    found, status = answer_to(entries)
    assert status == 1
    assert found == [
        {"id": "pertama", **GOOD},
        {"error": "tidak ada penilai"},
        {"value": "200/3", "display": "66,67", "star": 1, "flags": []},
    ]
    assert answer_to([entries[2]]) == ([found[2]], 0)
    assert answer_to([]) == ([], 0)


def test_a_list_is_printed_one_entry_a_line() -> None:
    done = run("-", given=json.dumps([an_entry(), an_entry()]).encode())
    assert done.stdout.decode().splitlines()[0::3] == ["[", "]"]
    assert [json.loads(line.rstrip(",")) for line in done.stdout.decode().splitlines()[1:3]] == [GOOD, GOOD]


def test_a_file_is_read_as_standard_input_is(tmp_path: Path) -> None:
    file = tmp_path / "nilai ujian.json"
    file.write_text(json.dumps(an_entry()), encoding="utf-8")
    done = run(str(file))
    assert (json.loads(done.stdout), done.returncode, done.stderr) == (GOOD, 0, b"")


def test_the_portals_own_form_is_taken_too() -> None:
    form = json.loads((ROOT / "fixtures/instruments/kain-batik.json").read_text(encoding="utf-8"))
    best = {
        each["code"]: each["max"]
        for part in form["parts"]
        for section in part["sections"]
        for each in section["indicators"]
    }
    entry = {"instrument": form, "assessments": [{"assessor": "p1", "scores": best | {"C.II.1": 1}}]}
    # 7 of the 45 points of part C hang on C.II.1: 6 are lost.
    assert answer_to(entry) == ({"value": "94", "display": "94,00", "star": 5, "flags": []}, 0)


def test_letters_beyond_ascii_come_out_as_they_are_whatever_the_locale() -> None:
    entry = an_entry(id="Dodol Salacca – “asli”")
    done = run("-", given=json.dumps(entry).encode(), env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"})
    assert "Dodol Salacca – “asli”".encode() in done.stdout


def test_half_a_character_comes_out_as_the_escape_it_was() -> None:
    assert answer_to(json.dumps(an_entry(id="?")).replace("?", r"\ud800")) == ({"id": "\ud800", **GOOD}, 0)


@given(st.lists(scored_forms(), min_size=1, max_size=20))
@settings(max_examples=15)
def test_the_command_says_what_fractions_say(scored: list[Any]) -> None:
    entries, expected = [], []
    for form, assessments, verification in scored:
        listed = [{"assessor": who, "scores": scores} for who, scores in assessments.items()]
        entries.append({"instrument": form, "assessments": listed, "verification": verification})
        value, star, flags = computed_in_fractions(form, assessments, verification)
        expected.append((str(value), star, flags))
    found, status = answer_to(entries)
    assert status == 0
    assert [(each["value"], each["star"], each["flags"]) for each in found] == expected


def test_whole_numbers_may_be_long_and_stay_exact() -> None:
    top = 10**900
    form = one_ladder_form(1, "50")
    form["parts"][0]["indicators"] = [an_indicator("A1", 0, top - 1, top)]
    entry = {"instrument": form, "assessments": [{"assessor": "p1", "scores": {"A1": top - 1}}]}
    found, status = answer_to(entry)
    assert status == 0
    # 100 (top - 1) / top, in lowest terms.
    assert found["value"] == f"{top - 1}/{top // 100}"
    assert (found["display"], found["star"]) == ("100,00", 1)


# --- Entries refused in their place ----------------------------------------------------------------------------
def in_text(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert text.count(old) >= 1, old
        return text.replace(old, new, 1)

    return change


P1_SCORES = '"assessor": "p1", "scores": {"A1": 3'
WRONG_ENTRIES: list[tuple[Callable[[str], str], str]] = [
    # Scores.
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": true'), "penilai p1: indikator A1: skor true bukan"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": 2.5'), "indikator A1: skor 2.5 bukan salah satu jenjang"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": 2.0'), "indikator A1: skor 2.0 bukan salah satu jenjang"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": 2e0'), "indikator A1: skor 2e0 bukan salah satu jenjang"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": 1e999'), "indikator A1: skor 1e999 bukan"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": "2"'), 'indikator A1: skor "2" bukan salah satu jenjang'),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": null'), "indikator A1: skor null bukan"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": [3]'), "indikator A1: skor sebuah daftar bukan"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": 4'), "indikator A1: skor 4 bukan"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": -1'), "indikator A1: skor -1 bukan"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": ' + "9" * 1001), "lebih dari 1000 angka"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": ' + "9" * 5000), "lebih dari 1000 angka"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": NaN'), "NaN bukan bilangan JSON"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"A1": -Infinity'), "-Infinity bukan bilangan JSON"),
    (in_text(P1_SCORES, '"assessor": "p1", "scores": {"Z9": 1, "A1": 3'), "penilai p1: indikator Z9 tidak ada"),
    (in_text('"A1": 3, "A2": 3', '"A2": 3'), "penilai p1: indikator A1 belum dinilai"),
    (in_text('"A1": 3, "A2": 3', '"A1": 3, "A1": 3, "A2": 3'), 'kunci "A1" tertulis dua kali'),
    (in_text('"A1": 3, "A2": 3', '"A1": 3, "\\u0041\\u0031": 2, "A2": 3'), 'kunci "A1" tertulis dua kali'),
    # Assessors.
    (in_text('"assessor": "p2"', '"assessor": "p1"'), "penilai p1 tertulis dua kali"),
    (in_text('"assessor": "p2"', '"assessor": 2'), "penilaian ke-2: assessor harus berupa teks"),
    (in_text('"assessor": "p2"', '"assessor": ""'), "penilaian ke-2: assessor harus berupa teks"),
    (in_text('"assessor": "p2", ', ""), "penilaian ke-2: assessor tidak ada"),
    (in_text('"assessor": "p2"', '"asessor": "p2"'), 'penilaian ke-2: kunci "asessor" tidak dikenal'),
    (in_text('"assessor": "p2", "scores"', '"assessor": "p2", "score"'), 'kunci "score" tidak dikenal'),
    # Around them.
    (in_text('"verification": {}', '"verificaton": {}'), 'entri: kunci "verificaton" tidak dikenal'),
    (in_text('"verification": {}', '"verification": {"Z9": 1}'), "verifikasi: indikator Z9 tidak ada"),
    (in_text('"verification": {}', '"verification": {"A1": 4}'), "verifikasi: indikator A1: skor 4 bukan"),
    (in_text('"verification": {}', '"verification": {"A1": true}'), "verifikasi: indikator A1: skor true bukan"),
    (in_text('"verification": {}', '"verification": {"A1": 3.0}'), "verifikasi: indikator A1: skor 3.0 bukan"),
    (in_text('"verification": {}', '"verification": null'), "verification harus berupa objek, bukan null"),
    (in_text('"verification": {}', '"verification": []'), "verification harus berupa objek, bukan sebuah daftar"),
    (in_text('"verification": {}', '"verification": {}, "verification": {}'), 'kunci "verification" tertulis dua kali'),
    (in_text('"verification": {}', '"verification": {}, "id": 7'), "id harus berupa teks"),
    # The instrument (each rule: test_scoring_instruments.py); here that nothing is lost on the way from the text.
    (in_text('"version": 1', '"version": 1.0'), "version 1.0 bukan bilangan bulat"),
    (in_text('"weight": "30"', '"weight": 30.0'), "bagian A: bobot 30.0 bukan bilangan desimal"),
    (in_text('"weight": "30"', '"weight": "30", "weight": "30"'), 'kunci "weight" tertulis dua kali'),
    (in_text('"weight": "30"', '"weight": "31"'), "bobot semua bagian berjumlah 101, bukan 100"),
    (in_text('"levels": [0, 1, 2, 3]', '"levels": [0, 1, 2.0, 3]'), "indikator A1: jenjang 2.0 bukan bilangan bulat"),
    (in_text('"star": 5', '"star": 5e0'), "star 5e0 bukan bilangan bulat"),
    (in_text('"code": "contoh"', '"code": "contoh", "note": [{"x": NaN}]'), "NaN bukan bilangan JSON"),
]  # fmt: skip


def test_each_wrong_entry_is_refused_in_its_place_and_the_ones_between_are_computed() -> None:
    text = json.dumps(an_entry(verification={}))
    entries = [row for change, _ in WRONG_ENTRIES for row in (change(text), text)]
    found, status = answer_to("[" + ",".join(entries) + "]")
    assert status == 1
    assert found[1::2] == [GOOD] * len(WRONG_ENTRIES)
    for (_, says), answer in zip(WRONG_ENTRIES, found[0::2], strict=True):
        assert list(answer) == ["error"]
        assert says in answer["error"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("null", "entri harus berupa objek, bukan null"),
        ("2.5", "entri harus berupa objek, bukan 2.5"),
        ('"batik"', 'entri harus berupa objek, bukan "batik"'),
        ("{}", "entri: instrument tidak ada"),
        ('{"instrument": {}}', "instrumen: parts tidak ada"),
        ('{"instrument": [], "instrument": []}', 'kunci "instrument" tertulis dua kali'),
        (json.dumps({"instrument": a_short_form()}), "entri: assessments tidak ada"),
        (json.dumps(an_entry(assessments={})), "assessments harus berupa daftar, bukan sebuah objek"),
        (json.dumps(an_entry(assessments=["p1"])), 'penilaian ke-1 harus berupa objek, bukan "p1"'),
        (json.dumps(an_entry(assessments=[{"assessor": "p1"}])), "penilai p1: scores tidak ada"),
        (json.dumps(an_entry(assessments=[{"assessor": "p1", "scores": [3]}])), "penilai p1: scores harus berupa objek"),
    ],
)  # fmt: skip
def test_one_wrong_object_gives_one_error(content: str, says: str) -> None:
    found, status = answer_to(content)
    assert (list(found), status) == (["error"], 1)
    assert says in found["error"]


def test_a_list_within_the_list_is_an_error_in_its_place() -> None:
    found, status = answer_to([[an_entry()], an_entry()])
    assert found == [{"error": "entri harus berupa objek, bukan sebuah daftar"}, GOOD]
    assert status == 1


# --- Files refused as a whole ----------------------------------------------------------------------------------
WHOLE = json.dumps(an_entry())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "berkas kosong"),
        (b" \n\t", "berkas kosong"),
        (b"\xef\xbb\xbf" + WHOLE.encode(), "BOM"),
        (WHOLE.encode("utf-16"), "bukan teks UTF-8 (bita ke-1)"),
        (b'{"a": "\xe9"}', "bukan teks UTF-8 (bita ke-8)"),
        (b"value,star\n90,5\n", "bukan JSON yang benar (baris 1, kolom 1)"),
        (WHOLE.encode() + b"\n" + WHOLE.encode(), "bukan JSON yang benar (baris 2, kolom 1)"),
        (WHOLE.encode()[:-1], "bukan JSON yang benar"),
        (b"{'a': 1}", "bukan JSON yang benar"),
        (b"[1,]", "bukan JSON yang benar"),
        (b"[" * 200_000, "terlalu dalam"),
        (b'{"a":' * 200_000, "terlalu dalam"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_json_gives_one_error(content: bytes, says: str) -> None:
    found, status = answer_to(content)
    assert (list(found), status) == (["error"], 1)
    assert says in found["error"]


def test_a_file_that_cannot_be_opened_gives_one_error(tmp_path: Path) -> None:
    for name, says in [
        (str(tmp_path / "tiada.json"), "tidak ditemukan"),
        (str(tmp_path), "adalah folder, bukan berkas"),
        (str(tmp_path / ("x" * 300)), "tidak dapat dibaca"),
    ]:
        done = run(name)
        assert (done.returncode, done.stderr) == (1, b"")
        assert says in json.loads(done.stdout)["error"]


@pytest.mark.parametrize("arguments", [[], ["a.json", "b.json"]])
def test_without_exactly_one_file_the_usage_is_the_error(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"].startswith("Pemakaian: python -m assessment.scoring BERKAS")


# --- Nobody there ----------------------------------------------------------------------------------------------
def through_a_shell(redirection: str) -> subprocess.CompletedProcess[bytes]:
    command = f'"$0" -S -m assessment.scoring - {redirection}'
    return subprocess.run(
        ["sh", "-c", command, sys.executable],
        input=WHOLE.encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )


@pytest.mark.parametrize("redirection", [">&-", ">/dev/full"])
def test_an_answer_that_cannot_be_written_is_a_failure_and_no_traceback(redirection: str) -> None:
    done = through_a_shell(redirection)
    assert done.returncode == 1
    assert b"hasil tidak dapat ditulis" in done.stderr
    assert b"Traceback" not in done.stderr


def test_closed_standard_input_is_an_unreadable_file() -> None:
    done = through_a_shell("<&-")
    assert done.returncode == 1
    assert "tidak dapat dibaca" in json.loads(done.stdout)["error"]


def test_a_reader_that_has_gone_is_a_failure_and_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*PYTHON, "-m", "assessment.scoring", "-"],
            input=WHOLE.encode(), stdout=write, stderr=subprocess.PIPE, cwd=ROOT, check=False,
        )  # fmt: skip
    finally:
        os.close(write)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
