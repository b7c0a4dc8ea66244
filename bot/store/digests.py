"""Which digests were ordered and said: one row for each room and day, so that none comes twice."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects import sqlite

from bot.store.tables import digests, events

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.core.digest import Occasion

Fate = Literal["fresh", "tried", "said"]
"""What is known of a digest: not sent, perhaps sent (the answer was lost), or sent."""


def begun(conn: Connection) -> datetime | None:
    """When the record begins; None where there is nothing on it."""
    at: datetime | None = conn.execute(select(events.c.at).order_by(events.c.seq).limit(1)).scalar()
    return at


def newest(conn: Connection) -> int:
    """The number of the newest fact on record; 0 where there is none. While it stays, so does all that is counted."""
    number: int = conn.execute(select(func.coalesce(func.max(events.c.seq), 0))).scalar_one()
    return number


def on_record(conn: Connection, before: datetime) -> bool:
    """Whether anything happened before a moment that a digest could tell."""
    first = begun(conn)
    return first is not None and first < before


def put(conn: Connection, room: str, occasion: Occasion, now: datetime) -> bool:
    """Put a digest on record as ordered; False when it was already. Of two processes at once one is first."""
    row = {
        "room": room,
        "day": occasion.day.isoformat(),
        "first": occasion.span.first.isoformat(),
        "days": occasion.span.days,
        "due_at": occasion.at,
        "ordered_at": now,
    }
    return conn.execute(_put(conn.dialect.name), row).first() is not None


@functools.cache
def _put(database: str) -> Any:
    if database == "sqlite":
        add: Any = sqlite.insert(digests)
    else:
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- 100 ms that the embedded database does not need

        add = postgresql.insert(digests)
    # What comes back tells it: not every driver counts the rows of an INSERT.
    return add.on_conflict_do_nothing(index_elements=["room", "day"]).returning(digests.c.room)


def fate(conn: Connection, room: str, day: str) -> Fate:
    """What became of a digest so far."""
    row = conn.execute(select(digests.c.tried_at, digests.c.said_at).where(_this(room, day))).one_or_none()
    if row is None or (row.said_at is None and row.tried_at is None):
        return "fresh"
    return "tried" if row.said_at is None else "said"


def tried(conn: Connection, room: str, day: str, now: datetime | None) -> None:
    """The chat is about to be told; with None, it surely was not, or a person wants another try."""
    conn.execute(update(digests).where(_this(room, day)).values(tried_at=now))


def said(conn: Connection, room: str, day: str, now: datetime) -> None:
    """It stands in the room."""
    conn.execute(update(digests).where(_this(room, day)).values(said_at=now))


def _this(room: str, day: str) -> ColumnElement[bool]:
    return and_(digests.c.room == room, digests.c.day == day)
