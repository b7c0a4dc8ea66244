"""A mailbox of ours with the adapter connected to it, for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.contract.mail_side import MailSide
from tests.support.sides import opener

Open = Callable[..., Awaitable[MailSide]]


@pytest.fixture
async def open_side() -> AsyncIterator[Open]:
    """Opens mailboxes with settings of one's own."""
    async with opener(MailSide) as make:
        yield make


@pytest.fixture
async def side(open_side: Open) -> MailSide:
    return await open_side()
