"""Errands that nobody waits for: at the end they are waited for a while, and a cancellation is never swallowed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from bot.core.errors import Transient
from handlers.hearing import Hearing, NotListening


@dataclass(frozen=True)
class Named:
    id: str = "care"
    type: str = "fake"


class Errand:
    """Takes until it is let go, and a moment longer once it is broken off."""

    def __init__(self) -> None:
        self.begun, self.go, self.ending = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.broken_off = False

    async def run(self) -> None:
        self.begun.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.broken_off = True
            self.ending.set()
            await asyncio.sleep(0.01)
            raise


async def begun() -> tuple[Hearing, Errand]:
    hearing, errand = Hearing(config=Named()), Errand()
    hearing.later(errand.run())
    await errand.begun.wait()
    return hearing, errand


async def test_at_the_end_errands_are_waited_for_and_then_broken_off() -> None:
    hearing, errand = await begun()
    await hearing.settled(0.01)
    assert errand.broken_off
    assert not hearing._tasks
    hearing, errand = await begun()
    asyncio.get_running_loop().call_later(0.01, errand.go.set)
    await hearing.settled()
    assert not errand.broken_off


async def test_whoever_is_told_to_end_while_errands_end_does_so() -> None:
    hearing, errand = await begun()
    ending = asyncio.create_task(hearing.settled(0.0))
    await errand.ending.wait()
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending


async def test_errands_are_broken_off_too_where_nobody_waits_for_them() -> None:
    hearing, errand = await begun()
    ending = asyncio.create_task(hearing.settled(60.0))
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    async with asyncio.timeout(2):
        await errand.ending.wait()


async def test_an_errand_that_fails_harms_nobody() -> None:
    hearing = Hearing(config=Named())

    async def away() -> None:
        raise Transient("away")

    async def wrong() -> None:
        raise ValueError("a mistake of ours")

    hearing.later(away())
    hearing.later(wrong())
    await hearing.settled()
    assert not hearing._tasks


def test_what_was_heard_is_remembered_until_it_is_forgotten() -> None:
    hearing = Hearing(config=Named())
    assert [hearing.first_time(what) for what in ("a", "a", "b")] == [True, False, True]
    hearing.forget("a")
    hearing.forget("c")
    assert hearing.first_time("a")
    for number in range(2000):
        hearing.first_time(str(number))
    assert hearing.first_time("b")
    with pytest.raises(NotListening):
        _ = hearing.engine
