"""SQLite: one file, one writer at a time. Everything that only SQLite needs stands here and in `triggers.py`.

Locking and syncing: https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, make_url

from bot.store.engine import REMEDY, SCHEMA_TABLE, Counting, Database, turn, uncounted
from bot.store.errors import DatabaseUnreachable, DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

BUSY_MS = 15_000
_MERGED = 1_000  # pages of the full-text index that are merged in one transaction
STEP = 2_000
"""Pages that are copied between two reports of progress."""
_MIB = 1024  # cache_size counts in KiB when negative
_COMMON = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    # REPLACE deletes the old row without asking the triggers unless this is on.
    "PRAGMA recursive_triggers=ON",
    "PRAGMA temp_store=MEMORY",
)
_WRITER = (
    *_COMMON,
    "PRAGMA synchronous=FULL",
    f"PRAGMA cache_size=-{4 * _MIB}",
    "PRAGMA wal_autocheckpoint=1000",
    f"PRAGMA journal_size_limit={16 * 1024 * 1024}",
    # What was erased must not stay readable in free pages.
    "PRAGMA secure_delete=ON",
)
# The writer's triggers keep the full-text index, for which older releases of SQLite want trust.
_READER = (*_COMMON, "PRAGMA trusted_schema=OFF", f"PRAGMA cache_size=-{_MIB}", "PRAGMA query_only=ON")
_LOCKED = ("is locked by another program", "Close the program that keeps it open, then try again.")
_PROBLEMS: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_READONLY: (
        "cannot be written",
        "Give the user that runs the bot the right to write the file and its folder.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "is not a database, or is encrypted",
        "Check the path; if the file was damaged, put the newest backup in its place.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened",
        "Check that the folder exists and that the user that runs the bot may enter it.",
    ),
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_IOERR: ("could not be read or written", "Check the disk, then start again."),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "Stop the bot, keep the file, and put the newest backup in its place."),
}
_MAYBE_FULL = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
LEAST = 64 * 1024
"""Bytes of free disk below which trouble with a file is trouble with room."""
_LOST = ("gave the transaction up", "Nothing of it was kept. Check the disk, then try again.")
_GAVE_UP = "portavoz.gave_up"
_FULL = "Free some space on that disk, then try again; nothing that was committed is lost."


class SqliteDatabase(Database):
    """One file with one writer and several readers. Other processes may use the same file at the same time."""

    shared: ClassVar[bool] = False

    def __init__(self, url: str | URL, *, read_only: bool = False) -> None:
        """Prepare the connections; nothing but the file's folder and an empty file of mode 0600 is made.

        Args:
            url: `sqlite:////absolute/path`.
            read_only: open an existing file without changing anything, not even its journal mode.

        Raises:
            DatabaseUnreachable: no file, or a folder that cannot be made.
        """
        self.path = _path_of(url)
        self.where = str(self.path)
        if not read_only:
            _make_private(self.path)
        address = URL.create("sqlite", database=str(self.path))
        # A pool of one is the turnstile for writers: they wait in line instead of polling the file's lock.
        self._writer = create_engine(
            address, hide_parameters=True, pool_size=1, max_overflow=0, pool_timeout=BUSY_MS / 1000 * 2
        )
        self._reader = create_engine(
            address, hide_parameters=True, pool_size=4, max_overflow=4, pool_timeout=BUSY_MS / 1000 * 2
        )
        self._prepare(self._writer, _READER if read_only else _WRITER, "BEGIN" if read_only else "BEGIN IMMEDIATE")
        self._prepare(self._reader, _READER, "BEGIN")

    def _prepare(self, engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
        @event.listens_for(engine, "connect")
        def _connect(raw: Any, _record: Any) -> None:
            # The driver's own idea of transactions begins them too late: read-modify-write loses updates.
            raw.isolation_level = None
            for pragma in pragmas:
                raw.execute(pragma)
            if pragmas is _WRITER and _ours_or_empty(raw):
                raw.execute("PRAGMA journal_mode=WAL")

        @event.listens_for(engine, "begin")
        def _begin(conn: Connection) -> None:
            conn.info.pop(_GAVE_UP, None)
            conn.exec_driver_sql(begin)

        @event.listens_for(engine, "before_cursor_execute")
        def _still_inside(conn: Connection, _cursor: Any, statement: str, *_: Any) -> None:
            if statement != begin:
                _assert_inside(conn, self.path)

        @event.listens_for(engine, "handle_error")
        def _explain(context: ExceptionContext) -> BaseException | None:
            explained = _explained(context.original_exception, self.path)
            if explained is not None and context.connection is not None and not context.connection.closed:
                context.connection.info[_GAVE_UP] = explained
            return explained

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: committed at the end, rolled back when anything is raised.

        Raises:
            DatabaseUnreachable: locked for longer than 15 s, not writable, damaged, gone.
            DiskFull: no room left.
        """
        with _turn(self._writer, self.path) as conn, conn.begin():
            yield conn
            _assert_inside(conn, self.path)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot: what is committed meanwhile does not show, and nothing can be written."""
        with _turn(self._reader, self.path) as conn, conn.begin():
            yield conn

    def close(self) -> None:
        """Close every connection; the last one to close folds the write-ahead log into the file."""
        self._reader.dispose()
        self._writer.dispose()

    def tidy(self) -> None:
        """Fold the write-ahead log into the file and empty it, so that erased words are gone from there too.

        The full-text index only notes what was removed until it is merged; that takes seconds for a million texts.
        """
        with _turn(self._writer, self.path) as conn:
            raw = _raw(conn)
            _merge(raw)
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def copy_to(self, target: Path, progress: Counting = uncounted) -> None:
        """Copy the database as it stands at one moment, while others go on writing; see `Database.copy_to`."""
        with self.read() as conn:
            # The snapshot begins with the first statement; without it the copy would begin anew at every commit.
            conn.exec_driver_sql("SELECT count(*) FROM sqlite_master").all()
            _copy(_raw(conn), target, progress)

    def size(self) -> int:
        """How many bytes its files take."""
        files = (self.path.with_name(self.path.name + side) for side in ("", "-wal"))
        return sum(file.stat().st_size for file in files if file.is_file())

    def stand_alone(self) -> None:
        """Make one file of it, without a write-ahead log beside it: what a backup wants to be. Closed before."""
        _stand_alone(sqlite3.connect(self.path, isolation_level=None))

    def integrity(self) -> list[str]:
        """What SQLite's own check of the file complains about: damaged pages, broken references. Empty when sound."""
        with self.read() as conn:
            found = [str(row[0]) for row in conn.exec_driver_sql("PRAGMA integrity_check")]
            broken = [
                f"{row[0]}: row {row[1]} refers to a missing row of {row[2]}"
                for row in conn.exec_driver_sql("PRAGMA foreign_key_check")
            ]
        return [line for line in found if line != "ok"] + broken


