"""An instance of ours with the adapter connected to it, for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.contract.mastodon_side import MastodonSide

Open = Callable[..., Awaitable[MastodonSide]]


@pytest.fixture
async def open_side() -> AsyncIterator[Open]:
    """Opens instances with settings of one's own."""
    opened: list[MastodonSide] = []

    async def make(**settings: Any) -> MastodonSide:
        side = MastodonSide(**settings)
        await side.start()
        opened.append(side)
        return side

    yield make
    for side in opened:
        await side.stop()


@pytest.fixture
async def side(open_side: Open) -> MastodonSide:
    return await open_side()
