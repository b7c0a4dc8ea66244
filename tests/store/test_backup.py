"""A backup is whole, checked, private, and never in anybody's way."""

import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.store import backup as backups
from bot.store import seals
from bot.store import tables as t
from bot.store.backup import BackupFailed, backup
from bot.store.engine import Database
from bot.store.migrate import assert_ready
from tests.support.db import on_sqlite
from tests.support.record import NOW, Record, full_ticket


@pytest.fixture
def filled(db: Database) -> Database:
    with db.begin() as conn:
        full_ticket(Record(conn))
        seals.seal(conn, NOW)
    return db


def test_a_backup_is_a_database_with_everything_in_it(filled: Database, tmp_path: Path) -> None:
    report = backup(filled, tmp_path / "copy.db")
    assert report.rows["contents"] == 4
    assert report.bytes == (tmp_path / "copy.db").stat().st_size
    copy = Database.at(tmp_path / "copy.db")
    assert_ready(copy)
    with copy.read() as saved, filled.read() as conn:
        assert seals.head(saved) == seals.head(conn) == report.seal
        for table in t.metadata.sorted_tables:
            assert saved.execute(select(table)).all() == conn.execute(select(table)).all()
    copy.close()


def test_a_backup_is_one_private_file(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(filled, folder / "copy.db")
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600


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
        reports = [backup(filled, tmp_path / f"copy-{n}.db") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    before = 0
    for report in reports:
        copy = Database.at(report.path, read_only=True)
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
    target = tmp_path / "copy.db"
    check = backups._check

    def slow_check(*args: object) -> object:
        target.write_text("somebody was faster")
        return check(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(backups, "_check", slow_check)
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


def test_a_file_system_without_hard_links_will_do(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    report = backup(filled, tmp_path / "copy.db")
    assert report.bytes == (tmp_path / "copy.db").stat().st_size
    (tmp_path / "there.db").write_text("precious")
    with pytest.raises(BackupFailed):
        backup(filled, tmp_path / "there.db")
