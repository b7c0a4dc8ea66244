"""Seals over the log: each is a hash over a batch of rows and the seal before it, so nothing changes unseen.

The chain of hashes follows the idea of linked time-stamping (Haber and Stornetta, 1991).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.store.columns import to_micros
from bot.store.tables import events, seals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

GENESIS = "0" * 64
"""What the first seal has before it."""
_BATCH = 1000


def content_hash(
    salt: str, text: str, author: str | None = None, url: str | None = None, attached: Mapping[str, Any] | None = None
) -> str:
    """The salted hash of a content, 64 hexadecimal digits; once the salt is erased nobody can guess the text.

    It covers the name and the link too: who is said to have written something is as good a forgery as what. And so
    is what hangs on it, where anything does (see `bot.store.attached.covered`).
    """
    said: list[Any] = [salt, text, author, url]
    if attached:
        said.append(attached)
    whole = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def seal(conn: Connection, now: datetime) -> int:
    """Seal every log row that no seal covers yet, all in one seal; returns how many rows that were."""
    last = _last(conn)
    after, previous, number = (last.last_seq, last.hash, last.id + 1) if last else (0, GENESIS, 1)
    fold = Fold()
    for row in rows_between(conn, after, None):
        fold.add(row)
    if fold.first is None or fold.last is None:
        return 0
    conn.execute(
        seals.insert(),
        {
            "id": number,
            "first_seq": fold.first,
            "last_seq": fold.last,
            "rows": fold.rows,
            "hash": fold.hash(number, previous, now),
            "previous": previous,
            "at": now,
        },
    )
    return fold.rows


def head(conn: Connection) -> str | None:
    """The hash of the newest seal: whoever notes it down can prove later that nothing before it was cut off."""
    last = _last(conn)
    return None if last is None else str(last.hash)


def unsealed(conn: Connection) -> int:
    """How many log rows no seal covers yet."""
    after = select(func.coalesce(func.max(seals.c.last_seq), 0)).scalar_subquery()
    return conn.execute(select(func.count()).select_from(events).where(events.c.seq > after)).scalar_one()


class Fold:
    """A batch of log rows, folded into one hash as they pass by."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: int | None = None
        self.rows = 0
        self._rows = hashlib.sha256()

    def add(self, row: Row[Any]) -> None:
        """Take in one more row of `events`, in the order of their numbers."""
        self.first = row.seq if self.first is None else self.first
        self.last = row.seq
        self.rows += 1
        self._rows.update(
            _canonical(
                [
                    row.seq,
                    to_micros(row.at),
                    row.type,
                    row.actor,
                    row.ticket,
                    row.reply,
                    row.item,
                    row.content,
                    row.content_hash,
                    row.data,
                ]
            )
            + b"\n"
        )

    def hash(self, number: int, previous: str, at: datetime) -> str:
        """The seal: over the rows, their number and range, the seal's own number and time, and the one before it."""
        parts = [number, self.first, self.last, self.rows, to_micros(at), previous, self._rows.hexdigest()]
        return hashlib.sha256(_canonical(parts)).hexdigest()


def rows_between(conn: Connection, after: int, until: int | None) -> Iterator[Row[Any]]:
    """Log rows with `after < seq <= until`, a thousand at a time, so that a long log needs no more memory."""
    while True:
        wanted = events.c.seq > after
        if until is not None:
            wanted &= events.c.seq <= until
        batch = conn.execute(select(events).where(wanted).order_by(events.c.seq).limit(_BATCH)).all()
        yield from batch
        if len(batch) < _BATCH:
            return
        after = batch[-1].seq


def _last(conn: Connection) -> Row[Any] | None:
    return conn.execute(select(seals).order_by(seals.c.id.desc()).limit(1)).one_or_none()


def _canonical(value: Iterable[Any]) -> bytes:
    """One spelling for one value: sorted keys, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
