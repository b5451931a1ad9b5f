"""
The two ways in which JSON writes an instrument: the form of the portal, and the auditor's short form (contract.md). No
Django here. The readers only translate and say where something stood; what an instrument must be: instrument_format.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

# By its whole name: the auditor's calculator runs without the portal's settings.
from assessment.instrument_format import (
    DECIMAL_AT_MOST,
    Band,
    Indicator,
    Instrument,
    InvalidInstrument,
    Part,
    named,
    shown,
)

# A weight or bound: digits, and digits behind a point. No sign, exponent, space, comma or leading zero: one way to
# write a number is one way to read it.
_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)


def parse_instrument(data: object) -> Instrument:
    """
    Return the instrument that a JSON object describes, in either of its two forms.

    With `scheme` it is a form of the portal (parts, sections, indicators with the sentences of their levels), with
    `bands` the auditor's short form (contract.md). Keys that only describe (name, question, ...) may stand in both.
    Raises InvalidInstrument, naming what is wrong.
    """
    instrument = _object(data, "instrument")
    if "scheme" in instrument and "bands" in instrument:
        raise InvalidInstrument("instrumen: scheme dan bands tidak boleh ada bersama-sama")
    return read_form(instrument) if "scheme" in instrument else read_short(instrument)


def read_short(instrument: Mapping[str, Any]) -> Instrument:
    """Return the instrument of the auditor's short form: parts -> indicators, levels as whole numbers, bands."""
    parts = []
    for part, where in _objects(instrument, "parts", "instrumen", "bagian"):
        indicators = [
            _indicator(indicator, place, _list(indicator, "levels", place))
            for indicator, place in _objects(part, "indicators", where, "indikator")
        ]
        parts.append(_part(part, where, indicators))
    return _instrument(instrument, parts, _bands(instrument, "instrumen"))


def read_form(instrument: Mapping[str, Any]) -> Instrument:
    """
    Return the instrument of a form of the portal: parts -> sections -> indicators, levels as {score, text}, and
    scheme {maximum, bands}, where maximum is the number of stars.
    """
    parts = []
    for part, where in _objects(instrument, "parts", "instrumen", "bagian"):
        indicators = []
        for section, section_place in _objects(part, "sections", where, "subbagian"):
            for indicator, place in _objects(section, "indicators", section_place, "indikator"):
                levels = _objects(indicator, "levels", place, "jenjang")
                scores = [_value(level, "score", level_place) for level, level_place in levels]
                indicators.append(_indicator(indicator, place, scores))
        parts.append(_part(part, where, indicators))
    scheme = _object(_value(instrument, "scheme", "instrumen"), "scheme")
    read = _instrument(instrument, parts, _bands(scheme, "scheme"))
    stars = _whole(_value(scheme, "maximum", "scheme"), "scheme: maximum")
    if stars != read.top_star:
        raise InvalidInstrument(
            f"scheme: maximum {shown(stars)} bukan bintang tertinggi ({shown(read.top_star)})"
        )
    return read


def _instrument(data: Mapping[str, Any], parts: list[Part], bands: list[Band]) -> Instrument:
    return Instrument(
        code=_text(data, "code", "instrumen"),
        version=_whole(_value(data, "version", "instrumen"), "instrumen: version"),
        parts=tuple(parts),
        bands=tuple(bands),
        name=_name(data),
    )


def _part(data: Mapping[str, Any], where: str, indicators: list[Indicator]) -> Part:
    weight = decimal(_value(data, "weight", where), f"{where}: bobot")
    return Part(_text(data, "code", where), weight, tuple(indicators), _name(data))


def _indicator(data: Mapping[str, Any], where: str, levels: Sequence[object]) -> Indicator:
    return Indicator(
        code=_text(data, "code", where),
        maximum=_whole(_value(data, "max", where), f"{where}: max"),
        levels=tuple(_whole(level, f"{where}: jenjang") for level in levels),
        name=_name(data),
    )


def _bands(data: Mapping[str, Any], where: str) -> list[Band]:
    bands = []
    for band, place in _objects(data, "bands", where, "batas bintang"):
        star = _whole(_value(band, "star", place), f"{place}: star")
        bands.append(Band(star, decimal(_value(band, "from", place), f"batas bintang {shown(star)}: from")))
    return bands


# --- The small pieces of reading: each says where it stood -----------------------------------------------------
def decimal(value: object, where: str) -> Fraction:
    """Return the exact value of a decimal string such as "30" or "33.5". Raises InvalidInstrument."""
    if not isinstance(value, str) or len(value) > DECIMAL_AT_MOST or not _DECIMAL.fullmatch(value):
        raise InvalidInstrument(
            f'{where} {shown(value)} bukan bilangan desimal dalam tanda kutip (misalnya "30" atau "33.5")'
        )
    return Fraction(value)


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInstrument(f"{where} harus berupa objek, bukan {shown(value)}")
    return value


def _value(data: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in data:
        raise InvalidInstrument(f"{where}: {key} tidak ada")
    return data[key]


def _list(data: Mapping[str, Any], key: str, where: str) -> Sequence[object]:
    value = _value(data, key, where)
    if not isinstance(value, list | tuple):
        raise InvalidInstrument(f"{where}: {key} harus berupa daftar, bukan {shown(value)}")
    return value


def _objects(data: Mapping[str, Any], key: str, where: str, kind: str) -> list[tuple[Mapping[str, Any], str]]:
    """Return the objects of a list, each with how a message calls it: by its code, else by its place from 1."""
    found = []
    for number, value in enumerate(_list(data, key, where), 1):
        entry = _object(value, f"{where}: {kind} ke-{number}")
        code = entry.get("code")
        place = f"{kind} {named(code)}" if isinstance(code, str) and code else f"{where}: {kind} ke-{number}"
        found.append((entry, place))
    return found


def _text(data: Mapping[str, Any], key: str, where: str) -> str:
    value = _value(data, key, where)
    if not isinstance(value, str) or not value.strip():
        raise InvalidInstrument(f"{where}: {key} harus berupa teks yang tidak kosong, bukan {shown(value)}")
    return value


def _name(data: Mapping[str, Any]) -> str:
    name = data.get("name")
    return name if isinstance(name, str) else ""


def _whole(value: object, where: str) -> int:
    # bool is an int to Python and 2.0 equals 2, but neither is a whole number as the form means it.
    if type(value) is not int:
        raise InvalidInstrument(f"{where} {shown(value)} bukan bilangan bulat")
    return value
