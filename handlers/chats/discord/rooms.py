"""Discord's channels as rooms: forums and text channels, their threads, and what is kept in order there."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Literal

import discord

from bot import logs
from bot.core.errors import CardGone, Permanent
from bot.core.types import Room
from handlers.chats.discord.tags import MOST, wanted
from handlers.discord_calls import asked, judged

log = logs.get(__name__)
Duration = Literal[60, 1440, 4320, 10080]
Parent = discord.ForumChannel | discord.TextChannel
_OLD = 200
"""Posts that were put away already, among which one of ours is looked for."""


class Locked(CardGone):
    """A thread was put away, and somebody does not want it taken out again."""


class Rooms:
    """The channels that tickets are shown in."""

    def __init__(self, client: discord.Client, archive_after: Duration) -> None:
        self._client = client
        self.archive_after = archive_after
        self._parents: dict[int, object] = {}
        self._opened: set[int] = set()

    async def channel(self, number: int) -> object:
        """A channel: what the gateway told lately, else what Discord answers."""
        known = self._client.get_channel(number) or self._parents.get(number)
        if known is None:
            known = await asked(self._client.fetch_channel(number))
            self._parents[number] = known
        return known

    async def parent(self, room: Room) -> Parent:
        """The forum or text channel of a room. Raises Permanent for anything else."""
        if not room.native_id.isascii() or not room.native_id.isdigit():
            raise Permanent(f"the room {room.id} has no native_id: the channel's id, a long number")
        number = int(room.native_id)
        found = await self.channel(number)
        if isinstance(found, discord.ForumChannel):
            return await self._tagged(found, room.locale)
        if isinstance(found, discord.TextChannel):
            return found
        raise Permanent(f"the room {room.id} is neither a forum nor a text channel")

    async def _tagged(self, forum: discord.ForumChannel, locale: str) -> discord.ForumChannel:
        """The forum with the tags that posts can have, made once where we may."""
        if forum.id in self._parents:
            return forum
        self._parents[forum.id] = forum
        have = {tag.name.casefold() for tag in forum.available_tags}
        lacking = [name for name in wanted(locale) if name.casefold() not in have]
        room = MOST - len(forum.available_tags)
        if not lacking or room <= 0:
            return forum
        tags = [*forum.available_tags, *(discord.ForumTag(name=name) for name in lacking[:room])]
        try:
            made = await forum.edit(available_tags=tags)
        except discord.HTTPException as error:
            # Without the right to make them, tags are what the team has made.
            log.info("discord.tags", channel=forum.id, reason=str(error.code))
            return forum
        self._parents[forum.id] = made
        return made

    async def open_thread(self, head: int, number: int, name: str) -> None:
        """See to it that a card in a text channel has its thread, which has the card's own id."""
        if head == number or number in self._opened:
            return
        async with judged():
            if self._client.get_channel(number) is None:
                parent = await self.channel(head)
                try:
                    await self._client.fetch_channel(number)
                except discord.NotFound:
                    if not isinstance(parent, discord.TextChannel):
                        raise
                    message = parent.get_partial_message(number)
                    await message.create_thread(name=name, auto_archive_duration=self.archive_after)
        self._opened.add(number)

    def lost(self, number: int) -> None:
        """A thread is not there as it was: look before anything else is posted in it."""
        self._opened.discard(number)

    async def wake(self, number: int) -> None:
        """Take a thread out again that was put away. Raises Locked where we may not."""
        found = await self._client.fetch_channel(number)
        if isinstance(found, discord.Thread):
            try:
                await found.edit(archived=False)
            except discord.Forbidden as error:
                raise Locked(f"the thread is locked: {error.code}") from None

    async def tag(self, number: int, tags: list[discord.ForumTag]) -> None:
        """Mark a forum's post; where we may not, it stays as it is."""
        found = await self.channel(number)
        if not isinstance(found, discord.Thread):
            return
        async with judged():
            with contextlib.suppress(discord.Forbidden):
                await found.edit(applied_tags=tags)

    async def heads(self, parent: Parent, ticket: str, since: float, until: float) -> AsyncIterator[discord.Message]:
        """The first messages of a room's threads that may be a ticket's card, sent between two times."""
        after, before = (datetime.fromtimestamp(at, UTC) for at in (since, until))
        async with judged():
            if isinstance(parent, discord.TextChannel):
                async for message in parent.history(limit=None, after=after, before=before):
                    yield message
                return
            posts = [one for one in await parent.guild.active_threads() if one.parent_id == parent.id]
            posts += [one async for one in parent.archived_threads(limit=_OLD)]
            for post in posts:
                if post.name.startswith(ticket):
                    async for message in post.history(limit=1, oldest_first=True):
                        yield message
