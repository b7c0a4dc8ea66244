"""Carries a person's wish to the core inside one transaction, and answers with the outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from bot.core import deciding, sorting
from bot.core.approval import may
from bot.core.case import ChangeResult
from bot.core.commands import role_for
from bot.core.folding import beyond
from bot.core.messages import (
    AddNote,
    Approve,
    ArchiveSample,
    Ask,
    Assign,
    Claim,
    Close,
    CloseNoise,
    Command,
    Crisis,
    Done,
    Edit,
    Entry,
    Escalate,
    Fact,
    FlagAuthor,
    MarkDone,
    Mute,
    NoteAuthor,
    NotFound,
    OnTicket,
    Outcome,
    Pause,
    PlaySample,
    Redraft,
    Refuse,
    Refused,
    Reopen,
    Resume,
    Retry,
    SetKind,
    SetSeverity,
    Settle,
    Snooze,
    Undo,
    Unmute,
    Wait,
    Write,
)
from bot.core.reply import NEEDS_HAND
from bot.core.types import Person, Role
from bot.engine import samples
from bot.engine.authoring import flag
from bot.engine.cleaning import with_storable
from bot.engine.context import Facts
from bot.engine.failures import mark_done, retry
from bot.engine.folding import close_rolls, refresh
from bot.engine.orders import plan
from bot.store import keep
from bot.store import tables as t

if TYPE_CHECKING:
    from bot.core.case import Case, Context
    from bot.engine.parts import Parts
    from bot.store.work import Work

REMEMBERED = timedelta(days=2)
"""How long a chat may deliver the same click again; Slack gives up after about an hour."""

_HANDLERS: dict[type[OnTicket], Callable[..., deciding.Answer]] = {
    Approve: deciding.approve,
    Refuse: deciding.refuse_reply,
    Edit: deciding.edit,
    Write: deciding.write,
    Redraft: deciding.redraft,
    Undo: deciding.undo,
    Settle: deciding.settle,
    Claim: sorting.claim,
    Assign: sorting.assign,
    Ask: sorting.ask,
    Wait: sorting.wait,
    Close: sorting.close,
    Reopen: sorting.reopen,
    Snooze: sorting.snooze,
    Escalate: sorting.escalate,
    SetKind: sorting.set_kind,
    SetSeverity: sorting.set_severity,
    AddNote: sorting.add_note,
    NoteAuthor: sorting.note_author,
}


def carry_out(work: Work, parts: Parts, command: Command) -> Outcome:
    """Do what a person wishes, or say why not. But for the wish's own mark, the caller's `work.flush()` writes it."""
    command = with_storable(command)
    drawer = f"once:{command.via}"
    # In the same commit: a delivery that is repeated after a crash is known, too.
    if command.once and not keep.put_new(work.conn, drawer, command.once, "done", work.now, lifetime=REMEMBERED):
        return Done(code="repeated", ticket=getattr(command, "ticket", None))
    facts = Facts(work, parts)
    context = facts.context()
    person = context.people.get(command.by)
    if isinstance(command, FlagAuthor):
        outcome = flag(work, command, person, context)
    elif isinstance(command, OnTicket):
        outcome = _on_ticket(work, command, person, context)
    else:
        outcome = _on_everything(work, parts, command, person, facts)
    if command.once and not isinstance(outcome, Done):
        # What was refused changed nothing, and may be wished again.
        keep.take(work.conn, drawer, command.once, work.now)
    plan(work, parts)
    return outcome


def _on_ticket(work: Work, command: OnTicket, person: Person | None, context: Context) -> Outcome:
    ticket = command.ticket.strip().upper()
    case = work.case(ticket)
    if isinstance(command, Settle) and case is not None and not _needs_hand(case):
        # A newer draft may stand before the reply that somebody has to settle.
        case = work.case_needing_hand(ticket) or case
    if case is None:
        return NotFound(what="ticket", id=command.ticket)
    if beyond(case, command):
        return Refused(reason="many_folded", remedy="open_one", ticket=ticket)
    answer = _HANDLERS[type(command)](case, command, person, context)
    if isinstance(answer, Refused):
        return answer
    work.save(answer.change)
    if case.ticket.is_folded and not answer.change.case.ticket.is_folded:
        refresh(work, str(case.ticket.fold))
    return _done(answer, ticket)


def _needs_hand(case: Case) -> bool:
    return case.reply is not None and case.reply.state in NEEDS_HAND


def _done(answer: ChangeResult, ticket: str) -> Done:
    return Done(code=answer.code, ticket=ticket, params=answer.params, findings=answer.findings)


def _on_everything(
    work: Work,
    parts: Parts,
    command: Mute | Unmute | CloseNoise | Retry | MarkDone | Pause | Resume | Crisis | PlaySample | ArchiveSample,
    person: Person | None,
    facts: Facts,
) -> Outcome:
    needed = role_for(command)
    if person is None or not person.active:
        return Refused(reason="unknown_person", remedy="ask_lead")
    if not may(person, needed):
        remedy = "ask_lead" if needed is Role.LEAD else "ask_approver"
        params: dict[str, object] = {"role": person.role.value, "needed": needed.value}
        return Refused(reason="not_entitled", remedy=remedy, params=params)
    if isinstance(command, Mute | Unmute):
        return _mute(work, command, facts)
    if isinstance(command, CloseNoise):
        return close_rolls(work, command, person, facts.context(), parts.networks.keys())
    if isinstance(command, Retry):
        return retry(work, command, person, facts)
    if isinstance(command, PlaySample | ArchiveSample):
        return samples.wished(work, parts, command, person, facts)
    if isinstance(command, MarkDone):
        return mark_done(work, command)
    name = "crisis" if isinstance(command, Crisis) else "paused"
    on = command.on if isinstance(command, Crisis) else isinstance(command, Pause)
    if (name in facts.switches) is on:
        return Refused(reason=f"already_{name}" if on else f"not_{name}", remedy="none")
    value = command.topic if isinstance(command, Crisis) else getattr(command, "reason", "")
    switch(work, name, value, by=command.by, on=on)
    fact, code = _SWITCHED[name, on]
    work.log(Entry(fact=fact, actor=command.by, data={"via": command.via}))
    return Done(code=code, params={"value": value})


_SWITCHED: dict[tuple[str, bool], tuple[Fact, str]] = {
    ("paused", True): (Fact.PAUSED, "paused"),
    ("paused", False): (Fact.RESUMED, "resumed"),
    ("crisis", True): (Fact.CRISIS_OPENED, "crisis_on"),
    ("crisis", False): (Fact.CRISIS_CLOSED, "crisis_off"),
}


def _mute(work: Work, command: Mute | Unmute, facts: Facts) -> Outcome:
    pattern = " ".join(command.pattern.split()).casefold()
    on = isinstance(command, Mute)
    if not pattern.strip("@"):
        return Refused(reason="empty_text", remedy="see_help")
    if (f"mute:{pattern}" in facts.switches) is on:
        return Refused(reason="already_muted" if on else "not_muted", remedy="none", params={"pattern": pattern})
    switch(work, f"mute:{pattern}", pattern, by=command.by, on=on)
    work.log(Entry(fact=Fact.MUTED if on else Fact.UNMUTED, actor=command.by, data={"via": command.via}))
    return Done(code="muted" if on else "unmuted", params={"pattern": pattern})


def switch(work: Work, name: str, value: str, *, by: str, on: bool) -> None:
    """Turn a switch on or off; the log is the caller's business."""
    s = t.switches.c
    values = {"value": value, "by": by, "on": on, "at": work.now}
    known = work.conn.execute(select(s.name).where(s.name == name)).first()
    if known is None:
        work.conn.execute(insert(t.switches).values(name=name, **values))
    else:
        work.conn.execute(update(t.switches).where(s.name == name).values(**values))
