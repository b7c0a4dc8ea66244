"""The floors: the same rows, or one row a comment, written by bare Core inserts into an equal database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, insert, select, text

from bot.store import tables as t
from bot.store.engine import Database

WRITTEN = (t.authors, t.contents, t.tickets, t.items, t.replies, t.revisions, t.events, t.search, t.outbox)
"""Everything that intake adds rows to, in an order that foreign keys allow."""

Batch = dict[Table, list[dict[str, Any]]]


class Copier:
    """Takes down, batch by batch, which rows were written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[Table, int] = dict.fromkeys(WRITTEN, 0)
        self.batches: list[Batch] = []

    def take(self) -> None:
        """The rows that came since the last time are a batch."""
        batch: Batch = {}
        with self._database.read() as conn:
            for table in WRITTEN:
                rowid = text(f"{table.name}.rowid > {self._seen[table]}")
                rows = conn.execute(select(table).where(rowid).order_by(text("rowid"))).mappings()
                batch[table] = [dict(row) for row in rows]
                self._seen[table] = conn.execute(select(func.max(text("rowid"))).select_from(table)).scalar() or 0
        self.batches.append(batch)

    def per_comment(self, comments: int) -> float:
        """How many rows a comment makes."""
        return sum(len(rows) for batch in self.batches for rows in batch.values()) / comments


def with_cards(batches: Sequence[Batch], room: str, at: datetime) -> list[Batch]:
    """The same batches with the row that says where each ticket's card stands."""
    return [
        {**batch, t.cards: [{"ticket": x["id"], "room": room, "ref": x["id"], "shown": 1, "at": at} for x in tickets]}
        for batch in batches
        for tickets in (batch[t.tickets],)
    ]


def same_rows(database: Database, batches: Sequence[Batch]) -> float:
    """Seconds that the same rows take, a commit for each batch, nothing else."""
    began = time.perf_counter()
    for batch in batches:
        with database.begin() as conn:
            for table, rows in batch.items():
                if rows:
                    conn.execute(insert(table), rows)
    return time.perf_counter() - began


def one_row_each(database: Database, rows: Sequence[dict[str, Any]], per_commit: int) -> float:
    """Seconds that one row of `contents` for each comment takes, so many of them in a commit."""
    began = time.perf_counter()
    for start in range(0, len(rows), per_commit):
        with database.begin() as conn:
            conn.execute(insert(t.contents), rows[start : start + per_commit])
    return time.perf_counter() - began


def content_rows(texts: Sequence[str]) -> list[dict[str, Any]]:
    """A row of `contents` for each text."""
    rest: dict[str, Any] = {"kind": "item", "author": "Marta", "url": None, "extra": {}}
    rest |= {"salt": "0" * 32, "hash": "0" * 64, "erased_at": None}
    return [{"id": n, "text": words, **rest} for n, words in enumerate(texts, start=1)]
