"""What each person has read: the tickets that they looked at last, each as it stood then."""

from __future__ import annotations

import asyncio
import json

from bot.core.inbox import Seen
from bot.core.ports import Keep

REMEMBERED = 1000
"""Tickets per person; what was looked at longer ago counts as unread if it is still open."""


class Reading:
    """Keeps it across restarts. A ticket is unread from the moment when anything about it changes."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._turn = asyncio.Lock()

    async def seen(self, person: str) -> Seen:
        """The tickets that this person has read, as they stood then."""
        return frozenset((await self._rows(person)).items())

    async def looked(self, person: str, ticket: str, version: int) -> None:
        """This person has the ticket before their eyes."""
        if (await self._rows(person)).get(ticket) == version:  # mostly: looking is cheaper than writing
            return
        async with self._turn:
            rows = await self._rows(person)
            rows.pop(ticket, None)
            rows[ticket] = version
            kept = list(rows.items())[-REMEMBERED:]
            await self._keep.put(_key(person), json.dumps(dict(kept), separators=(",", ":")))

    async def _rows(self, person: str) -> dict[str, int]:
        stored: dict[str, int] = json.loads(await self._keep.get(_key(person)) or "{}")
        return stored


def _key(person: str) -> str:
    return f"desk:read:{person}"
