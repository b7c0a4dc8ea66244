"""An instance of ours with the adapter connected to it, for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.contract.mastodon_side import MastodonSide
from tests.support.sides import opener

Open = Callable[..., Awaitable[MastodonSide]]


@pytest.fixture
async def open_side() -> AsyncIterator[Open]:
    """Opens instances with settings of one's own."""
    async with opener(MastodonSide) as make:
        yield make


@pytest.fixture
async def side(open_side: Open) -> MastodonSide:
    return await open_side()
