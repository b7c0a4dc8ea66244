"""Reading what a decision looks at: tickets, items, replies and decisions as the core's own types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, func, select

from bot.core.approval import Decision, Verdict
from bot.core.briefs import Cited, Made
from bot.core.case import Case, Revision, StoredItem
from bot.core.reply import NEEDS_HAND, Reply
from bot.core.ticket import Ticket
from bot.core.types import (
    Author,
    AuthorFlag,
    Finding,
    Item,
    Kind,
    ReplyState,
    Sentiment,
    Severity,
    TicketStatus,
    Visibility,
)
from bot.store import tables as t
from bot.store.attached import attachments_of, more_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import RowMapping

CHUNK = 500
"""How many values one IN may hold."""

_TICKET_FIELDS = tuple(Ticket.__dataclass_fields__)
_REPLY_FIELDS = tuple(Reply.__dataclass_fields__)


# Built once: for a single comment, putting these together costs more than running them.
_ACCOUNT: BindParameter[str] = bindparam("account")
_SOME: BindParameter[Any] = bindparam("some", expanding=True)


def _newest_versions() -> Select[Any]:
    i = t.items.c
    where = and_(i.account == _ACCOUNT, i.native_id.in_(_SOME))
    newest = select(i.native_id, func.max(i.number).label("number")).where(where).group_by(i.native_id).subquery()
    join = and_(i.account == _ACCOUNT, i.native_id == newest.c.native_id, i.number == newest.c.number)
    columns = (i.native_id, i.number, i.version, i.ticket, i.gone, i.created_at, i.edited_at, i.content, i.author)
    return select(*columns).join(newest, join)


_VERSIONS = _newest_versions()
_AUTHOR_IDS = select(t.authors.c.native_id, t.authors.c.id, t.authors.c.flag).where(
    t.authors.c.account == _ACCOUNT, t.authors.c.native_id.in_(_SOME)
)
_MATTERS = (
    select(t.tickets)
    .where(t.tickets.c.account == _ACCOUNT, t.tickets.c.author.in_(_SOME))
    .order_by(t.tickets.c.opened_at)
)
_TICKET = select(t.tickets).where(t.tickets.c.id == bindparam("of"))
_REPLY = select(t.replies).where(t.replies.c.ticket == bindparam("of"), t.replies.c.number == bindparam("number"))
_REVISION = (
    select(t.revisions, t.contents.c.text, t.contents.c.extra)
    .select_from(t.revisions.join(t.contents, t.contents.c.id == t.revisions.c.content))
    .where(t.revisions.c.reply == bindparam("of"), t.revisions.c.number == bindparam("number"))
)
_DECISIONS = select(t.decisions).where(t.decisions.c.reply == bindparam("of")).order_by(t.decisions.c.id)


def ticket_from(row: RowMapping) -> Ticket:
    """A ticket row as the core's ticket."""
    values: dict[str, Any] = {name: row[name] for name in _TICKET_FIELDS}
    values["status"] = TicketStatus(values["status"])
    values["kind"] = Kind(values["kind"])
    values["severity"] = Severity(values["severity"])
    values["sentiment"] = Sentiment(values["sentiment"])
    values["visibility"] = Visibility(values["visibility"])
    values["flag"] = AuthorFlag(values["flag"]) if values["flag"] else None
    return Ticket(**values)


def reply_from(row: RowMapping) -> Reply:
    """A reply row as the core's reply."""
    values: dict[str, Any] = {name: row[name] for name in _REPLY_FIELDS}
    values["state"] = ReplyState(values["state"])
    return Reply(**values)


def findings_from(extra: dict[str, Any]) -> tuple[Finding, ...]:
    """The guard's findings, as kept beside a revision's text."""
    return tuple(Finding(**check) for check in extra.get("checks", ()))


def cited_from(rows: Sequence[Mapping[str, Any]]) -> tuple[Cited, ...]:
    """The facts that a revision relies on, as kept beside it."""
    return tuple(Cited(**row) for row in rows)


