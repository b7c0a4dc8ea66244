"""Looks for what is more pressing than what a lane has in hand.

A room takes about a card a second, so that what one claim takes may be a minute's work: too long for a critical card
to wait behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

from bot.store import outbox

if TYPE_CHECKING:
    from bot.engine.reader import StoreReader

GLANCE = 1.0
"""Seconds between two looks."""


class Pressing:
    """The highest priority (0 is the highest) that waits for each lane at work, as it was at the last look."""

    def __init__(self, reader: StoreReader, owner: str) -> None:
        self._reader = reader
        self._owner = owner
        self._waiting: dict[str, int] = {}
        self._looked = 0.0

    async def glance(self, busy: AbstractSet[str], held: Mapping[int, int], now: datetime, clock: float) -> None:
        """Look, unless that was just done. `held` is what is in hand, with its priority when it was claimed.

        Args:
            busy: the lanes at work; this may change while the database is asked.
            held: priorities by the orders' numbers.
            now: the moment up to which orders are due.
            clock: seconds of a clock that never goes back.
        """
        if not busy or clock - self._looked < GLANCE:
            return
        self._looked = clock
        lanes, mine = set(busy), dict(held)
        found = await self._reader.ask(lambda conn: outbox.pressing(conn, self._owner, now, lanes, mine))
        self._waiting = {lane: priority for lane, priority in found.items() if lane in busy}

    def before(self, lane: str, order: outbox.Order) -> bool:
        """Whether something that waits for this lane is more pressing than this order."""
        return self._waiting.get(lane, order.priority) < order.priority

    def forget(self, lane: str) -> None:
        """The lane is done: what waits for it is claimed by its urgency anyway."""
        self._waiting.pop(lane, None)
