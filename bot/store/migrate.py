"""From whatever schema the database has to the one that this program needs, and the checks before it is used."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import column, inspect, select, table

from bot.store import tables, triggers
from bot.store.engine import SCHEMA_TABLE
from bot.store.errors import NotReady
from bot.store.files import new_file

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from bot.store.engine import Database

HEAD = "0001"
"""The newest revision. Written down here so that an ordinary start need not load Alembic; a test compares."""

MOVING = "moving"
"""The lease in whose name a half moved database is marked; see `bot.store.move`."""

_FOLDER = Path(__file__).parent / "migrations"
_version = table(SCHEMA_TABLE, column("version_num"))
_REINSTALL = "Run `portavoz audit verify` to see whether anything was changed meanwhile, then `portavoz migrate`."

_OTHER_STATE = (
    "Another release made it, or it was damaged. Keep a copy; then go on with that release, "
    "or put a backup that this one made in its place. There is no upgrade from it."
)


def head() -> str:
    """The revision that this program needs."""
    return HEAD


def current(db: Database) -> str | None:
    """The revision that the database has; None while it is empty.

    Raises:
        NotReady: it holds somebody else's tables.
    """
    with db.read() as conn:
        return _current(conn)


def migrate(db: Database, *, backup_dir: Path | None) -> list[str]:
    """Bring the schema up to date and put the triggers in place, in one transaction.

    Args:
        db: the database.
        backup_dir: where a copy goes before anything is changed; None makes none. An empty database is not copied,
            nor is one on a server, whose own tools do that (and whose migrations are all or nothing, too).

    Returns:
        The revisions that were applied, oldest first.

    Raises:
        NotReady: somebody else's database, or one that a newer release has written; it is left as it was.
    """
    with db.read() as conn:
        before = _known(conn)
        complete = before == HEAD and not triggers.missing(conn)
    if complete:
        return []
    if before is not None and backup_dir is not None and not db.shared:
        _back_up(db, backup_dir, before)
    with db.begin() as conn:
        # Asked again under the lock: another process may have been faster.
        applied = _upgrade(conn, _known(conn))
        triggers.install(conn)
    return applied


def assert_ready(db: Database) -> None:
    """Say nothing if the database can be used.

    Raises:
        NotReady: empty, outdated, newer than this program, somebody else's, with tables that we do not know or miss,
            or without the triggers that keep the record.
    """
    with db.read() as conn:
        found = _known(conn)
        if found is None:
            raise NotReady("The database is empty.", "Run `portavoz migrate`, or simply `portavoz run`.")
        if found != HEAD:
            raise NotReady(
                f"The database's schema is {found}, this program needs {HEAD}.",
                "Run `portavoz migrate`; it makes a backup first.",
            )
        _assert_tables(conn)
        if conn.execute(select(tables.leases.c.owner).where(tables.leases.c.name == MOVING)).first() is not None:
            raise NotReady("Only half of the move into this database was done.", "Run the same `migrate` again.")
        gone = triggers.missing(conn)
        if gone:
            raise NotReady(f"The record is not protected; triggers are missing: {', '.join(gone)}.", _REINSTALL)


def config(conn: Connection | None = None) -> Config:
    """Alembic's settings for our migrations, bound to a connection."""
    from alembic.config import Config  # noqa: PLC0415 -- 100 ms that an ordinary start does not need

    made = Config()
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = conn
    return made


def revisions() -> list[str]:
    """Every revision that this program knows, oldest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 -- as above

    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]


def _current(conn: Connection) -> str | None:
    names = set(inspect(conn).get_table_names())
    if not names:
        return None
    if SCHEMA_TABLE not in names:
        raise NotReady(
            f"The database holds tables that are not ours: {', '.join(sorted(names)[:5])}.",
            "Give the bot a database of its own; this one was left as it is.",
        )
    found: list[str] = list(conn.execute(select(_version.c.version_num)).scalars())
    return found[0] if found else None


def _known(conn: Connection) -> str | None:
    found = _current(conn)
    if found not in {None, HEAD} and found not in revisions():
        raise NotReady(
            f"The database's schema is {found}, which this program does not know: a newer release wrote it.",
            "Install that release again, or put the backup from before the upgrade in its place.",
        )
    return found


def _assert_tables(conn: Connection) -> None:
    names = inspect(conn).get_table_names()
    there = {name for name in names if not name.startswith(tables.SEARCH_INDEX)} - {SCHEMA_TABLE}
    ours = set(tables.metadata.tables)
    if lacking := ours - there:  # other tables beside that are another state's of ours as likely as somebody else's
        raise NotReady(f"The database lacks tables of ours: {', '.join(sorted(lacking))}.", _OTHER_STATE)
    if odd := there - ours:
        problem = f"The database holds tables that are not ours: {', '.join(sorted(odd))}."
        raise NotReady(problem, "Move them to another database, or restore a backup.")


def _upgrade(conn: Connection, before: str | None) -> list[str]:
    if before == HEAD:
        return []
    from alembic import command  # noqa: PLC0415 -- as above

    command.upgrade(config(conn), "head")
    known = revisions()
    return known[known.index(before) + 1 :] if before else known


def _back_up(db: Database, folder: Path, revision: str) -> None:
    """A plain copy: `backup.py` checks against the newest schema, which this one has not got yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    with new_file(folder / f"before-migration-{revision}-{stamp}.db") as copy:
        db.copy_to(copy)
