"""A workspace of ours with the adapter connected to it, for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.contract.slack_side import SlackSide
from tests.support.sides import opener

Open = Callable[..., Awaitable[SlackSide]]


@pytest.fixture
async def open_side() -> AsyncIterator[Open]:
    """Opens workspaces with settings of one's own."""
    async with opener(SlackSide) as make:
        yield make


@pytest.fixture
async def side(open_side: Open) -> SlackSide:
    return await open_side()
