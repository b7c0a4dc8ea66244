"""Pages of a search: each ticket once, in the place of the newest of its texts that has all that was asked for.

Texts follow each other by the hour in which they were said and, within the hour, as they came to us. A page's
bookmark holds the place and the newest text there was at the first page: what comes in later is not among the older.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.core.queries import Misunderstood
from bot.core.search import Hit, Piece, SearchPage, SearchQuery, parse_search
from bot.core.snippets import found_in, snippet
from bot.core.views import TicketLine
from bot.store.attached import words_of
from bot.store.filing import CONTENT
from bot.store.finding import TOP, Filed, Index, Wanted, index_of, wanted_for
from bot.store.queries import line_from, lines
from bot.store.tables import contents, search, tickets

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from sqlalchemy import Connection

    from bot.core.search import Where

MOST = 200
"""Tickets of a page at most."""
_BOOKMARK = re.compile(r"([0-9a-f]{1,15})\.([0-9a-f]{1,9})", re.ASCII)
_PLACES: dict[str, Where] = {"message": "message", "reply": "reply", "note": "note"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page ended: the key of its last text, and the newest content that counts."""

    key: int
    content: int


def find(
    conn: Connection,
    text: str,
    *,
    now: datetime,
    tz: tzinfo,
    networks: Mapping[str, str],
    after: str | None = None,
    limit: int = 20,
) -> SearchPage | Misunderstood:
    """A page of what a search line finds.

    Args:
        conn: a snapshot.
        text: words and filters, see `bot.core.search`.
        now: the moment of asking.
        tz: the team's time zone.
        networks: the types of the accounts by their ids.
        after: the `next` of the page before.
        limit: tickets on the page; `MOST` at most.
    """
    query = parse_search(text, tz=tz, today=now.astimezone(tz).date())
    if isinstance(query, Misunderstood):
        return query
    accounts = _accounts(conn, query, networks)
    if isinstance(accounts, Misunderstood):
        return accounts
    place = _place(after)
    if isinstance(place, Misunderstood):
        return place
    newest = conn.execute(select(func.max(contents.c.id))).scalar() or 0
    wanted = wanted_for(query, accounts)
    if place is None:
        place = _Place(wanted.highest, newest)
    wanted = replace(wanted, content=min(place.content, newest) if after else CONTENT)
    limit = max(1, min(limit, MOST))
    filed = _tickets(conn, wanted, place.key, limit + 1)
    more = filed[limit - 1].id if len(filed) > limit else None
    hits = _hits(conn, query, _messages_first(conn, wanted, filed[:limit]), now)
    return SearchPage(hits=hits, next=None if more is None else f"{more:x}.{place.content:x}")


def _place(after: str | None) -> _Place | Misunderstood | None:
    if after is None:
        return None
    found = _BOOKMARK.fullmatch(after)
    return Misunderstood(reason="bad_page") if found is None else _Place(int(found[1], 16), int(found[2], 16))


def _accounts(conn: Connection, query: SearchQuery, networks: Mapping[str, str]) -> Collection[str] | Misunderstood:
    """The accounts that the filters leave over; those that are not configured any more still have their tickets."""
    left = {*networks, *_former(conn, query.network), *_former(conn, query.account)}
    for asked, found in (
        (query.network, {account for account in left if query.network in (account, networks.get(account))}),
        (query.account, {account for account in left if query.account == account}),
    ):
        if asked is not None and not found:
            return Misunderstood(reason="unknown_network", params={"word": asked})
        left = left if asked is None else left & found
    return sorted(left) or [""]


def _former(conn: Connection, account: str | None) -> set[str]:
    if account is None:
        return set()
    return set(conn.execute(select(tickets.c.account).where(tickets.c.account == account).limit(1)).scalars())


# --- one line for each ticket --------------------------------------------------------------------------------------


