"""The wall's own SQLite file: one thread that writes, one that reads, and a commit that is shared.

Writers that arrive while a commit is under way wait for the next one and share it, so that a burst costs few disk
syncs and still nobody is answered before his words are durable.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Generic, TypeVar

from handlers.networks.wall.rows import NoRoom

T = TypeVar("T")
Job = tuple[Callable[[sqlite3.Connection], Any], "Future[Any]"]

LEAST = 64 * 1024  # bytes of free disk below which writing fails for lack of room
SHARED = 256  # as many writes share one commit at most

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS comments (
    n INTEGER PRIMARY KEY REFERENCES changes (seq),
    id TEXT NOT NULL UNIQUE,
    root TEXT NOT NULL,
    parent TEXT,
    author TEXT NOT NULL,
    visitor TEXT,
    edit_token TEXT NOT NULL,
    text TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    edited_at TEXT,
    withdrawn_at TEXT,
    client_key TEXT UNIQUE,
    client_digest TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS comments_by_root ON comments (root, n);
CREATE INDEX IF NOT EXISTS roots ON comments (n) WHERE parent IS NULL;
CREATE INDEX IF NOT EXISTS comments_by_visitor ON comments (visitor, n);
CREATE TABLE IF NOT EXISTS replies (
    n INTEGER PRIMARY KEY REFERENCES changes (seq),
    id TEXT NOT NULL UNIQUE,
    comment TEXT NOT NULL REFERENCES comments (id),
    client_key TEXT UNIQUE,
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'pending', 'refused')),
    reason TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS replies_by_comment ON replies (comment, n);
CREATE TABLE IF NOT EXISTS changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL CHECK (what IN ('comment', 'edit', 'withdrawal', 'reply', 'pending', 'confirmed', 'refused')),
    id TEXT NOT NULL
) STRICT;
INSERT OR IGNORE INTO facts (name, value) VALUES ('epoch', lower(hex(randomblob(6))));
"""


class Database:
    """Opens the file at once, so that a wrong path is noticed at the start. Raises sqlite3.Error, OSError."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._writing = _connect(path)
        self._writing.executescript(SCHEMA)
        self._reading = _connect(path)
        self._reading.execute("PRAGMA query_only = ON")
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wall-read")
        self._writer = threading.Thread(target=self._write_until_closed, name="wall-write", daemon=True)
        self._writer.start()
        self._closed = False

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """The result of a query that sees everything committed before it began."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, query, self._reading)

    async def write(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a job in a transaction; its result comes back once that is on the disk.

        What the job raises is raised here, and undoes this job alone. Raises NoRoom when the disk is full.
        """
        if self._closed:
            raise RuntimeError("The wall's database is closed.")
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Finish what is waiting, then close the file."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown(wait=True)
        self._reading.close()
        self._writing.close()

    def _write_until_closed(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch, open_ = [first], True
            while len(batch) < SHARED:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    open_ = False
                    break
                batch.append(following)
            _commit_together(self._writing, batch)
            if not open_:
                return


class _Done(Generic[T]):
    """What a job returned or raised, kept until the commit."""

    def __init__(self, future: Future[T], value: T | None, error: BaseException | None) -> None:
        self.future, self.value, self.error = future, value, error

    def tell(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.value)  # type: ignore[arg-type] # None only where T allows it


def _commit_together(connection: sqlite3.Connection, batch: list[Job]) -> None:
    """Run each job behind a savepoint of its own, commit once, then answer everybody."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        finished = [_run(connection, job, future) for job, future in batch]
        connection.execute("COMMIT")
    except sqlite3.Error as error:  # a full disk, a lock held too long: nothing of this batch happened
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        told = NoRoom() if _is_for_room(connection, error) else error
        finished = [_Done(future, None, told) for _, future in batch]
    for done in finished:
        done.tell()


def _run(connection: sqlite3.Connection, job: Callable[[sqlite3.Connection], Any], future: Future[Any]) -> _Done[Any]:
    connection.execute("SAVEPOINT job")
    try:
        value = job(connection)
    except Exception as error:
        if not connection.in_transaction:
            raise  # a full disk ends the whole transaction, with everybody's writes
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return _Done(future, None, error)
    connection.execute("RELEASE job")
    return _Done(future, value, None)


def _is_for_room(connection: sqlite3.Connection, error: sqlite3.Error) -> bool:
    """Whether the disk is full; where a log or its index cannot grow, SQLite only says that writing failed."""
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if kind != sqlite3.SQLITE_IOERR:
        return kind == sqlite3.SQLITE_FULL
    path = Path(connection.execute("PRAGMA database_list").fetchone()["file"])
    return shutil.disk_usage(path.parent).free < LEAST


def _connect(path: Path) -> sqlite3.Connection:
    # Each connection is used by one thread at a time; sqlite3 cannot know that.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA busy_timeout = 15000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # words that were taken back do not linger in free pages
    return connection
