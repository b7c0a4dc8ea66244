"""What has vanished from the networks: replies of ours, and customers' comments that somebody took away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sqlalchemy import and_, exists, select

from bot.core.types import Author, ReplyState, TicketStatus
from bot.store.cases import latest_item, load_reply, load_revision, newest_of
from bot.store.partial import GONE
from bot.store.tables import contents, items, replies, tickets

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.types import Item

LOST = and_(
    replies.c.vanished_at.is_not(None),
    replies.c.state == ReplyState.PUBLISHED.value,
    replies.c.number == tickets.c.replies,
    tickets.c.status != TicketStatus.CLOSED.value,
)
"""A reply that is not there any more, with nobody having written another one or closed the ticket since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """Something that stood on a network and does not any more. `at` is when it was noticed, `stood` since when.

    `reply` is the id of a reply of ours (`K7Q2.1`), None for a customer's comment. `url` is where it stood.
    """

    at: datetime
    what: Literal["reply", "comment"]
    account: str
    ticket: str
    native_id: str
    stood: datetime
    reply: str | None = None
    url: str | None = None


def vanished(conn: Connection, since: datetime, until: datetime, *, limit: int = 200) -> list[Vanished]:
    """What was noticed in `since <= t < until`: our replies first, then comments, each oldest first."""
    found = _replies(conn, since, until, limit)
    return found + _comments(conn, since, until, limit - len(found)) if len(found) < limit else found


def _replies(conn: Connection, since: datetime, until: datetime, limit: int) -> list[Vanished]:
    r = replies.c
    wanted = select(r.id, r.account, r.ticket, r.posted_id, r.posted_url, r.posted_at, r.vanished_at)
    wanted = wanted.where(r.vanished_at >= since, r.vanished_at < until).order_by(r.vanished_at, r.id).limit(limit)
    return [
        Vanished(
            at=row.vanished_at,
            what="reply",
            account=row.account,
            ticket=row.ticket,
            native_id=row.posted_id or "",
            stood=row.posted_at or row.vanished_at,
            reply=row.id,
            url=row.posted_url,
        )
        for row in conn.execute(wanted)
    ]


def _comments(conn: Connection, since: datetime, until: datetime, limit: int) -> list[Vanished]:
    i = items.c
    wanted = (
        select(i.account, i.ticket, i.native_id, i.created_at, i.received_at, contents.c.url)
        .select_from(items.join(contents, contents.c.id == i.content))
        # Our own posts that vanish are told as replies; a ticket's other posts of ours are nobody's concern.
        .where(GONE, ~i.ours, i.ticket.is_not(None), i.received_at >= since, i.received_at < until)
    )
    return [
        Vanished(
            at=row.received_at,
            what="comment",
            account=row.account,
            ticket=row.ticket,
            native_id=row.native_id,
            stood=row.created_at,
            url=row.url,
        )
        for row in conn.execute(wanted.order_by(i.received_at, i.id).limit(limit))
    ]


# --- what is looked at -------------------------------------------------------------------------------------------

NEWEST = 5000
"""How many of the newest rows of items are asked: there may be millions, and no index on when they came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Something that stood on a network when we last heard of it, since `stood`; `reply` as in `Vanished`."""

    native_id: str
    stood: datetime
    reply: str | None = None


def standing(conn: Connection, account: str, since: datetime, *, limit: int) -> list[Standing]:
    """An account's published replies and customers' comments since then, the newest first; `limit` of each."""
    r = replies.c
    ours = select(r.posted_id, r.posted_at, r.id).where(
        r.account == account,
        r.posted_at >= since,
        r.posted_id.is_not(None),
        r.vanished_at.is_(None),
        r.state == ReplyState.PUBLISHED.value,
    )
    found = [
        Standing(native_id=row.posted_id, stood=row.posted_at, reply=row.id)
        for row in conn.execute(ours.order_by(r.posted_at.desc()).limit(limit))
    ]
    i, later = items.c, items.alias("later")
    newest = select(i.id).order_by(i.id.desc()).limit(NEWEST).subquery()
    superseded = exists().where(
        later.c.account == i.account, later.c.native_id == i.native_id, later.c.number > i.number
    )
    theirs = select(i.native_id, i.created_at).where(
        i.id.in_(select(newest.c.id)),
        *(i.account == account, i.received_at >= since, ~i.ours, ~i.gone, i.ticket.is_not(None), ~superseded),
    )
    found += [
        Standing(native_id=row.native_id, stood=row.created_at)
        for row in conn.execute(theirs.order_by(i.id.desc()).limit(limit))
    ]
    return sorted(found, key=lambda one: one.stood, reverse=True)


def item_of(conn: Connection, account: str, native_id: str, reply: str | None) -> Item | None:
    """The comment as it was seen last, or a published reply as an item; None when it is not watched any more."""
    if reply is None:
        seen = latest_item(conn, account, native_id)
        return None if seen is None or seen[0].gone else seen[0].item
    known = load_reply(conn, reply)
    if known is None or known.vanished_at is not None or known.posted_id != native_id or known.posted_at is None:
        return None
    target, worded = newest_of(conn, known.item).item, load_revision(conn, reply, known.revision)
    return replace(
        target,
        native_id=native_id,
        version="",
        author=Author(id=None, name=""),
        text=worded.text if worded else "",
        created_at=known.posted_at,
        edited_at=None,
        parent=target.native_id,
        url=known.posted_url,
        ours=True,
        reply_by=None,
        attachments=(),
        more_attachments=0,
    )


def newest(conn: Connection, account: str) -> Item | None:
    """The newest comment of an account that was there when we last heard of it; None where there is none."""
    i = items.c
    recent = select(i.id).order_by(i.id.desc()).limit(NEWEST).subquery()
    wanted = select(i.native_id).where(i.id.in_(select(recent.c.id)), i.account == account, ~i.ours)
    native = conn.execute(wanted.order_by(i.id.desc()).limit(1)).scalar()
    return item_of(conn, account, native, None) if native is not None else None
