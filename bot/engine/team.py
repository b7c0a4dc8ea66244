"""Brings the team from the settings into the database; who leaves takes their pending approvals along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.core.approval import Verdict
from bot.core.case import SYSTEM, Change, void_decision
from bot.core.messages import Fact, ShowCard
from bot.core.publishing import fall_back
from bot.core.types import ReplyState
from bot.engine.context import Facts
from bot.engine.orders import plan
from bot.store import people
from bot.store import tables as t

if TYPE_CHECKING:
    from bot.engine.parts import Parts
    from bot.store.work import Work

_STANDING = (ReplyState.PROPOSED.value, ReplyState.APPROVED.value)


def sync_team(work: Work, parts: Parts) -> None:
    """Make the database's team the configured one, and order what has to be said about it."""
    # A command line makes no chats; whom the configured ones vouch for stays all the same.
    chats = {*parts.chats, *(chat for chat, _ in parts.about.chats)}
    lost = people.sync(work.conn, parts.people, work.now, chats=chats)
    if not lost:
        return
    context = Facts(work, parts).context()
    r, d = t.replies.c, t.decisions.c
    theirs = select(r.id).join(t.decisions, d.reply == r.id).where(d.person.in_(lost), r.state.in_(_STANDING))
    for reply in work.conn.execute(theirs.distinct()).scalars().all():
        case = work.case_of_reply(reply)
        if case is None or case.reply is None or case.revision is None:
            continue
        if case.reply.state is ReplyState.APPROVED:
            work.save(fall_back(case, context, "changed"))
        else:
            void = void_decision(case, work.now, by=SYSTEM, verdict=Verdict.VOID, via="settings")
            change = Change(case=case).with_decision(void).log(Fact.APPROVAL_VOIDED, reply=reply, because="changed")
            work.save(change.order(ShowCard(ticket=case.ticket.id)))
    plan(work, parts)