def copy_file(source: Path, target: Path, progress: Counting = uncounted) -> None:
    """The same as `copy_to` for any SQLite file, whoever else is using it. `target` must be empty.

    Raises:
        DatabaseUnreachable: one of them cannot be used.
        DiskFull: no room for it.
    """
    try:
        raw = sqlite3.connect(source, isolation_level=None, timeout=BUSY_MS / 1000)
    except sqlite3.Error as error:
        raise _explained(error, source) or error from error
    with closing(raw):
        try:
            raw.execute("PRAGMA query_only=ON")
            raw.execute("BEGIN")
            raw.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.Error as error:
            raise _explained(error, source) or error from error
        _copy(raw, target, progress)


def file_integrity(path: Path) -> list[str]:
    """What SQLite's own check complains about in any SQLite file; empty when it is sound."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            return [line for (line,) in raw.execute("PRAGMA integrity_check") if line != "ok"]
    except sqlite3.Error as error:
        return [str(error)]


def set_aside(path: Path) -> bool:
    """Fold a file's write-ahead log into it, so that it can be moved; whether nobody else has it open.

    A file that is damaged, or no database, is left as it is.
    """
    try:
        _stand_alone(sqlite3.connect(path, isolation_level=None, timeout=1))
    except sqlite3.Error as error:
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return True


def _copy(raw: sqlite3.Connection, target: Path, progress: Counting) -> None:
    try:
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            raw.backup(copy, pages=STEP, progress=lambda _status, left, total: progress(total - left, total))
        finally:
            _stand_alone(copy)
    except sqlite3.Error as error:
        raise _explained(error, target) or error from error


def _merge(raw: sqlite3.Connection) -> None:
    """Make one of the full-text index's parts, in steps that let others write in between.

    See https://www.sqlite.org/fts5.html#the_merge_command: a negative number begins it, and it is done when a step
    changes nothing any more.
    """
    pages, before = -_MERGED, -2
    while raw.total_changes - before >= 2:
        before = raw.total_changes
        raw.execute("INSERT INTO search_words (search_words, rank) VALUES ('merge', ?)", (pages,))
        pages = _MERGED


def _stand_alone(raw: sqlite3.Connection) -> None:
    try:
        raw.execute("PRAGMA journal_mode=DELETE")
    finally:
        raw.close()


def _raw(conn: Connection) -> sqlite3.Connection:
    raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101 -- narrows the type; the URL was checked
    return raw


def _assert_inside(conn: Connection, path: Path) -> None:
    """On a full disk, for one, SQLite rolls back the whole transaction, whatever savepoints there are.

    Everything after that would be committed on its own, and what came before would seem to be committed.
    """
    if not _raw(conn).in_transaction:
        problem, remedy = _LOST
        raise conn.info.get(_GAVE_UP) or DatabaseUnreachable(f"{path} {problem}", remedy)


def _turn(engine: Engine, path: Path) -> AbstractContextManager[Connection]:
    problem, remedy = _LOCKED
    return turn(engine, DatabaseUnreachable(f"{path} {problem}", remedy))


def _path_of(url: str | URL) -> Path:
    parsed = make_url(url)
    if not parsed.database or parsed.database == ":memory:":
        raise DatabaseUnreachable("A database in memory would forget everything.", REMEDY)
    return Path(parsed.database).absolute()


def _make_private(path: Path) -> None:
    """Make the folder and an empty file that only this user can read; SQLite's side files inherit the mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(f"No space left for {path}", _FULL) from error
        code = sqlite3.SQLITE_READONLY if error.errno in {errno.EACCES, errno.EROFS} else sqlite3.SQLITE_CANTOPEN
        problem, remedy = _PROBLEMS[code]
        raise DatabaseUnreachable(f"{path} {problem}: {error.strerror}", remedy) from error


def _ours_or_empty(raw: sqlite3.Connection) -> bool:
    """Somebody else's database is left exactly as it is, its journal mode included."""
    names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return not names or SCHEMA_TABLE in names


def _no_room(path: Path) -> bool:
    """Where a log or its index cannot grow, SQLite does not say that it is for lack of room."""
    try:
        return shutil.disk_usage(path.parent).free < LEAST
    except OSError:
        return False


def _explained(error: BaseException | None, path: Path) -> DatabaseUnreachable | None:
    """Our words for what SQLite complains about; None when it is not about the database's health."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF  # the low byte is the kind, the rest a detail
    if primary == sqlite3.SQLITE_FULL or (primary in _MAYBE_FULL and _no_room(path)):
        return DiskFull(f"No space left for {path}", _FULL)
    if primary not in _PROBLEMS:
        return None
    problem, remedy = _PROBLEMS[primary]
    return DatabaseUnreachable(f"{path} {problem}", remedy)
