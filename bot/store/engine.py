"""The database as the rest of the program sees it: transactions, snapshots, and what can go wrong.

Which one it is stands in its address; `engine_sqlite.py` and `engine_postgres.py` know how each of them does it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store.errors import DatabaseUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from bot.store.engine_sqlite import SqliteDatabase

SCHEMA_TABLE = "portavoz_schema"
"""Where Alembic keeps the revision; a database without it is not ours."""
REMEDY = (
    "Set the database to sqlite:////absolute/path/to/portavoz.db or to postgresql://user:password@host/name "
    "(special characters percent-encoded), or leave it out."
)


Counting = Callable[[int, int], None]


def uncounted(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


class Conflict(Exception):
    """Somebody else changed the same row since it was read; try again from the new state."""


class Database(ABC):
    """One database; both kinds promise the same.

    Write transactions take turns, over all threads and all processes, and each sees everything that was committed
    before it began. What is read inside one therefore stays true until its end, and numbers come without gaps.
    A reader sees one moment, waits for nobody and holds nobody up. All methods may be called from any thread.
    """

    shared: ClassVar[bool]
    """Whether several processes of the bot may work with it at a time."""
    where: str
    """What people call it: a path or an address, without user and password."""
    _writer: Engine
    _reader: Engine

    @staticmethod
    def open(url: str | URL, *, read_only: bool = False) -> Database:
        """The database at an address; see the kinds' constructors.

        Raises:
            DatabaseUnreachable: no address of ours, no driver, no such folder. The address is not repeated.
        """
        try:
            backend = make_url(url).get_backend_name()
        except (ArgumentError, ValueError):
            raise DatabaseUnreachable("The database's address cannot be understood.", REMEDY) from None
        if backend in {"postgresql", "postgres"}:
            # Only whoever uses it needs the driver.
            from bot.store.engine_postgres import PostgresDatabase  # noqa: PLC0415

            return PostgresDatabase(url, read_only=read_only)
        if backend != "sqlite":
            raise DatabaseUnreachable(f"Nothing can be stored in {backend}.", REMEDY)
        from bot.store.engine_sqlite import SqliteDatabase  # noqa: PLC0415 -- it needs this module first

        return SqliteDatabase(url, read_only=read_only)

    @staticmethod
    def at(path: Path, *, read_only: bool = False) -> SqliteDatabase:
        """The SQLite database in this file."""
        from bot.store.engine_sqlite import SqliteDatabase  # noqa: PLC0415 -- as above

        return SqliteDatabase(URL.create("sqlite", database=str(path)), read_only=read_only)

    @abstractmethod
    def begin(self) -> AbstractContextManager[Connection]:
        """A write transaction: committed at the end, rolled back when anything is raised.

        Raises:
            DatabaseUnreachable: locked for longer than 15 s, not writable, damaged, gone.
            DiskFull: no room left.
            Conflict: somebody else's change came first (with the turns that writers take: only from outside).
        """

    @abstractmethod
    def read(self) -> AbstractContextManager[Connection]:
        """A snapshot: what is committed meanwhile does not show, and nothing can be written."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection."""

    @abstractmethod
    def tidy(self) -> None:
        """Clear away what the database itself still keeps of erased words."""

    @abstractmethod
    def copy_to(self, target: Path, progress: Counting = uncounted) -> None:
        """Copy everything as it stands at one moment, while others go on writing, into an SQLite file.

        Args:
            target: an empty file.
            progress: is told how much of how much is copied, in pages or rows; what it raises ends the copying.

        Raises:
            DatabaseUnreachable: the target cannot be written.
            DiskFull: no room for it.
        """

    @abstractmethod
    def size(self) -> int:
        """How many bytes it takes now, about."""

    @abstractmethod
    def integrity(self) -> list[str]:
        """What the database's own checks complain about; empty when it is sound."""


@contextmanager
def turn(engine: Engine, locked: DatabaseUnreachable) -> Iterator[Connection]:
    """A connection of the pool; raises `locked` when none becomes free."""
    try:
        conn = engine.connect()
    except PoolTimeout as error:
        raise locked from error
    with conn:
        yield conn
