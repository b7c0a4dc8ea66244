"""The outbox: one holder at a time, nothing forgotten, and no lane waits for another."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.errors import Permanent, Transient
from bot.core.types import Budget, ReplyState, Room
from bot.engine import lanes as working
from bot.engine.lanes import TRIES
from bot.store import outbox
from bot.store import tables as t
from bot.store.engine import Database
from bot.store.outbox import LEASE, Order
from tests.engine.model_network import ModelNetwork
from tests.support.db import fresh_database
from tests.support.engine_world import DESK, T0, WALL, Clock, RecordingChat, World, comment

SECOND = timedelta(seconds=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = fresh_database(tmp_path / "outbox.db")
    yield made
    made.close()


def order(number: int, **more: object) -> Order:
    values: dict[str, object] = {"type": "card", "lane": "room:team", "once": f"o{number}", "due_at": T0, "id": number}
    return Order(**(values | more))  # type: ignore[arg-type]


def put(db: Database, *orders: Order) -> None:
    with db.begin() as conn:
        outbox.write_orders(conn, orders, T0)


def claim(db: Database, owner: str = "w", *, at: float = 0.0, limit: int = 64, busy: tuple[str, ...] = ()) -> list[int]:
    with db.begin() as conn:
        now = T0 + at * SECOND
        return [o.id for o in outbox.claim(conn, owner, now, limit=limit, busy_lanes=busy, paused=False)]


def due(db: Database, *busy: str) -> object:
    with db.read() as conn:
        return outbox.next_due(conn, paused=False, busy_lanes=busy)


def row(db: Database, number: int) -> object:
    with db.read() as conn:
        return conn.execute(select(t.outbox).where(t.outbox.c.id == number)).one_or_none()


def test_two_owners_never_hold_the_same_order(db: Database) -> None:
    put(db, *(order(number) for number in range(1, 201)))
    taken: dict[str, list[int]] = {"a": [], "b": []}

    def work(owner: str) -> None:
        while some := claim(db, owner, limit=7):
            taken[owner] += some

    threads = [threading.Thread(target=work, args=(owner,)) for owner in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken["a"] + taken["b"]) == list(range(1, 201))


def test_the_most_urgent_comes_first_then_whatever_is_due_longest(db: Database) -> None:
    put(db, order(1, priority=5), order(2, priority=1, due_at=T0 + SECOND), order(3, priority=1), order(4, priority=9))
    assert claim(db, at=2) == [3, 2, 1, 4]


def test_what_is_not_due_or_of_a_busy_lane_is_left(db: Database) -> None:
    put(db, order(1, due_at=T0 + 9 * SECOND), order(2, lane="x"), order(3))
    assert claim(db, busy=("x",)) == [3]
    assert (due(db), due(db, "x")) == (T0, T0 + 9 * SECOND)


def test_a_lease_runs_out_and_its_end_is_when_the_order_is_due_again(db: Database) -> None:
    put(db, order(1))
    assert claim(db, "dead") == [1]
    assert claim(db, "b", at=LEASE.total_seconds() - 1) == []
    assert due(db) == T0 + LEASE
    assert claim(db, "b", at=LEASE.total_seconds()) == [1]


def test_a_renewed_lease_lasts_and_only_its_holder_can_renew_it(db: Database) -> None:
    put(db, order(1))
    claim(db, "a")
    with db.begin() as conn:
        outbox.renew(conn, "b", [1], T0 + 50 * SECOND)
    assert due(db) == T0 + LEASE
    with db.begin() as conn:
        outbox.renew(conn, "a", [1], T0 + 50 * SECOND)
    assert claim(db, "b", at=100) == []
    assert claim(db, "b", at=110) == [1]


def test_who_lost_the_lease_can_neither_finish_nor_put_off_nor_bury(db: Database) -> None:
    put(db, order(1))
    claim(db, "slow")
    claim(db, "b", at=61)
    with db.begin() as conn:
        outbox.finish(conn, "slow", [order(1)])
        outbox.put_off(conn, "slow", order(1), until=T0, problem="late", failed=True)
        outbox.bury(conn, "slow", order(1), "late")
    left = row(db, 1)
    assert (left.lease_owner, left.state, left.attempts) == ("b", "ready", 0)  # type: ignore[attr-defined]


def test_an_order_touched_while_it_is_carried_out_is_carried_out_once_more(db: Database) -> None:
    put(db, order(1))
    claim(db, "a")
    put(db, order(9, once="o1", due_at=T0 + SECOND))
    with db.begin() as conn:
        outbox.finish(conn, "a", [order(1)])
    assert claim(db, "b", at=1) == [1]
    with db.begin() as conn:
        outbox.finish(conn, "b", [order(1, stamp=1)])
    assert row(db, 1) is None


def test_a_touch_keeps_its_own_time_when_the_round_before_it_failed(db: Database) -> None:
    put(db, order(1))
    claim(db, "a")
    put(db, order(9, once="o1", due_at=T0 + SECOND))
    with db.begin() as conn:
        outbox.put_off(conn, "a", order(1), until=T0 + 300 * SECOND, problem="busy", failed=True)
    assert due(db) == T0 + SECOND


def test_a_dead_order_is_not_taken_until_it_is_revived_or_ordered_again(db: Database) -> None:
    put(db, order(1), order(2))
    claim(db, "a")
    with db.begin() as conn:
        for number in (1, 2):
            outbox.bury(conn, "a", order(number), "broken")
    assert (claim(db, at=999), due(db)) == ([], None)
    put(db, order(9, once="o1"))
    assert claim(db, at=1) == [1]
    with db.begin() as conn:
        [number] = outbox.dead(conn)
        outbox.revive(conn, T0, [number])
    assert claim(db, at=1) == [2]


def test_leases_are_taken_back_from_one_owner_or_from_all(db: Database) -> None:
    put(db, order(1), order(2))
    claim(db, "a", limit=1)
    claim(db, "b")
    with db.begin() as conn:
        assert outbox.release_all(conn, "a") == 1
    assert claim(db, "c") == [1]
    with db.begin() as conn:
        assert outbox.release_all(conn) == 2


# --- lanes ------------------------------------------------------------------------------------------------------------

OTHER = Room(id="other", chat="slow")


class TwoRooms(World):
    """The same tickets in two rooms of two chats; `slow` is the second one's."""

    def __init__(self, path: Path, network: ModelNetwork, clock: Clock) -> None:
        super().__init__(path, {WALL: network}, clock=clock, rooms=(DESK, OTHER))
        self.slow = RecordingChat()
        self.parts.chats["slow"] = self.slow  # type: ignore[index]


