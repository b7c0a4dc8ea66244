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
    BindParameter,
    ColumnElement,
    Connection,
    Select,
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
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import RowMapping

LEASE = timedelta(seconds=60)
NEW = 6
"""The priority of a card that is new to its room."""
MANY = 30
"""New cards that wait for one room from which on people are told of it."""
TRICKLE = and_(
    t.outbox.c.type == "card", t.outbox.c.priority == NEW, t.outbox.c.attempts == 0, t.outbox.c.state == "ready"
)
"""New cards that wait for their turn and nothing else: a room takes about one a second."""
_MANY = 500
"""How many numbers one IN may hold."""

# Built once: to put a statement together takes longer than the database needs for it.
_NOW: BindParameter[datetime] = bindparam("now", type_=t.outbox.c.due_at.type)
_BUSY: BindParameter[Any] = bindparam("busy", expanding=True)
_IDS = t.outbox.c.id.in_(bindparam("ids", expanding=True))
_MINE = t.outbox.c.lease_owner == bindparam("owner")
_LEASE = update(t.outbox).where(_IDS).values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
_DONE = delete(t.outbox).where(
    t.outbox.c.id == bindparam("order_id"), t.outbox.c.stamp == bindparam("order_stamp"), _MINE
)
_LET_GO = update(t.outbox).where(_IDS, _MINE).values(lease_owner=None, lease_until=None)
_HELD = select(t.outbox.c.id, t.outbox.c.lane, t.outbox.c.priority).where(_MINE)
_FREE = update(t.outbox).where(_IDS, _MINE).values(lease_owner=None, lease_until=None, attempts=0)


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
    created_at: datetime | None = None


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
    sooner = add.excluded.priority < t.outbox.c.priority
    touch = {
        "stamp": t.outbox.c.stamp + 1,
        # What has become critical meanwhile must not keep the place of what was not.
        "priority": case((sooner, add.excluded.priority), else_=t.outbox.c.priority),
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
    given = {"owner": owner, "now": now, "busy": list(busy_lanes), "limit": limit}
    rows = conn.execute(_due(paused=paused), given).mappings().all()
    if rows:
        taken = {"ids": [row["id"] for row in rows], "owner": owner, "until": now + LEASE}
        conn.execute(_LEASE, taken)
    return [_from_row(row) for row in rows]


@functools.cache
def _due(*, paused: bool) -> Select[Any]:
    """The due orders that nobody holds; see `claim`."""
    o = t.outbox.c
    free = or_(o.lease_until.is_(None), o.lease_until <= _NOW)
    wanted = and_(o.state == "ready", o.due_at <= _NOW, free, o.lane.not_in(_BUSY), _not_in_other_hands())
    if paused:
        wanted = and_(wanted, o.type != "publish")
    chosen = select(t.outbox).where(wanted).order_by(o.priority, o.due_at, o.id).limit(bindparam("limit"))
    return chosen.with_for_update(skip_locked=True)


def _from_row(row: RowMapping) -> Order:
    return Order(
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
        created_at=row["created_at"],
    )


def _not_in_other_hands() -> ColumnElement[bool]:
    """No other process is at work for the same ticket in the same lane."""
    o, other = t.outbox.c, t.outbox.alias("other").c
    theirs = select(other.lane, other.ticket).where(
        other.lease_owner != bindparam("owner"), other.lease_until > _NOW, other.ticket.is_not(None)
    )
    return or_(o.ticket.is_(None), tuple_(o.lane, o.ticket).not_in(theirs))


def holds(conn: Connection, owner: str, order: Order) -> bool:
    """Whether an order is still this owner's: one that was silent for too long has lost it to somebody else."""
    o = t.outbox.c
    return conn.execute(select(o.id).where(o.id == order.id, o.lease_owner == owner)).first() is not None


def touched(conn: Connection, order: Order) -> bool:
    """Whether it was ordered again since it was taken, perhaps with another payload."""
    o = t.outbox.c
    return conn.execute(select(o.stamp).where(o.id == order.id)).scalar() != order.stamp


def renew(conn: Connection, owner: str, ids: Collection[int], now: datetime) -> None:
    """Hold on to orders that take long."""
    o = t.outbox.c
    mine = and_(o.id.in_(list(ids)), o.lease_owner == owner)
    conn.execute(update(t.outbox).where(mine).values(lease_until=now + LEASE))


def finish(conn: Connection, owner: str, orders: Sequence[Order]) -> None:
    """Carried out. What was touched meanwhile stays, free to be taken again."""
    if not orders:
        return
    conn.execute(_DONE, [{"order_id": x.id, "order_stamp": x.stamp, "owner": owner} for x in orders])
    conn.execute(_FREE, {"ids": [x.id for x in orders], "owner": owner})


def put_off(conn: Connection, owner: str, order: Order, *, until: datetime, problem: str | None, failed: bool) -> None:
    """Not now: try again later. `failed` counts as an attempt, waiting for something else does not."""
    o = t.outbox.c
    mine = and_(o.id == order.id, o.lease_owner == owner)
    attempts = o.attempts + 1 if failed else o.attempts
    # A touch that came meanwhile wants it at its own time.
    due = case((o.stamp == order.stamp, literal(until, o.due_at.type)), else_=o.due_at)
    values = {"lease_owner": None, "lease_until": None, "attempts": attempts, "due_at": due, "problem": problem}
    conn.execute(update(t.outbox).where(mine).values(values))


def let_go(conn: Connection, owner: str, orders: Sequence[Order]) -> None:
    """Not now, because something else is more pressing: they keep their place."""
    conn.execute(_LET_GO, {"ids": [order.id for order in orders], "owner": owner})


def pressing(
    conn: Connection, owner: str, now: datetime, lanes: Collection[str], held: Mapping[int, int]
) -> dict[str, int]:
    """The highest priority (0 is the highest) of what is due in each lane and not in hand at that priority.

    `held` are the priorities of the orders in this owner's hands, as they were when they were claimed.
    """
    given = {"owner": owner, "now": now, "busy": list(lanes)}
    found = {row.lane: row.priority for row in conn.execute(_pressing(), given)}
    for row in conn.execute(_HELD, {"owner": owner}):
        if row.priority < held.get(row.id, row.priority):
            found[row.lane] = min(row.priority, found.get(row.lane, row.priority))
    return found


@functools.cache
def _pressing() -> Select[Any]:
    o = t.outbox.c
    free = or_(o.lease_until.is_(None), o.lease_until <= _NOW)
    wanted = and_(o.state == "ready", o.due_at <= _NOW, free, o.lane.in_(_BUSY), _not_in_other_hands())
    return select(o.lane, func.min(o.priority).label("priority")).where(wanted).group_by(o.lane)


def bury(conn: Connection, owner: str, order: Order, problem: str) -> None:
    """Tried often enough: it waits for a person."""
    o = t.outbox.c
    values = {"state": "dead", "lease_owner": None, "lease_until": None, "problem": problem}
    conn.execute(update(t.outbox).where(o.id == order.id, o.lease_owner == owner).values(values))


def has_dead(conn: Connection, lane: str, problem: str) -> bool:
    """Whether an order of this lane was given up for this reason, and nobody has taken care of it yet."""
    o = t.outbox.c
    same = select(o.id).where(o.state == "dead", o.lane == lane, o.problem == problem)
    return conn.execute(same.limit(1)).first() is not None


def dead(conn: Connection, *, ticket: str | None = None, number: int | None = None) -> list[int]:
    """The numbers of the orders that were given up: of one ticket, one alone, or all."""
    o = t.outbox.c
    wanted = o.state == "dead"
    if ticket is not None:
        wanted = and_(wanted, o.ticket == ticket)
    if number is not None:
        wanted = and_(wanted, o.id == number)
    return list(conn.execute(select(o.id).where(wanted).order_by(o.id)).scalars())


def revive(conn: Connection, now: datetime, numbers: Sequence[int]) -> None:
    """Let dead orders be tried again."""
    o = t.outbox.c
    for start in range(0, len(numbers), _MANY):
        some = and_(o.state == "dead", o.id.in_(numbers[start : start + _MANY]))
        conn.execute(update(t.outbox).where(some).values(state="ready", attempts=0, due_at=now))


def take_off(conn: Connection, number: int) -> Order | None:
    """Let go of a dead order that a person took care of; what it was, or None when there is none."""
    o = t.outbox.c
    gone = delete(t.outbox).where(o.id == number, o.state == "dead").returning(t.outbox)
    row = conn.execute(gone).mappings().one_or_none()
    return None if row is None else _from_row(row)


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
    given: dict[str, Any] = {"busy": list(busy_lanes)}
    if but_for is not None:
        given["owner"], given["now"] = but_for
    value: datetime | None = conn.execute(_next_due(paused=paused, shared=but_for is not None), given).scalar()
    return value


@functools.cache
def _next_due(*, paused: bool, shared: bool) -> Select[Any]:
    o = t.outbox.c
    wanted = and_(o.state == "ready", o.lane.not_in(_BUSY))
    if shared:
        wanted = and_(wanted, _not_in_other_hands())
    if paused:
        wanted = and_(wanted, o.type != "publish")
    # Whoever holds it may be dead: then it is free when the lease runs out.
    free = case((and_(o.lease_until.is_not(None), o.lease_until > o.due_at), o.lease_until), else_=o.due_at)
    return select(func.min(free)).where(wanted)
