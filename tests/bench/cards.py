"""From a comment to its card with a draft on the desk, one commit per comment, beside bare commits of the same rows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.core.messages import ItemArrived
from bot.core.ports import TeamChat
from bot.core.types import CardRef, Room
from bot.core.views import Card
from tests.bench.comments import comments
from tests.bench.floors import Batch, Copier, content_rows, one_row_each, same_rows, with_cards
from tests.bench.house import BEGAN, House, arrivals, fresh_database, house
from tests.bench.show import held, rate, spread, table

COMMENTS = 600
WANTED = 1 / 2
AT_ONCE = (32, 1)


class Seen:
    """When the card of each comment was posted, by the comment's text."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.woken = asyncio.Event()

    def note(self, card: Card) -> None:
        """A card with a draft is there."""
        assert card.reply is not None
        self.at.setdefault(card.line.text, time.perf_counter())
        self.woken.set()

    async def until(self, count: int) -> None:
        """Wait until there are so many."""
        while len(self.at) < count:
            self.woken.clear()
            await self.woken.wait()

    async def card_of(self, text: str) -> None:
        """Wait until this comment's is there."""
        while text not in self.at:
            self.woken.clear()
            await self.woken.wait()


@contextmanager
def watched(chat: TeamChat) -> Iterator[Seen]:
    """Note what the desk is given to post; it posts it all the same."""
    seen, post = Seen(), chat.post

    async def posted(room: Room, card: Card) -> CardRef:
        ref = await post(room, card)
        seen.note(card)
        return ref

    chat.post = posted  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        chat.post = post  # type: ignore[method-assign]


async def _stream(ours: House, events: Sequence[ItemArrived], at_once: int, seen: Seen) -> float:
    """Seconds from the first comment until the last card, so many writers at once."""
    waiting = list(reversed(events))

    async def writer() -> None:
        while waiting:
            await ours.engine.emit("wall", (waiting.pop(),), None)

    already = len(seen.at)
    began = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(at_once)))
    await seen.until(already + len(events))
    return time.perf_counter() - began


async def _each_alone(ours: House, events: Sequence[ItemArrived], seen: Seen) -> list[float]:
    """Seconds from a comment to its card, when nothing else happens."""
    spent = []
    for event in events:
        began = time.perf_counter()
        await ours.engine.emit("wall", (event,), None)
        await seen.card_of(event.item.text)
        spent.append(seen.at[event.item.text] - began)
    return spent


async def _rows_of(ours: House, events: Sequence[ItemArrived]) -> list[Batch]:
    """What each of these comments writes until its card is shown."""
    copier = Copier(ours.database)
    for event in events:
        await ours.engine.emit("wall", (event,), None)
        copier.take()
    return with_cards(copier.batches, "desk", BEGAN)


async def measure(folder: Path) -> None:
    """Print the figures."""
    said = comments(21, COMMENTS * len(AT_ONCE) + 100)
    async with house(folder, "rows") as still:
        batches = await _rows_of(still, arrivals(said[:COMMENTS]))
    with fresh_database(folder, "same-rows") as floor:
        bare = same_rows(floor, batches)
    with fresh_database(folder, "commits") as floor:
        rows = content_rows([one.text for one in said[:COMMENTS]])
        single = one_row_each(floor, rows, per_commit=1)
    each = sum(len(some) for batch in batches for some in batch.values()) / COMMENTS
    lines = [
        ("floor: the same rows", rate(COMMENTS, bare), f"a bare commit each, {each:.1f} rows: what the ratios are of"),
        ("floor: one row", rate(COMMENTS, single), "a bare commit each; a comment and its card are more than that"),
    ]
    async with house(folder, "cards", chats=True) as ours:
        with watched(ours.parts.chats["desk"]) as seen:
            async with ours.at_work():
                await _each_alone(ours, arrivals(comments(22, 50), "w"), seen)  # warm
                for round_, at_once in enumerate(AT_ONCE):
                    some = arrivals(said[round_ * COMMENTS : (round_ + 1) * COMMENTS], f"r{round_}-")
                    spent = await _stream(ours, some, at_once, seen)
                    what = f"{at_once} at a time"
                    verdict = f"{held(bare / spent, WANTED)}; {single / spent:.2f} of one row"
                    lines.append((what, rate(COMMENTS, spent), verdict))
                alone = await _each_alone(ours, arrivals(said[-100:], "a"), seen)
    lines.append(("one alone", f"{sum(alone) / len(alone) * 1000:.1f} ms", spread(alone)))
    table(f"Comment to card with draft on the desk: {COMMENTS} comments, one commit each", lines)