def _tickets(conn: Connection, wanted: Wanted, start: int, count: int) -> list[Filed]:
    """The newest texts below `start`, one for each ticket, none of a ticket that has one from `start` on."""
    index, found = index_of(conn), dict[str, Filed]()
    seen: set[str] = set()
    below, batch = start, 2 * count
    while len(found) < count:
        texts = index.newest(conn, replace(wanted, below=min(below, wanted.below)), batch)
        fresh = {text.ticket for text in texts} - seen
        shown = _shown(conn, index, replace(wanted, above=start - 1), fresh)
        for text in texts:
            if text.ticket not in shown and len(found) < count:
                found.setdefault(text.ticket, text)
        seen |= fresh
        if len(texts) < batch:
            break
        below, batch = texts[-1].id, min(2 * batch, 2_000)
    return list(found.values())


def _shown(conn: Connection, index: Index, above: Wanted, names: Iterable[str]) -> set[str]:
    """Which of the tickets stood on a page before this one."""
    if above.lowest >= above.highest:
        return set()
    # Their texts are few; asking the index about all others would not be.
    texts = select(search.c.id, search.c.ticket).where(search.c.ticket.in_(names), above.bounds())
    rows = {row.id: row.ticket for row in conn.execute(texts)}
    if not rows or not above.clauses:
        return set(rows.values())
    return {rows[number] for number in index.held(conn, above.clauses, list(rows))}


def _messages_first(conn: Connection, wanted: Wanted, filed: Sequence[Filed]) -> list[Filed]:
    """In each text's place the ticket's newest message that has everything, too: what is told of is what was said.

    Replies repeat it; without this, a search would show drafts more often than what they answer.
    """
    others = [text.ticket for text in filed if text.place != "message"]
    if not others:
        return list(filed)
    said = select(search.c.id, search.c.ticket, search.c.place, search.c.at).where(
        search.c.ticket.in_(others), search.c.place == "message", replace(wanted, below=TOP).bounds()
    )
    texts = {row.id: Filed(*row) for row in conn.execute(said)}
    held = index_of(conn).held(conn, wanted.clauses, list(texts)) if wanted.clauses and texts else set(texts)
    newest = {texts[number].ticket: texts[number] for number in sorted(held)}
    return [newest.get(text.ticket, text) if text.place != "message" else text for text in filed]


# --- what people see -----------------------------------------------------------------------------------------------


def _hits(conn: Connection, query: SearchQuery, filed: Sequence[Filed], now: datetime) -> tuple[Hit, ...]:
    if not filed:
        return ()
    chosen = lines().where(tickets.c.id.in_([text.ticket for text in filed]))
    shown = {row["id"]: line_from(row, now) for row in conn.execute(chosen).mappings()}
    wanted = select(contents.c.id, contents.c.text, contents.c.author, contents.c.extra)
    said = {row.id: row for row in conn.execute(wanted.where(contents.c.id.in_([text.id & CONTENT for text in filed])))}
    made = []
    for text in filed:
        row, line = said[text.id & CONTENT], shown[text.ticket]
        name = row.author if text.place == "message" else line.author
        where, pieces = _snippet(query, text, line, row.text + words_of(row.extra), name or "")
        made.append(Hit(line=line, where=where, at=text.at, snippet=pieces))
    return tuple(made)


def _snippet(
    query: SearchQuery, filed: Filed, line: TicketLine, text: str, name: str
) -> tuple[Where, tuple[Piece, ...]]:
    """What was found where: in the text, else in the name, else it is the ticket's id."""
    place = _PLACES[filed.place]
    spans = found_in(text, query.words, unfinished=query.unfinished)
    if spans or not (query.words or query.ids or query.author):
        return place, snippet(text, spans)
    names = (*query.words, query.author) if query.author else query.words
    named = found_in(name, names, unfinished=query.unfinished and not query.author)
    if named:
        return "author", (*snippet(name, named), Piece(": "), *snippet(text, ()))
    called = line.id.lower() in {*query.words, *(ticket.lower() for ticket in query.ids)}
    return ("id" if called else place), snippet(text, ())
