"""
Formats of figures, sums, dates and sizes for templates: `{% load ovop %}`.

Indonesian wording comes from letters/wording.py, so that page, letter and certificate agree; on pages under /en/
the same values are written the English way. An empty value (None, "") gives an empty text.
"""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import get_language

from letters import wording

register = template.Library()

MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_UNITS_OF_SIZE = ("B", "KB", "MB", "GB", "TB")


def in_english() -> bool:
    return (get_language() or "id").startswith("en")


def as_zone(zone: str | tzinfo | None) -> tzinfo:
    """Return the zone of a name of tzdata ("Asia/Jayapura"); WIB, the clock that decides, where none is given."""
    if not zone:
        return wording.WIB
    return ZoneInfo(zone) if isinstance(zone, str) else zone


@register.filter
def angka(value: Any, places: int = 0) -> str:
    """1234 -> "1.234"; Fraction(247, 3) with 2 places -> "82,33". A float is a TypeError: figures are exact."""
    if value is None or value == "":
        return ""
    text = wording.number_id(Decimal(value) if isinstance(value, str) else value, places)
    return text.translate({ord("."): ",", ord(","): "."}) if in_english() else text


@register.filter
def rupiah(value: Any) -> str:
    """1250000 -> "Rp1.250.000"."""
    if value is None or value == "":
        return ""
    return wording.rupiah(value)


@register.filter
def persen(value: Any, places: int = 0) -> str:
    """80 -> "80%"; the value is a number of hundredths already."""
    if value is None or value == "":
        return ""
    return f"{angka(value, places)}%"


@register.filter
def pecahan(value: Any) -> str:
    """Fraction(247, 3) -> "247/3", in lowest terms; a whole number stays one: "83"."""
    if value is None or value == "":
        return ""
    exact = Fraction(value)
    return str(exact.numerator) if exact.denominator == 1 else f"{exact.numerator}/{exact.denominator}"


@register.filter
def tanggal(value: Any, zone: str | tzinfo | None = None) -> str:
    """A date, or the day of an instant in `zone` (WIB): "13 Maret 2026"."""
    if not value:
        return ""
    day = value.astimezone(as_zone(zone)).date() if isinstance(value, datetime) else value
    return _plain_date(day)


@register.filter
def hari_tanggal(value: Any, zone: str | tzinfo | None = None) -> str:
    """The same with its weekday: "Jumat, 13 Maret 2026"."""
    if not value:
        return ""
    day = value.astimezone(as_zone(zone)).date() if isinstance(value, datetime) else value
    return f"{day:%A}, {_plain_date(day)}" if in_english() else wording.long_date(day)


@register.filter
def waktu(value: Any, zone: str | tzinfo | None = None) -> str:
    """
    An instant on the clock that decides, and on the reader's where that differs.

    "13 Maret 2026 pukul 23.59 WIB", for a reader in WIT "… (14 Maret 2026 pukul 01.59 WIT)".
    """
    if not value:
        return ""
    if not in_english():
        return wording.instant_for_reader(value, as_zone(zone))
    text = _instant_in_english(value, wording.WIB)
    here = as_zone(zone)
    if value.astimezone(here).utcoffset() == value.astimezone(wording.WIB).utcoffset():
        return text
    return f"{text} ({_instant_in_english(value, here)})"


@register.filter
def jam(value: Any, zone: str | tzinfo | None = None) -> str:
    """The clock of an instant: "pukul 14.32 WIB"."""
    if not value:
        return ""
    here = as_zone(zone)
    if in_english():
        return f"{value.astimezone(here):%H:%M} {wording.zone_name(here, value)}"
    return wording.clock(value, here)


@register.filter
def ukuran(value: Any) -> str:
    """Bytes as people say them, in steps of 1024: 4613734 -> "4,4 MB", 524288 -> "512 KB"; one decimal below 10."""
    if value is None or value == "":
        return ""
    size, step = Fraction(value), 0
    # 1023,96 KB would be written as "1.024 KB": it is one MB already.
    while size >= Fraction(2047, 2) and step < len(_UNITS_OF_SIZE) - 1:
        size, step = size / 1024, step + 1
    places = 0 if step == 0 or size >= Fraction(199, 20) else 1
    return f"{angka(size, places).removesuffix(',0').removesuffix('.0')} {_UNITS_OF_SIZE[step]}"


def _plain_date(day: date) -> str:
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}" if in_english() else wording.plain_date(day)


def _instant_in_english(instant: datetime, zone: tzinfo) -> str:
    local = instant.astimezone(zone)
    return f"{_plain_date(local.date())} at {local:%H:%M} {wording.zone_name(zone, instant)}"
