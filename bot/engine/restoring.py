"""What has to be done to a database that was restored, before it may work again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.core import reply as replies
from bot.core.approval import Verdict
from bot.core.case import SYSTEM, Change, void_decision
from bot.core.messages import Entry, Fact
from bot.core.types import ReplyState
from bot.engine.commands import switch
from bot.engine.orders import card_order
from bot.store import tables as t
from bot.store.work import Work

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.case import Case
    from bot.core.reply import Reply


def hold_back(conn: Connection, now: datetime, reason: str) -> int:
    """Pause everything outgoing and take every approval back; how many replies had one.

    What was approved when the backup was made may have gone out since, or have been refused. The listeners go on
    from the old cursors and see what stands on the networks; after that people say anew what is still to be said.
    """
    work = Work(conn, now)
    switch(work, "paused", reason, by=SYSTEM, on=True)
    work.log(Entry(fact=Fact.PAUSED, actor=SYSTEM, data={"via": "restore"}))
    held = 0
    for ticket in _undecided(conn):
        case = work.case(ticket)
        if case is not None and case.reply is not None and case.has_yes:
            work.save(_taken_back(case, case.reply, now))
            work.orders.extend(card_order(work, case, room) for room in _rooms(conn, ticket))
            held += 1
    work.flush()
    return held


def _undecided(conn: Connection) -> list[str]:
    """The tickets whose reply has been approved, or may be half way there."""
    r = t.replies.c
    states = (ReplyState.PROPOSED.value, ReplyState.APPROVED.value)
    approved = select(t.decisions.c.reply).where(t.decisions.c.verdict == Verdict.APPROVE.value)
    found = select(r.ticket).where(r.state.in_(states), r.id.in_(approved)).distinct()
    return list(conn.execute(found.order_by(r.ticket)).scalars())


def _taken_back(case: Case, reply: Reply, now: datetime) -> Change:
    void = void_decision(case, now, by=SYSTEM, verdict=Verdict.VOID, via="restore")
    if reply.state is ReplyState.APPROVED:
        reply = replies.unapprove(reply, "restored")
    change = Change(case=case).with_decision(void).with_reply(reply)
    return change.log(Fact.APPROVAL_VOIDED, reply=reply.id, because="restored")


def _rooms(conn: Connection, ticket: str) -> list[str]:
    """Where its card stands."""
    return list(conn.execute(select(t.cards.c.room).where(t.cards.c.ticket == ticket)).scalars())
