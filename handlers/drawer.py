"""An adapter's drawer with what was used lately at hand: a chat looks the same few things up at every event.

Nothing is at hand where processes share the database: whichever of them is free brings a ticket's messages up to date.
"""

from __future__ import annotations

from collections import OrderedDict

from bot.core.ports import Keep

_CACHED = 2000


class Drawer:
    """Reads and writes an adapter's `Keep`. What is not there is asked for each time."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._alone = not getattr(keep, "shared", False)
        self._hand: OrderedDict[str, str] = OrderedDict()

    async def mark(self, key: str) -> str | None:
        """A small mark, see `set_mark`."""
        return await self._get(f"mark:{key}")

    async def set_mark(self, key: str, value: str) -> None:
        """Remember something small over restarts."""
        await self._put(f"mark:{key}", value)

    async def _get(self, key: str) -> str | None:
        if key in self._hand:
            self._hand.move_to_end(key)
            return self._hand[key]
        found = await self._keep.get(key)
        if key in self._hand:  # written meanwhile: what was read is of before
            return self._hand[key]
        if found is not None:
            self._at_hand(key, found)
        return found

    async def _put(self, key: str, value: str) -> None:
        if await self._get(key) != value:
            await self._write(key, value)

    async def _write(self, key: str, value: str) -> None:
        """For whoever knows that it does not stand there yet."""
        await self._keep.put(key, value)
        self._at_hand(key, value)

    def _at_hand(self, key: str, value: str) -> None:
        if not self._alone:
            return
        self._hand[key] = value
        self._hand.move_to_end(key)
        if len(self._hand) > _CACHED:
            self._hand.popitem(last=False)
