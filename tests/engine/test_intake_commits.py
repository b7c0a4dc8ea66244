"""Durable before acknowledged: batches, cursors, and callers that are told the truth."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.messages import Approve, ItemArrived
from bot.engine import points
from bot.engine.engine import ForeignAccount
from bot.store import tables as t
from tests.support.engine_world import T0, WALL, World, comment


async def cursor(world: World, account: str = WALL) -> str | None:
    rows = await world.rows(select(t.cursors.c.value).where(t.cursors.c.account == account))
    return rows[0].value if rows else None


class Broken(RuntimeError):
    pass


def failing_at(point: str, times: int) -> list[str]:
    """Let the transaction fail so many times at this point; the points passed so far."""
    passed: list[str] = []

    def visit(name: str) -> None:
        passed.append(name)
        if name == point and passed.count(point) <= times:
            raise Broken

    points.visit_with(visit)
    return passed


async def test_a_failed_transaction_moves_neither_items_nor_cursor_and_is_told(world: World) -> None:
    await world.emit(ItemArrived(item=comment("a")), cursor="1")
    failing_at("intake.before_commit", 1)
    with pytest.raises(Broken):
        await world.emit(ItemArrived(item=comment("b")), cursor="2")
    assert await cursor(world) == "1"
    assert len(await world.rows(select(t.items))) == 1
    await world.emit(ItemArrived(item=comment("b")), cursor="2")
    assert await cursor(world) == "2"
    assert len(await world.rows(select(t.items))) == 2


async def test_one_bad_parcel_takes_no_other_along_and_only_its_sender_is_told(world: World) -> None:
    naive = comment("bad", created_at=T0.replace(tzinfo=None))
    jobs = [world.emit(ItemArrived(item=comment(f"n{i}", thread_key=f"{i}")), cursor=f"{i}") for i in range(5)]
    bad = world.emit(ItemArrived(item=comment("good")), ItemArrived(item=naive), cursor="never")
    results = await asyncio.gather(*jobs, bad, *[world.emit(cursor="last")], return_exceptions=True)
    assert [isinstance(result, Exception) for result in results] == [False] * 5 + [True, False]
    assert await cursor(world) == "last"
    assert {row.native_id for row in await world.rows(select(t.items.c.native_id))} == {f"n{i}" for i in range(5)}


async def test_many_callers_share_transactions_and_each_is_told_after_the_commit(world: World) -> None:
    commits = failing_at("", 0)

    async def send(number: int) -> int:
        await world.emit(ItemArrived(item=comment(f"n{number}", thread_key=f"{number}")))
        found = await world.rows(select(t.items.c.id).where(t.items.c.native_id == f"n{number}"))
        return len(found)

    assert await asyncio.gather(*(send(number) for number in range(200))) == [1] * 200
    assert commits.count("intake.before_commit") <= 5
    assert len(await world.tickets()) == 200


async def test_a_caller_that_gives_up_takes_nothing_back(world: World) -> None:
    patient = asyncio.create_task(world.emit(ItemArrived(item=comment("a"))))
    hasty = asyncio.create_task(world.emit(ItemArrived(item=comment("b", thread_key="b"))))
    await asyncio.sleep(0)
    hasty.cancel()
    await patient
    with pytest.raises(asyncio.CancelledError):
        await hasty
    await world.arrive(comment("c", thread_key="c"))
    assert len(await world.tickets()) == 3


async def test_a_batch_that_is_broken_off_is_not_taken_for_stored(world: World) -> None:
    held = asyncio.Event()

    async def never(job: Any) -> None:
        held.set()
        await asyncio.Event().wait()

    world.engine.writer.run, real = never, world.engine.writer.run  # type: ignore[method-assign,assignment]
    sending = asyncio.create_task(world.emit(ItemArrived(item=comment("a"))))
    await held.wait()
    world.engine.writer.run = real  # type: ignore[method-assign]
    assert world.engine._batch is not None
    world.engine._batch.cancel()
    with pytest.raises(Exception, match="broken off"):
        await sending
    assert await world.tickets() == []


async def test_an_adapter_reports_about_its_own_account_only(world: World) -> None:
    with pytest.raises(ForeignAccount):
        await world.emit(ItemArrived(item=comment("a", account="other")), cursor="9")
    assert await cursor(world) is None


async def test_an_approval_is_not_held_up_by_a_hundred_thousand_words(world: World) -> None:
    await world.arrive(comment("a", "word " * 200_000))
    ticket = await world.ticket_of("a")
    outcome = await world.wish(Approve(by="luis", via="desk", ticket=ticket))
    assert type(outcome).__name__ == "Done"
