"""The running bot: listeners, worker and clock side by side, and an orderly end."""

from __future__ import annotations

import asyncio
import functools
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs
from bot.engine import wake
from bot.engine.accounts import Accounts, forget_rooms
from bot.engine.backups import Backups, Plan
from bot.engine.clock import Clock
from bot.engine.engine import Engine
from bot.engine.listeners import listen_chat, listen_network
from bot.engine.reader import StoreReader
from bot.engine.sharing import Sharing, serves_here
from bot.engine.team import sync_team
from bot.engine.vanishing import Plan as Watch
from bot.engine.vanishing import Vanishing
from bot.engine.worker import Worker
from bot.store import outbox
from bot.store.errors import DatabaseTrouble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from bot.core.ports import Network, TeamChat
    from bot.engine.parts import Parts
    from bot.store.engine import Database

log = logs.get(__name__)
AGAIN = 2.0
"""Seconds before the worker or the clock goes on after an error (a full disk, a locked database)."""
DRAIN = 10.0
"""Seconds that orders in hand get to finish when the process is asked to stop."""


async def _persist(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Go on after whatever goes wrong: what is in the database waits there."""
    while True:
        try:
            await run()
        except DatabaseTrouble as error:
            # A full disk should not be filled with tracebacks.
            log.error("engine.failed", part=name, problem=error.problem)  # noqa: TRY400
            await asyncio.sleep(AGAIN)
        except Exception:
            log.exception("engine.failed", part=name)
            await asyncio.sleep(AGAIN)
        else:
            return


class Bot:
    """Engine, worker, clock and listeners of one process."""

    def __init__(
        self, database: Database, parts: Parts, data: Path, *, backups: Plan | None = None, watch: Watch | None = None
    ) -> None:
        self.engine = Engine(database, parts)
        self.reader = StoreReader(database, parts, data)
        self._parts = parts
        self._data = data
        self._worker = Worker(self.engine, self.reader)
        self._clock = Clock(self.engine, self.reader)
        self._backups = Backups(self.engine, self.reader, backups)
        self._vanishing = Vanishing(self.engine, self.reader, watch)
        self._accounts = Accounts(self.engine)
        self._sharing = Sharing(self.engine, self.reader, parts)

    async def recover(self) -> None:
        """Before anything moves: the team is the configured one, and no order is held by a dead process.

        Where others may be alive, the orders of dead ones are free when their leases run out. Raises OtherFolder.
        """
        await self._sharing.join()
        await self.engine.work(lambda work: sync_team(work, self._parts))
        await self.engine.writer.run(forget_rooms)
        if not self._sharing.on:
            await self.engine.writer.run(outbox.release_all)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then let what is in hand finish. Raises what the worker or the clock raised."""
        transport = await wake.listen(self._data, self.engine.woken)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(job, name=name) for name, job in self._jobs()]
                group.create_task(self._end(stop, tasks), name="end")
        finally:
            transport.close()
            wake.socket_path(self._data).unlink(missing_ok=True)
            try:
                await self._sharing.leave()
            finally:
                await self.engine.writer.close()

    def _jobs(self) -> list[tuple[str, Coroutine[None, None, None]]]:
        listeners = [
            self._place(f"network:{account}", network, functools.partial(listen_network, account, network))
            for account, network in self._parts.networks.items()
        ]
        chats = [
            self._place(f"chat:{chat}", adapter, functools.partial(listen_chat, chat, adapter))
            for chat, adapter in self._parts.chats.items()
        ]
        own = [
            ("worker", _persist("worker", self._worker.run)),
            ("clock", _persist("clock", self._clock.run)),
            ("backups", _persist("backups", self._backups.run)),
            ("vanishing", self._alone("vanishing", functools.partial(_persist, "vanishing", self._vanishing.run))),
            ("sharing", self._sharing.run()),
        ]
        if self._parts.model is not None:
            own.append(("drafter", self._parts.model.open()))
        return [*listeners, *chats, *own]

    def _alone(self, name: str, work: Callable[[], Coroutine[None, None, None]]) -> Coroutine[None, None, None]:
        """Here, or, where processes share a database, in one of them."""
        return self._sharing.alone(name, work) if self._sharing.on else work()

    def _place(
        self, name: str, adapter: Network | TeamChat, listen: Callable[..., Coroutine[None, None, None]]
    ) -> tuple[str, Coroutine[None, None, None]]:
        """A listener: in each process where it needs to be in all, else in one."""
        work = functools.partial(listen, self.engine, self.reader, self._accounts)
        return name, work() if serves_here(adapter) else self._alone(name, work)

    async def _end(self, stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
        await stop.wait()
        for task in tasks:
            if task.get_name().startswith("network:"):
                task.cancel()
        await self._worker.drain(DRAIN)
        for task in tasks:
            task.cancel()
