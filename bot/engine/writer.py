"""One writer thread with group commit: what waits at the same moment shares one transaction and one sync to disk.

Each job runs in a savepoint of its own, so that one that fails takes nobody along. A job's result is handed out
only after the commit; when the commit fails, every job of the group fails. A job that somebody else was faster than
(`Conflict`) is run again, from the new state.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.store.engine import Conflict

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.store.engine import Database

T = TypeVar("T")
GROUP = 256
"""How many jobs one transaction takes at most."""
TRIES = 5
"""How often a job is run that finds its state changed under it."""


class Closed(Exception):
    """The writer takes no more jobs."""


class _Job(Generic[T]):
    def __init__(self, run: Callable[[Connection], T], loop: asyncio.AbstractEventLoop) -> None:
        self.run = run
        self.loop = loop
        self.future: asyncio.Future[T] = loop.create_future()
        self.result: T | None = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]


class Writer:
    """Runs jobs in write transactions, one group after the other, in a thread of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        # What goes along with the next transaction, whoever's it is.
        self._riders: deque[_Job[Any]] = deque()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def run(self, job: Callable[[Connection], T]) -> T:
        """Run a job inside a transaction; returns after the commit. Raises what the job raised, or Closed."""
        if self._closed:
            raise Closed
        entry = _Job(job, asyncio.get_running_loop())
        self._jobs.put(entry)
        # A caller that is cancelled does not take the job back: it may be committed already.
        return await asyncio.shield(entry.future)

    @contextmanager
    def along(self, job: Callable[[Connection], T]) -> Iterator[asyncio.Future[T]]:
        """Let a job go along, last of all, with the next transaction that is begun while this is open.

        No transaction is begun for it: when none came, the future is cancelled in the end. One that is still under
        way then is not: whoever cares awaits the future.
        """
        rider = _Job(job, asyncio.get_running_loop())
        self._riders.append(rider)
        try:
            yield rider.future
        finally:
            # One that is not there any more is on its way.
            with suppress(ValueError):
                self._riders.remove(rider)
                rider.future.cancel()

    async def close(self) -> None:
        """Finish what waits, then end the thread."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        last = False
        while not last:
            entry = self._jobs.get()
            group: list[_Job[Any]] = []
            while entry is not None:
                group.append(entry)
                if len(group) == GROUP or self._jobs.empty():
                    break
                entry = self._jobs.get()
            last = entry is None
            if group:
                self._commit(group + self._boarding())

    def _boarding(self) -> list[_Job[Any]]:
        riders = []
        with suppress(IndexError):
            while True:
                riders.append(self._riders.popleft())
        return riders

    def _commit(self, group: list[_Job[Any]]) -> None:
        left = group
        for _ in range(TRIES):
            for job in left:
                job.error = None
            self._attempt(left)
            left = [job for job in left if isinstance(job.error, Conflict)]
            if not left:
                break
        self._hand_out(group)

    def _attempt(self, group: list[_Job[Any]]) -> None:
        """One transaction for all of them."""
        try:
            with self._database.begin() as conn:
                if len(group) == 1:
                    group[0].result = group[0].run(conn)
                else:
                    for job in group:
                        self._try(conn, job)
        except BaseException as error:  # noqa: BLE001 (whoever waits must be told, whatever it was)
            for job in group:
                job.error = job.error or error

    def _hand_out(self, group: list[_Job[Any]]) -> None:
        loops = {job.loop for job in group}
        for loop in loops:
            settled = [job for job in group if job.loop is loop]
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, settled)

    def _try(self, conn: Connection, job: _Job[Any]) -> None:
        # As plain text: SQLAlchemy's own would be compiled anew each time, which takes longer than all the rest of it.
        conn.exec_driver_sql("SAVEPOINT job")
        try:
            job.result = job.run(conn)
        except Exception as error:
            if conn.invalidated:
                raise  # the connection is gone, and with it everybody's changes
            conn.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
            job.error = error
        conn.exec_driver_sql("RELEASE SAVEPOINT job")


def _settle(jobs: list[_Job[Any]]) -> None:
    for job in jobs:
        job.settle()
