"""kill -9 in the middle of `backup` and of `restore`: never half a backup, never half a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main  # noqa: F401 -- compiled before processes are counted in steps
from bot.store import seals
from bot.store.backup import backup
from bot.store.engine import Database
from bot.store.migrate import assert_ready
from bot.store.restore import complete
from tests.crash.steps import IN, STEP
from tests.e2e.process import ROOT, environment
from tests.support.db import fresh_database
from tests.support.record import NOW, Record, full_ticket

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def run(data: Path, step: int, *words: str) -> int:
    """The exit code of a command that is killed at a step: -9, unless it had ended before."""
    environ = environment({STEP: str(step), IN: str(data)})
    command = [sys.executable, "-m", "tests.crash.steps", "--data", str(data), *words, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode in {-9, 0}, done.stderr[-2000:]
    return done.returncode


def tickets(path: Path) -> int:
    """How many there are, in a database that is whole."""
    db = Database.at(path, read_only=True)
    try:
        assert db.integrity() == []
        assert_ready(db)
        with db.read() as conn:
            return int(conn.exec_driver_sql("SELECT count(*) FROM tickets").scalar_one())
    finally:
        db.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A database with one ticket, and beside it a backup of it."""
    (tmp_path / "data").mkdir()
    db = fresh_database(tmp_path / "data" / "portavoz.db")
    with db.begin() as conn:
        full_ticket(Record(conn))
        seals.seal(conn, NOW)
    backup(db, tmp_path / "backup")
    db.close()
    return tmp_path / "data"


def test_a_backup_that_is_killed_is_none_and_the_next_one_clears_up(data: Path) -> None:
    folder = data / "backups"
    killed = 0
    for step in (6, 10, 14, 18, 22, 26, 30, 40):
        before = {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.exists() else set()
        if run(data, step, "backup") == 0:
            break
        killed += 1
        after = {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.exists() else set()
        for name in after - before:
            assert json.loads((folder / name / "manifest.json").read_text())["rows"]["tickets"] == 1
            assert tickets(folder / name / "portavoz.db") == 1
    assert killed >= 3
    assert run(data, 10_000, "backup") == 0
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    assert tickets(data / "portavoz.db") == 1


def test_a_restore_that_is_killed_is_finished_or_was_not_begun(data: Path) -> None:
    source = data.parent / "backup"
    results = set()
    killed = 0
    for step in range(4, 60, 5):
        _empty(data / "portavoz.db")
        code = run(data, step, "restore", str(source), "--replace")
        killed += code == -9
        complete(data)
        results.add(tickets(data / "portavoz.db"))
        left = {path.name for path in data.iterdir() if not path.name.startswith("replaced-")}
        assert left <= {"portavoz.db", "portavoz.lock"}, left
        aside = sorted(data.glob("replaced-*/portavoz.db"))
        assert all(tickets(path) in {0, 1} for path in aside)
        if code == 0:
            break
    assert killed >= 3
    assert results == {0, 1}


def _empty(path: Path) -> None:
    """A database with nothing in it, in the place of whatever is there."""
    path.unlink(missing_ok=True)
    fresh_database(path).close()
