"""Filters of the letters' templates: the words of wording.py, under the same names."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template

from letters import wording

register = template.Library()

register.filter("counted", wording.counted)
register.filter("in_words", wording.in_words)
register.filter("number_id", wording.number_id)
register.filter("plain_date", wording.plain_date)
register.filter("long_date", wording.long_date)
register.filter("minutes_date", wording.minutes_date)
register.filter("letter_of", wording.letter_of)


@register.filter
def deadline(instant: datetime) -> str:
    """Return "Jumat, 27 Maret 2026, pukul 23.59 WIB": legal deadlines are in WIB."""
    local: date = instant.astimezone(wording.WIB).date()
    return f"{wording.long_date(local)}, {wording.clock(instant, wording.WIB)}"


@register.filter
def instant(value: datetime, zone: str = "Asia/Jakarta") -> str:
    return wording.long_instant(value, ZoneInfo(zone))
