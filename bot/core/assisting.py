"""How a remote drafter helps: asked beside the embedded draft, its answer taken only while nobody has decided.

What it gives is checked like any drafter's text. An answer for a case that has changed since is dropped, and said so;
where none comes, the embedded draft stands (or is made), and the card says why.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core import reply as replies
from bot.core import ticket as tickets
from bot.core.approval import Verdict
from bot.core.briefs import Draft, Made
from bot.core.case import SYSTEM, Case, Change, Context, void_decision
from bot.core.drafting import Ask, Because
from bot.core.messages import Announce, AskModel, Fact, ShowCard
from bot.core.proposing import add_draft, ask_for_more, new_reply, propose, supersede
from bot.core.types import Finding, Kind, ReplyState, Severity, TicketStatus
from bot.core.views import Opinion

_UNANSWERED = frozenset({Kind.SPAM, Kind.NOISE})


def ask(change: Change, context: Context) -> Change:
    """With an order to ask the model about what came in, where there is a model and something to answer."""
    case = change.case
    ticket = case.ticket
    silent = ticket.kind in _UNANSWERED or ticket.language is None or ticket.status is TicketStatus.CLOSED
    if not context.asks or silent or case.item.gone:
        return change
    return _asked(change, by=None, hint="", alternatives=1)


def ask_again(change: Change, context: Context, *, by: str, via: str, hint: str, alternatives: int) -> Change:
    """With an order to ask the model for another draft; a yes to the old one falls, for it is not what is wanted."""
    case = change.case
    reply = case.open_reply
    if reply is not None and case.has_yes:
        change = change.with_decision(void_decision(case, context.now, by=by, verdict=Verdict.VOID, via=via))
        change = change.log(Fact.APPROVAL_VOIDED, actor=by, reply=reply.id, because="edited")
        if reply.state is ReplyState.APPROVED:
            change = change.with_reply(replies.unapprove(reply))
    return _asked(change, by=by, hint=hint, alternatives=alternatives).order(ShowCard(ticket=case.ticket.id))


def _asked(change: Change, *, by: str | None, hint: str, alternatives: int) -> Change:
    reply = change.case.reply
    change = change.log(Fact.DRAFT_ASKED, actor=by, reply=reply.id if reply else None, alternatives=alternatives)
    return change.order(AskModel(ticket=change.case.ticket.id, by=by, hint=hint, alternatives=alternatives))


def follow_up(change: Change, context: Context) -> Change:
    """Our reply stands: a draft for what the customer said while it was on its way, if that awaits an answer.

    A ticket that people closed, or that a colleague answered by hand meanwhile, awaits none.
    """
    case = change.case
    stands, ticket = case.reply, case.ticket
    answered = ticket.status is TicketStatus.CLOSED or ticket.waiting_for == "customer"
    if stands is None or stands.number != ticket.replies or answered or case.item.gone:
        return change
    if not case.overtaken or case.targets_newest:
        return change
    drafted = propose(change, context)
    return change if drafted is None else ask(replace(drafted, withdrawn=(*drafted.withdrawn, stands)), context)


def waits(case: Case, asked: Ask) -> bool:
    """Whether an answer to this ask may still be used: the same conversation, the same wording, and no decision."""
    same = (case.reply.id if case.reply else "") == asked.reply and case.stamp == asked.stamp
    still = (case.open_reply is not None) is asked.open
    decided = case.open_reply is not None and case.has_yes
    closed = case.ticket.status is TicketStatus.CLOSED
    return same and still and not decided and not closed and not case.item.gone and case.flying is None


def take(case: Case, asked: Ask, drafts: tuple[Draft, ...], context: Context) -> Change | Because:
    """Put the model's wordings on the reply, the best one last, so that it is the newest.

    Wordings that the guard blocks are left out; when none is left, or the case has gone on, the answer says so.
    """
    if not waits(case, asked):
        return Because.OVERTAKEN
    stands = case.revision.text if case.open_reply is not None and case.revision is not None else None
    new = list({draft.text: draft for draft in drafts if draft.text != stands}.values())
    if not new:
        return Because.SAME if drafts else Because.EMPTY
    fit = [draft for draft in new if not _blocked(context.check(draft.text, case, None)[1])]
    if not fit:
        return Because.GUARD
    change = _place(Change(case=case), asked, context)
    for draft in reversed(fit):
        change = add_draft(change, context, draft)
    return change


def _blocked(findings: tuple[Finding, ...]) -> bool:
    return any(finding.level == "block" for finding in findings)


def _place(change: Change, asked: Ask, context: Context) -> Change:
    """A reply to the newest message that takes a wording."""
    reply = change.case.open_reply
    if reply is None:
        return new_reply(change, context)
    if not change.case.targets_newest:
        return new_reply(supersede(change, reply, by=asked.by), context, reply)
    return change


def miss(case: Case, asked: Ask, because: Because, context: Context, made: Made | None, *, seconds: int) -> Change:
    """No answer from the model: the embedded draft stands; where a person asked for another one, it is made."""
    change = Change(case=case)
    told = case.reply.id if case.reply else None
    if because is Because.OVERTAKEN or not waits(case, asked):
        change = change.log(Fact.DRAFT_DROPPED, reply=told)
        return change.order(ShowCard(ticket=case.ticket.id))
    if asked.by is not None:
        draft = context.draft(case, asked.hint)
        same = draft is not None and case.revision is not None and draft.text == case.revision.text
        if draft is not None and not same:
            noted = replace(made or Made(), note=because.value)
            change = add_draft(_place(change, asked, context), context, replace(draft, made=noted))
    change = change.log(Fact.DRAFT_MISSED, reply=told, because=because.value, seconds=seconds)
    return change.order(ShowCard(ticket=case.ticket.id))


def weigh(change: Change, asked: Ask, opinion: Opinion, context: Context) -> Change:
    """Put the model's opinion of a comment on record: severity becomes the higher of the two, the kind stays.

    Only about the comment that it was asked about, and never against what a person has set since.
    """
    case = change.case
    ticket = case.ticket
    about = asked.stamp.rpartition(".")[2] == str(ticket.messages)
    if asked.by is not None or not about or ticket.severity is not asked.severity or case.item.gone:
        return change
    if opinion.kind is not ticket.kind or opinion.severity is not ticket.severity:
        change = change.log(Fact.SECOND_OPINION, kind=opinion.kind.value, severity=opinion.severity.value)
        change = change.order(ShowCard(ticket=ticket.id))
    return _raised(change, opinion.severity, context) if opinion.severity.rank > ticket.severity.rank else change


def _raised(change: Change, severity: Severity, context: Context) -> Change:
    """The rules for severity follow: clock, quorum, alarm."""
    ticket = change.case.ticket
    before = ticket.severity
    weighed = tickets.weighed(ticket, severity, context.rules.quorum(severity, crisis=False))
    weighed = context.clocked(change.case, weighed, sooner=True)
    change = change.with_ticket(replace(weighed, updated_at=context.now))
    change = change.log(Fact.SEVERITY_SET, before=before.value, after=severity.value, because="second_opinion")
    change = ask_for_more(change, context, by=SYSTEM, via="model")
    if severity is Severity.CRITICAL:
        change = change.order(Announce(code="critical_item", ticket=ticket.id))
    return change
