"""Rolls and what is folded into them: see `bot.core.folding`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, or_, select, text

from bot.core.types import TicketStatus
from bot.core.views import Folded
from bot.store.columns import unindexed
from bot.store.partial import ROLLS
from bot.store.tables import contents, items, tickets

if TYPE_CHECKING:
    from sqlalchemy import Connection

LISTED = 12
"""How many of the newest comments of a roll are listed on its card; all of them can be searched."""
IS_ROLL: ColumnElement[bool] = tickets.c.fold == tickets.c.id
NO_ROLL: ColumnElement[bool] = or_(tickets.c.fold.is_(None), tickets.c.fold != tickets.c.id)
"""What tells rolls from comments, where comments are counted."""
_UNFINISHED = [status.value for status in TicketStatus if status is not TicketStatus.CLOSED]


def roll_of(conn: Connection, account: str, thread_key: str) -> str | None:
    """The account's roll under this key; None while nothing was folded there."""
    wanted = select(tickets.c.id).where(
        tickets.c.account == account, tickets.c.thread_key == thread_key, tickets.c.author.is_(None), IS_ROLL
    )
    found: str | None = conn.execute(wanted.limit(1)).scalar()
    return found


def open_rolls(conn: Connection, account: str | None = None) -> list[str]:
    """The rolls that are not closed, of one account or all, oldest first."""
    wanted = select(tickets.c.id).where(ROLLS, unindexed(tickets.c.status).in_(_UNFINISHED))
    if account is not None:
        wanted = wanted.where(unindexed(tickets.c.account) == account)
    return list(conn.execute(wanted.order_by(tickets.c.opened_at, tickets.c.id)).scalars())


def has_open(conn: Connection, author: int) -> bool:
    """Whether somebody outside has a ticket that is not closed, in whichever conversation of their network."""
    theirs = select(text("1")).select_from(items.join(tickets, tickets.c.id == items.c.ticket))
    wanted = theirs.where(items.c.author == author, tickets.c.status.in_(_UNFINISHED))
    return conn.execute(wanted.limit(1)).first() is not None


def count_in(conn: Connection, roll: str) -> int:
    """How many comments lie in a roll now."""
    inside = select(func.count()).select_from(tickets).where(tickets.c.fold == roll, tickets.c.id != roll)
    many: int = conn.execute(inside).scalar_one()
    return many


def newest_in(conn: Connection, roll: str) -> tuple[Folded, ...]:
    """The newest of the comments that lie in a roll now, oldest first."""
    listed = (
        select(tickets.c.id, items.c.created_at, items.c.gone, contents)
        .select_from(tickets.join(items, items.c.id == tickets.c.item).join(contents, contents.c.id == items.c.content))
        .where(tickets.c.fold == roll, tickets.c.id != roll)
        .order_by(tickets.c.opened_at.desc(), tickets.c.item.desc())
        .limit(LISTED)
    )
    found = [
        Folded(
            ticket=row[0],
            at=row.created_at,
            author=row.author or row.extra.get("handle") or "",
            text=row.text,
            url=row.url,
            gone=row.gone,
            erased=row.erased_at is not None,
        )
        for row in conn.execute(listed)
    ]
    return tuple(found[::-1])