@pytest.fixture
async def two(tmp_path: Path, network: ModelNetwork, clock: Clock) -> AsyncIterator[TwoRooms]:
    made = TwoRooms(tmp_path / "portavoz.db", network, clock)
    await made.open()
    yield made
    await made.close()


async def test_a_chat_that_does_not_answer_delays_no_other_lane(two: TwoRooms, network: ModelNetwork) -> None:
    two.slow.hold = asyncio.Event()
    worker = two.worker()
    await two.arrive(network.write("a"))
    ticket = await two.ticket_of("a")
    await two.approve(ticket)
    two.clock.move(11)
    for _ in range(20):
        await worker._claim()
        others = [task for lane, task in worker.lanes.busy.items() if lane != "room:other"]
        if others:
            await asyncio.wait(others)
    assert await two.state(ticket) is ReplyState.PUBLISHED
    assert [card.line.reply_state for card in two.chat.shown(ticket)] == [ReplyState.PUBLISHED]
    assert two.slow.posted == []
    two.slow.hold.set()
    await two.work_on(worker)
    assert [card.line.reply_state for card in two.slow.shown(ticket)] == [ReplyState.PUBLISHED]


async def test_a_lane_that_fails_waits_alone_and_is_said_elsewhere(two: TwoRooms, network: ModelNetwork) -> None:
    two.slow.trouble = [Transient("503") for _ in range(6)]
    await two.arrive(network.write("a"))
    ticket = await two.ticket_of("a")
    worker = two.worker()
    await two.round(worker)
    assert (len(two.chat.shown(ticket)), two.slow.shown(ticket)) == (1, [])
    await two.work_on(worker)
    assert len(two.slow.shown(ticket)) == 1
    assert any("other" in text for place, text in two.chat.said if place == "team")
    assert all("503" not in text for _, text in two.slow.said)


