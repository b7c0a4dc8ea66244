"""The law's erasure, with its consequences: a reply whose wording is gone cannot go out any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core import reply as replies
from bot.core.approval import Verdict
from bot.core.case import Change, void_decision
from bot.core.messages import Fact, ShowCard
from bot.core.remembering import forget
from bot.engine.orders import plan
from bot.store import erase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.engine.parts import Parts
    from bot.store.erase import ErasureReport
    from bot.store.work import Work


class OnItsWay(Exception):
    """A reply to the person is out of our hands just now: its fate must be known first. Nothing was erased."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Whom to erase: somebody outside (of one account, or any), or with `team` a colleague by id."""

    who: str
    account: str | None = None
    team: bool = False

    def plan(self, conn: Connection, now: datetime) -> ErasureReport:
        """What would go. Raises AmbiguousAuthor, LookupError."""
        return self._carry_out(conn, now, actor="", dry_run=True)

    def _carry_out(self, conn: Connection, now: datetime, *, actor: str, dry_run: bool) -> ErasureReport:
        if self.team:
            return erase.erase_person(conn, self.who.removeprefix("@"), now=now, actor=actor, dry_run=dry_run)
        return erase.erase_author(conn, account=self.account, who=self.who, now=now, actor=actor, dry_run=dry_run)

    def act(self, work: Work, parts: Parts, *, actor: str, via: str) -> ErasureReport:
        """Withdraw the open replies, order the cards anew, erase: all in the work's transaction.

        The caller tidies the database after the commit. Other processes forget what they remember within a minute.

        Raises:
            OnItsWay: a reply is being published, or of unknown fate.
            AmbiguousAuthor, LookupError: as `plan`.
        """
        planned = self.plan(work.conn, work.now)
        for reply in planned.open_replies:
            _withdraw(work, reply, actor=actor, via=via)
        for ticket in _carded(work, planned.tickets):
            case = work.case(ticket)
            if case is not None:
                work.effects.append((ShowCard(ticket=ticket), case))
        plan(work, parts)
        work.flush()
        report = self._carry_out(work.conn, work.now, actor=actor, dry_run=False)
        forget()
        return replace(report, open_replies=planned.open_replies)


def _carded(work: Work, tickets: Iterable[str]) -> list[str]:
    """The tickets on whose cards these are shown: what is folded stands on the card of its roll."""
    found = (work.case(ticket) for ticket in tickets)
    shown = (case.ticket.fold if case.ticket.is_folded else case.ticket.id for case in found if case is not None)
    return list(dict.fromkeys(ticket for ticket in shown if ticket is not None))


def _withdraw(work: Work, reply: str, *, actor: str, via: str) -> None:
    case = work.case_of_reply(reply)
    if case is None or case.open_reply is None:
        raise OnItsWay(reply)
    change = Change(case=case)
    if case.has_yes:
        change = change.with_decision(void_decision(case, work.now, by=actor, verdict=Verdict.VOID, via=via))
    change = change.with_reply(replies.withdraw(case.open_reply, "erased"))
    work.save(change.log(Fact.REPLY_WITHDRAWN, actor=actor, reply=reply, because="erased", via=via))
