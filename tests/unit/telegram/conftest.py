"""A forum and a plain group with the adapter at work in them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contract.telegram_side import TelegramSide


@pytest.fixture
async def forum() -> AsyncIterator[TelegramSide]:
    side = TelegramSide()
    await side.start()
    yield side
    await side.stop()


@pytest.fixture
async def plain() -> AsyncIterator[TelegramSide]:
    side = TelegramSide(forum=False)
    await side.start()
    yield side
    await side.stop()
