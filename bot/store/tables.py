"""Every table. Tables of record only grow; tables of state change in place; plumbing comes and goes.

Texts and names of people outside stand in `contents` alone, so that the law's erasure touches one table
(and `authors`, the link between a network's user id and what we keep).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.columns import Instant, Words, table_of

Key = BigInteger().with_variant(Integer, "sqlite")
"""Big keys everywhere; SQLite numbers rows by itself only where the type is spelled INTEGER."""

Maybe = JSON(none_as_null=True)
"""An object, or nothing at all."""

WITHDRAWN = text("type = 'ReplyWithdrawn'")
"""What the index of withdrawn replies holds; a query must say it in the same words to use it."""
PRESS = text("type = 'PressArrived'")
"""What the index of press headlines holds; a query must say it in the same words to use it."""
RINGS = text("ring_at IS NOT NULL")
"""What the index of clocks that are to ring holds; a query must say it in the same words to use it."""
FOLDED = text("fold IS NOT NULL")
"""What the index of what is folded holds, rolls and all."""
ROLLS = text("fold = id")
"""What the index of rolls holds, a few a day; a query must say it in the same words to use it."""
UNFINISHED = text("status IN ('open', 'waiting')")
"""What the index that open tickets are counted by holds; a query must say it in the same words to use it."""
GONE = text("gone")
"""What the index of what was taken away holds; a query must say it in the same words to use it."""
VANISHED = text("vanished_at IS NOT NULL")
"""What the index of our replies that vanished holds."""


# --- tables of record: rows are only ever added ---------------------------------------------------------------


class EventRow(SQLModel, table=True):
    """The log: who did what when. Ids and small values, never a text."""

    __tablename__ = "events"
    # Of the whole log, the figures of a day want these alone.
    __table_args__ = (
        Index("ix_events_withdrawn", "at", sqlite_where=WITHDRAWN, postgresql_where=WITHDRAWN),
        Index("ix_events_press", "at", sqlite_where=PRESS, postgresql_where=PRESS),
    )
    seq: int | None = Field(default=None, sa_column=Column(Key, primary_key=True, autoincrement=True))
    at: datetime = Field(sa_type=Instant)
    type: str
    actor: str | None = None
    ticket: str | None = Field(default=None, index=True)
    reply: str | None = None
    item: int | None = Field(default=None, sa_type=BigInteger)
    content: int | None = Field(default=None, sa_type=BigInteger)
    content_hash: str | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ContentRow(SQLModel, table=True):
    """A text with the name and links that belong to it. Its one permitted change is erasure."""

    __tablename__ = "contents"
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    kind: str
    text: str = Field(sa_type=Text)
    author: str | None = None
    url: str | None = Field(default=None, sa_type=Text)
    extra: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    salt: str | None = None
    hash: str
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class ItemRow(SQLModel, table=True):
    """One version of one item. An edit, or the item's disappearance (`gone`), is a further row."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("account", "native_id", "number"),
        Index("ix_items_conversation", "ticket", "id"),
        Index("ix_items_thread", "account", "thread_key"),
        Index("ix_items_gone", "received_at", sqlite_where=GONE, postgresql_where=GONE),
    )
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    account: str
    native_id: str
    number: int
    version: str
    ticket: str | None = None
    author: int | None = Field(default=None, sa_type=BigInteger, foreign_key="authors.id", index=True)
    thread_key: str
    parent: str | None = None
    content: int = Field(sa_type=BigInteger, foreign_key="contents.id")
    visibility: str
    ours: bool = False
    gone: bool = False
    reach: int | None = Field(default=None, sa_type=Key)
    created_at: datetime = Field(sa_type=Instant)
    edited_at: datetime | None = Field(default=None, sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    reply_by: datetime | None = Field(default=None, sa_type=Instant)


class RevisionRow(SQLModel, table=True):
    """One wording of a reply. `author` is a person's id, or null for a drafter (`source` says which).

    `facts` lists what the text relies on (`bot.core.briefs.Cited`), `made` says how a model made it (`Made`).
    """

    __tablename__ = "revisions"
    reply: str = Field(primary_key=True, foreign_key="replies.id")
    number: int = Field(primary_key=True)
    content: int = Field(sa_type=BigInteger, foreign_key="contents.id")
    text_hash: str
    author: str | None = None
    source: str
    language: str | None = None
    facts: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    made: dict[str, Any] | None = Field(default=None, sa_type=Maybe)
    created_at: datetime = Field(sa_type=Instant)


class DecisionRow(SQLModel, table=True):
    """What a person decided about a revision, and the digest of everything that the decision binds to."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_at", "at"),)
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    reply: str = Field(foreign_key="replies.id", index=True)
    revision: int
    person: str
    verdict: str
    via: str
    at: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    binding: str


class PublicationRow(SQLModel, table=True):
    """One step of one attempt to publish: the intent before the call, and what came of it.

    `content` holds the network's own words about it, where there were any: they may repeat what was to be erased.
    """

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("reply", "attempt", "phase"),)
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    reply: str = Field(foreign_key="replies.id")
    attempt: int
    phase: str
    at: datetime = Field(sa_type=Instant)
    key: str
    binding: str
    text_hash: str
    native_id: str | None = None
    url: str | None = Field(default=None, sa_type=Text)
    content: int | None = Field(default=None, sa_type=BigInteger, foreign_key="contents.id")


class SealRow(SQLModel, table=True):
    """A hash over a batch of log rows and the seal before it: what was sealed cannot change unseen."""

    __tablename__ = "seals"
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    first_seq: int = Field(sa_type=BigInteger)
    last_seq: int = Field(sa_type=BigInteger)
    rows: int = Field(sa_type=Key)
    hash: str
    previous: str
    at: datetime = Field(sa_type=Instant)


# --- tables of state: rows change in place under an optimistic version, and are never removed -------------------


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


# --- plumbing: rows come and go -------------------------------------------------------------------------------


class OutboxRow(SQLModel, table=True):
    """An order to the outside, durable until it is done. `once` holds one row per thing to do."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_next", "state", "due_at"), UniqueConstraint("once"))
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    type: str
    lane: str
    once: str
    ticket: str | None = None
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    priority: int = 5
    state: str = "ready"
    due_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    stamp: int = 0
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    problem: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(sa_type=Instant)


