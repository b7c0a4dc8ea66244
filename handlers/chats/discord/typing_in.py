"""What people type: the slash command anywhere, `@portavoz ...` in a ticket's thread. One grammar, two languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord

from bot.core import messages as m
from bot.core import queries as q
from bot.core.commands import bare, intended, parse, role_for
from bot.core.filled import FORMS
from bot.core.shown import Shown
from bot.core.types import Person
from bot.locale import explain
from bot.locale.answering import answer
from bot.locale.showing import VERDICTS
from handlers.chats.discord.answering import Answer
from handlers.chats.discord.deciding import decide, somebody, stranger
from handlers.chats.discord.house import House
from handlers.chats.discord.members import Somebody
from handlers.chats.discord.pressing import Presses
from handlers.chats.discord.wire import nonce

_DONE = VERDICTS["approve"].emoji
_MENTION = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<(@&|#)(\d{1,20})>")
_EMOJI = re.compile(r"<a?:(\w{1,40}):\d{1,20}>")
_HERE = re.compile(r"(?:^|\s)--(?:here|aqui|aquí)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, and whether the whole room may read it."""

    text: str
    here: bool = False


class Typing:
    """Hears what people type. Each method returns when everything is committed; they raise NotListening."""

    def __init__(self, house: House, presses: Presses) -> None:
        self._house = house
        self._presses = presses

    async def slash(self, interaction: discord.Interaction[Any], line: str) -> None:
        """`/portavoz approve`: in a ticket's thread about that ticket, anywhere else with its ID."""
        house, said = self._house, Answer(interaction)
        place = await house.memory.place(interaction.channel_id or 0)
        shown = place.shown if place is not None else None
        if await self._asked(line, shown, said):
            return
        await said.heard(typed=True)
        reply = await self._line(said.who, line, shown, f"slash:{interaction.id}")
        if reply.here and interaction.channel_id:
            await house.threads.say(interaction.channel_id, reply.text, nonce(str(interaction.id)))
            await said.say(_DONE)
        else:
            await said.say(reply.text or _DONE)

    async def mention(self, message: discord.Message) -> None:
        """`@portavoz approve` in a ticket's thread; to us alone, without any mention."""
        house, me = self._house, self._house.client.user
        if message.author.bot or me is None:
            return
        if message.guild is not None and not any(one.id == me.id for one in message.mentions):
            return
        place = await house.memory.place(message.channel.id)
        line = re.sub(rf"<@!?{me.id}>", " ", message.content, count=1)
        one = Somebody(user=message.author.id, guild=message.guild.id if message.guild else None, member=message.author)
        reply = await self._line(one, line, place.shown if place is not None else None, f"typed:{message.id}")
        if reply.here:
            await house.threads.say(message.channel.id, reply.text, nonce(str(message.id)))
        elif reply.text:
            await house.explain(message.author.id, reply.text)

    async def thread_ticket(self, channel: int | None) -> str:
        """The ticket of the thread that this is, or nothing."""
        place = await self._house.memory.place(channel or 0)
        return place.shown.ticket if place is not None else ""

    async def _asked(self, line: str, shown: Shown | None, said: Answer) -> bool:
        """Open the form for a verb that was typed without what it wants (`edit K7Q2`); whether it was."""
        house = self._house
        verb, ticket = bare(line) or ("", "")
        ticket = ticket or (shown.ticket if shown is not None else "")
        if verb not in FORMS or not ticket:
            return False
        chat = house.config.id
        if not isinstance(parse(line, by="-", via=chat, ticket=shown.ticket if shown else None), q.Misunderstood):
            return False
        card = await house.engine.read.card(ticket)
        member = await somebody(house, said.who)
        if card is None or member.person is None:
            return False
        await self._presses.ask_for(verb, card, Shown(ticket=ticket), member.person, said)
        return True

    async def _line(self, one: Somebody, raw: str, thread: Shown | None, once: str) -> Reply:
        house = self._house
        member = await somebody(house, one)
        if member.person is None:
            return Reply("" if member.bot else stranger(house, member, one).text)
        person, team = member.person, await house.engine.read.people()
        line = plain_line(raw, team, house.config.id)
        here = _HERE.search(line) is not None
        line = _HERE.sub(" ", line) if here else line
        meant = parse(line, by=person.id, via=house.config.id, ticket=thread.ticket if thread else None)
        if isinstance(meant, q.Misunderstood):
            return Reply(explain(person.locale, meant))
        if isinstance(meant, q.Query):
            if not person.role.covers(role_for(meant)):
                return Reply(stranger(house, member, one).text)
            found = await answer(meant, person, house.engine.read, house.clock(), house.tz)
            return Reply(found.whole, here=here)
        wish = await self._about(meant, thread, team)
        verdict = await decide(house, one, lambda _: wish, once)
        return Reply("" if verdict.repeated else verdict.text, here=here and verdict.done)

    async def _about(self, wish: m.Command, thread: Shown | None, team: list[Person]) -> m.Command:
        """A yes means what this chat shows of the ticket, wherever it is typed."""
        shown = thread
        if isinstance(wish, m.Approve | m.Refuse) and (shown is None or shown.ticket != wish.ticket):
            shown = await self._house.memory.shown(wish.ticket)
        return intended(wish, shown, team)


def plain_line(raw: str, team: Iterable[Person], chat: str) -> str:
    """What was typed, without what Discord made of it: mentions are names, its own emoji their names."""
    by_user = {native: person.id for person in team for where, native in person.identities if where == chat}
    text = _MENTION.sub(lambda found: f"@{by_user.get(found[1], found[1])}", raw)
    return _EMOJI.sub(r":\1:", _ROLE.sub(r"\1\2", text))
