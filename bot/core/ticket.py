"""The ticket machine: one person's matter in one conversation.

open <-> waiting <-> snoozed -> closed; a new message opens it again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.types import AuthorFlag, Kind, Sentiment, Severity, TicketStatus, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket. `item` is its newest stored item; `messages` counts what happened to it (binds approvals).

    `fold` is the roll that it is folded into, or its own id where it is one: see `bot.core.folding`.
    What belongs to the clocks, `due_at` included, is set by `bot.core.clocks.follow` alone; `bot.store.tables` says
    what each of these fields records. Spans are in seconds.
    """

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
    fold: str | None = None
    incident: str | None = None
    messages: int = 1
    replies: int = 0
    quorum: int = 1
    flag: AuthorFlag | None = None
    reply_by: datetime | None = None
    clock_since: datetime | None = None
    clock_always: bool = False
    answer_target: int | None = None
    answer_spent: int = 0
    first_target: int | None = None
    first_spent: int | None = None
    resolve_target: int | None = None
    resolve_spent: int = 0
    resolve_at: datetime | None = None
    rung: int = 0
    ring_at: datetime | None = None
    version: int = 1

    @property
    def is_roll(self) -> bool:
        """Whether others are folded into it."""
        return self.fold == self.id

    @property
    def is_folded(self) -> bool:
        """Whether it is folded into another one, which has the card."""
        return self.fold is not None and self.fold != self.id

    def claimer(self, now: datetime) -> str | None:
        """Who is on it at this moment, if anybody."""
        if self.claimed_by and self.claimed_until and self.claimed_until > now:
            return self.claimed_by
        return None


def weighed(ticket: Ticket, severity: Severity, quorum: int) -> Ticket:
    """With a severity and what it asks for; what a graver one asked for stays."""
    return replace(ticket, severity=severity, quorum=max(ticket.quorum, quorum))


def opened(ticket: Ticket, now: datetime) -> Ticket:
    """Open it (again): somebody has to do something. What was folded is taken out by that."""
    return replace(
        ticket,
        status=TicketStatus.OPEN,
        waiting_for=None,
        snoozed_until=None,
        closed_at=None,
        close_reason=None,
        fold=ticket.fold if ticket.is_roll else None,
        updated_at=now,
    )


def heard(ticket: Ticket, now: datetime, *, item: int) -> Ticket:
    """The customer wrote again."""
    return replace(opened(ticket, now), item=item, messages=ticket.messages + 1)


def touched(ticket: Ticket, now: datetime, *, item: int) -> Ticket:
    """An item changed, went away, or was answered without us: whatever was approved belongs to the past."""
    return replace(ticket, item=item, messages=ticket.messages + 1, updated_at=now)


def answered(ticket: Ticket, now: datetime, *, overtaken: bool = False) -> Ticket:
    """We answered: nothing is owed and the customer has the word; unless `overtaken` by what they said meanwhile."""
    if overtaken:
        return replace(ticket, answered_at=ticket.answered_at or now, updated_at=now)
    paid = replace(ticket, answer_target=None, answer_spent=0, reply_by=None)
    if ticket.status is TicketStatus.CLOSED:
        return replace(paid, answered_at=ticket.answered_at or now, updated_at=now)
    return replace(
        paid,
        status=TicketStatus.WAITING,
        waiting_for="customer",
        snoozed_until=None,
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


def sorted_as(ticket: Ticket, now: datetime, *, kind: Kind, severity: Severity) -> Ticket:
    """Another kind or severity."""
    return replace(ticket, kind=kind, severity=severity, updated_at=now)
