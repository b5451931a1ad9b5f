"""
The instrument as numbers, and the two ways in which JSON writes one. No Django here.

An Instrument that exists is right: its weights make 100, no code stands twice, each ladder rises to its maximum and
the bands fall. The readers below only translate; what an instrument must be stands once, in the classes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

# A weight or bound: digits, and digits behind a point. No sign, exponent, space, comma or leading zero: one way to
# write a number is one way to read it.
_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_DECIMAL_AT_MOST = 40
_SHOWN_AT_MOST = 40
FULL_MARKS = 100


class ScoringError(ValueError):
    """Something in the way of a result. The text is Indonesian, for the auditor, and names what is wrong."""


class InvalidInstrument(ScoringError):
    """The form itself is wrong: a weight, a code, a ladder, a band, or the way it is written."""


def shown(value: object) -> str:
    """Return any value of a JSON file as a message can quote it: short, on one line, nothing unfolded."""
    if isinstance(value, Mapping):
        return "sebuah objek"
    if isinstance(value, list | tuple):
        return "sebuah daftar"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    text = text if len(text) <= _SHOWN_AT_MOST else f"{text[:_SHOWN_AT_MOST]}…"
    return f'"{text}"' if isinstance(value, str) else text


def named(code: str) -> str:
    """Return a code as it stands in a sentence: bare where that is clear, else in quotation marks."""
    return code if len(code) <= _SHOWN_AT_MOST and code.isprintable() and " " not in code else shown(code)


# --- What an instrument is -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the form: a ladder of whole, rising, non-negative scores, of which the last is the maximum."""

    code: str
    maximum: int
    levels: tuple[int, ...]
    name: str = ""

    def __post_init__(self) -> None:
        where = f"indikator {named(self.code)}"
        if not self.levels:
            raise InvalidInstrument(f"{where}: jenjangnya kosong")
        if self.levels[0] < 0:
            raise InvalidInstrument(f"{where}: jenjang {shown(self.levels[0])} kurang dari nol")
        for low, high in zip(self.levels, self.levels[1:], strict=False):
            if low >= high:
                raise InvalidInstrument(
                    f"{where}: jenjang {shown(high)} tidak lebih tinggi daripada {shown(low)}"
                )
        if self.maximum != self.levels[-1]:
            raise InvalidInstrument(
                f"{where}: max {shown(self.maximum)} bukan jenjang terakhir ({shown(self.levels[-1])})"
            )
        if self.maximum == 0:
            raise InvalidInstrument(f"{where}: max harus lebih dari nol")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form (A, B, C): its weight is the points that all maxima of its indicators together earn."""

    code: str
    weight: Fraction
    indicators: tuple[Indicator, ...]
    name: str = ""

    def __post_init__(self) -> None:
        if not self.indicators:
            raise InvalidInstrument(f"bagian {named(self.code)}: tidak berisi indikator")
        if self.weight <= 0:
            raise InvalidInstrument(f"bagian {named(self.code)}: bobot harus lebih dari nol")

    @property
    def score_maximum(self) -> int:
        """The sum of the indicators' maxima, in scores (not in points of the 100)."""
        return sum(indicator.maximum for indicator in self.indicators)


@dataclass(frozen=True, slots=True)
class Band:
    """A star, and the value from which it is reached: bound <= value, up to the next higher band's bound."""

    star: int
    bound: Fraction


@dataclass(frozen=True, slots=True)
class Instrument:
    """
    One version of the form of a commodity group, its bands from the highest star down.

    The fields under `parts` and `bands` are derived: the same form in whole numbers, for scoring.evaluate. All
    points and bounds are counted in 1/`unit`, the common denominator of the parts and the bounds.
    """

    code: str
    version: int
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]
    name: str = ""

    indicators: tuple[Indicator, ...] = field(init=False, repr=False, compare=False)
    position: dict[str, int] = field(init=False, repr=False, compare=False)
    levels: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)
    unit: int = field(init=False, repr=False, compare=False)
    steps: tuple[int, ...] = field(init=False, repr=False, compare=False)
    bounds: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.version < 1:
            raise InvalidInstrument(f"instrumen: version {shown(self.version)} bukan bilangan bulat positif")
        if not self.parts:
            raise InvalidInstrument("instrumen: tidak berisi bagian")
        _refuse_twice("bagian", [part.code for part in self.parts])
        indicators = tuple(indicator for part in self.parts for indicator in part.indicators)
        _refuse_twice("indikator", [indicator.code for indicator in indicators])
        total = sum((part.weight for part in self.parts), Fraction(0))
        if total != FULL_MARKS:
            raise InvalidInstrument(f"bobot semua bagian berjumlah {as_decimal(total)}, bukan {FULL_MARKS}")
        self._refuse_bands_that_do_not_fall()

        worth = [part.weight / part.score_maximum for part in self.parts]
        unit = lcm(*(share.denominator for share in worth), *(band.bound.denominator for band in self.bands))
        steps = [
            int(share * unit) for share, part in zip(worth, self.parts, strict=True) for _ in part.indicators
        ]
        object.__setattr__(self, "indicators", indicators)
        object.__setattr__(self, "position", {each.code: place for place, each in enumerate(indicators)})
        object.__setattr__(self, "levels", tuple(each.levels for each in indicators))
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "steps", tuple(steps))
        object.__setattr__(self, "bounds", tuple((band.star, int(band.bound * unit)) for band in self.bands))

    def _refuse_bands_that_do_not_fall(self) -> None:
        if not self.bands:
            raise InvalidInstrument("instrumen: tidak berisi batas bintang (bands)")
        for band in self.bands:
            if band.star < 1:
                raise InvalidInstrument(
                    f"batas bintang: star {shown(band.star)} bukan bilangan bulat positif"
                )
            if not 0 <= band.bound <= FULL_MARKS:
                raise InvalidInstrument(
                    f"batas bintang {shown(band.star)}: from {as_decimal(band.bound)} di luar 0 sampai {FULL_MARKS}"
                )
        for above, below in zip(self.bands, self.bands[1:], strict=False):
            if below.star >= above.star:
                raise InvalidInstrument(
                    f"batas bintang: bintang {shown(below.star)} setelah {shown(above.star)} tidak menurun"
                )
            if below.bound >= above.bound:
                raise InvalidInstrument(
                    f"batas bintang {shown(below.star)}: from {as_decimal(below.bound)} tidak lebih rendah daripada"
                    f" {as_decimal(above.bound)} (bintang {shown(above.star)})"
                )

    @property
    def maximum(self) -> Fraction:
        """The points of a product that has every maximum: 100, by the rule on weights."""
        return sum((part.weight for part in self.parts), Fraction(0))

    @property
    def top_star(self) -> int:
        """How many stars the scheme has: five, or three."""
        return self.bands[0].star


def _refuse_twice(kind: str, codes: Sequence[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidInstrument(f"kode {kind} {named(code)} tertulis dua kali")
        seen.add(code)


# --- Reading it ------------------------------------------------------------------------------------------------
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
    if not isinstance(value, str) or len(value) > _DECIMAL_AT_MOST or not _DECIMAL.fullmatch(value):
        raise InvalidInstrument(
            f'{where} {shown(value)} bukan bilangan desimal dalam tanda kutip (misalnya "30" atau "33.5")'
        )
    return Fraction(value)


def as_decimal(value: Fraction) -> str:
    """Return a non-negative number as its decimal string, exactly ("100.5"); as a fraction where it has none."""
    for places in range(_DECIMAL_AT_MOST + 1):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            return f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return str(value)


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