def made_from(kept: Mapping[str, Any] | None) -> Made | None:
    """How a model made a revision, as kept beside it."""
    return Made(**kept) if kept else None


def _items() -> Select[Any]:
    joined = t.items.join(t.contents, t.contents.c.id == t.items.c.content).outerjoin(
        t.authors, t.authors.c.id == t.items.c.author
    )
    return select(
        t.items,
        t.contents.c.text,
        t.contents.c.author.label("author_name"),
        t.contents.c.url,
        t.contents.c.extra,
        t.authors.c.native_id.label("author_native"),
    ).select_from(joined)


def stored_from(row: RowMapping) -> StoredItem:
    """An item row, joined with its text and author, as the core's stored item."""
    extra = row["extra"]
    author = Author(
        id=row["author_native"],
        name=row["author_name"] or "",
        handle=extra.get("handle"),
        url=extra.get("author_url"),
        reach=row["reach"],
    )
    item = Item(
        account=row["account"],
        native_id=row["native_id"],
        version=row["version"],
        author=author,
        text=row["text"],
        created_at=row["created_at"],
        thread_key=row["thread_key"],
        edited_at=row["edited_at"],
        parent=row["parent"],
        url=row["url"],
        visibility=Visibility(row["visibility"]),
        ours=row["ours"],
        reply_by=row["reply_by"],
        attachments=attachments_of(extra),
        more_attachments=more_of(extra),
    )
    return StoredItem(id=row["id"], item=item, number=row["number"], gone=row["gone"])


def latest_item(conn: Connection, account: str, native_id: str) -> tuple[StoredItem, str | None] | None:
    """The newest version of an item and the ticket it belongs to."""
    wanted = _items().where(t.items.c.account == account, t.items.c.native_id == native_id)
    row = conn.execute(wanted.order_by(t.items.c.number.desc()).limit(1)).mappings().first()
    return None if row is None else (stored_from(row), row["ticket"])


def newest_of(conn: Connection, item: int) -> StoredItem:
    """The newest version of the item that this row is a version of."""
    row = conn.execute(_NEWEST_OF, {"item": item}).mappings().first()
    if row is None:
        raise LookupError(f"item {item}")
    return stored_from(row)


def _newest_of() -> Select[Any]:
    """Built once: putting this statement together costs more than running it, and every wish runs it twice."""
    i, one = t.items.c, t.items.alias("one").c
    account, native_id = (
        select(column).where(one.id == bindparam("item")).scalar_subquery() for column in (one.account, one.native_id)
    )
    return _items().where(i.account == account, i.native_id == native_id).order_by(i.number.desc()).limit(1)


_NEWEST_OF = _newest_of()


def versions(conn: Connection, account: str, native_ids: Sequence[str]) -> dict[str, RowMapping]:
    """The newest version row (without text) of each of these items that we know."""
    rows = _in_chunks(conn, _VERSIONS, account, native_ids)
    return {row["native_id"]: row for row in rows}


def has_version(conn: Connection, account: str, native_id: str, version: str) -> bool:
    """Whether this very version was seen before, be it the newest or not."""
    i = t.items.c
    one = select(i.id).where(i.account == account, i.native_id == native_id, i.version == version, i.gone.is_(False))
    return conn.execute(one.limit(1)).first() is not None


def known_authors(
    conn: Connection, account: str, native_ids: Sequence[str]
) -> dict[str, tuple[int, AuthorFlag | None]]:
    """Our numbers of the network's people that we know, and their flags."""
    rows = _in_chunks(conn, _AUTHOR_IDS, account, native_ids)
    return {row["native_id"]: (row["id"], AuthorFlag(row["flag"]) if row["flag"] else None) for row in rows}


