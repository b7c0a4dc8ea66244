"""From an approval to a proof: the checks before the call, and what each answer of a network means.

The engine makes the calls; these functions say what to store before and after, and what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.core import reply as replies
from bot.core import ticket as tickets
from bot.core.approval import Verdict, needed, satisfied, standing, text_digest
from bot.core.assisting import follow_up
from bot.core.case import SYSTEM, Case, Change, Context, void_decision
from bot.core.messages import Announce, Fact, ShowCard
from bot.core.ports import Capabilities
from bot.core.reply import Reply
from bot.core.types import Pending, Posted, PublishResult, Rejected, ReplyState, TicketStatus

LOOKS = 2
"""How often we look for a reply, in vain, before we believe that it is not there."""
LOOK_AGAIN = timedelta(seconds=15)
MARGIN = timedelta(seconds=90)
"""How long before the end of a key's window we stop relying on it: clocks differ, and calls take time."""


def approval_problem(case: Case, context: Context) -> str | None:
    """Why the approval of the newest reply does not hold any more; None while it holds."""
    reply, revision, target = case.reply, case.revision, case.target
    if reply is None or revision is None or target is None:
        return "nothing_to_publish"
    if target.gone:
        return "item_removed"
    if text_digest(revision.text) != revision.text_hash:
        # What was approved is not there any more (it was erased): nothing else may go out in its place.
        return "erased"
    approvers = standing(case.decisions, case.binding(), context.people, context.now)
    if satisfied(approvers, reply.quorum, revision.author):
        quorum = context.quorum(case.ticket)
        if quorum > reply.quorum:
            return "quorum_raised"
        _, findings = context.check(revision.text, case, context.people.get(revision.author or ""))
        if any(f.level == "block" for f in findings):
            return "guard_blocks"
        enough = satisfied(approvers, needed(reply.quorum, findings), revision.author)
        return None if enough else "quorum_raised"
    fresh = standing(case.decisions, case.binding(), context.people, datetime.min.replace(tzinfo=context.now.tzinfo))
    return "expired" if satisfied(fresh, reply.quorum, revision.author) else "changed"


def fall_back(case: Case, context: Context, because: str) -> Change:
    """The approval does not hold any more: back to `proposed`, and people are told why."""
    reply = _the(case)
    quorum = context.quorum(case.ticket)
    void = void_decision(case, context.now, by=SYSTEM, verdict=Verdict.VOID, via="engine")
    back = replies.raise_quorum(replies.unapprove(reply, because), quorum)
    change = Change(case=case).with_decision(void).with_reply(back)
    change = change.log(Fact.APPROVAL_VOIDED, reply=reply.id, because=because)
    if back.quorum > reply.quorum:
        change = change.log(Fact.REPLY_QUORUM_RAISED, reply=reply.id, quorum=back.quorum)
    note = Announce(code="approval_voided", ticket=case.ticket.id, params={"because": because})
    return change.order(ShowCard(ticket=case.ticket.id), note)


def start(case: Case, context: Context) -> Change:
    """Put the intent on record, before the call."""
    reply = replies.start(_the(case), context.now)
    change = Change(case=case).with_reply(reply)
    return change.log(Fact.PUBLISHING_STARTED, reply=reply.id, attempt=reply.attempt, key=reply.key)


def resend(case: Case) -> Change:
    """Put a further attempt of the same approval on record."""
    reply = replies.resend(_the(case))
    return (
        Change(case=case).with_reply(reply).log(Fact.REPLY_RESENT, reply=reply.id, attempt=reply.attempt, key=reply.key)
    )


def not_sent(case: Case, problem: str) -> Change:
    """The call surely changed nothing; the approval goes on waiting. Raises IllegalMove once an answer was lost."""
    reply = replies.not_sent(_the(case), problem)
    return Change(case=case).with_reply(reply).order(ShowCard(ticket=case.ticket.id))


