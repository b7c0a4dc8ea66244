"""Backups that the bot makes by itself: at their time, checked, and of those that it made the newest few are kept.

Only for the embedded database, which one process has to itself; a server has means of its own.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot import logs
from bot.store import backup_state
from bot.store.backup import BackupReport, backup
from bot.store.backup_state import BackupState
from bot.store.errors import DatabaseTrouble
from bot.store.files import sweep
from bot.store.manifest import BackupTrouble, read

if TYPE_CHECKING:
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader

T = TypeVar("T")
TICK = 20.0
AGAIN = timedelta(minutes=10)
"""How long after a failure it is tried again."""
OURS = ("scheduled-", "portavoz-", "before-migration-")
"""How the names begin of what the bot and `portavoz backup` make in a folder for backups."""
_SCHEDULED = re.compile(r"scheduled-\d{8}T\d{12}")
log = logs.get(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`every` so often, with `at` at that time of day in `tz`; `keep` of them in `folder`.

    `others` are the adapters' own files, by their names in a backup.
    """

    every: timedelta
    at: time | None
    tz: tzinfo
    keep: int
    folder: Path
    others: Mapping[str, Path]


class BrokenOff(Exception):
    """The process ends: the backup is not finished."""


def due(plan: Plan, last: datetime) -> datetime:
    """When the next one is due after one at `last`."""
    if plan.at is None:
        return last + plan.every
    local = last.astimezone(plan.tz)
    day = local.date() if local.time() < plan.at else local.date() + timedelta(days=1)
    day += timedelta(days=max(plan.every.days, 1) - 1)
    return datetime.combine(day, plan.at, plan.tz).astimezone(UTC)


class Backups:
    """Looks every now and then whether one is due."""

    def __init__(self, engine: Engine, reader: StoreReader, plan: Plan | None) -> None:
        self._engine = engine
        self._reader = reader
        self._plan = plan if not engine.database.shared else None
        self._not_before: datetime | None = None

    async def run(self) -> None:
        """Until cancelled; where there are to be none, only that is noted."""
        if self._plan is None:
            now = self._engine.parts.now()
            if await self._reader.ask(lambda conn: backup_state.get(conn, now)):
                await self._engine.writer.run(lambda conn: backup_state.forget(conn, now))
            return
        while True:
            await self.tick(self._plan)
            await asyncio.sleep(TICK)

    async def tick(self, plan: Plan) -> None:
        """Make one if it is due at this moment."""
        now = self._engine.parts.now()
        state = await self._reader.ask(lambda conn: backup_state.get(conn, now))
        known = state or BackupState(since=now, due=now)
        known = replace(known, due=due(plan, known.last))
        if known != state:
            await self._note(known)
        if now >= known.due and (self._not_before is None or now >= self._not_before):
            await self._note(await self._made(plan, known, now))

    async def _made(self, plan: Plan, state: BackupState, now: datetime) -> BackupState:
        target = plan.folder / f"scheduled-{now:%Y%m%dT%H%M%S%f}"
        try:
            report = await _in_thread(lambda broken: self._make(plan, target, broken))
        except (BackupTrouble, DatabaseTrouble) as error:
            log.error("backup.failed", problem=error.problem, remedy=error.remedy)  # noqa: TRY400 -- it is all said
            self._not_before = now + AGAIN
            return replace(state, problem=error.problem)
        log.info("backup.made", path=str(report.path), bytes=report.bytes, seal=report.seal)
        self._not_before = None
        return replace(state, made_at=now, due=due(plan, now), problem=None)

    def _make(self, plan: Plan, target: Path, broken: threading.Event) -> BackupReport:
        def progress(*_: object) -> None:
            if broken.is_set():
                raise BrokenOff

        made_ready(plan.folder)
        report = backup(self._engine.database, target, others=plan.others, scheduled=True, progress=progress)
        for path in prune(plan.folder, plan.keep):
            log.info("backup.pruned", path=str(path))
        return report

    async def _note(self, state: BackupState) -> None:
        """Where the disk is full even that cannot be written; then the light shows that one is overdue."""
        now = self._engine.parts.now()
        try:
            await self._engine.writer.run(lambda conn: backup_state.put(conn, state, now))
        except DatabaseTrouble as error:
            log.warning("backup.not_noted", problem=error.problem)


def made_ready(folder: Path) -> None:
    """See that the folder is there, without what killed processes left in it. Raises BackupTrouble."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(folder, OURS)
    except OSError as error:
        remedy = "Choose a folder that can be written to."
        raise BackupTrouble(f"{folder} cannot be written: {error.strerror}.", remedy) from error


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove the oldest of those that the bot made by itself and that are whole, all but `keep` (at least one)."""
    good: list[tuple[datetime, Path]] = []
    for path in folder.iterdir():
        if _SCHEDULED.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            try:
                manifest = read(path)
            except BackupTrouble:
                continue
            whole = all(_size(path / part.name) == part.bytes for part in manifest.files)
            if manifest.scheduled and whole:
                good.append((manifest.made_at, path))
    old = [path for _, path in sorted(good)[: -max(keep, 1)]]
    for path in old:
        # Whoever is killed in the middle leaves something that nobody takes for a backup.
        fading = path.with_name(f".{path.name}.old.part")
        path.rename(fading)
        shutil.rmtree(fading, ignore_errors=True)
    return old


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


async def _in_thread(job: Callable[[threading.Event], T]) -> T:
    """Run in a thread that does not keep the process from ending; it is told when nobody waits any more."""
    loop, broken = asyncio.get_running_loop(), threading.Event()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type] # None only where T allows it

    def run() -> None:
        result, error = None, None
        try:
            result = job(broken)
        except BaseException as raised:  # noqa: BLE001 (whoever waits is told)
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="backup", daemon=True).start()
    try:
        return await future
    finally:
        broken.set()
