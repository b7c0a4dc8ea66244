"""What was seen in the last days, so that edits and removals are noticed that a network tells nobody about.

Kept in the adapter's drawer, since what happened while the bot was away counts, too. No words are kept, only marks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.ports import Keep
from bot.core.types import Item

KEY = "recent"
SIZE = 200
"""How many of the newest are watched."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The version that was reported last, when it was written, and the conversation that it belongs to."""

    version: str
    at: float
    thread: str


class Watch:
    """The newest items by their native id."""

    def __init__(self, keep: Keep | None, lifetime: timedelta) -> None:
        self._keep = keep
        self._lifetime = lifetime
        self._marks: dict[str, Mark] = {}
        self._turn: list[str] = []
        self._loaded = False

    def __contains__(self, native: str) -> bool:
        return native in self._marks

    def get(self, native: str) -> Mark | None:
        return self._marks.get(native)

    async def load(self) -> None:
        """Read what an earlier process left; once."""
        if not self._loaded and self._keep is not None:
            self._marks = {**_parsed(await self._keep.get(KEY)), **self._marks}
        self._loaded = True

    async def note(self, items: Iterable[Item]) -> None:
        """Remember these versions, durably, and let go of what is too old or too much."""
        for item in items:
            self._marks[item.native_id] = Mark(item.version, item.created_at.timestamp(), item.thread_key)
        await self._store()

    async def forget(self, ids: Iterable[str]) -> None:
        """No longer watch these."""
        for native in ids:
            self._marks.pop(native, None)
        await self._store()

    def turn(self, count: int) -> list[str]:
        """The next ones to look at: the newest first, then the older ones, then all over again."""
        if count <= 0:
            return []
        if not self._turn:
            self._trim()
            self._turn = sorted(self._marks, key=lambda native: self._marks[native].at)
        taken = [native for native in reversed(self._turn[-count:]) if native in self._marks]
        self._turn = self._turn[:-count]
        return taken

    def _trim(self) -> None:
        since = (datetime.now(UTC) - self._lifetime).timestamp()
        newest = sorted(self._marks.items(), key=lambda pair: pair[1].at)[-SIZE:]
        self._marks = {native: mark for native, mark in newest if mark.at >= since}

    async def _store(self) -> None:
        self._trim()
        if self._keep is not None:
            marks = {native: [mark.version, mark.at, mark.thread] for native, mark in self._marks.items()}
            await self._keep.put(KEY, json.dumps(marks))


def _parsed(kept: str | None) -> dict[str, Mark]:
    """What was kept; nothing where it cannot be read: then only what is new is watched."""
    try:
        found = json.loads(kept or "{}")
        return {
            str(native): Mark(str(version), float(at), str(thread)) for native, (version, at, thread) in found.items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}
