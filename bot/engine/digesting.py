"""The daily digest: ordered once for each room and day when its time has come, made anew and said when it is its turn.

What was ordered is on record (`bot.store.digests`), so neither restarts, nor several processes, nor clocks that are
changed make two of one. Where a chat cannot tell whether it took one, nothing is sent again: people are told.
"""

from __future__ import annotations

import asyncio
import functools
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from bot import logs
from bot.core.digest import LATE, LATEST, Digest, Span, due
from bot.core.drafting import NoOffer
from bot.core.errors import AuthExpired, Permanent, Transient
from bot.core.phrasing import fit
from bot.core.ports import Can
from bot.core.types import Message
from bot.engine import spending
from bot.engine.made_once import MadeOnce
from bot.engine.orders import LATER
from bot.store import digests, outbox
from bot.store.outbox import Order

if TYPE_CHECKING:
    from bot.core.digest import Occasion
    from bot.core.ports import TeamChat
    from bot.core.types import Room
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.work import Work

log = logs.get(__name__)
Begun = Literal["go", "lost", "taken"]
LANE = "digest:"
"""A lane of its own for each room, so that no card waits while a digest is being put together."""
_SHOWN = 10
"""Themes that a model is told."""


def room_lane(lane: str) -> str:
    """The lane of the room that a digest's lane belongs to: what fails there is the room's trouble."""
    return f"room:{lane.removeprefix(LANE)}" if lane.startswith(LANE) else lane


class Heralds:
    """Orders digests that are due. It remembers which are on record, so that mostly nobody is asked."""

    def __init__(self, engine: Engine, reader: StoreReader) -> None:
        self._engine = engine
        self._reader = reader
        self._known: dict[str, date] = {}

    async def tick(self, now: datetime) -> None:
        """Order what is due at this moment."""
        for room, schedule in self._engine.parts.digests.schedules.items():
            occasion = due(schedule, now)
            if occasion is None or self._known.get(room) == occasion.day:
                continue
            # A bot that was just set up has nothing to tell of these days.
            if await self._reader.ask(functools.partial(digests.on_record, before=occasion.span.until)):
                await self._engine.work(functools.partial(_order, room, occasion))
                self._known[room] = occasion.day


def _order(room: str, occasion: Occasion, work: Work) -> None:
    if not digests.put(work.conn, room, occasion, work.now):
        return
    day = occasion.day.isoformat()
    payload = {
        "room": room,
        "day": day,
        "first": occasion.span.first.isoformat(),
        "days": occasion.span.days,
        "due": occasion.at.isoformat(),
    }
    work.orders.append(
        Order(
            type="digest",
            lane=f"{LANE}{room}",
            once=f"digest:{room}:{day}",
            payload=payload,
            priority=LATER,
            due_at=work.now,
        )
    )


class Herald:
    """Carries out orders of the type `digest` for one worker (`owner`)."""

    def __init__(self, engine: Engine, reader: StoreReader, owner: str) -> None:
        self._engine = engine
        self._reader = reader
        self._owner = owner
        self._messages = MadeOnce[Message](engine.parts.now)

    async def perform(self, order: Order, room: Room, chat: TeamChat) -> None:
        """Say it, once. Raises what the chat raised, and Permanent where it is too late or nobody can tell."""
        name, day = room.id, str(order.payload["day"])
        at = datetime.fromisoformat(order.payload["due"])
        if await self._reader.ask(lambda conn: digests.fate(conn, name, day)) == "said":
            await self._done(order, name, day)
            return
        if self._engine.parts.now() - at > LATEST:
            raise Permanent("digest_too_late")
        message = await self._message(order, room, at, files=Can.FILES in chat.can)
        if message is None:
            raise Permanent("no_such_room")
        begun = await self._engine.work(functools.partial(self._begin, order, chat, name, day))
        if begun == "lost":
            raise Permanent("digest_lost")
        if begun == "taken":
            return
        try:
            await chat.say(room, replace(message, key=f"digest:{name}:{day}"))
        except (Transient, AuthExpired):
            # What was refused does not stand there.
            await self._engine.work(lambda work: digests.tried(work.conn, name, day, None))
            raise
        await self._done(order, name, day)

    def _begin(self, order: Order, chat: TeamChat, room: str, day: str, work: Work) -> Begun:
        """Whether it may be said; on record before it is.

        One whose answer was `lost` waits for a person, who may wish another try; one that took us so long that it was
        `taken` is somebody else's by now.
        """
        if not outbox.holds(work.conn, self._owner, order):
            return "taken"
        lost = digests.fate(work.conn, room, day) == "tried" and not getattr(chat, "says_once", False)
        if lost:
            outbox.bury(work.conn, self._owner, order, "digest_lost")
        digests.tried(work.conn, room, day, None if lost else work.now)
        return "lost" if lost else "go"

    async def _done(self, order: Order, room: str, day: str) -> None:
        def job(work: Work) -> None:
            digests.said(work.conn, room, day, work.now)
            outbox.finish(work.conn, self._owner, [order])

        await self._engine.work(job)

    async def _message(self, order: Order, room: Room, at: datetime, *, files: bool) -> Message | None:
        """The digest as it is now; None where the room has none any more."""
        parts = self._engine.parts
        schedule, compose = parts.digests.schedules.get(room.id), parts.digests.compose
        if schedule is None or compose is None:
            return None
        first = date.fromisoformat(order.payload["first"])
        span = Span(first=first, days=int(order.payload["days"]), tz=schedule.tz)
        told = await self._reader.digest_of(span)
        told = replace(told, late=at if parts.now() - at > LATE else None)
        key = (span, told.fact, told.now, told.late, room.locale, files)

        async def make() -> Message:
            phrased = replace(told, phrase=await self._phrase(told, room.locale))
            message = await asyncio.to_thread(compose, phrased, room.locale, parts.digests.desk)
            # Drawing takes a moment.
            pictured = parts.digests.pictured if files else None
            return await asyncio.to_thread(pictured, message) if pictured is not None else message

        return await self._messages.get(key, make)

    async def _phrase(self, told: Digest, locale: str) -> str:
        """What a model makes of the themes; empty without one, or where its words may not be shown."""
        parts = self._engine.parts
        model = parts.model
        themes = [(one.size, ", ".join(one.words), one.example.text) for one in told.topics[:_SHOWN]]
        if model is None or not themes:
            return ""
        if model.allowance.exhausted(await self._reader.ask(lambda conn: spending.spent(conn, told.now, parts.tz))):
            return ""
        text, made = "", None
        try:
            found = await model.summarise(themes, language=locale, brand=parts.rules.brand, within=model.timeout)
            text, made = fit(found.text, locale, themes), found.made
        except NoOffer as none:
            made = none.made
        except Exception:
            # An adapter's bug must not keep the digest back.
            log.exception("digest.phrase_failed")
        if made is not None:
            paid = made
            await self._engine.work(lambda work: spending.spend(work.conn, paid, work.now, parts.tz))
        log.info("digest.phrased", shown=bool(text))
        return text
