"""Connections and transactions: durable, exclusive for writers, a snapshot for readers, clear when they fail."""

import multiprocessing
import os
import sqlite3
import stat
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from bot.store import engine_sqlite, tables
from bot.store.engine import Database
from bot.store.engine_sqlite import SqliteDatabase
from bot.store.errors import DatabaseUnreachable, DiskFull
from tests.support.db import fresh_database, migrated_database, on_sqlite

COUNTER = tables.counters.c


def pragma(conn: object, name: str) -> object:
    return conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()  # type: ignore[attr-defined]


def add_one(db: Database) -> None:
    with db.begin() as conn:
        value = conn.execute(select(COUNTER.next).where(COUNTER.name == "n")).scalar_one()
        time.sleep(0.001)
        conn.execute(tables.counters.update().where(COUNTER.name == "n").values(next=value + 1))


def address(db: Database) -> str:
    return db._writer.url.render_as_string(hide_password=False).replace("+psycopg", "")


def add_many(url: str, times: int) -> None:
    db = Database.open(url)
    for _ in range(times):
        add_one(db)
    db.close()


def add_ten(db: Database) -> None:
    for _ in range(10):
        add_one(db)


def counted(db: Database) -> int:
    with db.read() as conn:
        value: int = conn.execute(select(COUNTER.next).where(COUNTER.name == "n")).scalar_one()
        return value


@pytest.fixture
def counter(db: Database) -> Database:
    with db.begin() as conn:
        conn.execute(tables.counters.insert().values(name="n", next=0))
    return db


@on_sqlite
def test_a_writer_survives_power_loss_and_keeps_references(db: Database) -> None:
    with db.begin() as conn:
        assert pragma(conn, "journal_mode") == "wal"
        assert pragma(conn, "synchronous") == 2  # FULL
        assert pragma(conn, "foreign_keys") == 1
        assert pragma(conn, "busy_timeout") == 15_000
        assert pragma(conn, "recursive_triggers") == 1
        assert pragma(conn, "secure_delete") == 1
        assert pragma(conn, "temp_store") == 2  # memory
        assert pragma(conn, "query_only") == 0
    with db.read() as conn:
        assert pragma(conn, "trusted_schema") == 0


def test_a_reader_cannot_write_and_says_why(counter: Database) -> None:
    with (
        pytest.raises(DatabaseUnreachable, match=r"cannot be written|only can be read") as caught,
        counter.read() as conn,
    ):
        conn.execute(tables.counters.update().values(next=7))
    assert caught.value.remedy
    assert counted(counter) == 0


def test_a_reader_sees_one_moment_only(counter: Database) -> None:
    with counter.read() as conn:
        before = conn.execute(select(COUNTER.next)).scalar_one()
        add_one(counter)
        assert conn.execute(select(COUNTER.next)).scalar_one() == before
    assert counted(counter) == before + 1


def test_what_is_raised_inside_rolls_everything_back(counter: Database) -> None:
    def change_and_fail() -> None:
        with counter.begin() as conn:
            conn.execute(tables.counters.update().values(next=99))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert counted(counter) == 0


def test_a_broken_reference_is_refused_as_such(db: Database) -> None:
    with pytest.raises(IntegrityError), db.begin() as conn:
        conn.execute(tables.identities.insert().values(chat="desk", native_id="1", person="nobody"))


