"""Spans cut into hours, days, weeks and months of a time zone, over changes of the clock."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.digest import midnight
from bot.core.report import Unit
from bot.core.spans import steps, unit_for

MADRID, HAVANA, LORD_HOWE = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Havana"), ZoneInfo("Australia/Lord_Howe")
ZONES = (UTC, MADRID, HAVANA, LORD_HOWE, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Africa/Cairo"), ZoneInfo("Pacific/Apia"))
UNITS: tuple[Unit, ...] = ("hour", "day", "week", "month")


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 28), MADRID, 24),
        (date(2026, 3, 29), MADRID, 23),
        (date(2026, 10, 25), MADRID, 25),
        (date(2026, 3, 8), HAVANA, 23),  # the clock jumps over midnight itself
        (date(2026, 11, 1), HAVANA, 25),  # and midnight comes twice
        (date(2026, 4, 5), LORD_HOWE, 25),  # by half an hour: one of the steps is that long
        (date(2026, 10, 4), LORD_HOWE, 24),
    ],
)
def test_a_day_has_the_hours_that_its_clock_shows(day: date, zone: ZoneInfo, hours: int) -> None:
    since, until = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    assert len(list(steps(since, until, zone, "hour"))) == hours
    assert list(steps(since, until, zone, "day")) == [(since, until)]


@settings(max_examples=60, deadline=None)
@given(
    days=st.floats(365, 43_000),
    hours=st.one_of(st.floats(0.01, 60), st.floats(60, 60 * 24 * 40)),
    zone=st.sampled_from(ZONES),
    unit=st.sampled_from(UNITS),
)
def test_steps_leave_no_gap_and_break_where_the_calendar_does(
    days: float, hours: float, zone: ZoneInfo, unit: Unit
) -> None:
    since = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)
    until = since + min(timedelta(hours=hours), timedelta(days=20) if unit == "hour" else timedelta.max)
    cut = list(steps(since, until, zone, unit))
    assert (cut[0][0], cut[-1][1]) == (since, until)
    assert all(before[1] == after[0] and before[0] < before[1] for before, after in pairwise(cut))
    for at, _ in cut[1:]:
        before, after = (at - timedelta(microseconds=1)).astimezone(zone), at.astimezone(zone)
        assert _place(before, unit) != _place(after, unit)


def _place(local: datetime, unit: Unit) -> tuple[object, ...]:
    """Which hour, day, week or month it is; an hour that comes twice is two."""
    if unit == "hour":
        return local.date(), local.hour, local.utcoffset()
    if unit == "day":
        return (local.date(),)
    return local.isocalendar()[:2] if unit == "week" else (local.year, local.month)


def test_a_span_has_few_enough_steps_to_be_drawn() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    units = [unit_for(since, since + timedelta(days=days)) for days in (1, 2, 3, 31, 45, 46, 365, 372, 3660)]
    assert units == ["hour", "hour", "day", "day", "day", "week", "week", "month", "month"]
    for days in (2, 45, 371, 3660):
        until = since + timedelta(days=days)
        assert len(list(steps(since, until, UTC, unit_for(since, until)))) <= 122
