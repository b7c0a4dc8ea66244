"""A backup is whole, checked, private, and never in anybody's way."""

import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from bot.store import backup as backups
from bot.store import seals
from bot.store import tables as t
from bot.store.backup import BackupFailed, backup
from bot.store.engine import Database
from bot.store.errors import DatabaseUnreachable
from bot.store.files import new_file, new_folder, sweep
from bot.store.manifest import digest, read
from bot.store.migrate import HEAD, assert_ready
from tests.support.db import on_sqlite
from tests.support.record import NOW, Record, full_ticket


@pytest.fixture
def filled(db: Database) -> Database:
    with db.begin() as conn:
        full_ticket(Record(conn))
        seals.seal(conn, NOW)
    return db


def test_a_backup_is_a_database_with_everything_in_it(filled: Database, tmp_path: Path) -> None:
    report = backup(filled, tmp_path / "copy")
    assert report.rows["contents"] == 4
    assert report.bytes == (tmp_path / "copy" / "portavoz.db").stat().st_size
    copy = Database.at(tmp_path / "copy" / "portavoz.db")
    assert_ready(copy)
    with copy.read() as saved, filled.read() as conn:
        assert seals.head(saved) == seals.head(conn) == report.seal
        for table in t.metadata.sorted_tables:
            if table is not t.search:  # a copy of a server has it made anew, from the record
                assert saved.execute(select(table)).all() == conn.execute(select(table)).all()
    copy.close()


def test_a_backup_is_one_private_folder_with_a_manifest(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    report = backup(filled, folder / "copy")
    assert [path.name for path in folder.iterdir()] == ["copy"]
    assert stat.S_IMODE((folder / "copy").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "copy" / "portavoz.db").stat().st_mode) == 0o600
    manifest = read(folder / "copy")
    assert sorted(path.name for path in (folder / "copy").iterdir()) == ["manifest.json", "portavoz.db"]
    assert (manifest.seal, manifest.rows, manifest.schema) == (report.seal, report.rows, HEAD)
    assert manifest.files == (digest(folder / "copy" / "portavoz.db"),)


def test_files_of_adapters_are_copied_while_they_are_in_use_and_left_out_when_they_are_not_there(
    filled: Database, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "wall.db", isolation_level=None)) as wall:
        wall.execute("PRAGMA journal_mode=WAL")
        wall.execute("CREATE TABLE said (words)")
        wall.execute("INSERT INTO said VALUES ('in the log only')")
        others = {"wall.db": tmp_path / "wall.db", "gone.db": tmp_path / "gone.db"}
        report = backup(filled, tmp_path / "copy", others=others)
    assert report.files == ("portavoz.db", "wall.db")
    with closing(sqlite3.connect(tmp_path / "copy" / "wall.db")) as copy:
        assert copy.execute("SELECT words FROM said").fetchall() == [("in the log only",)]


def test_a_file_of_an_adapter_that_is_damaged_is_told(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "wall.db").write_bytes(b"no database at all, but long enough to be read as one" * 100)
    with pytest.raises((BackupFailed, DatabaseUnreachable), match="wall"):
        backup(filled, tmp_path / "copy", others={"wall.db": tmp_path / "wall.db"})
    assert not (tmp_path / "copy").exists()
    assert not list(tmp_path.glob(".copy*"))


