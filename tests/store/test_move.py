"""Moving from one kind of database into the other: whole, proved, resumable, and refused where it would do harm."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.store import migrate, move, outbox, seals
from bot.store import tables as t
from bot.store.audit import verify
from bot.store.engine import Database
from bot.store.errors import NotReady
from bot.store.export import export
from bot.store.move import MoveFailed
from tests.support.db import fresh_database
from tests.support.postgres import Server
from tests.support.record import NOW, Record, full_ticket


@pytest.fixture
def source(db: Database) -> Database:
    """A database with something in every table."""
    with db.begin() as conn:
        record = Record(conn)
        conn.execute(t.people.insert().values(id="ana", name="Ana Ñandú", role="lead", locale="es", active=True))
        conn.execute(t.identities.insert().values(chat="desk", native_id="1", person="ana", active=True))
        conn.execute(t.switches.insert().values(name="paused", value="why", on=False, by="ana", at=NOW))
        for number in range(7):
            full_ticket(record, f"T{number:03}", author=f"u{number}", text=f"¡Qué mal! {number} 👎 \\ ' \" %s {{}}")
            conn.execute(t.cards.insert().values(ticket=f"T{number:03}", room="desk", shown=1, at=NOW))
        seals.seal(conn, NOW)
        cup = {"url": "https://p.example/cup.png", "kind": "image", "alt": "Qué taza 👎"}
        full_ticket(record, "Z999", author="later", extra={"attachments": [cup], "more_attachments": 2})
        conn.execute(t.counters.insert(), [{"name": "id", "next": 900}, {"name": "ticket", "next": 9}])
        conn.execute(t.cursors.insert().values(account="wall", value="e:7", at=NOW))
        told = {"room": "team", "day": "2026-11-21", "first": "2026-11-20", "days": 1}
        conn.execute(t.digests.insert().values(**told, due_at=NOW, ordered_at=NOW, said_at=NOW))
        conn.execute(t.keep.insert(), [{"owner": "b", "key": k, "value": "v"} for k in ("a", "B", "_", "ä")])
        row = {"id": "network:wall", "part": "network", "type": "wall", "state": "ok", "since": NOW}
        conn.execute(t.accounts.insert().values(row))
        conn.execute(t.leases.insert().values(name="network:wall", owner="somebody", until=NOW))
        orders = [outbox.Order(id=1, type="card", lane="room:desk", once="card:1", due_at=NOW, ticket="Z999")]
        outbox.write_orders(conn, orders, NOW)
        outbox.claim(conn, "somebody", NOW, limit=9, busy_lanes=(), paused=False)
    return db


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres")
        made: Database = Database.open(server.empty())
    else:
        made = Database.at(tmp_path / "target.db")
    with closing(made):
        yield made


def lines(db: Database) -> list[str]:
    with db.read() as conn:
        return list(export(conn, NOW))


def rows_in(db: Database) -> int:
    with db.read() as conn:
        return sum(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in move._tables())


def break_off_after(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a move die once so many rows have gone over."""
    gone = 0
    batch = move._batch

    def counted(*args: object) -> object:
        nonlocal gone
        found = batch(*args)  # type: ignore[arg-type]
        gone += len(found)
        if gone > rows:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(move, "_batch", counted)


def test_everything_goes_over_and_is_the_same_there(source: Database, target: Database) -> None:
    before = lines(source)
    told: dict[str, list[tuple[int, int]]] = {"copying": [], "checking": []}
    report = move.move(source, target, progress=lambda what, *rows: told[what].append(rows))
    migrate.assert_ready(target)
    assert lines(target) == before == lines(source)
    assert report.rows["contents"] == 8 * 4
    assert set(report.rows) == set(t.metadata.tables) - {"leases", "search"}
    assert all(report.rows.values())
    for what, sides in (("copying", 1), ("checking", 2)):
        assert told[what][-1] == (sum(report.rows.values()) * sides,) * 2
        assert told[what] == sorted(told[what])
    with source.read() as here, target.read() as there:
        assert verify(there, expect=report.seal).sound
        assert seals.head(here) == seals.head(there) == report.seal
        assert there.execute(select(t.leases)).all() == []
        assert there.execute(select(t.search.c.place).distinct().order_by("place")).scalars().all() == [
            "message",
            "note",
            "reply",
        ]
        assert there.execute(select(t.outbox.c.lease_owner)).scalars().all() == [None]


def test_the_log_goes_on_where_it_was(source: Database, target: Database) -> None:
    move.move(source, target)
    with target.begin() as conn:
        last = conn.execute(select(t.events.c.seq).order_by(t.events.c.seq.desc()).limit(1)).scalar_one()
        Record(conn).log("Paused")
        seals.seal(conn, NOW)
        report = verify(conn)
    assert report.sound
    assert report.rows == last + 1


@pytest.mark.parametrize("rows", [0, 1, 20, 60, 120, 170])
def test_a_move_that_was_broken_off_goes_on(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(move, "BATCH", 3)
    with monkeypatch.context() as patched:
        break_off_after(rows, patched)
        with pytest.raises(KeyboardInterrupt):
            move.move(source, target)
    with pytest.raises(NotReady, match="half"):
        migrate.assert_ready(target)
    there = rows_in(target)
    assert rows - 3 < there <= rows
    report = move.move(source, target)
    assert report.fresh == sum(report.rows.values()) - there
    migrate.assert_ready(target)
    assert lines(target) == lines(source)


def test_a_move_that_is_done_is_not_done_again(source: Database, target: Database) -> None:
    move.move(source, target)
    with pytest.raises(MoveFailed, match="in use") as caught:
        move.move(source, target)
    assert "Empty the target" in caught.value.remedy
    migrate.assert_ready(target)


def test_half_a_move_is_not_finished_from_another_state(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(move, "BATCH", 3)
    with monkeypatch.context() as patched:
        break_off_after(50, patched)
        with pytest.raises(KeyboardInterrupt):
            move.move(source, target)
    with source.begin() as conn:
        Record(conn).log("Paused")
    with pytest.raises(MoveFailed, match="earlier state"):
        move.move(source, target)


def test_what_changed_without_a_trace_in_the_log_is_found_by_comparing(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(move, "BATCH", 3)
    with monkeypatch.context() as patched:
        break_off_after(170, patched)
        with pytest.raises(KeyboardInterrupt):
            move.move(source, target)
    with source.begin() as conn:
        conn.execute(t.keep.update().values(value="another"))
        conn.execute(t.counters.update().values(next=t.counters.c.next + 1))
        conn.execute(t.people.update().values(name="Ana"))
    with pytest.raises(MoveFailed, match="not equal on both sides"):
        move.move(source, target)
    with pytest.raises(NotReady, match="half"):
        migrate.assert_ready(target)


def test_a_database_of_somebody_else_is_not_written_to(source: Database, target: Database) -> None:
    with target.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(NotReady, match="not ours: invoices"):
        move.move(source, target)


def test_an_unsound_record_is_not_passed_on_as_sound(tmp_path: Path, target: Database) -> None:
    with closing(fresh_database(tmp_path / "unsound.db")) as db:
        with db.begin() as conn:
            full_ticket(Record(conn))
            seals.seal(conn, NOW)
            conn.exec_driver_sql("DROP TRIGGER events_fixed")
            conn.exec_driver_sql("UPDATE events SET actor = 'eve' WHERE seq = 1")
        migrate.migrate(db, backup_dir=None)
        with pytest.raises(MoveFailed, match="not sound before"):
            move.move(db, target)
    with pytest.raises(NotReady, match="half"):
        migrate.assert_ready(target)
