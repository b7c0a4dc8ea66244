"""What is critical does not wait behind what a room has in hand: a room takes about a card a second."""

import asyncio
from pathlib import Path

import pytest

from bot.core.messages import SetSeverity
from bot.core.types import Severity
from bot.engine.pressing import GLANCE
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import WALL, Clock, RecordingChat, World, comment

FLOOD = 40


class SlowChat(RecordingChat):
    """A chat that takes a call when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = asyncio.Semaphore(0)
        self.called = asyncio.Event()

    async def _call(self, ticket: str | None = None) -> None:
        self.called.set()
        await self.turns.acquire()
        await super()._call(ticket)

    def let(self, calls: int) -> None:
        for _ in range(calls):
            self.turns.release()


async def flooded(path: Path, network: ModelNetwork, clock: Clock) -> tuple[World, SlowChat]:
    """A room with a flood of cards in hand, the first of which is on its way."""
    chat = SlowChat()
    world = await World(path / "portavoz.db", {WALL: network}, clock=clock, chat=chat).open()
    await world.arrive(*(comment(f"c{n}", f"Soup {n} was cold", thread_key=f"c{n}") for n in range(FLOOD)))
    await world.worker()._claim()
    await asyncio.wait_for(chat.called.wait(), 5)
    return world, chat


async def one_card_later(world: World, chat: SlowChat) -> None:
    """The worker looks again, and the card on its way arrives."""
    [worker] = world.workers
    world.clock.move(GLANCE)
    await worker._claim()
    lanes = list(worker.lanes.busy.values())
    chat.let(1)
    await asyncio.wait(lanes, timeout=1.0)


@pytest.mark.parametrize("how", ["it is new", "it was in hand"])
async def test_a_critical_card_is_the_next_one_whatever_is_in_hand(
    tmp_path: Path, network: ModelNetwork, clock: Clock, how: str
) -> None:
    world, chat = await flooded(tmp_path, network, clock)
    [worker] = world.workers
    if how == "it is new":
        await world.arrive(comment("x", "There is danger", thread_key="x"))
        ticket = await world.ticket_of("x")
    else:
        ticket = await world.ticket_of(f"c{FLOOD - 1}")
        await world.wish(SetSeverity(by="ada", via="desk", ticket=ticket, severity=Severity.CRITICAL))
    await one_card_later(world, chat)
    assert len(chat.posted) == 1
    chat.let(1000)
    await world.work_on(worker, 60)
    assert chat.posted[1][1] == ticket
    assert sorted(posted for _, posted in chat.posted) == sorted(await world.tickets())
    await world.close()


async def test_nothing_gives_way_to_its_like(tmp_path: Path, network: ModelNetwork, clock: Clock) -> None:
    world, chat = await flooded(tmp_path, network, clock)
    [worker] = world.workers
    await world.arrive(comment("x", thread_key="x"))
    world.clock.move(GLANCE)
    await worker._claim()
    lanes = list(worker.lanes.busy.values())
    chat.let(FLOOD)
    await asyncio.wait(lanes)
    assert len(chat.posted) == FLOOD
    chat.let(1000)
    await world.work_on(worker, 60)
    assert len(chat.posted) == FLOOD + 1
    await world.close()
