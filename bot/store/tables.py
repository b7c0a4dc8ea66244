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
UNFINISHED = text("status IN ('open', 'waiting')")
"""What the index that open tickets are counted by holds; a query must say it in the same words to use it."""


# --- tables of record: rows are only ever added ---------------------------------------------------------------


class EventRow(SQLModel, table=True):
    """The log: who did what when. Ids and small values, never a text."""

    __tablename__ = "events"
    # Of the whole log, the figures of a day want these alone.
    __table_args__ = (Index("ix_events_withdrawn", "at", sqlite_where=WITHDRAWN, postgresql_where=WITHDRAWN),)
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

    `facts` lists what the text relies on (`bot.core.types.Cited`), `made` says how a model made it (`Made`).
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
    """A person outside, known by the network's own id. Erasure takes the id away and leaves the number."""

    __tablename__ = "authors"
    __table_args__ = (UniqueConstraint("account", "native_id"),)
    id: int = Field(sa_column=Column(Key, primary_key=True, autoincrement=False))
    account: str
    native_id: str | None = None
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class TicketRow(SQLModel, table=True):
    """One person's matter in one conversation."""

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
        Index("ix_tickets_opened", "opened_at"),
        Index("ix_tickets_answered", "answered_at"),
        Index("ix_tickets_closed", "closed_at"),
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
    incident: str | None = None
    messages: int = 1
    replies: int = 0
    quorum: int = 1
    version: int = 1


class ReplyRow(SQLModel, table=True):
    """One reply to one item, in one of the states of `bot.core.reply`."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("ticket", "number"),
        Index("ix_replies_state", "state"),
        Index("ix_replies_posted", "account", "posted_id"),
        Index("ix_replies_sent", "posted_at"),
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

APPEND_ONLY = ("events", "items", "revisions", "decisions", "publications", "seals")
"""Tables of record that refuse UPDATE and DELETE."""
NO_DELETE = (*APPEND_ONLY, "contents", "authors", "tickets", "replies", "people", "identities", "switches", "cards")
"""Tables that lose no rows."""
SEARCH_INDEX = "search_words"
"""The full-text index; on SQLite a virtual table with others behind it, whose names begin with its own."""
metadata = SQLModel.metadata
