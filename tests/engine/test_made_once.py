"""What several ask for at one moment is made once, and is gone soon after."""

import asyncio
from datetime import timedelta

import pytest

from bot.engine import made_once
from bot.engine.made_once import LIFE, MadeOnce
from tests.support.engine_world import Clock


async def test_whoever_asks_meanwhile_or_soon_after_gets_the_same() -> None:
    clock = Clock()
    made: list[int] = []
    once = MadeOnce[int](clock)
    go_on = asyncio.Event()

    async def make() -> int:
        made.append(number := len(made))
        await go_on.wait()
        clock.move(60)  # however long it takes
        return number

    asking = [asyncio.create_task(once.get("a", make)) for _ in range(3)]
    await asyncio.sleep(0)
    go_on.set()
    assert [await one for one in asking] == [0, 0, 0]
    assert await once.get("b", make) == 1, "by all that it depends on"
    clock.move(-60)
    assert await once.get("a", make) == 0
    clock.move(LIFE.total_seconds())
    assert await once.get("a", make) == 2
    clock.move(-3600)
    assert await once.get("a", make) == 3, "a clock that was set back makes nothing live longer"


async def test_what_failed_is_tried_again_by_the_next() -> None:
    once = MadeOnce[str](Clock())

    async def fail() -> str:
        raise ValueError("no")

    async def work() -> str:
        return "yes"

    with pytest.raises(ValueError, match="no"):
        await once.get("a", fail)
    assert await once.get("a", work) == "yes"


async def test_nothing_is_kept_though_nobody_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_once, "LIFE", timedelta(milliseconds=5))
    once = MadeOnce[str](Clock())

    async def work() -> str:
        return "somebody's words"

    await once.get("a", work)
    assert len(once._made) == 1
    await asyncio.sleep(0.02)
    assert (once._made, dict(once._making)) == ({}, {})
