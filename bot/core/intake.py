"""What facts from outside do to a case: a new message, an edit, a removal, an answer that was not ours.

Every one of them changes what an approval binds to, so whatever was approved falls back to `proposed`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core import folding
from bot.core import reply as replies
from bot.core import ticket as tickets
from bot.core.approval import Verdict
from bot.core.assisting import ask
from bot.core.case import SYSTEM, Case, Change, Context, StoredItem, void_decision
from bot.core.clocks import follow
from bot.core.folding import Fold
from bot.core.messages import Announce, Fact, ShowCard
from bot.core.proposing import add_draft, propose, supersede
from bot.core.reply import Reply
from bot.core.ticket import Ticket
from bot.core.types import Assessment, AuthorFlag, ReplyState, Severity, TicketStatus


def open_ticket(
    ticket_id: str,
    stored: StoredItem,
    author: int | None,
    assessed: Assessment,
    context: Context,
    *,
    fold: Fold | None = None,
    flag: AuthorFlag | None = None,
) -> Change:
    """A ticket for an item that belongs to none, with a draft where there is one to propose.

    With `fold` it is folded away instead, unless it matters. `flag` is what the team says of the author.
    """
    item = stored.item
    ticket = Ticket(
        id=ticket_id,
        account=item.account,
        thread_key=item.thread_key,
        author=author,
        item=stored.id,
        status=TicketStatus.OPEN,
        kind=assessed.kind,
        severity=assessed.severity,
        sentiment=assessed.sentiment,
        language=assessed.language,
        visibility=item.visibility,
        opened_at=context.now,
        updated_at=context.now,
        quorum=context.rules.quorum(assessed.severity, crisis=False),
        flag=flag,
    )
    ticket = follow(None, ticket, context.now, context.rules, reply_by=item.reply_by, asked=True)
    change = Change(case=Case(ticket=ticket, item=stored)).log(Fact.ITEM_ARRIVED)
    if fold is not None and folding.may_fold(assessed):
        return folding.fold(change, fold, context)
    change = change.log(Fact.TICKET_OPENED)
    if assessed.severity is Severity.CRITICAL:
        change = change.order(Announce(code="critical_item", ticket=ticket_id))
    drafted = propose(change, context)
    return ask(drafted or change.order(ShowCard(ticket=ticket_id)), context)


def link(change: Change, old: str) -> Change:
    """Remember the older ticket of the same matter."""
    return change.with_ticket(replace(change.case.ticket, linked_to=old))


def hear(case: Case, stored: StoredItem, assessed: Assessment, context: Context) -> Change:
    """The same person wrote again in the same matter."""
    ticket = case.ticket
    severity = max(ticket.severity, assessed.severity, key=lambda s: s.rank)
    reopened = ticket.status is not TicketStatus.OPEN
    heard = tickets.heard(ticket, context.now, item=stored.id)
    heard = replace(heard, kind=assessed.kind, sentiment=assessed.sentiment)
    heard = tickets.weighed(heard, severity, context.rules.quorum(severity, crisis=False))
    if assessed.language:
        heard = replace(heard, language=assessed.language)
    heard = context.clocked(case, heard, item=stored, asked=True)
    change = Change(case=case).with_ticket(heard).log(Fact.ITEM_ARRIVED)
    if reopened:
        change = change.log(Fact.TICKET_REOPENED)
    change = _fall(change, context, because="new_message")
    change = replace(change, case=replace(change.case, item=stored))
    if severity is Severity.CRITICAL and ticket.severity is not Severity.CRITICAL:
        change = change.order(Announce(code="critical_item", ticket=ticket.id))
    return _draft_again(change, context).order(Announce(code="new_message", ticket=ticket.id))


def notice_edit(case: Case, stored: StoredItem, assessed: Assessment, context: Context) -> Change:
    """An item of this ticket reads differently now. `stored` is its new version."""
    ticket = case.ticket
    newest = stored.item.native_id == case.item.item.native_id
    severity = max(ticket.severity, assessed.severity, key=lambda s: s.rank)
    touched = tickets.touched(ticket, context.now, item=stored.id if newest else ticket.item)
    alarming = severity is Severity.CRITICAL and ticket.severity is not Severity.CRITICAL
    if touched.status in (TicketStatus.WAITING, TicketStatus.SNOOZED) or alarming:
        touched = tickets.opened(touched, context.now)
    graver = severity is not ticket.severity
    closed = touched.status is TicketStatus.CLOSED
    touched = tickets.weighed(touched, severity, context.rules.quorum(severity, crisis=False))
    touched = context.clocked(case, touched, item=stored if newest else None, asked=graver and not closed, sooner=True)
    change = Change(case=case).with_ticket(touched)
    change = change.log(Fact.ITEM_EDITED, item=stored.id, native_id=stored.item.native_id)
    if not closed and ticket.status is TicketStatus.CLOSED:
        change = change.log(Fact.TICKET_REOPENED)
    change = _fall(change, context, because="item_edited")
    change = _see(change, stored)
    if alarming:
        change = change.order(Announce(code="critical_item", ticket=ticket.id))
    change = change.order(ShowCard(ticket=ticket.id)) if closed else _draft_again(change, context)
    return change.order(Announce(code="item_edited", ticket=ticket.id))


def notice_removal(case: Case, stored: StoredItem, reason: str, context: Context) -> Change:
    """An item of this ticket is not on the network any more. What we stored stays."""
    newest = stored.item.native_id == case.item.item.native_id
    touched = tickets.touched(case.ticket, context.now, item=stored.id if newest else case.ticket.item)
    change = Change(case=case).with_ticket(touched)
    change = change.log(Fact.ITEM_REMOVED, item=stored.id, native_id=stored.item.native_id, reason=reason)
    change = _see(_fall(change, context, because="item_removed"), stored)
    return change.order(ShowCard(ticket=case.ticket.id), Announce(code="item_removed", ticket=case.ticket.id))


def notice_release(case: Case, native_id: str) -> Change:
    """The network's moderators let an item through: everybody can read it now. Its words are what they were."""
    change = Change(case=case).log(Fact.ITEM_RELEASED, native_id=native_id)
    return change.order(ShowCard(ticket=case.ticket.id))


