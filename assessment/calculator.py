"""
The auditor's calculator: `python -m assessment.scoring FILE`, without Django and without a database.

FILE (or - for standard input) is one JSON object or a list of them; standard output is JSON and nothing else: an
object for an object, a list in the same order for a list. What is wrong stands as {"error": ...} in its place, and
the exit status is then 1. The format: docs/scoring.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment.instrument_format import Instrument, ScoringError, named, shown
from assessment.instrument_reading import parse_instrument
from assessment.scoring import display, evaluate, exact_text

_USAGE = "Pemakaian: python -m assessment.scoring BERKAS (atau - untuk masukan baku)"
_DIGITS_AT_MOST = 1000
_ENTRY_KEYS = {"id", "instrument", "assessments", "verification"}
_ASSESSMENT_KEYS = {"assessor", "scores"}


class Unreadable(Exception):
    """The file as a whole: not there, not text, not JSON. The text is Indonesian and says which."""


class WrongEntry(ScoringError):
    """One entry of the file is not what the format says."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Stands in the parsed JSON where the file breaks a rule, so that only that entry of a list is lost."""

    problem: str


@dataclass(frozen=True, slots=True)
class NoWholeNumber:
    """Stands in the parsed JSON for 2.5, 2.0 or 1e3, as written: no float exists anywhere in here."""

    written: str

    def __str__(self) -> str:
        return self.written


# --- The file --------------------------------------------------------------------------------------------------
def read_bytes(name: str) -> bytes:
    """Return the content of a file, or of standard input for "-". Raises Unreadable."""
    try:
        # By its number: sys.stdin is None where the caller closed it.
        with open(0 if name == "-" else name, "rb", closefd=name != "-") as file:
            return file.read()
    except FileNotFoundError:
        raise Unreadable(f"berkas {shown(name)} tidak ditemukan") from None
    except IsADirectoryError:
        raise Unreadable(f"{shown(name)} adalah folder, bukan berkas") from None
    except PermissionError:
        raise Unreadable(f"berkas {shown(name)} tidak boleh dibaca oleh pengguna ini") from None
    except (OSError, ValueError) as problem:
        raise Unreadable(f"berkas {shown(name)} tidak dapat dibaca ({problem})") from None


def parse_json(content: bytes) -> Any:
    """
    Return what the JSON says, with a Flaw for an object that has a key twice, NaN, Infinity or an endless number,
    and a NoWholeNumber for each number that is not written as a whole one. Raises Unreadable.
    """
    if content.startswith(b"\xef\xbb\xbf"):
        raise Unreadable("berkas diawali tanda BOM; simpan ulang sebagai UTF-8 tanpa BOM")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Unreadable(f"berkas bukan teks UTF-8 (bita ke-{problem.start + 1})") from None
    if not text.strip():
        raise Unreadable("berkas kosong")
    try:
        return json.loads(
            text,
            object_pairs_hook=_object_without_a_key_twice,
            parse_int=_whole_number,
            parse_float=NoWholeNumber,
            parse_constant=lambda name: Flaw(f"{name} bukan bilangan JSON"),
        )
    except json.JSONDecodeError as problem:
        where = f"baris {problem.lineno}, kolom {problem.colno}"
        raise Unreadable(f"berkas bukan JSON yang benar ({where})") from None
    except RecursionError:
        raise Unreadable("susunan JSON terlalu dalam") from None


def _object_without_a_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Flaw:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            return Flaw(f"kunci {shown(key)} tertulis dua kali dalam satu objek")
        found[key] = value
    return found


def _whole_number(digits: str) -> int | Flaw:
    if len(digits) > _DIGITS_AT_MOST:
        return Flaw(f"bilangan {shown(NoWholeNumber(digits))} lebih dari {_DIGITS_AT_MOST} angka")
    return int(digits)


def first_flaw(entry: Any) -> Flaw | None:
    """Return the first Flaw in an entry, in the order of the file, however deep it lies."""
    waiting = [entry]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Flaw):
            return value
        if isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
    return None


