"""The worker: claims due orders, hands them to their lanes (`bot.engine.lanes`), and holds on to what they have."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from bot import logs
from bot.engine.lanes import Lanes
from bot.store import outbox
from bot.store.errors import DatabaseUnreachable
from bot.store.queries import active_switches

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.engine.cards import Refs
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.outbox import Order

POLL = 1.0
"""Seconds between two looks when nobody wakes us: orders of other processes, snoozes that end."""
CLAIM = 64
RENEW = 20.0
log = logs.get(__name__)


class Worker:
    """Carries orders out until cancelled; `drain()` lets what is in hand finish."""

    def __init__(self, engine: Engine, reader: StoreReader) -> None:
        self.owner = secrets.token_hex(8)
        self._engine = engine
        self._reader = reader
        self.lanes = Lanes(engine, reader, self.owner)
        self._claiming = asyncio.Lock()
        # When an order of a lane that was free was due next, at the last look.
        self._due: datetime | None = None

    async def run(self) -> None:
        """Claim and carry out until cancelled or drained."""
        renewing = asyncio.create_task(self._renew(), name="renew")
        try:
            while not self.lanes.stopping:
                self._engine.woken.clear()
                async with self._claiming:
                    if not await self._claim():
                        await self._rest()
        finally:
            renewing.cancel()

    async def drain(self, seconds: float) -> None:
        """Take nothing new, and give what is in hand so long to finish; the rest is broken off and let go of."""
        self.lanes.stopping = True
        self._engine.woken.set()
        async with self._claiming:
            lanes = list(self.lanes.busy.values())
        if not lanes:
            return
        _, late = await asyncio.wait(lanes, timeout=seconds)
        for lane in late:
            lane.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)
            try:
                await self._engine.writer.run(lambda conn: outbox.release_all(conn, self.owner))
            except Exception:
                # They are taken back at the next start.
                log.exception("drain.failed")

    async def _rest(self) -> None:
        """Wait until the next order is due, but no longer than until somebody orders something."""
        pause = POLL
        if self._due is not None:
            pause = min(POLL, max((self._due - self._engine.parts.now()).total_seconds(), 0.02))
        if self._engine.sharers > 1:
            # Somebody else may have nothing to do either.
            await self._sleep(pause)
            return
        # What is ordered meanwhile is claimed in the transaction that orders it: that saves a sync to disk.
        with self._engine.writer.along(functools.partial(self._take, self.lanes.shut())) as taking:
            taking.add_done_callback(self._stir)
            await self._sleep(pause)
        if not taking.cancelled():
            try:
                self.lanes.begin(*await taking)
            except Exception:
                # If that was no passing trouble, the next look meets it again and tells.
                log.debug("claim.failed", exc_info=True)

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._engine.woken.wait()

    def _stir(self, taking: asyncio.Future[tuple[list[Order], dict[str, Refs]]]) -> None:
        if not taking.cancelled() and (taking.exception() is not None or taking.result()[0]):
            self._engine.woken.set()

    async def _claim(self) -> bool:
        """Take what is due and start its lanes; whether there was anything."""
        if self.lanes.stopping:
            return False
        now = self._engine.parts.now()
        shut = self.lanes.shut()
        await self.lanes.glance(now)
        self._due = await self._reader.ask(functools.partial(_look, shut, self.owner, now))
        if self._due is None or self._due > now:
            return False

        orders, refs = await self._engine.writer.run(functools.partial(self._take, shut))
        self.lanes.begin(orders, refs)
        return bool(orders)

    def _take(self, shut: set[str], conn: Connection) -> tuple[list[Order], dict[str, Refs]]:
        """Claim what is due, none of the shut lanes', and put its cards on record."""
        # Where others work too, a short backlog should not end in one process's hands.
        limit = CLAIM if self._engine.sharers == 1 else CLAIM // 4
        now, paused = self._engine.parts.now(), "paused" in active_switches(conn)
        taken = outbox.claim(conn, self.owner, now, limit=limit, busy_lanes=shut, paused=paused)
        return taken, self.lanes.shower.record(conn, taken)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            held = set(self.lanes.held)
            if held:
                try:
                    await self._engine.writer.run(functools.partial(self._hold, held))
                except DatabaseUnreachable as error:
                    log.error("renew.failed", problem=error.problem)  # noqa: TRY400
                except Exception:
                    log.exception("renew.failed")

    def _hold(self, ids: set[int], conn: Connection) -> None:
        outbox.renew(conn, self.owner, ids, self._engine.parts.now())


def _look(shut: set[str], owner: str, now: datetime, conn: Connection) -> datetime | None:
    paused = "paused" in active_switches(conn)
    return outbox.next_due(conn, paused=paused, busy_lanes=shut, but_for=(owner, now))
