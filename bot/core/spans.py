"""A span of time cut into hours, days, weeks or months as a clock on the wall of some time zone shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from bot.core.digest import midnight
from bot.core.report import Unit

LONGEST = timedelta(days=3660)
"""A span that can be asked for: ten years, in months."""
_HOUR = timedelta(hours=1)
_LIMITS: tuple[tuple[timedelta, Unit], ...] = (
    (timedelta(hours=49), "hour"),
    (timedelta(days=45), "day"),
    (timedelta(days=371), "week"),
)


def unit_for(since: datetime, until: datetime) -> Unit:
    """The unit in which a span has neither too few nor too many steps: at most some sixty, months aside."""
    return next((unit for limit, unit in _LIMITS if until - since <= limit), "month")


def steps(since: datetime, until: datetime, tz: tzinfo, unit: Unit) -> Iterator[tuple[datetime, datetime]]:
    """The parts of `since <= t < until`, in UTC and without gaps; only the first and the last may be cut short.

    A day has as many hours as its clock shows: 23 or 25 where it is changed.
    """
    at, until = since.astimezone(UTC), until.astimezone(UTC)
    while at < until:
        after = min(_next(at, tz, unit), until)
        yield at, after
        at = after


def _next(at: datetime, tz: tzinfo, unit: Unit) -> datetime:
    """Where the step ends that a moment lies in."""
    local = at.astimezone(tz)
    if unit == "hour":
        gone = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return at + _HOUR - gone
    day = local.date()
    if unit == "day":
        ahead = day + timedelta(days=1)
    elif unit == "week":
        ahead = day + timedelta(days=7 - day.weekday())
    else:
        ahead = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return midnight(ahead, tz)
