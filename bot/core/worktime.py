"""Working time: how much of it lies between two moments, and when so much of it will have passed.

A calendar reads the local clock of one time zone. A span that the local clock jumps over (the hour in spring, a whole
day where a country changes sides of the date line) is no working time; an hour that it shows twice counts twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

Span = tuple[int, int]
"""From and until, in minutes after midnight; 1440 is the next midnight."""
Day = tuple[Span, ...]
"""The working spans of a day, in order and apart."""
DAY = 24 * 60
WHOLE: Day = ((0, DAY),)
LONGEST = 20_000
"""Days that are looked through; whoever works less often than that has no working time."""
_KEPT = 800
_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_ONE = timedelta(days=1)


def read_day(text: str) -> Day:
    """`09:00-14:00 16:00-19:00` as spans; empty or `off`: none, `always`: all day.

    Raises ValueError, saying what is wrong with it.
    """
    words = text.replace(",", " ").split()
    if words in ([], ["off"]):
        return ()
    if words == ["always"]:
        return WHOLE
    found = []
    for word in words:
        match = _SPAN.fullmatch(word)
        if match is None:
            raise ValueError("is not written like 09:00-14:00 16:00-19:00")
        hour, minute, to_hour, to_minute = map(int, match.groups())
        found.append((hour * 60 + minute, to_hour * 60 + to_minute))
    edges = [edge for span in found for edge in span]
    if edges != sorted(set(edges)) or edges[-1] > DAY:
        raise ValueError("has spans that end before they begin, overlap or touch")
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a team works.

    Args:
        week: the working spans from Monday to Sunday.
        tz: whose local clock they are read on.
        days: days that are other than their weekday, a holiday or not.
        holiday: whether a day is a holiday; none of it is worked then.
    """

    week: tuple[Day, ...] = (WHOLE,) * 7
    tz: tzinfo = UTC
    days: Mapping[date, Day] = field(default_factory=dict)
    holiday: Callable[[date], bool] = lambda _: False
    _known: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, repr=False, compare=False, init=False
    )

    def add(self, since: datetime, span: timedelta) -> datetime:
        """The first moment at which `span` of working time has passed since then (UTC); `since` where it is zero.

        Never later for a shorter span or an earlier beginning. Where there is hardly any working time at all
        (none in 20,000 days), the span is counted by the wall clock.
        """
        since = since.astimezone(UTC)
        if span <= timedelta(0):
            return since
        left = span
        try:
            for begin, end in self._spans(since):
                if end - begin >= left:
                    return begin + left
                left -= end - begin
        except OverflowError:
            return since
        return since + span

    def between(self, since: datetime, until: datetime) -> timedelta:
        """The working time in `since <= t < until`; none where the clock was set back meanwhile."""
        since, until = since.astimezone(UTC), until.astimezone(UTC)
        passed = timedelta(0)
        if since >= until:
            return passed
        for begin, end in self._spans(since):
            if begin >= until:
                break
            passed += min(end, until) - begin
        return passed

    def _spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans from then on, in order."""
        # One day before: where the clock is set back at midnight, a day begins twice.
        day = since.astimezone(self.tz).date() - _ONE
        for _ in range(LONGEST):
            for begin, end in self._of(day):
                if end > since:
                    yield max(begin, since), end
            day += _ONE

    def _of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        found = self._known.get(day)
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            worked = self.days.get(day)
            if worked is None:
                worked = () if self.holiday(day) else self.week[day.weekday()]
            pairs = ((reached(day, start, self.tz), reached(day, stop, self.tz)) for start, stop in worked)
            found = self._known[day] = tuple((begin, end) for begin, end in pairs if begin < end)
        return found


@dataclass(frozen=True, slots=True)
class Always(Calendar):
    """Round the clock, holidays or not."""

    def add(self, since: datetime, span: timedelta) -> datetime:
        """See `Calendar.add`."""
        return since.astimezone(UTC) + max(span, timedelta(0))

    def between(self, since: datetime, until: datetime) -> timedelta:
        """See `Calendar.between`."""
        return max(until - since, timedelta(0))


def reached(day: date, minute: int, tz: tzinfo) -> datetime:
    """The first moment (UTC) at which the local clock shows that many minutes after the day's midnight, or more."""
    if minute >= DAY:
        day, minute = day + _ONE, minute - DAY
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    early, late = (wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (1, 0))
    if early >= late:
        # Shown once, or twice: `late` is then the first time.
        return late
    # Jumped over: the jump itself lies in between.
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(tz).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)


ALWAYS = Always()
