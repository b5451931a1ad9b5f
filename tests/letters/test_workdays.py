"""Working days, counted from the joint decree of three ministers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import lokal
import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from letters import workdays
from letters.models import Holiday, HolidayYear

FRIDAY = date(2026, 3, 13)
WIB = ZoneInfo("Asia/Jakarta")

# The eight days of cuti bersama of 2026, typed from a publication of the decree of 19 September 2025.
CUTI_BERSAMA_2026 = {
    date(2026, 2, 16), date(2026, 3, 18), date(2026, 3, 20), date(2026, 3, 23),
    date(2026, 3, 24), date(2026, 5, 15), date(2026, 5, 28), date(2026, 12, 24),
}  # fmt: skip


@pytest.mark.parametrize(
    ("n", "day"),
    [(1, date(2026, 3, 16)), (5, date(2026, 3, 27)), (10, date(2026, 4, 6)), (21, date(2026, 4, 21))],
)
@pytest.mark.django_db
def test_holidays_cuti_bersama_and_weekends_are_skipped(n, day):
    assert workdays.add_workdays(FRIDAY, n) == day


@pytest.mark.django_db
def test_counting_from_a_day_off_begins_with_the_next_working_day():
    assert workdays.add_workdays(date(2026, 3, 21), 1) == date(2026, 3, 25)


@pytest.mark.django_db
def test_the_years_that_are_shipped_agree_with_a_second_dataset():
    for year in (2026, 2027):
        ours = set(Holiday.objects.filter(year=year).values_list("date", "kind"))
        theirs = {
            (date.fromisoformat(day.date), day.type.removesuffix("_nasional"))
            for day in lokal.get_holidays(year).holidays
        }
        assert ours == theirs
    assert Holiday.objects.filter(year=2026).count() == 25


@pytest.mark.django_db
def test_the_cuti_bersama_of_2026_are_those_of_the_decree():
    days = Holiday.objects.filter(year=2026, kind=Holiday.Kind.CUTI_BERSAMA)
    assert set(days.values_list("date", flat=True)) == CUTI_BERSAMA_2026
    assert "1497 Tahun 2025" in days.first().source


@pytest.mark.django_db
def test_a_count_into_a_year_without_its_decree_is_refused_and_says_what_to_do():
    HolidayYear.objects.filter(year__gt=2027).delete()
    with pytest.raises(workdays.HolidaysUnknown) as refusal:
        workdays.add_workdays(date(2027, 12, 30), 2)
    assert refusal.value.year == 2028
    assert "2028" in refusal.value.for_reader
    with pytest.raises(workdays.HolidaysUnknown):
        workdays.is_workday(date(2025, 1, 2))


@pytest.mark.django_db
def test_a_count_may_cross_into_a_year_that_is_known():
    assert workdays.add_workdays(date(2026, 12, 23), 5) == date(2027, 1, 4)


@pytest.mark.django_db
def test_a_day_that_staff_enter_is_skipped_from_then_on():
    Holiday.objects.create(date=date(2026, 3, 16), name="Libur tambahan", kind="libur", year_id=2026)
    assert workdays.add_workdays(FRIDAY, 1) == date(2026, 3, 17)
    assert not workdays.is_workday(date(2026, 3, 16))


@pytest.mark.django_db
def test_a_holiday_of_another_year_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        Holiday.objects.create(date=date(2027, 3, 16), name="Salah tahun", kind="libur", year_id=2026)


@pytest.mark.django_db
def test_loading_again_leaves_what_staff_changed():
    Holiday.objects.filter(date=date(2026, 5, 27)).update(date=date(2026, 5, 26))
    call_command("load_holidays", verbosity=0)
    assert Holiday.objects.filter(date=date(2026, 5, 26)).exists()
    assert Holiday.objects.filter(year=2026).count() == 25


@pytest.mark.django_db
def test_loading_brings_a_year_that_is_missing():
    Holiday.objects.filter(year=2027).delete()
    HolidayYear.objects.filter(year=2027).delete()
    assert workdays.load() == {2026: 25, 2027: 26}


@pytest.mark.django_db
def test_a_deadline_ends_with_its_day_on_the_clock_that_decides():
    # 20.00 UTC on 12 March is already 13 March in Jakarta.
    deadline = workdays.end_of_workday(datetime(2026, 3, 12, 20, tzinfo=UTC), 5)
    assert deadline == datetime(2026, 3, 27, 23, 59, tzinfo=WIB)


@pytest.mark.parametrize("n", [0, -1])
def test_no_working_day_lies_before_the_first(n):
    with pytest.raises(ValueError):
        workdays.add_workdays(FRIDAY, n)


@given(
    start=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    n=st.integers(1, 60),
    off=st.sets(st.integers(0, 400)),
)
def test_between_the_start_and_the_end_lie_exactly_n_working_days(start, n, off):
    days_off = {date(2026, 1, 1) + timedelta(days=day) for day in off}
    end = workdays.count_on(start, n, days_off=lambda _: days_off, years=range(2026, 2040))
    passed = [start + timedelta(days=day) for day in range(1, (end - start).days + 1)]
    worked = [day for day in passed if day.weekday() < 5 and day not in days_off]
    assert len(worked) == n
    assert worked[-1] == end
