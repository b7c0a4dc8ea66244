"""Whoever waits for a network ends when told to, though the answer comes at that very moment."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.core.types import Posted
from bot.engine.publisher import Publisher
from bot.engine.vanishing import LANE, Looker
from tests.support.engine_world import comment


class Slow:
    """A network that answers when it is told to."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()

    async def publish(self, reply: Any) -> Posted:
        await self._wait()
        return Posted(native_id="p1", url=None)

    async def find(self, reply: Any) -> None:
        await self._wait()

    async def current(self, item: Any) -> Any:
        await self._wait()
        return item

    async def _wait(self) -> None:
        self.asked.set()
        await self.answers.wait()


async def ended_as_it_answers(network: Slow, waiting: Coroutine[Any, Any, Any]) -> bool:
    """Whether it ended without going on, though the answer came in the same turn of the event loop."""
    task = asyncio.create_task(waiting)
    async with asyncio.timeout(5):
        await network.asked.wait()
        network.answers.set()
        task.cancel()
        await asyncio.wait([task])
    return task.cancelled()


@pytest.mark.parametrize("call", ["publish", "find"])
async def test_a_publisher_that_is_told_to_end_ends(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.publisher.CALL_LIMIT", 60.0)
    network, engine = Slow(), SimpleNamespace(parts=SimpleNamespace(now=lambda: None))
    publisher = Publisher(cast("Any", engine), "worker")
    sent: Any = SimpleNamespace(account="wall")
    asked = publisher._ask(cast("Any", network), sent) if call == "publish" else publisher._read(network.find(sent))
    assert await ended_as_it_answers(network, asked)


async def test_a_look_that_is_told_to_end_ends_and_settles_nothing() -> None:
    network, settled = Slow(), []

    class Reading:
        async def ask(self, job: Any) -> Any:
            return comment("a")

    async def run(job: Any) -> None:
        settled.append(job)

    parts = SimpleNamespace(networks={"wall": network})
    engine = SimpleNamespace(parts=parts, writer=SimpleNamespace(run=run), work=run)
    looker = Looker(cast("Any", engine), cast("Any", Reading()), "worker")
    order: Any = SimpleNamespace(
        lane=f"{LANE}wall", payload={"native_id": "a", "reply": None, "missing_since": None}, id=1
    )
    assert await ended_as_it_answers(network, looker.perform(order))
    assert settled == []
