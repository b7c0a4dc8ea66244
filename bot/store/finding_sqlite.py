"""The full-text index of SQLite: FTS5 gives what it finds by falling keys, and stops when that is enough.

See https://www.sqlite.org/fts5.html. Only for a word's beginning it first gathers every word that begins so, which
takes long where these are many; then some of the newest texts are read first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, column, func, or_, select, table

from bot.store.finding import Clause, Filed, Phrase, Wanted, without_unfinished
from bot.store.tables import SEARCH_INDEX, search

if TYPE_CHECKING:
    from sqlalchemy import Connection

READ = 2_000
"""Newest texts that are read for a word's beginning before the index is asked for it."""
_index = table(SEARCH_INDEX, column("rowid"), column(SEARCH_INDEX))
_match = _index.c[SEARCH_INDEX].op("MATCH", is_comparison=True)
_COLUMNS = (search.c.id, search.c.ticket, search.c.place, search.c.at)


class SqliteIndex:
    """See `bot.store.finding.Index`."""

    def matching(self, clauses: Sequence[Clause]) -> ColumnElement[bool]:
        """See `bot.store.finding.Index.matching`."""
        return search.c.id.in_(select(_index.c.rowid).where(_match(_expression(clauses))))

    def held(self, conn: Connection, clauses: Sequence[Clause], keys: Sequence[int]) -> set[int]:
        """See `bot.store.finding.Index.held`."""
        one_by_one = _index.c.rowid.in_(keys)
        return set(conn.execute(select(_index.c.rowid).where(_match(_expression(clauses)), one_by_one)).scalars())

    def newest(self, conn: Connection, wanted: Wanted, limit: int) -> list[Filed]:
        """See `bot.store.finding.Index.newest`."""
        if not wanted.unfinished:
            return _rows(conn, _by_index(wanted, *_COLUMNS).limit(limit))
        read = _by_index(without_unfinished(wanted), *_COLUMNS, search.c.words).limit(READ).subquery()
        chosen = (read.c.id, read.c.ticket, read.c.place, read.c.at)
        found = _rows(conn, select(*chosen).where(_holds(read.c.words, wanted)).limit(limit))
        if len(found) == limit:
            return found
        count, last = conn.execute(select(func.count(), func.min(read.c.id))).one()
        if count < READ:
            return found
        rest = _by_index(replace(wanted, below=last), *_COLUMNS).limit(limit - len(found))
        return found + _rows(conn, rest)


def _by_index(wanted: Wanted, *columns: ColumnElement[Any]) -> Select[Any]:
    """By falling keys. The bounds stand on the index's own keys, or it would read what they leave out."""
    if not wanted.clauses:
        return select(*columns).where(wanted.bounds()).order_by(search.c.id.desc())
    keys = _index.c.rowid
    joined = _index.join(search, search.c.id == keys)
    found = select(*columns).select_from(joined).where(_match(_expression(wanted.clauses)), wanted.bounds())
    return found.where(keys >= wanted.lowest, keys < wanted.highest).order_by(keys.desc())


def _rows(conn: Connection, query: Select[Any]) -> list[Filed]:
    return [Filed(*row) for row in conn.execute(query)]


def _expression(clauses: Sequence[Clause]) -> str:
    """The clauses in FTS5's language. Filed words hold no quotation marks."""
    return " AND ".join(f"({' OR '.join(map(_phrase, clause))})" for clause in clauses)


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + (" *" if phrase.unfinished else "")


def _holds(words: ColumnElement[str], wanted: Wanted) -> ColumnElement[bool]:
    """The clauses with unfinished words, asked of the filed words themselves."""
    open_ = [clause for clause in wanted.clauses if any(phrase.unfinished for phrase in clause)]
    return and_(*(or_(*(func.instr(words, _beginning(phrase)) > 0 for phrase in clause)) for clause in open_))


def _beginning(phrase: Phrase) -> str:
    return f" {' '.join(phrase.words)}" + ("" if phrase.unfinished else " ")