def conclude(case: Case, result: PublishResult, context: Context) -> Change:
    """What the network answered, stored."""
    reply = _the(case)
    show = ShowCard(ticket=case.ticket.id)
    change = Change(case=case)
    if isinstance(result, Posted):
        stands = replies.posted(reply, native_id=result.native_id, url=result.url, now=context.now)
        ticket = context.clocked(case, tickets.answered(case.ticket, context.now, overtaken=case.overtaken))
        change = change.with_reply(stands).with_ticket(ticket)
        change = change.log(Fact.REPLY_PUBLISHED, reply=reply.id, native_id=result.native_id)
        note = Announce(code="published", ticket=case.ticket.id, params={"url": result.url or ""})
        return follow_up(change.order(show, note), context)
    if isinstance(result, Pending):
        change = change.with_reply(replies.pending(reply, native_id=result.native_id, url=result.url))
        return change.log(Fact.REPLY_PENDING, reply=reply.id, native_id=result.native_id or "").order(show)
    if isinstance(result, Rejected):
        return reject(change, reply, result.reason, result.manual_url, context)
    doubtful = replies.uncertain(reply, result.detail or replies.ANSWER_LOST)
    change = change.with_reply(doubtful).log(Fact.REPLY_UNCERTAIN, reply=reply.id)
    return change.order(show, Announce(code="uncertain", ticket=case.ticket.id))


def reject(change: Change, reply: Reply, reason: str, manual_url: str | None, context: Context) -> Change:
    """The network will not take it: handed to a person with a link, or told."""
    turned = replies.refused(reply, reason=reason, manual_url=manual_url)
    handed = turned.state is ReplyState.HANDED_OFF
    change = change.with_reply(turned)
    change = change.log(Fact.REPLY_HANDED_OFF if handed else Fact.REPLY_REJECTED, reply=reply.id)
    if change.case.ticket.status is TicketStatus.CLOSED:
        # Somebody closed it believing that the reply was on its way.
        again = context.clocked(change.case, tickets.opened(change.case.ticket, context.now))
        change = change.with_ticket(again).log(Fact.TICKET_REOPENED)
    code = "handed_off" if handed else "rejected"
    ticket = change.case.ticket.id
    note = Announce(code=code, ticket=ticket, params={"url": manual_url or "", "reason": reason})
    return change.order(ShowCard(ticket=ticket), note)


def confirm(case: Case, native_id: str, url: str | None, context: Context) -> Change:
    """A reply that was moderated first is live."""
    return conclude(case, Posted(native_id=native_id, url=url), context)


@dataclass(frozen=True, slots=True)
class NextStep:
    """How to settle a lost answer: ask the network again (`resend`), look for the reply (`find`), or a person."""

    do: Literal["resend", "find", "person"]


def next_step(reply: Reply, can: Capabilities, now: datetime) -> NextStep:
    """What the network's kind of idempotency allows, for a reply in `publishing` whose answer is lost.

    `upsert` and `client_id` may send the same again, `key_window` and `content_dedupe` while the network remembers;
    `lookup` may only after having looked `LOOKS` times in vain, and never where moderation hides what was sent;
    `none` never.
    """
    kind = can.idempotency
    if kind in ("upsert", "client_id"):
        return NextStep("resend")
    if kind in ("key_window", "content_dedupe"):
        return NextStep("resend") if _remembered(reply, can, now) else _look_or_ask(reply)
    if kind == "lookup" and not can.async_publication:
        return NextStep("resend") if reply.looked >= LOOKS else NextStep("find")
    return _look_or_ask(reply) if kind == "lookup" else NextStep("person")


def _remembered(reply: Reply, can: Capabilities, now: datetime) -> bool:
    """Whether the network surely still knows our first attempt."""
    if can.idempotency_window is None:
        return can.idempotency == "content_dedupe"
    return reply.first_attempt_at is not None and now < reply.first_attempt_at + can.idempotency_window - MARGIN


def _look_or_ask(reply: Reply) -> NextStep:
    """Outside its window a key protects from nothing: look, and in the end let a person look."""
    return NextStep("person") if reply.looked >= LOOKS else NextStep("find")


def looked_in_vain(case: Case) -> Change:
    """It was not found this time; the engine looks again `LOOK_AGAIN` later."""
    return Change(case=case).with_reply(replies.look(_the(case)))


def _the(case: Case) -> Reply:
    if case.reply is None:
        raise ValueError(f"ticket {case.ticket.id} has no reply")
    return replace(case.reply)
