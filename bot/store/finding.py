"""What a search asks of the full-text index, and who answers it on which database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, true

from bot.core.ids import ALPHABET
from bot.core.types import Kind, Severity, TicketStatus
from bot.store.filing import CONTENT, key
from bot.store.tables import search

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.core.search import SearchQuery

TOP = (1 << 63) - 1
"""Above every key."""
_ID = frozenset(ALPHABET.lower())
_ID_LENGTHS = range(4, 7)


class Phrase(NamedTuple):
    """Filed words that stand side by side; `unfinished`: the last may be the beginning of a longer one."""

    words: tuple[str, ...]
    unfinished: bool = False


Clause = tuple[Phrase, ...]
"""One of these must be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Texts in which every clause holds, said in `since <= t < until`, with a key below `below`.

    `content` is the newest content that counts, so that what comes in while somebody turns pages changes nothing.
    """

    clauses: tuple[Clause, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    below: int = TOP
    above: int = -1
    content: int = CONTENT

    @property
    def lowest(self) -> int:
        """No key below this one counts."""
        return max(self.above + 1, 0 if self.since is None else key(self.since))

    @property
    def highest(self) -> int:
        """No key from this one on counts."""
        # What was said in the hour in which `until` lies may be before it.
        return self.below if self.until is None else min(self.below, key(self.until) + CONTENT + 1)

    @property
    def unfinished(self) -> bool:
        """Whether one of the words may be longer."""
        return any(phrase.unfinished for clause in self.clauses for phrase in clause)

    def bounds(self) -> ColumnElement[bool]:
        """Everything but the clauses."""
        conditions = [search.c.id >= self.lowest, search.c.id < self.highest]
        if self.since is not None:
            conditions.append(search.c.at >= self.since)
        if self.until is not None:
            conditions.append(search.c.at < self.until)
        if self.content < CONTENT:
            conditions.append(search.c.id.bitwise_and(CONTENT) <= self.content)
        return and_(true(), *conditions)


class Filed(NamedTuple):
    """A text that was found."""

    id: int
    ticket: str
    place: str
    at: datetime


class Index(Protocol):
    """What differs between the databases."""

    def matching(self, clauses: Sequence[Clause]) -> ColumnElement[bool]:
        """The condition on `search` that every clause (there is one at least) holds."""
        ...

    def held(self, conn: Connection, clauses: Sequence[Clause], keys: Sequence[int]) -> set[int]:
        """In which of these texts every clause holds."""
        ...

    def newest(self, conn: Connection, wanted: Wanted, limit: int) -> list[Filed]:
        """The texts with the highest keys, highest first."""
        ...


def index_of(conn: Connection) -> Index:
    """The index of the database behind a connection."""
    if conn.dialect.name == "postgresql":
        from bot.store.finding_postgres import PostgresIndex  # noqa: PLC0415 -- only whoever uses it needs it

        return PostgresIndex()
    from bot.store.finding_sqlite import SqliteIndex  # noqa: PLC0415 -- as above

    return SqliteIndex()


def wanted_for(query: SearchQuery, accounts: Iterable[str]) -> Wanted:
    """What a query asks for.

    Args:
        query: understood.
        accounts: the ids that its `network` and `account` leave over.
    """
    last = len(query.words) - 1
    clauses = [word_clause(row, unfinished=query.unfinished and at == last) for at, row in enumerate(query.words)]
    clauses += [_one_of("#", (ticket.lower(),)) for ticket in query.ids]
    if query.author is not None:
        clauses.append((Phrase(tuple(f"@{word}" for word in query.author.split(" "))),))
    if query.network is not None or query.account is not None:
        clauses.append(_one_of("=account:", accounts))
    facets: Mapping[str, Kind | TicketStatus | Severity | None]
    facets = {"kind": query.kind, "state": query.state, "severity": query.severity}
    clauses += [_one_of(f"={name}:", (value,)) for name, value in facets.items() if value is not None]
    return Wanted(clauses=tuple(clauses), since=query.since, until=query.until)


def word_clause(row: str, *, unfinished: bool = False) -> Clause:
    """A word, or several side by side: in the text, in the customer's name, or a ticket's id."""
    words = tuple(row.split(" "))
    named = tuple(f"@{word}" for word in words)
    found = (Phrase(words, unfinished), Phrase(named, unfinished))
    only = words[0]
    if len(words) == 1 and len(only) in _ID_LENGTHS and _ID.issuperset(only):
        return (*found, Phrase((f"#{only}",)))
    return found


def state_clause(statuses: Iterable[TicketStatus]) -> Clause:
    """Texts of tickets that stand so."""
    return _one_of("=state:", statuses)


def without_unfinished(wanted: Wanted) -> Wanted:
    """The same, whatever unfinished words may become."""
    whole = tuple(clause for clause in wanted.clauses if not any(phrase.unfinished for phrase in clause))
    return replace(wanted, clauses=whole)


def _one_of(mark: str, values: Iterable[str]) -> Clause:
    return tuple(Phrase((f"{mark}{value}",)) for value in values)
