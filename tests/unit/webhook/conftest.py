"""Platforms for the tests of webhooks."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.contract.webhook_side import WebhookSide
from tests.support.sides import opener

Open = Callable[..., Awaitable[WebhookSide]]


@pytest.fixture
async def platform() -> AsyncIterator[Open]:
    async with opener(WebhookSide) as make:
        yield make
