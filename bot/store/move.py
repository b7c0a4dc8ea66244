"""Everything from one database into another of whichever kind: resumable, and proved before it counts as moved.

Rows go over table by table, in the order that references ask for, a batch to a transaction. Until the end a mark in
the target says that it is half moved (`migrate.assert_ready` refuses it then), and from where.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, tuple_
from sqlalchemy.exc import DataError

from bot.store import filing, migrate, outbox, seals, tables
from bot.store.audit import verify
from bot.store.engine import Counting, Database, uncounted
from bot.store.manifest import Progress, unseen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

BATCH = 1000
_LEFT_OUT = frozenset({"leases", "search"})
"""Who holds what at this moment means nothing elsewhere; what the search finds is made anew from the record."""
_START_OVER = "Empty the target (or take another one) and begin anew; the source is as it was."
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class MoveFailed(Exception):
    """Nothing counts as moved. `remedy` says what to do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReport:
    """What the target holds now: rows by table, and the seal that the log ends with. `fresh` came with this run."""

    rows: dict[str, int]
    fresh: int
    seal: str | None


def move(source: Database, target: Database, *, progress: Progress = unseen) -> MoveReport:
    """Copy everything, and check it: every row's contents, and the whole record on both sides.

    Nobody may write to the source meanwhile (its copy is one moment, but what came later would be left behind).
    Broken off, the same call goes on where it was.

    Args:
        source: at this release's schema.
        target: empty, or half moved from the same source.
        progress: is told `copying`, later `checking` (both sides), and how many rows of how many that came to.

    Raises:
        MoveFailed: the target holds something else, the source changed since the move began, or the copy is not equal.
        NotReady: the source is not at this release's schema, or the target is somebody else's.
    """
    migrate.assert_ready(source)
    migrate.migrate(target, backup_dir=None)
    with source.read() as conn:
        _claim(target, _origin(conn))
        total = _rows(conn)
        copied = _Steps("copying", total, progress)
        fresh = sum(_table(conn, table, target, copied) for table in _tables())
        rows, seal = _compare(conn, target, _Steps("checking", total * 2, progress))
    filing.rebuild(target)
    with target.begin() as into:
        outbox.release_all(into)
        into.execute(delete(tables.leases).where(tables.leases.c.name == migrate.MOVING))
    return MoveReport(rows=rows, fresh=fresh, seal=seal)


def into_file(source: Database, target: Path, counting: Counting = uncounted) -> None:
    """A copy of one moment in an (empty) SQLite file, while others go on writing to the source."""

    def progress(what: str, done: int, total: int) -> None:
        if what == "copying":
            counting(done, total)

    made = Database.at(target)
    try:
        move(source, made, progress=progress)
    finally:
        made.close()
    made.stand_alone()


@dataclass(slots=True)
class _Steps:
    """Tells how far something has come."""

    what: str
    total: int
    progress: Progress
    done: int = 0

    def add(self, rows: int) -> None:
        # Somebody may go on writing to a source that is only backed up.
        self.done = min(self.done + rows, self.total)
        self.progress(self.what, self.done, self.total)


def _rows(conn: Connection) -> int:
    return sum(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in _tables())


def _tables() -> Iterator[Table]:
    return (table for table in tables.metadata.sorted_tables if table.name not in _LEFT_OUT)


def _origin(conn: Connection) -> str:
    """Which database that is: a digest of how its log begins, and how far it has come."""
    first = seals.Fold()
    for row in seals.rows_between(conn, 0, 1):
        first.add(row)
    last = conn.execute(select(func.max(tables.events.c.seq))).scalar()
    return f"{first.hash(0, seals.GENESIS, datetime(1970, 1, 1, tzinfo=UTC))[:32]}:{last or 0}"


def _claim(target: Database, origin: str) -> None:
    """Mark the target as half moved from there, unless it holds anything else."""
    mark = tables.leases.c.name == migrate.MOVING
    with target.begin() as conn:
        found = conn.execute(select(tables.leases.c.owner).where(mark)).scalar()
        if found == origin:
            return
        if found is not None:
            raise MoveFailed(
                "The target holds half of a move from another database, or from an earlier state.", _START_OVER
            )
        filled = [table.name for table in _tables() if conn.execute(select(table).limit(1)).first() is not None]
        if filled:
            raise MoveFailed(f"The target is in use: there is something in {', '.join(filled[:5])}.", _START_OVER)
        conn.execute(insert(tables.leases).values(name=migrate.MOVING, owner=origin, until=_FAR))


def _table(source: Connection, table: Table, target: Database, copied: _Steps) -> int:
    """Copy what is missing of one table; how many rows that were. The target's rows are the source's first ones."""
    with target.read() as conn:
        there: int = conn.execute(select(func.count()).select_from(table)).scalar_one()
    copied.add(there)
    key = list(table.primary_key.columns)
    skipped = there
    fresh = 0
    after: tuple[Any, ...] | None = None
    while True:
        batch = _batch(source, table, key, after, skipped)
        if not batch:
            return fresh
        try:
            with target.begin() as conn:
                conn.execute(insert(table), [dict(row) for row in batch])
        except DataError as error:
            raise MoveFailed(
                f"A row of {table.name} after {after or 'the first'} holds what the target cannot take.",
                "Please report it; the source is as it was.",
            ) from error
        fresh += len(batch)
        skipped = 0
        after = tuple(batch[-1][column.name] for column in key)
        copied.add(len(batch))


def _batch(
    source: Connection, table: Table, key: Sequence[ColumnElement[Any]], after: tuple[Any, ...] | None, skipped: int
) -> list[RowMapping]:
    wanted = select(table).order_by(*key).limit(BATCH)
    if after is not None:
        wanted = wanted.where(tuple_(*key) > tuple_(*after))
    return list(source.execute(wanted.offset(skipped) if skipped else wanted).mappings())


# --- the proof --------------------------------------------------------------------------------------------------


def _compare(source: Connection, target: Database, checked: _Steps) -> tuple[dict[str, int], str | None]:
    """Every row equal, in number and in contents, and the record sound where it came to, with the same last seal."""
    rows: dict[str, int] = {}
    with target.read() as conn:
        for table in _tables():
            (count, digest), (moved, its_digest) = _digest(source, table, checked), _digest(conn, table, checked)
            if (count, digest) != (moved, its_digest):
                raise MoveFailed(f"{table.name} is not equal on both sides ({count} rows, {moved} rows).", _START_OVER)
            rows[table.name] = moved
        here, there = verify(source), verify(conn)
    if here.problems:
        raise MoveFailed(f"The record was not sound before: {'; '.join(here.problems[:3])}.", "See `audit verify`.")
    if there.problems or there.head != here.head:
        raise MoveFailed(f"The record is not sound there: {'; '.join(there.problems[:3])}.", _START_OVER)
    return rows, there.head


def _digest(conn: Connection, table: Table, checked: _Steps) -> tuple[int, int]:
    """How many rows, and a sum of their hashes, for which their order does not matter: databases sort texts apart."""
    count = total = 0
    result = conn.execute(select(table).execution_options(yield_per=BATCH))
    for part in result.mappings().partitions():
        for row in part:
            body = json.dumps(dict(row), sort_keys=True, default=str, ensure_ascii=True).encode("ascii")
            total = (total + int.from_bytes(hashlib.sha256(body).digest()[:16], "big")) % (1 << 128)
        count += len(part)
        checked.add(len(part))
    return count, total
