"""
Working days: not Saturday, Sunday, a national holiday or cuti bersama (documents.md 13).

The days are data (models.Holiday), loaded from fixtures/holidays by `manage.py load_holidays`. A year whose joint
decree was not entered cannot be counted in: a deadline that silently took every weekday would be wrong.
"""

import csv
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path

from django.conf import settings
from django.db import transaction

from .models import Holiday, HolidayYear
from .wording import WIB

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "holidays"


class HolidaysUnknown(LookupError):
    """The days off of a year were not entered; `for_reader` says what to do."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.for_reader = (
            f"Hari libur dan cuti bersama tahun {year} belum dimasukkan, sehingga batas hari kerja belum dapat "
            "dihitung. Minta sekretariat memasukkan keputusan bersama tahun itu."
        )
        super().__init__(self.for_reader)


def add_workdays(start: date, n: int) -> date:
    """
    Return the n-th working day after `start` (n >= 1); `start` itself never counts, whatever day it is.

    From 13 March 2026: 5 -> 27 March, 10 -> 6 April, 21 -> 21 April. Raises HolidaysUnknown for a year without data.
    """
    if n < 1:
        raise ValueError("a working day after the start counts from 1")
    return count_on(_day(start), n, days_off=_days_off, years=_known_years())


def is_workday(day: date) -> bool:
    """Whether offices work on this day. Raises HolidaysUnknown for a year without data."""
    _need(day.year, _known_years())
    return _is_workday(_day(day), _days_off(day.year))


def end_of_workday(start: datetime, n: int, zone: tzinfo = WIB) -> datetime:
    """Return 23.59 on the clock of `zone` of the n-th working day after the day of the instant `start` there."""
    if start.utcoffset() is None:
        raise ValueError("an aware datetime is needed")
    return datetime.combine(add_workdays(start.astimezone(zone).date(), n), time(23, 59), tzinfo=zone)


def count_on(
    start: date, n: int, *, days_off: Callable[[int], Collection[date]], years: Collection[int]
) -> date:
    """Count without a database: `days_off(year)` gives the days off of a year, `years` those that are known."""
    day, year = start, 0
    off: Collection[date] = ()
    while n:
        day += timedelta(days=1)
        if day.year != year:
            year = day.year
            _need(year, years)
            off = days_off(year)
        if _is_workday(day, off):
            n -= 1
    return day


def _is_workday(day: date, off: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in off


def _need(year: int, years: Collection[int]) -> None:
    if year not in years:
        raise HolidaysUnknown(year)


def _day(day: date) -> date:
    if isinstance(day, datetime):
        raise TypeError("a date is needed: an instant has another date in another zone")
    return day


def _known_years() -> frozenset[int]:
    return frozenset(HolidayYear.objects.order_by("year").values_list("year", flat=True))


def _days_off(year: int) -> frozenset[date]:
    return frozenset(Holiday.objects.filter(year=year).order_by("date").values_list("date", flat=True))


# --- Loading -----------------------------------------------------------------------------------------------
@transaction.atomic
def load() -> dict[int, int]:
    """
    Bring every year of fixtures/holidays in (safe to repeat); return how many days each year has then.

    A year that is there already stays as staff left it: the decree may have been amended since.
    """
    decrees = {int(row["year"]): row for row in _rows("years.csv")}
    for year, row in decrees.items():
        entered, is_new = HolidayYear.objects.get_or_create(
            year=year, defaults={"decree": row["decree"], "source": row["source"]}
        )
        if is_new:
            Holiday.objects.bulk_create(
                Holiday(
                    date=date.fromisoformat(day["date"]), name=day["name"], kind=day["kind"], year=entered
                )
                for day in _rows("days.csv")
                if day["date"].startswith(f"{year}-")
            )
    return {year: Holiday.objects.filter(year=year).count() for year in decrees}


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
