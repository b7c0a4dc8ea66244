"""Press headlines in the log: when each came to us and from which feed; title, source and link stand in `contents`.

So erasure, exports, backups and the audit know them like any other text.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.core.messages import Entry, Fact
from bot.core.press import Headline, distinct
from bot.store.partial import PRESS
from bot.store.tables import contents, events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.core.messages import PressArrived
    from bot.store.work import Work

REMEMBERED = timedelta(days=90)
"""For so long an entry that a feed shows again is known as the same. Its listener's cursor knows it for longer."""
MOST = 2_000
"""Headlines of a span that are looked at, the newest; comparing their titles costs the square."""


def headlines(conn: Connection, since: datetime, until: datetime, *, limit: int = 100) -> list[Headline]:
    """What the press wrote, newest first, each piece of news once (see `bot.core.press.distinct`).

    Args:
        conn: a snapshot.
        since: what came to us at this moment or later ...
        until: ... and before this one. When it was published is each headline's `at`: a feed that is read at midnight
            must not let the last hour fall between two digests.
        limit: at most that many.
    """
    return distinct(_kept(conn, since, until))[:limit]


def _kept(conn: Connection, since: datetime, until: datetime) -> list[Headline]:
    e, c = events.c, contents.c
    query = (
        select(c.text, c.url, c.author, e.data)
        .join(contents, c.id == e.content)
        .where(PRESS, e.at >= since, e.at < until, c.erased_at.is_(None))
        .order_by(e.at.desc(), e.seq.desc())
        .limit(MOST)
    )
    return [
        Headline(
            title=row.text,
            url=row.url,
            source=row.author or "",
            at=datetime.fromisoformat(row.data["published"]),
            account=row.data["account"],
        )
        for row in conn.execute(query)
    ]


def keep(work: Work, arrived: Sequence[PressArrived]) -> None:
    """Put headlines on record, each entry of a feed once."""
    known = _known(work.conn, work.now) if arrived else set()
    for one in arrived:
        entry = _entry(one)
        if entry in known:
            continue
        known.add(entry)
        kept = work.keep_text("headline", one.title, author=one.source, url=one.url, extra={})
        published = one.published_at.astimezone(UTC).isoformat()
        data: dict[str, Any] = {"account": one.account, "entry": entry, "published": published}
        work.log(Entry(fact=Fact.PRESS_ARRIVED, data=data), kept)


def _known(conn: Connection, now: datetime) -> set[str]:
    found = conn.execute(select(events.c.data).where(PRESS, events.c.at >= now - REMEMBERED))
    return {row.data["entry"] for row in found}


def _entry(one: PressArrived) -> str:
    """Which entry of which feed that is; its own id may be a text."""
    return hashlib.blake2b(f"{one.account}\n{one.native_id}".encode(), digest_size=12).hexdigest()
