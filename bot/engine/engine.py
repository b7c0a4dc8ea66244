"""The engine as adapters see it: `emit` facts, `submit` wishes; both return once committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, insert, update

from bot.core.messages import Command, Event, Outcome
from bot.engine import points
from bot.engine.commands import carry_out
from bot.engine.intake import Batch
from bot.engine.orders import plan
from bot.engine.writer import Writer
from bot.store import tables as t
from bot.store.work import Work

if TYPE_CHECKING:
    from bot.engine.parts import Parts
    from bot.store.engine import Database

T = TypeVar("T")


class NotStored(Exception):
    """What was reported is not committed; report it again."""


@dataclass(slots=True, eq=False)
class _Parcel:
    """What one `emit` brought, waiting for the next batch."""

    account: str
    events: tuple[Event, ...]
    cursor: str | None
    error: Exception | None = field(default_factory=lambda: NotStored("the batch was broken off"))


class Engine:
    """Commits what comes in. `woken` is set whenever there may be something to carry out."""

    def __init__(self, database: Database, parts: Parts) -> None:
        self.database = database
        self.parts = parts
        self.writer = Writer(database)
        self.woken = asyncio.Event()
        # How many processes share the database, and thus every rate budget.
        self.sharers = 1
        self._parcels: list[_Parcel] = []
        self._batch: asyncio.Task[None] | None = None

    def intake_of(self, account: str) -> AccountIntake:
        """The intake of one adapter: its facts can only be about its own account."""
        return AccountIntake(self, account)

    async def work(self, job: Callable[[Work], T]) -> T:
        """Run a job in a unit of work; its effects become orders, and everything is committed before the return."""

        def run(conn: Connection) -> T:
            work = Work(conn, self.parts.now())
            result = job(work)
            plan(work, self.parts)
            work.flush()
            return result

        result = await self.writer.run(run)
        self.woken.set()
        return result

    async def submit(self, command: Command) -> Outcome:
        """Carry a person's wish out, or say why not."""

        def job(work: Work) -> Outcome:
            outcome = carry_out(work, self.parts, command)
            points.passed("submit.before_commit")
            return outcome

        outcome = await self.work(job)
        points.passed("submit.after_commit")
        return outcome

    async def emit(self, account: str, events: tuple[Event, ...], cursor: str | None) -> None:
        """Take facts in. What waits while a batch is being committed goes together into the next one."""
        parcel = _Parcel(account, events, cursor)
        self._parcels.append(parcel)
        running = self._batch
        if running is not None and not running.done():
            await asyncio.shield(asyncio.gather(running, return_exceptions=True))
        while parcel in self._parcels:
            if self._batch is None or self._batch.done():
                self._batch = asyncio.create_task(self._take(), name="intake")
            await asyncio.shield(asyncio.gather(self._batch, return_exceptions=True))
        if parcel.error is not None:
            raise parcel.error

    async def _take(self) -> None:
        parcels, self._parcels = self._parcels, []
        try:
            await self.writer.run(lambda conn: self._store(conn, parcels))
        except Exception as error:  # noqa: BLE001 (each parcel's sender is told)
            await self._take_apart(parcels, error)
        else:
            for parcel in parcels:
                parcel.error = None
        points.passed("intake.after_commit")
        self.woken.set()

    async def _take_apart(self, parcels: list[_Parcel], error: Exception) -> None:
        """One bad parcel must not hold up the others: try them one by one, and tell only the sender of the bad one."""
        if len(parcels) == 1:
            parcels[0].error = error
            return
        for parcel in parcels:
            try:
                await self.writer.run(lambda conn, one=parcel: self._store(conn, [one]))  # type: ignore[misc]
                parcel.error = None
            except Exception as alone:  # noqa: BLE001
                parcel.error = alone

    def _store(self, conn: Connection, parcels: list[_Parcel]) -> None:
        work = Work(conn, self.parts.now())
        Batch(work, self.parts).take([event for parcel in parcels for event in parcel.events])
        plan(work, self.parts)
        work.flush()
        for parcel in parcels:
            if parcel.cursor is not None:
                _move_cursor(conn, parcel, work)
        points.passed("intake.before_commit")


def _move_cursor(conn: Connection, parcel: _Parcel, work: Work) -> None:
    c = t.cursors.c
    values = {"value": parcel.cursor, "at": work.now}
    if conn.execute(update(t.cursors).where(c.account == parcel.account).values(**values)).rowcount == 0:
        conn.execute(insert(t.cursors).values(account=parcel.account, **values))


class ForeignAccount(Exception):
    """An adapter reported something about an account that is not its own: a bug in the adapter."""


class AccountIntake:
    """The `Intake` handed to one adapter."""

    def __init__(self, engine: Engine, account: str) -> None:
        self._engine = engine
        self._account = account

    async def emit(self, *events: Event, cursor: str | None = None) -> None:
        """See `bot.core.ports.Intake.emit`."""
        for event in events:
            about = event.item.account if hasattr(event, "item") else event.account
            if about != self._account:
                raise ForeignAccount(f"{self._account} reported about {about}")
        if events or cursor is not None:
            await self._engine.emit(self._account, events, cursor)

    async def submit(self, command: Command) -> Outcome:
        """See `bot.core.ports.Intake.submit`."""
        return await self._engine.submit(command)
