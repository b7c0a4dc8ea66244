"""The client: which event, press, command and form goes where.

Presses and forms are heard as raw interactions: their ids say all there is to know, so that they work after a restart
and for as long as a message stands.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot import logs
from bot.core.errors import AdapterError
from bot.locale import text
from handlers.chats.discord import tree as commands
from handlers.chats.discord.answering import Answer
from handlers.chats.discord.house import House
from handlers.chats.discord.pressing import Presses
from handlers.chats.discord.reacting import Reactions
from handlers.chats.discord.typing_in import Typing
from handlers.chats.discord.wire import LONGEST_WAIT, SILENT
from handlers.discord_calls import asked
from handlers.hearing import NotListening

if TYPE_CHECKING:
    from collections.abc import Awaitable

log = logs.get(__name__)


def intents() -> discord.Intents:
    """What the gateway tells us: servers, messages and reactions; no privileged intent."""
    return discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, dm_messages=True)


class Tree(app_commands.CommandTree["Ears"]):
    """The commands; what goes wrong in one is said to whoever gave it."""

    async def on_error(self, interaction: discord.Interaction[Ears], error: app_commands.AppCommandError) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await interaction.client.failed(interaction, cause)


class Ears(discord.Client):
    """Hears Discord. The house is given once everything is put together."""

    def __init__(self) -> None:
        super().__init__(
            intents=intents(),
            allowed_mentions=SILENT,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self.tree = Tree(self)
        self.house: House | None = None

    def furnish(self, house: House) -> None:
        """Begin to pass on what is heard."""
        self.house = house
        self._presses = Presses(house)
        self._typing = Typing(house, self._presses)
        self._reactions = Reactions(house)
        commands.fill(self.tree, house, self._presses, self._typing)

    async def publish_commands(self) -> None:
        """Tell Discord which commands there are, unless it knows. Raises what `wire.asked` raises."""
        if self.house is None:
            return
        await self.tree.set_translator(commands.Spanish())
        told = json.dumps([one.to_dict(self.tree) for one in self.tree.get_commands()], sort_keys=True, default=str)
        mark = f"{self.application_id}:{hashlib.sha256(told.encode()).hexdigest()[:16]}"
        if await self.house.memory.mark("commands") != mark:
            await asked(self.tree.sync())
            await self.house.memory.set_mark("commands", mark)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A press or a form; commands go through the tree."""
        if interaction.type is discord.InteractionType.component:
            await self._safely(interaction, self._presses.control(interaction))
        elif interaction.type is discord.InteractionType.modal_submit:
            await self._safely(interaction, self._presses.submit(interaction))

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        await self._quietly(self._reactions.hear(event))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        await self._quietly(self._reactions.hear(event))

    async def on_message(self, message: discord.Message) -> None:
        await self._quietly(self._typing.mention(message))

    async def failed(self, interaction: discord.Interaction[Any], error: BaseException) -> None:
        """Say that it did not work, to whoever wished it."""
        if not isinstance(error, NotListening):
            log.error("discord.failed", error=type(error).__name__, exc_info=error)
        sentence = text(interaction.locale.value, "That did not work just now. Try it again in a moment.")
        try:
            await Answer(interaction).say(sentence)
        except AdapterError as away:
            log.warning("discord.not_said", reason=str(away))

    async def _safely(self, interaction: discord.Interaction[Any], work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 -- whoever pressed is told, whatever it is
            await self.failed(interaction, error)

    async def _quietly(self, work: Awaitable[None]) -> None:
        try:
            await work
        except NotListening:
            return
        except Exception:
            # The next event must be heard.
            log.exception("discord.failed")