def matters(conn: Connection, account: str, authors: Sequence[int]) -> dict[tuple[str, int], Ticket]:
    """The newest ticket of each (thread, author) of these authors."""
    rows = _in_chunks(conn, _MATTERS, account, authors)
    return {(row["thread_key"], row["author"]): ticket_from(row) for row in rows}


def _in_chunks(
    conn: Connection, statement: Select[Any], account: str, values: Sequence[str] | Sequence[int]
) -> Iterator[RowMapping]:
    """The rows of a statement about `account` and `some` of the values, chunk by chunk."""
    for start in range(0, len(values), CHUNK):
        some = values[start : start + CHUNK]
        yield from conn.execute(statement, {"account": account, "some": some}).mappings()


def load_ticket(conn: Connection, ticket: str) -> Ticket | None:
    """The ticket with this id."""
    row = conn.execute(_TICKET, {"of": ticket}).mappings().first()
    return None if row is None else ticket_from(row)


def load_case(conn: Connection, ticket: Ticket) -> Case:
    """The ticket with its newest reply and all that this reply hangs on."""
    item = _standing(conn, ticket)
    if not ticket.replies:
        return Case(ticket=ticket, item=item)
    row = conn.execute(_REPLY, {"of": ticket.id, "number": ticket.replies}).mappings().one()
    return _with_reply(conn, ticket, item, reply_from(row))


def load_reply(conn: Connection, reply: str) -> Reply | None:
    """The reply with this id."""
    row = conn.execute(select(t.replies).where(t.replies.c.id == reply)).mappings().first()
    return None if row is None else reply_from(row)


def load_needing_hand(conn: Connection, ticket: Ticket) -> Case | None:
    """The ticket with its newest reply that waits for a person to settle it."""
    r = t.replies.c
    stuck = select(t.replies).where(r.ticket == ticket.id, r.state.in_([state.value for state in NEEDS_HAND]))
    row = conn.execute(stuck.order_by(r.number.desc()).limit(1)).mappings().first()
    return None if row is None else _with_reply(conn, ticket, _standing(conn, ticket), reply_from(row))


def _with_reply(conn: Connection, ticket: Ticket, item: StoredItem, reply: Reply) -> Case:
    target = item if reply.item == item.id else newest_of(conn, reply.item)
    return Case(
        ticket=ticket,
        item=item,
        reply=reply,
        target=target,
        revision=load_revision(conn, reply.id, reply.revision),
        decisions=load_decisions(conn, reply.id),
    )


def _standing(conn: Connection, ticket: Ticket) -> StoredItem:
    """The ticket's newest item that is still there; when none is, the newest."""
    item = newest_of(conn, ticket.item)
    if not item.gone:
        return item
    i = t.items.c
    theirs = select(i.id).where(i.ticket == ticket.id, i.ours.is_(False), i.number == 1).order_by(i.id.desc())
    for other in conn.execute(theirs).scalars().all():
        found = newest_of(conn, other)
        if not found.gone:
            return found
    return item


def load_revision(conn: Connection, reply: str, number: int) -> Revision | None:
    """A reply's revision with its text and checks."""
    row = conn.execute(_REVISION, {"of": reply, "number": number}).mappings().first()
    if row is None:
        return None
    return Revision(
        reply=reply,
        number=number,
        text=row["text"],
        text_hash=row["text_hash"],
        author=row["author"],
        source=row["source"],
        created_at=row["created_at"],
        language=row["language"],
        checks=findings_from(row["extra"]),
        facts=cited_from(row["facts"]),
        made=made_from(row["made"]),
    )


def load_decisions(conn: Connection, reply: str) -> tuple[Decision, ...]:
    """All decisions about a reply, oldest first."""
    rows = conn.execute(_DECISIONS, {"of": reply}).mappings()
    return tuple(
        Decision(
            reply=reply,
            revision=row["revision"],
            person=row["person"],
            verdict=Verdict(row["verdict"]),
            via=row["via"],
            at=row["at"],
            binding=row["binding"],
            expires_at=row["expires_at"],
        )
        for row in rows
    )
