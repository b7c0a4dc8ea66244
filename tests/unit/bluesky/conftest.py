"""A server of ours with the adapter connected to it, for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.contract.bluesky_side import BlueskySide
from tests.support.sides import opener

Open = Callable[..., Awaitable[BlueskySide]]


@pytest.fixture
async def open_side() -> AsyncIterator[Open]:
    """Opens servers with settings of one's own."""
    async with opener(BlueskySide) as make:
        yield make


@pytest.fixture
async def side(open_side: Open) -> BlueskySide:
    return await open_side()
