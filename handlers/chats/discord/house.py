"""What every part of the Discord adapter works with, and how it speaks to one person alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import discord

from bot import logs
from bot.core.errors import AdapterError, Permanent
from handlers.chats.discord import marks as d
from handlers.chats.discord.config import Config
from handlers.chats.discord.members import Members
from handlers.chats.discord.memory import Memory
from handlers.chats.discord.rooms import Rooms
from handlers.chats.discord.threads import Threads
from handlers.chats.discord.wire import content
from handlers.discord_calls import asked
from handlers.hearing import Hearing

log = logs.get(__name__)
ANSWERS = 8
"""Messages that a long answer may have."""


@dataclass(kw_only=True)
class House(Hearing):
    """One bot. `known` is None until it listens."""

    config: Config
    client: discord.Client
    memory: Memory
    rooms: Rooms
    threads: Threads
    members: Members
    clock: Callable[[], datetime]
    tz: tzinfo

    async def whisper(self, user: int, text: str, rows: Sequence[Sequence[d.Part]] = ()) -> None:
        """Say something to one person alone, in a direct message. Raises what `wire.asked` raises."""
        known = self.client.get_user(user) or await asked(self.client.fetch_user(user))
        for number, embed in enumerate(answer(text)):
            if known is None:  # a guard for the types: whom Discord does not know it answers with an error
                return
            await asked(known.send(**content([embed], rows if number == 0 else ())))

    async def explain(self, user: int, text: str, rows: Sequence[Sequence[d.Part]] = ()) -> None:
        """The same to whoever did something; that they take no direct messages is their own choice."""
        try:
            await self.whisper(user, text, rows)
        except Permanent as error:
            log.info("discord.takes_no_messages", chat=self.config.id, reason=error.reason)
        except AdapterError as error:
            log.warning("discord.not_said", chat=self.config.id, reason=str(error))


def answer(text: str) -> list[d.Part]:
    """What we say to somebody, whole, in as many embeds as it needs; of more than eight, the last says so."""
    made = [d.embed(piece) for piece in d.words(text)] or [d.embed("")]
    if len(made) > ANSWERS:
        left = sum(len(one["description"]) for one in made[ANSWERS:])
        return [*made[:ANSWERS], d.embed(f"… +{left}")]
    return made
