"""Where things lie as the settings say: the database, files that adapters keep, backups."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from bot.adapters import configured
from bot.engine.backups import Plan
from bot.settings import Settings
from bot.store.engine import Database
from bot.store.errors import NotReady
from bot.store.manifest import STATE
from bot.store.migrate import assert_ready, migrate
from bot.store.restore import is_half_done


def database_of(settings: Settings) -> Database:
    """The configured database, whatever is in it. Raises DatabaseUnreachable, or NotReady amid a restore."""
    if settings.postgres is None and is_half_done(settings.data):
        remedy = "Wait for it; if it was broken off, start the bot, which carries it to its end."
        raise NotReady("A restore is under way.", remedy)
    return Database.open(settings.postgres) if settings.postgres else Database.at(settings.database.resolve())


def open_database(settings: Settings, *, upgrade: bool) -> Database:
    """The database, at the schema of this version. Raises DatabaseUnreachable or NotReady.

    With `upgrade` an older embedded database is backed up and brought up to date first.
    """
    database = database_of(settings)
    if upgrade:
        migrate(database, backup_dir=backup_folder(settings))
    assert_ready(database)
    return database


def own_files(settings: Settings) -> dict[str, Path]:
    """The files of their own that adapters keep in the data folder, by the names that a backup knows them by."""
    found: dict[str, Path] = {}
    for entry in settings.networks:
        module, config = configured(settings, "networks", entry)
        if hasattr(module, "files"):
            paths: list[Path] = module.files(config, data=settings.data)
            found |= {path.name: path for path in paths}
    return found


def place_of(settings: Settings, name: str) -> Path:
    """Where a file of a backup belongs."""
    return settings.database.resolve() if name == STATE else settings.data.resolve() / name


def backup_folder(settings: Settings) -> Path:
    """Where backups go when no other place is named."""
    return settings.backup.folder or settings.data / "backups"


def backup_plan(settings: Settings) -> Plan | None:
    """The backups that the bot makes by itself, if any."""
    chosen = settings.backup
    if chosen.period is None or settings.postgres is not None:
        return None
    return Plan(
        every=chosen.period,
        at=time.fromisoformat(chosen.at) if chosen.at else None,
        tz=settings.tz,
        keep=chosen.keep,
        folder=backup_folder(settings),
        others=own_files(settings),
    )
