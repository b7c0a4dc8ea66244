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
