"""A backup while everything runs: copied, then proved to be whole, and only then given its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.store import migrate, seals, tables
from bot.store.audit import verify
from bot.store.engine import Database
from bot.store.errors import NotReady
from bot.store.files import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What the backup holds: `rows` by table of record or state, and the seal that it ends with."""

    path: Path
    bytes: int
    rows: dict[str, int]
    seal: str | None


class BackupFailed(Exception):
    """There is no backup. `remedy` says what to do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def backup(db: Database, target: Path) -> BackupReport:
    """Copy the database as it stands now into a new file of mode 0600, and check the copy.

    Others may go on reading and writing meanwhile.

    Raises:
        BackupFailed: something stands at `target` (a symbolic link, too), the folder cannot be written, or the copy
            is not sound. Nothing is left behind then.
        DatabaseUnreachable, DiskFull: as everywhere in the store.
    """
    with db.read() as conn:
        least = _counts(conn)
        seal = seals.head(conn)
    try:
        with new_file(target) as copy:
            db.copy_to(copy)
            rows = _check(copy, least, seal)
            size = copy.stat().st_size
    except FileExistsError as error:
        raise BackupFailed(f"{target} is there already.", "Choose another name; nothing is overwritten.") from error
    except OSError as error:
        raise BackupFailed(
            f"{target} cannot be written: {error.strerror}.", "Choose a folder that exists and can be written to."
        ) from error
    return BackupReport(path=target, bytes=size, rows=rows[0], seal=rows[1])


def _check(copy: Path, least: dict[str, int], seal: str | None) -> tuple[dict[str, int], str | None]:
    made = Database.at(copy, read_only=True)
    try:
        problems = made.integrity()
        try:
            migrate.assert_ready(made)
        except NotReady as error:
            problems.append(error.problem)
        with made.read() as conn:
            rows = _counts(conn)
            problems += [f"rows of {name} are missing" for name in rows if rows[name] < least[name]]
            problems += verify(conn, expect=seal).problems
            ends_with = seals.head(conn)
    finally:
        made.close()
    if problems:
        raise BackupFailed(
            f"The copy is not sound: {'; '.join(problems[:5])}.",
            "Run `portavoz audit verify` on the database itself; if it is sound, check the disk.",
        )
    return rows, ends_with


def _counts(conn: Connection) -> dict[str, int]:
    """Of the tables that lose no rows, so that a later count is never smaller."""
    return {
        name: conn.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar_one()
        for name in tables.NO_DELETE
    }
