"""The clocks' part of a configuration: targets, working hours with holidays, and who is on call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bot.core.oncall import Rotation
from bot.core.targets import TargetRule
from bot.core.types import AuthorFlag, Kind, Severity
from bot.core.worktime import ALWAYS, Calendar, Day, read_day
from bot.settings.entries import WEEKDAYS, Clock, Id, Minutes, Part, Type, Zone, zone


def _day(value: str) -> str:
    read_day(value)
    return value


def _dated(value: str) -> str:
    day, _, spans = value.strip().partition(" ")
    try:
        date.fromisoformat(day)
    except ValueError:
        raise ValueError("has to begin with a day like 2026-12-24") from None
    if not spans.strip():
        raise ValueError("has to say what that day is: `2026-12-24 09:00-13:00` or `2026-12-26 off`")
    read_day(spans)
    return value


DayText = Annotated[str, Field(max_length=200), AfterValidator(_day)]
DatedText = Annotated[str, Field(max_length=200), AfterValidator(_dated)]


class Sla(Part):
    """Targets in minutes: of working time where there are working hours, else of all time."""

    complaint: Minutes = Field(60, description="Minutes until a complaint should have its first answer.")
    question: Minutes = Field(240, description="Minutes until a question should have its first answer.")
    other: Minutes = Field(1440, description="Minutes until anything else should have its first answer.")
    critical: Minutes = Field(15, description="Minutes until a critical ticket should have its first answer.")
    critical_hours: Literal["always", "working"] = Field(
        "always", description="Whether the clock of critical tickets runs round the clock or in working hours."
    )
    resolution: Minutes | None = Field(
        None, description="Minutes on the clock until a ticket should be closed; no such target when not given."
    )
    remind_percent: Annotated[int, Field(strict=True, ge=1, le=99)] = Field(
        50, description="The part of a target after which the ticket's thread is reminded."
    )


class TargetEntry(Part):
    """Targets of their own for some tickets; the first entry whose conditions all hold counts."""

    network: Type | None = Field(None, description="Only from networks of this type.")
    account: Id | None = Field(None, description="Only from the network with this id.")
    kind: Kind | None = Field(None, description="Only comments of this kind.")
    min_severity: Severity | None = Field(None, description="Only from this severity on.")
    flag: AuthorFlag | None = Field(None, description="Only of people flagged `vip`, `advocate` or `press`.")
    answer: Minutes | None = Field(None, description="Minutes until the first answer; when not given, as in `[sla]`.")
    resolution: Minutes | None = Field(None, description="Minutes until the ticket should be closed.")
    hours: Literal["working", "always"] | None = Field(
        None, description="`always`: the clock runs round the clock; `working`: in working hours."
    )

    def as_rule(self) -> TargetRule:
        """As the core wants it."""
        return TargetRule(
            network=self.network,
            account=self.account,
            kind=self.kind,
            min_severity=self.min_severity,
            flag=self.flag,
            answer=None if self.answer is None else timedelta(minutes=self.answer),
            resolution=None if self.resolution is None else timedelta(minutes=self.resolution),
            hours=self.hours,
        )


class Hours(Part):
    """When the team works."""

    mon: DayText = Field("always", description="Hours on Mondays, like `09:00-14:00 16:00-19:00`, `off` or `always`.")
    tue: DayText = Field("always", description="Hours on Tuesdays.")
    wed: DayText = Field("always", description="Hours on Wednesdays.")
    thu: DayText = Field("always", description="Hours on Thursdays.")
    fri: DayText = Field("always", description="Hours on Fridays.")
    sat: DayText = Field("always", description="Hours on Saturdays.")
    sun: DayText = Field("always", description="Hours on Sundays.")
    timezone: Zone | None = Field(None, description="Time zone of these hours; the team's when not given.")
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(
        None, description="Country whose public holidays are off, like `ES`."
    )
    region: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,10}$")] | None = Field(
        None, description="Its region with holidays of its own, like `MD`."
    )
    days: tuple[DatedText, ...] = Field(
        (), description="Single days that differ: `2026-12-24 09:00-13:00`, `2026-11-09 off`. They win over holidays."
    )

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if not any(self._week()):
            raise ValueError("no weekday has working hours")
        if self.region and not self.country:
            raise ValueError("`region` goes with `country`")
        if self.country:
            _holidays(self.country, self.region)
        return self

    def _week(self) -> tuple[Day, ...]:
        return tuple(read_day(getattr(self, name)) for name in WEEKDAYS)

    def calendar(self, team: tzinfo) -> Calendar:
        """As the core wants it; `team` is the team's time zone."""
        if self == Hours():
            return ALWAYS
        dated = (line.strip().partition(" ") for line in self.days)
        return Calendar(
            week=self._week(),
            tz=zone(self.timezone) if self.timezone else team,
            days={date.fromisoformat(day): read_day(spans) for day, _, spans in dated},
            holiday=_holidays(self.country, self.region) if self.country else lambda _: False,
        )


class OnCall(Part):
    """Who is called when a target has passed."""

    people: tuple[Id, ...] = Field(
        (), description="Ids of people who take turns, in this order; without any, the leads are called."
    )
    turn: Literal["daily", "weekly"] = Field("weekly", description="How long a turn is.")
    start: date | None = Field(None, description="The day on which the first one's turn began, like `2026-11-02`.")
    at: Clock = Field("09:00", description="The time of day at which turns change.")
    timezone: Zone | None = Field(None, description="Time zone of that; the team's when not given.")

    @model_validator(mode="after")
    def _begun(self) -> Self:
        if len(self.people) > 1 and self.start is None:
            raise ValueError("`start` has to say when the first turn began")
        return self

    def rotation(self, team: tzinfo) -> Rotation:
        """As the engine wants it; `team` is the team's time zone."""
        return Rotation(
            people=self.people,
            days=1 if self.turn == "daily" else 7,
            start=self.start or date(2026, 1, 5),
            at=time.fromisoformat(self.at),
            tz=zone(self.timezone) if self.timezone else team,
        )


def _holidays(country: str, region: str | None) -> Callable[[date], bool]:
    """Whether a day is a public holiday there. Raises ValueError where nobody knows."""
    import holidays  # noqa: PLC0415 # takes a while to load, and most need none

    try:
        known = holidays.country_holidays(country, subdiv=region)
    except NotImplementedError:
        where = f"{country} {region}" if region else country
        raise ValueError(f"the holidays of {where} are not known; leave it out and list them in `days`") from None

    def holiday(day: date) -> bool:
        return datetime(day.year, day.month, day.day) in known  # noqa: DTZ001 # a day, in no zone

    return holiday
