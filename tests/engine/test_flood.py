"""A flood of comments: the room is told once, gets the cards at its own pace, and nobody's work waits behind them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar

from bot.core.messages import Claim
from bot.core.types import Budget, CardRef, Message, Room
from bot.core.views import Card
from bot.engine.clock import Clock as Ticking
from bot.engine.pressing import GLANCE
from bot.store.outbox import MANY, NEW
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import WALL, Clock, RecordingChat, World, comment

FLOOD = 3 * MANY
CRITICAL_AT, CLAIMED_AT = 20, 40


class SecondsChat(RecordingChat):
    """A chat that takes a second for everything, and lets a test do something at a certain call."""

    budget: ClassVar[Budget] = Budget(rate=1.0, burst=5)

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.calls: list[str] = []
        self.meanwhile: dict[int, Callable[[], Awaitable[None]]] = {}

    async def _took(self, what: str) -> None:
        self.calls.append(what)
        self.clock.move(1)
        happens = self.meanwhile.pop(len(self.calls), None)
        if happens is not None:
            await happens()

    async def post(self, room: Room, card: Card) -> CardRef:
        ref = await super().post(room, card)
        await self._took(f"post {card.line.id}")
        return ref

    async def update(self, ref: CardRef, card: Card) -> None:
        await super().update(ref, card)
        await self._took(f"update {card.line.id}")

    async def say(self, where: Room | CardRef, message: Message) -> None:
        await super().say(where, message)
        await self._took(f"say {message.code}")


async def noticed(world: World) -> None:
    """The worker has looked, and seen that something more pressing than new cards waits."""
    pressing = world.workers[0].lanes._pressing
    async with asyncio.timeout(20):
        while min(pressing._waiting.values(), default=NEW) >= NEW:
            world.clock.move(GLANCE)
            world.engine.woken.set()
            await asyncio.sleep(0.01)


async def test_a_flood_trickles_and_what_presses_goes_before_it(
    tmp_path: Path, network: ModelNetwork, clock: Clock
) -> None:
    chat = SecondsChat(clock)
    world = await World(tmp_path / "portavoz.db", {WALL: network}, clock=clock, chat=chat).open()
    ticking, worker = Ticking(world.engine, world.reader), world.worker()
    await world.arrive(*(comment(f"c{n}", f"Soup {n} was cold", thread_key=f"c{n}") for n in range(FLOOD)))
    first = await world.ticket_of("c0")
    lights: list[tuple[str, str, object]] = []

    async def something_critical() -> None:
        await world.arrive(comment("x", "There is danger", thread_key="x"))
        await noticed(world)

    async def somebody_works() -> None:
        clock.move(900)
        lights.extend((one.code, one.state, one.params.get("count")) for one in await world.reader.health())
        await world.wish(Claim(by="ada", via="desk", ticket=first))
        await noticed(world)

    for _ in range(3):
        await ticking.tick()
    chat.meanwhile = {CRITICAL_AT: something_critical, CLAIMED_AT: somebody_works}
    working = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(30):
            while len(chat.posted) <= FLOOD:  # noqa: ASYNC110 -- the worker tells nobody
                await asyncio.sleep(0.02)
    finally:
        working.cancel()
        await asyncio.wait([working])
    critical = await world.ticket_of("x")
    assert chat.calls[0] == "say cards_coming"
    assert chat.calls.count("say cards_coming") == 1
    assert chat.said[0][1] == (
        f"{FLOOD} more comments are coming, the most urgent first; at this chat's pace that takes about 2 min. "
        "The inbox has all of them already."
    )
    assert chat.calls[CRITICAL_AT : CRITICAL_AT + 2] == [f"post {critical}", "say critical_item"]
    assert chat.calls[CLAIMED_AT] == f"update {first}"
    [waiting] = [count for code, state, count in lights if (code, state) == ("cards_waiting", "ok")]
    assert FLOOD > int(str(waiting)) >= FLOOD - CLAIMED_AT
    assert "orders_on_time" in [code for code, _, _ in lights]
    posted = [ticket for _, ticket in chat.posted if ticket != critical]
    assert posted == [await world.ticket_of(f"c{n}") for n in range(FLOOD)]
    await ticking.tick()
    assert await world.announced("cards_coming") == []
    await world.close()


async def test_few_new_cards_are_no_flood(world: World) -> None:
    await world.arrive(*(comment(f"c{n}", f"Soup {n} was cold", thread_key=f"c{n}") for n in range(MANY - 1)))
    await Ticking(world.engine, world.reader).tick()
    assert await world.orders("say") == []
    assert [one.code for one in await world.reader.health() if one.code == "cards_waiting"] == []
