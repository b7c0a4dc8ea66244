"""A workspace of ours with the adapter connected to it, for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.contract.slack_side import SlackSide

Open = Callable[..., Awaitable[SlackSide]]


@pytest.fixture
async def open_side() -> AsyncIterator[Open]:
    """Opens workspaces with settings of one's own."""
    opened: list[SlackSide] = []

    async def make(**settings: Any) -> SlackSide:
        side = SlackSide(**settings)
        await side.start()
        opened.append(side)
        return side

    yield make
    for side in opened:
        await side.stop()


@pytest.fixture
async def side(open_side: Open) -> SlackSide:
    return await open_side()
