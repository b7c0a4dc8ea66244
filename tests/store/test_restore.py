"""A backup is put back only when it is whole, and what it replaces is kept."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, insert

from bot.store import migrate, seals
from bot.store import restore as restores
from bot.store import tables as t
from bot.store.backup import backup
from bot.store.engine import Database
from bot.store.manifest import BackupTrouble
from bot.store.migrate import assert_ready
from bot.store.restore import JOURNAL, RestoreRefused, RestoreReport, complete, is_half_done, restore
from tests.support.db import fresh_database
from tests.support.record import NOW, Record, full_ticket


def wall(path: Path, *words: str) -> Path:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("CREATE TABLE IF NOT EXISTS said (words)")
        raw.executemany("INSERT INTO said VALUES (?)", [(word,) for word in words])
    return path


def said(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return [word for (word,) in raw.execute("SELECT words FROM said ORDER BY rowid")]


def contents(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("SELECT count(*) FROM contents").fetchone()[0])


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A backup with a full ticket and one comment on the wall."""
    home = tmp_path / "home"
    home.mkdir()
    db = fresh_database(home / "portavoz.db")
    with db.begin() as conn:
        full_ticket(Record(conn))
        seals.seal(conn, NOW)
    backup(db, tmp_path / "backup", others={"wall.db": wall(home / "wall.db", "one")})
    db.close()
    shutil.rmtree(home)
    return tmp_path / "backup"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def put_back(source: Path, data: Path, *, replace: bool = False, **more: Callable[[Connection], None]) -> RestoreReport:
    return restore(source, lambda name: data / name, data, replace=replace, **more)  # type: ignore[arg-type]


def in_use(data: Path) -> None:
    """A database and a wall that hold something else."""
    db = fresh_database(data / "portavoz.db")
    with db.begin() as conn:
        conn.execute(insert(t.counters).values(name="theirs", next=1))
    db.close()
    wall(data / "wall.db", "later")


def test_a_backup_restored_into_nothing_is_what_it_was(made: Path, data: Path) -> None:
    report = put_back(made, data)
    assert (report.files, report.aside) == (("portavoz.db", "wall.db"), ())
    assert sorted(path.name for path in data.iterdir()) == ["portavoz.db", "wall.db"]
    assert said(data / "wall.db") == ["one"]
    db = Database.at(data / "portavoz.db")
    assert_ready(db)
    with db.read() as conn:
        assert seals.head(conn) == report.seal
    db.close()


def test_what_is_there_is_replaced_only_when_told_and_kept_whole(made: Path, data: Path) -> None:
    in_use(data)
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    with pytest.raises(RestoreRefused, match="there already") as caught:
        put_back(made, data)
    assert caught.value.occupied
    assert "--replace" in caught.value.remedy
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before
    report = put_back(made, data, replace=True)
    (aside,) = report.aside
    assert (said(aside / "wall.db"), said(data / "wall.db")) == (["later"], ["one"])
    assert (contents(aside / "portavoz.db"), contents(data / "portavoz.db")) == (0, 4)


def test_an_empty_file_is_nothing_to_be_replaced(made: Path, data: Path) -> None:
    (data / "portavoz.db").touch()
    put_back(made, data)
    assert contents(data / "portavoz.db") == 4


def test_a_file_that_the_backup_does_not_hold_stays(made: Path, data: Path) -> None:
    wall(data / "other.db", "mine")
    put_back(made, data)
    assert said(data / "other.db") == ["mine"]


def test_a_single_file_is_a_backup_too(made: Path, data: Path) -> None:
    """Such as migrations leave."""
    assert put_back(made / "portavoz.db", data).files == ("portavoz.db",)
    assert contents(data / "portavoz.db") == 4


def test_what_is_to_be_done_before_it_counts_is_done(made: Path, data: Path) -> None:
    def finish(conn: Connection) -> None:
        conn.execute(insert(t.counters).values(name="done", next=7))

    put_back(made, data, finish=finish)
    with closing(sqlite3.connect(data / "portavoz.db")) as raw:
        assert raw.execute("SELECT next FROM counters WHERE name = 'done'").fetchone() == (7,)


def test_an_older_schema_is_brought_up_on_the_way(made: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest release's first revision stands in for an older one."""
    brought: list[str] = []

    def bring(db: Database, *, backup_dir: Path | None) -> list[str]:
        brought.append(str(backup_dir))
        with db.begin() as conn:
            conn.exec_driver_sql("UPDATE portavoz_schema SET version_num = '0001'")
        return ["0001"]

    with closing(sqlite3.connect(made / "portavoz.db", isolation_level=None)) as raw:
        raw.execute("UPDATE portavoz_schema SET version_num = '0000'")
    monkeypatch.setattr(migrate, "revisions", lambda: ["0000", "0001"])
    monkeypatch.setattr(migrate, "migrate", bring)
    assert put_back(made / "portavoz.db", data).applied == ("0001",)
    assert brought == ["None"]


# --- what is refused ------------------------------------------------------------------------------------------------


def damage(path: Path, offset: int = 30_000) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\0garbage\0" * 500)


def sql(script: str) -> Callable[[Path], None]:
    def run(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "portavoz.db", isolation_level=None)) as raw:
            raw.executescript(script)

    return run


