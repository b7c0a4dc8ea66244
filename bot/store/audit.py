"""Is the record what it was? Recomputes every seal and every hash, and looks for what has no trace in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from bot.core.approval import Verdict
from bot.core.case import SYSTEM
from bot.core.messages import Fact
from bot.store.attached import covered
from bot.store.seals import GENESIS, Fold, content_hash, rows_between
from bot.store.tables import contents, decisions, events, publications, replies, revisions, seals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Row, Table

_BATCH = 1000
_APPROVED = (Fact.REPLY_APPROVED,)
_TAKEN_BACK = (Fact.REPLY_WITHDRAWN, Fact.REPLY_UNDONE, Fact.REPLY_SETTLED, Fact.APPROVAL_VOIDED)
_WORDED = (Fact.REPLY_PROPOSED, Fact.REPLY_REVISED)
_SENT = (Fact.PUBLISHING_STARTED, Fact.REPLY_RESENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What the audit saw.

    `gaps` are ranges of missing log numbers, `contents` ids whose text is not the one that was stored,
    `unlogged` what has no row in the log (`decision 12`), `truncated` that the expected seal is not in the chain.
    """

    rows: int
    seals: int
    head: str | None
    unsealed: int
    first_bad_seal: int | None = None
    gaps: tuple[tuple[int, int], ...] = ()
    contents: tuple[int, ...] = ()
    unlogged: tuple[str, ...] = ()
    truncated: bool = False

    @property
    def problems(self) -> list[str]:
        """One sentence for each kind of damage."""
        found = []
        if self.first_bad_seal is not None:
            found.append(f"seal {self.first_bad_seal} does not fit the log rows that it covers")
        if self.gaps:
            found.append(f"log rows are missing: {_some(f'{a}-{b}' for a, b in self.gaps)}")
        if self.contents:
            found.append(f"texts were changed: {_some(map(str, self.contents))}")
        if self.unlogged:
            found.append(f"not in the log: {_some(self.unlogged)}")
        if self.truncated:
            found.append("the expected seal is not there: the end of the log was cut off")
        return found

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong. Rows that are not sealed yet are nothing wrong."""
        return not self.problems


def verify(conn: Connection, *, expect: str | None = None) -> AuditReport:
    """Check the whole record as this connection sees it.

    Args:
        conn: a snapshot.
        expect: the head seal that somebody noted down earlier (the digest prints it).
    """
    chain = list(conn.execute(select(seals).order_by(seals.c.id)).all())
    log = _Log()
    bad = log.check(conn, chain)
    known = {row.hash for row in chain}
    return AuditReport(
        rows=log.rows,
        seals=len(chain),
        head=chain[-1].hash if chain else None,
        unsealed=log.unsealed,
        first_bad_seal=bad,
        gaps=tuple(log.gaps),
        contents=tuple(_changed_contents(conn)),
        unlogged=tuple(_unlogged(conn)),
        truncated=expect is not None and expect not in known,
    )


class _Log:
    """One pass over the log, from the first row to the last."""

    def __init__(self) -> None:
        self.rows = 0
        self.unsealed = 0
        self.gaps: list[tuple[int, int]] = []
        self._seen = 0

    def check(self, conn: Connection, chain: list[Row[Any]]) -> int | None:
        """The number of the first seal that does not fit, None when all do."""
        bad: int | None = None
        previous, after = GENESIS, 0
        for number, seal in enumerate(chain, start=1):
            fold = Fold()
            for row in self._passing(rows_between(conn, after, seal.last_seq)):
                fold.add(row)
            fits = (
                (seal.id, seal.previous) == (number, previous)
                and (fold.first, fold.last, fold.rows) == (seal.first_seq, seal.last_seq, seal.rows)
                and fold.hash(seal.id, previous, seal.at) == seal.hash
            )
            if not fits and bad is None:
                bad = number
            previous, after = seal.hash, max(after, seal.last_seq)
        for _ in self._passing(rows_between(conn, after, None)):
            self.unsealed += 1
        return bad

    def _passing(self, rows: Iterator[Row[Any]]) -> Iterator[Row[Any]]:
        for row in rows:
            if row.seq != self._seen + 1:
                self.gaps.append((self._seen + 1, row.seq - 1))
            self._seen = row.seq
            self.rows += 1
            yield row


def _changed_contents(conn: Connection) -> Iterator[int]:
    after = -1
    while True:
        query = select(contents).where(contents.c.id > after).order_by(contents.c.id).limit(_BATCH)
        batch = conn.execute(query).all()
        yield from (row.id for row in batch if not _intact(row))
        if len(batch) < _BATCH:
            break
        after = batch[-1].id
    # The log remembers the hash as well: somebody who rewrites a text and its hash is found out by that.
    differs = select(contents.c.id).join(events, events.c.content == contents.c.id)
    yield from conn.execute(differs.where(events.c.content_hash != contents.c.hash).distinct()).scalars()


def _intact(row: Row[Any]) -> bool:
    if row.erased_at is not None:
        return (row.text, row.author, row.url, row.extra, row.salt) == ("", None, None, {}, None)
    if row.salt is None:
        return False
    return content_hash(row.salt, row.text, row.author, row.url, covered(row.extra)) == str(row.hash)


def _unlogged(conn: Connection) -> Iterator[str]:
    by = or_(events.c.actor == decisions.c.person, decisions.c.person == SYSTEM)
    yes = and_(decisions.c.verdict == Verdict.APPROVE.value, _is(_APPROVED))
    no = and_(decisions.c.verdict != Verdict.APPROVE.value, _is(_TAKEN_BACK))
    same_time = events.c.at == decisions.c.at
    for row in _without(conn, decisions, [decisions.c.id], and_(same_time, by, or_(yes, no))):
        yield f"decision {row.id}"
    numbered = events.c.data["revision"].as_integer() == revisions.c.number
    for row in _without(conn, revisions, [revisions.c.reply, revisions.c.number], and_(_is(_WORDED), numbered)):
        yield f"revision {row.number} of {row.reply}"
    started = and_(_is(_SENT), events.c.data["attempt"].as_integer() == publications.c.attempt)
    for row in _without(conn, publications, [publications.c.id], started):
        yield f"publication {row.id}"


def _is(facts: tuple[Fact, ...]) -> ColumnElement[bool]:
    return events.c.type.in_([fact.value for fact in facts])


def _without(
    conn: Connection, table: Table, columns: list[ColumnElement[Any]], trace: ColumnElement[bool]
) -> Iterator[Row[Any]]:
    """Rows without such a row in the log. The way leads over the ticket, by which the log has an index."""
    logged = exists().where(events.c.ticket == replies.c.ticket, events.c.reply == table.c.reply, trace)
    query = select(*columns).join(replies, replies.c.id == table.c.reply).where(~logged).order_by(*columns)
    yield from conn.execute(query)


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:5]) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")
