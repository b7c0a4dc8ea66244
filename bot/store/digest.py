"""What a digest says in numbers, of some whole days, counted by the database from the record."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, and_, func, not_, or_, select, true, type_coerce

from bot.core.digest import Digest, Standing, Vanished
from bot.core.types import Kind, TicketStatus
from bot.store import digest_people as people
from bot.store import digests, press, seals
from bot.store.figures import drafts, waiting
from bot.store.lights import lights
from bot.store.queries import longest_waiting
from bot.store.reports import Within, answers, taken_times, volume
from bot.store.tables import tickets
from bot.store.vanished import vanished

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection

    from bot.core.digest import Counts, Objective, Span

WEEKS = 8
"""Weeks that are looked back at for what is usual."""
LONGEST = 5
HEADLINES = 12
_SILENT = frozenset({Kind.SPAM.value, Kind.NOISE.value})
"""What nobody answers."""


def digest(
    conn: Connection, span: Span, now: datetime, *, objectives: Sequence[Objective] = (), accounts: Iterable[str] = ()
) -> Digest:
    """Everything but the themes (`bot.store.digest_texts`), the calendar and what a model says.

    Args:
        conn: a snapshot.
        span: the days it is about.
        now: what waits, waits now; lights are those of now.
        objectives: what the team wants to reach.
        accounts: those that can be answered on; of these it is told which had no answer.
    """
    since, until = span.since, max(span.since, min(span.until, now))
    within = Within(since, until)
    arrived = counts(conn, since, until)
    taken = taken_times(conn, within)
    waits, overdue = waiting(conn, now)
    reach, voices = people.voices(conn, since, until)
    return Digest(
        span=span,
        now=now,
        sent=now.astimezone(span.tz).date(),
        arrived=arrived,
        earlier=earlier(conn, span),
        closed=_closed(conn, within),
        volume=volume(conn, within, span.tz),
        answers=answers(taken),
        drafts=drafts(conn, since, until),
        headlines=tuple(press.headlines(conn, since, until, limit=HEADLINES)),
        reach=reach,
        voices=voices,
        advocates=people.advocates(conn, since, until),
        suggestions=people.suggestions(conn, since, until),
        waiting=waits,
        overdue=overdue,
        longest=tuple(longest_waiting(conn, (TicketStatus.OPEN,), now=now, limit=LONGEST)),
        silent=_unanswered(arrived, {one.account for one in taken}, frozenset(accounts)),
        lights=tuple(light for light in lights(conn, now, span.tz) if light.state != "ok"),
        vanished=tuple(
            Vanished(what=one.what, ticket=one.ticket, at=one.at) for one in vanished(conn, since, until, limit=50)
        ),
        praise=people.praise(conn, since, until),
        standings=tuple(standing(conn, objective, since, until, now) for objective in objectives),
        seal=seals.head(conn),
    )


def counts(conn: Connection, since: datetime, until: datetime) -> Counts:
    """How many tickets came in, by account and kind."""
    k = tickets.c
    opened = Within(since, until).of_tickets(k.opened_at)
    wanted = select(k.account, k.kind, func.count()).where(opened).group_by(k.account, k.kind)
    return {(account, kind): many for account, kind, many in conn.execute(wanted)}


def earlier(conn: Connection, span: Span) -> tuple[Counts, ...]:
    """The counts of the same weekdays in the weeks before, the newest first, as far as the record goes back."""
    start = digests.begun(conn)
    if start is None:
        return ()
    weeks = [span.before(week) for week in range(1, WEEKS + 1)]
    return tuple(counts(conn, week.since, week.until) for week in weeks if week.since >= start)


def standing(conn: Connection, objective: Objective, since: datetime, until: datetime, now: datetime) -> Standing:
    """How an objective does with the tickets that came in; one whose time is not over yet counts once it is met."""
    k = tickets.c
    answered: ColumnElement[bool] = k.answered_at.is_not(None)
    over: ColumnElement[bool] = true()
    if objective.minutes is not None:
        within = timedelta(minutes=objective.minutes)
        # As the numbers that they are.
        took = type_coerce(k.answered_at, BigInteger) - type_coerce(k.opened_at, BigInteger)
        answered = and_(answered, took <= within // timedelta(microseconds=1))
        over = k.opened_at <= now - within
    wanted = [
        Within(since, until).of_tickets(k.opened_at),
        not_(k.kind.in_(_SILENT)) if objective.kind is None else k.kind == objective.kind.value,
    ]
    if objective.account is not None:
        wanted.append(k.account == objective.account)
    both = select(func.count().filter(answered), func.count().filter(or_(answered, over))).where(*wanted)
    met, total = conn.execute(both).one()
    return Standing(objective=objective, met=met, total=total)


def _closed(conn: Connection, within: Within) -> int:
    shut = select(func.count()).select_from(tickets).where(within.of_tickets(tickets.c.closed_at))
    many: int = conn.execute(shut).scalar_one()
    return many


def _unanswered(arrived: Counts, answered: set[str], accounts: frozenset[str]) -> tuple[tuple[str, int], ...]:
    """Accounts where somebody wrote something that wants an answer, and nobody had one; with how many wrote."""
    left: Counter[str] = Counter()
    for (account, kind), many in arrived.items():
        if kind not in _SILENT and account in accounts - answered:
            left[account] += many
    return tuple(sorted(left.items(), key=lambda one: (-one[1], one[0])))
