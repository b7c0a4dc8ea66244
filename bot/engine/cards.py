"""Carries cards and words to the rooms of the team chats: a card once, its news in place, words in its thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from bot.core.messages import Announce
from bot.core.types import CardRef, Message
from bot.engine import points
from bot.locale import explain
from bot.store import outbox
from bot.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.core.ports import TeamChat
    from bot.core.types import Card, Room
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.outbox import Order


@dataclass(slots=True)
class Tray:
    """Cards of one room on their way: where each stands, and which were shown but not settled yet."""

    room: Room
    chat: TeamChat
    refs: dict[str, tuple[str | None, bool]]
    shown: list[tuple[Order, int]] = field(default_factory=list)


class Shower:
    """Shows cards and says words for one worker (`owner`)."""

    def __init__(self, engine: Engine, reader: StoreReader, owner: str) -> None:
        self._engine = engine
        self._reader = reader
        self._owner = owner

    async def prepare(self, orders: Sequence[Order], room: Room, chat: TeamChat) -> Tray:
        """Put new cards on record before any is posted, all of them in one transaction.

        After a crash the chat is asked for such a card (`find_card`) instead of being given it twice.
        """
        refs = await self._engine.writer.run(lambda conn: _refs(conn, orders, room, self._engine))
        points.passed("card.after_intent")
        return Tray(room=room, chat=chat, refs=refs)

    async def show(self, order: Order, tray: Tray) -> None:
        """Bring one card up to date. Raises what the chat raised."""
        ticket = order.ticket or ""
        card = await self._reader.card(ticket)
        version = 0
        if card is not None:
            version = card.line.version
            ref = await self._show_one(card, tray.refs[ticket], tray.room, tray.chat)
            tray.refs[ticket] = (ref.native, True)
        points.passed("card.after_call")
        tray.shown.append((order, version))

    async def settle(self, tray: Tray) -> None:
        """Commit what was shown since the last time."""
        if tray.shown:
            shown, tray.shown = tray.shown, []
            await self._engine.writer.run(lambda conn: self._settle(conn, tray, shown))
            points.passed("card.after_commit")

    async def _show_one(self, card: Card, known: tuple[str | None, bool], room: Room, chat: TeamChat) -> CardRef:
        native, announced = known
        if native is None and announced:
            found = await chat.find_card(room, card)
            native = found.native if found else None
        if native is None:
            return await chat.post(room, card)
        ref = CardRef(room=room.id, native=native)
        await chat.update(ref, card)
        return ref

    def _settle(self, conn: Connection, tray: Tray, shown: Sequence[tuple[Order, int]]) -> None:
        c = t.cards.c
        here = (c.ticket == bindparam("of")) & (c.room == tray.room.id)
        now = self._engine.parts.now()
        rows = [
            {"of": order.ticket, "to": tray.refs[order.ticket or ""][0], "version": version} for order, version in shown
        ]
        values = {"ref": bindparam("to"), "shown": bindparam("version"), "at": now}
        conn.execute(update(t.cards).where(here).values(values), rows)
        outbox.finish(conn, self._owner, [order for order, _ in shown])

    async def say(self, order: Order, room: Room, chat: TeamChat) -> None:
        """Say something in the ticket's thread, or in the room where the ticket has no card."""
        code, params = str(order.payload["code"]), dict(order.payload["params"])
        text = explain(room.locale, Announce(code=code, ticket=order.ticket, params=params))
        native = await self._reader.ask(lambda conn: _card_of(conn, order.ticket or "", room.id))
        where: CardRef | Room = CardRef(room=room.id, native=native) if native else room
        await chat.say(where, Message(text=text, key=str(order.payload["key"])))
        await self._engine.work(lambda work: outbox.finish(work.conn, self._owner, [order]))


def _refs(conn: Connection, orders: Sequence[Order], room: Room, engine: Engine) -> dict[str, tuple[str | None, bool]]:
    """Where the cards stand, and whether an earlier attempt to post them is on record; records the new ones."""
    c = t.cards.c
    tickets = [order.ticket or "" for order in orders]
    rows = conn.execute(select(c.ticket, c.ref).where(c.room == room.id, c.ticket.in_(tickets)))
    known: dict[str, tuple[str | None, bool]] = {row.ticket: (row.ref, True) for row in rows}
    fresh = [ticket for ticket in dict.fromkeys(tickets) if ticket not in known]
    if fresh:
        now = engine.parts.now()
        conn.execute(insert(t.cards), [{"ticket": x, "room": room.id, "shown": 0, "at": now} for x in fresh])
    return known | dict.fromkeys(fresh, (None, False))


def _card_of(conn: Connection, ticket: str, room: str) -> str | None:
    c = t.cards.c
    native: str | None = conn.execute(select(c.ref).where(c.ticket == ticket, c.room == room)).scalar()
    return native
