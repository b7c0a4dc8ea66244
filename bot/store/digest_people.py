"""Who talks about us: reach, voices, people who praise more than once, what they suggest, the praise of the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, select

from bot.core.digest import Said
from bot.core.types import Kind
from bot.store.tables import contents, items, tickets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Row

VOICES, ADVOCATES, SUGGESTIONS = 3, 3, 5
OFTEN = 2
"""Praises from which somebody is an advocate ..."""
LATELY = timedelta(days=30)
"""... within so long."""
_LOOKED_AT = 200
_SHORTEST, _LONGEST = 15, 280
"""Characters of a praise that says something and can be read at a glance."""
_UNHEARD = (Kind.SPAM.value, Kind.NOISE.value)


def voices(conn: Connection, since: datetime, until: datetime) -> tuple[int, tuple[Said, ...]]:
    """How many people can have read what was written, and what those of the largest reach wrote, one comment each.

    The first is the sum over the authors of the largest reach of each; whoever has no id is somebody else each time.
    """
    wanted = select(items.c.id, items.c.author, items.c.reach).select_from(_HEARD)
    rows = conn.execute(wanted.where(_opened(since, until), _REACHING, tickets.c.kind.not_in(_UNHEARD))).all()
    most: dict[int, int] = {}
    for row in rows:
        who = -row.id if row.author is None else row.author
        most[who] = max(most.get(who, 0), row.reach)
    widest = sorted(rows, key=lambda row: (-row.reach, -row.id))[:_LOOKED_AT]
    said = conn.execute(_comments(since, until).where(items.c.id.in_([row.id for row in widest]))).all() if rows else []
    ranked = sorted(said, key=lambda row: (-row.reach, row.id))
    return sum(most.values()), tuple(_said(row) for row in _one_each(ranked))[:VOICES]


def advocates(conn: Connection, since: datetime, until: datetime) -> tuple[Said, ...]:
    """People who praised us in the span and at least `OFTEN` times lately, or whom the team calls advocates.

    `many` says how often they praised us lately.
    """
    praised = _comments(since, until).where(tickets.c.kind == Kind.PRAISE.value, items.c.author.is_not(None))
    rows = list(_one_each(conn.execute(praised.order_by(tickets.c.opened_at.desc()).limit(_LOOKED_AT))))
    often = _often(conn, [row.by for row in rows], until)
    many = {row: often.get(row.by, 0) for row in rows}
    found = [_said(row, many=many[row]) for row in rows if many[row] >= OFTEN or row.flag == "advocate"]
    return tuple(sorted(found, key=lambda one: -one.many))[:ADVOCATES]


def suggestions(conn: Connection, since: datetime, until: datetime) -> tuple[Said, ...]:
    """The newest things that people suggest."""
    wanted = _comments(since, until).where(tickets.c.kind == Kind.SUGGESTION.value)
    return tuple(map(_said, conn.execute(wanted.order_by(tickets.c.opened_at.desc()).limit(SUGGESTIONS))))


def praise(conn: Connection, since: datetime, until: datetime) -> Said | None:
    """The praise that most can have read, of those that can be read at a glance; of equal ones, the longest."""
    wanted = _comments(since, until).where(tickets.c.kind == Kind.PRAISE.value)
    rows = conn.execute(wanted.order_by(tickets.c.opened_at.desc()).limit(_LOOKED_AT)).all()
    short = [row for row in rows if _SHORTEST <= len(row.text) <= _LONGEST]
    best = max(short, key=lambda row: (row.reach or 0, len(row.text), row.id), default=None)
    return _said(best) if best is not None else None


def _often(conn: Connection, authors: list[int], until: datetime) -> dict[int, int]:
    """How many praises each of these people wrote lately."""
    if not authors:
        return {}
    praises = and_(tickets.c.kind == Kind.PRAISE.value, _opened(until - LATELY, until))
    many = select(items.c.author, func.count().label("many")).select_from(_HEARD)
    rows = conn.execute(many.where(items.c.author.in_(authors), praises).group_by(items.c.author))
    return {row.author: row.many for row in rows}


# Said so that a database which knows how few items have a reach does not begin with all items instead of the span.
_REACHING = func.coalesce(items.c.reach, 0) > 0
_HEARD = tickets.join(items, items.c.id == tickets.c.item)
_TEXTS = _HEARD.join(contents, contents.c.id == items.c.content)
_COLUMNS = (
    tickets.c.id,
    tickets.c.account,
    tickets.c.flag,
    items.c.author.label("by"),
    items.c.reach,
    contents.c.author,
    contents.c.text,
    contents.c.url,
)


def _comments(since: datetime, until: datetime) -> Select[Any]:
    """Tickets that were opened then, each with its comment as long as that stands and was not erased."""
    stands = and_(contents.c.erased_at.is_(None), ~items.c.gone)
    return select(*_COLUMNS).select_from(_TEXTS).where(_opened(since, until), stands)


def _opened(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(tickets.c.opened_at >= since, tickets.c.opened_at < until)


def _one_each(rows: Iterable[Row[Any]]) -> Iterable[Row[Any]]:
    """The first row of each author; those without an id are somebody else each time."""
    seen = set()
    for row in rows:
        if row.by is None or row.by not in seen:
            seen.add(row.by)
            yield row


def _said(row: Row[Any], *, many: int = 1) -> Said:
    return Said(
        ticket=row.id,
        author=row.author or "",
        text=row.text,
        account=row.account,
        url=row.url,
        reach=row.reach,
        many=many,
    )
