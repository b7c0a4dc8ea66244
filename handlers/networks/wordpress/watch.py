"""What was seen in the last days, so that edits, removals and decisions of the site's moderators are noticed.

Kept in the adapter's drawer, since what happened while the bot was away counts, too. No words are kept, only marks.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.core.ports import Keep

RECENT, PENDING = "recent", "pending"
SIZE = 500
"""How many of the newest are watched."""
State = Literal["live", "held", "gone"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What was reported last: the version, when it was written and edited (Unix seconds), the thread, the state.

    `gone` is what the moderators took back into their queue: the site knows it still, its visitors do not.
    """

    version: str
    at: float
    thread: str
    state: State = "live"
    edited: float | None = None


class Watch:
    """The newest comments by their id, and our replies that wait for moderators."""

    def __init__(self, keep: Keep | None, lifetime: timedelta) -> None:
        self._keep = keep
        self._lifetime = lifetime
        self._marks: dict[int, Mark] = {}
        self._pending: dict[int, str | None] = {}
        self._lock = asyncio.Lock()
        self._loaded = False

    @property
    def since(self) -> datetime:
        """What was written before is not looked at any more."""
        return datetime.now(UTC) - self._lifetime

    async def load(self) -> None:
        """Read what an earlier process left; once."""
        if not self._loaded and self._keep is not None:
            self._marks = {**_marks_in(await self._keep.get(RECENT)), **self._marks}
        self._loaded = True

    def get(self, key: int) -> Mark | None:
        return self._marks.get(key)

    def between(self, above: int, below: int | None) -> list[int]:
        """The ids that stood on the site when last seen, in `above < id < below`."""
        return [
            key
            for key, mark in self._marks.items()
            if mark.state != "gone" and above < key and (below is None or key < below)
        ]

    async def note(self, marks: dict[int, Mark], gone: Iterable[int] = ()) -> None:
        """Remember these, durably, and let go of what is gone, too old or too much."""
        self._marks.update(marks)
        for key in gone:
            self._marks.pop(key, None)
        since = self.since.timestamp()
        self._marks = {key: self._marks[key] for key in sorted(self._marks)[-SIZE:] if self._marks[key].at >= since}
        if self._keep is not None:
            told = {key: [m.version, m.at, m.thread, m.state, m.edited] for key, m in self._marks.items()}
            await self._keep.put(RECENT, json.dumps(told))

    async def begin_anew(self) -> None:
        """Forget what was seen, as at the very first start."""
        self._marks = {}
        await self.note({})

    # --- our own ------------------------------------------------------------------------------------------------

    async def pending(self) -> dict[int, str | None]:
        """Our replies that wait for moderators, with their addresses; another process may have posted them."""
        if self._keep is not None:
            self._pending = _pending_in(await self._keep.get(PENDING))
        return dict(self._pending)

    async def wait_for(self, key: int, url: str | None) -> None:
        """One more of them."""
        async with self._lock:
            await self._put({**await self.pending(), key: url})

    async def decided(self, ids: Iterable[int]) -> None:
        """These wait no longer."""
        done = set(ids)
        async with self._lock:
            await self._put({key: url for key, url in (await self.pending()).items() if key not in done})

    async def _put(self, pending: dict[int, str | None]) -> None:
        self._pending = pending
        if self._keep is not None:
            await self._keep.put(PENDING, json.dumps(pending))


def _marks_in(kept: str | None) -> dict[int, Mark]:
    """What was kept; nothing where it cannot be read: then what is there is reported once more."""
    try:
        return {int(key): Mark(*fields) for key, fields in json.loads(kept or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _pending_in(kept: str | None) -> dict[int, str | None]:
    try:
        return {int(key): url if isinstance(url, str) else None for key, url in json.loads(kept or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}
