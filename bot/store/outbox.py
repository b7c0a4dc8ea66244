"""The outbox: orders to the outside that are durable before they are carried out.

A row is claimed under a lease by a conditional update; a worker that dies loses the lease and another one takes
over. `once` names the thing to do: ordering it again while it waits only touches the row (its `stamp` counts), and
an order touched while it was being carried out is carried out once more.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import sqlite

from bot.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LEASE = timedelta(seconds=60)


@dataclass(slots=True, kw_only=True)
class Order:
    """Something to be done outside: `lane` is the account or room whose budget it uses, 0 the highest priority."""

    type: str
    lane: str
    once: str
    due_at: datetime
    ticket: str | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    priority: int = 5
    id: int = 0
    attempts: int = 0
    stamp: int = 0


def write_orders(conn: Connection, orders: Sequence[Order], now: datetime) -> None:
    """Add orders; one whose `once` is there already is touched instead (and a dead one revived)."""
    if not orders:
        return
    rows = [
        {
            "id": order.id,
            "type": order.type,
            "lane": order.lane,
            "once": order.once,
            "ticket": order.ticket,
            "payload": order.payload,
            "priority": order.priority,
            "state": "ready",
            "due_at": order.due_at,
            "attempts": 0,
            "stamp": 0,
            "created_at": now,
        }
        for order in orders
    ]
    conn.execute(_add(conn.dialect.name), rows)


@functools.cache
def _add(database: str) -> Any:
    if database == "sqlite":
        add: Any = sqlite.insert(t.outbox)
    else:
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- 100 ms that the embedded database does not need

        add = postgresql.insert(t.outbox)
    touch = {
        "stamp": t.outbox.c.stamp + 1,
        "due_at": add.excluded.due_at,
        "payload": add.excluded.payload,
        "state": "ready",
        "attempts": case((t.outbox.c.state == "dead", 0), else_=t.outbox.c.attempts),
    }
    return add.on_conflict_do_update(index_elements=["once"], set_=touch)


def claim(
    conn: Connection, owner: str, now: datetime, *, limit: int, busy_lanes: Collection[str], paused: bool
) -> list[Order]:
    """Take up to `limit` due orders under a lease, most urgent first, none of a busy lane.

    What is to be said or posted about a ticket in one lane goes through one hand at a time, in its order.
    While paused nothing is taken that would reach a network; cards and words to the team go on.
    """
    o = t.outbox.c
    free = or_(o.lease_until.is_(None), o.lease_until <= now)
    wanted = and_(o.state == "ready", o.due_at <= now, free, _not_in_other_hands(owner, now))
    if busy_lanes:
        wanted = and_(wanted, o.lane.not_in(list(busy_lanes)))
    if paused:
        wanted = and_(wanted, o.type != "publish")
    chosen = select(o.id).where(wanted).order_by(o.priority, o.due_at, o.id).limit(limit)
    ids = list(conn.execute(chosen.with_for_update(skip_locked=True)).scalars())
    if not ids:
        return []
    conn.execute(update(t.outbox).where(o.id.in_(ids)).values(lease_owner=owner, lease_until=now + LEASE))
    rows = conn.execute(select(t.outbox).where(o.id.in_(ids)).order_by(o.priority, o.due_at, o.id)).mappings()
    return [
        Order(
            id=row["id"],
            type=row["type"],
            lane=row["lane"],
            once=row["once"],
            ticket=row["ticket"],
            payload=row["payload"],
            priority=row["priority"],
            due_at=row["due_at"],
            attempts=row["attempts"],
            stamp=row["stamp"],
        )
        for row in rows
    ]


def _not_in_other_hands(owner: str, now: datetime) -> ColumnElement[bool]:
    """No other process is at work for the same ticket in the same lane."""
    o, other = t.outbox.c, t.outbox.alias("other").c
    theirs = select(other.lane, other.ticket).where(
        other.lease_owner != owner, other.lease_until > now, other.ticket.is_not(None)
    )
    return or_(o.ticket.is_(None), tuple_(o.lane, o.ticket).not_in(theirs))


def holds(conn: Connection, owner: str, order: Order) -> bool:
    """Whether an order is still this owner's: one that was silent for too long has lost it to somebody else."""
    o = t.outbox.c
    return conn.execute(select(o.id).where(o.id == order.id, o.lease_owner == owner)).first() is not None


