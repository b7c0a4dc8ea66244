"""Carries cards and words to the rooms of the team chats: a card once, its news in place, words in its thread."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bot import logs
from bot.core.errors import CardGone, PlaceGone
from bot.core.messages import Announce
from bot.core.types import CardRef, Message, TicketStatus
from bot.engine import points
from bot.locale import explain
from bot.store import outbox
from bot.store import tables as t
from bot.store.bulk import add_rows
from bot.store.errors import DatabaseUnreachable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.core.ports import TeamChat
    from bot.core.types import Room
    from bot.core.views import Card
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.outbox import Order


log = logs.get(__name__)
Refs = dict[str, tuple[str | None, bool]]
"""Where a room's cards stand, by ticket, and whether an earlier attempt to post them is on record."""
FRESH = 1.0
"""Seconds after which a card is read anew before it is shown: a slow chat should not be told old news."""
# Built once: to put a statement together takes longer than the database needs for it.
_IN_ROOM = t.cards.c.room == bindparam("in")
_STANDING = select(t.cards.c.ticket, t.cards.c.ref).where(
    _IN_ROOM, t.cards.c.ticket.in_(bindparam("tickets", expanding=True))
)
_SHOWN = (
    update(t.cards)
    .where(t.cards.c.ticket == bindparam("of"), _IN_ROOM)
    .values(ref=bindparam("to"), shown=bindparam("version"), at=bindparam("now"))
)


@dataclass(slots=True)
class Tray:
    """Cards of one room on their way, read at `read_at`: where each stands, which were shown but not settled yet."""

    room: Room
    chat: TeamChat
    refs: Refs
    cards: dict[str, Card]
    read_at: float
    shown: list[tuple[Order, int]] = field(default_factory=list)


class Shower:
    """Shows cards and says words for one worker (`owner`)."""

    def __init__(self, engine: Engine, reader: StoreReader, owner: str) -> None:
        self._engine = engine
        self._reader = reader
        self._owner = owner

    def record(self, conn: Connection, orders: Sequence[Order]) -> dict[str, Refs]:
        """Put new cards on record before any is posted, in the transaction that claims their orders; by lane.

        After a crash the chat is asked for such a card (`find_card`) instead of being given it twice.
        """
        lanes: dict[str, list[Order]] = defaultdict(list)
        for order in orders:
            if order.type == "card":
                lanes[order.lane].append(order)
        found = {}
        for lane, some in lanes.items():
            room = self._engine.parts.room(lane.partition(":")[2])
            if room is not None:
                found[lane] = _refs(conn, some, room, self._engine)
        return found

    async def prepare(self, orders: Sequence[Order], room: Room, chat: TeamChat, refs: Refs) -> Tray:
        """Read the cards of claimed orders, all at one moment; what changes later is ordered again."""
        points.passed("card.after_intent")
        read_at, cards = time.monotonic(), {}
        try:
            cards = await self._reader.cards([order.ticket or "" for order in orders])
        except DatabaseUnreachable:
            raise
        except Exception:
            # One that cannot be read must not hold up the others: each is read alone, and fails alone.
            log.exception("cards.failed", room=room.id)
            read_at = -math.inf
        return Tray(room=room, chat=chat, refs=refs, cards=cards, read_at=read_at)

    async def show(self, order: Order, tray: Tray) -> None:
        """Bring one card up to date. Raises what the chat raised."""
        ticket = order.ticket or ""
        fresh = time.monotonic() - tray.read_at < FRESH
        card = tray.cards.get(ticket) if fresh else await self._reader.card(ticket)
        version = 0
        if card is not None:
            version = card.line.version
            began = time.perf_counter()
            ref = await self._show_one(card, tray.refs[ticket], tray.room, tray.chat)
            tray.refs[ticket] = (ref.native, True)
            self._observe(order, tray.room, time.perf_counter() - began)
        points.passed("card.after_call")
        tray.shown.append((order, version))

    def _observe(self, order: Order, room: Room, seconds: float) -> None:
        now = self._engine.parts.now()
        waited = now - (order.created_at or now)
        self._engine.parts.observer.showed(room.id, order.ticket or "", waited.total_seconds(), seconds)

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
        try:
            await chat.update(ref, card)
        except (CardGone, PlaceGone) as gone:
            log.warning("card.gone", room=room.id, ticket=card.line.id, problem=gone.reason)
            return await self._anew(card, ref, room, chat)
        return ref

    async def _anew(self, card: Card, gone: CardRef, room: Room, chat: TeamChat) -> CardRef:
        """The card where its room is now, unless nobody needs it any more. Raises what the chat raised, as for any."""
        if card.line.status is TicketStatus.CLOSED:
            return gone
        found = await chat.find_card(room, card)
        if found is None or found == gone:
            return await chat.post(room, card)
        await chat.update(found, card)
        return found

    def _settle(self, conn: Connection, tray: Tray, shown: Sequence[tuple[Order, int]]) -> None:
        now, room, refs = self._engine.parts.now(), tray.room.id, tray.refs
        rows = [
            {"of": order.ticket, "in": room, "to": refs[order.ticket or ""][0], "version": version, "now": now}
            for order, version in shown
        ]
        conn.execute(_SHOWN, rows)
        outbox.finish(conn, self._owner, [order for order, _ in shown])

    async def say(self, order: Order, room: Room, chat: TeamChat) -> None:
        """Say something in the ticket's thread, or in the room where the ticket has no card."""
        code, params = str(order.payload["code"]), dict(order.payload["params"])
        said = Announce(code=code, ticket=order.ticket, params=params)
        text = explain(room.locale, said, tz=self._engine.parts.tz)
        native = await self._reader.ask(lambda conn: _card_of(conn, order.ticket or "", room.id))
        where: CardRef | Room = CardRef(room=room.id, native=native) if native else room
        key = str(order.payload["key"])
        called = set(order.payload.get("call", ()))
        team = await self._reader.people() if called else []
        message = Message(
            text=text,
            key=key,
            code=code,
            params=params,
            ticket=order.ticket,
            call=tuple(person for person in team if person.id in called),
            on_call=bool(order.payload.get("on_call")),
        )
        try:
            await chat.say(where, message)
        except (CardGone, PlaceGone) as gone:
            if where is room:
                raise
            log.warning("card.gone", room=room.id, ticket=order.ticket, problem=gone.reason)
            await chat.say(room, message)
        await self._engine.work(lambda work: outbox.finish(work.conn, self._owner, [order]))


def _refs(conn: Connection, orders: Sequence[Order], room: Room, engine: Engine) -> Refs:
    """Where the cards stand, and whether an earlier attempt to post them is on record; records the new ones."""
    tickets = [order.ticket or "" for order in orders]
    rows = conn.execute(_STANDING, {"in": room.id, "tickets": tickets})
    known: Refs = {row.ticket: (row.ref, True) for row in rows}
    fresh = [ticket for ticket in dict.fromkeys(tickets) if ticket not in known]
    if fresh:
        now = engine.parts.now()
        add_rows(conn, t.cards, [{"ticket": x, "room": room.id, "shown": 0, "at": now} for x in fresh])
    return known | dict.fromkeys(fresh, (None, False))


def _card_of(conn: Connection, ticket: str, room: str) -> str | None:
    c = t.cards.c
    native: str | None = conn.execute(select(c.ref).where(c.ticket == ticket, c.room == room)).scalar()
    return native
