"""Carries the wishes about failures out: try again what was given up, or note that a person took care of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.core.approval import may
from bot.core.letters import order_id, order_number
from bot.core.messages import Done, Entry, Fact, MarkDone, NotFound, Outcome, Refused, Retry
from bot.core.retrying import look_again
from bot.core.types import ReplyState, Role
from bot.store import outbox
from bot.store import tables as t

if TYPE_CHECKING:
    from bot.core.types import Person
    from bot.engine.context import Facts
    from bot.store.work import Work


def retry(work: Work, command: Retry, person: Person, facts: Facts) -> Outcome:
    """Try orders again, and look again for replies of unknown fate: of one order, one ticket, or everything.

    Whoever may not decide about replies tries the orders alone; where there is nothing else, that is refused.
    """
    number = order_number(command.about)
    ticket = command.about.strip().removeprefix("#").upper() if command.about and number is None else None
    if ticket is not None and work.case(ticket) is None:
        return NotFound(what="ticket", id=command.about)
    numbers = outbox.dead(work.conn, ticket=ticket, number=number)
    if number is not None and not numbers:
        return NotFound(what="failure", id=order_id(number))
    unknown = [] if number is not None else _uncertain(work, ticket)
    if not numbers and not unknown:
        return Refused(reason="nothing_to_retry", remedy="see_failures", ticket=ticket)
    looked, refused = _look_again(work, command, person, facts, unknown)
    if not numbers and refused is not None and not looked:
        return refused
    outbox.revive(work.conn, work.now, numbers)
    for one in numbers:
        work.log(Entry(fact=Fact.FAILURE_RETRIED, actor=command.by, data={"order": one, "via": command.via}))
    return Done(code="retried", ticket=ticket, params={"orders": len(numbers), "replies": looked})


def _uncertain(work: Work, ticket: str | None) -> list[str]:
    """The tickets with a reply of unknown fate."""
    r = t.replies.c
    wanted = select(r.ticket).where(r.state == ReplyState.UNCERTAIN.value)
    if ticket is not None:
        wanted = wanted.where(r.ticket == ticket)
    return list(work.conn.execute(wanted.order_by(r.ticket)).scalars())


def _look_again(
    work: Work, command: Retry, person: Person, facts: Facts, tickets: list[str]
) -> tuple[int, Refused | None]:
    """How many are looked for again, and why another is not."""
    looked, refused = 0, None
    for ticket in tickets:
        case = work.case_needing_hand(ticket)
        if case is None:
            continue
        if "paused" in facts.switches and may(person, Role.APPROVER):
            return 0, Refused(reason="held_back", remedy="resume_first", ticket=ticket)
        answer = look_again(case, command, person, facts.context())
        if isinstance(answer, Refused):
            refused = answer
        else:
            work.save(answer.change)
            looked += 1
    return looked, refused


def mark_done(work: Work, command: MarkDone) -> Outcome:
    """Take an order off the list. What to publish is never called done so: its reply has a fate of its own."""
    number = order_number(command.about)
    known = t.outbox.c.id == number, t.outbox.c.state == "dead"
    order = None if number is None else work.conn.execute(select(t.outbox).where(*known)).one_or_none()
    if number is None or order is None:
        return NotFound(what="failure", id=command.about)
    if order.type == "publish":
        params: dict[str, object] = {"failure": order_id(number)}
        return Refused(reason="not_done_by_hand", remedy="retry_it", ticket=order.ticket, params=params)
    outbox.take_off(work.conn, number)
    kept = work.keep_text("note", command.note, extra={}) if command.note else None
    data: dict[str, object] = {"order": number, "type": order.type, "lane": order.lane, "via": command.via}
    work.log(Entry(fact=Fact.FAILURE_DONE, actor=command.by, ticket=order.ticket, data=data), kept)
    return Done(code="failure_done", ticket=order.ticket, params={"failure": order_id(number)})
