"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from babel.dates import format_date, format_time, format_timedelta, get_timezone

from bot.locale.catalogue import best, text

_UNITS = frozenset({timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)})
_SPACES = str.maketrans("\u202f\u00a0", "  ")  # thin spaces look like a mistake in many a terminal


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
    hour = format_time(local, "short", tzinfo=get_timezone(tz), locale=where)
    if now is not None and now.astimezone(tz).date() == local.date():
        return hour.translate(_SPACES)
    return f"{format_date(local, 'medium', locale=where)}, {hour}".translate(_SPACES)


def span(locale: str, length: timedelta) -> str:
    """`2 hours`, `30 minutos`."""
    return _rounded(locale, length, direction=False)


def _rounded(locale: str, length: timedelta, *, direction: bool) -> str:
    """In the largest unit of which there are at least two, so that an hour and a half is not said to be two."""
    threshold = 1.0 if abs(length) in _UNITS else 2.0
    said = format_timedelta(length, threshold=threshold, add_direction=direction, locale=best(locale))
    return said.translate(_SPACES)
