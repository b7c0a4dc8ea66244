"""The contract seen through the engine: a real one, with tickets and approvals, over the adapter and its other side."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import func, select

from bot.core.types import Gone, Item, OutgoingReply, Posted, ReplyState, Visibility
from bot.store import tables as t
from bot.store.vanished import item_of
from tests.contract.network_incoming import needs
from tests.contract.network_side import (
    BESIDE,
    BY_HAND,
    EDIT,
    LIMITED,
    LOSES,
    PRIVATE,
    WITHDRAW,
    Beside,
    Limited,
    Losing,
    Private,
    Side,
    seen,
)
from tests.support.engine_world import Clock, World

LIMIT = 30.0
"""Seconds that something gets to come in."""
SAMPLES = (
    "x",
    "é",
    "e\u0301",
    "👩‍👩‍👧‍👦",
    "漢",
    "¿",
    "https://example.com/a-rather-long-path-for-a-link ",
    "a b\n\nc ",
)
"""What networks count differently."""


async def stands_as(what: type[Item | Gone], side: Side, item: Item) -> None:
    """Until the network says so: some show what was written, or taken away, a moment later."""
    async with asyncio.timeout(30):
        while not isinstance(await side.network.current(item), what):  # noqa: ASYNC110 -- a server tells nobody
            await asyncio.sleep(0.02)


class House:
    """An engine over the accounts of some sides; while it is open, all of them are listened to."""

    def __init__(self, path: Path, *sides: Side) -> None:
        clock = Clock()
        clock.now = datetime.now(UTC)
        self.world = World(path / "house.db", {side.account: side.network for side in sides}, clock=clock)
        self.worker = self.world.worker()
        self._sides = sides

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        await self.world.open()
        intakes = [(side.network, self.world.engine.intake_of(side.account)) for side in self._sides]
        listeners = [asyncio.create_task(network.listen(intake, None)) for network, intake in intakes]
        try:
            yield self
        finally:
            for listener in listeners:
                listener.cancel()
            await asyncio.gather(*listeners, return_exceptions=True)
            await self.world.close()

    async def until(self, holds: Callable[[], Awaitable[bool]], *, seconds: float = LIMIT) -> None:
        async with asyncio.timeout(seconds):
            while not await holds():  # noqa: ASYNC110 -- the database is asked
                await asyncio.sleep(0.01)

    async def ticket(self, side: Side, native_id: str) -> str:
        """The ticket that a comment has become."""
        i = t.items.c
        wanted = select(i.ticket).where(i.native_id == native_id, i.account == side.account)

        async def there() -> bool:
            return bool(await self.world.rows(wanted))

        await self.until(there)
        return await self.world.ticket_of(native_id, side.account)

    async def tells(self, ticket: str, fact: str) -> None:
        """Wait until the ticket's log says so."""

        async def told() -> bool:
            return fact in await self.world.facts(ticket)

        await self.until(told)

    async def publish(self, *tickets: str) -> None:
        """Approve the drafts; they go out."""
        for ticket in tickets:
            await self.world.approve(ticket)
        self.world.clock.move(11)

        async def out() -> bool:
            await self.world.round(self.worker)
            return all([await self.world.state(one) is ReplyState.PUBLISHED for one in tickets])

        await self.until(out)

    async def tickets(self) -> int:
        return int((await self.world.rows(select(func.count()).select_from(t.tickets)))[0][0])


