"""Working time: added and counted over weekends, holidays, leap days and every trick of the local clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.worktime import ALWAYS, DAY, WHOLE, Calendar, reached, read_day

HOUR = timedelta(hours=1)
ZONES: list[tzinfo] = [
    ZoneInfo(name) for name in ("Europe/Madrid", "America/Santiago", "America/New_York", "Pacific/Apia")
]
ZONES += [ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe"), UTC]
OFFICE = (*[read_day("09:00-14:00 16:00-19:00")] * 5, read_day("10:00-13:00"), ())
NIGHTS = ((*read_day("00:00-03:30 22:00-24:00"),),) * 7
MADRID = Calendar(week=OFFICE, tz=ZONES[0], holiday=lambda day: (day.month, day.day) in ((12, 8), (12, 25)))

FIRST, LAST = datetime(2011, 12, 20), datetime(2030, 1, 1)  # noqa: DTZ001 # hypothesis adds the zone
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
spans = st.integers(0, 400 * 3600).map(lambda seconds: timedelta(seconds=seconds))
calendars = st.builds(
    lambda week, tz, off: Calendar(week=week, tz=tz, holiday=lambda day: (day.toordinal() + off) % 11 == 0),
    st.sampled_from([OFFICE, NIGHTS, (WHOLE,) * 7]),
    st.sampled_from(ZONES),
    st.integers(0, 10),
)
APIA = Calendar(week=NIGHTS, tz=ZoneInfo("Pacific/Apia"))


def local(*when: int, tz: tzinfo = ZONES[0]) -> datetime:
    return datetime(*when, tzinfo=tz)  # type: ignore[arg-type,misc]


def test_time_passes_only_while_somebody_works() -> None:
    friday = local(2026, 11, 20, 18)
    cases = [
        (friday, HOUR, local(2026, 11, 20, 19)),
        (friday, 2 * HOUR, local(2026, 11, 21, 11)),
        (friday, 5 * HOUR, local(2026, 11, 23, 10)),
        (local(2026, 11, 22, 3), timedelta(), local(2026, 11, 22, 3)),
        (local(2026, 11, 22, 3), timedelta(microseconds=1), local(2026, 11, 23, 9) + timedelta(microseconds=1)),
        (local(2026, 12, 7, 18, 30), HOUR, local(2026, 12, 9, 9, 30)),
        (local(2028, 2, 28, 18), 9 * HOUR, local(2028, 2, 29, 19)),
    ]
    for since, span, until in cases:
        assert MADRID.add(since, span) == until, (since, span)
        assert MADRID.between(since, until) == span, (since, span)
    assert ALWAYS.add(friday, 5 * HOUR) == friday + 5 * HOUR
    assert ALWAYS.between(friday, friday - HOUR) == timedelta()


def test_single_days_win_over_weekdays_and_holidays() -> None:
    days = {date(2026, 12, 8): read_day("10:00-11:00"), date(2026, 12, 9): ()}
    here = Calendar(week=OFFICE, tz=ZONES[0], days=days, holiday=MADRID.holiday)
    assert here.between(local(2026, 12, 7), local(2026, 12, 11)) == 17 * HOUR
    assert here.add(local(2026, 12, 8), 2 * HOUR) == local(2026, 12, 10, 10)


def test_an_hour_that_is_jumped_over_is_not_worked_and_one_shown_twice_is_worked_twice() -> None:
    nights = Calendar(week=(read_day("01:00-04:00"),) * 7, tz=ZONES[0])
    whole = Calendar(tz=ZONES[0])
    for calendar, day, hours in [
        (nights, (2026, 3, 28), 3),
        (nights, (2026, 3, 29), 2),
        (nights, (2026, 10, 25), 4),
        (whole, (2026, 3, 29), 23),
        (whole, (2026, 10, 25), 25),
    ]:
        begin = local(*day)
        assert calendar.between(begin, begin + timedelta(days=1)) == hours * HOUR, day
    apia = ZoneInfo("Pacific/Apia")
    week = Calendar(tz=apia, week=(read_day("09:00-17:00"),) * 7)
    assert week.between(local(2011, 12, 29, tz=apia), local(2012, 1, 1, tz=apia)) == 16 * HOUR, "there was no 30th"
    santiago = ZoneInfo("America/Santiago")
    assert reached(date(2026, 9, 6), 0, santiago) == datetime(2026, 9, 6, 4, tzinfo=UTC), "its midnight was left out"


@settings(max_examples=60, deadline=None)
@given(calendars, moments, spans)
@example(APIA, datetime(2011, 12, 29, 9, 59, tzinfo=UTC), 2 * HOUR)
def test_what_is_added_has_passed_and_not_a_moment_earlier(
    calendar: Calendar, since: datetime, span: timedelta
) -> None:
    until = calendar.add(since, span)
    assert until >= since
    assert calendar.between(since, until) == span
    if span:
        assert calendar.between(since, until - timedelta(microseconds=1)) < span


@settings(max_examples=60, deadline=None)
@given(calendars, moments, moments, moments, spans, spans)
def test_it_is_additive_and_never_runs_backwards(  # noqa: PLR0917 # hypothesis fills them in
    calendar: Calendar, a: datetime, b: datetime, c: datetime, first: timedelta, second: timedelta
) -> None:
    a, b, c = sorted((a, a + (b - a) / 50, a + (c - a) / 50))
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert timedelta() <= calendar.between(a, b) <= b - a
    assert calendar.between(c, a) == timedelta(), "a clock that was set back counts nothing"
    short, long = sorted((first, second))
    assert calendar.add(a, short) <= calendar.add(a, long)
    assert calendar.add(a, short) <= calendar.add(b, short)
    assert calendar.add(a, first + second) == calendar.add(calendar.add(a, first), second)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, DAY), st.dates(date(2009, 1, 1), date(2032, 1, 1)))
def test_what_the_clock_reaches_is_in_the_order_of_the_clock(tz: tzinfo, minute: int, day: date) -> None:
    at = reached(day, minute, tz)
    assert at <= reached(day, min(DAY, minute + 1), tz)
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    assert at.astimezone(tz).replace(tzinfo=None) >= wall
    before = (at - timedelta(seconds=1)).astimezone(tz).replace(tzinfo=None)
    assert before < wall or (at - HOUR).astimezone(tz).utcoffset() != at.astimezone(tz).utcoffset()


def test_a_calendar_without_working_time_counts_all_of_it() -> None:
    never = Calendar(week=((),) * 7)
    assert never.add(local(2026, 1, 1), HOUR) == local(2026, 1, 1, 1)
    assert never.between(local(2026, 1, 1), local(2027, 1, 1)) == timedelta()
    last = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert Calendar(week=OFFICE).add(last, 99 * HOUR) == last


def test_hours_are_read_as_people_write_them() -> None:
    assert read_day(" 09:00-14:00, 16:00-19:00 ") == ((540, 840), (960, 1140))
    assert (read_day("off"), read_day(""), read_day("always")) == ((), (), WHOLE)
    assert read_day("22:00-24:00") == ((1320, 1440),)
    for wrong in ("9-14", "14:00-09:00", "09:00-12:00 11:00-13:00", "09:00-12:00 12:00-13:00", "23:00-24:30", "x"):
        with pytest.raises(ValueError, match=r"has spans|is not written"):
            read_day(wrong)
