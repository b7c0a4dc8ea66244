"""Lanes: what is done with claimed orders, one task at a time for each account of a network and each room of a chat.

A lane works inside its rate budget; one that fails or is throttled waits by itself and delays no other.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
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
from bot.engine.digesting import Herald, room_lane
from bot.engine.ghostwriter import Ghostwriter
from bot.engine.orders import words
from bot.engine.pressing import Pressing
from bot.engine.publisher import Publisher, Trouble
from bot.engine.vanishing import LANE, Looker
from bot.store import outbox
from bot.store.errors import DatabaseUnreachable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.core.ports import TeamChat
    from bot.core.types import Room
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.outbox import Order
    from bot.store.work import Work

TRIES = 10
"""How often a card or a message is tried before it waits for a person."""
TOKEN_AGAIN = timedelta(minutes=1)
"""When a lane whose token was refused is tried again: a new one may have been put in its place."""
TELL = 4
"""After how many failures in a row people are told that a lane does not work."""
SETTLE = 25
"""Cards shown before they are settled in the database."""
NO_ROOM = "no_such_room"
"""Why an order is given up whose room is not in the settings any more."""
log = logs.get(__name__)


class Lanes:
    """The lanes of one worker (`owner`): `busy` those at work, `held` the orders in hand.

    Once `stopping` is set nothing more is begun.
    """

    def __init__(self, engine: Engine, reader: StoreReader, owner: str) -> None:
        self._engine = engine
        self._owner = owner
        self._publisher = Publisher(engine, owner)
        self.shower = Shower(engine, reader, owner)
        self._accounts = Accounts(engine)
        self._ghostwriter = Ghostwriter(engine, reader, owner, self._accounts)
        self._looker = Looker(engine, reader, owner)
        self._herald = Herald(engine, reader, owner)
        self._pressing = Pressing(reader, owner)
        self.busy: dict[str, asyncio.Task[None]] = {}
        self.blocked: dict[str, float] = {}
        # What is in hand, and how urgent it was when it was claimed.
        self.held: dict[int, int] = {}
        self.stopping = False
        self._buckets: dict[str, Bucket] = {}
        self._stalled: set[str] = set()
        self._tripped: Counter[int] = Counter()

    def shut(self) -> set[str]:
        """Lanes that take nothing now: worked on, or waiting out a failure."""
        clock = time.monotonic()
        return {lane for lane, until in self.blocked.items() if until > clock} | self.busy.keys()

    async def glance(self, now: datetime) -> None:
        """Look for what is more pressing than what is in hand."""
        await self._pressing.glance(self.busy.keys(), self.held, now, time.monotonic())

    def begin(self, orders: Sequence[Order], refs: dict[str, Refs]) -> None:
        """Start the lanes of claimed orders."""
        lanes: dict[str, list[Order]] = defaultdict(list)
        for order in orders:
            lanes[order.lane].append(order)
            self.held[order.id] = order.priority
        for lane, some in lanes.items():
            self.busy[lane] = asyncio.create_task(self._work(lane, some, refs.get(lane, {})), name=lane)

    async def _work(self, lane: str, orders: Sequence[Order], refs: Refs) -> None:
        try:
            for order in (o for o in orders if o.type == "publish"):
                await self._one(lane, order, functools.partial(self._publish, lane, order))
            if not await self._tell(lane, [o for o in orders if o.type in ("card", "say")], refs):
                return
            for order in (o for o in orders if o.type == "digest"):
                await self._one(lane, order, functools.partial(self._digest, lane, order))
            for order in (o for o in orders if o.type == "look"):
                await self._one(lane, order, functools.partial(self._look, lane, order))
            for order in (o for o in orders if o.type == "draft"):
                await self._one(lane, order, functools.partial(self._ghostwriter.perform, order))
        except DatabaseUnreachable as error:
            # The lease runs out, and the orders are taken up again.
            log.error("lane.failed", lane=lane, problem=error.problem)  # noqa: TRY400
        except Exception:
            log.exception("lane.failed", lane=lane)
        finally:
            for order in orders:
                self.held.pop(order.id, None)
            self.busy.pop(lane, None)
            self._pressing.forget(lane)
            self._engine.woken.set()

    async def _tell(self, lane: str, orders: Sequence[Order], refs: Refs) -> bool:
        """Cards and words of one room, what is most pressing first; of one urgency, the cards before the words.

        False when it stopped on the way, because something more pressing waits for this room.
        """
        ordered = sorted(orders, key=lambda order: (order.priority, order.type == "say"))
        runs = [(kind, list(some)) for kind, some in itertools.groupby(ordered, key=lambda order: order.type)]
        for at, (kind, some) in enumerate(runs):
            if not await (self._show(lane, some, refs) if kind == "card" else self._say_all(lane, some)):
                await self._let_go([order for _, later in runs[at + 1 :] for order in later])
                return False
        return True

    async def _say_all(self, lane: str, orders: Sequence[Order]) -> bool:
        for at, order in enumerate(orders):
            if self._pressing.before(lane, order):
                await self._let_go(orders[at:])
                return False
            await self._one(lane, order, functools.partial(self._say, lane, order))
        return True

    async def _let_go(self, orders: Sequence[Order]) -> None:
        """Give back what has not been begun; it is claimed again, after what is more pressing."""
        if orders:
            await self._engine.writer.run(lambda conn: outbox.let_go(conn, self._owner, orders))

    async def _one(self, lane: str, order: Order, work: Callable[[], Awaitable[None]]) -> bool:
        """Carry one order out, or put it off; whether it was done. Nothing but database errors gets out of here."""
        if self.stopping or self.blocked.get(lane, 0.0) > time.monotonic():
            await self._engine.writer.run(functools.partial(self._release, order))
            return False
        now = self._engine.parts.now()
        try:
            await work()
        except Trouble as trouble:
            await self._stall(lane, order, trouble.until, trouble.reason, dead_token=trouble.dead_token)
        except AuthExpired as error:
            await self._stall(lane, order, now + TOKEN_AGAIN, error.reason, dead_token=True)
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
                await self._accounts.works(room_lane(lane))
            return True
        return False

    async def _publish(self, lane: str, order: Order) -> None:
        network = self._engine.parts.networks.get(lane.partition(":")[2])
        if network is not None:
            await self._pace(lane, network.capabilities().budget)
        await self._publisher.perform(order)

    async def _digest(self, lane: str, order: Order) -> None:
        room, chat = self._room(lane)
        if room is None or chat is None:
            raise Permanent(NO_ROOM)
        await self._herald.perform(order, room, chat)

    async def _look(self, lane: str, order: Order) -> None:
        """Inside the account's own budget; a network that wants to be left alone is."""
        account = lane.removeprefix(LANE)
        network, lent = self._engine.parts.networks.get(account), f"network:{account}"
        if network is not None:
            await self._pace(lent, network.capabilities().budget)
        pause = await self._looker.perform(order)
        if pause is not None:
            self.blocked[lane] = time.monotonic() + pause.total_seconds()

    async def _show(self, lane: str, orders: Sequence[Order], refs: Refs) -> bool:
        """Cards of one room: read together, shown one by one, settled in small groups.

        False when it stopped on the way, because something more pressing waits for this room.
        """
        room, chat = self._room(lane)
        if room is None or chat is None:
            for order in orders:
                await self._bury(order, NO_ROOM)
            return True
        tray = await self.shower.prepare(orders, room, chat, refs)
        for at, order in enumerate(orders):
            if self._pressing.before(lane, order):
                await self.shower.settle(tray)
                await self._let_go(orders[at:])
                return False
            await self._one(lane, order, functools.partial(self._show_card, lane, order, tray))
            if len(tray.shown) >= SETTLE:
                await self.shower.settle(tray)
        await self.shower.settle(tray)
        return True

    async def _show_card(self, lane: str, order: Order, tray: Tray) -> None:
        await self._pace(lane, tray.chat.budget)
        await self.shower.show(order, tray)

    async def _say(self, lane: str, order: Order) -> None:
        room, chat = self._room(lane)
        if room is None or chat is None:
            raise Permanent(NO_ROOM)
        await self._pace(lane, chat.budget)
        await self.shower.say(order, room, chat)

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
        self.blocked[lane] = time.monotonic() + pause
        if dead_token or order.attempts + 1 >= TELL:
            self._stalled.add(lane)
            await self._accounts.failed(room_lane(lane), problem, dead_token=dead_token)
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
            lambda conn: outbox.put_off(conn, self._owner, order, until=until, problem=problem, failed=True)
        )

    def _release(self, order: Order, conn: Connection) -> None:
        until = self._engine.parts.now()
        outbox.put_off(conn, self._owner, order, until=until, problem=None, failed=False)

    async def _bury(self, order: Order, problem: str) -> None:
        self._tripped.pop(order.id, None)
        log.error("order.dead", problem=problem, order=order.id, type=order.type, ticket=order.ticket)
        await self._engine.work(functools.partial(self._give_up, order, problem))

    def _give_up(self, order: Order, problem: str, work: Work) -> None:
        """It waits for a person now, and the other rooms are told; of a room that is gone, once for all that waited."""
        told = problem == NO_ROOM and outbox.has_dead(work.conn, order.lane, problem)
        outbox.bury(work.conn, self._owner, order, problem)
        said = Announce(code="dead_letter", params={"what": f"{order.type} {order.ticket or ''}", "reason": problem})
        rooms = [room.id for room in self._engine.parts.rooms if order.lane != f"room:{room.id}"]
        if order.type != "say" and rooms and not told:
            work.orders.extend(words(work, said, rooms))
