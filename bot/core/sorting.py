"""What people's wishes about tickets do: claim, assign, ask, wait, close, snooze, escalate, sort, note."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core import reply as replies
from bot.core import ticket as tickets
from bot.core.approval import Verdict
from bot.core.case import Case, Change, ChangeResult, Context, void_decision
from bot.core.deciding import Answer, entitled, refuse
from bot.core.messages import (
    AddNote,
    Announce,
    Ask,
    Assign,
    Claim,
    Close,
    Escalate,
    Fact,
    NoteAuthor,
    Refused,
    Reopen,
    SetKind,
    SetSeverity,
    ShowCard,
    Snooze,
    Wait,
)
from bot.core.proposing import MAX_TEXT, ask_for_more
from bot.core.types import Kind, Person, ReplyState, Role, Severity, TicketStatus

LONGEST_SNOOZE = timedelta(days=90)


def _shown(change: Change, code: str, **params: object) -> ChangeResult:
    return ChangeResult(change=change.order(ShowCard(ticket=change.case.ticket.id)), code=code, params=params)


def _colleague(case: Case, name: str, context: Context) -> Person | Refused:
    """The member of the team with this id, or else the only one of this name; any case."""
    wanted = name.strip().lstrip("@").casefold()
    team = [person for person in context.people.values() if person.active]
    by_id = [person for person in team if person.id.casefold() == wanted]
    found = by_id or [person for person in team if person.name.casefold() == wanted]
    if len(found) == 1:
        return found[0]
    known = ", ".join(sorted(person.id for person in team))
    return refuse(case, "unknown_assignee", "see_help", who=name.strip(), known=known)


def claim(case: Case, wish: Claim, person: Person, context: Context) -> Answer:
    """`I am on it`, for a quarter of an hour; a lead may take over."""
    no = entitled(case, person, Role.AGENT)
    if no is not None:
        return no
    holder = case.ticket.claimer(context.now)
    if holder is not None and holder != person.id and not person.role.covers(Role.LEAD):
        other = context.people.get(holder)
        return refuse(case, "claimed_by_other", "wait_or_take_over", who=other.name if other else holder)
    until = context.now + context.rules.claim_life
    change = Change(case=case).with_ticket(tickets.claimed(case.ticket, context.now, by=person.id, until=until))
    minutes = int(context.rules.claim_life.total_seconds() // 60)
    return _shown(change.log(Fact.TICKET_CLAIMED, actor=person.id, via=wish.via), "claimed", minutes=minutes)


def assign(case: Case, wish: Assign, person: Person, context: Context) -> Answer:
    """Make it somebody's."""
    no = entitled(case, person, Role.AGENT)
    if no is not None:
        return no
    to = person if wish.person is None else _colleague(case, wish.person, context)
    if not isinstance(to, Person):
        return to
    if case.ticket.assignee == to.id:
        return refuse(case, "unchanged")
    change = Change(case=case).with_ticket(tickets.assigned(case.ticket, context.now, to=to.id))
    return _shown(change.log(Fact.TICKET_ASSIGNED, actor=person.id, to=to.id), "assigned", who=to.name)


def ask(case: Case, wish: Ask, person: Person, context: Context) -> Answer:
    """An internal question to a colleague; the ticket waits for the answer."""
    no = entitled(case, person, Role.AGENT) or _open(case) or _words(case, wish.question)
    if no is not None:
        return no
    to = _colleague(case, wish.person, context)
    if not isinstance(to, Person):
        return to
    change = Change(case=case).with_ticket(context.clocked(case, tickets.waiting(case.ticket, context.now, on=to.id)))
    change = change.with_content("question", wish.question.strip(), Fact.QUESTION_ASKED, person.id, to=to.id)
    params: dict[str, object] = {"who": to.name, "by": person.name}
    note = Announce(code="question_for", ticket=case.ticket.id, params=params, call=(to.id,))
    return _shown(change.order(note), "asked", who=to.name)


