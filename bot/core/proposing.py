"""How a wording comes to stand: by a drafter or by a person, as a new reply or as a further revision."""

from __future__ import annotations

from dataclasses import replace

from bot.core import reply as replies
from bot.core.approval import Verdict, text_digest
from bot.core.briefs import Cited, Draft, Made
from bot.core.case import Case, Change, Context, Revision, void_decision
from bot.core.ids import reply_id
from bot.core.messages import Fact, ShowCard
from bot.core.reply import Reply
from bot.core.types import Finding, Person, ReplyState

MAX_TEXT = 20_000
"""Characters that we take from a person at all; each network has its own, lower, limit."""


def new_reply(change: Change, context: Context, instead_of: Reply | None = None) -> Change:
    """Open a further reply to the ticket's newest item, with no wording yet. The caller gives it its first.

    Revisions are numbered through the whole ticket, so that a late yes to `revision 1` of an earlier reply can never
    be taken for a yes to this one. What stands `instead_of` a superseded reply needs no fewer people than that did.
    """
    case = change.case
    before = instead_of or case.reply
    wanted = context.quorum(case.ticket)
    ticket = replace(case.ticket, replies=case.ticket.replies + 1)
    reply = Reply(
        id=reply_id(ticket.id, ticket.replies),
        ticket=ticket.id,
        number=ticket.replies,
        account=ticket.account,
        item=case.item.id,
        state=ReplyState.DRAFTING,
        created_at=context.now,
        quorum=max(wanted, instead_of.quorum if instead_of else 1),
        revision=before.revision if before else 0,
    )
    return replace(change, case=Case(ticket=ticket, item=case.item, reply=reply, target=case.item))


def add_wording(
    change: Change,
    context: Context,
    *,
    text: str,
    author: Person | None,
    source: str,
    checked: tuple[str | None, tuple[Finding, ...]],
    facts: tuple[Cited, ...] = (),
    made: Made | None = None,
) -> Change:
    """Put a wording on the newest reply; an approval of the wording before it falls."""
    case = change.case
    if case.reply is None:
        raise ValueError("no reply to word")
    first = case.reply.state is ReplyState.DRAFTING
    approved = case.has_yes
    reply = replies.revise(case.reply)
    language, findings = checked
    revision = Revision(
        reply=reply.id,
        number=reply.revision,
        text=text,
        text_hash=text_digest(text),
        author=author.id if author else None,
        source=source,
        created_at=context.now,
        language=language,
        checks=findings,
        facts=facts,
        made=made,
    )
    stand = replace(change, case=replace(case, reply=reply, revision=revision), revisions=(*change.revisions, revision))
    actor = author.id if author else None
    if approved:
        stand = stand.log(Fact.APPROVAL_VOIDED, actor=actor, reply=reply.id, because="edited")
    fact = Fact.REPLY_PROPOSED if first else Fact.REPLY_REVISED
    stand = stand.log(fact, actor=actor, reply=reply.id, revision=revision.number, source=source)
    return stand.order(ShowCard(ticket=case.ticket.id))


def add_draft(change: Change, context: Context, draft: Draft) -> Change:
    """Put a drafter's wording on the newest reply."""
    return add_wording(
        change,
        context,
        text=draft.text,
        author=None,
        source=draft.source,
        checked=context.check(draft.text, change.case, None),
        facts=context.cite(draft.facts),
        made=draft.made,
    )


def supersede(change: Change, reply: Reply, *, by: str | None) -> Change:
    """Take an open reply out of the way, for the next one answers something newer."""
    case = change.case
    gone = replies.withdraw(reply, "superseded")
    bare = Case(ticket=case.ticket, item=case.item, reply=gone)
    change = replace(change, withdrawn=(*change.withdrawn, gone), case=bare)
    return change.log(Fact.REPLY_WITHDRAWN, actor=by, reply=gone.id, because="superseded")


def propose(change: Change, context: Context, instead_of: Reply | None = None) -> Change | None:
    """A new reply with a draft on it, or None where there is nothing to propose."""
    draft = context.draft(change.case, "")
    return None if draft is None else add_draft(new_reply(change, context, instead_of), context, draft)


def ask_for_more(change: Change, context: Context, *, by: str, via: str) -> Change:
    """Raise the open reply's quorum where the rules now ask for more; what was approved for fewer falls."""
    case = change.case
    reply = case.open_reply
    quorum = context.quorum(case.ticket)
    if reply is None or quorum <= reply.quorum:
        return change
    if case.has_yes:
        change = change.with_decision(void_decision(case, context.now, by=by, verdict=Verdict.VOID, via=via))
        change = change.log(Fact.APPROVAL_VOIDED, actor=by, reply=reply.id, because="quorum_raised")
    if reply.state is ReplyState.APPROVED:
        reply = replies.unapprove(reply, "quorum_raised")
    change = change.with_reply(replies.raise_quorum(reply, quorum))
    return change.log(Fact.REPLY_QUORUM_RAISED, actor=by, reply=reply.id, quorum=quorum)
