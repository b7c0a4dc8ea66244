"""A database for tests: migrated, with its triggers, in a folder of its own."""

import functools
import os
import tempfile
from pathlib import Path

import pytest

from bot.store.engine import Database
from bot.store.engine_sqlite import SqliteDatabase
from bot.store.migrate import migrate

on_sqlite = pytest.mark.parametrize("db", ["sqlite"], indirect=True)
"""For tests about what only SQLite can do, or what only a file can suffer."""
on_postgres = pytest.mark.parametrize("db", [pytest.param("postgres", marks=pytest.mark.servers)], indirect=True)


def migrated_database(path: Path) -> SqliteDatabase:
    """A new database at `path`, brought there by its migrations."""
    db = Database.at(path)
    migrate(db, backup_dir=None)
    return db


def fresh_database(path: Path) -> SqliteDatabase:
    """The same, copied from one that was migrated once for all tests. Whoever asks for it closes it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_template())
    return Database.at(path)


@functools.cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        migrated_database(path).close()
        return path.read_bytes()
