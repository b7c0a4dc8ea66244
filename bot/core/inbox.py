"""The queue as chats show it: how it may be narrowed, and how many tickets stand in each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.types import Severity

Seen = frozenset[tuple[str, int]]
"""Tickets as somebody saw them last: (id, `TicketLine.version`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """Only tickets of this account, of this severity, overdue, or not standing as in `seen`. None narrows nothing.

    With `rolls` only those that noise is folded into.
    """

    account: str | None = None
    severity: Severity | None = None
    overdue: bool = False
    seen: Seen | None = None
    rolls: bool = False


EVERYTHING = Narrow()
"""The whole queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many tickets are open (waiting ones included), and how many of those are of which sort.

    `snoozed` and `closed` are not among the open ones.
    """

    open: int = 0
    mine: int = 0
    waiting: int = 0
    overdue: int = 0
    unread: int = 0
    snoozed: int = 0
    closed: int = 0
    by_severity: Mapping[str, int] = field(default_factory=dict)
    by_account: Mapping[str, int] = field(default_factory=dict)
