"""What the reports page and the digest's pictures are made of: counts of a span, in steps, by kind, network, person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.core.figures import DraftOutcome

Unit = Literal["hour", "day", "week", "month"]
"""How long one step is, by the clock on the wall: the day of a clock change has 23 or 25 hours."""

WAITS = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480, 1440))
"""The classes that times to the first answer are counted in: up to each of these, and longer than the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Tickets that came in `since <= t < until`, by the commenter's mood."""

    since: datetime
    until: datetime
    negative: int = 0
    neutral: int = 0
    positive: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.negative + self.neutral + self.positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What came, step by step, without gaps; the first and the last step may be cut short by the span asked for."""

    unit: Unit
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitClass:
    """First answers that took more than the class before and `at_most` (None: any longer time).

    `in_time` met their target, `late` did not, `untimed` had none.
    """

    at_most: timedelta | None
    in_time: int = 0
    late: int = 0
    untimed: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.in_time + self.late + self.untimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """First answers given in a span. Minutes are wall time from the ticket's opening, nights included.

    `in_time` met their target (on the clock of the working hours), `late` did not; what had none is in neither.
    """

    total: int = 0
    median_minutes: float | None = None
    p90_minutes: float | None = None
    in_time: int = 0
    late: int = 0
    waits: tuple[WaitClass, ...] = ()

    @property
    def share_in_time(self) -> float | None:
        """From 0 to 1, of the answers that had a target; None where none had."""
        return self.in_time / (self.in_time + self.late) if self.in_time + self.late else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What happened to the tickets of one kind (a `Kind`'s value) or of one account (its id)."""

    key: str
    arrived: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    closed: int = 0
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one person (an id) had to do.

    `assigned` are tickets that came in and are theirs, `answered` replies that were published with their approval,
    `decided` is all that they approved, refused or took back.
    """

    person: str
    assigned: int = 0
    answered: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything in `since <= t < until`, of one `account` or (None) of all."""

    since: datetime
    until: datetime
    account: str | None
    volume: Volume
    answers: Answers
    kinds: tuple[Group, ...]
    accounts: tuple[Group, ...]
    people: tuple[Load, ...]
    drafts: tuple[DraftOutcome, ...]
