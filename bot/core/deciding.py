"""What people's wishes about replies do: approve, refuse, edit, write, redraft, undo, settle.

Each function takes the case as it stands and answers with a `ChangeResult` or a `Refused` that names
a reason and a remedy. None of them reads a clock or a database.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core import reply as replies
from bot.core import ticket as tickets
from bot.core.approval import Decision, Verdict, may, needed, publication_key, satisfied, standing
from bot.core.assisting import ask_again, follow_up
from bot.core.case import Case, Change, ChangeResult, Context, void_decision
from bot.core.drafting import MOST
from bot.core.messages import (
    Approve,
    Edit,
    Fact,
    Publish,
    Redraft,
    Refuse,
    Refused,
    Settle,
    ShowCard,
    Undo,
    Write,
)
from bot.core.proposing import MAX_TEXT, add_draft, add_wording, ask_for_more, new_reply, supersede
from bot.core.reply import IN_FLIGHT, NEEDS_HAND, Reply
from bot.core.types import Finding, Person, ReplyState, Role, TicketStatus

Answer = ChangeResult | Refused


def refuse(case: Case, reason: str, remedy: str = "none", **params: object) -> Refused:
    """A refusal about this ticket; nothing changes."""
    return Refused(reason=reason, remedy=remedy, ticket=case.ticket.id, params=params)


def entitled(case: Case, person: Person | None, role: Role) -> Refused | None:
    """None when the person may; else why not and whom to ask."""
    if person is None or not person.active:
        return refuse(case, "unknown_person", "ask_lead")
    if not may(person, role):
        remedy = "ask_lead" if role is Role.LEAD else "ask_approver"
        return refuse(case, "not_entitled", remedy, role=person.role.value, needed=role.value)
    return None


def _stale(case: Case, seen: int | None) -> Refused | None:
    if seen is not None and case.reply is not None and seen != case.reply.revision:
        return refuse(case, "not_newest_revision", "look_at_newest", seen=seen, newest=case.reply.revision)
    return None


def _outdated(case: Case, seen: str | None) -> Refused | None:
    """A click on a card that has been overtaken: an undo, an edit, a new message came in between."""
    if seen is not None and seen != case.stamp:
        number = case.reply.revision if case.reply else 0
        return refuse(case, "not_newest_revision", "look_at_newest", seen=number, newest=number)
    return None


def _claimed(case: Case, person: Person, context: Context) -> Refused | None:
    claimer = case.ticket.claimer(context.now)
    if claimer is None or claimer == person.id:
        return None
    other = context.people.get(claimer)
    return refuse(case, "claimed_by_other", "wait_or_take_over", who=other.name if other else claimer)


def _in_flight(case: Case, reply: Reply) -> Refused:
    remedy = "wait_a_moment" if reply.state is ReplyState.PUBLISHING else "use_settle"
    return refuse(case, "being_published", remedy)


def _closed_to_decisions(case: Case) -> Refused | None:
    """Why the newest reply cannot be decided about any more, or at all."""
    reply = case.reply
    if reply is None or reply.state in (ReplyState.WITHDRAWN, ReplyState.DRAFTING):
        return refuse(case, "nothing_to_approve", "write_reply")
    if reply.state in IN_FLIGHT:
        return _in_flight(case, reply)
    if reply.state is ReplyState.HANDED_OFF:
        return refuse(case, "cannot_reply_there", "use_manual_link", url=reply.manual_url or "")
    if reply.state is ReplyState.REJECTED:
        return refuse(case, "cannot_reply_there", "write_reply")
    if reply.state is ReplyState.PUBLISHED:
        return refuse(case, "already_decided", "reply_follow_up", url=reply.posted_url or "")
    return None


def approve(case: Case, wish: Approve, person: Person, context: Context) -> Answer:
    """One person's yes to the newest revision; with the quorum reached, the undo window starts."""
    no = (
        entitled(case, person, Role.APPROVER)
        or _closed_to_decisions(case)
        or _stale(case, wish.revision)
        or _outdated(case, wish.seen)
    )
    if no is not None:
        return no
    reply, revision, target = case.reply, case.revision, case.target
    if reply is None or revision is None or target is None:
        return refuse(case, "nothing_to_approve", "write_reply")
    if target.gone:
        return refuse(case, "item_gone", "close_ticket")
    _, findings = context.check(revision.text, case, context.people.get(revision.author or ""))
    if any(f.level == "block" for f in findings):
        return replace(refuse(case, "guard_blocks", "edit_first"), findings=findings)
    if reply.state is ReplyState.APPROVED:
        return refuse(case, "already_decided")
    # The rules may ask for more people by now (a crisis was opened): what counts is today's quorum.
    change = ask_for_more(Change(case=case), context, by=person.id, via=wish.via)
    case, reply = change.case, change.case.reply or reply
    quorum = needed(reply.quorum, findings)
    already = standing(case.decisions, case.binding(), context.people, context.now)
    if person.id in already and not satisfied(already, quorum, revision.author):
        return refuse(case, "already_approved_by_you", have=len(already), need=quorum)
    change = _approved_by(change, person, wish, context, findings)
    names = already if person.id in already else (*already, person.id)
    if not satisfied(names, quorum, revision.author):
        missing = max(quorum - len(names), 1)
        params: dict[str, object] = {"have": len(names), "need": len(names) + missing}
        return ChangeResult(change=change, code="approved_needs_more", params=params, findings=findings)
    return _quorum_reached(change, reply, context, findings=findings)


