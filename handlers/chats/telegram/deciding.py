"""From a Telegram user's wish to the core's answer: who it is, whether it came before, and what to tell them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

from bot.core.errors import AdapterError
from bot.core.messages import Command
from bot.core.types import Person
from handlers.chats.telegram.house import House, Spot
from handlers.chats.telegram.members import Member
from handlers.verdict import STRANGER, Verdict


async def somebody(house: House, spot: Spot) -> Member:
    """Who it is. Somebody whom a group alone vouches for is made known to the engine; elsewhere it is asked again."""
    engine, memory = house.engine, house.memory
    here = await memory.is_room(spot.chat)
    room = spot.chat if here else await memory.vouched_in(spot.user.id)
    member = await house.members.who(spot.user, room, engine.read)
    if member.vouched and here:
        await memory.keep_vouched(spot.user.id, spot.chat)
    if member.new and member.person is not None:
        await engine.intake.introduce(member.person)
    return member


async def decide(house: House, spot: Spot, make: Callable[[Person], Command], once: str) -> Verdict:
    """Carry a wish to the core: committed when this returns. Raises NotListening."""
    person = (await somebody(house, spot)).person
    if person is None:
        return stranger(house)
    outcome = await house.engine.intake.submit(replace(make(person), once=once))
    return Verdict(outcome=outcome, locale=person.locale, tz=house.tz, once=once)


def explain_alone(house: House, spot: Spot, verdict: Verdict) -> None:
    """Tell the person why nothing happened. A press is always answered, so that its button stops turning."""
    first = not verdict.once or house.first_time(verdict.once)
    if verdict.done or verdict.repeated or not first:
        if spot.query is not None:
            house.later(_toast(house, spot.query.id, "" if verdict.repeated else verdict.text))
        return
    house.later(house.answer(spot, verdict.text))


async def _toast(house: House, query: str, said: str) -> None:
    """A line that goes away by itself; what it says stands on the card too."""
    brief = said.splitlines()[0][:180] if said else None
    with contextlib.suppress(AdapterError):
        await house.wire.call("answer_callback_query", callback_query_id=query, text=brief)


def stranger(house: House) -> Verdict:
    """What somebody is told who has no role here."""
    return Verdict(outcome=STRANGER, locale=house.members.locale, tz=house.tz)