def manifest(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / "manifest.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | changes))

    return change


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: damage(folder / "portavoz.db"), "is not what the backup says"),
        (lambda folder: damage(folder / "wall.db", 5000), "is not what the backup says"),
        (lambda folder: (folder / "wall.db").unlink(), "missing: wall.db"),
        (lambda folder: (folder / "manifest.json").unlink(), "no backup"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
        (manifest(format=2), "another kind"),
        (manifest(files=[]), "does not make sense"),
        (manifest(files=[{"name": "../portavoz.db", "bytes": 1, "sha256": "0" * 64}]), "does not make sense"),
        (manifest(made_at="yesterday"), "does not make sense"),
        (manifest(seal="f" * 64), "the end of the log was cut off"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(
    made: Path, data: Path, spoil: Callable[[Path], None], told: str
) -> None:
    in_use(data)
    spoil(made)
    with pytest.raises(BackupTrouble, match=told) as caught:
        put_back(made, data, replace=True)
    assert caught.value.remedy
    assert sorted(path.name for path in data.iterdir()) == ["portavoz.db", "wall.db"]
    assert (contents(data / "portavoz.db"), said(data / "wall.db")) == (0, ["later"])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: damage(folder / "portavoz.db"), "damaged|cannot be used"),
        (lambda folder: (folder / "portavoz.db").write_text("no database" * 1000), "is not a database"),
        (lambda folder: (folder / "portavoz.db").write_bytes(b""), "empty"),
        (sql("DROP TRIGGER decisions_keep"), "decisions_keep"),
        (sql("DROP TRIGGER events_fixed; UPDATE events SET actor = 'eve' WHERE seq = 1"), "triggers are missing"),
        (sql("UPDATE portavoz_schema SET version_num = '9999'"), "a newer release wrote it"),
        (sql("CREATE TABLE theirs (x)"), "not ours"),
    ],
)
def test_a_single_file_that_is_not_sound_changes_nothing(
    made: Path, data: Path, spoil: Callable[[Path], None], told: str
) -> None:
    in_use(data)
    spoil(made)
    with pytest.raises(RestoreRefused, match=told):
        put_back(made / "portavoz.db", data, replace=True)
    assert sorted(path.name for path in data.iterdir()) == ["portavoz.db", "wall.db"]
    assert contents(data / "portavoz.db") == 0


def test_a_record_that_was_tampered_with_is_refused_even_with_its_triggers(made: Path, data: Path) -> None:
    with closing(sqlite3.connect(made / "portavoz.db", isolation_level=None)) as raw:
        (ddl,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'events_fixed'").fetchone()
        raw.executescript("DROP TRIGGER events_fixed; UPDATE events SET actor = 'eve' WHERE seq = 1")
        raw.execute(ddl)
    with pytest.raises(RestoreRefused, match="seal 1"):
        put_back(made / "portavoz.db", data)


def test_a_link_in_a_backup_is_not_followed(made: Path, data: Path) -> None:
    (made / "wall.db").rename(made.parent / "elsewhere.db")
    (made / "wall.db").symlink_to(made.parent / "elsewhere.db")
    with pytest.raises(RestoreRefused, match=r"missing: wall\.db"):
        put_back(made, data)


def test_a_disk_without_room_is_told_before_anything_is_written(
    made: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1000))
    with pytest.raises(RestoreRefused, match="not enough room"):
        put_back(made, data)
    assert not list(data.iterdir())


def test_a_database_that_somebody_else_has_open_is_left_alone(made: Path, data: Path) -> None:
    in_use(data)
    with closing(sqlite3.connect(data / "portavoz.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM counters").fetchall()
        with pytest.raises(RestoreRefused, match=r"has .* open"):
            put_back(made, data, replace=True)
    assert contents(data / "portavoz.db") == 0


def test_a_damaged_database_can_be_replaced(made: Path, data: Path) -> None:
    """That is when one needs it most."""
    in_use(data)
    damage(data / "portavoz.db", 0)
    report = put_back(made, data, replace=True)
    assert contents(data / "portavoz.db") == 4
    assert (report.aside[0] / "portavoz.db").read_bytes().startswith(b"\0garbage")


# --- what is broken off ---------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing of ours runs after it, as after a SIGKILL."""


@pytest.mark.parametrize("step", range(8))
def test_a_restore_that_is_killed_at_any_step_is_all_or_nothing(
    made: Path, data: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at the nth change to a name; then somebody completes it, as a start does."""
    in_use(data)
    left = [step]

    def dying(function: Callable[..., object]) -> Callable[..., object]:
        def act(*args: object) -> object:
            if left[0] == 0:
                monkeypatch.undo()
                # What would clear up is not run, either.
                monkeypatch.setattr(restores, "_clear", lambda _staged: None)
                raise Killed
            left[0] -= 1
            return function(*args)

        return act

    monkeypatch.setattr(Path, "replace", dying(Path.replace))
    monkeypatch.setattr(Path, "hardlink_to", dying(Path.hardlink_to))
    finished = False
    try:
        put_back(made, data, replace=True)
        finished = True
    except Killed:
        pass
    monkeypatch.undo()
    begun = is_half_done(data)
    assert complete(data) is begun
    assert not complete(data)
    restored = finished or begun
    assert (contents(data / "portavoz.db"), said(data / "wall.db")) == ((4, ["one"]) if restored else (0, ["later"]))
    names = {path.name for path in data.iterdir() if not path.name.startswith("replaced-")}
    assert names == {"portavoz.db", "wall.db"}
    assert (JOURNAL in names) is False
    if restored:
        (aside,) = data.glob("replaced-*")
        assert (contents(aside / "portavoz.db"), said(aside / "wall.db")) == (0, ["later"])
    assert finished is (step >= 5)
