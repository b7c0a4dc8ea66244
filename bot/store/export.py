"""The whole record as JSON lines, one ticket or log row after the other, so that any amount fits into memory."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.store.cards import card
from bot.store.people import everybody
from bot.store.publications import steps
from bot.store.seals import rows_between
from bot.store.tables import replies, seals, tickets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_BATCH = 200
FORMAT = 1
"""The version of the lines' shape, in the first line."""


def export(conn: Connection, now: datetime) -> Iterator[str]:
    """Lines of JSON, without line ends; `"what"` says what a line is: head, person, ticket, log, seal.

    A ticket brings its conversation, replies with revisions and decisions, notes and publications. Times are
    ISO 8601 in UTC, spans are in seconds. All of it is one snapshot of the connection's.
    """
    yield _line("head", {"format": FORMAT, "exported_at": now})
    for person in everybody(conn).values():
        yield _line("person", asdict(person))
    for ticket in _ticket_ids(conn):
        found = card(conn, ticket, now, max_length=lambda _account: None)
        if found is not None:
            body = asdict(found)
            # The log follows whole; what could be done now, and how long a text may be, is no record.
            for derived in ("log", "controls", "max_length"):
                body.pop(derived)
            yield _line("ticket", {"id": ticket, **body, "publications": _publications(conn, ticket)})
    for row in rows_between(conn, 0, None):
        yield _line("log", dict(row._mapping))  # noqa: SLF001 -- SQLAlchemy's documented name for it
    for row in conn.execute(select(seals).order_by(seals.c.id)):
        yield _line("seal", dict(row._mapping))  # noqa: SLF001 -- as above


def _ticket_ids(conn: Connection) -> Iterator[str]:
    after = ""
    while True:
        query = select(tickets.c.id).where(tickets.c.id > after).order_by(tickets.c.id).limit(_BATCH)
        batch = list(conn.execute(query).scalars())
        yield from batch
        if len(batch) < _BATCH:
            return
        after = batch[-1]


def _publications(conn: Connection, ticket: str) -> list[dict[str, Any]]:
    return steps(conn, list(conn.execute(select(replies.c.id).where(replies.c.ticket == ticket)).scalars()))


def _line(what: str, body: dict[str, Any]) -> str:
    # ASCII only: no control, bidirectional or surrogate character of a hostile text reaches a terminal or an encoder.
    return json.dumps({"what": what, **body}, default=_plain, ensure_ascii=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in an export")
