"""The queue: tickets as lines, each with its newest message and its newest reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, select, true, union_all

from bot.core.clocks import Step
from bot.core.inbox import EVERYTHING, Narrow
from bot.core.search import SHORTEST_BEGINNING, words_of
from bot.core.types import AuthorFlag, Kind, ReplyState, Sentiment, Severity, TicketStatus, Visibility
from bot.core.views import TicketLine
from bot.store.attached import attachments_of, more_of
from bot.store.cases import findings_from
from bot.store.counts import narrowed
from bot.store.finding import index_of, state_clause, word_clause
from bot.store.rolls import NO_ROLL
from bot.store.tables import contents, items, replies, revisions, search, switches, tickets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

_said = contents.alias("said")
_drafted = contents.alias("drafted")
_ORDER = (
    case((tickets.c.severity == Severity.CRITICAL.value, 0), else_=1),
    tickets.c.due_at.is_(None),
    tickets.c.due_at,
    case({severity.value: -severity.rank for severity in Severity}, value=tickets.c.severity),
    tickets.c.opened_at,
    tickets.c.id,
)
_ACTIVE = select(switches.c.name, switches.c.value).where(switches.c.on).order_by(switches.c.name)


def inbox(
    conn: Connection,
    *,
    statuses: Sequence[TicketStatus],
    now: datetime,
    assignee: str | None = None,
    words: str = "",
    narrow: Narrow = EVERYTHING,
    limit: int = 100,
) -> list[TicketLine]:
    """The queue: critical ones first, then whatever is due first (what is overdue was), then by severity and age.

    Args:
        conn: a snapshot.
        statuses: only tickets that stand so.
        now: claims that ran out before are not shown.
        assignee: only this person's tickets.
        words: only tickets in whose texts each of these words stands.
        narrow: only one account, severity, ... of them.
        limit: at most that many.
    """
    seen = sorted(narrow.seen or ())
    shape = _Shape(tuple(statuses), assignee, replace(narrow, seen=frozenset() if seen else None), limit)
    # Few words find few tickets, and asking the index once is better than once for each lane.
    query = _worded(conn, shape, words) if words.strip() else _queue(shape)
    rows = conn.execute(query, {"now": now, "seen": seen}).mappings()
    return [line_from(row, now) for row in rows]


def longest_waiting(
    conn: Connection, statuses: Sequence[TicketStatus], *, now: datetime, limit: int
) -> list[TicketLine]:
    """The oldest tickets that stand so and whose newest reply, if there is one, is not published; no rolls."""
    stands = tickets.c.status.in_([status.value for status in statuses])
    newest = and_(replies.c.ticket == tickets.c.id, replies.c.number == tickets.c.replies)
    answered = exists().where(newest, replies.c.state == ReplyState.PUBLISHED.value)
    order = (tickets.c.opened_at, tickets.c.id)
    # Chosen first and joined afterwards: else all that are open would be joined with all replies.
    chosen = select(tickets.c.id).where(stands, ~answered, NO_ROLL).order_by(*order).limit(limit)
    rows = conn.execute(lines().where(tickets.c.id.in_(chosen)).order_by(*order))
    return [line_from(row, now) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a queue's query is made of. `narrow.seen` only says whether there is one to be filled in."""

    statuses: tuple[TicketStatus, ...]
    assignee: str | None
    narrow: Narrow
    limit: int

    @property
    def wanted(self) -> ColumnElement[bool]:
        """What holds for each ticket besides its status."""
        mine = true() if self.assignee is None else tickets.c.assignee == self.assignee
        return and_(narrowed(self.narrow), mine)


@lru_cache(maxsize=128)
def _queue(shape: _Shape) -> Select[Any]:
    """The query, kept: to put so many lanes together takes longer than to ask them."""
    return _first(tickets.c.id.in_(_heads(shape.statuses, shape.wanted, shape.limit)), shape.limit)


def _worded(conn: Connection, shape: _Shape, words: str) -> Select[Any]:
    stands = tickets.c.status.in_([status.value for status in shape.statuses])
    containing = _containing(conn, words, shape.statuses)
    return _first(tickets.c.id.in_(select(tickets.c.id).where(stands, *containing, shape.wanted)), shape.limit)


def _first(among: ColumnElement[bool], limit: int) -> Select[Any]:
    """Chosen first and joined afterwards: the texts of a long queue need not be sorted along."""
    chosen = select(tickets.c.id).where(among).order_by(*_ORDER).limit(limit)
    return lines().where(tickets.c.id.in_(chosen)).order_by(*_ORDER)


def _heads(statuses: Sequence[TicketStatus], wanted: ColumnElement[bool], limit: int) -> Select[Any]:
    """Ids among which the queue's first ones are: the first of each lane, in the order of `ix_tickets_queue`."""
    lanes = (
        select(tickets.c.id)
        .where(tickets.c.status == status.value, tickets.c.severity == severity.value, due, wanted)
        .order_by(tickets.c.due_at, tickets.c.opened_at, tickets.c.id)
        .limit(limit)
        .subquery()
        for status in statuses
        for severity in Severity
        for due in (tickets.c.due_at.is_not(None), tickets.c.due_at.is_(None))
    )
    queries = [select(lane.c.id) for lane in lanes]
    return select(union_all(*queries).subquery()) if queries else select(tickets.c.id).where(false())


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
        attachments=attachments_of(row["notes"]),
        more_attachments=more_of(row["notes"]),
        flag=AuthorFlag(row["flag"]) if row["flag"] else None,
        author_number=row["author"],
        left=_left(row),
        called=bool(row["rung"] & Step.OVERDUE) and row["due_at"] is not None and row["due_at"] <= now,
        folded=row["messages"] if row["fold"] == row["id"] else 0,
    )


def _left(row: RowMapping) -> timedelta | None:
    """What is left on the clock of an answer that is owed while it stands still."""
    if row["answer_target"] is None or row["clock_since"] is not None or row["status"] == TicketStatus.CLOSED.value:
        return None
    return timedelta(seconds=row["answer_target"] - row["answer_spent"])


def _containing(conn: Connection, words: str, statuses: Sequence[TicketStatus]) -> Iterator[ColumnElement[bool]]:
    """Each word is found in a text of the ticket, not necessarily in the same one."""
    found = [(word, words_of(word)) for word in words.split()]
    for at, (_, row) in enumerate(found, start=1):
        if row:
            unfinished = at == len(found) and len(row[-1]) >= SHORTEST_BEGINNING
            clauses = (word_clause(" ".join(row), unfinished=unfinished), state_clause(statuses))
            yield tickets.c.id.in_(select(search.c.ticket).where(index_of(conn).matching(clauses)))
    if found and not any(row for _, row in found):
        yield false()
