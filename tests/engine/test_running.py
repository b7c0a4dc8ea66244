"""The whole bot: listeners that fail, the clock, the wake socket, errors of the database, an orderly end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.errors import AuthExpired, Transient
from bot.core.messages import Approve, ItemArrived, Write
from bot.core.ports import Intake
from bot.core.rules import Rules
from bot.core.types import ReplyState
from bot.engine import backoff, listeners, wake
from bot.engine import clock as clocks
from bot.engine import engine as engine_module
from bot.engine import run as running
from bot.engine.accounts import Accounts
from bot.engine.run import Bot
from bot.store import outbox
from bot.store import tables as t
from bot.store.errors import DiskFull
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import WALL, Clock, World, comment

SOON = 3.0


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something to become true, for seconds at most."""
    async with asyncio.timeout(SOON):
        while not await true():  # noqa: ASYNC110 (what becomes true stands in the database)
            await asyncio.sleep(0.005)


class RunningClock(Clock):
    """The real time."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class Running:
    """A bot that runs in this test, over a world whose engine it brings itself."""

    def __init__(self, world: World, data: Path) -> None:
        self.world = world
        self.bot = Bot(world.database, world.parts, data)
        self.stop = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.bot.recover()
        self.task = asyncio.create_task(self.bot.run(self.stop))

    async def end(self) -> None:
        self.stop.set()
        if self.task is not None:
            async with asyncio.timeout(SOON):
                await self.task

    async def emit(self, *events: Any) -> None:
        await self.bot.engine.intake_of(WALL).emit(*events)


@pytest.fixture
async def house(
    tmp_path: Path, network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Awaitable[Running]]]:
    """Starts bots on the wall clock, with short pauses; ends those that still run."""
    made: list[Running] = []
    worlds: list[World] = []
    monkeypatch.setattr(listeners, "PROOF", 0.01)
    monkeypatch.setattr(listeners, "STEADY", 0.05)
    monkeypatch.setattr(listeners, "LONGEST", 0.02)
    monkeypatch.setattr(backoff, "SOONEST", 0.01)
    monkeypatch.setattr(running, "AGAIN", 0.02)
    monkeypatch.setattr(clocks, "TICK", 0.01)
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=0.3))

    async def start(**networks: ModelNetwork) -> Running:
        if not worlds:
            rules = Rules(undo=timedelta(seconds=0))
            path = tmp_path / "portavoz.db"
            worlds.append(World(path, networks or {WALL: network}, clock=RunningClock(), rules=rules))
            await worlds[0].open()
        made.append(Running(worlds[0], tmp_path))
        await made[-1].start()
        return made[-1]

    yield start
    for one in made:
        if one.task is not None and not one.task.done():
            await one.end()
    for world in worlds:
        await world.close()


@pytest.fixture
def clock() -> Clock:
    """The bot as a whole runs on real time, except where a test moves the clock itself."""
    return Clock()


async def states(world: World) -> dict[str, str]:
    return {row.id: row.state for row in await world.rows(select(t.accounts.c.id, t.accounts.c.state))}


async def told(world: World) -> list[tuple[str, str]]:
    """What was logged about accounts."""
    rows = await world.rows(select(t.events.c.type, t.events.c.data).order_by(t.events.c.seq))
    return [(row.type, row.data["part"]) for row in rows if row.type.startswith("Account")]


# --- the whole way ----------------------------------------------------------------------------------------------------


async def test_a_comment_goes_all_the_way_and_the_end_leaves_nothing_held(
    house: Callable[..., Awaitable[Running]], network: ModelNetwork
) -> None:
    bot = await house()
    item = network.write("a")
    await bot.emit(ItemArrived(item=item))
    ticket = await bot.world.ticket_of("a")
    outcome = await bot.bot.engine.submit(Write(by="ana", via="desk", ticket=ticket, text="We are sorry, Carla."))
    assert type(outcome).__name__ == "Done"
    await bot.bot.engine.submit(Approve(by="luis", via="desk", ticket=ticket))

    async def published() -> bool:
        return await bot.world.state(ticket) is ReplyState.PUBLISHED and bool(bot.world.chat.cards)

    await until(published)
    await bot.end()
    assert [post.text for post in network.under("a")] == ["We are sorry, Carla."]
    assert [row for row in await bot.world.orders() if row.lease_owner] == []


async def test_a_call_that_does_not_come_back_is_broken_off_at_the_end_and_settled_at_the_next_start(
    house: Callable[..., Awaitable[Running]], network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "DRAIN", 0.05)
    monkeypatch.setattr("bot.engine.publisher.CALL_LIMIT", 60.0)
    bot = await house()
    network.say("a", "posted_slow")
    await bot.emit(ItemArrived(item=network.write("a")))
    ticket = await bot.world.ticket_of("a")
    await bot.world.approve(ticket)

    async def called() -> bool:
        bot.bot.engine.woken.set()
        return bool(network.calls)

    await until(called)
    await bot.end()
    assert [row.lease_owner for row in await bot.world.orders("publish")] == [None]
    assert await bot.world.state(ticket) is ReplyState.PUBLISHING
    again = await house()

    async def published() -> bool:
        return await again.world.state(ticket) is ReplyState.PUBLISHED

    await until(published)
    assert len(network.under("a")) == 1


async def test_another_process_wakes_the_bot(house: Callable[..., Awaitable[Running]], tmp_path: Path) -> None:
    assert not wake.wake(tmp_path)
    bot = await house()
    await until(lambda: asyncio.sleep(0, wake.socket_path(tmp_path).exists()))
    bot.bot.engine.woken.clear()
    assert wake.wake(tmp_path)
    await asyncio.wait_for(bot.bot.engine.woken.wait(), SOON)
    await bot.end()
    assert not wake.wake(tmp_path)
    assert not wake.socket_path(tmp_path).exists()


def test_a_data_folder_with_a_long_name_has_a_socket_all_the_same(tmp_path: Path) -> None:
    path = wake.socket_path(tmp_path / ("x" * 150))
    assert len(str(path)) <= 100


# --- listeners --------------------------------------------------------------------------------------------------------


async def test_a_listener_that_fails_is_started_again_and_others_do_not_notice(
    house: Callable[..., Awaitable[Running]], clock: Clock
) -> None:
    good, bad = ModelNetwork(clock), ModelNetwork(clock, account="bad")
    starts: list[str | None] = []

    async def failing(intake: Intake, cursor: str | None) -> None:
        starts.append(cursor)
        await intake.emit(cursor=f"{len(starts)}")
        if len(starts) < 4:
            raise ValueError("a bug in the adapter")
        await asyncio.Event().wait()

    bad.listening = failing
    bot = await house(wall=good, bad=bad)

    async def well() -> bool:
        found = await states(bot.world)
        return len(starts) == 4 and found.get("network:bad") == "ok" == found.get("network:wall")

    await until(well)
    assert starts == [None, "1", "2", "3"]
    assert good.checks == 1
    assert await told(bot.world) == [("AccountFailed", "network:bad"), ("AccountRecovered", "network:bad")]


async def test_a_listener_that_works_for_a_moment_and_fails_again_is_told_once(
    house: Callable[..., Awaitable[Running]], network: ModelNetwork
) -> None:
    starts: list[float] = []

    async def flapping(intake: Intake, cursor: str | None) -> None:
        starts.append(0.0)
        await asyncio.sleep(0.02)
        raise Transient("503", 0.0)

    network.listening = flapping
    bot = await house()

    async def enough() -> bool:
        return len(starts) >= 6

    await until(enough)
    assert await told(bot.world) == [("AccountFailed", "network:wall")]
    assert await bot.world.lights("wall") == ["warn"]


async def test_a_dead_token_stops_the_listener_and_is_said_in_red(
    house: Callable[..., Awaitable[Running]], network: ModelNetwork
) -> None:
    async def dead(intake: Intake, cursor: str | None) -> None:
        raise AuthExpired("the token was revoked")

    network.listening = dead
    bot = await house()

    async def known() -> bool:
        return (await states(bot.world)).get("network:wall") == "auth"

    await until(known)
    assert await bot.world.lights("the token was revoked") == ["red"]
    assert await told(bot.world) == [("AccountFailed", "network:wall")]


async def test_a_failure_whose_words_cannot_be_stored_is_told_all_the_same(world: World) -> None:
    await Accounts(world.engine).failed("network:wall", "\ud800" + "x" * 9999)
    assert await states(world) == {"network:wall": "failing"}


async def test_what_was_wrong_with_a_room_before_the_start_is_forgotten_and_told_anew(
    world: World, tmp_path: Path
) -> None:
    accounts = Accounts(world.engine)
    await accounts.failed("room:team", "503")
    await accounts.failed("network:wall", "401", dead_token=True)
    bot = Bot(world.database, world.parts, tmp_path)
    await bot.recover()
    await bot.engine.writer.close()
    assert await states(world) == {"network:wall": "auth", "room:team": "ok"}
    assert await world.lights("503") == []
    await accounts.failed("room:team", "503")
    assert [part for _, part in await told(world)] == ["room:team", "network:wall", "room:team"]


# --- the database -----------------------------------------------------------------------------------------------------


async def test_a_full_disk_ends_nothing_and_everything_goes_on_afterwards(
    house: Callable[..., Awaitable[Running]], network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = asyncio.Event()

    async def talking(intake: Intake, cursor: str | None) -> None:
        await intake.emit(ItemArrived(item=comment("live")), cursor="1")
        heard.set()
        await asyncio.Event().wait()

    bot = await house()
    await bot.emit(ItemArrived(item=network.write("a", thread_key="x")))
    ticket = await bot.world.ticket_of("a")
    await bot.end()
    network.listening = talking
    database, full = bot.world.database, [True]
    begin = database.begin

    @contextlib.contextmanager
    def failing() -> Any:
        if full[0]:
            raise DiskFull("no space left", "free some")
        with begin() as conn:
            yield conn

    monkeypatch.setattr(engine_module, "AWAY", 0.02)
    again = await house()
    await bot.world.approve(ticket)
    monkeypatch.setattr(database, "begin", failing)
    with pytest.raises(Transient):
        await again.emit(ItemArrived(item=comment("b", thread_key="b")))
    again.bot.engine.woken.set()
    await asyncio.sleep(0.15)
    assert again.task is not None
    assert not again.task.done()
    full[0] = False
    await again.emit(ItemArrived(item=comment("b", thread_key="b")))
    again.bot.engine.woken.set()

    async def well() -> bool:
        return heard.is_set() and await bot.world.state(ticket) is ReplyState.PUBLISHED

    await until(well)
    assert len(network.under("a")) == 1
