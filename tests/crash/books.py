"""What the databases hold, read by plain SQL and beside the product's own queries: the auditor's view."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bot.store.audit import verify
from bot.store.engine import Database

_DRAFT = """
    SELECT items.native_id, replies.ticket, replies.state, revisions.number, contents.text
    FROM replies JOIN tickets ON tickets.id = replies.ticket JOIN items ON items.id = tickets.item
    JOIN revisions ON revisions.reply = replies.id AND revisions.number = replies.revision
    JOIN contents ON contents.id = revisions.content
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The newest wording of the reply to a comment."""

    comment: str
    ticket: str
    state: str
    revision: int
    text: str


class Books:
    """Reads one data folder, or a database on a server, while others write to it or when nobody does."""

    def __init__(self, data: Path, url: str | None = None) -> None:
        self._data = data
        self._url = url

    @contextmanager
    def _open(self, name: str = "portavoz.db") -> Iterator[sqlite3.Connection]:
        # Not read-only: after a kill somebody has to be able to replay the write-ahead log.
        connection = sqlite3.connect(self._data / name, isolation_level=None, timeout=15)
        try:
            connection.execute("PRAGMA query_only = ON")
            yield connection
        finally:
            connection.close()

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows; values stand as `?` in the query. Raises sqlite3.Error or psycopg.OperationalError."""
        if self._url is not None:
            with psycopg.connect(self._url, autocommit=True) as server:
                return server.execute(query.replace("?", "%s").encode(), values).fetchall()
        with self._open() as connection:
            return connection.execute(query, values).fetchall()

    def proposals(self) -> list[Proposal]:
        """What waits for a person."""
        return [
            Proposal(*row)
            for row in self.ask(f"{_DRAFT} WHERE replies.state = 'proposed' ORDER BY tickets.opened_at, tickets.id")
        ]

    def proposal(self, comment: str) -> Proposal | None:
        """The reply to this comment, whatever its state."""
        found = self.ask(f"{_DRAFT} WHERE items.native_id = ?", comment)
        return Proposal(*found[0]) if found else None

    def unfinished(self) -> int:
        """Orders that wait, and replies on their way."""
        (orders,) = self.ask("SELECT count(*) FROM outbox")[0]
        (flying,) = self.ask("SELECT count(*) FROM replies WHERE state IN ('approved', 'publishing', 'pending')")[0]
        return int(orders) + int(flying)

    def damage(self) -> list[str]:
        """What the audit and the integrity checks of both files complain about."""
        file = self._data / "portavoz.db"
        database = Database.open(self._url) if self._url else Database.at(file, read_only=True)
        try:
            with database.read() as conn:
                report = verify(conn)
            found = [*report.problems, *database.integrity()]
        finally:
            database.close()
        with self._open("wall.db") as wall:
            found += [f"wall: {row[0]}" for row in wall.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return found