def exactly(side: Side, piece: str, length: int) -> str:
    """A text of this length by the adapter's count, as much of it as possible of one kind; it ends with a word of x."""
    measure = side.network.measure
    text, more = piece, 1
    while more:
        # In large steps first: limits of many thousands would take long else.
        fits = measure(text + piece * more) <= length - 2
        text, more = (text + piece * more, more * 2) if fits else (text, more // 2)
    text = f"{text.strip()} x"
    while measure(text) < length:
        text += "x"
    return text


class StandingContract:
    """What every adapter that can reply owes the team, whatever the engine does with it."""

    @pytest.fixture
    async def house(self, side: Side, tmp_path: Path) -> AsyncIterator[House]:
        async with House(tmp_path, side).open() as house:
            yield house

    async def test_an_edit_voids_what_was_approved_and_what_was_stored_stays(self, side: Side, house: House) -> None:
        needs(side, EDIT)
        native = await side.comment("The soup was cold.")
        ticket = await house.ticket(side, native)
        await house.world.approve(ticket)
        await side.edit(native, "The soup was cold, and the bread was stale.")
        await house.tells(ticket, "ApprovalVoided")
        assert await house.world.state(ticket) is ReplyState.PROPOSED
        stored = select(t.contents.c.text).join(t.items, t.items.c.content == t.contents.c.id)
        rows = await house.world.rows(stored.where(t.items.c.native_id == native).order_by(t.items.c.number))
        assert [row.text for row in rows] == ["The soup was cold.", "The soup was cold, and the bread was stale."]
        assert await side.replies(native) == []

    async def test_a_comment_taken_back_voids_what_was_approved_and_stays_stored(
        self, side: Side, house: House
    ) -> None:
        needs(side, WITHDRAW)
        native = await side.comment("The soup was cold.")
        ticket = await house.ticket(side, native)
        await house.world.approve(ticket)
        await side.withdraw(native)
        await house.tells(ticket, "ItemRemoved")
        assert await house.world.state(ticket) is ReplyState.PROPOSED
        [entry] = (await house.world.card(ticket)).conversation
        assert (entry.text, entry.gone) == ("The soup was cold.", True)

    async def test_what_we_publish_is_no_ticket_and_a_colleagues_answer_counts(self, side: Side, house: House) -> None:
        ours = await side.comment("The soup was cold.", visitor="one")
        theirs = await side.comment("The bread was stale.", visitor="two")
        tickets = [await house.ticket(side, native) for native in (ours, theirs)]
        draft = await house.world.draft(tickets[0])
        await house.publish(tickets[0])
        assert await side.replies(ours) == [draft]
        if BY_HAND in side.can:
            await side.reply_by_hand(theirs, "We baked new bread.")
            await house.tells(tickets[1], "AnsweredElsewhere")
        await house.ticket(side, await side.comment("And a third one.", visitor="three"))
        assert await house.tickets() == 3
        assert "AnsweredElsewhere" not in await house.world.facts(tickets[0])

    async def test_two_accounts_of_one_type_do_not_mix(self, side: Side, tmp_path: Path) -> None:
        needs(side, BESIDE)
        other = await cast("Beside", side).beside()
        try:
            assert other.account != side.account
            async with House(tmp_path, side, other).open() as house:
                sides = (side, other, side, other)
                texts = [f"The soup number {n} was cold." for n in range(4)]
                natives = [
                    await one.comment(text, visitor=f"v{text[16]}") for one, text in zip(sides, texts, strict=True)
                ]
                tickets = [await house.ticket(one, native) for one, native in zip(sides, natives, strict=True)]
                lines = [(await house.world.card(ticket)).line for ticket in tickets]
                assert [(line.account, line.text) for line in lines] == [
                    (one.account, text) for one, text in zip(sides, texts, strict=True)
                ]
                drafts = [await house.world.draft(ticket) for ticket in tickets]
                await house.publish(*tickets)
                stands = [await one.replies(native) for one, native in zip(sides, natives, strict=True)]
                assert stands == [[draft] for draft in drafts]
                assert await house.tickets() == 4
        finally:
            await other.stop()

    async def test_what_vanished_without_a_word_can_be_seen_to_be_gone(self, side: Side, house: House) -> None:
        needs(side, LOSES)
        assert side.network.capabilities().tells_gone
        native = await side.comment("The soup was cold.")
        ticket = await house.ticket(side, native)
        await house.publish(ticket)
        posted = (await house.world.rows(select(t.replies.c.posted_id)))[0].posted_id
        ours = await house.world.reader.ask(lambda conn: item_of(conn, side.account, posted, f"{ticket}.1"))
        assert ours is not None
        await stands_as(Item, side, ours)
        await cast("Losing", side).lose(posted)
        await stands_as(Gone, side, ours)

    async def test_the_network_counts_as_we_do(self, side: Side) -> None:
        needs(side, LIMITED)
        limited = cast("Limited", side)
        target = await side.comment("The soup was cold.")
        for piece in SAMPLES:
            fits = exactly(side, piece, limited.limit)
            assert side.network.measure(fits) == limited.limit
            assert side.network.measure(fits + "x") == limited.limit + 1
            assert not await limited.takes(target, fits + "x"), piece
            assert await limited.takes(target, fits), piece

    async def test_what_was_said_in_private_is_never_answered_more_publicly(self, side: Side) -> None:
        needs(side, PRIVATE)
        private = cast("Private", side)
        target = await seen(side, await private.whisper("My order number is 17."))
        assert target.visibility is Visibility.PRIVATE
        for wanted in Visibility:
            reply = OutgoingReply(
                key=f"key-{wanted}", account=side.account, target=target, text=f"Thanks ({wanted})", visibility=wanted
            )
            assert isinstance(await side.network.publish(reply), Posted)
        assert await private.audience(target.native_id) == ["private", "private"]
        # Nor is a reply that was meant to be private, be what it answers public or not.
        public = await seen(side, await side.comment("The soup was cold."))
        reply = OutgoingReply(
            key="k", account=side.account, target=public, text="For you alone.", visibility=Visibility.PRIVATE
        )
        await side.network.publish(reply)
        assert set(await private.audience(public.native_id)) <= {"private"}