def _approved_by(
    change: Change, person: Person, wish: Approve, context: Context, findings: tuple[Finding, ...]
) -> Change:
    """Put the yes on record, with the warnings that it was given in spite of: their rules, never their words."""
    case = change.case
    reply = case.reply
    if reply is None:
        raise ValueError("no reply to approve")
    decision = Decision(
        reply=reply.id,
        revision=reply.revision,
        person=person.id,
        verdict=Verdict.APPROVE,
        via=wish.via,
        at=context.now,
        binding=case.binding(),
        expires_at=context.now + context.rules.approval_life,
    )
    change = change.with_decision(decision)
    despite = list(dict.fromkeys(finding.rule for finding in findings))
    data: dict[str, object] = {"revision": reply.revision, "via": wish.via}
    if despite:
        data["despite"] = despite
    change = change.log(Fact.REPLY_APPROVED, actor=person.id, reply=reply.id, item=None, **data)
    return change.order(ShowCard(ticket=case.ticket.id))


def _quorum_reached(change: Change, reply: Reply, context: Context, *, findings: tuple[Finding, ...]) -> ChangeResult:
    until = context.now + context.rules.undo
    key = publication_key(change.case.binding(), context.now)
    approved = replies.approve(reply, key=key, undo_until=until)
    change = change.with_reply(approved).log(Fact.REPLY_QUORUM_REACHED, reply=reply.id, quorum=reply.quorum)
    change = change.order(Publish(reply=reply.id, not_before=until))
    seconds = int(context.rules.undo.total_seconds())
    return ChangeResult(
        change=change,
        code="approved_waiting_pause" if context.paused else "approved_waiting_undo",
        params={"seconds": seconds, "until": until.isoformat()},
        findings=findings,
    )


def refuse_reply(case: Case, wish: Refuse, person: Person, context: Context) -> Answer:
    """The team's no: the proposal is withdrawn and the ticket stays open."""
    no = entitled(case, person, Role.APPROVER) or _closed_to_decisions(case) or _stale(case, wish.revision)
    if no is not None or case.reply is None:
        return no or refuse(case, "nothing_to_approve", "write_reply")
    no_decision = void_decision(case, context.now, by=person.id, verdict=Verdict.REFUSE, via=wish.via)
    change = Change(case=case).with_decision(no_decision)
    change = change.with_reply(replies.withdraw(case.reply, "refused"))
    change = change.log(Fact.REPLY_WITHDRAWN, actor=person.id, reply=case.reply.id, because="refused", via=wish.via)
    if wish.reason.strip():
        change = change.with_content("note", wish.reason.strip(), Fact.NOTE_ADDED, person.id)
    return ChangeResult(change=change.order(ShowCard(ticket=case.ticket.id)), code="refused")


