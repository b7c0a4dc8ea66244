"""`/portavoz ...`: the grammar as application commands, in English and Spanish, with tickets and people completed.

Discord takes 25 commands under one name; the rarer verbs are typed as a line: `/portavoz line crisis on`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.core.errors import AdapterError
from bot.core.shown import Shown
from bot.core.words import BY_NAME, Verb
from bot.locale import text
from handlers.chats.discord import marks as d
from handlers.chats.discord.answering import Answer
from handlers.chats.discord.deciding import somebody
from handlers.chats.discord.house import House
from handlers.chats.discord.pressing import Presses
from handlers.chats.discord.typing_in import Typing
from handlers.chats.discord.words import COMMANDS
from handlers.hearing import NotListening
from handlers.postings import WORDING

VERBS = (
    "inbox next show search approve refuse reply edit redraft undo claim assign ask wait close reopen snooze escalate "
    "kind severity note digest stats help"
).split()
"""What has a command of its own; `line` is the 25th."""
_CHOICES = 25
_Spoken = discord.Interaction[Any]
_Done = Coroutine[Any, Any, None]


class Spanish(app_commands.Translator):
    """Names and descriptions in the languages that the bot speaks."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        del context
        if locale not in (discord.Locale.spain_spanish, discord.Locale.latin_american_spanish):
            return None
        given = string.extras.get("es")
        return str(given) if given else text("es", string.message)[:100]


def fill(tree: app_commands.CommandTree[Any], house: House, presses: Presses, typing: Typing) -> None:
    """Put all commands into the tree."""
    about = app_commands.locale_str(COMMANDS["all"])
    group = app_commands.Group(name=house.config.command, description=about, guild_only=True)
    for name in VERBS:
        group.add_command(_command(BY_NAME[name], house, typing))

    async def line(interaction: _Spoken, text: str) -> None:
        await typing.slash(interaction, text)

    said = app_commands.locale_str(COMMANDS["line"])
    group.add_command(app_commands.Command(name="line", description=said, callback=line))
    tree.add_command(group)

    async def approve(interaction: _Spoken, message: discord.Message) -> None:
        await _approve(house, presses, interaction, message)

    menu = app_commands.ContextMenu(name=app_commands.locale_str(COMMANDS["menu"]), callback=approve)
    menu.guild_only = True
    tree.add_command(menu)


def _command(verb: Verb, house: House, typing: Typing) -> app_commands.Command[Any, ..., Any]:
    """A command with the options that the verb has."""
    rest = verb.shape.removeprefix("ID").strip()
    who = "@who" in rest
    words = bool(rest.replace("[@who]", "").replace("@who", "").strip())
    callback = _callback(verb, typing, ticket=verb.on_ticket, who=who, words=words)
    name = app_commands.locale_str(verb.name, es=verb.spanish[0])
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=name, description=app_commands.locale_str(verb.summary), callback=callback
    )
    if verb.on_ticket:
        made.autocomplete("ticket")(_tickets(house))
    if who:
        made.autocomplete("who")(_people(house))
    return made


def _callback(verb: Verb, typing: Typing, *, ticket: bool, who: bool, words: bool) -> Callable[..., _Done]:
    """discord.py reads the options off the signature: one function for each set of them."""

    async def run(interaction: _Spoken, ticket: str = "", who: str = "", text: str = "") -> None:
        place = ticket.strip() or await typing.thread_ticket(interaction.channel_id) if verb.on_ticket else ""
        person = f"@{who.strip().lstrip('@')}" if who.strip() else ""
        await typing.slash(interaction, " ".join(filter(None, (verb.name, place, person, text))))

    async def alone(interaction: _Spoken) -> None:
        await run(interaction)

    async def with_text(interaction: _Spoken, text: str = "") -> None:
        await run(interaction, text=text)

    async def with_ticket(interaction: _Spoken, ticket: str = "") -> None:
        await run(interaction, ticket)

    async def with_ticket_text(interaction: _Spoken, ticket: str = "", text: str = "") -> None:
        await run(interaction, ticket, text=text)

    async def with_ticket_who(interaction: _Spoken, ticket: str = "", who: str = "") -> None:
        await run(interaction, ticket, who)

    shapes: dict[tuple[bool, bool, bool], Callable[..., _Done]] = {
        (False, False, False): alone,
        (False, False, True): with_text,
        (True, False, False): with_ticket,
        (True, False, True): with_ticket_text,
        (True, True, False): with_ticket_who,
        (True, True, True): run,
    }
    return shapes[ticket, who, words]


def _tickets(house: House) -> Callable[..., Coroutine[Any, Any, list[app_commands.Choice[str]]]]:
    async def tickets(interaction: _Spoken, current: str) -> list[app_commands.Choice[str]]:
        """Tickets by their ids or words; nobody who is not on the team sees any."""
        try:
            member = await somebody(house, Answer(interaction).who)
            if member.person is None:
                return []
            lines = await house.engine.read.inbox(limit=200)
        except (NotListening, AdapterError):
            return []
        wanted = current.strip().casefold()
        found = [one for one in lines if wanted in f"{one.id} {one.author} {one.text[:200]}".casefold()]
        return [
            app_commands.Choice(name=d.plain(f"{one.id} · {one.author}: {one.text[:200]}", 95), value=one.id)
            for one in found[:_CHOICES]
        ]

    return tickets


def _people(house: House) -> Callable[..., Coroutine[Any, Any, list[app_commands.Choice[str]]]]:
    async def people(interaction: _Spoken, current: str) -> list[app_commands.Choice[str]]:
        """Colleagues by name."""
        try:
            member = await somebody(house, Answer(interaction).who)
            team = await house.engine.read.people() if member.person is not None else []
        except (NotListening, AdapterError):
            return []
        wanted = current.strip().lstrip("@").casefold()
        found = [one for one in team if wanted in f"{one.id} {one.name}".casefold()]
        return [app_commands.Choice(name=d.plain(one.name, 95), value=one.id) for one in found[:_CHOICES]]

    return people


async def _approve(house: House, presses: Presses, interaction: _Spoken, message: discord.Message) -> None:
    """The menu of a message: on a wording it is about that wording; elsewhere about the newest that is shown."""
    answer = Answer(interaction)
    own, head = await house.memory.place(message.id), await house.memory.place(message.channel.id)
    place = own or head
    if place is None:
        member = await somebody(house, answer.who)
        locale = member.person.locale if member.person else answer.who.locale
        await answer.say(text(locale, "This message belongs to no ticket."))
        return
    shown: Shown = place.shown
    if place.kind != WORDING and not shown.older:
        shown = (head or place).shown
    if shown.revision is None:
        shown = await house.memory.shown(shown.ticket) or shown
    await presses.wished("approve", shown, answer, f"menu:{interaction.id}")
