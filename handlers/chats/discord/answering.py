"""How an interaction is answered: at once that it was heard, later, to that person alone, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import discord

from handlers.chats.discord import marks as d
from handlers.chats.discord.house import answer
from handlers.chats.discord.members import Somebody
from handlers.chats.discord.wire import SILENT, content
from handlers.discord_calls import asked


class Form(discord.ui.Modal):
    """A modal made of parts. It is heard as a raw interaction when it comes back, so that nothing is kept for it."""

    def __init__(self, part: d.Part) -> None:
        super().__init__(title=part["title"], custom_id=part["custom_id"], timeout=None)
        self._part = part

    def to_dict(self) -> dict[str, Any]:
        return self._part

    def is_finished(self) -> bool:
        return True


class Answer:
    """Of one interaction; Discord wants to hear something within three seconds, and takes more for 15 minutes."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction

    @property
    def of_a_command(self) -> bool:
        """Whether somebody looks at a dot that thinks, until something is said."""
        return self._interaction.type is discord.InteractionType.application_command

    @property
    def who(self) -> Somebody:
        """Whoever did it, as Discord says."""
        one = self._interaction
        return Somebody(user=one.user.id, guild=one.guild_id, member=one.user, locale=one.locale.value)

    async def heard(self, *, typed: bool = False) -> None:
        """Say that it arrived: nothing is seen of it after a press, a dot that thinks after a command."""
        if self._interaction.response.is_done():
            return
        await asked(self._interaction.response.defer(ephemeral=True, thinking=typed))

    async def form(self, part: d.Part) -> None:
        """Open a form; only in place of `heard`."""
        await asked(self._interaction.response.send_modal(Form(part)))

    async def say(self, text: str, rows: Sequence[Sequence[d.Part]] = ()) -> None:
        """To that person alone."""
        for number, embed in enumerate(answer(text)):
            await self._send(**content([embed], rows if number == 0 else ()))

    async def give(self, text: str, name: str, whole: str) -> None:
        """A text that is too long to be read in a message, as a file, to that person alone."""
        file = discord.File(BytesIO(whole.encode("utf-8", "replace")), filename=name)
        await self._send(embeds=[discord.Embed(description=d.escape(text))], file=file, allowed_mentions=SILENT)

    async def _send(self, **given: Any) -> None:
        if self._interaction.response.is_done():
            await asked(self._interaction.followup.send(ephemeral=True, **given))
        else:
            await asked(self._interaction.response.send_message(ephemeral=True, **given))
