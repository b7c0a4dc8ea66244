"""Plumbing: rows come and go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.columns import Instant, Key, Words


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
