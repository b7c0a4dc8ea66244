"""A site of ours with the adapter connected to it, for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.contract.wordpress_side import FakeSide

Open = Callable[..., Awaitable[FakeSide]]


@pytest.fixture
async def open_side() -> AsyncIterator[Open]:
    """Opens sites (`site` are their own settings) with settings of the adapter."""
    opened: list[FakeSide] = []

    async def make(**settings: Any) -> FakeSide:
        side = await FakeSide.opened(**{"poll_seconds": 0.05, "recheck_seconds": 0.05, **settings})
        opened.append(side)
        return side

    yield make
    for side in opened:
        await side.stop()
