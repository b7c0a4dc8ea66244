"""Leases: what only one process may do at a time is done by whoever holds its name, until the time runs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, or_, select, update

from bot.store.tables import leases

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

_l = leases.c


def take(conn: Connection, name: str, owner: str, now: datetime, life: timedelta) -> bool:
    """Take a lease that is free or has run out, or hold on to one's own; whether that worked."""
    values = {"owner": owner, "until": now + life}
    free = and_(_l.name == name, or_(_l.owner == owner, _l.until <= now))
    if conn.execute(update(leases).where(free).values(values)).rowcount:
        return True
    if conn.execute(select(_l.name).where(_l.name == name)).first() is not None:
        return False
    conn.execute(insert(leases).values(name=name, **values))
    return True


def is_free(conn: Connection, name: str, owner: str, now: datetime) -> bool:
    """Whether `take` would work now."""
    return conn.execute(select(_l.name).where(_l.name == name, _l.owner != owner, _l.until > now)).first() is None


def let_go(conn: Connection, owner: str) -> None:
    """Give everything back that this owner holds."""
    conn.execute(delete(leases).where(_l.owner == owner))


def count(conn: Connection, prefix: str, now: datetime) -> int:
    """How many leases are held whose names begin so."""
    held = and_(_l.name.startswith(prefix, autoescape=True), _l.until > now)
    return conn.execute(select(func.count()).select_from(leases).where(held)).scalar_one()


def sweep(conn: Connection, prefix: str, now: datetime) -> None:
    """Forget those that ran out, of names that are used once."""
    conn.execute(delete(leases).where(_l.name.startswith(prefix, autoescape=True), _l.until <= now))
