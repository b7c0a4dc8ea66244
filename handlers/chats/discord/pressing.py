"""Buttons, menus and forms: what people press in Discord. The ids of controls say what was shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import discord

from bot.core import messages as m
from bot.core.errors import AdapterError
from bot.core.filled import FORMS, Incomplete, wish_of
from bot.core.messages import Done
from bot.core.shown import Shown, plain_wish, unpack
from bot.core.types import Person
from bot.core.views import Card
from bot.core.words import BY_NAME
from bot.locale import text
from bot.locale.authoring import author_lines, author_name
from handlers.chats.discord.answering import Answer
from handlers.chats.discord.card import conversation
from handlers.chats.discord.deciding import decide, somebody, stranger
from handlers.chats.discord.forms import Purpose, TooLong, filled, form, purpose_of
from handlers.chats.discord.house import House
from handlers.chats.discord.view import View
from handlers.verdict import Verdict


class Presses:
    """Hears what people press. Each method returns when everything is committed; they raise NotListening."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def control(self, interaction: discord.Interaction[Any]) -> None:
        """A button or a menu under one of our messages."""
        data: Mapping[str, Any] = interaction.data or {}
        prefix, _, rest = str(data.get("custom_id") or "").partition(":")
        verb, _, packed = rest.partition(":")
        if verb == "more":
            verb = str((data.get("values") or [""])[0])
        shown = unpack(packed)
        if prefix == "portavoz" and shown is not None:
            await self.wished(verb, shown, Answer(interaction), f"press:{interaction.id}")

    async def wished(self, verb: str, shown: Shown, answer: Answer, once: str) -> None:
        """A verb about what was shown, wherever it was chosen."""
        house = self._house
        if verb == "read":
            await self._read(shown, answer)
        elif verb == "author":
            await self._author(shown, answer)
        elif verb in FORMS:
            await self._ask(verb, shown, answer)
        elif verb in BY_NAME:
            span = timedelta(hours=house.config.snooze_hours)

            def wish(person: Person) -> m.Command:
                made = plain_wish(verb, shown, by=person.id, via=house.config.id, snooze=span)
                if made is None:
                    raise ValueError(f"no wish for {verb[:40]!r}")
                return made

            await answer.heard()
            await self._told(answer, await decide(house, answer.who, wish, once))

    async def _told(self, answer: Answer, verdict: Verdict) -> None:
        """What did not happen is explained, what did is seen on the card; whoever gave a command waits for a word."""
        if not verdict.done or answer.of_a_command:
            await answer.say(verdict.text)

    # --- forms --------------------------------------------------------------------------------------------------

    async def _ask(self, verb: str, shown: Shown, answer: Answer) -> None:
        """Open the form, while Discord still lets us (three seconds)."""
        card, person = await self._reader(shown, answer)
        if card is not None and person is not None:
            await self.ask_for(verb, card, shown, person, answer)

    async def ask_for(self, verb: str, card: Card, shown: Shown, person: Person, answer: Answer) -> None:
        """The form of a verb about a card."""
        try:
            made = form(card, verb, shown, person, await self._house.engine.read.people())
        except TooLong:
            await answer.say(text(person.locale, "This text is too long for Discord's forms; the desk takes it."))
            return
        try:
            await answer.form(made)
        except AdapterError:
            await answer.say(text(person.locale, "That took too long for Discord. Try it again."))

    async def _reader(self, shown: Shown, answer: Answer) -> tuple[Card | None, Person | None]:
        """The card and who looks at it; a stranger is told that they are one."""
        house = self._house
        member = await somebody(house, answer.who)
        if member.person is None:
            await answer.say(stranger(house, member, answer.who).text)
            return None, None
        card = await house.engine.read.card(shown.ticket)
        if card is None:
            await answer.heard()
        return card, member.person

    async def _read(self, shown: Shown, answer: Answer) -> None:
        """All that was said, as a file."""
        card, person = await self._reader(shown, answer)
        if card is not None and person is not None:
            whole = conversation(card, View(locale=person.locale, names=self._house.threads.names))
            await answer.give(card.line.id, f"{card.line.id}.txt", whole)

    async def _author(self, shown: Shown, answer: Answer) -> None:
        """Who wrote it."""
        card, person = await self._reader(shown, answer)
        view = await self._house.engine.read.author(ticket=shown.ticket) if card is not None else None
        if person is None:
            return
        await answer.heard()
        if view is not None:
            lines = author_lines(person.locale, view, self._house.clock(), names=self._house.threads.names)
            await answer.say("\n".join([author_name(person.locale, view), *lines]))

    async def submit(self, interaction: discord.Interaction[Any]) -> None:
        """A form was sent."""
        house, answer = self._house, Answer(interaction)
        data: Mapping[str, Any] = interaction.data or {}
        purpose = purpose_of(str(data.get("custom_id") or ""))
        if purpose is None:
            return
        given = dict(_given(data.get("components") or []))
        await answer.heard(typed=interaction.message is None)

        def wish(person: Person) -> m.Command:
            return wish_of(filled(purpose, given), by=person.id, via=house.config.id)

        try:
            verdict = await decide(house, answer.who, wish, f"form:{interaction.id}")
        except Incomplete:
            member = await somebody(house, answer.who)
            locale = member.person.locale if member.person else house.members.locale
            await answer.say(text(locale, "Something is missing here."))
            return
        if isinstance(verdict.outcome, Done) and not verdict.outcome.findings and interaction.message is not None:
            return
        await answer.say(verdict.text)
        if not verdict.done and purpose.verb in ("edit", "reply", "note"):
            # Discord has closed the form: what somebody wrote must not be lost with it.
            await self._given_back(purpose, given, verdict, answer)

    async def _given_back(self, purpose: Purpose, given: Mapping[str, str], verdict: Verdict, answer: Answer) -> None:
        name = f"{purpose.shown.ticket}.txt"
        await answer.give(text(verdict.locale, "Here is what you wrote:"), name, filled(purpose, given).text())


def _given(components: object) -> Iterator[tuple[str, str]]:
    """The fields' values, by id, wherever Discord has put them."""
    if isinstance(components, list):
        for one in components:
            yield from _given(one)
    elif isinstance(components, dict):
        if "custom_id" in components:
            values = components.get("values")
            value = values[0] if values else components.get("value")
            yield str(components["custom_id"]), str(value) if value is not None else ""
        yield from _given(components.get("component"))
        yield from _given(components.get("components"))
