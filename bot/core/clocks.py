"""The clocks of a ticket: how long the customer has been waiting, how long the matter has been open, what is due.

Both run while the ticket is open. While it waits for somebody or is snoozed they stand still, and what is left of the
target goes on when it opens again. What a clock has counted is kept in whole seconds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntFlag
from typing import TYPE_CHECKING

from bot.core.types import TicketStatus

if TYPE_CHECKING:
    from bot.core.rules import Rules
    from bot.core.targets import Target
    from bot.core.ticket import Ticket

WINDOW_LEAD = timedelta(hours=6)
"""How long before a network stops taking an answer the team is warned; of a short window, half of it is enough."""


class Step(IntFlag):
    """What is said once for each wait: half of the time is over, all of it is, the network's window closes soon.

    `UNRESOLVED` is said once for each ticket.
    """

    REMINDED = 1
    OVERDUE = 2
    WINDOW = 4
    UNRESOLVED = 8


def follow(
    before: Ticket | None,
    after: Ticket,
    now: datetime,
    rules: Rules,
    *,
    reply_by: datetime | None = None,
    asked: bool = False,
    sooner: bool = False,
) -> Ticket:
    """The ticket as it stands `after` something happened to it, with its clocks set accordingly.

    Args:
        before: as it stood, None for a new one.
        after: with another status, kind, severity or flag, perhaps.
        now: when that happened.
        rules: targets and working hours.
        reply_by: when the network stops taking an answer to the newest comment.
        asked: the customer has just written.
        sooner: another target may bring the clock forward, but never put it off.
    """
    target = rules.target(after)
    # Whoever closed it said that nothing more was owed.
    anew = asked and (not _owed(after) or (before is not None and before.status is TicketStatus.CLOSED))
    ticket = _counted(before, after, now, rules, target, anew=anew)
    if anew:
        rung = int(ticket.rung & ~_OF_A_WAIT)
        ticket = replace(ticket, answer_target=_seconds(target.answer), answer_spent=0, reply_by=reply_by, rung=rung)
    elif before is not None and (asked or _sorted_anew(before, after)):
        ticket = _retargeted(ticket, before, now, rules, target, sooner=sooner or asked)
    if not anew and _owed(ticket):
        ticket = _windowed(ticket, reply_by)
    return _due(replace(ticket, resolve_target=_seconds(target.resolution)), rules)


def ring(ticket: Ticket, now: datetime, rules: Rules) -> tuple[Ticket, Step | None]:
    """What has to be said about the ticket's clocks by now, the most pressing thing alone; and it is said by this."""
    due = [step for step, at in _steps(ticket, rules) if at <= now]
    rung = ticket.rung
    for step in due:
        rung |= int(step)
    told = _due(replace(ticket, rung=rung), rules)
    closing = Step.WINDOW in due and ticket.reply_by is not None and now < ticket.reply_by
    urgent = (Step.WINDOW,) if closing else ()
    for step in (*urgent, Step.OVERDUE, Step.WINDOW, Step.UNRESOLVED, Step.REMINDED):
        if step in due:
            return told, step
    return told, None


_OF_A_WAIT = Step.REMINDED | Step.OVERDUE | Step.WINDOW


def _counted(
    before: Ticket | None, after: Ticket, now: datetime, rules: Rules, target: Target, *, anew: bool
) -> Ticket:
    """With the time that passed on the clocks up to now, where they stop, start or change their pace."""
    runs = after.status is TicketStatus.OPEN
    if before is None:
        return replace(after, clock_since=now if runs else None, clock_always=target.always)
    first = before.answered_at is None and after.answered_at is not None
    on = before.clock_since is not None and runs and before.clock_always == target.always and not anew
    passed = _running(before, now, rules)
    ticket = after
    if first and _owed(before):
        ticket = replace(ticket, first_target=before.answer_target, first_spent=before.answer_spent + passed)
    if on:
        return ticket
    return replace(
        ticket,
        clock_since=now if runs else None,
        clock_always=target.always,
        answer_spent=ticket.answer_spent + passed if _owed(ticket) else 0,
        resolve_spent=ticket.resolve_spent + passed,
    )


