"""Turns the core's effects into rows of the outbox: which lane, how urgent, and what makes two orders the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.core.messages import Announce, Publish
from bot.core.routing import rooms_for
from bot.core.types import Severity
from bot.store.outbox import Order

if TYPE_CHECKING:
    from bot.core.case import Case
    from bot.core.messages import Effect
    from bot.engine.parts import Parts
    from bot.store.work import Work

FIRST, URGENT, SOON, LATER = 1, 2, 4, 6


def rooms_of(case: Case, parts: Parts) -> tuple[str, ...]:
    """The rooms that show a ticket."""
    ticket = case.ticket
    return rooms_for(
        parts.routes,
        [room.id for room in parts.rooms],
        account=ticket.account,
        network_type=parts.network_types.get(ticket.account, ""),
        kind=ticket.kind,
        severity=ticket.severity,
        language=ticket.language,
    )


def plan(work: Work, parts: Parts) -> None:
    """Turn every effect of this transaction into orders."""
    for effect, case in work.effects:
        work.orders.extend(_orders(effect, case, work, parts))
    work.effects.clear()


def words(work: Work, said: Announce, rooms: Iterable[str]) -> list[Order]:
    """Orders to say something in these rooms. Words are said once each: every one is a thing of its own."""
    nonce = work.number("id")
    return [
        Order(
            type="say",
            lane=f"room:{room}",
            once=f"say:{nonce}:{room}",
            ticket=said.ticket,
            payload={"room": room, "code": said.code, "params": said.params, "key": f"{nonce}:{room}"},
            priority=LATER if said.ticket else SOON,
            due_at=work.now,
        )
        for room in rooms
    ]


def _orders(effect: Effect, case: Case, work: Work, parts: Parts) -> list[Order]:
    ticket = case.ticket.id
    if isinstance(effect, Publish):
        return [
            Order(
                type="publish",
                lane=f"network:{case.ticket.account}",
                once=f"publish:{effect.reply}",
                ticket=ticket,
                payload={"reply": effect.reply},
                priority=FIRST,
                due_at=effect.not_before,
            )
        ]
    rooms = rooms_of(case, parts)
    if isinstance(effect, Announce):
        return words(work, effect, rooms)
    return [
        Order(
            type="card",
            lane=f"room:{room}",
            once=f"card:{ticket}:{room}",
            ticket=ticket,
            payload={"room": room},
            priority=URGENT if case.ticket.severity is Severity.CRITICAL else SOON,
            due_at=work.now,
        )
        for room in rooms
    ]
