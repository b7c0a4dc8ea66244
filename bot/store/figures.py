"""The team's figures for a span of time: what came in, how fast it was answered, what became of the drafts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, and_, exists, func, or_, select, type_coerce

from bot.core.figures import Drafts, Figures, Tally
from bot.core.types import ReplyState, TicketStatus
from bot.store.columns import unindexed
from bot.store.partial import WITHDRAWN
from bot.store.rolls import NO_ROLL
from bot.store.tables import events, replies, revisions, tickets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection


def figures(conn: Connection, since: datetime, until: datetime) -> Figures:
    """The figures of a span; a ticket counts in it for each thing that happened to it then."""
    minutes = _minutes(conn, since, until)
    waits, overdue = waiting(conn, until)
    return Figures(
        since=since,
        until=until,
        arrived=_tally(conn, _within(tickets.c.opened_at, since, until)),
        answered=_tally(conn, _within(tickets.c.answered_at, since, until)),
        closed=_tally(conn, _within(tickets.c.closed_at, since, until)),
        median_minutes=percentile(minutes, 50),
        p90_minutes=percentile(minutes, 90),
        drafts=drafts(conn, since, until),
        waiting=waits,
        overdue=overdue,
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


def waiting(conn: Connection, until: datetime) -> tuple[int, int]:
    """How many tickets had no answer then, and how many of them were due.

    Only the states are a condition, named one by one: the index finds these few among all tickets.
    """
    unfinished = [status.value for status in TicketStatus if status is not TicketStatus.CLOSED]
    unanswered = or_(tickets.c.answered_at.is_(None), tickets.c.answered_at >= until)
    waited = and_(tickets.c.opened_at < until, unanswered, NO_ROLL)
    many = func.count().filter(waited), func.count().filter(and_(waited, tickets.c.due_at < until))
    waits, overdue = conn.execute(select(*many).where(tickets.c.status.in_(unfinished))).one()
    return waits, overdue


def _tally(conn: Connection, which: ColumnElement[bool]) -> Tally:
    # What is folded away counts comment by comment, the roll that it lies in does not.
    which = and_(which, NO_ROLL)
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
    # As the numbers that they are: a month of moments would take longer to build than to find.
    took = type_coerce(tickets.c.answered_at, BigInteger) - type_coerce(tickets.c.opened_at, BigInteger)
    answered = _within(tickets.c.answered_at, since, until)
    return sorted(micros / 60_000_000 for micros in conn.execute(select(took).where(answered)).scalars())


def drafts(conn: Connection, since: datetime, until: datetime) -> Drafts:
    """What became of the drafts of replies that were published or withdrawn then."""
    drafted = revisions.alias("drafts")
    by_drafter = drafted.c.author.is_(None)
    last = and_(revisions.c.reply == replies.c.id, revisions.c.number == replies.c.revision)
    sent = (
        select(
            exists().where(drafted.c.reply == replies.c.id, by_drafter).label("drafted"),
            revisions.c.author.is_(None).label("untouched"),
            func.count(),
        )
        .join(revisions, last)
        .where(unindexed(replies.c.state) == ReplyState.PUBLISHED.value, _within(replies.c.posted_at, since, until))
        .group_by("drafted", "untouched")
    )
    counts = {(bool(began), bool(untouched)): many for began, untouched, many in conn.execute(sent)}
    of_drafter = exists().where(drafted.c.reply == events.c.reply, by_drafter)
    gone = select(func.count(events.c.reply.distinct())).where(
        WITHDRAWN, _within(events.c.at, since, until), of_drafter
    )
    return Drafts(
        as_drafted=counts.get((True, True), 0),
        edited=counts.get((True, False), 0),
        own=counts.get((False, False), 0),
        discarded=conn.execute(gone).scalar_one(),
    )
