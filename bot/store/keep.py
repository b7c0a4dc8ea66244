"""An adapter's drawer: small values that outlive a restart, such as sessions and rotated tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.tables import keep

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement, Connection


def get(conn: Connection, owner: str, key: str, now: datetime) -> str | None:
    """The value, unless it has expired."""
    row = conn.execute(select(keep.c.value, keep.c.expires_at).where(_at(owner, key))).one_or_none()
    return None if row is None or _over(row.expires_at, now) else str(row.value)


def put(
    conn: Connection, owner: str, key: str, value: str, now: datetime, *, lifetime: timedelta | None = None
) -> None:
    """Keep a value, replacing what was there."""
    values = {"value": value, "expires_at": None if lifetime is None else now + lifetime}
    if conn.execute(keep.update().where(_at(owner, key)).values(values)).rowcount == 0:
        conn.execute(keep.insert().values(owner=owner, key=key, **values))


def take(conn: Connection, owner: str, key: str, now: datetime) -> str | None:
    """Read and remove in one step: of two takers one gets it. What has expired is removed and not given."""
    row = conn.execute(keep.delete().where(_at(owner, key)).returning(keep.c.value, keep.c.expires_at)).one_or_none()
    return None if row is None or _over(row.expires_at, now) else str(row.value)


def sweep(conn: Connection, now: datetime) -> int:
    """Throw away what has expired; returns how many values that were."""
    return conn.execute(keep.delete().where(keep.c.expires_at <= now)).rowcount


def _at(owner: str, key: str) -> ColumnElement[bool]:
    return (keep.c.owner == owner) & (keep.c.key == key)


def _over(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now
