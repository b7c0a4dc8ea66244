"""The full-text index of PostgreSQL: GIN knows which texts hold a word, but not which of them are the newest.

So some of the newest texts are read first, which finds common words at once. What is rarer has few texts left, and
these the index gathers quickly. See https://www.postgresql.org/docs/current/textsearch-indexes.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, cast, func, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.store.finding import Clause, Filed, Phrase, Wanted
from bot.store.tables import search

if TYPE_CHECKING:
    from sqlalchemy import Connection

READ = 30_000
"""Newest texts that are read before the index is asked."""
_COLUMNS = (search.c.id, search.c.ticket, search.c.place, search.c.at)
# A plan made once for all words would not know which of them are common.
_PLAN_EACH = text("SET LOCAL plan_cache_mode = force_custom_plan")


class PostgresIndex:
    """See `bot.store.finding.Index`."""

    def matching(self, clauses: Sequence[Clause]) -> ColumnElement[bool]:
        """See `bot.store.finding.Index.matching`."""
        return _match(search.c.words, clauses)

    def held(self, conn: Connection, clauses: Sequence[Clause], keys: Sequence[int]) -> set[int]:
        """See `bot.store.finding.Index.held`."""
        texts = select(search.c.id, search.c.words).where(search.c.id.in_(keys)).cte("texts")
        read = texts.prefix_with("MATERIALIZED", dialect="postgresql")
        return set(conn.execute(select(read.c.id).where(_match(read.c.words, clauses))).scalars())

    def newest(self, conn: Connection, wanted: Wanted, limit: int) -> list[Filed]:
        """See `bot.store.finding.Index.newest`."""
        conn.execute(_PLAN_EACH)
        if not wanted.clauses:
            return _rows(conn, select(*_COLUMNS).where(wanted.bounds()).order_by(search.c.id.desc()).limit(limit))
        read = select(*_COLUMNS, search.c.words).where(wanted.bounds()).order_by(search.c.id.desc()).limit(READ)
        part = read.subquery()
        held = select(part.c.id, part.c.ticket, part.c.place, part.c.at).where(_match(part.c.words, wanted.clauses))
        found = _rows(conn, held.order_by(part.c.id.desc()).limit(limit))
        if len(found) == limit:
            return found
        count, last = conn.execute(select(func.count(), func.min(part.c.id))).one()
        if count < READ:
            return found
        return found + self._older(conn, replace(wanted, below=last), limit - len(found))

    def _older(self, conn: Connection, wanted: Wanted, limit: int) -> list[Filed]:
        """By the index. Gathered before they are put in order, or the server might look for them in order."""
        gathered = select(*_COLUMNS).where(_match(search.c.words, wanted.clauses), wanted.bounds())
        held = gathered.cte("gathered").prefix_with("MATERIALIZED", dialect="postgresql")
        return _rows(conn, select(held).order_by(held.c.id.desc()).limit(limit))


def _rows(conn: Connection, query: Select[Any]) -> list[Filed]:
    return [Filed(*row) for row in conn.execute(query)]


def _match(words: ColumnElement[Any], clauses: Sequence[Clause]) -> ColumnElement[bool]:
    return words.op("@@", is_comparison=True)(cast(_expression(clauses), TSQUERY))


def _expression(clauses: Sequence[Clause]) -> str:
    """The clauses as a `tsquery`. Filed words hold neither quotes nor backslashes."""
    return " & ".join(f"({' | '.join(map(_phrase, clause))})" for clause in clauses)


def _phrase(phrase: Phrase) -> str:
    *first, last = (f"'{word}'" for word in phrase.words)
    joined = " <-> ".join((*first, f"{last}:*" if phrase.unfinished else last))
    return f"({joined})" if first else joined