def test_progress_is_told_and_may_break_the_backup_off(filled: Database, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    backup(filled, tmp_path / "one", progress=lambda *step: seen.append(step))
    assert {what for what, _, _ in seen} == {"portavoz.db"}
    assert seen[-1][1] == seen[-1][2] > 0

    class Enough(Exception):
        pass

    def stop(*_: object) -> None:
        raise Enough

    with pytest.raises(Enough):
        backup(filled, tmp_path / "two", progress=stop)
    assert not list(tmp_path.glob("*two*"))


def test_a_disk_without_room_for_it_is_told_before_anything_is_written(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=100_000))
    with pytest.raises(BackupFailed, match=r"it takes \d.* MB, 0.1 MB are free"):
        backup(filled, tmp_path / "copy")
    assert not list(tmp_path.glob("*copy*"))


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    """The lock of whoever is at work falls with the process."""
    (tmp_path / ".portavoz-1.abc.part").mkdir()
    (tmp_path / ".portavoz-1.abc.part" / "portavoz.db").write_text("half")
    (tmp_path / ".before-migration-0001.x.part").write_text("half")
    (tmp_path / ".mine.part").write_text("somebody's own")
    (tmp_path / "portavoz-2").mkdir()
    with new_folder(tmp_path / "portavoz-3"):
        swept = sweep(tmp_path, ("portavoz-", "before-migration-"))
    assert sorted(path.name for path in swept) == [".before-migration-0001.x.part", ".portavoz-1.abc.part"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mine.part", "portavoz-2", "portavoz-3"]


def test_a_backup_made_while_others_write_is_one_moment(filled: Database, tmp_path: Path) -> None:
    """Each transaction adds one row to each of two tables, so that a torn copy would not add up."""
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            with filled.begin() as conn:
                conn.execute(t.keep.insert().values(owner="x", key=str(written), value="v" * 3000))
                conn.execute(t.counters.insert().values(name=str(written), next=1))
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written < 20:
            stop.wait(0.01)
        reports = [backup(filled, tmp_path / f"copy-{n}") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    before = 0
    for report in reports:
        copy = Database.at(report.path / "portavoz.db", read_only=True)
        with copy.read() as conn:
            kept = conn.execute(select(func.count()).select_from(t.keep)).scalar_one()
            counted = conn.execute(select(func.count()).select_from(t.counters)).scalar_one()
        copy.close()
        assert kept == counted
        assert kept >= max(before, 20)
        before = kept


def test_nothing_is_overwritten(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "there.db").write_text("precious")
    with pytest.raises(BackupFailed, match="there already") as caught:
        backup(filled, tmp_path / "there.db")
    assert caught.value.remedy
    assert (tmp_path / "there.db").read_text() == "precious"


@pytest.mark.parametrize("leads_to", ["elsewhere.db", "/nowhere/at/all.db"])
def test_a_symbolic_link_is_not_followed(filled: Database, tmp_path: Path, leads_to: str) -> None:
    (tmp_path / "link.db").symlink_to(leads_to)
    with pytest.raises(BackupFailed, match="there already"):
        backup(filled, tmp_path / "link.db")
    assert not (tmp_path / "elsewhere.db").exists()
    assert (tmp_path / "link.db").is_symlink()


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy"
    copy_state = backups._copy_state

    def slow_copy(*args: object) -> object:
        target.write_text("somebody was faster")
        return copy_state(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(backups, "_copy_state", slow_copy)
    with pytest.raises(BackupFailed, match="there already"):
        backup(filled, target)
    assert target.read_text() == "somebody was faster"


def test_a_missing_folder_is_told(filled: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="cannot be written") as caught:
        backup(filled, tmp_path / "no" / "such" / "copy.db")
    assert "folder" in caught.value.remedy


@on_sqlite
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DROP TRIGGER decisions_keep", "decisions_keep"),
        ("DROP TRIGGER events_fixed; UPDATE events SET actor = 'eve' WHERE seq = 1", "seal 1"),
        ("DROP TRIGGER contents_keep; PRAGMA foreign_keys=OFF; DELETE FROM contents WHERE id = 1", "missing row"),
    ],
)
def test_a_copy_that_is_not_sound_is_not_kept(filled: Database, tmp_path: Path, damage: str, told: str) -> None:
    with filled._writer.connect() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        raw.executescript(damage)
    with pytest.raises(BackupFailed, match=told):
        backup(filled, tmp_path / "copy.db")
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith("portavoz.db")]


def test_a_folder_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    def slowly() -> None:
        with new_folder(tmp_path / "new"):
            (tmp_path / "new").mkdir()
            (tmp_path / "new" / "precious").touch()

    with pytest.raises(FileExistsError):
        slowly()
    assert (tmp_path / "new" / "precious").exists()
    assert not list(tmp_path.glob(".new*"))


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    with new_file(tmp_path / "new.txt") as part:
        part.write_text("all of it")
    assert (tmp_path / "new.txt").read_text() == "all of it"
    with pytest.raises(FileExistsError), new_file(tmp_path / "new.txt"):
        pass
