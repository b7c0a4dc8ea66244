"""Reactions: an emoji under a message of ours is a decision, taken away again it is taken back.

Discord delivers them in order, once, as long as the connection lasts or is resumed. They tell no time, so that what
came while nobody listened stays unheard; whoever explains it does so in a direct message.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from weakref import WeakValueDictionary

import discord

from bot.core import messages as m
from bot.core.reactions import ABOUT_WORDS, verb_for
from bot.core.shown import approved_by, plain_wish
from bot.core.types import Person
from bot.locale import text
from handlers.chats.discord import marks as d
from handlers.chats.discord.deciding import decide, somebody
from handlers.chats.discord.house import House
from handlers.chats.discord.members import Somebody
from handlers.chats.discord.memory import Place
from handlers.postings import WORDING
from handlers.verdict import Verdict


class Reactions:
    """Hears reactions to our messages."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def hear(self, event: discord.RawReactionActionEvent) -> None:
        """Carry it to the core; everything is committed when this returns. Raises NotListening."""
        me = self._house.client.user
        verb = verb_for(event.emoji.name or "", self._house.config.reactions)
        if verb is None or (me is not None and event.user_id == me.id):
            return
        key = (event.message_id, event.user_id)
        lock = self._locks.get(key) or asyncio.Lock()
        self._locks[key] = lock
        async with lock:
            place = await self._house.threads.place(event.message_id)
            if place is None:
                return
            one = Somebody(user=event.user_id, guild=event.guild_id, member=event.member)
            if event.event_type == "REACTION_ADD":
                await self._made(verb, place, one)
            else:
                await self._taken_back(verb, place, one)

    async def _made(self, verb: str, place: Place, one: Somebody) -> None:
        house = self._house
        member = await somebody(house, one)
        if member.bot:
            return
        person = member.person
        late = verb == "approve" and place.shown.older  # the core says which draft is the newest
        if person is not None and verb in ABOUT_WORDS and place.kind != WORDING and not late:
            await house.explain(one.user, text(person.locale, "This counts under the newest draft only."))
            return
        if person is not None and verb == "edit":
            press = d.button(f"✏️ {text(person.locale, 'Edit')}", f"portavoz:edit:{place.shown.pack()}")
            await house.explain(one.user, text(person.locale, "Here is the form:"), [[press]])
            return
        span = timedelta(hours=house.config.snooze_hours)

        def wish(person: Person) -> m.Command:
            made = plain_wish(verb, place.shown, by=person.id, via=house.config.id, snooze=span)
            if made is None:
                raise ValueError(f"no wish for {verb}")
            return made

        await self._told(one, await decide(house, one, wish, ""))

    async def _taken_back(self, verb: str, place: Place, one: Somebody) -> None:
        """Taking ✅ away withdraws an approval that was one; other emoji say nothing by going."""
        house = self._house
        member = await somebody(house, one)
        if verb != "approve" or member.person is None or place.kind != WORDING:
            return
        card = await house.engine.read.card(place.shown.ticket)
        if card is None or not approved_by(card, place.shown, member.person.id):
            return
        make = lambda person: m.Undo(by=person.id, via=house.config.id, ticket=place.shown.ticket)  # noqa: E731
        await self._told(one, await decide(house, one, make, ""))

    async def _told(self, one: Somebody, verdict: Verdict) -> None:
        if not verdict.done:
            await self._house.explain(one.user, verdict.text)
