"""
What a form must be so that it can be kept, shown, scored on and exported, beyond what is computed with it.

instrument_format.py asks what the arithmetic needs; here stand names, sentences, lengths, and that nothing lies in a
form which no page would show. Messages are Indonesian and say where.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from letters.mails import holds_personal_number

from .instrument_format import named, shown

# Own words of the status of a line: where they come from (fixtures/instruments/README.md).
STATUSES = ("published", "default", "own")
NAME_AT_MOST = 160
# As long as Score.indicator.
CODE_AT_MOST = 20
CODE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{CODE_AT_MOST - 1}}}", re.ASCII)
QUESTION_AT_MOST = 2000
LEVEL_AT_MOST = 600
NOTE_AT_MOST = 1000
SCORE_AT_MOST = 100
LINES_AT_MOST = 100
LEVELS_AT_MOST = 12
EVIDENCE_AT_MOST = 40
_NAMED_AT_MOST = 10

Check = Callable[[Any], str]


def problems_of(form: Mapping[str, Any]) -> list[str]:
    """
    Return what keeps a form that parse_instrument accepts from being stored; empty where nothing does.

    At most ten, in the order of the form. Never raises, whatever lies in the form.
    """
    found = list(_problems(form))
    more = len(found) - _NAMED_AT_MOST
    return [*found[:_NAMED_AT_MOST], f"Masih ada {more} hal lain."] if more > 0 else found


def _problems(form: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys("Formulir", form, _FORM)
    yield from _keys("Skema bintang", form["scheme"], dict.fromkeys(("maximum", "bands")))
    for band in form["scheme"]["bands"]:
        yield from _keys("Batas bintang", band, dict.fromkeys(("star", "from")))
    sections: set[str] = set()
    count = 0
    for part in form["parts"]:
        yield from _keys(f"Bagian {named(part['code'])}", part, _PART)
        for section in part["sections"]:
            where = f"Subbagian {shown(section.get('code'))}"
            yield from _keys(where, section, _SECTION)
            if isinstance(section.get("code"), str):
                if section["code"] in sections:
                    yield f"{where}: kode tertulis dua kali."
                sections.add(section["code"])
            if not section["indicators"]:
                yield f"{where}: tidak berisi indikator."
            for line in section["indicators"]:
                count += 1
                yield from _line(line)
    if count > LINES_AT_MOST:
        yield f"Formulir berisi {count} indikator, paling banyak {LINES_AT_MOST}."


def _line(line: Mapping[str, Any]) -> Iterator[str]:
    where = f"Indikator {named(line['code'])}"
    yield from _keys(where, line, _LINE)
    if len(line["levels"]) < 2:
        yield f"{where}: perlu paling sedikit dua jenjang."
    if len(line["levels"]) > LEVELS_AT_MOST:
        yield f"{where}: paling banyak {LEVELS_AT_MOST} jenjang."
    if line["max"] > SCORE_AT_MOST:
        yield f"{where}: skor paling tinggi {SCORE_AT_MOST}."
    for level in line["levels"]:
        place = f"{where}, jenjang {level['score']}"
        if isinstance(level.get("text", ""), str) and not level.get("text", "").strip():
            # The words that the tests of this room know: a level that says nothing.
            yield f"{where}: jenjang {level['score']} belum berbunyi."
        else:
            yield from _keys(place, level, _LEVEL)


def _keys(where: str, data: Mapping[str, Any], checks: Mapping[str, Check | None]) -> Iterator[str]:
    """What is wrong with the entries of one object: a key nobody knows, one that is missing, a value that is no such."""
    for key in data:
        if key not in checks:
            yield f"{where}: kunci {shown(key)} tidak dikenal."
    for key, check in checks.items():
        if check is None:
            continue
        problem = check(data.get(key))
        if problem:
            yield f"{where}: {problem}"


# --- Values ----------------------------------------------------------------------------------------------------
def wrong_text(text: str) -> str:
    """What is wrong with a text that others will read: "" where nothing is. Line breaks are allowed."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        return "memuat tanda yang tidak dapat disimpan."
    if holds_personal_number(text):
        return "memuat deretan angka seperti NIK atau NPWP. Hapus nomor itu."
    return ""


def _text(label: str, at_most: int, *, needed: bool) -> Check:
    def check(value: Any) -> str:
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or (needed and not value.strip()):
            return (
                f"{label} belum diisi."
                if value in (None, "") or isinstance(value, str)
                else f"{label} bukan teks."
            )
        if len(value) > at_most:
            return f"{label} terlalu panjang ({len(value)} huruf, paling banyak {at_most})."
        wrong = wrong_text(value)
        return f"{label} {wrong}" if wrong else ""

    return check


def _code(value: Any) -> str:
    if isinstance(value, str) and CODE.fullmatch(value):
        return ""
    return (
        f"kode {shown(value)} bukan huruf, angka, titik, garis, atau garis bawah sepanjang paling banyak "
        f"{CODE_AT_MOST} huruf."
    )


def _evidence(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        return "evidence harus berupa daftar teks."
    if len(value) > EVIDENCE_AT_MOST or len(set(value)) != len(value):
        return "evidence terlalu panjang atau memuat bukti yang sama dua kali."
    wrong = next((key for key in value if not 0 < len(key) <= 60 or wrong_text(key)), None)
    return f"evidence memuat {shown(wrong)}, yang tidak dapat dipakai." if wrong is not None else ""


def _status(value: Any) -> str:
    return "" if value is None or value in STATUSES else f"status {shown(value)} tidak dikenal."


_NAME = _text("nama", NAME_AT_MOST, needed=True)
_FORM: dict[str, Check | None] = {
    "code": _text("code", 40, needed=True), "version": None, "name": None, "commodity": None, "scheme": None,
    "parts": None,
}  # fmt: skip
_PART: dict[str, Check | None] = {"code": _code, "name": _NAME, "weight": None, "sections": None}
_SECTION: dict[str, Check | None] = {"code": _code, "name": _NAME, "indicators": None}
_LINE: dict[str, Check | None] = {
    "code": _code, "name": _NAME, "question": _text("pertanyaan", QUESTION_AT_MOST, needed=False),
    "evidence": _evidence, "max": None, "levels": None, "status": _status,
    "source": _text("sumber", NOTE_AT_MOST, needed=False), "note": _text("catatan", NOTE_AT_MOST, needed=False),
}  # fmt: skip
_LEVEL: dict[str, Check | None] = {"score": None, "text": _text("kalimat", LEVEL_AT_MOST, needed=True)}
