"""What several ask for at nearly the same moment is made once: the digest's figures for all rooms of one hour."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

V = TypeVar("V")
LIFE = timedelta(seconds=10)
"""For so long what was made is given to others, too."""


class MadeOnce(Generic[V]):
    """Values by all that they depend on, each for `LIFE`; while one is being made, whoever wants it waits for it.

    After that they are let go whether or not anybody asks again: what people wrote may stand in them.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._made: dict[Hashable, tuple[datetime, V]] = {}
        self._making: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def get(self, key: Hashable, make: Callable[[], Awaitable[V]]) -> V:
        """The value of this key. Raises what `make` raises; the next one who asks tries again."""
        lock = self._making.setdefault(key, asyncio.Lock())
        async with lock:
            known = self._made.get(key)
            if known is None or not timedelta() <= self._now() - known[0] < LIFE:
                value = await make()
                known = self._made[key] = self._now(), value
                asyncio.get_running_loop().call_later(LIFE.total_seconds(), self._let_go, key, known)
            return known[1]

    def _let_go(self, key: Hashable, known: tuple[datetime, V]) -> None:
        if self._made.get(key) is known:
            del self._made[key]
