"""Tells the rooms, once a day from a week before on, whose token runs out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.messages import Announce
from bot.engine.orders import words
from bot.store import keep
from bot.store.expiring import to_check

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.engine.parts import Parts
    from bot.store.expiring import Expiring
    from bot.store.work import Work

OWNER = "engine"
"""Whose drawer remembers what was said."""
MORNING = 9
"""The hour, in the team's time zone, from which on it is said."""
ENOUGH = timedelta(days=7)
"""How long after the day it is still said: somebody may have renewed the token and left the old day in the settings."""


def runs_out(conn: Connection, now: datetime, parts: Parts) -> list[Expiring]:
    """Configured accounts whose token runs out soon or just did. Dead ones have been told when they died."""
    known = {("network", one) for one in parts.networks} | {("chat", one) for one in parts.chats}
    return [
        one
        for one in to_check(conn, now)
        if (one.part, one.id) in known
        and one.state != "auth"
        and one.expires_at is not None
        and now - one.expires_at < ENOUGH
    ]


def is_due(conn: Connection, now: datetime, parts: Parts) -> bool:
    """Whether there is something to say that was not said today."""
    local = now.astimezone(parts.tz)
    if local.hour < MORNING or not runs_out(conn, now, parts):
        return False
    return keep.get(conn, OWNER, _key(now, parts), now) is None


def remind(work: Work, parts: Parts) -> None:
    """Say it in every room, for all accounts at once; of several processes one does."""
    found = runs_out(work.conn, work.now, parts)
    key = _key(work.now, parts)
    if not found or not keep.put_new(work.conn, OWNER, key, "said", work.now, lifetime=timedelta(days=2)):
        return
    which = ", ".join(f"{one.id} ({one.expires_at.astimezone(parts.tz).date()})" for one in found if one.expires_at)
    said = Announce(code="tokens_expiring", params={"which": which})
    work.orders.extend(words(work, said, [room.id for room in parts.rooms]))


def _key(now: datetime, parts: Parts) -> str:
    return f"expiring:{now.astimezone(parts.tz).date()}"