def _usable(case: Case, text: str) -> Refused | None:
    if not text.strip():
        return refuse(case, "empty_text", "see_help")
    if len(text) > MAX_TEXT:
        return refuse(case, "text_too_long", "edit_first", length=len(text), limit=MAX_TEXT)
    return None


def edit(case: Case, wish: Edit, person: Person, context: Context) -> Answer:
    """A person's wording in place of the newest one; an approval in its undo window falls."""
    text = wish.text.strip()
    no = (
        entitled(case, person, Role.AGENT)
        or _closed_to_decisions(case)
        or _stale(case, wish.revision)
        or _usable(case, text)
        or _claimed(case, person, context)
    )
    if no is not None:
        return no
    if case.revision is not None and text == case.revision.text:
        return refuse(case, "same_text")
    return _reworded(Change(case=case), context, text, person, code="edited")


def _reworded(change: Change, context: Context, text: str, person: Person, *, code: str) -> ChangeResult:
    checked = context.check(text, change.case, person)
    change = add_wording(change, context, text=text, author=person, source="person", checked=checked)
    reply = change.case.reply
    number = reply.revision if reply else 0
    return ChangeResult(change=change, code=code, params={"revision": number}, findings=checked[1])


def write(case: Case, wish: Write, person: Person, context: Context) -> Answer:
    """A person's own reply: in place of an open proposal, without one, or as a follow-up."""
    text = wish.text.strip()
    no = entitled(case, person, Role.AGENT) or _usable(case, text) or _claimed(case, person, context)
    if no is not None:
        return no
    if case.open_reply is not None and case.open_reply.state is ReplyState.DRAFTING:
        return _reworded(Change(case=case), context, text, person, code="reply_proposed")
    if case.open_reply is not None:
        return edit(case, Edit(by=wish.by, via=wish.via, ticket=wish.ticket, text=text), person, context)
    if case.flying is not None:
        return _in_flight(case, case.flying)
    if case.item.gone:
        return refuse(case, "item_gone", "close_ticket")
    change = _reopened(Change(case=case), person, context)
    return _reworded(new_reply(change, context), context, text, person, code="reply_proposed")


def _reopened(change: Change, person: Person, context: Context) -> Change:
    ticket = change.case.ticket
    if ticket.status is not TicketStatus.CLOSED:
        return change
    again = context.clocked(change.case, tickets.opened(ticket, context.now))
    return change.with_ticket(again).log(Fact.TICKET_REOPENED, actor=person.id)


def redraft(case: Case, wish: Redraft, person: Person, context: Context) -> Answer:
    """Another draft, perhaps with a hint."""
    no = entitled(case, person, Role.AGENT) or _claimed(case, person, context)
    if no is not None:
        return no
    if case.flying is not None:
        return _in_flight(case, case.flying)
    if case.item.gone:
        return refuse(case, "item_gone", "close_ticket")
    if wish.revision is not None:
        return _brought_back(case, wish.revision, context)
    if context.asks:
        return _asked(case, wish, person, context)
    draft = context.draft(case, wish.hint)
    if draft is None:
        return refuse(case, "no_draft_for_language", "write_reply")
    change, reply = Change(case=case), case.open_reply
    if reply is not None and not case.targets_newest:
        # The draft answers what was said last: it must not end up under what was said before.
        change = new_reply(supersede(change, reply, by=person.id), context, reply)
    elif reply is None:
        change = new_reply(_reopened(change, person, context), context)
    change = add_draft(change, context, draft)
    reply, revision = change.case.reply, change.case.revision
    return ChangeResult(
        change=change,
        code="redrafted",
        params={"revision": reply.revision if reply else 0},
        findings=revision.checks if revision else (),
    )


