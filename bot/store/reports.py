"""The tables of the reports page, each by one or two questions to the database; `report` puts them together."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    literal,
    select,
    true,
    type_coerce,
    union_all,
)

from bot.core.approval import Verdict
from bot.core.report import WAITS, Answers, Group, Load, Report, Step, Volume, WaitClass
from bot.core.spans import steps, unit_for
from bot.core.types import ReplyState, Sentiment
from bot.store.columns import unindexed
from bot.store.figures import percentile
from bot.store.outcomes import outcomes
from bot.store.rolls import NO_ROLL
from bot.store.tables import decisions, replies, tickets

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MINUTE = 60_000_000
_WAITS = tuple(wait // timedelta(microseconds=1) for wait in WAITS)
_IN_TIME = tickets.c.first_spent <= tickets.c.first_target
_MINE = (Verdict.APPROVE.value, Verdict.REFUSE.value, Verdict.UNDO.value)
"""What a person decides; approvals are also voided by what happens elsewhere, which is nobody's decision."""


class Within(NamedTuple):
    """What a report is about: moments in `since <= t < until`, of one account or (None) of all."""

    since: datetime
    until: datetime
    account: str | None = None

    def has(self, moment: ColumnElement[Any], account: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition for a row with such a moment and account."""
        wanted = true() if self.account is None else unindexed(account) == self.account
        return and_(moment >= self.since, moment < self.until, wanted)

    def of_tickets(self, moment: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition for a ticket with such a moment; rolls count by the comments in them, as in `figures`."""
        return and_(self.has(moment, tickets.c.account), NO_ROLL)


def report(conn: Connection, since: datetime, until: datetime, tz: tzinfo, *, account: str | None = None) -> Report:
    """All tables of a span; `tz` says where days and hours begin."""
    within = Within(since, until, account)
    counted, taken = tallies(conn, within), taken_times(conn, within)
    return Report(
        since=since,
        until=until,
        account=account,
        volume=volume(conn, within, tz),
        answers=answers(taken),
        kinds=groups(counted, taken, "kind"),
        accounts=groups(counted, taken, "account"),
        people=loads(conn, within),
        drafts=outcomes(conn, since, until, account=account, by_text=True),
    )


def volume(conn: Connection, within: Within, tz: tzinfo) -> Volume:
    """How many tickets came in each step, by mood.

    A question for each step, so that the index answers it in passing; grouping would sort them all.
    """
    unit = unit_for(within.since, within.until)
    cut = list(steps(within.since, within.until, tz, unit))
    if not cut:
        return Volume(unit=unit, steps=())
    moods = [func.count().filter(tickets.c.sentiment == mood.value) for mood in Sentiment]
    asked = [
        select(literal(at), *moods).where(within._replace(since=since, until=until).of_tickets(tickets.c.opened_at))
        for at, (since, until) in enumerate(cut)
    ]
    found = {at: counts for at, *counts in conn.execute(union_all(*asked))}
    made = (
        Step(since=since, until=until, **dict(zip((mood.value for mood in Sentiment), found[at], strict=True)))
        for at, (since, until) in enumerate(cut)
    )
    return Volume(unit=unit, steps=tuple(made))


class Taken(NamedTuple):
    """One first answer: of which ticket, after how many microseconds, and whether in time (None: without a target)."""

    kind: str
    account: str
    micros: int
    in_time: bool | None


def taken_times(conn: Connection, within: Within) -> list[Taken]:
    """Every first answer of the span, the quickest first."""
    # As the numbers that they are: a month of moments would take longer to build than to find.
    answered = type_coerce(tickets.c.answered_at, BigInteger)
    took = answered - type_coerce(tickets.c.opened_at, BigInteger)
    chosen = select(tickets.c.kind, tickets.c.account, took, _IN_TIME).where(within.of_tickets(tickets.c.answered_at))
    return sorted(map(Taken._make, conn.execute(chosen)), key=attrgetter("micros"))


def answers(taken: Iterable[Taken]) -> Answers:
    """How long they took, the quickest first: half and nine of ten of them, and each class of times against targets."""
    minutes: list[float] = []
    times: dict[bool | None, list[int]] = {True: [], False: [], None: []}
    for _, _, micros, met in taken:
        times[met].append(micros)
        minutes.append(micros / _MINUTE)
    in_time, late, untimed = (_classed(times[met]) for met in (True, False, None))
    return Answers(
        total=len(minutes),
        median_minutes=percentile(minutes, 50),
        p90_minutes=percentile(minutes, 90),
        in_time=sum(in_time),
        late=sum(late),
        waits=tuple(
            WaitClass(at_most=at_most, in_time=in_time[at], late=late[at], untimed=untimed[at])
            for at, at_most in enumerate((*WAITS, None))
        ),
    )


def _classed(times: list[int]) -> list[int]:
    """How many of these times, the shortest first, are in each class."""
    up_to = [bisect_right(times, wait) for wait in _WAITS]
    return [high - low for low, high in pairwise((0, *up_to, len(times)))]


class Tallies(NamedTuple):
    """How many tickets came, by kind, account and mood, and how many were closed, by kind and account."""

    arrived: list[tuple[str, str, str, int]]
    closed: list[tuple[str, str, int]]


def tallies(conn: Connection, within: Within) -> Tallies:
    """What groups are counted from: the rows are read once for all of them."""
    whole = (tickets.c.kind, tickets.c.account, tickets.c.sentiment)
    arrived = select(*whole, func.count()).where(within.of_tickets(tickets.c.opened_at)).group_by(*whole)
    closed = select(*whole[:2], func.count()).where(within.of_tickets(tickets.c.closed_at)).group_by(*whole[:2])
    return Tallies(
        arrived=[(kind, account, mood, many) for kind, account, mood, many in conn.execute(arrived)],
        closed=[(kind, account, many) for kind, account, many in conn.execute(closed)],
    )


def groups(counted: Tallies, taken: Iterable[Taken], by: Literal["kind", "account"]) -> tuple[Group, ...]:
    """What came, was closed and was answered of each, the most frequent first."""
    by_kind = by == "kind"
    moods: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, account, mood, many in counted.arrived:
        moods[kind if by_kind else account][mood] += many
    closed = Counter[str]()
    for kind, account, many in counted.closed:
        closed[kind if by_kind else account] += many
    answered: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        answered[one.kind if by_kind else one.account].append(one)
    made = [
        Group(
            key=name,
            arrived=moods[name].total(),
            **{mood.value: moods[name][mood.value] for mood in Sentiment},
            closed=closed[name],
            answers=answers(answered[name]),
        )
        for name in {*moods, *closed, *answered}
    ]
    return tuple(sorted(made, key=lambda group: (-group.arrived, group.key)))


def loads(conn: Connection, within: Within) -> tuple[Load, ...]:
    """What each person had to do, the busiest first."""
    opened = and_(within.of_tickets(tickets.c.opened_at), tickets.c.assignee.is_not(None))
    assigned = _counted(conn, select(tickets.c.assignee, func.count()).where(opened).group_by(tickets.c.assignee))
    decided = _counted(conn, _decided(within))
    answered = _counted(conn, _answered(within))
    made = (
        Load(
            person=person,
            assigned=assigned.get(person, 0),
            answered=answered.get(person, 0),
            decided=decided.get(person, 0),
        )
        for person in {*assigned, *decided, *answered}
    )
    return tuple(sorted(made, key=lambda one: (-one.answered, -one.decided, -one.assigned, one.person)))


def _counted(conn: Connection, question: Select[Any]) -> dict[str, int]:
    """The counts by what they are of."""
    return {name: many for name, many in conn.execute(question)}  # noqa: C416  # rows are no pairs to mypy


def _decided(within: Within) -> Select[Any]:
    """How much each person decided."""
    joined = decisions.join(replies, replies.c.id == decisions.c.reply)
    chosen = select(decisions.c.person, func.count()).select_from(joined)
    wanted = within.has(decisions.c.at, replies.c.account)
    return chosen.where(wanted, decisions.c.verdict.in_(_MINE)).group_by(decisions.c.person)


def _answered(within: Within) -> Select[Any]:
    """How many published replies had each person's approval: of the wording sent, and not taken away before."""
    later = decisions.alias("later")
    void = exists().where(
        later.c.reply == decisions.c.reply, later.c.id > decisions.c.id, later.c.verdict != Verdict.APPROVE.value
    )
    of_sent = and_(decisions.c.reply == replies.c.id, decisions.c.revision == replies.c.revision)
    chosen = select(decisions.c.person, func.count(replies.c.id.distinct())).select_from(
        replies.join(decisions, of_sent)
    )
    sent = and_(
        unindexed(replies.c.state) == ReplyState.PUBLISHED.value, within.has(replies.c.posted_at, replies.c.account)
    )
    return chosen.where(sent, decisions.c.verdict == Verdict.APPROVE.value, ~void).group_by(decisions.c.person)
