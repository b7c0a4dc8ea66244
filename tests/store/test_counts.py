"""How many tickets stand in each part of the queue, and the queue narrowed to one part."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.core.inbox import Counts, Narrow
from bot.core.types import Severity, TicketStatus
from bot.store import queries
from bot.store.counts import counts
from bot.store.engine import Database
from bot.store.setup import account_states
from bot.store.tables import accounts, tickets
from tests.support.record import NOW, Record

HOUR = timedelta(hours=1)


def house(db: Database) -> None:
    queue = {
        "LATE": {"due_at": NOW - HOUR, "severity": "critical", "assignee": "ana"},
        "SOON": {"due_at": NOW + HOUR, "severity": "high", "account": "shop"},
        "WAIT": {"due_at": None, "status": "waiting", "severity": "high"},
        "SLEP": {"due_at": NOW - HOUR, "status": "snoozed", "assignee": "ana"},
        "DONE": {"due_at": NOW - HOUR, "status": "closed", "assignee": "ana"},
    }
    with db.begin() as conn:
        record = Record(conn)
        for ticket, values in queue.items():
            record.ticket(ticket, ticket=values)


def test_each_part_is_counted_for_the_person_who_asks(db: Database) -> None:
    house(db)
    with db.read() as conn:
        found = counts(conn, NOW, person="ana")
        nobody = counts(conn, NOW, person="nobody")
    assert found == Counts(
        open=3,
        mine=1,
        waiting=1,
        overdue=1,
        unread=3,
        snoozed=1,
        closed=1,
        by_severity={"critical": 1, "high": 2},
        by_account={"wall": 2, "shop": 1},
    )
    assert nobody.mine == 0


def test_open_tickets_are_counted_from_an_index_alone(db: Database) -> None:
    if db.shared:
        pytest.skip("A server plans by the size of its tables.")
    asked: list[tuple[str, Any]] = []
    with db.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda _conn, _cursor, said, given, *_: asked.append((said, given)))
        counts(conn, NOW, person="ana")
        said, given = next(one for one in asked if "GROUP BY" in one[0])
        plan = [row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given)]
    assert any("COVERING INDEX ix_tickets_unfinished" in step for step in plan), plan


def test_an_empty_queue_counts_nothing(db: Database) -> None:
    with db.read() as conn:
        assert counts(conn, NOW, person="ana", seen=frozenset({("LATE", 1)})) == Counts()


def test_a_ticket_is_unread_when_it_does_not_stand_as_it_was_seen(db: Database) -> None:
    house(db)
    with db.read() as conn:
        versions = {row.id: row.version for row in conn.execute(tickets.select())}
        seen = frozenset({("LATE", versions["LATE"]), ("SOON", versions["SOON"] - 1), ("GONE", 7)})
        assert counts(conn, NOW, person="ana", seen=seen).unread == 2
        statuses = (TicketStatus.OPEN, TicketStatus.WAITING)
        unread = queries.inbox(conn, statuses=statuses, now=NOW, narrow=Narrow(seen=seen))
    assert {line.id for line in unread} == {"SOON", "WAIT"}


def test_the_queue_is_narrowed_by_account_severity_and_lateness_together(db: Database) -> None:
    house(db)
    every = tuple(TicketStatus)
    with db.read() as conn:

        def left(narrow: Narrow) -> set[str]:
            return {line.id for line in queries.inbox(conn, statuses=every, now=NOW, narrow=narrow)}

        assert left(Narrow()) == {"LATE", "SOON", "WAIT", "SLEP", "DONE"}
        assert left(Narrow(account="shop")) == {"SOON"}
        assert left(Narrow(severity=Severity.HIGH)) == {"SOON", "WAIT"}
        assert left(Narrow(overdue=True)) == {"LATE", "SLEP", "DONE"}
        assert left(Narrow(overdue=True, severity=Severity.CRITICAL, account="wall")) == {"LATE"}
        assert left(Narrow(seen=frozenset())) == {"LATE", "SOON", "WAIT", "SLEP", "DONE"}


def test_how_accounts_do_is_told_by_their_own_ids_without_the_rooms(db: Database) -> None:
    rows = [
        {"id": "network:shop", "part": "network", "state": "auth", "detail": "401"},
        {"id": "room:care", "part": "room", "state": "ok", "detail": ""},
    ]
    with db.begin() as conn:
        for row in rows:
            conn.execute(accounts.insert().values(type="x", name="The Shop", since=NOW, expires_at=None, **row))
    with db.read() as conn:
        found = account_states(conn)
    assert found == {"shop": {"state": "auth", "name": "The Shop", "detail": "401", "since": NOW, "expires_at": None}}
