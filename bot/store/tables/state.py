"""Tables of state: rows change in place under an optimistic version, and are never removed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.columns import Instant, Key
from bot.store.partial import FOLDED, RINGS, ROLLS, UNFINISHED, VANISHED


class AuthorRow(SQLModel, table=True):
    """A person outside, known by the network's own id. Erasure takes id and flag away and leaves the number.

    `flag` is what the team says of them: `vip`, `advocate` or `press`. What it notes about them stands in `contents`,
    under the log's `AuthorNoted` of one of their tickets.
    """

    __tablename__ = "authors"
    __table_args__ = (UniqueConstraint("account", "native_id"),)
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    account: str
    native_id: str | None = None
    flag: str | None = None
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class TicketRow(SQLModel, table=True):
    """One person's matter in one conversation.

    Two clocks belong to it: of the answer that the customer waits for, and of the whole matter. Both run while
    `status` is `open` and stand still otherwise; they count working time, or all of it where `clock_always` is set.
    Spans are in seconds on the clock; wall times are differences of `opened_at`, `answered_at` and `closed_at`.

    - `answer_target`, `answer_spent`: of the answer owed now, what was allowed, and what was spent before
      `clock_since`. `answer_target` is null where nothing is owed: answered, or of a kind that needs no answer.
    - `clock_since`: since when the clocks have been running; null while they stand still.
    - `due_at`: when the running clock of the answer ends, or the network stops taking one (`reply_by`) if that is
      earlier; null while it stands still or nothing is owed.
    - `answered_at`: when the first answer stood on the network. `first_target`, `first_spent`: what was allowed for
      it and what it took; both null without an answer, or where none was owed.
      Answered within target: `first_spent <= first_target`.
    - `closed_at`: when it was closed (last). `resolve_target`: what is allowed for the whole matter, null without a
      target; `resolve_spent`: what it took, of an open one up to `clock_since`. Settled within target:
      `closed_at IS NOT NULL AND resolve_spent <= resolve_target`. `resolve_at`: when the running clock ends.
    - `rung`: what the team was told of the clocks, once each: 1 reminded, 2 overdue (the on-call rotation was called),
      4 the network's window closes, 8 not settled in time; 1, 2 and 4 anew for each wait. `ring_at`: when the next of
      these is to be said.
    - `flag`: that of its author (`authors.flag`), kept here too so that the queue needs no join.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_matter", "account", "thread_key", "author"),
        Index("ix_tickets_queue", "status", "severity", "due_at", "opened_at", "id"),
        Index(
            "ix_tickets_unfinished",
            *("status", "severity", "account", "assignee", "due_at"),
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
        Index("ix_tickets_fold", "fold", "opened_at", sqlite_where=FOLDED, postgresql_where=FOLDED),
        Index("ix_tickets_rolls", "opened_at", sqlite_where=ROLLS, postgresql_where=ROLLS),
        Index("ix_tickets_opened", "opened_at"),
        Index("ix_tickets_answered", "answered_at"),
        Index("ix_tickets_closed", "closed_at"),
        Index("ix_tickets_ring", "ring_at", sqlite_where=RINGS, postgresql_where=RINGS),
    )
    id: str = Field(primary_key=True)
    account: str
    thread_key: str
    author: int | None = Field(default=None, sa_type=BigInteger, foreign_key="authors.id")
    item: int = Field(sa_type=BigInteger)
    status: str
    kind: str
    severity: str
    sentiment: str
    language: str | None = None
    visibility: str
    assignee: str | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    waiting_for: str | None = None
    snoozed_until: datetime | None = Field(default=None, sa_type=Instant)
    opened_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    close_reason: str | None = Field(default=None, sa_type=Text)
    linked_to: str | None = None
    fold: str | None = None
    incident: str | None = None
    messages: int = 1
    replies: int = 0
    quorum: int = 1
    flag: str | None = None
    reply_by: datetime | None = Field(default=None, sa_type=Instant)
    clock_since: datetime | None = Field(default=None, sa_type=Instant)
    clock_always: bool = False
    answer_target: int | None = Field(default=None, sa_type=Key)
    answer_spent: int = Field(default=0, sa_type=Key)
    first_target: int | None = Field(default=None, sa_type=Key)
    first_spent: int | None = Field(default=None, sa_type=Key)
    resolve_target: int | None = Field(default=None, sa_type=Key)
    resolve_spent: int = Field(default=0, sa_type=Key)
    resolve_at: datetime | None = Field(default=None, sa_type=Instant)
    rung: int = 0
    ring_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class ReplyRow(SQLModel, table=True):
    """One reply to one item, in one of the states of `bot.core.reply`."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("ticket", "number"),
        Index("ix_replies_state", "state"),
        Index("ix_replies_posted", "account", "posted_id"),
        Index("ix_replies_sent", "posted_at"),
        Index("ix_replies_vanished", "vanished_at", sqlite_where=VANISHED, postgresql_where=VANISHED),
    )
    id: str = Field(primary_key=True)
    ticket: str = Field(foreign_key="tickets.id")
    number: int
    account: str
    item: int = Field(sa_type=BigInteger, foreign_key="items.id")
    state: str
    quorum: int = 1
    revision: int = 0
    undo_until: datetime | None = Field(default=None, sa_type=Instant)
    key: str | None = None
    attempt: int = 0
    looked: int = 0
    first_attempt_at: datetime | None = Field(default=None, sa_type=Instant)
    posted_id: str | None = None
    posted_url: str | None = Field(default=None, sa_type=Text)
    posted_at: datetime | None = Field(default=None, sa_type=Instant)
    vanished_at: datetime | None = Field(default=None, sa_type=Instant)
    manual_url: str | None = Field(default=None, sa_type=Text)
    problem: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class PersonRow(SQLModel, table=True):
    """A member of the team as the settings last said; removed people stay, inactive."""

    __tablename__ = "people"
    id: str = Field(primary_key=True)
    name: str
    role: str
    locale: str
    signature: str | None = None
    active: bool = True


class IdentityRow(SQLModel, table=True):
    """Who a native user id of a chat is."""

    __tablename__ = "identities"
    chat: str = Field(primary_key=True)
    native_id: str = Field(primary_key=True)
    person: str = Field(foreign_key="people.id")
    active: bool = True


class SwitchRow(SQLModel, table=True):
    """What people have switched on: `paused`, `crisis`, `mute:…`."""

    __tablename__ = "switches"
    name: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)
    on: bool = True
    by: str
    at: datetime = Field(sa_type=Instant)


class AccountRow(SQLModel, table=True):
    """How an adapter is doing: `ok`, `failing` (tried again) or `auth` (waits for a person)."""

    __tablename__ = "accounts"
    id: str = Field(primary_key=True)
    part: str
    type: str
    state: str
    detail: str = ""
    name: str = ""
    since: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)


class CardRow(SQLModel, table=True):
    """Where a ticket's card stands, and which state of the ticket it shows."""

    __tablename__ = "cards"
    ticket: str = Field(primary_key=True, foreign_key="tickets.id")
    room: str = Field(primary_key=True)
    ref: str | None = Field(default=None, sa_type=Text)
    shown: int = 0
    at: datetime = Field(sa_type=Instant)
