"""The worker: claims due orders and carries them out, lane by lane.

A lane (an account of a network, a room of a chat) is worked on by one task at a time, inside its rate budget;
a lane that fails or is throttled waits by itself and delays no other.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import logs
from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.messages import Announce
from bot.core.types import Budget
from bot.engine.accounts import Accounts
from bot.engine.backoff import asked_for, delay
from bot.engine.budget import Bucket, share
from bot.engine.cards import Refs, Shower, Tray
from bot.engine.ghostwriter import Ghostwriter
from bot.engine.orders import words
from bot.engine.pressing import Pressing
from bot.engine.publisher import Publisher, Trouble
from bot.store import outbox
from bot.store.errors import DatabaseUnreachable
from bot.store.queries import active_switches

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.core.ports import TeamChat
    from bot.core.types import Room
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.outbox import Order
    from bot.store.work import Work

POLL = 1.0
"""Seconds between two looks when nobody wakes us: orders of other processes, snoozes that end."""
CLAIM = 64
TRIES = 10
"""How often a card or a message is tried before it waits for a person."""
TELL = 4
"""After how many failures in a row people are told that a lane does not work."""
SETTLE = 25
"""Cards shown before they are settled in the database."""
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
        self._ghostwriter = Ghostwriter(engine, reader, self.owner, self._accounts)
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._blocked: dict[str, float] = {}
        self._buckets: dict[str, Bucket] = {}
        self._stalled: set[str] = set()
        # What is in hand, and how urgent it was when it was claimed.
        self._held: dict[int, int] = {}
        self._tripped: Counter[int] = Counter()
        self._claiming = asyncio.Lock()
        self._stopping = False
        self._pressing = Pressing(reader, self.owner)
        # When an order of a lane that was free was due next, at the last look.
        self._due: datetime | None = None

    async def run(self) -> None:
        """Claim and carry out until cancelled or drained."""
        renewing = asyncio.create_task(self._renew(), name="renew")
        try:
            while not self._stopping:
                self._engine.woken.clear()
                async with self._claiming:
                    if not await self._claim():
                        await self._rest()
        finally:
            renewing.cancel()

    async def drain(self, seconds: float) -> None:
        """Take nothing new, and give what is in hand so long to finish; the rest is broken off and let go of."""
        self._stopping = True
        self._engine.woken.set()
        async with self._claiming:
            lanes = list(self._busy.values())
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
        with self._engine.writer.along(functools.partial(self._take, self._shut())) as taking:
            taking.add_done_callback(self._stir)
            await self._sleep(pause)
        if not taking.cancelled():
            try:
                self._begin(*await taking)
            except Exception:
                # If that was no passing trouble, the next look meets it again and tells.
                log.debug("claim.failed", exc_info=True)

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._engine.woken.wait(), seconds)

    def _stir(self, taking: asyncio.Future[tuple[list[Order], dict[str, Refs]]]) -> None:
        if not taking.cancelled() and (taking.exception() is not None or taking.result()[0]):
            self._engine.woken.set()

    def _shut(self) -> set[str]:
        """Lanes that take nothing now: worked on, or waiting out a failure."""
        clock = time.monotonic()
        return {lane for lane, until in self._blocked.items() if until > clock} | self._busy.keys()

    async def _claim(self) -> bool:
        """Take what is due and start its lanes; whether there was anything."""
        if self._stopping:
            return False
        now = self._engine.parts.now()
        shut = self._shut()
        await self._pressing.glance(self._busy.keys(), self._held, now, time.monotonic())
        self._due = await self._reader.ask(functools.partial(_look, shut, self.owner, now))
        if self._due is None or self._due > now:
            return False

        orders, refs = await self._engine.writer.run(functools.partial(self._take, shut))
        self._begin(orders, refs)
        return bool(orders)

    def _take(self, shut: set[str], conn: Connection) -> tuple[list[Order], dict[str, Refs]]:
        """Claim what is due, none of the shut lanes', and put its cards on record."""
        # Where others work too, a short backlog should not end in one process's hands.
        limit = CLAIM if self._engine.sharers == 1 else CLAIM // 4
        now, paused = self._engine.parts.now(), "paused" in active_switches(conn)
        taken = outbox.claim(conn, self.owner, now, limit=limit, busy_lanes=shut, paused=paused)
        return taken, self._shower.record(conn, taken)

    def _begin(self, orders: Sequence[Order], refs: dict[str, Refs]) -> None:
        """Start the lanes of claimed orders."""
        lanes: dict[str, list[Order]] = defaultdict(list)
        for order in orders:
            lanes[order.lane].append(order)
            self._held[order.id] = order.priority
        for lane, some in lanes.items():
            self._busy[lane] = asyncio.create_task(self._work_lane(lane, some, refs.get(lane, {})), name=lane)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            held = set(self._held)
            if held:
                try:
                    await self._engine.writer.run(functools.partial(self._hold, held))
                except DatabaseUnreachable as error:
                    log.error("renew.failed", problem=error.problem)  # noqa: TRY400
                except Exception:
                    log.exception("renew.failed")

    def _hold(self, ids: set[int], conn: Connection) -> None:
        outbox.renew(conn, self.owner, ids, self._engine.parts.now())

    # --- lanes ------------------------------------------------------------------------------------------------

    async def _work_lane(self, lane: str, orders: Sequence[Order], refs: Refs) -> None:
        try:
            cards = [order for order in orders if order.type == "card"]
            others = [order for order in orders if order.type != "card"]
            for order in (o for o in others if o.type == "publish"):
                await self._one(lane, order, functools.partial(self._publish, lane, order))
            said = [o for o in others if o.type == "say"]
            if cards and not await self._show(lane, cards, refs):
                await self._let_go(said)
                return
            for at, order in enumerate(said):
                if self._pressing.before(lane, order):
                    await self._let_go(said[at:])
                    return
                await self._one(lane, order, functools.partial(self._say, lane, order))
            for order in (o for o in others if o.type == "draft"):
                await self._one(lane, order, functools.partial(self._ghostwriter.perform, order))
        except DatabaseUnreachable as error:
            # The lease runs out, and the orders are taken up again.
            log.error("lane.failed", lane=lane, problem=error.problem)  # noqa: TRY400
        except Exception:
            log.exception("lane.failed", lane=lane)
        finally:
            for order in orders:
                self._held.pop(order.id, None)
            self._busy.pop(lane, None)
            self._pressing.forget(lane)
            self._engine.woken.set()

    async def _let_go(self, orders: Sequence[Order]) -> None:
        """Give back what has not been begun; it is claimed again, after what is more pressing."""
        if orders:
            await self._engine.writer.run(lambda conn: outbox.let_go(conn, self.owner, orders))

    async def _one(self, lane: str, order: Order, work: Callable[[], Awaitable[None]]) -> bool:
        """Carry one order out, or put it off; whether it was done. Nothing but database errors gets out of here."""
        if self._stopping or self._blocked.get(lane, 0.0) > time.monotonic():
            await self._engine.writer.run(functools.partial(self._release, order))
            return False
        now = self._engine.parts.now()
        try:
            await work()
        except Trouble as trouble:
            await self._stall(lane, order, trouble.until, trouble.reason, dead_token=trouble.dead_token)
        except AuthExpired as error:
            await self._stall(lane, order, now + timedelta(minutes=1), error.reason, dead_token=True)
        except Transient as error:
            await self._stall(lane, order, self._until(error.retry_after, order), error.reason)
        except Permanent as error:
            await self._bury(order, error.reason)
        except (OutcomeUnknown, TimeoutError, OSError) as error:
            await self._put_off(order, self._until(None, order), str(error) or type(error).__name__)
        except DatabaseUnreachable:
            raise
        except Exception as error:
            # The one broad net: an order that trips over a bug is tried again, then shown to people.
            log.exception("order.failed", lane=lane, order=order.id, type=order.type)
            await self._put_off(order, self._until(None, order), type(error).__name__)
        else:
            self._tripped.pop(order.id, None)
            if lane in self._stalled:
                self._stalled.discard(lane)
                await self._accounts.works(lane)
            return True
        return False

    async def _publish(self, lane: str, order: Order) -> None:
        network = self._engine.parts.networks.get(lane.partition(":")[2])
        if network is not None:
            await self._pace(lane, network.capabilities().budget)
        await self._publisher.perform(order)

    async def _show(self, lane: str, orders: Sequence[Order], refs: Refs) -> bool:
        """Cards of one room: read together, shown one by one, settled in small groups.

        False when it stopped on the way, because something more pressing waits for this room.
        """
        room, chat = self._room(lane)
        if room is None or chat is None:
            for order in orders:
                await self._bury(order, "no_such_room")
            return True
        tray = await self._shower.prepare(orders, room, chat, refs)
        for at, order in enumerate(orders):
            if self._pressing.before(lane, order):
                await self._shower.settle(tray)
                await self._let_go(orders[at:])
                return False
            await self._one(lane, order, functools.partial(self._show_card, lane, order, tray))
            if len(tray.shown) >= SETTLE:
                await self._shower.settle(tray)
        await self._shower.settle(tray)
        return True

    async def _show_card(self, lane: str, order: Order, tray: Tray) -> None:
        await self._pace(lane, tray.chat.budget)
        await self._shower.show(order, tray)

    async def _say(self, lane: str, order: Order) -> None:
        room, chat = self._room(lane)
        if room is None or chat is None:
            raise Permanent("no_such_room")
        await self._pace(lane, chat.budget)
        await self._shower.say(order, room, chat)

    def _room(self, lane: str) -> tuple[Room | None, TeamChat | None]:
        room = self._engine.parts.room(lane.partition(":")[2])
        return room, self._engine.parts.chats.get(room.chat) if room else None

    async def _pace(self, lane: str, budget: Budget) -> None:
        bucket = self._buckets.setdefault(lane, Bucket(budget))
        bucket.budget = share(budget, self._engine.sharers)
        pause = bucket.delay(time.monotonic())
        if pause > 0:
            await asyncio.sleep(pause)

    # --- what did not work --------------------------------------------------------------------------------------

    def _until(self, retry_after: float | None, order: Order) -> datetime:
        pause = delay(order.attempts) if retry_after is None else asked_for(retry_after)
        return self._engine.parts.now() + pause

    async def _stall(self, lane: str, order: Order, until: datetime, problem: str, *, dead_token: bool = False) -> None:
        """The whole lane waits. People are told when it is the token, or when it has gone on for a while."""
        pause = max((until - self._engine.parts.now()).total_seconds(), 0.0)
        self._blocked[lane] = time.monotonic() + pause
        if dead_token or order.attempts + 1 >= TELL:
            self._stalled.add(lane)
            await self._accounts.failed(lane, problem, dead_token=dead_token)
        await self._wait(order, until, problem)

    async def _put_off(self, order: Order, until: datetime, problem: str) -> None:
        """Try again later; what fails on its own account (not with its whole lane) is given up some time."""
        # The order's own count goes on while its lane waits, so that says nothing about the order.
        self._tripped[order.id] += 1
        if order.type != "publish" and self._tripped[order.id] >= TRIES:
            await self._bury(order, problem)
        else:
            await self._wait(order, until, problem)

    async def _wait(self, order: Order, until: datetime, problem: str) -> None:
        self._engine.parts.observer.put_off(order.type)
        await self._engine.writer.run(
            lambda conn: outbox.put_off(conn, self.owner, order, until=until, problem=problem, failed=True)
        )

    def _release(self, order: Order, conn: Connection) -> None:
        until = self._engine.parts.now()
        outbox.put_off(conn, self.owner, order, until=until, problem=None, failed=False)

    async def _bury(self, order: Order, problem: str) -> None:
        self._tripped.pop(order.id, None)
        log.error("order.dead", problem=problem, order=order.id, type=order.type, ticket=order.ticket)
        await self._engine.work(functools.partial(self._give_up, order, problem))

    def _give_up(self, order: Order, problem: str, work: Work) -> None:
        """It waits for a person now, and the other rooms are told."""
        outbox.bury(work.conn, self.owner, order, problem)
        said = Announce(code="dead_letter", params={"what": f"{order.type} {order.ticket or ''}", "reason": problem})
        rooms = [room.id for room in self._engine.parts.rooms if order.lane != f"room:{room.id}"]
        if order.type != "say" and rooms:
            work.orders.extend(words(work, said, rooms))


def _look(shut: set[str], owner: str, now: datetime, conn: Connection) -> datetime | None:
    paused = "paused" in active_switches(conn)
    return outbox.next_due(conn, paused=paused, busy_lanes=shut, but_for=(owner, now))
