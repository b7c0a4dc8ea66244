"""Erasure reaches every place that words can be in: all tables, the index of the search, and the bytes on the disk."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from bot.store import keep, seals
from bot.store import tables as t
from bot.store.audit import verify
from bot.store.engine import Database
from bot.store.engine_postgres import PostgresDatabase
from bot.store.engine_sqlite import SqliteDatabase
from bot.store.erase import erase_author, erase_person
from tests.support.db import on_postgres, on_sqlite
from tests.support.record import NOW, Record, full_ticket

LATER = NOW + timedelta(days=1)
PERSONAL = (
    "600123987",
    "quirina",
    "zweifel",
    "qzhandle",
    "qzmolar",
    "qzdentist",
    "qznote",
    "qzquoted",
    "qzlink",
    "qzremark",
    "qzpicture",
    "qzseen",
    "600123987",
)
"""Nothing else in the database has these words."""
COLLEAGUE = ("wolframia", "uqz77")


@pytest.fixture
def filled(db: Database) -> Database:
    """Quirina's words in every place there is, Raúl's beside them, a colleague's name; all of it sealed."""
    with db.begin() as conn:
        _fill(conn, Record(conn))
        seals.seal(conn, NOW)
    return db


def _fill(conn: Connection, record: Record) -> None:
    conn.execute(t.people.insert().values(id="luis", name="Wolframia", role="approver", locale="es", signature="^W"))
    conn.execute(t.identities.insert().values(chat="slack", native_id="UQZ77", person="luis"))
    extra: dict[str, Any] = {"handle": "qzhandle", "author_url": "https://n.example/qzhandle"}
    extra |= {"attachments": [{"url": "https://n.example/qzpicture.png", "kind": "image", "alt": "A qzseen molar."}]}
    url = "https://n.example/qzlink/1"
    record.ticket(
        "AAAA", "I broke my qzmolar, call 600123987.", name="Quirina Zweifel", author="qzid", extra=extra, url=url
    )
    reply = record.reply("AAAA", "Quirina, we are sorry about your qzmolar.")
    record.revise(reply, "Dear Quirina, see a qzdentist.", author="luis")
    record.note("AAAA", "luis", "qznote: Quirina called 600123987.")
    record.decide(reply, "luis")
    record.publish(reply, "posted-1")
    answer = record.text("answer", "422: 'qzquoted' is not allowed", url="https://n.example/qzlink/by-hand")
    row = conn.execute(select(t.publications)).mappings().first()
    assert row is not None
    more = {"id": record.id(t.publications), "attempt": 2, "content": answer}
    conn.execute(t.publications.insert().values(dict(row) | more))
    record.log("PublishingStarted", ticket="AAAA", reply=reply, data={"attempt": 2})
    record.set_reply(reply, problem="422: 'qzquoted'", manual_url="https://n.example/qzlink/by-hand")
    record.set_ticket("AAAA", close_reason="qzremark: Quirina is content")
    full_ticket(record, "CCCC", author="u2", name="Raúl", extra={"handle": "raul"})
    said = {"room": "team", "code": "handed_off", "params": {"url": "https://n.example/qzlink", "reason": "qzquoted"}}
    asked = {"room": "team", "code": "question_for", "params": {"who": "Wolframia", "by": "Ana"}}
    for number, payload, ticket in ((7, said, "AAAA"), (8, said | {"params": {}}, "CCCC"), (9, asked, "CCCC")):
        values = {"type": "say", "lane": "room:team", "once": f"say:{number}", "due_at": NOW, "created_at": NOW}
        conn.execute(t.outbox.insert().values(id=number, ticket=ticket, payload=payload, state="dead", **values))
    left = '{"ticket": "CCCC", "params": {"who": "Ana"}, "text": "stays"}'
    drawer = f'[{{"ticket": "AAAA", "text": "qzlink for Quirina"}}, {left}]'
    keep.put(conn, "desk", "said", drawer, NOW)
    keep.put(conn, "desk", "token", "xoxb-1", NOW)
    for pattern in ("@qzhandle", "@raul"):
        conn.execute(t.switches.insert().values(name=f"mute:{pattern}", value=pattern, on=True, by="ana", at=NOW))


def everything(db: Database) -> str:
    """Every value of every table there is, whoever made it: folded, as one text."""
    with db.read() as conn:
        return "\n".join(_values(conn)).casefold()


def _values(conn: Connection) -> Iterator[str]:
    if conn.dialect.name == "sqlite":
        names = conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    else:
        names = (
            conn.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).scalars().all()
        )
    for name in names:
        for row in conn.execute(text(f'SELECT * FROM "{name}"')):  # noqa: S608 -- names of the database itself
            yield " ".join(
                value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row
            )


