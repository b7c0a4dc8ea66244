"""An author's page: who it is, all of their tickets with our answers, and what the team noted about them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from bot.core.authors import HISTORY, AuthorTicket, AuthorView
from bot.core.messages import Fact
from bot.core.types import AuthorFlag, ReplyState, TicketStatus
from bot.core.views import NoteView
from bot.store import tables as t
from bot.store.log import chunks
from bot.store.queries import line_from, lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

_i, _k, _c = t.items.c, t.tickets.c, t.contents.c


def author_of(conn: Connection, ticket: str) -> int | None:
    """The number of whoever wrote a ticket; None where there is no such ticket, or only a typed name."""
    found: int | None = conn.execute(select(_k.author).where(_k.id == ticket.strip().upper())).scalar()
    return found


def profile(conn: Connection, number: int, now: datetime, *, limit: int = HISTORY) -> AuthorView | None:
    """What there is to know about an author; None for a number that nobody has.

    Args:
        conn: a snapshot.
        number: ours (`authors.id`).
        now: claims that ran out before are not shown.
        limit: at most so many tickets, the newest ones.
    """
    row = conn.execute(select(t.authors).where(t.authors.c.id == number)).mappings().one_or_none()
    if row is None:
        return None
    first, last, messages = conn.execute(
        select(func.min(_i.received_at), func.max(_i.received_at), func.count(_i.native_id.distinct())).where(
            _i.author == number, _i.ours.is_(False)
        )
    ).one()
    theirs = select(_i.ticket).where(_i.author == number, _i.ticket.is_not(None)).distinct()
    counted = conn.execute(
        select(_k.kind, _k.status, func.count())
        .where(_k.id.in_(theirs), _k.author == number)
        .group_by(_k.kind, _k.status)
    ).all()
    kinds: Counter[str] = Counter()
    for kind, _, many in counted:
        kinds[kind] += many
    newest = _newest(conn, number)
    shown = lines().where(_k.id.in_(theirs), _k.author == number).order_by(_k.opened_at.desc(), _k.id).limit(limit)
    notes = (newest["extra"] or {}) if newest is not None else {}
    return AuthorView(
        number=number,
        account=row["account"],
        name=(newest["author_name"] or "") if newest is not None else "",
        handle=notes.get("handle"),
        url=notes.get("author_url"),
        flag=AuthorFlag(row["flag"]) if row["flag"] else None,
        reach=_reach(conn, number),
        first_seen=first,
        last_seen=last,
        messages=messages,
        tickets=kinds.total(),
        open=sum(many for _, status, many in counted if status != TicketStatus.CLOSED.value),
        kinds=dict(kinds.most_common()),
        notes=tuple(_notes(conn, number)),
        history=tuple(_with_answers(conn, conn.execute(shown).mappings().all(), now)),
        erased=row["erased_at"] is not None,
    )


def _newest(conn: Connection, number: int) -> RowMapping | None:
    wanted = (
        select(_c.author.label("author_name"), _c.extra)
        .select_from(t.items.join(t.contents, _c.id == _i.content))
        .where(_i.author == number, _i.ours.is_(False))
        .order_by(_i.id.desc())
        .limit(1)
    )
    return conn.execute(wanted).mappings().first()


def _reach(conn: Connection, number: int) -> int | None:
    wanted = select(_i.reach).where(_i.author == number, _i.reach.is_not(None)).order_by(_i.id.desc()).limit(1)
    found: int | None = conn.execute(wanted).scalar()
    return found


def _notes(conn: Connection, number: int) -> list[NoteView]:
    """What the team noted about the person, whichever of their tickets that was said at; oldest first."""
    e = t.events.c
    theirs = select(_i.ticket).where(_i.author == number, _i.ticket.is_not(None))
    wanted = (
        select(e.actor, e.at, _c.text)
        .select_from(t.events.join(t.contents, _c.id == e.content))
        .where(e.ticket.in_(theirs), e.type == Fact.AUTHOR_NOTED.value, _c.erased_at.is_(None))
        .order_by(e.seq)
    )
    return [NoteView(person=row.actor or "", at=row.at, text=row.text) for row in conn.execute(wanted)]


def _with_answers(conn: Connection, rows: Sequence[RowMapping], now: datetime) -> list[AuthorTicket]:
    answers = _answers(conn, [row["id"] for row in rows])
    made = []
    for row in rows:
        answer: Any = answers.get(row["id"])
        made.append(
            AuthorTicket(
                line=line_from(row, now),
                answer=answer.text if answer is not None else None,
                answer_url=answer.posted_url if answer is not None else None,
                answered_at=answer.posted_at if answer is not None else None,
            )
        )
    return made


def _answers(conn: Connection, tickets: Sequence[str]) -> dict[str, Any]:
    """The newest published reply of each ticket."""
    r, v = t.replies.c, t.revisions.c
    worded = t.replies.join(t.revisions, and_(v.reply == r.id, v.number == r.revision)).join(
        t.contents, _c.id == v.content
    )
    found: dict[str, Any] = {}
    for part in chunks(list(tickets)):
        wanted = (
            select(r.ticket, r.posted_url, r.posted_at, _c.text)
            .select_from(worded)
            .where(r.ticket.in_(part), r.state == ReplyState.PUBLISHED.value)
            .order_by(r.number)
        )
        found |= {row.ticket: row for row in conn.execute(wanted)}
    return found