def wait(case: Case, wish: Wait, person: Person, context: Context) -> Answer:
    """The customer has the word."""
    no = entitled(case, person, Role.AGENT) or _open(case)
    if no is not None:
        return no
    if case.ticket.status is TicketStatus.WAITING and case.ticket.waiting_for == "customer":
        return refuse(case, "unchanged")
    waits = context.clocked(case, tickets.waiting(case.ticket, context.now, on="customer"))
    change = Change(case=case).with_ticket(waits)
    return _shown(change.log(Fact.TICKET_WAITING, actor=person.id, via=wish.via), "waiting")


def close(case: Case, wish: Close, person: Person, context: Context) -> Answer:
    """Nothing more to do; an open proposal is withdrawn, one on its way must arrive first."""
    no = entitled(case, person, Role.AGENT)
    if no is not None:
        return no
    if case.ticket.status is TicketStatus.CLOSED:
        return refuse(case, "unchanged", "none")
    if case.flying is not None and case.flying.state is not ReplyState.PENDING:
        remedy = "use_settle" if case.flying.state is ReplyState.UNCERTAIN else "wait_a_moment"
        return refuse(case, "being_published", remedy)
    change = Change(case=case)
    if case.open_reply is not None:
        if case.revision is not None and case.decisions:
            void = void_decision(case, context.now, by=person.id, verdict=Verdict.UNDO, via=wish.via)
            change = change.with_decision(void)
        change = change.with_reply(replies.withdraw(case.open_reply, "closed"))
        change = change.log(Fact.REPLY_WITHDRAWN, actor=person.id, reply=case.open_reply.id, because="closed")
    shut = tickets.closed(case.ticket, context.now, reason=wish.reason.strip() or None)
    change = change.with_ticket(context.clocked(case, shut))
    return _shown(change.log(Fact.TICKET_CLOSED, actor=person.id, via=wish.via), "closed")


def reopen(case: Case, wish: Reopen, person: Person, context: Context) -> Answer:
    """Somebody has to do something after all."""
    no = entitled(case, person, Role.AGENT)
    if no is not None:
        return no
    if case.ticket.status is TicketStatus.OPEN:
        return refuse(case, "unchanged")
    change = Change(case=case).with_ticket(context.clocked(case, tickets.opened(case.ticket, context.now)))
    return _shown(change.log(Fact.TICKET_REOPENED, actor=person.id, via=wish.via), "reopened")


def snooze(case: Case, wish: Snooze, person: Person, context: Context) -> Answer:
    """Put it away; it comes back by itself."""
    no = entitled(case, person, Role.AGENT) or _open(case)
    if no is not None:
        return no
    if not timedelta(0) < wish.span <= LONGEST_SNOOZE:
        return refuse(case, "not_snoozable", "see_help", days=LONGEST_SNOOZE.days)
    until = context.now + wish.span
    change = Change(case=case).with_ticket(
        context.clocked(case, tickets.snoozed(case.ticket, context.now, until=until))
    )
    change = change.log(Fact.TICKET_SNOOZED, actor=person.id, until=until.isoformat(), via=wish.via)
    return _shown(change, "snoozed", until=until.isoformat())


def wake(case: Case, context: Context) -> Change:
    """The snooze is over."""
    change = Change(case=case).with_ticket(context.clocked(case, tickets.opened(case.ticket, context.now)))
    return change.log(Fact.TICKET_WOKEN).order(ShowCard(ticket=case.ticket.id))


def escalate(case: Case, wish: Escalate, person: Person, context: Context) -> Answer:
    """Call somebody with more say: a person, or the leads."""
    no = entitled(case, person, Role.AGENT) or _open(case)
    if no is not None:
        return no
    called = tuple(p for p in context.people.values() if p.role is Role.LEAD and p.active)
    ticket = case.ticket
    if wish.person is not None:
        to = _colleague(case, wish.person, context)
        if not isinstance(to, Person):
            return to
        ticket, called = tickets.assigned(ticket, context.now, to=to.id), (to,)
    who = ", ".join(one.name for one in called)
    change = Change(case=case).with_ticket(ticket)
    change = change.log(Fact.TICKET_ESCALATED, actor=person.id, to=wish.person or "", via=wish.via)
    params: dict[str, object] = {"who": who, "by": person.name}
    ids = tuple(one.id for one in called)
    change = change.order(Announce(code="escalated_to", ticket=ticket.id, params=params, call=ids))
    return _shown(change, "escalated", who=who)


