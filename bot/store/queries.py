"""The queue and the search: tickets as lines, each with its newest message and its newest reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from bot.core.types import Kind, ReplyState, Sentiment, Severity, TicketLine, TicketStatus, Visibility
from bot.store.cases import findings_from
from bot.store.tables import contents, events, items, replies, revisions, switches, tickets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

_said = contents.alias("said")
_drafted = contents.alias("drafted")
_ACTIVE = select(switches.c.name, switches.c.value).where(switches.c.on).order_by(switches.c.name)


def inbox(
    conn: Connection,
    *,
    statuses: Sequence[TicketStatus],
    now: datetime,
    assignee: str | None = None,
    words: str = "",
    limit: int = 100,
) -> list[TicketLine]:
    """The queue: critical ones first, then whatever is due first (what is overdue was), then by severity and age.

    Args:
        conn: a snapshot.
        statuses: only tickets that stand so.
        now: claims that ran out before are not shown.
        assignee: only this person's tickets.
        words: only tickets in whose texts each of these words stands.
        limit: at most that many.
    """
    wanted = and_(tickets.c.status.in_([status.value for status in statuses]), *_containing(words))
    if assignee is not None:
        wanted &= tickets.c.assignee == assignee
    rank = case({severity.value: -severity.rank for severity in Severity}, value=tickets.c.severity)
    critical = case((tickets.c.severity == Severity.CRITICAL.value, 0), else_=1)
    order = (critical, tickets.c.due_at.is_(None), tickets.c.due_at, rank, tickets.c.opened_at, tickets.c.id)
    # Chosen first and joined afterwards: the texts of a long queue need not be sorted along.
    chosen = select(tickets.c.id).where(wanted).order_by(*order).limit(limit)
    rows = conn.execute(lines().where(tickets.c.id.in_(chosen)).order_by(*order)).mappings()
    return [line_from(row, now) for row in rows]


def search(conn: Connection, words: str, *, now: datetime, limit: int = 50) -> list[TicketLine]:
    """Tickets of any status in whose messages, replies or notes each of the words stands, newest first."""
    if not words.split():
        return []
    query = lines().where(*_containing(words)).order_by(tickets.c.updated_at.desc(), tickets.c.id).limit(limit)
    return [line_from(row, now) for row in conn.execute(query).mappings()]


def line(conn: Connection, ticket: str, now: datetime) -> TicketLine | None:
    """One ticket as a line; its id counts in either case."""
    row = conn.execute(lines().where(tickets.c.id == ticket.strip().upper())).mappings().one_or_none()
    return None if row is None else line_from(row, now)


def active_switches(conn: Connection) -> dict[str, str]:
    """What is switched on now, with the reason or topic that was given."""
    return {row.name: row.value for row in conn.execute(_ACTIVE)}


def _lines() -> Select[Any]:
    newest = and_(replies.c.ticket == tickets.c.id, replies.c.number == tickets.c.replies)
    wording = and_(revisions.c.reply == replies.c.id, revisions.c.number == replies.c.revision)
    joined = (
        tickets.join(items, items.c.id == tickets.c.item)
        .join(_said, _said.c.id == items.c.content)
        .outerjoin(replies, newest)
        .outerjoin(revisions, wording)
        .outerjoin(_drafted, _drafted.c.id == revisions.c.content)
    )
    return select(
        tickets,
        items.c.gone,
        _said.c.text,
        _said.c.author.label("author_name"),
        _said.c.url,
        _said.c.extra.label("notes"),
        replies.c.state.label("reply_state"),
        revisions.c.number.label("revision"),
        _drafted.c.text.label("draft"),
        _drafted.c.extra.label("draft_notes"),
    ).select_from(joined)


_LINES = _lines()


def lines() -> Select[Any]:
    """Tickets joined with what a line shows: one row per ticket, however long its history."""
    return _LINES


def line_from(row: RowMapping, now: datetime) -> TicketLine:
    """A row of `lines()` as people see it."""
    claimed = row["claimed_until"] is not None and row["claimed_until"] > now
    return TicketLine(
        id=row["id"],
        status=TicketStatus(row["status"]),
        account=row["account"],
        author=row["author_name"] or "",
        text=row["text"],
        kind=Kind(row["kind"]),
        severity=Severity(row["severity"]),
        sentiment=Sentiment(row["sentiment"]),
        language=row["language"],
        opened_at=row["opened_at"],
        updated_at=row["updated_at"],
        due_at=row["due_at"],
        url=row["url"],
        assignee=row["assignee"],
        claimed_by=row["claimed_by"] if claimed else None,
        claimed_until=row["claimed_until"] if claimed else None,
        visibility=Visibility(row["visibility"]),
        reply_state=ReplyState(row["reply_state"]) if row["reply_state"] else None,
        revision=row["revision"],
        draft=row["draft"],
        checks=findings_from(row["draft_notes"] or {}),
        version=row["version"],
    )


def _containing(words: str) -> list[ColumnElement[bool]]:
    return [_contains(word) for word in words.split()]


def _contains(word: str) -> ColumnElement[bool]:
    """The word stands in a message or its author's name, a wording, a note, or it is the ticket's id."""
    found = or_(contents.c.text.icontains(word, autoescape=True), contents.c.author.icontains(word, autoescape=True))
    said = select(items.c.ticket).join(contents, contents.c.id == items.c.content).where(found)
    worded = (
        select(replies.c.ticket)
        .join(revisions, revisions.c.reply == replies.c.id)
        .join(contents, contents.c.id == revisions.c.content)
        .where(found)
    )
    noted = select(events.c.ticket).join(contents, contents.c.id == events.c.content).where(found)
    return or_(tickets.c.id == word.upper(), tickets.c.id.in_(said), tickets.c.id.in_(worded), tickets.c.id.in_(noted))
