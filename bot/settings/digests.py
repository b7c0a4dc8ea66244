"""The parts of a configuration that digests are made from: when they come, what the team wants to reach."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.core.digest import Objective, Schedule
from bot.core.types import Kind
from bot.settings.entries import WEEKDAYS, At, Id, Line, Minutes, Part, RoomEntry, Weekday, WeekdayOrOff, Zone, zone

Percent = Annotated[int, Field(strict=True, ge=1, le=100)]


class DigestEntry(Part):
    """When rooms get their digest, unless they say otherwise, and the calendar in it."""

    at: At = Field("08:30", description="Local time of the daily digest in each room; `off`: none comes by itself.")
    timezone: Zone | None = Field(
        None, description="Time zone of that time and of the days; the team's when not given."
    )
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = Field(
        WEEKDAYS, description="Days on which it comes; it tells all days since the one before."
    )
    weekly: WeekdayOrOff = Field("off", description="Day on which it tells the whole week before.")
    calendar: Line = Field(
        "",
        description="Your calendar in it: an iCalendar file, or an address like `https://example.com/team.ics`. "
        "An address that nobody should know goes into `PORTAVOZ_SECRET_CALENDAR`.",
    )

    def schedule(self, room: RoomEntry, team_zone: str) -> Schedule | None:
        """When a room gets its digest; None for never."""
        at = room.digest or self.at
        if at == "off":
            return None
        weekly = room.digest_weekly or self.weekly
        return Schedule(
            at=time.fromisoformat(at),
            tz=zone(room.timezone or self.timezone or team_zone),
            weekdays=frozenset(WEEKDAYS.index(day) for day in room.digest_weekdays or self.weekdays),
            weekly=None if weekly == "off" else WEEKDAYS.index(weekly),
        )


class ObjectiveEntry(Part):
    """What the team wants to reach; the digest tells how it stands."""

    name: Line = Field("", description="What it is called; made from the rest when not given.")
    share: Percent = Field(description="Per cent of the tickets that are to be answered.")
    minutes: Minutes | None = Field(
        None,
        description="Within so many minutes of the comment, nights and holidays included; at any time when not given.",
    )
    kind: Kind | None = Field(None, description="Only those of this kind; all but spam and noise when not given.")
    account: Id | None = Field(None, description="Only those from the network with this id.")

    @model_validator(mode="after")
    def _answered(self) -> Self:
        if self.kind in (Kind.SPAM, Kind.NOISE):
            raise ValueError("nobody answers spam and noise")
        return self

    def as_objective(self) -> Objective:
        """As the core wants it."""
        return Objective(share=self.share, minutes=self.minutes, kind=self.kind, account=self.account, name=self.name)
