"""How things stand on record at one moment, as numbers: the queue, replies, orders, adapters, seals.

Only what is unfinished is counted: that stays small however long the record grows, and has indexes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from bot.core.types import ReplyState, TicketStatus
from bot.reports.labels import ORDERS, known
from bot.store.queries import active_switches
from bot.store.tables import accounts, events, outbox, replies, seals, tickets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Select

FINISHED = (ReplyState.PUBLISHED.value, ReplyState.WITHDRAWN.value)
"""Replies that nobody has to do anything about."""
ACTIVE = tuple(status.value for status in TicketStatus if status is not TicketStatus.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One moment. Ages are seconds, 0 where there is nothing; `sealed_at` is None before the first seal.

    `tickets` by (status, severity), `orders` by (type, state), `adapters` by (part, id) whether they work.
    """

    tickets: Mapping[tuple[str, str], int] = field(default_factory=dict)
    overdue: Mapping[str, int] = field(default_factory=dict)
    oldest: Mapping[str, float] = field(default_factory=dict)
    replies: Mapping[str, int] = field(default_factory=dict)
    orders: Mapping[tuple[str, str], int] = field(default_factory=dict)
    late: Mapping[str, float] = field(default_factory=dict)
    adapters: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    unsealed: int = 0
    sealed_at: datetime | None = None


def standing(conn: Connection, now: datetime) -> Standing:
    """How things stand in this snapshot."""
    k, a = tickets.c, accounts.c
    active = k.status.in_(ACTIVE)
    unanswered = and_(active, k.answered_at.is_(None))
    queue = select(k.status, k.severity, func.count()).where(active).group_by(k.status, k.severity)
    waiting = select(k.severity, func.min(k.opened_at)).where(and_(unanswered, k.status == TicketStatus.OPEN.value))
    overdue = select(k.severity, func.count()).where(and_(active, k.due_at < now)).group_by(k.severity)
    unfinished = [state.value for state in ReplyState if state.value not in FINISHED]
    r = replies.c
    by_state = select(r.state, func.count()).where(r.state.in_(unfinished)).group_by(r.state)
    orders, late = _orders(conn, now)
    # By its key: there is a seal for every minute of years.
    last = conn.execute(select(seals.c.last_seq, seals.c.at).order_by(seals.c.id.desc()).limit(1)).one_or_none()
    return Standing(
        tickets={(status, severity): many for status, severity, many in conn.execute(queue)},
        overdue=_counts(conn, overdue),
        oldest={severity: _age(at, now) for severity, at in conn.execute(waiting.group_by(k.severity))},
        replies=_counts(conn, by_state),
        orders=orders,
        late=late,
        adapters={
            (row.part, row.id.partition(":")[2]): row.state == "ok"
            for row in conn.execute(select(a.part, a.id, a.state))
        },
        switches=frozenset(active_switches(conn)),
        unsealed=conn.execute(select(func.count()).where(events.c.seq > (last.last_seq if last else 0))).scalar_one(),
        sealed_at=last.at if last else None,
    )


def _orders(conn: Connection, now: datetime) -> tuple[dict[tuple[str, str], int], dict[str, float]]:
    """How many orders there are, and by how long the oldest due one of each type is late."""
    o = outbox.c
    counts: dict[tuple[str, str], int] = defaultdict(int)
    late: dict[str, float] = defaultdict(float)
    for type_, state, many, due in conn.execute(
        select(o.type, o.state, func.count(), func.min(o.due_at)).group_by(o.type, o.state)
    ):
        name = known(type_, ORDERS)
        counts[name, state] += many
        if state == "ready":
            late[name] = max(late[name], _age(due, now))
    return counts, late


def _counts(conn: Connection, query: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in conn.execute(query)}


def _age(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max((now - at).total_seconds(), 0.0)
