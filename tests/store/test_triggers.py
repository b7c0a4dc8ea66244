"""The database itself refuses what must never happen, whoever asks."""
# ruff: noqa: S608 -- the statements are put together from our own names

import sqlite3
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import IntegrityError

from bot.store import tables as t
from bot.store import triggers
from bot.store.engine import Database
from bot.store.engine_sqlite import SqliteDatabase
from tests.support.db import on_sqlite
from tests.support.record import NOW, Record, full_ticket

KEPT = t.NO_DELETE
FIXED = t.APPEND_ONLY
GUARDED = [name for name in t.NO_DELETE if name not in triggers._UPSERTED]
KEYED = [name for name in t.NO_DELETE if name not in {*t.APPEND_ONLY, "contents", "authors"}]


def fill(conn: Connection) -> None:
    """At least one row in every table that keeps its rows."""
    record = Record(conn)
    full_ticket(record)
    conn.execute(t.people.insert().values(id="ana", name="Ana", role="lead", locale="es", active=True))
    conn.execute(t.identities.insert().values(chat="desk", native_id="1", person="ana", active=True))
    conn.execute(t.switches.insert().values(name="paused", value="why", on=True, by="ana", at=NOW))
    conn.execute(t.cards.insert().values(ticket="ABCD", room="desk", shown=1, at=NOW))
    conn.execute(t.seals.insert().values(id=1, first_seq=1, last_seq=2, rows=2, hash="h", previous="0", at=NOW))


@pytest.fixture
def filled(db: Database) -> Database:
    with db.begin() as conn:
        fill(conn)
    return db


def everything(db: Database, table: Table) -> list[tuple[object, ...]]:
    with db.read() as conn:
        return [tuple(row) for row in conn.execute(select(table))]


def refuse(db: Database, statement: str, message: str) -> None:
    with pytest.raises(IntegrityError, match=f"portavoz: {message}"), db.begin() as conn:
        conn.exec_driver_sql(statement)


def test_every_table_that_keeps_its_rows_has_one_here(filled: Database) -> None:
    with filled.read() as conn:
        for name in KEPT:
            assert conn.execute(select(func.count()).select_from(t.metadata.tables[name])).scalar_one() > 0, name


@pytest.mark.parametrize("name", KEPT)
def test_no_row_is_deleted(filled: Database, name: str) -> None:
    table = t.metadata.tables[name]
    before = everything(filled, table)
    refuse(filled, f"DELETE FROM {name}", f"rows of {name} are never deleted")
    assert everything(filled, table) == before


@pytest.mark.parametrize("name", FIXED)
def test_no_row_of_record_changes_in_any_column(filled: Database, name: str) -> None:
    for column in t.metadata.tables[name].columns:
        refuse(filled, f"UPDATE {name} SET {column.name} = {column.name}", f"rows of {name} never change")


@pytest.mark.parametrize("name", KEPT)
@on_sqlite
def test_nothing_is_replaced_by_way_of_an_insertion(filled: Database, name: str) -> None:
    before = everything(filled, t.metadata.tables[name])
    refuse(filled, f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}", ".*(exists already|never deleted)")
    assert everything(filled, t.metadata.tables[name]) == before


@pytest.mark.parametrize("name", GUARDED)
@on_sqlite
def test_another_programs_connection_replaces_nothing_either(filled: SqliteDatabase, name: str) -> None:
    """Such a connection has not asked for triggers that fire when REPLACE deletes."""
    other = sqlite3.connect(filled.path)
    with pytest.raises(sqlite3.IntegrityError, match="exists already"):
        other.execute(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}")
    other.close()


@on_sqlite
def test_a_new_number_does_not_get_past_a_unique_key(filled: SqliteDatabase) -> None:
    other = sqlite3.connect(filled.path)
    for name, columns in (("items", "account, native_id, number"), ("publications", "reply, attempt, phase")):
        rest = [c.name for c in t.metadata.tables[name].columns if c.name != "id"]
        with pytest.raises(sqlite3.IntegrityError, match="exists already"):
            other.execute(
                f"INSERT OR REPLACE INTO {name} (id, {', '.join(rest)})"
                f" SELECT 900 + id, {', '.join(rest)} FROM {name} GROUP BY {columns}"
            )
    other.close()


