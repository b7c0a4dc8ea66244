"""Turns the core's effects into rows of the outbox: which lane, how urgent, and what makes two orders the same."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.core.drafting import Ask
from bot.core.messages import Announce, AskModel, Publish
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


def card_order(work: Work, case: Case, room: str) -> Order:
    """The order to show a ticket's newest state in a room."""
    ticket = case.ticket
    return Order(
        type="card",
        lane=f"room:{room}",
        once=f"card:{ticket.id}:{room}",
        ticket=ticket.id,
        payload={"room": room},
        priority=URGENT if ticket.severity is Severity.CRITICAL else SOON,
        due_at=work.now,
    )


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
    if isinstance(effect, AskModel):
        return [_ask_order(effect, case, work, parts)] if parts.model is not None else []
    rooms = rooms_of(case, parts)
    if isinstance(effect, Announce):
        return words(work, effect, rooms)
    return [card_order(work, case, room) for room in rooms]


def _ask_order(effect: AskModel, case: Case, work: Work, parts: Parts) -> Order:
    """One ask for each ticket: a newer one takes the place of one that waits. Lanes are what limits calls at a time."""
    lanes = parts.model.lanes if parts.model is not None else 1
    asked = Ask(
        ticket=effect.ticket,
        reply=case.reply.id if case.reply else "",
        stamp=case.stamp,
        open=case.open_reply is not None,
        severity=case.ticket.severity,
        asked_at=work.now,
        by=effect.by,
        hint=effect.hint,
        alternatives=effect.alternatives,
    )
    return Order(
        type="draft",
        lane=f"drafter:{zlib.crc32(effect.ticket.encode()) % lanes}",
        once=f"draft:{effect.ticket}",
        ticket=effect.ticket,
        payload={**asdict(asked), "asked_at": work.now.isoformat()},
        priority=LATER if effect.by is None else SOON,
        due_at=work.now,
    )


def asked_in(payload: dict[str, Any]) -> Ask:
    """The ask that an order of this type is about."""
    return Ask(
        **payload | {"asked_at": datetime.fromisoformat(payload["asked_at"]), "severity": Severity(payload["severity"])}
    )