def pages(db: Database) -> bytes:
    """What stands on the disk."""
    if isinstance(db, SqliteDatabase):
        return b"".join(file.read_bytes() for file in db.path.parent.iterdir()).lower()
    return _relations(db)


def _relations(db: Database) -> bytes:
    """The files of all tables and indexes (this takes a superuser)."""
    with db.begin() as conn:
        conn.execute(text("CHECKPOINT"))
        found = conn.execute(
            text(
                "SELECT pg_read_binary_file(pg_relation_filepath(c.oid)) FROM pg_class c"
                " WHERE c.relkind IN ('r', 'i', 't') AND c.relnamespace IN"
                " (current_schema()::regnamespace, 'pg_toast'::regnamespace)"
                " AND pg_relation_filepath(c.oid) IS NOT NULL"
            )
        ).scalars()
        return b"".join(bytes(one) for one in found).lower()


def erase(db: Database, who: str = "qzid") -> None:
    with db.begin() as conn:
        erase_author(conn, account=None, who=who, now=LATER, actor="ana")
    db.tidy()


def found(words: tuple[str, ...], where: str | bytes) -> list[str]:
    return [word for word in words if (word in where if isinstance(where, str) else word.encode() in where)]


def test_the_words_are_there_before(filled: Database) -> None:
    assert found(PERSONAL, everything(filled)) == list(PERSONAL)
    assert found(COLLEAGUE, everything(filled)) == list(COLLEAGUE)


def test_no_table_holds_a_word_of_an_erased_person(filled: Database) -> None:
    erase(filled)
    left = everything(filled)
    assert found(PERSONAL, left) == []
    assert "raúl" in left
    assert "@raul" in left
    assert found(COLLEAGUE, left) == list(COLLEAGUE)


@on_sqlite
def test_no_byte_of_them_is_left_on_the_disk(filled: SqliteDatabase) -> None:
    assert found(PERSONAL, pages(filled))
    erase(filled)
    assert found(PERSONAL, pages(filled)) == []


@on_postgres
def test_no_byte_of_them_is_left_in_the_servers_files_once_they_are_rewritten(filled: PostgresDatabase) -> None:
    assert found(PERSONAL, pages(filled))
    erase(filled)
    with filled._writer.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        conn.execute(text("VACUUM FULL"))
    assert found(PERSONAL, pages(filled)) == []


def test_the_record_and_its_seals_still_hold(filled: Database) -> None:
    with filled.read() as conn:
        head = seals.head(conn)
    erase(filled)
    with filled.begin() as conn:
        assert seals.seal(conn, LATER) > 0
        report = verify(conn, expect=head)
    assert (report.sound, report.problems) == (True, [])


def test_what_was_to_be_said_about_others_and_an_adapters_tokens_stay(filled: Database) -> None:
    erase(filled)
    with filled.read() as conn:
        assert [row.id for row in conn.execute(select(t.outbox).order_by(t.outbox.c.id))] == [8, 9]
        assert keep.get(conn, "desk", "said", NOW) == '[{"ticket": "CCCC", "params": {"who": "Ana"}, "text": "stays"}]'
        assert keep.get(conn, "desk", "token", NOW) == "xoxb-1"
        mutes = {row.name: row.on for row in conn.execute(select(t.switches))}
    assert mutes == {"mute:@raul": True, "mute:erased:1": False}


def test_a_second_muted_person_can_be_erased_too(filled: Database) -> None:
    erase(filled)
    erase(filled, "u2")
    with filled.read() as conn:
        names = set(conn.execute(select(t.switches.c.name)).scalars())
    assert names == {"mute:erased:1", "mute:erased:2"}


def test_a_colleague_goes_from_everywhere_but_the_ids(filled: Database) -> None:
    with filled.begin() as conn:
        keep.put(conn, "desk", "told", '[{"text": "Wolframia asks", "params": {"who": "Wolframia"}}]', NOW)
        erase_person(conn, "luis", now=LATER, actor="ana")
    filled.tidy()
    left = everything(filled)
    assert found((*COLLEAGUE, "qznote"), left) == []
    assert "luis" in left
    with filled.begin() as conn:
        seals.seal(conn, LATER)
        assert verify(conn).problems == []


@on_sqlite
def test_a_backup_made_before_still_holds_it_and_one_made_after_does_not(
    filled: SqliteDatabase, tmp_path: Path
) -> None:
    before, after = tmp_path / "before.db", tmp_path / "after.db"
    for file in (before, after):
        file.touch()
    filled.copy_to(before)
    erase(filled)
    filled.copy_to(after)
    assert found(PERSONAL, before.read_bytes().lower())
    assert found(PERSONAL, after.read_bytes().lower()) == []
