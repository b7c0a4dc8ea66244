"""The record goes out as lines of JSON."""

import json
from typing import Any

import pytest

from bot.core.types import Person, Role
from bot.store import export as exporting
from bot.store import people, seals
from bot.store import tables as t
from bot.store.engine import Database
from bot.store.export import export
from tests.support.record import NOW, Record, full_ticket

HOSTILE = "Hi \u202e\u200b\x00\x1b[31m\n<script>alert(1)</script> \U0001f600"


def lines(db: Database) -> list[dict[str, Any]]:
    with db.read() as conn:
        raw = list(export(conn, NOW))
    assert all(line.isascii() and "\n" not in line for line in raw)
    return [json.loads(line) for line in raw]


def test_everything_goes_out(db: Database) -> None:
    with db.begin() as conn:
        people.sync(conn, [Person(id="ana", name="Ana", role=Role.LEAD, identities=frozenset({("desk", "a")}))], NOW)
        full_ticket(Record(conn), "AAAA")
        seals.seal(conn, NOW)
        full_ticket(Record(conn), "BBBB", author="u2")
    head, *rest = lines(db)
    assert head == {"what": "head", "format": 1, "exported_at": "2026-11-20T09:00:00+00:00"}
    kinds = [line["what"] for line in rest]
    assert kinds == ["person", "ticket", "ticket", *["log"] * 17, "seal"]
    assert rest[0]["identities"] == [["desk", "a"]]
    ticket = rest[1]
    assert ticket["id"] == "AAAA"
    assert [entry["text"] for entry in ticket["conversation"]] == [
        "The bread was stale.",
        "Dear Rosa, sorry about the stale bread.",
    ]
    assert [step["phase"] for step in ticket["publications"]] == ["intent", "posted"]
    assert ticket["replies"][0]["decisions"][0]["person"] == "ana"
    assert ticket["notes"][0]["text"] == "Rosa called twice."
    assert [line["seq"] for line in rest if line["what"] == "log"] == list(range(1, 18))


def test_hostile_text_comes_back_as_it_was_and_harms_no_terminal(db: Database) -> None:
    # PostgreSQL takes no NUL; intake replaces it before it comes so far.
    said = HOSTILE.replace("\0", "") if db.shared else HOSTILE
    with db.begin() as conn:
        Record(conn).ticket("AAAA", said)
    [ticket] = [line for line in lines(db) if line["what"] == "ticket"]
    assert ticket["conversation"][0]["text"] == said


def test_a_clock_that_stands_still_goes_out_in_seconds(db: Database) -> None:
    with db.begin() as conn:
        Record(conn).ticket("AAAA")
        stopped = {"status": "waiting", "answer_target": 3600, "answer_spent": 900, "clock_since": None}
        conn.execute(t.tickets.update().values(**stopped))
    [ticket] = [line for line in lines(db) if line["what"] == "ticket"]
    assert ticket["line"]["left"] == 2700.0


def test_more_tickets_than_one_batch_go_out_once_each(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_BATCH", 4)
    with db.begin() as conn:
        record = Record(conn)
        for number in range(9):
            record.ticket(f"T{number:03}")
    ids = [line["id"] for line in lines(db) if line["what"] == "ticket"]
    assert ids == [f"T{number:03}" for number in range(9)]


def test_lines_come_one_by_one(db: Database) -> None:
    with db.begin() as conn:
        full_ticket(Record(conn), "AAAA")
    with db.read() as conn:
        stream = export(conn, NOW)
        assert json.loads(next(stream))["what"] == "head"
        assert json.loads(next(stream))["what"] == "ticket"
