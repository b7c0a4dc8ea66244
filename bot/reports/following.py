"""What has been added to the record since the last look: every process of a database sees the same.

Rows of record have growing numbers and are committed in their order (writers take turns), so that "since the last
look" is a range of keys: cheap, whatever the size of the record, and nothing is done while a comment comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, select

from bot.core.messages import Fact
from bot.store.tables import decisions, events, items, publications, replies, tickets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Table

_ANSWERING = (Fact.REPLY_PUBLISHED.value, Fact.REPLY_SETTLED.value, Fact.ANSWERED_ELSEWHERE.value)


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: the highest number of each table."""

    events: int = 0
    items: int = 0
    decisions: int = 0
    publications: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What came since, counted by the values in front.

    `answers` are (kind, severity, seconds, whether the ticket's clock allowed for them) of first answers, `replies`
    (account, seconds) from a comment's arrival to the reply that stands under it.
    """

    facts: Sequence[tuple[str, int]]
    comments: Sequence[tuple[str, int]]
    decisions: Sequence[tuple[str, str, int]]
    publications: Sequence[tuple[str, str, int]]
    answers: Sequence[tuple[str, str, float, bool]]
    replies: Sequence[tuple[str, float]]


def end(conn: Connection) -> Place:
    """The end of the record as this snapshot sees it."""
    return Place(
        events=_last(conn, events, events.c.seq),
        items=_last(conn, items, items.c.id),
        decisions=_last(conn, decisions, decisions.c.id),
        publications=_last(conn, publications, publications.c.id),
    )


def news(conn: Connection, since: Place) -> tuple[News, Place]:
    """What was added after `since`, and where that ends."""
    now = end(conn)
    new = _between(events.c.seq, since.events, now.events)
    items_new = and_(_between(items.c.id, since.items, now.items), items.c.number == 1, items.c.ours.is_(False))
    decided = _between(decisions.c.id, since.decisions, now.decisions)
    published = _between(publications.c.id, since.publications, now.publications)
    found = News(
        facts=_tally(conn, (events.c.type,), new),
        comments=_tally(conn, (items.c.account,), items_new),
        decisions=_tally(conn, (decisions.c.verdict, decisions.c.via), decided),
        publications=_publications(conn, published),
        answers=_answers(conn, new),
        replies=_replies(conn, published),
    )
    return found, now


def _last(conn: Connection, table: Table, key: ColumnElement[int]) -> int:
    return conn.execute(select(func.coalesce(func.max(key), 0)).select_from(table)).scalar_one()


def _between(key: ColumnElement[Any], after: int, until: int) -> ColumnElement[bool]:
    return and_(key > after, key <= until)


def _tally(conn: Connection, by: tuple[ColumnElement[Any], ...], which: ColumnElement[bool]) -> list[Any]:
    return [tuple(row) for row in conn.execute(select(*by, func.count()).where(which).group_by(*by))]


def _publications(conn: Connection, which: ColumnElement[bool]) -> list[Any]:
    by = (replies.c.account, publications.c.phase)
    joined = publications.join(replies, replies.c.id == publications.c.reply)
    counted = select(*by, func.count()).select_from(joined).where(which, publications.c.phase != "intent")
    return [tuple(row) for row in conn.execute(counted.group_by(*by))]


def _answers(conn: Connection, new: ColumnElement[bool]) -> list[tuple[str, str, float, bool]]:
    """Tickets whose first answer is one of the new log rows: both carry the moment of the same transaction."""
    first = and_(new, events.c.type.in_(_ANSWERING), tickets.c.answered_at == events.c.at)
    k = tickets.c
    wanted = select(k.id, k.kind, k.severity, k.opened_at, k.answered_at, k.first_target, k.first_spent).distinct()
    rows = conn.execute(wanted.select_from(events.join(tickets, k.id == events.c.ticket)).where(first))
    return [
        (
            row.kind,
            row.severity,
            _seconds(row.opened_at, row.answered_at),
            row.first_spent is None or row.first_spent <= row.first_target,
        )
        for row in rows
    ]


def _replies(conn: Connection, published: ColumnElement[bool]) -> list[tuple[str, float]]:
    joined = publications.join(replies, replies.c.id == publications.c.reply).join(items, items.c.id == replies.c.item)
    wanted = select(replies.c.account, items.c.received_at, publications.c.at).select_from(joined)
    rows = conn.execute(wanted.where(published, publications.c.phase == "posted"))
    return [(row.account, _seconds(row.received_at, row.at)) for row in rows]


def _seconds(since: datetime, until: datetime) -> float:
    return max((until - since).total_seconds(), 0.0)