def notice_answer(case: Case, native_id: str, url: str | None, context: Context, *, late: bool = False) -> Change:
    """Our own account answered without us: a colleague's hand. Open replies are withdrawn.

    One that is on its way arrives, or falls: if the call turns out not to have been made, nobody repeats it.
    An answer that came to our ears `late`, older than the customer's newest message, is only put on record; but a
    yes to a reply under an older message falls, for that message may be the one that was answered.
    """
    change = Change(case=case).log(Fact.ANSWERED_ELSEWHERE, native_id=native_id)
    if late:
        if case.open_reply is not None and not case.targets_newest:
            told = tickets.touched(case.ticket, context.now, item=case.ticket.item)
            change = _fall(change.with_ticket(told), context, because="answered_elsewhere")
        return change.order(ShowCard(ticket=case.ticket.id))
    if case.open_reply is not None:
        if case.revision is not None:
            change = change.with_decision(
                void_decision(case, context.now, by=SYSTEM, verdict=Verdict.VOID, via="network")
            )
        reply = replies.withdraw(case.open_reply, "answered_elsewhere")
        change = change.with_reply(reply)
        change = change.log(Fact.REPLY_WITHDRAWN, reply=reply.id, because="answered_elsewhere")
    told = tickets.touched(case.ticket, context.now, item=case.ticket.item)
    change = change.with_ticket(context.clocked(case, tickets.answered(told, context.now)))
    note = Announce(code="answered_elsewhere", ticket=case.ticket.id, params={"url": url or ""})
    return change.order(ShowCard(ticket=case.ticket.id), note)


def notice_vanished(case: Case, reply: Reply, reason: str, context: Context) -> Change:
    """A reply of ours, perhaps not the newest one, is not on the network any more.

    Nobody here did that, and people must know. Nothing is posted again by itself.
    """
    gone, change = replies.vanished(reply, context.now), Change(case=case)
    if case.reply is not None and case.reply.id == gone.id:
        change = change.with_reply(gone)
    else:
        change = replace(change, withdrawn=(*change.withdrawn, gone))
    change = change.log(Fact.REPLY_VANISHED, reply=gone.id, native_id=gone.posted_id or "", reason=reason)
    posted = (gone.posted_at or context.now).isoformat()
    note = Announce(code="reply_vanished", ticket=case.ticket.id, params={"account": gone.account, "day": posted})
    return change.order(ShowCard(ticket=case.ticket.id), note)


def _see(change: Change, stored: StoredItem) -> Change:
    """Let the case know the new version of whichever of its items it is."""
    case = change.case
    native = stored.item.native_id
    item = stored if native == case.item.item.native_id else case.item
    target = stored if case.target and native == case.target.item.native_id else case.target
    return replace(change, case=replace(case, item=item, target=target))


def _fall(change: Change, context: Context, *, because: str) -> Change:
    """Whatever was approved, wholly or in part, was approved for another conversation; the quorum may rise."""
    case = change.case
    reply = case.open_reply
    if reply is None or case.revision is None:
        return change
    quorum = context.quorum(case.ticket)
    if case.has_yes:
        void = void_decision(case, context.now, by=SYSTEM, verdict=Verdict.VOID, via="network")
        change = change.with_decision(void).log(Fact.APPROVAL_VOIDED, reply=reply.id, because=because)
    if reply.state is ReplyState.APPROVED:
        reply = replies.unapprove(reply, because)
        note = Announce(code="approval_voided", ticket=case.ticket.id, params={"because": because})
        change = change.order(note)
    if quorum > reply.quorum:
        reply = replies.raise_quorum(reply, quorum)
        change = change.log(Fact.REPLY_QUORUM_RAISED, reply=reply.id, quorum=quorum)
    return change.with_reply(reply)


def _draft_again(change: Change, context: Context) -> Change:
    """A drafter's wording follows what the customer says now; a person's wording is left to people."""
    case = change.case
    reply = case.open_reply
    show = ShowCard(ticket=case.ticket.id)
    if case.flying is not None:
        return change.order(show)
    if reply is None:
        return ask(propose(change, context) or change.order(show), context)
    if case.revision is not None and case.revision.author is not None:
        return change.order(show)
    if case.targets_newest:
        draft = context.draft(case, "")
        unchanged = draft is None or (case.revision is not None and draft.text == case.revision.text)
        drafted = change.order(show) if draft is None or unchanged else add_draft(change, context, draft)
        return ask(drafted, context)
    bare = supersede(change, reply, by=None)
    return ask(propose(bare, context, instead_of=reply) or bare.order(show), context)
