"""From a Slack user's wish to the core's answer: who it is, whether it came before, and what to tell them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.core.commands import role_for
from bot.core.messages import Command, Refused
from bot.core.types import Person, Role
from bot.locale import text
from handlers.chats.slack import blocks as b
from handlers.chats.slack.house import House
from handlers.chats.slack.members import Member
from handlers.verdict import STRANGER, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where somebody did something: an answer to them alone goes there."""

    user: str
    channel: str
    thread: str | None = None


async def somebody(house: House, user: str) -> Member:
    """Who it is. Somebody whom Slack alone vouches for is made known to the engine."""
    engine = house.engine
    member = await house.members.who(user, engine.read)
    if member.new and member.person is not None:
        await engine.intake.introduce(member.person)
        house.members.introduced(user)
    return member


async def decide(house: House, user: str, make: Callable[[Person], Command], once: str) -> Verdict:
    """Carry a wish to the core: committed when this returns. Raises NotListening."""
    member = await somebody(house, user)
    person = member.person
    if person is None:
        return stranger(house, member)
    command = replace(make(person), once=once)
    if (member.guest or member.unsure) and role_for(command).covers(Role.APPROVER):
        refused = Refused(
            reason="guest" if member.guest else "who_is_it", remedy="ask_lead" if member.guest else "try_again"
        )
        return Verdict(outcome=refused, locale=person.locale, tz=house.tz, once=once)
    outcome = await house.engine.intake.submit(command)
    return Verdict(outcome=outcome, locale=person.locale, tz=house.tz, once=once)


async def explain_alone(house: House, spot: Spot, verdict: Verdict, *, always: bool = False) -> None:
    """Tell the person why nothing happened, after Slack was answered; with `always` also what did."""
    if verdict.repeated or (verdict.done and not always) or (verdict.once and not house.first_time(verdict.once)):
        return
    house.later(house.tell(spot.user, spot.channel, spot.thread, verdict.text))


async def hint(house: House, spot: Spot, sentence: str, buttons: list[b.Block] | None = None) -> None:
    """Tell the person something else; `sentence` is in their language already."""
    house.later(house.tell(spot.user, spot.channel, spot.thread, sentence, buttons))


def stranger(house: House, member: Member) -> Verdict:
    """What somebody is told who has no role here, or of whom Slack does not say who it is."""
    locale = house.members.locale
    unsure = text(locale, "Slack does not say who you are now. Try again in a moment.") if member.unsure else ""
    return Verdict(outcome=STRANGER, locale=locale, tz=house.tz, more=unsure)
