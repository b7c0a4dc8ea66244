"""What the search finds, written in the transaction of the texts themselves and removed with them.

Every text under a ticket is filed once: messages, wordings of replies, remarks of the team. Beside its own words
stand those of the customer's name (`@rosa`), the ticket's id (`#k7q2`) and how the ticket stands (`=kind:complaint`),
which triggers on `tickets` keep up to date. No text holds words that begin with those marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, func, literal, select

from bot.core.messages import Fact
from bot.core.search import words_of
from bot.store import attached
from bot.store import tables as t
from bot.store.bulk import add_rows
from bot.store.columns import to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row, Table

    from bot.core.case import Case
    from bot.core.ticket import Ticket
    from bot.store.engine import Database

CONTENT_BITS = 36
CONTENT = (1 << CONTENT_BITS) - 1
"""What of a key is the content's id."""
MOST_WORDS = 4_000
"""Words of one text that can be found; nobody writes more."""
_HOUR = 3_600 * 1_000_000
_NOTES = frozenset({Fact.NOTE_ADDED.value, Fact.QUESTION_ASKED.value})
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What is filed of a ticket beside each of its texts; `names` are the customer's."""

    ticket: str
    facets: str
    names: str

    def entry(self, content: int, place: str, at: datetime, text: str) -> dict[str, Any]:
        """The row of a text."""
        words = " ".join(words_of(text, MOST_WORDS))
        return {
            "id": key(at, content),
            "ticket": self.ticket,
            "place": place,
            "at": at,
            # The marked words in between keep the end of the text from standing beside the name.
            "words": f" {words} {self.facets} #{self.ticket.lower()} {self.names} ",
        }


