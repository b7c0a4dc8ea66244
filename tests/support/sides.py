"""Opens outside services of a test's own, with settings of its own, and stops them all at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar


class Side(Protocol):
    """What can be started and stopped."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


S = TypeVar("S", bound=Side)


@asynccontextmanager
async def opener(made: Callable[..., S]) -> AsyncIterator[Callable[..., Awaitable[S]]]:
    """A function that makes one of settings and starts it."""
    opened: list[S] = []

    async def make(**settings: Any) -> S:
        side = made(**settings)
        await side.start()
        opened.append(side)
        return side

    yield make
    for side in opened:
        await side.stop()
