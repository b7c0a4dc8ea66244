"""From a Discord user's wish to the core's answer: who it is, whether it came before, and what to tell them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.commands import role_for
from bot.core.messages import Command, Refused
from bot.core.types import Person, Role
from bot.locale import text
from handlers.chats.discord.house import House
from handlers.chats.discord.members import Member, Somebody
from handlers.verdict import STRANGER, Verdict


async def somebody(house: House, one: Somebody) -> Member:
    """Who it is. Somebody whom Discord alone vouches for is made known to the engine."""
    engine = house.engine
    member = await house.members.who(one, engine.read)
    if member.new and member.person is not None:
        await engine.intake.introduce(member.person)
        house.members.introduced(one.user)
    return member


async def decide(house: House, one: Somebody, make: Callable[[Person], Command], once: str) -> Verdict:
    """Carry a wish to the core: committed when this returns. Raises NotListening."""
    member = await somebody(house, one)
    person = member.person
    if person is None:
        return stranger(house, member, one)
    command = replace(make(person), once=once)
    if (member.guest or member.unsure) and role_for(command).covers(Role.APPROVER):
        refused = Refused(
            reason="guest" if member.guest else "who_is_it", remedy="ask_lead" if member.guest else "try_again"
        )
        return Verdict(outcome=refused, locale=person.locale, tz=house.tz)
    return Verdict(outcome=await house.engine.intake.submit(command), locale=person.locale, tz=house.tz)


def stranger(house: House, member: Member, one: Somebody) -> Verdict:
    """What somebody is told who has no role here, or of whom Discord does not say who it is."""
    locale = one.locale or house.members.locale
    unsure = text(locale, "Discord does not say who you are now. Try again in a moment.") if member.unsure else ""
    return Verdict(outcome=STRANGER, locale=locale, tz=house.tz, more=unsure)