# --- One entry -------------------------------------------------------------------------------------------------
def answer(entry: Any) -> dict[str, Any]:
    """Return the result of one entry of the file as it is printed, or {"error": ...}."""
    try:
        flaw = first_flaw(entry)
        if flaw is not None:
            raise WrongEntry(flaw.problem)
        return _computed(_checked_object(entry, "entri", _ENTRY_KEYS))
    except ScoringError as problem:
        return {"error": str(problem)}


def _computed(entry: Mapping[str, Any]) -> dict[str, Any]:
    name = {"id": _text(entry, "id", "entri")} if "id" in entry else {}
    instrument = parse_instrument(_needed(entry, "instrument", "entri"))
    verification = None
    if "verification" in entry:
        verification = _checked_object(entry["verification"], "verification")
    result = evaluate(instrument, _assessments(entry, instrument), verification)
    return {
        **name,
        "value": exact_text(result.value),
        "display": display(result.value),
        "star": result.star,
        "flags": list(result.flags),
    }


def _assessments(entry: Mapping[str, Any], instrument: Instrument) -> dict[str, Mapping[str, int]]:
    """Return assessor -> scores; whether the scores fit the instrument is evaluate()'s to say."""
    listed = _needed(entry, "assessments", "entri")
    if not isinstance(listed, list):
        raise WrongEntry(f"assessments harus berupa daftar, bukan {shown(listed)}")
    found: dict[str, Mapping[str, int]] = {}
    for number, value in enumerate(listed, 1):
        where = f"penilaian ke-{number}"
        assessment = _checked_object(value, where, _ASSESSMENT_KEYS)
        assessor = _text(assessment, "assessor", where)
        if assessor in found:
            raise WrongEntry(f"penilai {named(assessor)} tertulis dua kali")
        found[assessor] = _checked_object(
            _needed(assessment, "scores", f"penilai {named(assessor)}"), f"penilai {named(assessor)}: scores"
        )
    return found


def _checked_object(value: Any, where: str, keys: set[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise WrongEntry(f"{where} harus berupa objek, bukan {shown(value)}")
    for key in value:
        if keys is not None and key not in keys:
            # A mistyped "verificaton" left out in silence would change a published star.
            raise WrongEntry(f"{where}: kunci {shown(key)} tidak dikenal")
    return value


def _needed(data: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in data:
        raise WrongEntry(f"{where}: {key} tidak ada")
    return data[key]


def _text(data: Mapping[str, Any], key: str, where: str) -> str:
    value = _needed(data, key, where)
    if not isinstance(value, str) or not value.strip():
        raise WrongEntry(f"{where}: {key} harus berupa teks yang tidak kosong, bukan {shown(value)}")
    return value


# --- The command -----------------------------------------------------------------------------------------------
def main(arguments: list[str]) -> int:
    """Compute one file and print the JSON of the answer. Returns the exit status: 0, or 1 if anything is wrong."""
    # Sums of long whole numbers are longer still, and an exact answer is never cut.
    sys.set_int_max_str_digits(0)
    try:
        content = _content(arguments)
    except Unreadable as problem:
        _print(_as_json({"error": str(problem)}))
        return 1
    except KeyboardInterrupt:
        return 130
    if not isinstance(content, list):
        found = answer(content)
        return 0 if _print(_as_json(found)) and "error" not in found else 1
    answers = [answer(entry) for entry in content]
    # One line for each, so that two answers can be compared line by line.
    written = "[" + ",".join(f"\n{_as_json(each)}" for each in answers) + "\n]"
    return 0 if _print(written) and not any("error" in each for each in answers) else 1


def _content(arguments: list[str]) -> Any:
    if len(arguments) != 1:
        raise Unreadable(_USAGE)
    return parse_json(read_bytes(arguments[0]))


def _as_json(each: Mapping[str, Any]) -> str:
    return json.dumps(each, ensure_ascii=False)


def _print(text: str) -> bool:
    """Write to standard output; False where it is closed, full or no longer read."""
    try:
        with open(1, "wb", closefd=False) as output:
            # UTF-8 whatever the locale; half a character from an escape stays the escape it was.
            output.write(f"{text}\n".encode("utf-8", "backslashreplace"))
    except OSError as problem:
        print(f"hasil tidak dapat ditulis ({problem})", file=sys.stderr)
        return False
    return True
