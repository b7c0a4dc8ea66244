from collections.abc import AsyncIterator

import pytest

from tests.contract.desk_side import DeskSide


@pytest.fixture
async def desk() -> AsyncIterator[DeskSide]:
    side = DeskSide()
    await side.start()
    yield side
    await side.stop()


@pytest.fixture
async def demo() -> AsyncIterator[DeskSide]:
    side = DeskSide(demo=True)
    await side.start()
    yield side
    await side.stop()
