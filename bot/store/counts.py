"""How many tickets stand in each part of the queue."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select, true, tuple_

from bot.core.inbox import Counts
from bot.core.types import TicketStatus
from bot.store.partial import UNFINISHED
from bot.store.rolls import IS_ROLL
from bot.store.tables import tickets

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.inbox import Narrow, Seen

OPEN = (TicketStatus.OPEN.value, TicketStatus.WAITING.value)


def narrowed(narrow: Narrow) -> ColumnElement[bool]:
    """The condition for a `Narrow`, with places for `now` and, unless `narrow.seen` is None, for `seen`."""
    wanted: list[ColumnElement[bool]] = []
    if narrow.account is not None:
        wanted.append(tickets.c.account == narrow.account)
    if narrow.severity is not None:
        wanted.append(tickets.c.severity == narrow.severity.value)
    if narrow.overdue:
        wanted.append(tickets.c.due_at < bindparam("now", type_=tickets.c.due_at.type))
    if narrow.seen is not None:
        wanted.append(tuple_(tickets.c.id, tickets.c.version).not_in(bindparam("seen", expanding=True)))
    if narrow.rolls:
        wanted.append(IS_ROLL)
    return and_(true(), *wanted)


def counts(conn: Connection, now: datetime, *, person: str, seen: Seen = frozenset()) -> Counts:
    """What `person` finds in each part of the queue; unread is what does not stand as in `seen`."""
    mine = func.sum(case((tickets.c.assignee == person, 1), else_=0))
    late = func.sum(case((tickets.c.due_at < now, 1), else_=0))
    keys = (tickets.c.status, tickets.c.severity, tickets.c.account)
    # In the words of the index, and of nothing that is not in it: a look at each open ticket would take longer.
    query = select(*keys, func.count(), mine, late).where(UNFINISHED).group_by(*keys)
    total: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    for status, severity, account, many, own, overdue in conn.execute(query):
        waiting = many if status == TicketStatus.WAITING.value else 0
        total.update(open=many, mine=own, overdue=overdue, waiting=waiting)
        severities[severity] += many
        accounts[account] += many
    return Counts(
        **total,
        unread=total["open"] - _read(conn, seen),
        snoozed=_many(conn, TicketStatus.SNOOZED),
        closed=_many(conn, TicketStatus.CLOSED),
        by_severity=dict(severities),
        by_account=dict(accounts),
    )


def _read(conn: Connection, seen: Seen) -> int:
    """How many open tickets stand as they were seen: a look-up for each, where counting the others reads the table."""
    if not seen:
        return 0
    unfinished = tickets.c.status.in_(OPEN)
    ids = sorted({ticket for ticket, _ in seen})
    rows = conn.execute(select(tickets.c.id, tickets.c.version).where(tickets.c.id.in_(ids), unfinished))
    return sum((ticket, version) in seen for ticket, version in rows)


def _many(conn: Connection, status: TicketStatus) -> int:
    return conn.execute(select(func.count()).select_from(tickets).where(tickets.c.status == status.value)).scalar_one()
