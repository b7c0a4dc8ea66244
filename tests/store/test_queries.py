"""The queue and the search."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.core.types import Finding, ReplyState, Severity, TicketStatus
from bot.store import filing, queries
from bot.store import tables as t
from bot.store.engine import Database
from tests.support.record import NOW, Record, full_ticket

HOUR = timedelta(hours=1)
SEEN = (TicketStatus.OPEN, TicketStatus.WAITING)


def ids(db: Database, **values: Any) -> list[str]:
    asked: dict[str, Any] = {"statuses": SEEN, "now": NOW} | values
    with db.read() as conn:
        return [line.id for line in queries.inbox(conn, **asked)]


def narrowed(db: Database, words: str) -> list[str]:
    return ids(db, words=words, statuses=list(TicketStatus))


def test_critical_ones_come_first_then_what_is_due_first(db: Database) -> None:
    queue = {
        "LATE": {"due_at": NOW - HOUR},
        "SOON": {"due_at": NOW + HOUR},
        "FREE": {"due_at": None},
        "GRVE": {"due_at": None, "severity": "critical"},
        "HIGH": {"due_at": NOW + HOUR, "severity": "high"},
        "CRIT": {"due_at": NOW + 5 * HOUR, "severity": "critical"},
    }
    with db.begin() as conn:
        record = Record(conn)
        for ticket, values in queue.items():
            record.ticket(ticket, ticket=values)
    assert ids(db) == ["CRIT", "GRVE", "LATE", "HIGH", "SOON", "FREE"]
    assert ids(db, limit=2) == ["CRIT", "GRVE"]


def test_only_the_statuses_and_the_person_asked_for_are_shown(db: Database) -> None:
    with db.begin() as conn:
        record = Record(conn)
        record.ticket("OPNA", ticket={"assignee": "ana"})
        record.ticket("WAIT", ticket={"status": "waiting"})
        record.ticket("CLSD", ticket={"status": "closed", "assignee": "ana"})
    assert ids(db) == ["OPNA", "WAIT"]
    assert ids(db, statuses=[TicketStatus.CLOSED]) == ["CLSD"]
    assert ids(db, statuses=list(TicketStatus), assignee="ana") == ["OPNA", "CLSD"]
    assert ids(db, statuses=[]) == []


def test_a_line_shows_the_newest_message_and_the_newest_reply(db: Database) -> None:
    check = {"rule": "length", "level": "warn", "words": "long", "limit": 500}
    with db.begin() as conn:
        record = Record(conn)
        record.ticket("AAAA", "Old words.", url="http://127.0.0.1/1", author="u1")
        again = record.item("AAAA", "New words.", "n-2", url="http://127.0.0.1/2", name="Rosa M.")
        record.set_ticket("AAAA", item=again, messages=2, assignee="ana")
        first = record.reply("AAAA", "First draft.")
        record.set_reply(first, state="withdrawn")
        second = record.reply("AAAA", "Second draft.")
        record.revise(second, "Second wording.", author="ana", checks=[check])
    with db.read() as conn:
        [line] = queries.inbox(conn, statuses=SEEN, now=NOW)
        assert queries.line(conn, " aaaa ", NOW) == line
        assert queries.line(conn, "ZZZZ", NOW) is None
    assert (line.text, line.author, line.url) == ("New words.", "Rosa M.", "http://127.0.0.1/2")
    assert (line.reply_state, line.revision, line.draft) == (ReplyState.PROPOSED, 2, "Second wording.")
    assert line.checks == (Finding(rule="length", level="warn", words="long", limit=500),)
    assert (line.severity, line.assignee, line.opened_at.tzinfo) == (Severity.NORMAL, "ana", NOW.tzinfo)


def test_a_ticket_without_a_reply_has_none(db: Database) -> None:
    with db.begin() as conn:
        Record(conn).ticket("AAAA")
    with db.read() as conn:
        [line] = queries.inbox(conn, statuses=SEEN, now=NOW)
    assert (line.reply_state, line.revision, line.draft, line.checks) == (None, None, None, ())


def test_a_claim_shows_until_it_runs_out(db: Database) -> None:
    with db.begin() as conn:
        Record(conn).ticket("AAAA", ticket={"claimed_by": "ana", "claimed_until": NOW})
    with db.read() as conn:
        [before] = queries.inbox(conn, statuses=SEEN, now=NOW - timedelta(seconds=1))
        [after] = queries.inbox(conn, statuses=SEEN, now=NOW)
    assert (before.claimed_by, before.claimed_until) == ("ana", NOW)
    assert (after.claimed_by, after.claimed_until) == (None, None)


def test_the_queue_takes_one_query_however_long_it_is(db: Database) -> None:
    with db.begin() as conn:
        record = Record(conn)
        for number in range(30):
            full_ticket(record, f"T{number:03}", author=f"u{number}")
    asked: list[str] = []
    event.listen(db._reader, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(ids(db)) == 30
    assert [statement.partition(" ")[0] for statement in asked if statement != "BEGIN"] == ["SELECT"]


@pytest.fixture
def talk(db: Database) -> Database:
    with db.begin() as conn:
        record = Record(conn)
        full_ticket(record, "AAAA")
        record.ticket("BBBB", "100% of the cakes_were gone", name="Núria", author="u2")
        record.ticket("CCCC", "Nothing to see", author="u3", ticket={"status": "closed"})
    filing.rebuild(db)
    return db


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("stale", ["AAAA"]),  # the customer's words
        ("SORRY", ["AAAA"]),  # ours, in any case
        ("called twice", ["AAAA"]),  # a note's
        ("twice stale", ["AAAA"]),  # words from several places, all of them
        ("stale nothing", []),
        ("nuria", ["BBBB"]),
        ("100%", ["BBBB"]),
        ("cakes_were", ["BBBB"]),
        ("cakes_gone", []),
        ("see", ["CCCC"]),
        ("noth", ["CCCC"]),
        ("bbbb", ["BBBB"]),
        ("'; DROP TABLE tickets; --", []),
        ("%", []),
        ("   ", ["AAAA", "BBBB", "CCCC"]),
    ],
)
def test_words_are_found_in_every_text_of_a_ticket(talk: Database, words: str, hits: list[str]) -> None:
    assert sorted(narrowed(talk, words)) == hits


def test_the_queue_can_be_narrowed_by_words(talk: Database) -> None:
    assert ids(talk, words="stale") == ["AAAA"]
    assert ids(talk, words="see") == []


def test_switches_that_are_off_do_not_show(db: Database) -> None:
    with db.begin() as conn:
        for name, on in (("paused", True), ("crisis", False)):
            conn.execute(t.switches.insert().values(name=name, value=f"why {name}", on=on, by="ana", at=NOW))
    with db.read() as conn:
        assert queries.active_switches(conn) == {"paused": "why paused"}
