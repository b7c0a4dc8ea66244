"""Notices what has vanished: replies of ours and comments of the last days are looked at now and then.

Slowly, and within the account's own budget: one look after the other, through the outbox. Something counts as gone
only when the network said so twice with a while between, and lets us in at that moment; a network that is away, or a
token that is dead, says nothing about what stands there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot import logs
from bot.core.errors import AdapterError, Transient
from bot.core.messages import ItemArrived, ItemRemoved
from bot.core.types import Gone, Item
from bot.engine.backoff import asked_for
from bot.store import outbox
from bot.store import tables as t
from bot.store.outbox import Order
from bot.store.vanished import Standing, item_of, standing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.core.ports import Network
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.work import Work

TICK = 5.0
LANE = "watch:"
"""How the lanes of looks begin: beside the one that publishes, which must not wait for them."""
LAST = 9
"""The priority of looks: everything else goes first."""
AGAIN = timedelta(minutes=10)
"""How long something has to be missing before that is said."""
GIVE_UP = timedelta(days=1)
"""How long a doubt is kept while the network does not answer; the next round finds it anew."""
REST = timedelta(minutes=30)
"""How soon the same thing is looked at again, where there is little to look at."""
ROUND = 100
"""How many replies, and how many comments, one round of an account goes over."""
CALL_LIMIT = 60.0
log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """Look at what is not older than `lifetime`, `per_hour` times an hour and account at most."""

    lifetime: timedelta
    per_hour: int


class Vanishing:
    """Orders the looks: the newest first, then older ones, then all over again."""

    def __init__(self, engine: Engine, reader: StoreReader, plan: Plan | None) -> None:
        self._engine = engine
        self._reader = reader
        self._plan = plan
        self._due: dict[str, datetime] = {}
        self._rounds: dict[str, deque[Standing]] = {}
        self._looked: dict[tuple[str, str], datetime] = {}

    async def run(self) -> None:
        """Order until cancelled; nothing without a plan."""
        while self._plan is not None and self._plan.lifetime:
            await asyncio.sleep(TICK)
            await self.tick(self._plan)

    async def tick(self, plan: Plan) -> None:
        """Order one look for each account whose time has come."""
        now, every = self._engine.parts.now(), timedelta(hours=1) / plan.per_hour
        for account, network in self._engine.parts.networks.items():
            if now < self._due.setdefault(account, now + every) or not network.capabilities().tells_gone:
                continue
            self._due[account] = now + every
            if await self._reader.ask(lambda conn, one=account: _is_ready(conn, one, now)):  # type: ignore[misc]
                chosen = await self._next(account, now, plan)
                if chosen is not None:
                    await self._order(account, chosen)

    async def _next(self, account: str, now: datetime, plan: Plan) -> Standing | None:
        since = now - plan.lifetime
        turn = self._rounds.setdefault(account, deque())
        if not turn:
            turn.extend(await self._reader.ask(lambda conn: standing(conn, account, since, limit=ROUND)))
            self._looked = {key: at for key, at in self._looked.items() if now - at < REST}
        while turn:
            one = turn.popleft()
            at = self._looked.get((account, one.native_id))
            if one.stood >= since and (at is None or now - at >= REST):
                self._looked[account, one.native_id] = now
                return one
        return None

    async def _order(self, account: str, chosen: Standing) -> None:
        payload = {"native_id": chosen.native_id, "reply": chosen.reply, "missing_since": None}

        def job(work: Work) -> None:
            work.orders.append(look_order(account, payload, work.now))

        await self._engine.work(job)


def look_order(account: str, payload: dict[str, str | None], due: datetime) -> Order:
    """To look whether something still stands there."""
    reply, native = payload["reply"], str(payload["native_id"])
    return Order(
        type="look",
        lane=f"{LANE}{account}",
        once=f"look:{account}:{native}",
        ticket=reply.partition(".")[0] if reply else None,
        payload=dict(payload),
        priority=LAST,
        due_at=due,
    )


def _is_ready(conn: Connection, account: str, now: datetime) -> bool:
    """Whether the account works, and the last look that was ordered is over."""
    a, o = t.accounts.c, t.outbox.c
    state = conn.execute(select(a.state).where(a.id == f"network:{account}")).scalar()
    waiting = select(func.count()).where(o.lane == f"{LANE}{account}", o.due_at <= now, o.state == "ready")
    return state in (None, "ok") and not conn.execute(waiting).scalar_one()


class Looker:
    """Carries looks out for one worker (`owner`)."""

    def __init__(self, engine: Engine, reader: StoreReader, owner: str) -> None:
        self._engine = engine
        self._reader = reader
        self._owner = owner

    async def perform(self, order: Order) -> timedelta | None:
        """Look, and settle the order; how long the account wants to be left alone, where it said so."""
        account, native = order.lane.removeprefix(LANE), str(order.payload["native_id"])
        network = self._engine.parts.networks.get(account)
        item = await self._reader.ask(lambda conn: item_of(conn, account, native, order.payload["reply"]))
        if network is None or item is None:
            await self._settle(order)
            return None
        try:
            async with asyncio.timeout(CALL_LIMIT):
                found = await self._ask(network, item, order)
        except Exception as error:
            # Nobody waits for this, and the listener tells when the account does not work.
            log.info("look.failed", account=account, error=type(error).__name__)
            if not isinstance(error, (AdapterError, TimeoutError, OSError)):
                log.exception("look.crashed", account=account)
            await self._keep_or_drop(order)
            pause = error.retry_after if isinstance(error, Transient) else None
            return None if pause is None else asked_for(pause)
        await self._told(order, item, found)
        return None

    async def _ask(self, network: Network, item: Item, order: Order) -> Item | Gone:
        found = await network.current(item)
        if isinstance(found, Gone) and order.payload["missing_since"] is not None:
            # A server that answers everything with "not found" is not asked about its contents.
            await network.check()
        return found

    async def _told(self, order: Order, item: Item, found: Item | Gone) -> None:
        since = order.payload["missing_since"]
        intake = self._engine.intake_of(item.account)
        if not isinstance(found, Gone):
            if not item.ours and not await self._engine.knows((ItemArrived(item=found, fresh=True),)):
                await intake.emit(ItemArrived(item=found, fresh=True))
        elif since is None:
            await self._look_again(order)
            return
        else:
            log.warning("vanished", account=item.account, ours=item.ours, since=since)
            await intake.emit(ItemRemoved(account=item.account, native_id=item.native_id, reason=found.reason))
        await self._settle(order)

    async def _look_again(self, order: Order) -> None:
        """It may be missing: doubted, on record, until the next look."""

        def job(work: Work) -> None:
            outbox.finish(work.conn, self._owner, [order])
            payload = {**order.payload, "missing_since": work.now.isoformat()}
            doubted = look_order(order.lane.removeprefix(LANE), payload, work.now + AGAIN)
            work.orders.append(doubted)

        await self._engine.work(job)

    async def _keep_or_drop(self, order: Order) -> None:
        """A doubt is looked into later; without one, the next round comes by again."""
        since, now = order.payload["missing_since"], self._engine.parts.now()
        if since is None or now - datetime.fromisoformat(since) > GIVE_UP:
            await self._settle(order)
            return
        await self._engine.work(
            lambda work: outbox.put_off(work.conn, self._owner, order, until=now + AGAIN, problem=None, failed=False)
        )

    async def _settle(self, order: Order) -> None:
        await self._engine.work(lambda work: outbox.finish(work.conn, self._owner, [order]))
