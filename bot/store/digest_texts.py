"""The texts that a digest's themes are found in: those of the span, against some of each day of the month before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, select

from bot.core.digest import Said, Topic
from bot.core.types import Kind
from bot.store.tables import contents, items, tickets
from bot.triage.themes import Background, themes

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST = 2_000
"""Comments of a span that are looked at, the newest."""
MONTH = 28
"""Days before it ..."""
EACH = 50
"""... of each of which so many comments say what is usual."""


def topics(conn: Connection, since: datetime, until: datetime) -> tuple[tuple[Topic, ...], int]:
    """What they say, and in how many comments it was found; spam and noise are not listened to."""
    rows = conn.execute(_comments(since, until, MOST)).all()
    found = themes([row.text for row in rows], background(conn, since) if rows else None)
    made = []
    for theme in found:
        row = rows[theme.example]
        example = Said(ticket=row.id, author=row.author or "", text=row.text, account=row.account, url=row.url)
        made.append(
            Topic(words=theme.words, size=theme.size, example=example, unusual=theme.unusual, copies=theme.copies)
        )
    return tuple(made), len(rows)


def background(conn: Connection, until: datetime) -> Background:
    """The words of the month before."""
    known = Background()
    for back in range(MONTH):
        day = until - timedelta(days=back)
        known.add(row.text for row in conn.execute(_comments(day - timedelta(days=1), day, EACH)))
    return known


def _comments(since: datetime, until: datetime, limit: int) -> Select[Any]:
    k, i, c = tickets.c, items.c, contents.c
    joined = tickets.join(items, i.id == k.item).join(contents, c.id == i.content)
    heard = and_(k.kind.not_in((Kind.SPAM.value, Kind.NOISE.value)), c.erased_at.is_(None))
    wanted = select(k.id, k.account, c.author, c.text, c.url).select_from(joined)
    return (
        wanted.where(k.opened_at >= since, k.opened_at < until, heard).order_by(k.opened_at.desc(), k.id).limit(limit)
    )
