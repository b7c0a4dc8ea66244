"""Who is meant: from a network's id, a handle or a displayed name to the items that this person wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, or_, select

from bot.store.log import chunks
from bot.store.tables import authors, contents, items

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row

    _Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A person outside: `native_id` is None where names are merely typed, so that anybody may have written them."""

    account: str
    native_id: str | None
    names: tuple[str, ...]
    items: int


class AmbiguousAuthor(Exception):
    """Several people are called that; `matches` tells them apart by account and the network's own id."""

    def __init__(self, who: str, matches: tuple[Match, ...]) -> None:
        super().__init__(f"{len(matches)} people are called {who!r}")
        self.matches = matches
        self.remedy = "Name the account, or use the network's own id."


@dataclass(slots=True)
class Found:
    """Whose items: `authors` are rows of ours, `items` every version of everything they wrote."""

    matches: tuple[Match, ...] = ()
    authors: list[int] = field(default_factory=list)
    items: list[int] = field(default_factory=list)


def find_authors(conn: Connection, *, account: str | None, who: str) -> Found:
    """The person with that id; if there is none, the one with that handle; if there is none, with that name.

    Raises:
        AmbiguousAuthor: it might be several people.
    """
    handle = who.removeprefix("@")
    given = contents.c.extra["handle"].as_string()
    for ways in (
        [authors.c.native_id == who],
        [or_(given == handle, given == f"@{handle}")],
        [contents.c.author == who],
    ):
        rows = _written(conn, account, ways)
        if rows:
            return _sorted(conn, who, rows)
    return Found()


_COLUMNS = (
    items.c.id,
    items.c.account,
    items.c.author,
    authors.c.native_id,
    contents.c.author.label("name"),
    contents.c.erased_at,
)


def _written(conn: Connection, account: str | None, ways: Iterable[ColumnElement[bool]]) -> Sequence[_Row]:
    query = (
        select(*_COLUMNS)
        .join(contents, contents.c.id == items.c.content)
        .outerjoin(authors, authors.c.id == items.c.author)
        .where(items.c.ours.is_(False), *ways)
    )
    if account is not None:
        query = query.where(items.c.account == account)
    return conn.execute(query.order_by(items.c.id)).all()


def _sorted(conn: Connection, who: str, rows: Sequence[_Row]) -> Found:
    """One person, or an objection. Typed names within one account count as that person's."""
    known = sorted({row.author for row in rows if row.author is not None})
    for part in chunks(known):
        # Under whatever other name the same person wrote as well.
        rows = [*rows, *_written(conn, None, [items.c.author.in_(part)])]
    unique = {row.id: row for row in rows}
    matches = _matches(unique.values())
    if len(known) > 1 or len({match.account for match in matches}) > 1:
        raise AmbiguousAuthor(who, matches)
    return Found(matches=matches, authors=known, items=sorted(unique))


def _matches(rows: Iterable[_Row]) -> tuple[Match, ...]:
    groups: dict[tuple[str, int | None], list[_Row]] = {}
    for row in rows:
        groups.setdefault((row.account, row.author), []).append(row)
    return tuple(
        Match(
            account=account,
            native_id=group[0].native_id,
            names=tuple(sorted({row.name for row in group if row.name})),
            items=len(group),
        )
        for (account, _), group in sorted(groups.items(), key=lambda pair: (pair[0][0], pair[0][1] or 0))
    )
