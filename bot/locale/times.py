"""Times as people say them.

Babel reads its tables anew for each sentence; a list of threads says two hundred of them, most alike. What is kept
here is what has few values: the days and minutes that are shown, and rounded lengths.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from babel.dates import TIMEDELTA_UNITS, format_date, format_time, format_timedelta

from bot.locale.catalogue import best, text

_ALONE = frozenset({"minute", "hour", "day", "week"})
"""Units of which exactly one is said to be one."""
_FROM = {"minute": 90}
"""Seconds from which a unit is said, where it is not two of them."""
_NEVER = float("inf")
SPACES = str.maketrans("\u202f\u00a0", "  ")
"""Thin and fixed spaces look like a mistake in many a terminal."""


def ago(locale: str, at: datetime, now: datetime) -> str:
    """`5 minutes ago`, `hace 5 minutos`, `in 2 hours`; `just now` within ten seconds."""
    if abs(at - now) < timedelta(seconds=10):
        return text(locale, "just now")
    return _rounded(locale, at - now, direction=True)


def clock(locale: str, at: datetime, tz: tzinfo = UTC, *, now: datetime | None = None) -> str:
    """`Nov 21, 2026, 9:33 PM`, `21 nov 2026, 21:33`, in the time zone given.

    With `now`, a moment of the same day there is said by its time alone.
    """
    where, local = best(locale), at.astimezone(tz)
    hour = _hour(where, local.hour, local.minute)
    if now is not None and now.astimezone(tz).date() == local.date():
        return hour
    return f"{_day(where, local.date())}, {hour}"


def day(locale: str, at: datetime, tz: tzinfo = UTC) -> str:
    """`Nov 21, 2026`, `21 nov 2026`, in the time zone given."""
    return _day(best(locale), at.astimezone(tz).date())


def span(locale: str, length: timedelta) -> str:
    """`2 hours`, `30 minutos`."""
    return _rounded(locale, length, direction=False)


def took(locale: str, minutes: float) -> str:
    """So many minutes as people say it: `23 minutes`, `2 hours`; at least one."""
    return span(locale, timedelta(minutes=max(1, round(minutes))))


def _rounded(locale: str, length: timedelta, *, direction: bool) -> str:
    """In the largest unit of which there are at least two, so that an hour and a half is not said to be two.

    A minute and a half is: nobody counts seconds that far.
    """
    seconds = length.days * 86400 + length.seconds
    whole = not length.microseconds
    for unit, size in TIMEDELTA_UNITS:
        if abs(seconds) >= _FROM.get(unit, 2 * size) or (whole and abs(seconds) == size and unit in _ALONE):
            break
    many = round(abs(seconds) / size) * size
    return _length(best(locale), many if seconds >= 0 else -many, unit, direction)


@lru_cache(maxsize=4096)
def _length(where: str, seconds: int, unit: str, direction: bool) -> str:  # noqa: FBT001  # a key of the cache
    """So many whole units."""
    said = format_timedelta(seconds, granularity=unit, threshold=_NEVER, add_direction=direction, locale=where)  # type: ignore[arg-type]
    return said.translate(SPACES)


@lru_cache(maxsize=4096)
def _hour(where: str, hour: int, minute: int) -> str:
    return format_time(time(hour, minute), "short", locale=where).translate(SPACES)


@lru_cache(maxsize=4096)
def _day(where: str, day: date) -> str:
    return format_date(day, "medium", locale=where).translate(SPACES)
