"""What waits for a person is found, the most pressing first."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.letters import Letter, LetterState
from bot.core.messages import Announce
from bot.store import letters as module
from bot.store import tables as t
from bot.store.engine import Database
from bot.store.letters import letter, letters, mutes
from tests.support.record import NOW, Record

HOUR = timedelta(hours=1)


@pytest.fixture
def filled(db: Database) -> Database:
    """One ticket for each fate of a reply, and two dead orders."""
    with db.begin() as conn:
        record = Record(conn)
        for name, state in (("AAAA", "published"), ("BBBB", "rejected"), ("CCCC", "handed_off"), ("DDDD", "uncertain")):
            record.ticket(name, url=f"https://wall.example/{name}")
            reply = record.reply(name, f"Dear {name}, sorry.")
            record.publish(reply, f"posted-{name}")
            record.set_reply(reply, state=state, problem="HTTP 403", attempt=2)
            record.set_ticket(name, status="open")
        record.set_reply("CCCC.1", manual_url="https://wall.example/by-hand")
        payload = {"room": "team", "code": "published", "params": {"url": "https://x.example"}, "key": "k"}
        order(conn, 17, payload=payload, type="say", lane="room:team", attempts=3, problem="no_such_room")
        order(conn, 18, ticket="AAAA", due_at=NOW - HOUR, problem="HTTP 500")
        order(conn, 19, state="ready")
    return db


def order(conn: Any, id: int, **values: Any) -> None:
    row = {"id": id, "type": "card", "lane": "room:desk", "once": f"o{id}", "due_at": NOW, "created_at": NOW}
    conn.execute(t.outbox.insert().values(**(row | {"payload": {}, "state": "dead"} | values)))


def find(db: Database, **more: Any) -> list[Letter]:
    with db.read() as conn:
        return letters(conn, **more)


def one(db: Database, name: str) -> Letter | None:
    with db.read() as conn:
        return letter(conn, name)


def test_replies_come_before_orders_the_most_pressing_first_then_the_oldest(filled: Database) -> None:
    assert [found.id for found in find(filled)] == ["DDDD.1", "CCCC.1", "BBBB.1", "E18", "E17"]
    assert [found.id for found in find(filled, limit=4)] == ["DDDD.1", "CCCC.1", "BBBB.1", "E18"]
    assert [found.id for found in find(filled, limit=1)] == ["DDDD.1"]


def test_a_reply_comes_with_its_words_and_where_it_belongs(filled: Database) -> None:
    found = one(filled, "cccc.1")
    assert found is not None
    assert (found.code, found.ticket, found.about, found.attempts) == ("handed_off", "CCCC", "CCCC", 2)
    assert (found.text, found.reason, found.place) == ("Dear CCCC, sorry.", "HTTP 403", "wall")
    assert found.target_url == "https://wall.example/CCCC"
    assert found.manual_url == "https://wall.example/by-hand"
    assert found.remedies == ("settle", "escalate")
    assert found.since > NOW


def test_an_order_comes_with_the_words_that_did_not_arrive(filled: Database) -> None:
    found = one(filled, "E17")
    assert found is not None
    assert (found.code, found.part, found.place, found.about) == ("dead_say", "room", "team", "E17")
    assert found.said == Announce(code="published", params={"url": "https://x.example"})
    assert (found.attempts, found.reason, found.since) == (3, "no_such_room", NOW)
    assert found.remedies == ("retry", "done")


def test_a_name_finds_an_order_a_reply_or_what_presses_most_on_a_ticket(filled: Database) -> None:
    names = {"e18": "E18", "#E18": "E18", "dddd.1": "DDDD.1", "dddd": "DDDD.1", "#DDDD": "DDDD.1", "aaaa": "E18"}
    assert {name: getattr(one(filled, name), "id", None) for name in names} == names
    assert [one(filled, name) for name in ("E19", "E99", "E999999999999999999999", "AAAA.1", "ZZZZ", "", "E")] == [
        None
    ] * 7
    assert [found.id for found in find(filled, ticket="aaaa")] == ["E18"]


def test_what_the_team_has_closed_does_not_wait_any_more_but_an_unknown_fate_does(filled: Database) -> None:
    with filled.begin() as conn:
        for name in ("BBBB", "CCCC", "DDDD"):
            Record(conn).set_ticket(name, status="closed")
    assert [found.id for found in find(filled) if found.ticket != "AAAA"] == ["DDDD.1", "E17"]


def test_a_rejected_reply_waits_only_until_another_one_is_proposed(filled: Database) -> None:
    with filled.begin() as conn:
        Record(conn).reply("BBBB", "Another try.")
        Record(conn).reply("CCCC", "Another try.")
    assert [found.id for found in find(filled)] == ["DDDD.1", "CCCC.1", "E18", "E17"]


def test_they_are_counted_with_the_time_of_the_oldest(filled: Database) -> None:
    with filled.read() as conn:
        counted = module.count_by_state(conn)
        since = {found.state: found.since for found in letters(conn)}
    waits = (LetterState.UNCERTAIN, LetterState.HANDED_OFF, LetterState.REJECTED)
    assert counted == {state: (1, since[state]) for state in waits}


def test_mutes_are_listed_with_who_and_when_while_they_hold(db: Database) -> None:
    with db.begin() as conn:
        for number, (name, value, on) in enumerate(
            [
                ("mute:buy now", "buy now", True),
                ("mute:@troll", "@troll", True),
                ("mute:old", "old", False),
                ("paused", "x", True),
            ]
        ):
            conn.execute(t.switches.insert().values(name=name, value=value, on=on, by="luis", at=NOW + number * HOUR))
    with db.read() as conn:
        found = mutes(conn)
    assert [(one.pattern, one.by, one.at) for one in found] == [
        ("@troll", "luis", NOW + HOUR),
        ("buy now", "luis", NOW),
    ]
