"""The entries of a day in an iCalendar file (RFC 5545), recurring ones and their exceptions included."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from bot.core.digest import Scheduled, midnight

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 100
"""Entries of a day."""
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
"""Rules that would take longer to unroll than anybody's day is."""
_LONGEST = 300


class Unreadable(Exception):
    """This is no calendar."""


def entries(content: bytes, day: date, tz: tzinfo) -> tuple[Scheduled, ...]:
    """What is planned on a day as clocks in `tz` show it: all-day entries first, then by time. Raises Unreadable."""
    # A third of a second that whoever has no calendar need not wait for.
    import recurring_ical_events  # noqa: PLC0415
    from icalendar import Calendar  # noqa: PLC0415

    found: list[Scheduled] = []
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        for calendar in calendars:
            calendar.subcomponents = [part for part in calendar.subcomponents if not _too_often(part)]
            around = recurring_ical_events.of(calendar, skip_bad_series=True).between(
                day - timedelta(days=1), day + timedelta(days=2)
            )
            found += (entry for event in around for entry in _of_day(event, day, tz))
    except Exception as error:
        # The libraries raise whatever a broken file makes their parts raise.
        raise Unreadable(type(error).__name__) from error
    if not calendars:
        raise Unreadable("empty")
    return tuple(sorted(found, key=_place)[:MOST])


def _too_often(part: Any) -> bool:
    rules = part.get("RRULE", ())
    rules = rules if isinstance(rules, list) else [rules]
    said = {str(one).upper() for rule in rules if hasattr(rule, "get") for one in rule.get("FREQ", ())}
    return bool(said & _TOO_OFTEN)


def _of_day(event: Any, day: date, tz: tzinfo) -> Iterator[Scheduled]:
    """The event, if it goes on at some time of the day and was not called off."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    title, where = (str(event.get(name, ""))[:_LONGEST] for name in ("SUMMARY", "LOCATION"))
    start, end = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else event["DTSTART"].dt
    if not isinstance(start, datetime):
        if start <= day < max(end, start + timedelta(days=1)):
            yield Scheduled(title=title, where=where)
        return
    begins, ends = _aware(start, tz), _aware(end, tz)
    if begins < midnight(day + timedelta(days=1), tz) and max(ends, begins + timedelta(seconds=1)) > midnight(day, tz):
        yield Scheduled(title=title, at=begins, where=where)


def _aware(at: date, tz: tzinfo) -> datetime:
    """A moment; a time without a zone is that of whoever reads it."""
    moment = at if isinstance(at, datetime) else datetime.combine(at, time())
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=tz)


def _place(entry: Scheduled) -> tuple[bool, float, str]:
    return entry.at is not None, entry.at.timestamp() if entry.at is not None else 0.0, entry.title
