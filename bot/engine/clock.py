"""What happens by itself: snoozes end, answered tickets close after a while, the log is sealed.

Several processes may do this at once: writers take turns, and each job asks again inside its transaction.
"""

from __future__ import annotations

import asyncio
import functools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from bot.core import ticket as tickets
from bot.core.case import Change
from bot.core.messages import Fact, ShowCard
from bot.core.remembering import forget
from bot.core.reply import IN_FLIGHT, STOPPABLE
from bot.core.sorting import wake
from bot.core.types import TicketStatus
from bot.engine import backlog, expiring
from bot.engine.context import Facts
from bot.engine.digesting import Heralds
from bot.engine.ringing import ring_out, rings
from bot.store import keep, seals
from bot.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.work import Work

TICK = 1.0
SEAL_EVERY = timedelta(minutes=1)
SWEEP_EVERY = timedelta(hours=1)
QUIET = timedelta(days=3)
"""How long an answered ticket waits for the customer before it closes by itself."""
SOME = 200
_UNFINISHED = STOPPABLE | IN_FLIGHT


class Clock:
    """Looks once a second, and writes only when there is something to do."""

    def __init__(self, engine: Engine, reader: StoreReader) -> None:
        self._engine = engine
        self._reader = reader
        self._heralds = Heralds(engine, reader)
        self._sealed: datetime | None = None
        self._swept: datetime | None = None

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            await self.tick()
            await asyncio.sleep(TICK)

    async def tick(self) -> None:
        """Do what is due at this moment. What goes wrong with one thing is raised after the others had their turn."""
        now = self._engine.parts.now()
        minute = self._sealed is None or now - self._sealed >= SEAL_EVERY
        tickets, log = (functools.partial(step, minute=minute) for step in (self._tickets, self._seal))
        troubles: list[BaseException] = []
        for step in (tickets, log, self._heralds.tick, self._sweep):
            troubles += [one for one in await asyncio.gather(step(now), return_exceptions=True) if one is not None]
        if troubles:
            raise troubles[0]

    async def _tickets(self, now: datetime, *, minute: bool) -> None:
        due, rang, flooded = await self._reader.ask(functools.partial(self._look, now, minute=minute))
        if due:
            await self._engine.work(lambda work: self._move(work, due))
        if rang:
            await self._engine.work(lambda work: ring_out(work, self._engine.parts, rang))
        if flooded:
            await self._engine.work(lambda work: backlog.tell(work, self._engine.parts, flooded))

    async def _seal(self, now: datetime, *, minute: bool) -> None:
        if minute:
            self._sealed = now
            # Whoever was erased, perhaps by another process, must not live on in what this one remembers.
            forget()
            if await self._reader.ask(seals.unsealed):
                await self._engine.writer.run(lambda conn: seals.seal(conn, now))

    async def _sweep(self, now: datetime) -> None:
        if self._swept is None or now - self._swept >= SWEEP_EVERY:
            self._swept = now
            await self._engine.writer.run(lambda conn: keep.sweep(conn, now))
            parts = self._engine.parts
            if await self._reader.ask(lambda conn: expiring.is_due(conn, now, parts)):
                await self._engine.work(lambda work: expiring.remind(work, parts))

    def _look(self, now: datetime, conn: Connection, *, minute: bool) -> tuple[list[str], list[str], dict[str, int]]:
        """What each second asks, of one snapshot: tickets that move, clocks that rang, rooms that are flooded."""
        due = [*_over(conn, now), *(_quiet(conn, now) if minute else ())]
        return due, rings(conn, now), backlog.untold(conn, self._engine.parts)

    def _move(self, work: Work, due: list[str]) -> None:
        context = Facts(work, self._engine.parts).context()
        for ticket in due:
            case = work.case(ticket)
            if case is None:
                continue
            if case.ticket.status is TicketStatus.SNOOZED and (case.ticket.snoozed_until or work.now) <= work.now:
                work.save(wake(case, context))
            elif case.ticket.status is TicketStatus.WAITING and case.open_reply is None and case.flying is None:
                shut = context.clocked(case, tickets.closed(case.ticket, work.now, reason="answered"))
                change = Change(case=case).with_ticket(shut)
                work.save(change.log(Fact.TICKET_CLOSED, because="answered").order(ShowCard(ticket=ticket)))


def _over(conn: Connection, now: datetime) -> list[str]:
    """Snoozed tickets whose time has come."""
    k = t.tickets.c
    wanted = select(k.id).where(k.status == TicketStatus.SNOOZED.value, k.snoozed_until <= now)
    return list(conn.execute(wanted.limit(SOME)).scalars())


def _quiet(conn: Connection, now: datetime) -> list[str]:
    """Answered tickets whose customer has not written since."""
    k, r = t.tickets.c, t.replies.c
    wanted = select(k.id).where(
        k.status == TicketStatus.WAITING.value,
        k.waiting_for == "customer",
        k.answered_at.is_not(None),
        k.updated_at <= now - QUIET,
        ~exists().where(r.ticket == k.id, r.state.in_([state.value for state in _UNFINISHED])),
    )
    return list(conn.execute(wanted.limit(SOME)).scalars())
