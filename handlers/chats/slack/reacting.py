"""Reactions: an emoji under a message of ours is a decision, taken away again it is taken back.

Slack delivers a reaction several times, under other event ids, and not always in order. What counts is the moment
at which it was made (`event_ts`): of one person's emoji under one message only what is newer than the last is heard,
and it is about what the message showed then.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import timedelta
from typing import Any

from bot.core import messages as m
from bot.core.reactions import ABOUT_WORDS, verb_for
from bot.core.shown import Shown, approved_by, plain_wish
from bot.core.types import Person
from bot.locale import text
from handlers.chats.slack import blocks as b
from handlers.chats.slack.deciding import Spot, decide, explain_alone, hint, somebody
from handlers.chats.slack.house import House
from handlers.chats.slack.memory import Place
from handlers.postings import WORDING

Moment = tuple[float, bool]
"""When an emoji was made or (True) taken away; in the same moment the going counts."""
NEVER: Moment = (-1.0, False)
_REMEMBERED = 5000
_JUST_NOW = 2.0
"""Seconds; a restart takes longer."""


class Reactions:
    """Hears reactions to our messages."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._heard: OrderedDict[str, tuple[asyncio.Lock, Moment]] = OrderedDict()

    async def hear(self, event: dict[str, Any]) -> None:
        """Carry it to the core; everything is committed when this returns. Raises NotListening."""
        item, user = event.get("item") or {}, str(event.get("user") or "")
        channel, ts = str(item.get("channel") or ""), str(item.get("ts") or "")
        name = str(event.get("reaction") or "")
        verb = verb_for(name, self._house.config.reactions)
        if verb is None or item.get("type") != "message" or not user:
            return
        place = await self._house.threads.place(channel, ts)
        if place is None:
            return
        key = f"{channel}:{ts}:{user}:{name}"
        lock, _ = self._heard.setdefault(key, (asyncio.Lock(), NEVER))
        async with lock:
            removed = event.get("type") == "reaction_removed"
            at = (_seconds(event), removed)
            if at <= max(self._heard.get(key, (lock, NEVER))[1], await self._gone(key, at[0])):
                return
            spot = Spot(user=user, channel=channel, thread=place.thread)
            once = f"reaction:{key}:{event.get('event_ts') or ''}:{removed}"
            if removed:
                await self._taken_back(verb, place, spot, once)
                await self._house.memory.set_mark(f"gone:{key}", repr(at[0]))
            else:
                await self._made(verb, place, place.at(at[0]), spot, once)
            self._remember(key, lock, at)

    async def _gone(self, key: str, at: float) -> Moment:
        """When this emoji was taken away last, over restarts: one that was made before must not come after it.

        What was made this very moment cannot have been overtaken by that, so that nobody has to look.
        """
        if abs(self._house.clock().timestamp() - at) < _JUST_NOW:
            return NEVER
        mark = await self._house.memory.mark(f"gone:{key}")
        return (float(mark), True) if mark else NEVER

    async def _made(self, verb: str, place: Place, shown: Shown, spot: Spot, once: str) -> None:
        house = self._house
        member = await somebody(house, spot.user)
        if member.bot:
            return
        person = member.person
        late = verb == "approve" and shown.older  # the core says which draft is the newest
        if person is not None and verb in ABOUT_WORDS and place.kind != WORDING and not late:
            said = text(person.locale, "This counts under the newest draft only.")
            await hint(house, spot, said)
            return
        if person is not None and verb == "edit":
            await hint(house, spot, text(person.locale, "Here is the form:"), [_edit(person, shown)])
            return
        span = timedelta(hours=house.config.snooze_hours)

        def wish(person: Person) -> m.Command:
            made = plain_wish(verb, shown, by=person.id, via=house.config.id, snooze=span)
            if made is None:
                raise ValueError(f"no wish for {verb}")
            return made

        await explain_alone(house, spot, await decide(house, spot.user, wish, once))

    async def _taken_back(self, verb: str, place: Place, spot: Spot, once: str) -> None:
        """Taking ✅ away withdraws an approval that was one; other emoji say nothing by going."""
        house = self._house
        member = await somebody(house, spot.user)
        if verb != "approve" or member.person is None or place.kind != WORDING:
            return
        card = await house.engine.read.card(place.shown.ticket)
        if card is None or not approved_by(card, place.shown, member.person.id):
            return
        make = lambda person: m.Undo(by=person.id, via=house.config.id, ticket=place.shown.ticket)  # noqa: E731
        await explain_alone(house, spot, await decide(house, spot.user, make, once))

    def _remember(self, key: str, lock: asyncio.Lock, at: Moment) -> None:
        self._heard[key] = (lock, at)
        self._heard.move_to_end(key)
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)


def _seconds(event: dict[str, Any]) -> float:
    """When it was made; what does not say so comes before everything that does."""
    try:
        return float(str(event.get("event_ts")))
    except ValueError:
        return 0.0


def _edit(person: Person, shown: Shown) -> b.Block:
    return b.button(f"✏️ {text(person.locale, 'Edit')}", "portavoz:edit", shown.pack())
