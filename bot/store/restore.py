"""A backup put back: proved beside the database that it replaces, then swapped in by steps that survive a kill.

Until `restore.json` stands in the data folder nothing has happened; from then on whoever comes next (`complete`)
carries the swap to its end. What was replaced is kept.
"""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.store import migrate
from bot.store.audit import verify
from bot.store.engine import Database
from bot.store.engine_sqlite import file_integrity, set_aside
from bot.store.errors import DatabaseUnreachable, DiskFull, NotReady
from bot.store.files import SIDE_FILES, new_file, sweep, sync
from bot.store.manifest import STATE, BackupTrouble, Manifest, Part, Progress, copied, read, unseen

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

JOURNAL = "restore.json"
_STAGED = ".restoring"
_NOTHING_CHANGED = "Nothing was changed. Take another backup."
ROOM = 1.1


class RestoreRefused(BackupTrouble):
    """Nothing was restored, and nothing was changed. `occupied` says that there is something to be replaced."""

    def __init__(self, problem: str, remedy: str, *, occupied: bool = False) -> None:
        super().__init__(problem, remedy)
        self.occupied = occupied


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What stands in place now. `made_at` is the backup's moment, `aside` the folders with what was replaced."""

    made_at: datetime
    files: tuple[str, ...]
    seal: str | None
    applied: tuple[str, ...]
    aside: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A backup that was looked at: its files by their names in it. Without a manifest there are no `parts`."""

    files: Mapping[str, Path]
    parts: Mapping[str, Part]
    made_at: datetime
    seal: str | None


def restore(
    source: Path,
    place: Callable[[str], Path],
    data: Path,
    *,
    replace: bool,
    finish: Callable[[Connection], None] = lambda _conn: None,
    progress: Progress = unseen,
) -> RestoreReport:
    """Put a backup in the place of what is there. Nobody else may work with the data folder meanwhile.

    Args:
        source: a backup's folder, or a single SQLite file like those that migrations leave.
        place: where the file with this name belongs.
        data: the data folder.
        replace: whether what is there may be replaced.
        finish: what else to do to the bot's database before it counts.
        progress: is told how far it is.

    Raises:
        RestoreRefused: not a backup, not sound, made by a newer release, no room, or something is there already.
    """
    complete(data)
    found = _look(source)
    places = {name: place(name) for name in found.files}
    _assert_free(places, replace=replace)
    staged = {name: path.with_name(f".{path.name}{_STAGED}") for name, path in places.items()}
    try:
        _clear(staged)
        _assert_room(found.files, places)
        for name, file in found.files.items():
            _stage(file, staged[name], found.parts.get(name), progress)
        applied, seal = _proved(staged[STATE], found.seal, finish)
        for name, path in staged.items():
            _assert_sound(name, path)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = {name: path.parent / f"replaced-{stamp}" for name, path in places.items()}
        _assert_closed(places)
        _write(data, [(staged[name], places[name], aside[name]) for name in places])
    except OSError as error:
        _clear(staged)
        raise (
            _no_room(places)
            if error.errno in {errno.ENOSPC, errno.EDQUOT}
            else RestoreRefused(f"{error.filename or source} cannot be used: {error.strerror}.", _NOTHING_CHANGED)
        ) from error
    except DiskFull as error:
        _clear(staged)
        raise _no_room(places) from error
    except BaseException:
        _clear(staged)
        raise
    complete(data)
    kept = tuple(sorted({folder for folder in aside.values() if folder.is_dir()}))
    return RestoreReport(made_at=found.made_at, files=tuple(places), seal=seal, applied=tuple(applied), aside=kept)


# --- the swap -------------------------------------------------------------------------------------------------------


def is_half_done(data: Path) -> bool:
    """Whether a restore was broken off in the middle of the swap, or is just there."""
    return (data / JOURNAL).is_file()


def complete(data: Path) -> bool:
    """Carry a swap that was begun to its end, or clear away what never came to one; whether there was one.

    Nobody else may work with the data folder meanwhile. Raises OSError.
    """
    journal = data / JOURNAL
    sweep(data, (JOURNAL,))
    try:
        steps = json.loads(journal.read_bytes())
    except FileNotFoundError:
        for left in data.glob(f".*{_STAGED}*"):
            left.unlink(missing_ok=True)
        return False
    for staged, place, aside in steps:
        _swap(type(data)(staged), type(data)(place), type(data)(aside))
    journal.unlink()
    sync(data)
    return True


def _swap(staged: Path, place: Path, aside: Path) -> None:
    """As long as the staged file is there, what stands in its place is the old one."""
    if not staged.exists():
        return
    # The file itself goes last: what its log holds must not be left without it.
    for side in reversed(SIDE_FILES):
        old = place.with_name(place.name + side)
        if old.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            old.replace(aside / old.name)
    if aside.is_dir():
        sync(aside)
    staged.replace(place)
    sync(place.parent)


def _write(data: Path, steps: list[tuple[Path, Path, Path]]) -> None:
    """From the moment that this file has its name the swap will be done."""
    for folder in {place.parent for _, place, _ in steps}:
        sync(folder)
    with new_file(data / JOURNAL) as part:
        part.write_text(json.dumps([[str(path.absolute()) for path in step] for step in steps]) + "\n", "utf-8")


# --- what has to hold before ----------------------------------------------------------------------------------------


def _look(source: Path) -> _Source:
    if source.is_dir():
        manifest: Manifest = read(source)
        parts = {part.name: part for part in manifest.files}
        files = {name: source / name for name in parts}
        missing = [name for name, path in files.items() if not path.is_file() or path.is_symlink()]
        if missing:
            raise RestoreRefused(f"Files of this backup are missing: {', '.join(missing)}.", _NOTHING_CHANGED)
        return _Source(files=files, parts=parts, made_at=manifest.made_at, seal=manifest.seal)
    if source.name == "manifest.json":
        return _look(source.parent)
    if not source.is_file():
        raise RestoreRefused(f"{source} is not there.", "Name the folder of a backup.")
    made_at = datetime.fromtimestamp(source.stat().st_mtime, UTC)
    return _Source(files={STATE: source}, parts={}, made_at=made_at, seal=None)


def _assert_free(places: Mapping[str, Path], *, replace: bool) -> None:
    taken = [str(path) for path in places.values() if path.exists() and path.stat().st_size > 0]
    if taken and not replace:
        raise RestoreRefused(
            f"Something is there already: {', '.join(taken)}.",
            "Say `--replace` to put the backup in its place; what is there now is kept in a folder beside it.",
            occupied=True,
        )


def _assert_room(files: Mapping[str, Path], places: Mapping[str, Path]) -> None:
    needed = int(sum(path.stat().st_size for path in files.values()) * ROOM)
    if any(shutil.disk_usage(path.parent).free < needed for path in places.values()):
        raise _no_room(places)


def _no_room(places: Mapping[str, Path]) -> RestoreRefused:
    where = ", ".join(sorted({str(path.parent) for path in places.values()}))
    return RestoreRefused(f"There is not enough room in {where}.", "Nothing was changed. Make room, then try again.")


def _stage(file: Path, staged: Path, part: Part | None, progress: Progress) -> None:
    found = copied(file, staged, progress)
    if part is not None and (found.bytes, found.sha256) != (part.bytes, part.sha256):
        raise RestoreRefused(f"{file} is not what the backup says that it is.", _NOTHING_CHANGED)


def _proved(staged: Path, seal: str | None, finish: Callable[[Connection], None]) -> tuple[list[str], str | None]:
    """The bot's database in order, brought to this release's schema; the revisions applied, and its newest seal."""
    try:
        made = Database.at(staged)
        try:
            _refuse_if("The backup is damaged", made.integrity())
            applied = _brought_up(made)
            with made.read() as conn:
                report = verify(conn, expect=seal)
            _refuse_if("The backup's record is not sound", report.problems)
            with made.begin() as conn:
                finish(conn)
        finally:
            made.close()
        made.stand_alone()
    except NotReady as error:
        raise RestoreRefused(f"The backup cannot be used. {error.problem}", error.remedy) from error
    except DiskFull:
        raise
    except DatabaseUnreachable as error:
        raise RestoreRefused(f"The backup cannot be used: {error.problem}.", _NOTHING_CHANGED) from error
    return applied, report.head


def _refuse_if(what: str, problems: list[str]) -> None:
    if problems:
        raise RestoreRefused(f"{what}: {problems[0]}.", _NOTHING_CHANGED)


def _brought_up(made: Database) -> list[str]:
    """An older release's schema becomes ours; one of ours must be whole as it is."""
    applied: list[str] = []
    revision = migrate.current(made)
    if revision not in {None, migrate.HEAD}:
        applied = migrate.migrate(made, backup_dir=None)
    migrate.assert_ready(made)
    return applied


def _assert_sound(name: str, path: Path) -> None:
    if name != STATE:
        _refuse_if(f"{name} is damaged", file_integrity(path))
    sync(path)


def _assert_closed(places: Mapping[str, Path]) -> None:
    for path in places.values():
        if path.is_file() and not set_aside(path):
            raise RestoreRefused(f"Another program has {path} open.", "Nothing was changed. Close it, then try again.")


def _clear(staged: Mapping[str, Path]) -> None:
    for path in staged.values():
        for side in SIDE_FILES:
            path.with_name(path.name + side).unlink(missing_ok=True)
