"""From an approval to the reply on the wall: the bot's path, without the undo window."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.core.messages import Approve, Done, Edit, ItemArrived
from bot.core.types import Author, Item, TicketStatus
from handlers.networks.wall import WallNetwork
from tests.bench.comments import comments
from tests.bench.house import House, house
from tests.bench.show import spread, table

REPLIES = 200


async def _on_the_wall(ours: House, wall: WallNetwork) -> list[str]:
    """Comments that really stand on the wall, as tickets; the tickets' ids."""
    for one in comments(31, REPLIES):
        comment, _ = await wall.wall.add(author=one.author, text=one.text)
        item = Item(
            account="wall",
            native_id=comment.id,
            version=str(comment.version),
            author=Author(id=comment.visitor, name=comment.author),
            text=comment.text,
            created_at=comment.created_at,
            thread_key=comment.root,
        )
        await ours.engine.emit("wall", (ItemArrived(item=item),), None)
    lines = await ours.reader.inbox(statuses=tuple(TicketStatus), limit=REPLIES)
    return [line.id for line in lines]


async def _approve(ours: House, wall: WallNetwork, ticket: str, number: int) -> float:
    """Seconds from the approval until the reply stands on the wall for everybody."""
    words = f"Gracias por escribir; lo miramos hoy mismo y te contamos. ({number})"
    edited = await ours.engine.submit(Edit(by="ana", via="bench", ticket=ticket, text=words))
    assert isinstance(edited, Done), edited
    with wall.wall.listening() as woken:
        newest = await wall.wall.changes(0, 1_000_000)
        began = time.perf_counter()
        approved = await ours.engine.submit(Approve(by="luis", via="bench", ticket=ticket))
        assert isinstance(approved, Done), approved
        while not await wall.wall.changes(newest[-1].seq, 1):
            woken.clear()
            await asyncio.wait_for(woken.wait(), 10)
        return time.perf_counter() - began


async def measure(folder: Path) -> None:
    """Print the figures."""
    async with house(folder, "replies", chats=True) as ours:
        wall = ours.parts.networks["wall"]
        assert isinstance(wall, WallNetwork)
        async with ours.at_work():
            tickets = await _on_the_wall(ours, wall)
            spent = [await _approve(ours, wall, ticket, n) for n, ticket in enumerate(tickets)]
    table(
        f"Approval to reply on the wall: {len(spent)} one after the other, no undo window",
        [("on the wall after", f"{sum(spent) / len(spent) * 1000:.1f} ms", spread(spent))],
    )
