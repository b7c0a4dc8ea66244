"""Figures of a span of time: what came, what was answered, how fast, and what became of drafts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many tickets, and of which kind, account and sentiment."""

    total: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    by_account: dict[str, int] = field(default_factory=dict)
    by_sentiment: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What became of replies that began as a draft: sent `as_drafted`, sent `edited` by a person, or `discarded`.

    `own` are replies sent that a person wrote without one.
    """

    as_drafted: int = 0
    edited: int = 0
    discarded: int = 0
    own: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOutcome:
    """What became of the drafts of one origin: `source` as on the card, a model's with its prompt file and that's hash.

    `sent` as drafted, `edited` by a person before (`median_change`: the share of characters, 0 to 1), `replaced` by a
    further draft, `discarded` with their reply. `cost` is in the money that the model's prices are configured in.
    """

    source: str
    model: str = ""
    prompt: str = ""
    hash: str = ""
    sent: int = 0
    edited: int = 0
    replaced: int = 0
    discarded: int = 0
    median_change: float | None = None
    tokens: int = 0
    cost: float = 0.0

    @property
    def total(self) -> int:
        """How many drafts."""
        return self.sent + self.edited + self.replaced + self.discarded


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything in `since <= t < until`. Minutes are from a ticket's opening to its first answer.

    `waiting` and `overdue` count the tickets that had no answer at `until` as they stand now.
    """

    since: datetime
    until: datetime
    arrived: Tally
    answered: Tally
    closed: Tally
    median_minutes: float | None
    p90_minutes: float | None
    drafts: Drafts
    waiting: int
    overdue: int