def test_threads_lose_no_update(counter: Database) -> None:
    threads = [threading.Thread(target=add_ten, args=(counter,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(counter) == 80


def test_processes_lose_no_update(counter: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    others = [spawn.Process(target=add_many, args=(address(counter), 20)) for _ in range(2)]
    for other in others:
        other.start()
    for _ in range(20):
        add_one(counter)
    for other in others:
        other.join(60)
    assert [other.exitcode for other in others] == [0, 0]
    assert counted(counter) == 60


def test_the_file_and_its_side_files_are_for_this_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        db = migrated_database(tmp_path / "new" / "deep" / "portavoz.db")
        add = tables.counters.insert().values(name="n", next=0)
        with db.begin() as conn:
            conn.execute(add)
        files = list((tmp_path / "new" / "deep").iterdir())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
        db.close()
    finally:
        os.umask(before)
    assert modes == {"portavoz.db": 0o600, "portavoz.db-wal": 0o600, "portavoz.db-shm": 0o600}


@pytest.mark.parametrize("name", ["with space.db", "què?#.db", "100%25.db", "a&b=c;d.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    db = fresh_database(tmp_path / name)
    db.close()
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret-word@127.0.0.1/x",
        "postgresql://u:secret-word/@127.0.0.1/x",
        "sqlite://",
        "sqlite:///:memory:",
        "",
        "nonsense",
        "mysql://h/x",
    ],
)
def test_other_addresses_are_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        Database.open(url)
    assert "sqlite:////" in caught.value.remedy
    assert "secret-word" not in str(caught.value)


def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("This is a letter to my aunt, and no database at all. " * 50)
    db = Database.at(path)
    with pytest.raises(DatabaseUnreachable, match="is not a database") as caught, db.read():
        pass
    db.close()
    assert str(path) in str(caught.value)


def test_a_damaged_file_is_named_as_such(tmp_path: Path) -> None:
    fresh_database(tmp_path / "portavoz.db").close()
    path = tmp_path / "portavoz.db"
    raw = bytearray(path.read_bytes())
    raw[100:8000] = b"\xff" * 7900
    path.write_bytes(raw)
    db = Database.at(path)
    with pytest.raises(DatabaseUnreachable, match="is damaged"), db.read() as conn:
        conn.execute(select(tables.counters)).all()
    db.close()


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        Database.at(tmp_path)
    assert caught.value.remedy


@on_sqlite
def test_a_full_disk_is_told_and_nothing_is_half_written(counter: Database) -> None:
    with counter.begin() as conn:
        pages = pragma(conn, "page_count")
        pragma(conn, f"max_page_count={pages}")
    big = [{"owner": "x", "key": str(n), "value": "v" * 5000} for n in range(100)]

    def change_and_fill() -> None:
        with counter.begin() as conn:
            conn.execute(tables.counters.update().values(next=99))
            conn.execute(tables.keep.insert(), big)

    with pytest.raises(DiskFull) as caught:
        change_and_fill()
    assert "space" in caught.value.remedy
    assert counted(counter) == 0


@on_sqlite
def test_a_full_disk_takes_the_whole_transaction_along_and_nobody_is_told_otherwise(counter: Database) -> None:
    """SQLite rolls everything back then, savepoints or not; the one who filled the disk may have caught the error."""
    with counter.begin() as conn:
        pragma(conn, f"max_page_count={pragma(conn, 'page_count')}")

    def fill(conn: Connection) -> None:
        with conn.begin_nested():
            big = [{"owner": "x", "key": str(n), "value": "v" * 5000} for n in range(100)]
            conn.execute(tables.keep.insert(), big)

    def one_after_the_other() -> None:
        with counter.begin() as conn:
            conn.execute(tables.counters.update().values(next=99))
            with pytest.raises(DiskFull):
                fill(conn)
            with pytest.raises(DiskFull), conn.begin_nested():
                conn.execute(tables.counters.insert().values(name="later", next=1))

    with pytest.raises(DiskFull):
        one_after_the_other()
    assert counted(counter) == 0
    with counter.read() as conn:
        assert conn.execute(select(COUNTER.name)).scalars().all() == ["n"]
    add_one(counter)
    assert counted(counter) == 1


@on_sqlite
def test_a_transaction_that_ended_behind_our_back_is_not_taken_for_committed(counter: Database) -> None:
    def lose_it() -> None:
        with counter.begin() as conn:
            conn.execute(tables.counters.update().values(next=99))
            assert conn.connection.driver_connection is not None
            conn.connection.driver_connection.execute("ROLLBACK")

    with pytest.raises(DatabaseUnreachable, match="gave the transaction up"):
        lose_it()
    assert counted(counter) == 0


@on_sqlite
def test_a_lock_held_elsewhere_is_told(counter: SqliteDatabase) -> None:
    with counter.begin() as conn:
        pragma(conn, "busy_timeout=50")
    other = sqlite3.connect(counter.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnreachable, match="locked by another program"), counter.begin():
        pass
    other.execute("ROLLBACK")
    other.close()
    add_one(counter)
    assert counted(counter) == 1


def test_a_writer_in_this_process_that_never_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_sqlite, "BUSY_MS", 20)
    db = fresh_database(tmp_path / "portavoz.db")
    with db.begin(), pytest.raises(DatabaseUnreachable, match="locked"), db.begin():
        pass
    db.close()


def test_two_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    path = tmp_path / "portavoz.db"
    both = [spawn.Process(target=open_and_close, args=(str(path),)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]


def open_and_close(path: str) -> None:
    migrated_database(Path(path)).close()


def test_tidying_takes_old_words_out_of_every_file(tmp_path: Path) -> None:
    path = tmp_path / "portavoz.db"
    db = fresh_database(path)
    secret = "a-word-to-forget-" * 200
    with db.begin() as conn:
        conn.execute(tables.keep.insert().values(owner="x", key="k", value=secret))
    with db.begin() as conn:
        conn.execute(tables.keep.delete())
    assert any(b"a-word-to-forget" in file.read_bytes() for file in tmp_path.iterdir())
    db.tidy()
    assert not any(b"a-word-to-forget" in file.read_bytes() for file in tmp_path.iterdir())
    db.close()


def test_reading_only_leaves_a_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "portavoz.db"
    fresh_database(path).close()
    before = path.read_bytes()
    db = Database.at(path, read_only=True)
    with db.read() as conn:
        assert conn.execute(select(tables.counters)).all() == []
    with pytest.raises(DatabaseUnreachable), db.begin() as conn:
        conn.execute(tables.counters.insert().values(name="n", next=0))
    db.close()
    assert path.read_bytes() == before