async def test_what_was_tried_often_enough_is_given_up_seen_and_can_be_tried_again(
    world: World, network: ModelNetwork
) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    world.chat.poison[ticket] = ValueError("a bug in the chat's adapter")
    worker = world.worker()
    await world.work_on(worker, 24 * 3600)
    assert [(o.state, o.attempts) for o in await world.orders("card")] == [("dead", TRIES - 1)]
    assert await world.lights("ValueError") == ["red"]
    world.chat.poison.clear()
    await world.engine.writer.run(lambda conn: outbox.revive(conn, world.clock.now, outbox.dead(conn)))
    await world.work_on(worker)
    assert len(world.chat.shown(ticket)) == 1


@pytest.mark.parametrize("problem", [Permanent("no such message"), ValueError("a bug"), OSError("reset")])
async def test_one_card_that_cannot_be_shown_keeps_no_other_back(
    world: World, network: ModelNetwork, problem: Exception
) -> None:
    for name in "abcde":
        await world.arrive(network.write(name, thread_key=name))
    world.chat.poison[await world.ticket_of("a")] = problem
    await world.round(world.worker())
    assert {ticket for _, ticket in world.chat.posted} == {await world.ticket_of(name) for name in "bcde"}
    assert [o.ticket for o in await world.orders("card")] == [await world.ticket_of("a")]


async def test_a_lane_keeps_inside_its_budget(
    world: World, network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "time", time)
    monkeypatch.setattr(RecordingChat, "budget", Budget(rate=100.0, burst=2))
    for name in "abcdef":
        await world.arrive(network.write(name, thread_key=name))
    began = time.monotonic()
    await world.round(world.worker())
    assert len(world.chat.posted) == 6
    assert time.monotonic() - began >= 0.04


async def test_a_database_that_fails_under_a_lane_loses_no_order(
    world: World, network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.arrive(network.write("a"))
    worker = world.worker()
    settle = worker.lanes.shower.settle

    async def broken(tray: object) -> None:
        raise OSError("disk full")

    worker.lanes.shower.settle = broken  # type: ignore[method-assign]
    await world.round(worker)
    assert [o.lease_owner for o in await world.orders("card")] == [worker.owner]
    worker.lanes.shower.settle = settle  # type: ignore[method-assign]
    await world.work_on(worker, 120)
    assert await world.orders("card") == []
    assert (len(world.chat.posted), len(world.chat.asked)) == (1, 1)


async def test_a_card_that_cannot_be_read_holds_up_no_other(
    world: World, network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        await world.arrive(network.write(name, thread_key=name))
    bad = min(order.ticket or "" for order in await world.orders("card"))
    card, cards = world.reader.card, world.reader.cards

    async def one(ticket: str) -> object:
        if ticket == bad:
            raise ValueError("a bug")
        return await card(ticket)

    async def many(some: list[str]) -> object:
        if bad in some:
            raise ValueError("a bug")
        return await cards(some)

    monkeypatch.setattr(world.reader, "card", one)
    monkeypatch.setattr(world.reader, "cards", many)
    await world.round(world.worker())
    assert len(world.chat.posted) == 1
    assert [order.ticket for order in await world.orders("card")] == [bad]


async def test_an_idle_worker_does_not_spin_while_a_lane_waits(
    world: World, network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        await world.arrive(network.write(name, thread_key=name))
    world.chat.trouble = [Transient("429", 600)]
    worker = world.worker()
    await world.round(worker)
    world.engine.woken.clear()
    looks: list[int] = []
    ask = world.reader.ask

    async def counted(query: object) -> object:
        looks.append(1)
        return await ask(query)  # type: ignore[arg-type]

    monkeypatch.setattr(world.reader, "ask", counted)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.15)
    await worker.drain(1)
    await running
    assert len(looks) <= 4


async def test_comments_arrive_in_order_of_urgency_in_the_room(world: World) -> None:
    await world.arrive(comment("a"), comment("b", "There is danger", thread_key="b"))
    await world.round(world.worker())
    assert len(world.chat.posted) == 2
    assert any("critical" in text.lower() for _, text in world.chat.said)