@pytest.mark.parametrize("name", KEYED)
def test_keys_never_change(filled: Database, name: str) -> None:
    loose = triggers._LOOSE.get(name, frozenset())
    for column in t.metadata.tables[name].primary_key.columns:
        if column.name not in loose:
            refuse(filled, f"UPDATE {name} SET {column.name} = 'other'", f"the keys of {name} never change")


def test_state_changes_and_upserts_go_through(filled: Database) -> None:
    with filled.begin() as conn:
        conn.execute(t.tickets.update().values(status="closed", version=2))
        conn.execute(t.replies.update().values(id=t.replies.c.id, state="withdrawn"))
        for name in triggers._UPSERTED:
            table = t.metadata.tables[name]
            key = ", ".join(column.name for column in table.primary_key.columns)
            last = list(table.columns)[-1].name
            conn.exec_driver_sql(
                f"INSERT INTO {name} SELECT * FROM {name} WHERE true"
                f" ON CONFLICT ({key}) DO UPDATE SET {last} = excluded.{last}"
            )


ERASED: dict[str, Any] = {"text": "", "author": None, "url": None, "extra": {}, "salt": None, "erased_at": NOW}


def test_erasure_of_a_content_goes_through_once(filled: Database) -> None:
    one = t.contents.c.id == 1
    with filled.begin() as conn:
        conn.execute(t.contents.update().where(one).values(ERASED))
    with pytest.raises(IntegrityError, match="erased, once"), filled.begin() as conn:
        conn.execute(t.contents.update().where(one).values(ERASED))
    with pytest.raises(IntegrityError, match="erased, once"), filled.begin() as conn:
        conn.execute(t.contents.update().where(one).values(text="put back", erased_at=None))


@pytest.mark.parametrize(
    "change",
    [
        {"text": "another text"},
        {"author": "Somebody else"},
        {"erased_at": NOW},
        ERASED | {"text": "left over"},
        ERASED | {"author": "Rosa"},
        ERASED | {"url": "http://127.0.0.1/"},
        ERASED | {"extra": {"handle": "rosa"}},
        ERASED | {"salt": "known"},
        ERASED | {"hash": "another"},
        ERASED | {"kind": "note"},
        ERASED | {"erased_at": None},
        ERASED | {"id": 4711},
    ],
)
def test_any_other_change_of_a_content_is_refused(filled: Database, change: dict[str, Any]) -> None:
    before = everything(filled, t.contents)
    with pytest.raises(IntegrityError, match="contents never change"), filled.begin() as conn:
        conn.execute(t.contents.update().where(t.contents.c.id == 1).values(change))
    assert everything(filled, t.contents) == before


def test_erasure_of_an_author_goes_through_once(filled: Database) -> None:
    gone = t.authors.update().values(native_id=None, flag=None, erased_at=NOW)
    with filled.begin() as conn:
        conn.execute(t.authors.update().values(flag="vip"))
        conn.execute(gone)
    with pytest.raises(IntegrityError, match="authors never change"), filled.begin() as conn:
        conn.execute(gone)


@pytest.mark.parametrize(
    "change",
    [
        {"native_id": "u2"},
        {"native_id": None},
        {"erased_at": NOW},
        {"native_id": None, "erased_at": NOW, "account": "other"},
        {"native_id": None, "erased_at": NOW, "id": 4711},
        {"native_id": None, "erased_at": NOW, "flag": "vip"},
        {"flag": "vip", "account": "other"},
    ],
)
def test_any_other_change_of_an_author_is_refused(filled: Database, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="authors never change"), filled.begin() as conn:
        conn.execute(t.authors.update().values(change))


def test_a_colleagues_chat_id_may_be_blanked_but_not_given_to_another_chat(filled: Database) -> None:
    with filled.begin() as conn:
        conn.execute(t.identities.update().values(native_id="erased:ana:1", active=False))
    refuse(filled, "UPDATE identities SET chat = 'slack'", "the keys of identities never change")


def test_nothing_is_missing_after_installation_and_installing_again_changes_nothing(db: Database) -> None:
    with db.begin() as conn:
        assert triggers.missing(conn) == []
        assert triggers.install(conn) == []