def key(at: datetime, content: int = 0) -> int:
    """Where a text is filed: under the hour in which it was said, and within the hour as it came to us.

    Keys of one hour lie close together, which keeps the index small; a span of time is a span of keys.
    """
    return (max(0, to_micros(at) // _HOUR) << CONTENT_BITS) + content


def facets(*, account: str, kind: str, status: str, severity: str) -> str:
    """How a ticket stands, as words; `triggers.py` replaces them by what stands here."""
    return f"=account:{account} =kind:{kind} =state:{status} =severity:{severity}"


def filed(rows: Mapping[Table, Sequence[dict[str, Any]]], case: Callable[[str], Case | None]) -> list[dict[str, Any]]:
    """What is to be filed of rows that a transaction adds.

    Args:
        rows: by table, as they will be inserted.
        case: a ticket's case as it stands at the end of the transaction.
    """
    texts = {row["id"]: row for row in rows.get(t.contents, ())}
    made = []
    known: dict[str, Standing] = {}
    for content, ticket, place, at in _texts(rows):
        row = texts.get(content)
        if row is None:
            continue
        if ticket not in known:
            found = case(ticket)
            if found is None:
                continue
            known[ticket] = _standing(found)
        stands, text = known[ticket], row["text"]
        if place == "message":
            stands = replace(stands, names=names(row["author"], row["extra"]))
            text += attached.words_of(row["extra"])
        made.append(stands.entry(content, place, at, text))
    # In order, the index takes all of them in one go.
    return sorted(made, key=lambda entry: entry["id"])


def forget(conn: Connection, contents: Sequence[int], tickets: Sequence[str]) -> None:
    """Remove texts of these tickets by their contents' ids, a few hundred at most."""
    content = t.search.c.id.bitwise_and(CONTENT)
    conn.execute(delete(t.search).where(t.search.c.ticket.in_(tickets), content.in_(contents)))


def rebuild(db: Database) -> int:
    """File everything anew, from the record; how many texts that were. Nobody else may write meanwhile."""
    count = 0
    with db.begin() as conn:
        conn.execute(delete(t.search))
    with db.read() as conn:
        for query in _everything():
            for part in conn.execute(query.execution_options(yield_per=_BATCH)).partitions():
                entries = sorted(map(_entry_of, part), key=lambda entry: entry["id"])
                with db.begin() as into:
                    add_rows(into, t.search, entries)
                count += len(entries)
    return count


# --- from what is being written ----------------------------------------------------------------------------------


def _texts(rows: Mapping[Table, Sequence[dict[str, Any]]]) -> Iterator[tuple[int, str, str, datetime]]:
    for item in rows.get(t.items, ()):
        if item["ticket"] is not None and not item["gone"]:
            place = "reply" if item["ours"] else "message"
            yield item["content"], item["ticket"], place, item["edited_at"] or item["created_at"]
    for wording in rows.get(t.revisions, ()):
        yield wording["content"], wording["reply"].partition(".")[0], "reply", wording["created_at"]
    for event in rows.get(t.events, ()):
        if event["type"] in _NOTES and event["ticket"] is not None and event["content"] is not None:
            yield event["content"], event["ticket"], "note", event["at"]


def _standing(case: Case) -> Standing:
    ticket: Ticket = case.ticket
    author = case.item.item.author
    stands = facets(account=ticket.account, kind=ticket.kind, status=ticket.status, severity=ticket.severity)
    return Standing(ticket.id, stands, names(author.name, {"handle": author.handle}))


def names(name: str | None, extra: Mapping[str, Any]) -> str:
    """A customer's name and handle, as words."""
    return " ".join(f"@{word}" for word in words_of(f"{name or ''} {extra.get('handle') or ''}", 20))


# --- from the record -----------------------------------------------------------------------------------------------


def _everything() -> Iterable[Select[Any]]:
    """The texts under tickets, source by source, in the order of their keys as far as that costs nothing."""
    k, c = t.tickets.c, t.contents.c
    of_ticket = (k.id.label("ticket"), k.account, k.kind, k.status, k.severity)
    newest, named = t.items.alias("newest"), t.contents.alias("named")
    # Under replies and remarks stands the name of whom they are about.
    customer = (named.c.author.label("name"), named.c.extra.label("notes"))
    about = t.tickets.join(newest, newest.c.id == k.item).join(named, named.c.id == newest.c.content)
    i, v, e = t.items.c, t.revisions.c, t.events.c
    said_at = func.coalesce(i.edited_at, i.created_at, type_=i.created_at.type)
    said = t.items.join(t.contents, c.id == i.content).join(t.tickets, k.id == i.ticket)
    own = (c.author.label("name"), c.extra.label("notes"))
    messages = select(c.id, c.text, *own, *of_ticket, said_at.label("at"), literal("message").label("place"))
    yield messages.select_from(said).where(~i.gone, ~i.ours, c.erased_at.is_(None)).order_by(i.id)
    ours = select(c.id, c.text, *customer, *of_ticket, said_at.label("at"), literal("reply").label("place"))
    both = t.items.join(t.contents, c.id == i.content).join(about, k.id == i.ticket)
    yield ours.select_from(both).where(~i.gone, i.ours, c.erased_at.is_(None)).order_by(i.id)
    worded = select(c.id, c.text, *customer, *of_ticket, v.created_at.label("at"), literal("reply").label("place"))
    replies = t.revisions.join(t.contents, c.id == v.content).join(t.replies, t.replies.c.id == v.reply)
    yield worded.select_from(replies.join(about, k.id == t.replies.c.ticket)).where(c.erased_at.is_(None))
    noted = select(c.id, c.text, *customer, *of_ticket, e.at, literal("note").label("place"))
    remarks = t.events.join(t.contents, c.id == e.content).join(about, k.id == e.ticket)
    yield noted.select_from(remarks).where(e.type.in_(_NOTES), c.erased_at.is_(None)).order_by(e.seq)


def _entry_of(row: Row[Any]) -> dict[str, Any]:
    stands = facets(account=row.account, kind=row.kind, status=row.status, severity=row.severity)
    standing = Standing(row.ticket, stands, names(row.name, row.notes or {}))
    # What stands beside a reply or a remark are the customer's notes, not its own.
    more = attached.words_of(row.notes or {}) if row.place == "message" else ""
    return standing.entry(row.id, row.place, row.at, row.text + more)
