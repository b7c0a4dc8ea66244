"""When a digest is due and which days it is about; and all that it says, as figures and lines before any words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, Protocol

from bot.core.figures import Drafts
from bot.core.press import Headline
from bot.core.report import Answers, Volume
from bot.core.types import Kind, Light, Message
from bot.core.views import TicketLine

LATEST = timedelta(hours=6)
"""How late a digest may be and is still sent."""
LATE = timedelta(minutes=15)
"""From when on it says that it is late."""
EVERY_DAY = frozenset(range(7))
WEEK = 7


def midnight(day: date, tz: tzinfo) -> datetime:
    """When a day begins, in UTC. Where clocks skip midnight, that is the moment at which they do."""
    return datetime.combine(day, time(), tz).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole days in a time zone, from `first` on."""

    first: date
    days: int
    tz: tzinfo

    @property
    def since(self) -> datetime:
        """Its beginning, in UTC."""
        return midnight(self.first, self.tz)

    @property
    def until(self) -> datetime:
        """The beginning of the day after it, in UTC."""
        return midnight(self.end, self.tz)

    @property
    def end(self) -> date:
        """The day after its last one."""
        return self.first + timedelta(days=self.days)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    def before(self, weeks: int) -> Span:
        """The same days of the week, so many weeks earlier."""
        return Span(first=self.first - timedelta(weeks=weeks), days=self.days, tz=self.tz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a room gets its digest: `weekdays` are 0 (Monday) to 6; on `weekly` it is about the whole week before."""

    at: time
    tz: tzinfo
    weekdays: frozenset[int] = EVERY_DAY
    weekly: int | None = None

    def on(self, day: date) -> bool:
        """Whether there is one on that day."""
        return day.weekday() in self.weekdays or day.weekday() == self.weekly

    def moment(self, day: date) -> datetime:
        """When it is due on a day, in UTC.

        A time that clocks skip on that day is read as before they moved on; of one that comes twice, the first counts
        (PEP 495 with fold 0). So each day has exactly one.
        """
        return datetime.combine(day, self.at, self.tz).astimezone(UTC)

    def about(self, day: date) -> Span:
        """The days that the digest of a day is about: those since the digest before it, or a week."""
        days = WEEK if day.weekday() == self.weekly else 1
        while days < WEEK and day.weekday() != self.weekly and not self.on(day - timedelta(days=days)):
            days += 1
        return Span(first=day - timedelta(days=days), days=days, tz=self.tz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A digest that is to be sent: on `day`, due at `at`, about `span`."""

    day: date
    at: datetime
    span: Span


def due(schedule: Schedule, now: datetime) -> Occasion | None:
    """The newest digest whose time has come, unless that is too long ago."""
    today = now.astimezone(schedule.tz).date()
    for day in (today, today - timedelta(days=1)):
        if schedule.on(day) and (at := schedule.moment(day)) <= now:
            return Occasion(day=day, at=at, span=schedule.about(day)) if now - at <= LATEST else None
    return None


# --- what it says -------------------------------------------------------------------------------------------------

Counts = Mapping[tuple[str, str], int]
"""How many tickets came in, by (account, kind)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """Something in the team's calendar: foreign text. `at` is None for what lasts all day."""

    title: str
    at: datetime | None = None
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The calendar of a day, or in `trouble` a code why it cannot be told."""

    entries: tuple[Scheduled, ...] = ()
    trouble: str = ""


def agenda_light(agenda: Agenda) -> Light:
    """Whether the calendar can be told, and why not."""
    if agenda.trouble:
        return _TROUBLES.get(agenda.trouble, _UNREADABLE)
    return Light(code="calendar_ok", state="ok", params={"count": len(agenda.entries)})


_TROUBLES = {
    "unreachable": Light(code="calendar_unreachable", state="red"),
    "refused": Light(code="calendar_refused", state="red"),
    "too_large": Light(code="calendar_too_large", state="red"),
    "missing": Light(code="calendar_missing", state="red"),
}
_UNREADABLE = Light(code="calendar_unreadable", state="red")


class Calendar(Protocol):
    """Where it stands what is planned."""

    async def on(self, day: date, tz: tzinfo) -> Agenda:
        """What is planned on that day. Never raises: what goes wrong is said in the agenda."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment that a digest shows: foreign text, and the ticket that it belongs to."""

    ticket: str
    author: str
    text: str
    account: str
    url: str | None = None
    reach: int | None = None
    many: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A theme of the day; see `bot.triage.themes.Theme`. `words` are foreign text."""

    words: tuple[str, ...]
    size: int
    example: Said
    unusual: bool = False
    copies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What the team wants: at least `share` percent answered, within `minutes` where given, of a kind or account."""

    share: int
    minutes: int | None = None
    kind: Kind | None = None
    account: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an objective does: `met` of `total` tickets that came in and were answered, or whose time is over."""

    objective: Objective
    met: int
    total: int

    @property
    def percent(self) -> float | None:
        """The share that was answered so; None where there was nothing to answer."""
        return 100 * self.met / self.total if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """Something that is not on its network any more: a `reply` of ours, or a `comment` that somebody wrote."""

    what: Literal["reply", "comment"]
    ticket: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything that a digest says about a span, as it was at `now`.

    `earlier` are the counts of the same weekdays in the weeks before, the newest first, of those weeks that are on
    record. `silent` are the accounts where somebody wrote and nobody was answered. `phrase` is a model's summary of
    the themes, empty where there is none. `sent` is the day that it is sent on, `late` when it was due if that is long
    ago. `read` says how many comments the themes were found in. `fact` is a fact that was on record by then: what
    tells the same span as of a newer one may say more.
    """

    span: Span
    now: datetime
    sent: date
    arrived: Counts = field(default_factory=dict)
    earlier: tuple[Counts, ...] = ()
    closed: int = 0
    volume: Volume | None = None
    answers: Answers = field(default_factory=Answers)
    drafts: Drafts = field(default_factory=Drafts)
    headlines: tuple[Headline, ...] = ()
    agenda: Agenda | None = None
    topics: tuple[Topic, ...] = ()
    read: int = 0
    phrase: str = ""
    reach: int = 0
    voices: tuple[Said, ...] = ()
    advocates: tuple[Said, ...] = ()
    suggestions: tuple[Said, ...] = ()
    waiting: int = 0
    overdue: int = 0
    longest: tuple[TicketLine, ...] = ()
    silent: tuple[tuple[str, int], ...] = ()
    lights: tuple[Light, ...] = ()
    vanished: tuple[Vanished, ...] = ()
    praise: Said | None = None
    standings: tuple[Standing, ...] = ()
    seal: str | None = None
    late: datetime | None = None
    fact: int = 0

    @property
    def total(self) -> int:
        """How many tickets came in."""
        return sum(self.arrived.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """What the engine needs to make digests: when each room gets its own, and who finds the words.

    `compose` makes a message of a digest in a language; `desk` is the address of the desk's pages, empty without one.
    `pictured` adds a picture of its charts, which takes a moment; without it there is none.
    """

    compose: Callable[[Digest, str, str], Message] | None = None
    pictured: Callable[[Message], Message] | None = None
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    objectives: tuple[Objective, ...] = ()
    calendar: Calendar | None = None
    desk: str = ""