def _brought_back(case: Case, number: int, context: Context) -> Answer:
    """An earlier wording as the newest one, by whoever wrote it; it is checked anew."""
    found = context.wording(case, number) if case.open_reply is not None else None
    if found is None:
        return refuse(case, "no_such_revision", "look_at_newest", revision=number)
    if case.revision is not None and case.revision.text == found.text:
        return refuse(case, "same_text")
    author = context.people.get(found.author or "")
    checked = context.check(found.text, case, author)
    change = add_wording(
        Change(case=case),
        context,
        text=found.text,
        author=author,
        source=found.source,
        checked=checked,
        facts=found.facts,
        made=found.made,
    )
    number = change.case.reply.revision if change.case.reply else 0
    return ChangeResult(change=change, code="redrafted", params={"revision": number}, findings=checked[1])


def _asked(case: Case, wish: Redraft, person: Person, context: Context) -> Answer:
    """A model writes it: the draft comes when it has answered, and the embedded one in its place when it has not."""
    change = _reopened(Change(case=case), person, context)
    many = max(1, min(wish.alternatives, MOST))
    change = ask_again(change, context, by=person.id, via=wish.via, hint=wish.hint, alternatives=many)
    return ChangeResult(change=change, code="redraft_asked")


def undo(case: Case, wish: Undo, person: Person, context: Context) -> Answer:
    """Take every approval of the newest wording back, before it goes out."""
    no = entitled(case, person, Role.APPROVER)
    if no is not None:
        return no
    reply = case.reply
    if reply is not None and reply.state not in (ReplyState.PROPOSED, ReplyState.APPROVED):
        if reply.state in (ReplyState.WITHDRAWN, ReplyState.DRAFTING):
            return refuse(case, "nothing_to_undo")
        remedy = "use_settle" if reply.state in NEEDS_HAND else "reply_follow_up"
        return refuse(case, "undo_too_late", remedy)
    approved = reply is not None and reply.state is ReplyState.APPROVED
    if reply is None or not (approved or standing(case.decisions, case.binding(), context.people, context.now)):
        return refuse(case, "nothing_to_undo")
    change = Change(case=case).with_decision(
        void_decision(case, context.now, by=person.id, verdict=Verdict.UNDO, via=wish.via)
    )
    if approved:
        change = change.with_reply(replies.unapprove(reply))
    change = change.log(Fact.REPLY_UNDONE, actor=person.id, reply=reply.id, via=wish.via)
    return ChangeResult(change=change.order(ShowCard(ticket=case.ticket.id)), code="undone")


def settle(case: Case, wish: Settle, person: Person, context: Context) -> Answer:
    """A person looked: the reply stands there, or it does not."""
    no = entitled(case, person, Role.APPROVER)
    if no is not None:
        return no
    reply = case.reply
    if reply is None or reply.state not in NEEDS_HAND:
        return refuse(case, "nothing_to_settle")
    url = wish.url.strip()
    if url and not url.startswith(("https://", "http://")):
        return refuse(case, "not_a_link", "see_help")
    if wish.posted:
        stands = replies.posted(reply, native_id=None, url=url or None, now=context.now)
        change = Change(case=case).with_reply(stands)
        ticket = case.ticket
        if reply.number < ticket.replies:
            # A newer reply was approved, perhaps, when this one was not known to stand there.
            ticket = tickets.touched(ticket, context.now, item=ticket.item)
        told = tickets.answered(ticket, context.now, overtaken=case.overtaken)
        change = change.with_ticket(context.clocked(case, told))
        change = change.log(Fact.REPLY_SETTLED, actor=person.id, reply=reply.id, posted=True, via=wish.via)
        change = follow_up(change.order(ShowCard(ticket=case.ticket.id)), context)
        return ChangeResult(change=change, code="settled_posted")
    void = void_decision(case, context.now, by=person.id, verdict=Verdict.UNDO, via=wish.via)
    back = replies.unapprove(reply) if reply.state is ReplyState.UNCERTAIN else replies.withdraw(reply, "not_posted")
    change = Change(case=case).with_decision(void).with_reply(back)
    change = change.log(Fact.REPLY_SETTLED, actor=person.id, reply=reply.id, posted=False, via=wish.via)
    return ChangeResult(change=change.order(ShowCard(ticket=case.ticket.id)), code="settled_absent")