class SearchRow(SQLModel, table=True):
    """A text as the search finds it, made from the record and gone with what is erased there.

    `id` says when it was said and which content it is (`bot.store.filing.key`). A full-text index stands beside it:
    the virtual table `search_words` on SQLite, a GIN index on PostgreSQL.
    """

    __tablename__ = "search"
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    ticket: str = Field(index=True)
    place: str
    at: datetime = Field(sa_type=Instant)
    words: str = Field(sa_type=Words)


class CursorRow(SQLModel, table=True):
    """How far an account's listener has come."""

    __tablename__ = "cursors"
    account: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class LeaseRow(SQLModel, table=True):
    """Who does something that only one process may do at a time."""

    __tablename__ = "leases"
    name: str = Field(primary_key=True)
    owner: str
    until: datetime = Field(sa_type=Instant)


class CounterRow(SQLModel, table=True):
    """The next number of each kind; taken in the same transaction as what it numbers."""

    __tablename__ = "counters"
    name: str = Field(primary_key=True)
    next: int = Field(sa_type=BigInteger)


class DigestRow(SQLModel, table=True):
    """A digest that a room is to have, or had: one row for each room and day, whatever clocks and processes do.

    `due_at` is when it should have come, `first` and `days` are the days that it is about. `tried_at` is set before the
    chat is told and emptied when the chat surely was not; `said_at` when it stood there.
    """

    __tablename__ = "digests"
    room: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    first: str
    days: int
    due_at: datetime = Field(sa_type=Instant)
    ordered_at: datetime = Field(sa_type=Instant)
    tried_at: datetime | None = Field(default=None, sa_type=Instant)
    said_at: datetime | None = Field(default=None, sa_type=Instant)


class KeepRow(SQLModel, table=True):
    """An adapter's drawer: sessions, rotated tokens."""

    __tablename__ = "keep"
    owner: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)


events = table_of(EventRow)
contents = table_of(ContentRow)
items = table_of(ItemRow)
revisions = table_of(RevisionRow)
decisions = table_of(DecisionRow)
publications = table_of(PublicationRow)
seals = table_of(SealRow)
authors = table_of(AuthorRow)
tickets = table_of(TicketRow)
replies = table_of(ReplyRow)
people = table_of(PersonRow)
identities = table_of(IdentityRow)
switches = table_of(SwitchRow)
accounts = table_of(AccountRow)
cards = table_of(CardRow)
outbox = table_of(OutboxRow)
search = table_of(SearchRow)
cursors = table_of(CursorRow)
leases = table_of(LeaseRow)
counters = table_of(CounterRow)
keep = table_of(KeepRow)
digests = table_of(DigestRow)

APPEND_ONLY = ("events", "items", "revisions", "decisions", "publications", "seals")
"""Tables of record that refuse UPDATE and DELETE."""
NO_DELETE = (*APPEND_ONLY, "contents", "authors", "tickets", "replies", "people", "identities", "switches", "cards")
"""Tables that lose no rows."""
SEARCH_INDEX = "search_words"
"""The full-text index; on SQLite a virtual table with others behind it, whose names begin with its own."""
metadata = SQLModel.metadata