def set_kind(case: Case, wish: SetKind, person: Person, context: Context) -> Answer:
    """Correct what it is; the clock follows."""
    no = entitled(case, person, Role.AGENT)
    if no is not None:
        return no
    if case.ticket.kind is wish.kind:
        return refuse(case, "unchanged")
    change = _out(Change(case=case), person, context, matters=wish.kind not in (Kind.NOISE, Kind.SPAM))
    ticket = change.case.ticket
    ticket = tickets.sorted_as(ticket, context.now, kind=wish.kind, severity=ticket.severity)
    change = change.with_ticket(context.clocked(case, ticket))
    change = change.log(Fact.KIND_SET, actor=person.id, before=case.ticket.kind.value, after=wish.kind.value)
    return _shown(change, "kind_set", kind=wish.kind.value)


def set_severity(case: Case, wish: SetSeverity, person: Person, context: Context) -> Answer:
    """Correct how much is at stake. A higher one may ask for more approvals; a lower one never for fewer."""
    no = entitled(case, person, Role.AGENT)
    if no is not None:
        return no
    before = case.ticket.severity
    if before is wish.severity:
        return refuse(case, "unchanged")
    if before is Severity.CRITICAL and not person.role.covers(Role.APPROVER):
        return refuse(case, "not_entitled", "ask_approver", role=person.role.value, needed=Role.APPROVER.value)
    change = _out(Change(case=case), person, context, matters=wish.severity.rank > Severity.NORMAL.rank)
    ticket = change.case.ticket
    ticket = tickets.sorted_as(ticket, context.now, kind=ticket.kind, severity=wish.severity)
    ticket = tickets.weighed(ticket, wish.severity, context.rules.quorum(wish.severity, crisis=False))
    ticket = context.clocked(case, ticket)
    change = change.with_ticket(ticket)
    change = change.log(Fact.SEVERITY_SET, actor=person.id, before=before.value, after=wish.severity.value)
    change = ask_for_more(change, context, by=person.id, via=wish.via)
    if wish.severity is Severity.CRITICAL:
        change = change.order(Announce(code="critical_item", ticket=ticket.id))
    return _shown(change, "severity_set", severity=wish.severity.value)


def add_note(case: Case, wish: AddNote, person: Person, context: Context) -> Answer:
    """An internal remark."""
    no = entitled(case, person, Role.AGENT) or _words(case, wish.text)
    if no is not None:
        return no
    change = Change(case=case).with_ticket(replace(case.ticket, updated_at=context.now))
    return _shown(change.with_content("note", wish.text.strip(), Fact.NOTE_ADDED, person.id, via=wish.via), "noted")


def _out(change: Change, person: Person, context: Context, *, matters: bool) -> Change:
    """What was folded and matters after all is taken out: see `bot.core.folding`."""
    ticket = change.case.ticket
    if not ticket.is_folded or not matters:
        return change
    opened = change.with_ticket(tickets.opened(ticket, context.now))
    return opened.log(Fact.TICKET_REOPENED, actor=person.id)


def note_author(case: Case, wish: NoteAuthor, person: Person, context: Context) -> Answer:
    """An internal remark about who wrote it. A name that was merely typed is nobody."""
    no = entitled(case, person, Role.AGENT) or _words(case, wish.text)
    if no is not None or case.ticket.author is None:
        return no or refuse(case, "typed_name")
    change = Change(case=case).with_ticket(replace(case.ticket, updated_at=context.now))
    noted = change.with_content("about", wish.text.strip(), Fact.AUTHOR_NOTED, person.id, via=wish.via)
    return _shown(noted, "author_noted")


def _open(case: Case) -> Refused | None:
    return refuse(case, "ticket_closed", "reopen_first") if case.ticket.status is TicketStatus.CLOSED else None


def _words(case: Case, text: str) -> Refused | None:
    if not text.strip():
        return refuse(case, "empty_text", "see_help")
    if len(text) > MAX_TEXT:
        return refuse(case, "text_too_long", "edit_first", length=len(text), limit=MAX_TEXT)
    return None
