"""The ticket machine: one person's matter in one conversation.

open <-> waiting <-> snoozed -> closed; a new message opens it again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.types import Kind, Sentiment, Severity, TicketStatus, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket. `item` is its newest stored item; `messages` counts what happened to it (binds approvals)."""

    id: str
    account: str
    thread_key: str
    author: int | None
    item: int
    status: TicketStatus
    kind: Kind
    severity: Severity
    sentiment: Sentiment
    language: str | None
    visibility: Visibility
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None = None
    assignee: str | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    waiting_for: str | None = None
    snoozed_until: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    linked_to: str | None = None
    incident: str | None = None
    messages: int = 1
    replies: int = 0
    quorum: int = 1
    version: int = 1

    def claimer(self, now: datetime) -> str | None:
        """Who is on it at this moment, if anybody."""
        if self.claimed_by and self.claimed_until and self.claimed_until > now:
            return self.claimed_by
        return None


def weighed(ticket: Ticket, severity: Severity, quorum: int) -> Ticket:
    """With a severity and what it asks for; what a graver one asked for stays."""
    return replace(ticket, severity=severity, quorum=max(ticket.quorum, quorum))


def opened(ticket: Ticket, now: datetime) -> Ticket:
    """Open it (again): somebody has to do something."""
    return replace(
        ticket,
        status=TicketStatus.OPEN,
        waiting_for=None,
        snoozed_until=None,
        closed_at=None,
        close_reason=None,
        updated_at=now,
    )


def reopened(ticket: Ticket, now: datetime, *, due: datetime | None) -> Ticket:
    """Open it again after all; what was never answered gets a clock again."""
    again = opened(ticket, now)
    stopped = ticket.answered_at is None and ticket.due_at is None
    return replace(again, due_at=due) if stopped else again


def heard(ticket: Ticket, now: datetime, *, item: int, due: datetime | None) -> Ticket:
    """The customer wrote again: open, with a clock of its own unless an earlier one is running already."""
    again = opened(ticket, now)
    return replace(again, item=item, messages=ticket.messages + 1, due_at=sooner(ticket.due_at, due))


def sooner(running: datetime | None, due: datetime | None) -> datetime | None:
    """The clock that rings first: a further message never postpones the answer."""
    return min((clock for clock in (running, due) if clock is not None), default=None)


def touched(ticket: Ticket, now: datetime, *, item: int) -> Ticket:
    """An item changed, went away, or was answered without us: whatever was approved belongs to the past."""
    return replace(ticket, item=item, messages=ticket.messages + 1, updated_at=now)


def answered(ticket: Ticket, now: datetime, *, overtaken: bool = False) -> Ticket:
    """We answered: the clock stops and the customer has the word; unless `overtaken` by what they said meanwhile."""
    if overtaken or ticket.status is TicketStatus.CLOSED:
        return replace(ticket, answered_at=ticket.answered_at or now, updated_at=now)
    return replace(
        ticket,
        status=TicketStatus.WAITING,
        waiting_for="customer",
        snoozed_until=None,
        due_at=None,
        answered_at=ticket.answered_at or now,
        updated_at=now,
    )


def waiting(ticket: Ticket, now: datetime, *, on: str) -> Ticket:
    """Somebody else has the word: the customer, or a colleague."""
    return replace(ticket, status=TicketStatus.WAITING, waiting_for=on, snoozed_until=None, updated_at=now)


def snoozed(ticket: Ticket, now: datetime, *, until: datetime) -> Ticket:
    """Put away until later."""
    return replace(ticket, status=TicketStatus.SNOOZED, snoozed_until=until, waiting_for=None, updated_at=now)


def closed(ticket: Ticket, now: datetime, *, reason: str | None) -> Ticket:
    """Nothing more to do."""
    return replace(
        ticket,
        status=TicketStatus.CLOSED,
        closed_at=now,
        close_reason=reason,
        waiting_for=None,
        snoozed_until=None,
        due_at=None,
        claimed_by=None,
        claimed_until=None,
        updated_at=now,
    )


def claimed(ticket: Ticket, now: datetime, *, by: str, until: datetime) -> Ticket:
    """Somebody is on it for a while."""
    return replace(ticket, claimed_by=by, claimed_until=until, assignee=ticket.assignee or by, updated_at=now)


def assigned(ticket: Ticket, now: datetime, *, to: str) -> Ticket:
    """It is somebody's now."""
    return replace(ticket, assignee=to, updated_at=now)


def sorted_as(ticket: Ticket, now: datetime, *, kind: Kind, severity: Severity, due: datetime | None) -> Ticket:
    """Another kind or severity; the running clock follows, a stopped one stays stopped."""
    unanswered = ticket.answered_at is None and ticket.status is not TicketStatus.CLOSED
    clock = due if ticket.due_at is not None or unanswered else None
    return replace(ticket, kind=kind, severity=severity, due_at=clock, updated_at=now)
