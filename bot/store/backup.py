"""A backup while everything runs: a folder of copies, proved to be whole, and only then given its name.

The bot's database is copied first and the adapters' own files after it: what came in between is then in their files
and behind the cursors, so that a bot that is restored takes it in. The other way round it would be lost.
"""

from __future__ import annotations

import errno
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot import __version__
from bot.store import migrate, seals, tables
from bot.store.audit import verify
from bot.store.engine import Database
from bot.store.engine_sqlite import copy_file, file_integrity
from bot.store.errors import NotReady
from bot.store.files import new_folder
from bot.store.manifest import STATE, BackupTrouble, Manifest, Progress, digest, unseen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection

ROOM = 1.1
"""How much more room than the files themselves there must be: the bot goes on writing meanwhile."""
_FULL = "Make room there, or name another folder."


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What the backup holds: files by name, `rows` by table of record or state, and the seal that it ends with."""

    path: Path
    bytes: int
    files: tuple[str, ...]
    rows: dict[str, int]
    seal: str | None


class BackupFailed(BackupTrouble):
    """There is no backup."""


def backup(
    db: Database,
    target: Path,
    *,
    others: Mapping[str, Path] | None = None,
    scheduled: bool = False,
    progress: Progress = unseen,
) -> BackupReport:
    """Copy the database as it stands now into a new folder of mode 0700, and check the copy.

    Others may go on reading and writing meanwhile.

    Args:
        db: the bot's database; one on a server becomes an SQLite file.
        target: the folder to make.
        others: further SQLite files by the name that they get in the backup; those that are not there are left out.
        scheduled: written down, so that only what the bot made by itself is ever removed by it.
        progress: is told how far it is; what it raises breaks the backup off.

    Raises:
        BackupFailed: something stands at `target` (a symbolic link, too), the folder cannot be written, there is no
            room, or the copy is not sound. Nothing is left behind then.
        DatabaseUnreachable, DiskFull: as everywhere in the store.
    """
    others = {name: path for name, path in (others or {}).items() if path.is_file()}
    try:
        _assert_room(db, others, target)
        with db.read() as conn:
            least = _counts(conn)
            seal = seals.head(conn)
        with new_folder(target) as folder:
            made_at = datetime.now(UTC)
            rows, seal = _copy_state(db, folder, least, seal, progress)
            for name, path in others.items():
                _copy_other(path, folder / name, progress)
            parts = tuple(digest(folder / name, progress) for name in (STATE, *others))
            manifest = Manifest(
                made_at=made_at,
                version=__version__,
                schema=migrate.HEAD,
                seal=seal,
                rows=rows,
                files=parts,
                scheduled=scheduled,
            )
            manifest.write(folder)
    except FileExistsError as error:
        raise BackupFailed(f"{target} is there already.", "Choose another name; nothing is overwritten.") from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BackupFailed(f"There is no room left for {target}.", _FULL) from error
        raise BackupFailed(
            f"{target} cannot be written: {error.strerror}.", "Choose a folder that exists and can be written to."
        ) from error
    size = sum(part.bytes for part in parts)
    return BackupReport(path=target, bytes=size, files=tuple(part.name for part in parts), rows=rows, seal=seal)


def _assert_room(db: Database, others: Mapping[str, Path], target: Path) -> None:
    """Before anything is written: a backup that fills the disk would stop the bot."""
    needed = int((db.size() + sum(path.stat().st_size for path in others.values())) * ROOM)
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise BackupFailed(
            f"There is no room for a backup in {target.parent}: it takes {_mb(needed)}, {_mb(free)} are free.", _FULL
        )


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _copy_state(
    db: Database, folder: Path, least: dict[str, int], seal: str | None, progress: Progress
) -> tuple[dict[str, int], str | None]:
    copy = folder / STATE
    copy.touch(mode=0o600)
    db.copy_to(copy, lambda done, total: progress(STATE, done, total))
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
    _assert_sound(problems)
    return rows, ends_with


def _copy_other(source: Path, copy: Path, progress: Progress) -> None:
    copy.touch(mode=0o600)
    copy_file(source, copy, lambda done, total: progress(copy.name, done, total))
    _assert_sound([f"{copy.name}: {problem}" for problem in file_integrity(copy)])


def _assert_sound(problems: list[str]) -> None:
    if problems:
        raise BackupFailed(
            f"The copy is not sound: {'; '.join(problems[:5])}.",
            "Run `portavoz check` and `portavoz audit verify`; if both find nothing, check the disk.",
        )


def _counts(conn: Connection) -> dict[str, int]:
    """Of the tables that lose no rows, so that a later count is never smaller."""
    return {
        name: conn.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar_one()
        for name in tables.NO_DELETE
    }
