"""Tables of record: rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.columns import Instant, Key, Maybe
from bot.store.partial import GONE, PRESS, WITHDRAWN


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