def renew(conn: Connection, owner: str, ids: Collection[int], now: datetime) -> None:
    """Hold on to orders that take long."""
    o = t.outbox.c
    mine = and_(o.id.in_(list(ids)), o.lease_owner == owner)
    conn.execute(update(t.outbox).where(mine).values(lease_until=now + LEASE))


def finish(conn: Connection, owner: str, orders: Sequence[Order]) -> None:
    """Carried out. What was touched meanwhile stays, free to be taken again."""
    if not orders:
        return
    o = t.outbox.c
    mine = and_(o.id == bindparam("order_id"), o.stamp == bindparam("order_stamp"), o.lease_owner == owner)
    conn.execute(delete(t.outbox).where(mine), [{"order_id": x.id, "order_stamp": x.stamp} for x in orders])
    left = and_(o.id.in_([x.id for x in orders]), o.lease_owner == owner)
    conn.execute(update(t.outbox).where(left).values(lease_owner=None, lease_until=None, attempts=0))


def put_off(conn: Connection, owner: str, order: Order, *, until: datetime, problem: str | None, failed: bool) -> None:
    """Not now: try again later. `failed` counts as an attempt, waiting for something else does not."""
    o = t.outbox.c
    mine = and_(o.id == order.id, o.lease_owner == owner)
    attempts = o.attempts + 1 if failed else o.attempts
    # A touch that came meanwhile wants it at its own time.
    due = case((o.stamp == order.stamp, literal(until, o.due_at.type)), else_=o.due_at)
    values = {"lease_owner": None, "lease_until": None, "attempts": attempts, "due_at": due, "problem": problem}
    conn.execute(update(t.outbox).where(mine).values(values))


def bury(conn: Connection, owner: str, order: Order, problem: str) -> None:
    """Tried often enough: it waits for a person."""
    o = t.outbox.c
    values = {"state": "dead", "lease_owner": None, "lease_until": None, "problem": problem}
    conn.execute(update(t.outbox).where(o.id == order.id, o.lease_owner == owner).values(values))


def revive(conn: Connection, now: datetime, *, ticket: str | None = None) -> int:
    """Let dead orders be tried again, of one ticket or all; how many there were."""
    o = t.outbox.c
    dead = o.state == "dead" if ticket is None else and_(o.state == "dead", o.ticket == ticket)
    done = conn.execute(update(t.outbox).where(dead).values(state="ready", attempts=0, due_at=now))
    return done.rowcount


def release_all(conn: Connection, owner: str | None = None) -> int:
    """Take back every lease, or one owner's: for a single process that starts, all holders are dead."""
    held = t.outbox.c.lease_owner.is_not(None) if owner is None else t.outbox.c.lease_owner == owner
    return conn.execute(update(t.outbox).where(held).values(lease_owner=None, lease_until=None)).rowcount


def next_due(
    conn: Connection,
    *,
    paused: bool,
    busy_lanes: Collection[str] = (),
    but_for: tuple[str, datetime] | None = None,
) -> datetime | None:
    """When the next order whose lane is free may be taken: it is due, and nobody holds it (any more).

    With `but_for` (an owner, and the time) what others are at work for does not count; see `claim`.
    """
    o = t.outbox.c
    wanted = o.state == "ready"
    if but_for is not None:
        wanted = and_(wanted, _not_in_other_hands(*but_for))
    if busy_lanes:
        wanted = and_(wanted, o.lane.not_in(list(busy_lanes)))
    if paused:
        wanted = and_(wanted, o.type != "publish")
    # Whoever holds it may be dead: then it is free when the lease runs out.
    free = case((and_(o.lease_until.is_not(None), o.lease_until > o.due_at), o.lease_until), else_=o.due_at)
    value: datetime | None = conn.execute(select(func.min(free)).where(wanted)).scalar()
    return value
