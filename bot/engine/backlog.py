"""A flood of new cards: a room is told once how many are coming, and gets them at its own pace.

What is critical, what people do, and what changes on cards that stand already goes first; see `bot.engine.orders`.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.core.messages import Announce
from bot.engine.orders import words
from bot.store import keep
from bot.store import tables as t
from bot.store.outbox import MANY, TRICKLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.engine.parts import Parts
    from bot.store.work import Work

OWNER = "engine"
QUIET = timedelta(hours=1)
"""How long a room is not told again: what still comes belongs to the same flood."""


def floods(conn: Connection) -> dict[str, int]:
    """How many new cards wait for each room that is flooded."""
    o = t.outbox.c
    counted = select(o.lane, func.count().label("cards")).where(TRICKLE).group_by(o.lane).having(func.count() >= MANY)
    return {row.lane.removeprefix("room:"): row.cards for row in conn.execute(counted)}


def untold(conn: Connection, parts: Parts) -> dict[str, int]:
    """Those of them that were not told yet."""
    now = parts.now()
    return {room: cards for room, cards in floods(conn).items() if keep.get(conn, OWNER, _key(room), now) is None}


def tell(work: Work, parts: Parts, waiting: dict[str, int]) -> None:
    """Say how many are coming, and how long that takes."""
    for room_id, cards in waiting.items():
        room = parts.room(room_id)
        chat = parts.chats.get(room.chat) if room else None
        if chat is None:
            continue
        takes = cards / chat.budget.rate
        if keep.get(work.conn, OWNER, _key(room_id), work.now) is None:
            keep.put(work.conn, OWNER, _key(room_id), "told", work.now, lifetime=QUIET + timedelta(seconds=takes))
            params: dict[str, object] = {"count": cards, "minutes": max(1, math.ceil(takes / 60))}
            work.orders.extend(words(work, Announce(code="cards_coming", params=params), [room_id]))


def _key(room: str) -> str:
    return f"flood:{room}"
