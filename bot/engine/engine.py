"""The engine as adapters see it: `emit` facts, `submit` wishes; both return once committed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, insert, update

from bot.core.errors import Transient
from bot.core.messages import Command, Event, Outcome, Refused
from bot.engine import points, samples
from bot.engine.backoff import AWAY
from bot.engine.commands import carry_out
from bot.engine.intake import Batch
from bot.engine.observing import Taken
from bot.engine.orders import plan
from bot.engine.writer import Writer
from bot.store import people
from bot.store import tables as t
from bot.store.errors import DatabaseUnreachable, DiskFull
from bot.store.trial import Touched, Trial
from bot.store.work import Work

if TYPE_CHECKING:
    from bot.core.types import Person
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
    began: float = field(default_factory=time.perf_counter)
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

    async def seldom(self, job: Callable[[Work], T]) -> T:
        """The same as `work`, for a job that seldom changes anything: only then it takes the writers' turn.

        What it decides from the snapshot may be old when it returns, as what `work` returns may be.
        """
        try:
            return await asyncio.to_thread(self._try, job)
        except Touched:
            return await self.work(job)

    async def knows(self, events: tuple[Event, ...]) -> bool:
        """Whether taking these facts in would change nothing."""
        try:
            await asyncio.to_thread(self._try, lambda work: Batch(work, self.parts).take(events))
        except Touched:
            return False
        return True

    def _try(self, job: Callable[[Work], T]) -> T:
        with self.database.read() as conn:
            trial = Trial(conn, self.parts.now())
            result = job(trial)
            trial.flush()
            return result

    async def submit(self, command: Command) -> Outcome:
        """Carry a person's wish out, or say why not."""

        def job(work: Work) -> Outcome:
            outcome = carry_out(work, self.parts, command)
            points.passed("submit.before_commit")
            return outcome

        began = time.perf_counter()
        outcome = await self.work(job)
        self.parts.observer.wished(command, outcome, time.perf_counter() - began)
        points.passed("submit.after_commit")
        await samples.carry_on(self.parts, command, outcome)
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
        began = time.perf_counter()
        try:
            tickets = await self.writer.run(lambda conn: self._store(conn, parcels))
        except Exception as error:  # noqa: BLE001 (each parcel's sender is told)
            await self._take_apart(parcels, error)
        else:
            for parcel in parcels:
                parcel.error = None
            self._observe(parcels, tickets, began)
        points.passed("intake.after_commit")
        self.woken.set()

    async def _take_apart(self, parcels: list[_Parcel], error: Exception) -> None:
        """One bad parcel must not hold up the others: try them one by one, and tell only the sender of the bad one."""
        if len(parcels) == 1:
            parcels[0].error = error
            return
        for parcel in parcels:
            began = time.perf_counter()
            try:
                tickets = await self.writer.run(lambda conn, one=parcel: self._store(conn, [one]))  # type: ignore[misc]
                parcel.error = None
                self._observe([parcel], tickets, began)
            except Exception as alone:  # noqa: BLE001
                parcel.error = alone

    def _store(self, conn: Connection, parcels: list[_Parcel]) -> list[list[tuple[str, bool]]]:
        """Take in; the tickets that each parcel went to, where somebody wants to know."""
        work = Work(conn, self.parts.now())
        batch = Batch(work, self.parts)
        batch.take([event for parcel in parcels for event in parcel.events])
        plan(work, self.parts)
        work.flush()
        for parcel in parcels:
            if parcel.cursor is not None:
                _move_cursor(conn, parcel, work)
        points.passed("intake.before_commit")
        return [batch.tickets_of(parcel.events) for parcel in parcels] if self.parts.observer.tracing else []

    def _observe(self, parcels: list[_Parcel], tickets: list[list[tuple[str, bool]]], began: float) -> None:
        now = time.perf_counter()
        taken = [
            Taken(parcel.account, len(parcel.events), now - parcel.began, tickets[n] if tickets else ())
            for n, parcel in enumerate(parcels)
        ]
        self.parts.observer.took_in(taken, now - began)


def _move_cursor(conn: Connection, parcel: _Parcel, work: Work) -> None:
    c = t.cursors.c
    values = {"value": parcel.cursor, "at": work.now}
    if conn.execute(update(t.cursors).where(c.account == parcel.account).values(**values)).rowcount == 0:
        conn.execute(insert(t.cursors).values(account=parcel.account, **values))


class ForeignAccount(Exception):
    """An adapter reported something that is not its own to report: a bug in the adapter."""


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
            try:
                await self._engine.emit(self._account, events, cursor)
            except DatabaseUnreachable as error:
                raise Transient(error.problem, retry_after=AWAY) from error

    async def submit(self, command: Command) -> Outcome:
        """See `bot.core.ports.Intake.submit`."""
        try:
            return await self._engine.submit(command)
        except DiskFull:
            return Refused(reason="disk_full", remedy="make_room", ticket=getattr(command, "ticket", None))

    async def introduce(self, person: Person) -> None:
        """See `bot.core.ports.Intake.introduce`."""
        own = all(chat == self._account for chat, _ in person.identities)
        if not own or not person.id.startswith(f"{self._account}:"):
            raise ForeignAccount(f"{self._account} introduced {person.id}")
        await self._engine.work(lambda work: people.introduce(work.conn, person, work.now))
