"""When a digest is due and which days it is about: each day once, whatever clocks on the wall do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.digest import EVERY_DAY, LATEST, Schedule, Span, due
from bot.core.queries import Digest
from bot.engine.digest_reading import span_of

ZONES = (
    "Europe/Madrid",
    "America/New_York",
    "America/Havana",  # the clock skips midnight
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kathmandu",
)
TIMES = (time(0, 0), time(0, 30), time(1, 45), time(2, 30), time(23, 59))
HOUR = timedelta(hours=1)
WORKDAYS = frozenset(range(5))


def test_each_day_of_four_months_is_due_once_in_every_zone_though_the_clock_jumps() -> None:
    for zone in ZONES:
        tz = ZoneInfo(zone)
        for at in TIMES:
            schedule = Schedule(at=at, tz=tz)
            # Over a leap day and both hemispheres' changes of the clock, looked at every three hours.
            moments = [datetime(2028, 1, 15, tzinfo=UTC) + 3 * HOUR * step for step in range(8 * 120)]
            found = [occasion for moment in moments if (occasion := due(schedule, moment)) is not None]
            days = list(dict.fromkeys(occasion.day for occasion in found))
            assert days == [days[0] + timedelta(days=number) for number in range(len(days))], (zone, at)
            assert len(days) >= 119, (zone, at)
            assert len({(occasion.day, occasion.at) for occasion in found}) == len(days), (zone, at)
            spans = [(occasion.span.since, occasion.span.until) for occasion in found]
            joined = list(dict.fromkeys(spans))
            assert all(one[1] == other[0] for one, other in pairwise(joined)), (zone, at)


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # there is no 2:30: 3:30 it is
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # it comes twice: the first
        (date(2028, 2, 29), time(8, 30), datetime(2028, 2, 29, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_is_skipped_or_comes_twice_is_one_moment(day: date, at: time, moment: datetime) -> None:
    schedule = Schedule(at=at, tz=ZoneInfo("Europe/Madrid"))
    assert schedule.moment(day) == moment
    found = due(schedule, moment)
    assert (found and found.day, due(schedule, moment - timedelta(microseconds=1))) == (day, None)


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    at=st.sampled_from(TIMES),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    weekly=st.none() | st.integers(0, 6),
)
@settings(max_examples=80, deadline=None)
def test_what_is_due_is_at_most_six_hours_old_and_about_days_that_are_over(
    moment: datetime, zone: str, at: time, weekdays: frozenset[int], weekly: int | None
) -> None:
    schedule = Schedule(at=at, tz=ZoneInfo(zone), weekdays=weekdays, weekly=weekly)
    found = due(schedule, moment)
    if found is None:
        return
    assert timedelta(0) <= moment - found.at <= LATEST
    assert found.day.weekday() in weekdays | {weekly}
    assert found.span.end == found.day
    assert 1 <= found.span.days <= 7
    assert found.span.until <= moment + timedelta(hours=1)
    assert (found.span.days == 7) or found.day.weekday() != weekly


def test_a_digest_on_workdays_tells_the_weekend_too_and_a_weekly_one_the_week() -> None:
    workdays = Schedule(at=time(9), tz=UTC, weekdays=WORKDAYS)
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert workdays.about(monday) == Span(first=date(2026, 11, 20), days=3, tz=UTC)
    assert workdays.about(tuesday).days == 1
    assert due(workdays, datetime(2026, 11, 22, 9, tzinfo=UTC)) is None
    weekly = Schedule(at=time(9), tz=UTC, weekdays=WORKDAYS, weekly=0)
    assert (weekly.about(monday).days, weekly.about(tuesday).days) == (7, 1)
    fridays = Schedule(at=time(9), tz=UTC, weekdays=frozenset({4}), weekly=4)
    assert fridays.about(date(2026, 11, 27)) == Span(first=date(2026, 11, 20), days=7, tz=UTC)
    assert Schedule(at=time(9), tz=UTC).weekdays == EVERY_DAY


def test_a_day_has_23_or_25_hours_where_the_clock_changes() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    hours = {
        day: (span.until - span.since) / HOUR
        for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1))
        for span in [Span(first=day, days=1, tz=madrid)]
    }
    assert list(hours.values()) == [23, 25, 24]
    week = Span(first=date(2026, 3, 23), days=7, tz=madrid)
    assert (week.last, week.before(1).last, week.before(1).first.weekday()) == (date(2026, 3, 29), date(2026, 3, 22), 0)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        (Digest(), date(2026, 11, 19)),
        (Digest(days_ago=0), date(2026, 11, 20)),
        (Digest(days_ago=1), date(2026, 11, 19)),
        (Digest(day=date(2026, 3, 29)), date(2026, 3, 29)),
        (Digest(day=date(2026, 3, 23), days=7), date(2026, 3, 23)),
    ],
)
def test_a_day_that_is_asked_for_is_the_teams_day(query: Digest, first: date) -> None:
    # Half past midnight in Madrid: it is still the day before in UTC.
    now = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    madrid = ZoneInfo("Europe/Madrid")
    assert span_of(query, now, madrid) == Span(first=first, days=query.days, tz=madrid)
