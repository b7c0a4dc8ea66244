"""Says what the clocks of tickets have to say: in the ticket's thread, each thing once, to whom it concerns.

What rings within one minute is said together when that minute is over. Where that is more than a handful in a room,
one message says all of it there: a wave of tickets, or a bot that comes back, must not bury the threads that matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.core.case import Change
from bot.core.clocks import Step, ring
from bot.core.messages import Announce, Fact
from bot.core.oncall import called
from bot.engine.context import Facts
from bot.engine.orders import LAST, SOON, card_order, plan, rooms_of, words
from bot.store import tables as t
from bot.store.partial import RINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.case import Case
    from bot.core.types import Person
    from bot.engine.parts import Parts
    from bot.store.outbox import Order
    from bot.store.work import Work

HANDFUL = 5
"""So many things a room is told one by one."""
AT_ONCE = 500
NAMED = 20
LATER = timedelta(minutes=5)
"""When a ticket is looked at again whose answer is on its way just now."""
_CODES = {
    Step.REMINDED: "clock_reminded",
    Step.OVERDUE: "clock_overdue",
    Step.WINDOW: "clock_window",
    Step.UNRESOLVED: "clock_unresolved",
}
_COUNTED = {
    "overdue": Step.OVERDUE,
    "closing": Step.WINDOW,
    "unresolved": Step.UNRESOLVED,
    "reminded": Step.REMINDED,
}


def rings(conn: Connection, now: datetime) -> list[str]:
    """Tickets whose clocks rang before this minute began, those that have waited longest first."""
    k = t.tickets.c
    begun = now.replace(second=0, microsecond=0)
    wanted = select(k.id).where(RINGS, k.ring_at < begun).order_by(k.ring_at, k.id)
    return list(conn.execute(wanted.limit(AT_ONCE)).scalars())


def ring_out(work: Work, parts: Parts, tickets: Iterable[str]) -> None:
    """Say it and remember that, in one transaction: neither a restart nor another process says it again."""
    context = Facts(work, parts).context()
    rang: list[tuple[Case, Step]] = []
    for name in tickets:
        case = work.case(name)
        if case is None or case.ticket.ring_at is None or case.ticket.ring_at > work.now:
            continue
        if case.flying is not None:
            work.save(Change(case=case).with_ticket(replace(case.ticket, ring_at=work.now + LATER)))
            continue
        ticket, step = ring(case.ticket, work.now, context.rules)
        change = Change(case=case).with_ticket(ticket)
        if step is not None:
            change = change.log(Fact.CLOCK_RANG, step=(step.name or "").lower())
            rang.append((change.case, step))
        work.save(change)
    _say(work, parts, rang, list(context.people.values()))
    plan(work, parts)


def _say(work: Work, parts: Parts, rang: list[tuple[Case, Step]], people: list[Person]) -> None:
    rooms: dict[str, list[tuple[Case, Step]]] = defaultdict(list)
    for case, step in rang:
        for room in rooms_of(case, parts):
            rooms[room].append((case, step))
    on_call = called(parts.rotation, people, work.now)
    for room, some in rooms.items():
        work.orders.extend(_cards(work, some, room))
        if len(some) > HANDFUL:
            work.orders.extend(words(work, _together(some, on_call), [room]))
            continue
        for case, step in some:
            work.orders.extend(words(work, _alone(case, step, on_call), [room]))


def _cards(work: Work, some: list[tuple[Case, Step]], room: str) -> Iterator[Order]:
    """Their cards are late now; those of a wave take the time that new comments and people's doings leave over."""
    for case, _ in some:
        order = card_order(work, case, room)
        yield replace(order, priority=LAST) if len(some) > HANDFUL and order.priority == SOON else order


def _alone(case: Case, step: Step, on_call: tuple[Person, ...]) -> Announce:
    ticket = case.ticket
    who = ", ".join(person.name for person in on_call)
    until = {Step.WINDOW: ticket.reply_by, Step.UNRESOLVED: ticket.resolve_at}.get(step, ticket.due_at)
    params: dict[str, object] = {"until": until.isoformat() if until else "", "who": who}
    if step is Step.REMINDED:
        mine = tuple(filter(None, {ticket.claimed_by, ticket.assignee}))
        return Announce(code=_CODES[step], ticket=ticket.id, params=params, call=mine)
    ids = tuple(person.id for person in on_call)
    return Announce(code=_CODES[step], ticket=ticket.id, params=params, call=ids, on_call=True)


def _together(some: list[tuple[Case, Step]], on_call: tuple[Person, ...]) -> Announce:
    many = Counter(step for _, step in some)
    order = list(_COUNTED.values())
    first = sorted(some, key=lambda one: (-one[0].ticket.severity.rank, order.index(one[1]), one[0].ticket.opened_at))
    ids = [case.ticket.id for case, _ in first]
    params: dict[str, object] = {name: many[step] for name, step in _COUNTED.items()}
    params["tickets"] = ", ".join(ids[:NAMED]) + (" …" if len(ids) > NAMED else "")
    params["who"] = ", ".join(person.name for person in on_call)
    urgent = any(step is not Step.REMINDED for step in many)
    call = tuple(person.id for person in on_call) if urgent else ()
    return Announce(code="clocks_rang", params=params, call=call, on_call=urgent)
