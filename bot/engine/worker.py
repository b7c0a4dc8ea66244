"""The worker: claims due orders and carries them out, lane by lane.

A lane (an account of a network, a room of a chat) is worked on by one task at a time, inside its rate budget;
a lane that fails or is throttled waits by itself and delays no other.
"""

from __future__ import annotations

import asyncio
import functools
import secrets
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import logs
from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.types import Budget
from bot.engine.accounts import Accounts
from bot.engine.backoff import delay
from bot.engine.budget import Bucket
from bot.engine.cards import Shower
from bot.engine.publisher import Publisher, Trouble
from bot.store import outbox
from bot.store.queries import active_switches

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.outbox import Order

POLL = 1.0
"""Seconds between two looks when nobody wakes us: orders of other processes, snoozes that end."""
CLAIM = 64
TRIES = 10
"""How often a card or a message is tried before it waits for a person."""
RENEW = 20.0
log = logs.get(__name__)


class Worker:
    """Carries orders out until cancelled; `drain()` lets what is in hand finish."""

    def __init__(self, engine: Engine, reader: StoreReader) -> None:
        self.owner = secrets.token_hex(8)
        self._engine = engine
        self._reader = reader
        self._publisher = Publisher(engine, self.owner)
        self._shower = Shower(engine, reader, self.owner)
        self._accounts = Accounts(engine)
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._blocked: dict[str, float] = {}
        self._buckets: dict[str, Bucket] = {}
        self._held: set[int] = set()
        self._stopping = False

    async def run(self) -> None:
        """Claim and carry out until cancelled or drained."""
        renewing = asyncio.create_task(self._renew(), name="renew")
        try:
            while not self._stopping:
                self._engine.woken.clear()
                if not await self._claim():
                    await self._rest()
        finally:
            renewing.cancel()

    async def drain(self, seconds: float) -> None:
        """Take nothing new, and give what is in hand so long to finish."""
        self._stopping = True
        self._engine.woken.set()
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=seconds)

    async def _rest(self) -> None:
        due, _ = await self._reader.ask(_look)
        pause = POLL
        if due is not None:
            pause = min(POLL, max((due - self._engine.parts.now()).total_seconds(), 0.02))
        try:
            await asyncio.wait_for(self._engine.woken.wait(), pause)
        except TimeoutError:
            return

    async def _claim(self) -> bool:
        """Take what is due and start its lanes; whether there was anything."""
        now = self._engine.parts.now()
        due, paused = await self._reader.ask(_look)
        if due is None or due > now:
            return False
        clock = time.monotonic()
        shut = {lane for lane, until in self._blocked.items() if until > clock} | self._busy.keys()
        orders = await self._engine.writer.run(
            lambda conn: outbox.claim(conn, self.owner, now, limit=CLAIM, busy_lanes=shut, paused=paused)
        )
        lanes: dict[str, list[Order]] = defaultdict(list)
        for order in orders:
            lanes[order.lane].append(order)
            self._held.add(order.id)
        for lane, some in lanes.items():
            task = asyncio.create_task(self._work_lane(lane, some), name=lane)
            self._busy[lane] = task
        return bool(orders)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            held = set(self._held)
            if held:
                await self._engine.writer.run(functools.partial(self._hold, held))

    def _hold(self, ids: set[int], conn: Connection) -> None:
        outbox.renew(conn, self.owner, ids, self._engine.parts.now())

    # --- lanes ------------------------------------------------------------------------------------------------

    async def _work_lane(self, lane: str, orders: Sequence[Order]) -> None:
        try:
            publishes = [order for order in orders if order.type == "publish"]
            cards = [order for order in orders if order.type == "card"]
            words = [order for order in orders if order.type == "say"]
            for order in publishes:
                await self._guarded(lane, [order], self._publish(lane, order))
            if cards:
                await self._guarded(lane, cards, self._show(lane, cards))
            for order in words:
                await self._guarded(lane, [order], self._say(lane, order))
        except Exception:
            # The database itself: the lease runs out, and the orders are taken up again.
            log.exception("lane.failed", lane=lane)
        finally:
            self._held -= {order.id for order in orders}
            self._busy.pop(lane, None)
            self._engine.woken.set()

    async def _guarded(self, lane: str, orders: Sequence[Order], work: object) -> None:
        """Whatever goes wrong with some orders puts them off, and says so; nothing gets out of here."""
        try:
            await work  # type: ignore[misc]
        except Trouble as trouble:
            await self._accounts.failed(lane, trouble.reason, dead_token=trouble.dead_token)
            self._block(lane, trouble.until)
            await self._put_off(orders, trouble.until, trouble.reason)
        except Transient as error:
            until = self._until(error.retry_after, orders)
            self._block(lane, until)
            await self._put_off(orders, until, error.reason)
        except AuthExpired as error:
            await self._accounts.failed(lane, error.reason, dead_token=True)
            until = self._engine.parts.now() + timedelta(minutes=1)
            self._block(lane, until)
            await self._put_off(orders, until, error.reason)
        except Permanent as error:
            await self._bury(orders, error.reason)
        except (OutcomeUnknown, TimeoutError, OSError) as error:
            await self._put_off(orders, self._until(None, orders), str(error) or type(error).__name__)
        except Exception as error:
            # The one broad net: an order that trips over a bug is tried again, then shown to people.
            log.exception("order.failed", lane=lane, orders=[o.id for o in orders])
            await self._put_off(orders, self._until(None, orders), type(error).__name__)

    async def _publish(self, lane: str, order: Order) -> None:
        network = self._engine.parts.networks.get(lane.partition(":")[2])
        if network is not None:
            await self._pace(lane, network.capabilities().budget)
        await self._publisher.perform(order)

    async def _show(self, lane: str, orders: Sequence[Order]) -> None:
        room = self._engine.parts.room(lane.partition(":")[2])
        chat = self._engine.parts.chats.get(room.chat) if room else None
        if room is None or chat is None:
            raise Permanent("no such room in the settings")
        await self._pace(lane, chat.budget)
        await self._shower.show(orders, room, chat)

    async def _say(self, lane: str, order: Order) -> None:
        room = self._engine.parts.room(lane.partition(":")[2])
        chat = self._engine.parts.chats.get(room.chat) if room else None
        if room is None or chat is None:
            raise Permanent("no such room in the settings")
        await self._pace(lane, chat.budget)
        await self._shower.say(order, room, chat)

    async def _pace(self, lane: str, budget: Budget) -> None:
        bucket = self._buckets.setdefault(lane, Bucket(budget))
        pause = bucket.delay(time.monotonic())
        if pause > 0:
            await asyncio.sleep(pause)

    # --- what did not work --------------------------------------------------------------------------------------

    def _until(self, retry_after: float | None, orders: Sequence[Order]) -> datetime:
        tried = max((order.attempts for order in orders), default=0)
        pause = delay(tried) if retry_after is None else timedelta(seconds=max(retry_after, 0.0))
        return self._engine.parts.now() + pause

    def _block(self, lane: str, until: datetime) -> None:
        self._blocked[lane] = time.monotonic() + max((until - self._engine.parts.now()).total_seconds(), 0.0)

    async def _put_off(self, orders: Sequence[Order], until: datetime, problem: str) -> None:
        def job(conn: Connection) -> None:
            for order in orders:
                if order.type != "publish" and order.attempts + 1 >= TRIES:
                    outbox.bury(conn, self.owner, order, problem)
                else:
                    outbox.put_off(conn, self.owner, order, until=until, problem=problem, failed=True)

        await self._engine.writer.run(job)

    async def _bury(self, orders: Sequence[Order], problem: str) -> None:
        def job(conn: Connection) -> None:
            for order in orders:
                outbox.bury(conn, self.owner, order, problem)

        log.error("order.dead", problem=problem, orders=[o.id for o in orders])
        await self._engine.writer.run(job)


def _look(conn: Connection) -> tuple[datetime | None, bool]:
    paused = "paused" in active_switches(conn)
    return outbox.next_due(conn, paused=paused), paused
