"""The law's erasure, with its consequences: a reply whose wording is gone cannot go out any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import reply as replies
from bot.core.approval import Verdict
from bot.core.case import Change, void_decision
from bot.core.messages import Fact, ShowCard
from bot.store import erase

if TYPE_CHECKING:
    from bot.store.erase import ErasureReport
    from bot.store.work import Work


def erase_author(work: Work, *, account: str | None, who: str, actor: str, dry_run: bool) -> ErasureReport:
    """Erase what is kept of somebody outside and withdraw the open replies to them. Raises AmbiguousAuthor.

    The caller plans and flushes the work, and tidies the database after the commit.
    """
    report = erase.erase_author(work.conn, account=account, who=who, now=work.now, actor=actor, dry_run=dry_run)
    if dry_run:
        return report
    for name in report.open_replies:
        case = work.case_of_reply(name)
        if case is None or case.open_reply is None or case.revision is None:
            continue
        void = void_decision(case, work.now, by=actor, verdict=Verdict.UNDO, via="erasure")
        change = Change(case=case).with_decision(void).with_reply(replies.withdraw(case.open_reply, "erased"))
        work.save(change.log(Fact.REPLY_WITHDRAWN, actor=actor, reply=name, because="erased"))
    for ticket in report.tickets:
        case = work.case(ticket)
        if case is not None:
            work.effects.append((ShowCard(ticket=ticket), case))
    return report
