"""An adapter's drawer: small values that outlive a restart, such as sessions and rotated tokens."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import sqlite

from bot.store.tables import keep

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

# Built once: to put a statement together takes longer than the database needs for it.
_THIS = (keep.c.owner == bindparam("of_owner")) & (keep.c.key == bindparam("of_key"))
_GET = select(keep.c.value, keep.c.expires_at).where(_THIS)
_TAKE = keep.delete().where(_THIS).returning(keep.c.value, keep.c.expires_at)


def get(conn: Connection, owner: str, key: str, now: datetime) -> str | None:
    """The value, unless it has expired."""
    row = conn.execute(_GET, {"of_owner": owner, "of_key": key}).one_or_none()
    return None if row is None or _over(row.expires_at, now) else str(row.value)


def put(
    conn: Connection, owner: str, key: str, value: str, now: datetime, *, lifetime: timedelta | None = None
) -> None:
    """Keep a value, replacing what was there."""
    expires_at = None if lifetime is None else now + lifetime
    row = {"owner": owner, "key": key, "value": value, "expires_at": expires_at}
    conn.execute(_put(conn.dialect.name), row)


def put_new(conn: Connection, owner: str, key: str, value: str, now: datetime, *, lifetime: timedelta) -> bool:
    """Keep a value unless there is one, be it expired; whether there was none. Of two at once one is first."""
    row = {"owner": owner, "key": key, "value": value, "expires_at": now + lifetime}
    return conn.execute(_put_new(conn.dialect.name), row).first() is not None


@functools.cache
def _put(database: str) -> Any:
    add = _insert(database)
    new = {"value": add.excluded.value, "expires_at": add.excluded.expires_at}
    return add.on_conflict_do_update(index_elements=["owner", "key"], set_=new)


@functools.cache
def _put_new(database: str) -> Any:
    # What comes back tells it: not every driver counts the rows of an INSERT.
    return _insert(database).on_conflict_do_nothing(index_elements=["owner", "key"]).returning(keep.c.key)


def _insert(database: str) -> Any:
    if database == "sqlite":
        return sqlite.insert(keep)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- 100 ms that the embedded database does not need

    return postgresql.insert(keep)


def take(conn: Connection, owner: str, key: str, now: datetime) -> str | None:
    """Read and remove in one step: of two takers one gets it. What has expired is removed and not given."""
    row = conn.execute(_TAKE, {"of_owner": owner, "of_key": key}).one_or_none()
    return None if row is None or _over(row.expires_at, now) else str(row.value)


def sweep(conn: Connection, now: datetime) -> int:
    """Throw away what has expired; returns how many values that were."""
    return conn.execute(keep.delete().where(keep.c.expires_at <= now)).rowcount


def _over(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now
