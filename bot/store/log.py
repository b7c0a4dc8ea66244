"""Rows for the log outside the engine's unit of work: erasure and changes of the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from bot.store.cases import CHUNK
from bot.store.tables import contents, events

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.messages import Entry

T = TypeVar("T")


def append(conn: Connection, entries: Sequence[Entry], now: datetime) -> None:
    """Add log rows in the order given; the hash of the content that each names is put beside it."""
    if not entries:
        return
    hashes = _hashes(conn, sorted({entry.content for entry in entries if entry.content is not None}))
    conn.execute(
        events.insert(),
        [
            {
                "at": now,
                "type": entry.fact.value,
                "actor": entry.actor,
                "ticket": entry.ticket,
                "reply": entry.reply,
                "item": entry.item,
                "content": entry.content,
                "content_hash": None if entry.content is None else hashes[entry.content],
                "data": entry.data,
            }
            for entry in entries
        ],
    )


def _hashes(conn: Connection, ids: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in chunks(ids):
        chosen = contents.c.id.in_(part)
        found.update({row.id: row.hash for row in conn.execute(select(contents.c.id, contents.c.hash).where(chosen))})
    return found


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Pieces that fit into one IN (...)."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
