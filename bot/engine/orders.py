"""Turns the core's effects into rows of the outbox: which lane, how urgent, and what makes two orders the same."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from bot.core.drafting import Ask
from bot.core.messages import Announce, AskModel, Publish
from bot.core.oncall import called
from bot.core.routing import rooms_for
from bot.core.types import Severity
from bot.store import tables as t
from bot.store.outbox import NEW, Order

if TYPE_CHECKING:
    from bot.core.case import Case
    from bot.core.messages import Effect
    from bot.engine.parts import Parts
    from bot.store.work import Work

FIRST, URGENT, CLOSE_BEHIND, SOON, LATER, LAST = 1, 2, 3, 4, 5, 7
"""Priorities; a card that is new to a room has `bot.store.outbox.NEW` (6), so that a flood holds nobody's work up."""
_STANDS = select(t.cards.c.ticket).where(
    t.cards.c.ticket == bindparam("of"), t.cards.c.room == bindparam("in"), t.cards.c.ref.is_not(None)
)
PATIENCE = timedelta(seconds=30)
"""How long a card stands as it is that many small things would change, one after the other."""


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
        flag=ticket.flag,
    )


def plan(work: Work, parts: Parts) -> None:
    """Turn every effect of this transaction into orders."""
    for effect, case in work.effects:
        work.orders.extend(_orders(effect, case, work, parts))
    work.effects.clear()


def words(work: Work, said: Announce, rooms: Iterable[str], *, priority: int | None = None) -> list[Order]:
    """Orders to say something in these rooms. Words are said once each: every one is a thing of its own."""
    usual = LATER if said.ticket else SOON
    nonce = work.number("id")
    whom = {"call": list(said.call), "on_call": said.on_call} if said.call or said.on_call else {}
    return [
        Order(
            type="say",
            lane=f"room:{room}",
            once=f"say:{nonce}:{room}",
            ticket=said.ticket,
            payload={"room": room, "code": said.code, "params": said.params, "key": f"{nonce}:{room}", **whom},
            priority=usual if priority is None else priority,
            due_at=work.now,
        )
        for room in rooms
    ]


def card_order(work: Work, case: Case, room: str, *, due_at: datetime | None = None) -> Order:
    """The order to show a ticket's newest state in a room, at once or later."""
    ticket = case.ticket
    return Order(
        type="card",
        lane=f"room:{room}",
        once=f"card:{ticket.id}:{room}",
        ticket=ticket.id,
        payload={"room": room},
        priority=_card_priority(work, case, room),
        due_at=due_at or work.now,
    )


def _card_priority(work: Work, case: Case, room: str) -> int:
    if case.ticket.severity is Severity.CRITICAL:
        return URGENT
    return SOON if _stands(work, case, room) else NEW


def _word_priority(work: Work, case: Case, room: str) -> int:
    """Behind the ticket's card, whose thread the words belong to."""
    if case.ticket.severity is Severity.CRITICAL:
        return CLOSE_BEHIND
    return LATER if _stands(work, case, room) else LAST


def _stands(work: Work, case: Case, room: str) -> bool:
    """Whether the room shows the ticket's card already."""
    if case.ticket.opened_at >= work.now:
        return False
    return work.conn.execute(_STANDS, {"of": case.ticket.id, "in": room}).first() is not None


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
        said = _calling(effect, work, parts)
        return [x for room in rooms for x in words(work, said, [room], priority=_word_priority(work, case, room))]
    if effect.gently:
        return [card_order(work, case, room, due_at=_gently(work, case, room)) for room in rooms]
    return [card_order(work, case, room) for room in rooms]


def _gently(work: Work, case: Case, room: str) -> datetime:
    """Some time after the card was shown last; however often it is ordered until then, that moment stays the same."""
    c = t.cards.c
    shown: datetime | None = work.conn.execute(select(c.at).where(c.ticket == case.ticket.id, c.room == room)).scalar()
    return case.ticket.opened_at if shown is None else shown + PATIENCE


def _calling(said: Announce, work: Work, parts: Parts) -> Announce:
    """What is critical concerns whoever is on call, at once."""
    if said.code != "critical_item":
        return said
    ids = tuple(person.id for person in called(parts.rotation, parts.people, work.now))
    return replace(said, call=ids, on_call=True)


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
