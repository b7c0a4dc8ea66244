"""PostgreSQL: the same promises as the embedded database, to several processes. Its triggers stand in `triggers.py`.

Writers take turns by an advisory lock that a transaction holds from its first statement to its end, so READ COMMITTED
shows it everything that came before it and nothing changes under it: https://www.postgresql.org/docs/current/explicit-locking.html.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import PendingRollbackError

from bot.store.engine import REMEDY, Conflict, Counting, Database, turn, uncounted
from bot.store.errors import DatabaseUnreachable, DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

LOCK = 0x706F_7274_6176  # "portav": the writers' turnstile; advisory locks belong to one database of a server
_TAKE_TURN = text(f"SELECT pg_advisory_xact_lock({LOCK})")
OLDEST = 13
"""The oldest server that this is tried with."""
WAIT = 15
"""Seconds that a writer waits for its turn."""
# All statements here are short ones: compiling one would take longer than running it.
_ALWAYS = f"-c lock_timeout={WAIT}s -c timezone=UTC -c jit=off"
# A process that hangs inside a transaction must not keep all the others waiting for ever.
_WRITER = f"{_ALWAYS} -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
_READER = f"{_ALWAYS} -c statement_timeout=15min -c idle_in_transaction_session_timeout=1h"
# Notice within a minute that the server's machine is gone.
_ALIVE = {"connect_timeout": 10, "keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 4}

_LOST = (
    "the connection was lost",
    "Whether the last change was kept shows when the database is back; nothing committed is lost. Check the server.",
)
_PROBLEMS = {
    "25006": ("is a copy that only can be read", "Name the server that takes writes."),
    "25P03": _LOST,
    "28": ("does not let this user in", "Check user, password and pg_hba.conf."),
    "3D000": ("has no such database", "Create it: `createdb NAME`."),
    "42501": ("does not allow that to this user", "Make the user the owner of the database: ALTER DATABASE ... OWNER."),
    "53300": ("has no connection left", "Raise max_connections, or end what holds connections."),
    "55P03": ("is kept busy by another writer", "Look for a process that hangs; it is thrown out after a minute."),
    "57P03": ("is starting or stopping", "Try again in a moment; `run` needs it to be up."),
    "57014": ("took too long to answer", "Look what keeps the server busy."),
    "57": _LOST,
    "58": ("has trouble with its disk", "Look at the server's log."),
    "XX001": ("is damaged", "Stop the bot and restore the newest backup."),
    "XX002": ("is damaged", "Stop the bot and restore the newest backup."),
    "08": _LOST,
}
_OVERTAKEN = {"40001", "40P01"}  # serialization failure, deadlock
_FULL = "53100"
# The server is not asked for these as codes: libpq hands over text when no connection came about.
_REFUSALS = (
    (re.compile(r"authentication failed|no password supplied|no pg_hba.conf entry|role .* does not exist"), "28"),
    (re.compile(r"database .* does not exist"), "3D000"),
    (re.compile(r"too many (clients|connections)|remaining connection slots"), "53300"),
    (re.compile(r"the database system is |cannot connect now|not accepting connections"), "57P03"),
)
_UNREACHABLE = ("cannot be reached", "Check the address, and that the server runs and lets this machine in.")


class PostgresDatabase(Database):
    """One database of a PostgreSQL server (13 or newer), with one writer and several readers in each process."""

    shared: ClassVar[bool] = True

    def __init__(self, url: str | URL, *, read_only: bool = False) -> None:
        """Prepare the connections; none is made yet.

        Args:
            url: `postgresql://user:password@host:port/name`; options of libpq may follow (`?sslmode=require`).
            read_only: let `begin` change nothing.

        Raises:
            DatabaseUnreachable: no such address, or the driver is not installed.
        """
        address = _address(url)
        if find_spec("psycopg") is None:
            remedy = "Install it: `pip install 'portavoz[postgres]'`."
            raise DatabaseUnreachable("The driver for PostgreSQL is not installed.", remedy)
        self._password = address.password or ""
        self.where = _shown(address)
        self._writer = self._engine(address, _WRITER, size=1, isolation="READ COMMITTED", read_only=read_only)
        self._reader = self._engine(address, _READER, size=4, isolation="REPEATABLE READ", read_only=True)

    def _engine(self, address: URL, options: str, *, size: int, isolation: Any, read_only: bool) -> Engine:
        theirs = address.query.get("options", "")
        engine = create_engine(
            address.difference_update_query(["options"]),
            hide_parameters=True,
            pool_size=size,
            # The writer's pool of one is the turnstile inside this process.
            max_overflow=0 if size == 1 else size,
            pool_timeout=WAIT * 2,
            pool_pre_ping=True,
            isolation_level=isolation,
            execution_options={"postgresql_readonly": read_only},
            connect_args={**_ALIVE, "options": f"{options} {theirs}".strip(), "application_name": "portavoz"},
        )
        event.listen(engine, "handle_error", self._explain)
        event.listen(engine, "connect", self._assert_recent)
        return engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction; see `Database.begin`."""
        with self._turn(self._writer) as conn, conn.begin():
            conn.execute(_TAKE_TURN)
            yield conn
            if conn.invalidated or _failed(conn):
                raise self._problem(*_LOST)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot; see `Database.read`."""
        with self._turn(self._reader) as conn, conn.begin():
            yield conn

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self._writer.dispose()

    def tidy(self) -> None:
        """Let the server clear away the old versions of changed rows; its write-ahead log goes on in its own time."""
        with self._turn(self._writer.execution_options(isolation_level="AUTOCOMMIT")) as conn:
            conn.exec_driver_sql(
                "VACUUM contents, authors, search, tickets, replies, people, identities, keep, outbox, switches"
            )

    def copy_to(self, target: Path, progress: Counting = uncounted) -> None:
        """A portable copy as an SQLite file; see `Database.copy_to`."""
        from bot.store.move import into_file  # noqa: PLC0415 -- it needs this module's base first

        into_file(self, target, progress)

    def size(self) -> int:
        """What the server says that the whole database takes."""
        with self.read() as conn:
            return int(conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())

    def integrity(self) -> list[str]:
        """Constraints that were never checked and indexes that were never finished. Empty when sound."""
        with self.read() as conn:
            unchecked = conn.exec_driver_sql(
                "SELECT conrelid::regclass || ': ' || conname || ' is not validated' FROM pg_constraint"
                " WHERE NOT convalidated AND connamespace = current_schema()::regnamespace"
            ).scalars()
            unfinished = conn.exec_driver_sql(
                "SELECT indrelid::regclass || ': ' || indexrelid::regclass || ' is not valid' FROM pg_index"
                " JOIN pg_class ON pg_class.oid = indrelid"
                " WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace"
            ).scalars()
            return [*unchecked, *unfinished]

    def _assert_recent(self, raw: Any, _record: object) -> None:
        """A new connection is to a server that knows all we ask of it."""
        version = raw.info.server_version // 10_000
        if version < OLDEST:
            remedy = f"Upgrade it, or name another one: {OLDEST} or newer is needed."
            raise self._problem(f"runs PostgreSQL {version}, which is too old", remedy)

    # --- what goes wrong ------------------------------------------------------------------------------------------

    @contextmanager
    def _turn(self, engine: Engine) -> Iterator[Connection]:
        try:
            with turn(engine, self._problem(*_PROBLEMS["55P03"])) as conn:
                yield conn
        except PendingRollbackError as error:
            raise self._problem(*_LOST) from error

    def _problem(self, problem: str, remedy: str) -> DatabaseUnreachable:
        return DatabaseUnreachable(f"{self.where}: {problem}", remedy)

    def _explain(self, context: ExceptionContext) -> BaseException | None:
        """Our words for what the server or the driver complains about; None when it is not about their health."""
        if context.is_pre_ping:
            return None  # the pool makes a new connection
        error = context.original_exception
        code = getattr(error, "sqlstate", None)
        if code is None:
            return self._unreachable(context)
        if code in _OVERTAKEN:
            return Conflict(f"the database ended the transaction ({code})")
        if code == _FULL:
            remedy = "Free some space on the server's disk, then try again; nothing that was committed is lost."
            return DiskFull(f"{self.where}: no space left", remedy)
        known = _PROBLEMS.get(code) or _PROBLEMS.get(code[:2])
        return None if known is None else self._problem(*known)

    def _unreachable(self, context: ExceptionContext) -> BaseException | None:
        error = context.original_exception
        if context.connection is not None:
            return self._problem(*_LOST) if context.is_disconnect else None
        if context.sqlalchemy_exception is None and not isinstance(error, OSError):
            return None
        said = str(error)
        code = next((code for pattern, code in _REFUSALS if pattern.search(said)), None)
        if code is not None:
            return self._problem(*_PROBLEMS[code])
        problem, remedy = _UNREACHABLE
        reason = said.splitlines()[0].rpartition("failed: ")[2] if said else type(error).__name__
        if self._password:
            reason = reason.replace(self._password, "***")
        return self._problem(f"{problem} ({reason})", remedy)


def _failed(conn: Connection) -> bool:
    """Whether a statement failed in this transaction: its COMMIT would say nothing and roll back."""
    from psycopg.pq import TransactionStatus  # noqa: PLC0415 -- installed wherever there is such a connection

    raw: Any = conn.connection.driver_connection
    return bool(raw.info.transaction_status == TransactionStatus.INERROR)


_LINE = re.compile(
    r"(?:postgresql|postgres)(?:\+psycopg)?://(?:[^\s/?#@:]*(?::[^\s/?#@:]*)?@)?[^\s/?#@]*/[^\s/?#@]+(?:\?[^\s#@]*)?"
)


def is_address(url: str) -> bool:
    """Whether it is a PostgreSQL address that can only be understood in one way."""
    return _LINE.fullmatch(url) is not None


def _address(url: str | URL) -> URL:
    """The address with our driver. A password with characters of its own is refused, lest half of it be shown."""
    given = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    if not is_address(given):
        raise DatabaseUnreachable("The database's address cannot be understood.", REMEDY)
    return make_url("postgresql+psycopg:" + given.partition(":")[2])


def _shown(address: URL) -> str:
    host = address.host or address.query.get("host") or "localhost"
    port = f":{address.port}" if address.port else ""
    return f"postgresql://{host if isinstance(host, str) else ','.join(host)}{port}/{address.database}"
