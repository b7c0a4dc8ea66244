"""What waits for a person: orders that were given up, and replies whose fate a person must tell."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select, true

from bot.core.letters import Letter, LetterState, Muting, order_id, order_number, remedies
from bot.core.messages import Announce
from bot.core.types import ReplyState, TicketStatus
from bot.store import tables as t
from bot.store.vanished import LOST

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, RowMapping, Select

MUTE = "mute:"
"""How the switches of mutings begin."""
_DEAD = t.outbox.c.state == "dead"
_OPEN = t.tickets.c.status != TicketStatus.CLOSED.value
_NEWEST = t.replies.c.number == t.tickets.c.replies
_WAITS = or_(
    t.replies.c.state == ReplyState.UNCERTAIN.value,
    and_(t.replies.c.state == ReplyState.HANDED_OFF.value, _OPEN),
    and_(t.replies.c.state == ReplyState.REJECTED.value, _OPEN, _NEWEST),
    LOST,
)
# What was published waits only where it vanished.
_STATE = case((t.replies.c.state == ReplyState.PUBLISHED.value, LetterState.VANISHED.value), else_=t.replies.c.state)
_RANK = case({state.value: state.rank for state in LetterState}, value=_STATE)


def letters(conn: Connection, *, ticket: str | None = None, limit: int = 100) -> list[Letter]:
    """The most pressing first, then the oldest; of one ticket, or all."""
    of_ticket = true() if ticket is None else t.tickets.c.id == ticket.strip().upper()
    found = _replies(conn, of_ticket, limit)
    if len(found) < limit:
        of_orders = true() if ticket is None else t.outbox.c.ticket == ticket.strip().upper()
        found += _orders(conn, of_orders, limit - len(found))
    return found


def letter(conn: Connection, name: str) -> Letter | None:
    """By an order's id (`E17`), a reply's (`K7Q2.1`), or a ticket's: then the most pressing one."""
    number = order_number(name.strip())
    if number is not None:
        found = _orders(conn, t.outbox.c.id == number, 1)
    elif "." in name:
        found = _replies(conn, t.replies.c.id == name.strip().upper(), 1)
    else:
        found = letters(conn, ticket=name.removeprefix("#"), limit=1)
    return found[0] if found else None


def count_by_state(conn: Connection) -> dict[LetterState, tuple[int, datetime]]:
    """How many replies wait in each state, and since when the one that has waited longest."""
    query = (
        select(_STATE.label("state"), func.count().label("replies"), func.min(_since()).label("since"))
        .select_from(t.replies.join(t.tickets, t.tickets.c.id == t.replies.c.ticket))
        .where(_WAITS)
        .group_by(_STATE)
    )
    return {LetterState(row.state): (row.replies, row.since) for row in conn.execute(query)}


def mutes(conn: Connection) -> list[Muting]:
    """What is folded away now, the newest first."""
    s = t.switches.c
    rows = conn.execute(select(t.switches).where(s.on, s.name.startswith(MUTE, autoescape=True)))
    found = [Muting(pattern=row.value, by=row.by, at=row.at) for row in rows]
    return sorted(found, key=lambda one: (one.at, one.pattern), reverse=True)


def _since() -> ColumnElement[Any]:
    """When it vanished, or when its last call ended or was begun."""
    last = select(func.max(t.publications.c.at)).where(t.publications.c.reply == t.replies.c.id).scalar_subquery()
    r = t.replies.c
    return func.coalesce(r.vanished_at, last, r.created_at, type_=r.created_at.type)


def _replies(conn: Connection, wanted: ColumnElement[bool], limit: int) -> list[Letter]:
    rows = conn.execute(_of_replies().where(_WAITS, wanted).limit(limit)).mappings()
    return [_from_reply(row) for row in rows]


def _of_replies() -> Select[Any]:
    r, worded, aimed = t.replies, t.contents.alias("worded"), t.contents.alias("aimed")
    wording = and_(t.revisions.c.reply == r.c.id, t.revisions.c.number == r.c.revision)
    joined = (
        r.join(t.tickets, t.tickets.c.id == r.c.ticket)
        .join(t.items, t.items.c.id == r.c.item)
        .join(aimed, aimed.c.id == t.items.c.content)
        .outerjoin(t.revisions, wording)
        .outerjoin(worded, worded.c.id == t.revisions.c.content)
    )
    since = _since().label("since")
    chosen = select(r, worded.c.text, aimed.c.url.label("target_url"), since, _STATE.label("letter"))
    return chosen.select_from(joined).order_by(_RANK, since)


def _from_reply(row: RowMapping) -> Letter:
    state = LetterState(row["letter"])
    return Letter(
        id=row["id"],
        type="publish",
        state=state,
        part="network",
        place=row["account"],
        since=row["since"],
        # Why it vanished no network tells.
        reason="removed" if state is LetterState.VANISHED else row["problem"] or "",
        ticket=row["ticket"],
        attempts=row["attempt"],
        text=row["text"] or "",
        target_url=row["target_url"],
        manual_url=row["manual_url"],
        remedies=remedies(state, "publish"),
    )


def _orders(conn: Connection, wanted: ColumnElement[bool], limit: int) -> list[Letter]:
    o = t.outbox.c
    # It was given up when it was last due.
    rows = conn.execute(select(t.outbox).where(_DEAD, wanted).order_by(o.due_at, o.id).limit(limit)).mappings()
    return [_from_order(row) for row in rows]


def _from_order(row: RowMapping) -> Letter:
    part, _, place = row["lane"].partition(":")
    payload = row["payload"]
    said = None
    if "code" in payload:
        said = Announce(code=str(payload["code"]), ticket=row["ticket"], params=dict(payload.get("params") or {}))
    return Letter(
        id=order_id(row["id"]),
        type=row["type"],
        state=LetterState.DEAD,
        part=part,
        place=place,
        since=row["due_at"],
        reason=row["problem"] or "",
        ticket=row["ticket"],
        attempts=row["attempts"],
        said=said,
        remedies=remedies(LetterState.DEAD, row["type"]),
    )
