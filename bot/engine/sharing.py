"""Several processes on one database: each account is listened to by one of them, and rate budgets are divided.

On a database that is not shared nothing of this happens. Clocks of the machines must agree within some seconds.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.store import leases
from bot.store.errors import DatabaseUnreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.ports import Network, TeamChat
    from bot.engine.engine import Engine
    from bot.engine.parts import Parts
    from bot.engine.reader import StoreReader

BEAT = 5.0
"""Seconds between two heartbeats, and between two looks whether a listener's place is free."""
LIFE = timedelta(seconds=30)
"""How long a process that says nothing any more keeps its places."""
_PROCESS = "process:"
log = logs.get(__name__)


class OtherFolder(Exception):
    """What an account is made of stands in another process's data folder; two folders cannot be one account."""

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


def serves_here(adapter: Network | TeamChat) -> bool:
    """Whether every process has to listen: people or networks come to this very one, by its web routes."""
    if getattr(adapter, "everywhere", False):
        return True
    can: Any = getattr(adapter, "capabilities", None)
    return can is not None and "webhook" in can().ingest


def living(conn: Connection, now: datetime) -> int:
    """How many processes share the database now."""
    return leases.count(conn, _PROCESS, now)


class Sharing:
    """This process among those that share the database."""

    def __init__(self, engine: Engine, reader: StoreReader, parts: Parts) -> None:
        self.owner = secrets.token_hex(8)
        self._engine = engine
        self._reader = reader
        self._parts = parts
        self._homes: dict[str, str] = {}

    @property
    def on(self) -> bool:
        """Whether there may be others."""
        return self._engine.database.shared

    async def join(self) -> None:
        """Before anything moves. Raises OtherFolder when an account's own file is another one than the others'."""
        if not self.on:
            return
        for account, network in self._parts.networks.items():
            if getattr(network, "at_home", False):
                self._homes[f"home:{account}"] = (await network.check()).native_id or account
        await self._beat()

    async def run(self) -> None:
        """Say that we live, and learn how many we are, until cancelled."""
        while self.on:
            await asyncio.sleep(BEAT)
            try:
                await self._beat()
            except OtherFolder:
                raise
            except DatabaseUnreachable as error:
                # The database is away for everybody; leases go on until they run out.
                log.warning("sharing.failed", problem=error.problem)
            except Exception:
                log.exception("sharing.failed")

    async def leave(self) -> None:
        """Let others take over at once."""
        if self.on:
            await self._engine.writer.run(lambda conn: leases.let_go(conn, self.owner))

    async def _beat(self) -> None:
        now = self._parts.now()

        def job(conn: Connection) -> int:
            for name, folder in self._homes.items():
                if not leases.take(conn, name, folder, now, LIFE):
                    raise OtherFolder(name.partition(":")[2])
            leases.sweep(conn, _PROCESS, now)
            leases.take(conn, f"{_PROCESS}{self.owner}", self.owner, now, LIFE)
            return living(conn, now)

        self._engine.sharers = await self._engine.writer.run(job)

    # --- places that one process has ------------------------------------------------------------------------------

    async def alone(self, place: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do the work while we hold the place, and wait while somebody else does; for ever."""
        while True:
            began = time.monotonic()
            while not await self._within(self._takes(place)):
                await asyncio.sleep(BEAT)
                began = time.monotonic()
            log.info("place.taken", place=place)
            task = asyncio.create_task(work(), name=f"{place} held")
            try:
                await self._while_held(place, task, began)
            finally:
                task.cancel()
                await asyncio.wait([task])
            log.warning("place.lost", place=place)

    async def _while_held(self, place: str, task: asyncio.Task[None], renewed: float) -> None:
        """Until the lease is lost. When the database does not answer, it is lost before it runs out for others.

        `renewed` is a moment no later than that from which the lease counts.
        """
        # A round takes two beats at most.
        while time.monotonic() - renewed < LIFE.total_seconds() - 2 * BEAT:
            done, _ = await asyncio.wait([task], timeout=BEAT)
            if done:
                task.result()
                return
            began = time.monotonic()
            held = await self._within(self._takes(place))
            if held is False:
                return
            renewed = began if held else renewed

    async def _takes(self, place: str) -> bool:
        now = self._parts.now()
        if not await self._reader.ask(lambda conn: leases.is_free(conn, place, self.owner, now)):
            return False
        return await self._engine.writer.run(lambda conn: leases.take(conn, place, self.owner, now, LIFE))

    async def _within(self, asked: Awaitable[bool]) -> bool | None:
        """The answer; None when there is none in time."""
        try:
            async with asyncio.timeout(BEAT):
                return await asked
        except (DatabaseUnreachable, TimeoutError) as error:
            log.warning("sharing.failed", problem=str(error) or "no answer in time")
            return None
        except Exception:
            log.exception("sharing.failed")
            return None