def _retargeted(ticket: Ticket, before: Ticket, now: datetime, rules: Rules, target: Target, *, sooner: bool) -> Ticket:
    """Another kind, severity or flag has another target; what has been spent of it stays spent."""
    wanted = _seconds(target.answer)
    if _owed(ticket):
        if not sooner:
            return replace(ticket, answer_target=wanted)
        if wanted is None:
            return ticket
        wanted += ticket.answer_spent + _running(ticket, now, rules)
        return replace(ticket, answer_target=min(ticket.answer_target or wanted, wanted))
    if wanted is None or ticket.status is TicketStatus.CLOSED:
        return ticket
    if ticket.answered_at is not None:
        # What was written after the answer may have seemed to need none; else nothing is owed.
        mistaken = ticket.status is TicketStatus.OPEN and rules.target(before).answer is None
        return replace(ticket, answer_target=wanted, answer_spent=0) if mistaken else ticket
    # It seemed to need no answer, so nobody counted.
    calendar = rules.calendar_of(always=ticket.clock_always)
    waited = int(calendar.between(before.opened_at, ticket.clock_since or now).total_seconds())
    return replace(ticket, answer_target=wanted, answer_spent=waited)


def _windowed(ticket: Ticket, reply_by: datetime | None) -> Ticket:
    """With the network's window for the newest message; one that closes later is warned of anew."""
    if reply_by is None or reply_by == ticket.reply_by:
        return ticket
    later = ticket.reply_by is not None and reply_by > ticket.reply_by
    return replace(ticket, reply_by=reply_by, rung=int(ticket.rung & ~Step.WINDOW) if later else ticket.rung)


def _due(ticket: Ticket, rules: Rules) -> Ticket:
    """With the moments at which something is due, or is to be said."""
    shut = ticket.status is TicketStatus.CLOSED
    due = _reached(ticket, ticket.answer_target, ticket.answer_spent, rules)
    if due is not None and ticket.reply_by is not None:
        due = min(due, ticket.reply_by)
    resolve = _reached(ticket, ticket.resolve_target, ticket.resolve_spent, rules)
    ticket = replace(ticket, due_at=None if shut else due, resolve_at=None if shut else resolve)
    return replace(ticket, ring_at=min((at for _, at in _steps(ticket, rules)), default=None))


def _steps(ticket: Ticket, rules: Rules) -> list[tuple[Step, datetime]]:
    """What is still to be said, and when."""
    if ticket.status is TicketStatus.CLOSED:
        return []
    found = []
    if ticket.due_at is not None and ticket.clock_since is not None and ticket.answer_target is not None:
        part = int(ticket.answer_target * rules.remind)
        half = _reached(ticket, part, ticket.answer_spent, rules)
        if half is not None:
            found.append((Step.REMINDED, min(half, ticket.due_at)))
        found.append((Step.OVERDUE, ticket.due_at))
    if ticket.reply_by is not None and _owed(ticket):
        lead = max(min(WINDOW_LEAD, (ticket.reply_by - ticket.opened_at) / 2), timedelta(0))
        found.append((Step.WINDOW, ticket.reply_by - lead))
    if ticket.resolve_at is not None:
        found.append((Step.UNRESOLVED, ticket.resolve_at))
    return [(step, at) for step, at in found if not ticket.rung & step]


def _reached(ticket: Ticket, target: int | None, spent: int, rules: Rules) -> datetime | None:
    """When the running clock will have counted up to the target; None where it stands still."""
    if target is None or ticket.clock_since is None:
        return None
    calendar = rules.calendar_of(always=ticket.clock_always)
    return calendar.add(ticket.clock_since, timedelta(seconds=target - spent))


def _running(ticket: Ticket, now: datetime, rules: Rules) -> int:
    """Whole seconds that the running clock has counted since it was started."""
    if ticket.clock_since is None:
        return 0
    calendar = rules.calendar_of(always=ticket.clock_always)
    return int(calendar.between(ticket.clock_since, now).total_seconds())


def _owed(ticket: Ticket) -> bool:
    return ticket.answer_target is not None


def _sorted_anew(before: Ticket, after: Ticket) -> bool:
    return (before.kind, before.severity, before.flag) != (after.kind, after.severity, after.flag)


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
