"""The team's figures for a span of time: what came in, how fast it was answered, what became of the drafts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from bot.core.messages import Fact
from bot.core.types import ReplyState, TicketStatus
from bot.store.tables import events, replies, revisions, tickets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many tickets, and of which kind, account and sentiment."""

    total: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    by_account: dict[str, int] = field(default_factory=dict)
    by_sentiment: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What became of replies that began as a draft: sent `as_drafted`, sent `edited` by a person, or `discarded`.

    `own` are replies sent that a person wrote without one.
    """

    as_drafted: int = 0
    edited: int = 0
    discarded: int = 0
    own: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything in `since <= t < until`. Minutes are from a ticket's opening to its first answer.

    `waiting` and `overdue` count the tickets that had no answer at `until` as they stand now.
    """

    since: datetime
    until: datetime
    arrived: Tally
    answered: Tally
    closed: Tally
    median_minutes: float | None
    p90_minutes: float | None
    drafts: Drafts
    waiting: int
    overdue: int


def figures(conn: Connection, since: datetime, until: datetime) -> Figures:
    """The figures of a span; a ticket counts in it for each thing that happened to it then."""
    minutes = _minutes(conn, since, until)
    waiting = and_(
        tickets.c.opened_at < until,
        or_(tickets.c.answered_at.is_(None), tickets.c.answered_at >= until),
        tickets.c.status != TicketStatus.CLOSED.value,
    )
    return Figures(
        since=since,
        until=until,
        arrived=_tally(conn, _within(tickets.c.opened_at, since, until)),
        answered=_tally(conn, _within(tickets.c.answered_at, since, until)),
        closed=_tally(conn, _within(tickets.c.closed_at, since, until)),
        median_minutes=percentile(minutes, 50),
        p90_minutes=percentile(minutes, 90),
        drafts=_drafts(conn, since, until),
        waiting=_count(conn, waiting),
        overdue=_count(conn, and_(waiting, tickets.c.due_at < until)),
    )


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The value that `percent` of 100 do not exceed, between neighbours in proportion; None without values."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _within(column: ColumnElement[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column >= since, column < until)


def _count(conn: Connection, which: ColumnElement[bool]) -> int:
    return conn.execute(select(func.count()).select_from(tickets).where(which)).scalar_one()


def _tally(conn: Connection, which: ColumnElement[bool]) -> Tally:
    keys = (tickets.c.kind, tickets.c.account, tickets.c.sentiment)
    kinds: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    sentiments: Counter[str] = Counter()
    for kind, account, sentiment, many in conn.execute(select(*keys, func.count()).where(which).group_by(*keys)):
        kinds[kind] += many
        accounts[account] += many
        sentiments[sentiment] += many
    return Tally(total=kinds.total(), by_kind=dict(kinds), by_account=dict(accounts), by_sentiment=dict(sentiments))


def _minutes(conn: Connection, since: datetime, until: datetime) -> list[float]:
    answered = _within(tickets.c.answered_at, since, until)
    rows = conn.execute(select(tickets.c.opened_at, tickets.c.answered_at).where(answered))
    return sorted((row.answered_at - row.opened_at).total_seconds() / 60 for row in rows)


def _drafts(conn: Connection, since: datetime, until: datetime) -> Drafts:
    drafted = select(revisions.c.reply).where(revisions.c.author.is_(None))
    last = and_(revisions.c.reply == replies.c.id, revisions.c.number == replies.c.revision)
    sent = (
        select(
            replies.c.id.in_(drafted).label("drafted"), revisions.c.author.is_(None).label("untouched"), func.count()
        )
        .join(revisions, last)
        .where(replies.c.state == ReplyState.PUBLISHED.value, _within(replies.c.posted_at, since, until))
        .group_by("drafted", "untouched")
    )
    counts = {(bool(began), bool(untouched)): many for began, untouched, many in conn.execute(sent)}
    withdrawn = and_(events.c.type == Fact.REPLY_WITHDRAWN.value, _within(events.c.at, since, until))
    gone = select(func.count(events.c.reply.distinct())).where(withdrawn, events.c.reply.in_(drafted))
    return Drafts(
        as_drafted=counts.get((True, True), 0),
        edited=counts.get((True, False), 0),
        own=counts.get((False, False), 0),
        discarded=conn.execute(gone).scalar_one(),
    )
