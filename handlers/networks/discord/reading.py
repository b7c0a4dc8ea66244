"""A message of Discord as an item: whose it is, what it answers, which conversation it belongs to.

Native ids are `CHANNEL.MESSAGE`. A conversation is a thread, or a chain of replies: its key is the first message's id,
which is the thread's id too.
"""

from __future__ import annotations

import time
from collections import OrderedDict

import discord

from bot.core.attachments import kept, kind_of
from bot.core.fromhtml import clean, one_line
from bot.core.types import Attachment, Author, Item, Visibility, version_of
from handlers.discord_calls import judged
from handlers.networks.discord.bell import Bell
from handlers.networks.discord.config import Config

SPOKEN = (discord.MessageType.default, discord.MessageType.reply)
"""Messages that people write; the others tell what happened to a channel."""
_FRESH = 600.0
_DEEP = 20
_KNOWN = 5000


def native(channel: int, message: int) -> str:
    return f"{channel}.{message}"


def place_of(native_id: str) -> tuple[int, int] | None:
    """The channel and the message of a native id; None for anything else."""
    channel, _, message = native_id.partition(".")
    numbers = [int(one) for one in (channel, message) if one.isascii() and one.isdigit() and len(one) <= 20]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


class Readings:
    """Reads messages for one account."""

    def __init__(self, client: Bell, config: Config) -> None:
        self._client = client
        self._config = config
        self._roles = frozenset(name.casefold() for name in config.team_roles)
        self._team: dict[int, tuple[float, bool]] = {}
        self._roots: OrderedDict[int, int] = OrderedDict()

    async def item(self, message: discord.Message) -> Item | None:
        """The item; None for what is nobody's business: bots, notices, the team's talk that answers nothing."""
        mine = self._client.user is not None and message.author.id == self._client.user.id
        if message.type not in SPOKEN or (not mine and (message.author.bot or message.webhook_id is not None)):
            return None
        parent = _parent(message)
        ours = mine or await self._of_the_team(message)
        if ours and parent is None and not mine:
            return None
        text = _said(message)
        hanging, more = kept([_hung(one) for one in message.attachments])
        edited = message.edited_at
        return Item(
            account=self._config.id,
            native_id=native(message.channel.id, message.id),
            version=f"{version_of(text, hanging)}{f'-{edited:%Y%m%d%H%M%S%f}' if edited else ''}",
            author=Author(
                id=str(message.author.id),
                name=one_line(message.author.display_name)[:80] or message.author.name,
                handle=message.author.name,
            ),
            text=text,
            created_at=message.created_at,
            thread_key=str(await self._root(message)),
            edited_at=edited,
            parent=parent,
            url=message.jump_url,
            visibility=Visibility.PRIVATE if message.guild is None else Visibility.PUBLIC,
            ours=ours,
            attachments=hanging,
            more_attachments=more,
        )

    async def _of_the_team(self, message: discord.Message) -> bool:
        """Whether somebody of the team wrote it; of whom the server's roles say so they are asked for, for a while."""
        user = message.author
        if str(user.id) in self._config.team:
            return True
        if not self._roles or message.guild is None:
            return False
        at, known = self._team.get(user.id, (0.0, False))
        if at and time.monotonic() - at < _FRESH:
            return known
        async with judged():
            try:
                member = user if isinstance(user, discord.Member) else await message.guild.fetch_member(user.id)
                roles = member.roles or []
                named = {word for role in roles for word in (str(role.id), role.name.casefold())}
            except discord.NotFound:  # has left the server
                named = set()
        found = bool(named & self._roles)
        self._team[user.id] = (time.monotonic(), found)
        return found

    async def _root(self, message: discord.Message) -> int:
        """The first message of the chain of replies that this one belongs to."""
        if isinstance(message.channel, discord.Thread):
            return message.channel.id
        found, now = message.id, message
        for _ in range(_DEEP):
            above = _answered(now)
            if above is None:
                break
            found = self._roots.get(above, above)
            if above in self._roots:
                break
            async with judged():
                try:
                    now = await message.channel.fetch_message(above)
                except discord.NotFound:
                    break
        self._remember(message.id, found)
        return found

    def _remember(self, message: int, root: int) -> None:
        self._roots[message] = root
        if len(self._roots) > _KNOWN:
            self._roots.popitem(last=False)


def _answered(message: discord.Message) -> int | None:
    """The message that this one replies to, in the same channel."""
    there = message.reference
    return there.message_id if there is not None and there.channel_id == message.channel.id else None


def _parent(message: discord.Message) -> str | None:
    """The native id of what it answers: a reply's message, else the first one of its thread."""
    above = _answered(message)
    if above is not None:
        return native(message.channel.id, above)
    thread = message.channel
    if not isinstance(thread, discord.Thread) or message.id == thread.id:
        return None
    in_forum = isinstance(thread.parent, discord.ForumChannel)
    return native(thread.id if in_forum else thread.parent_id, thread.id)


def _said(message: discord.Message) -> str:
    """The text as people read it: mentions by name."""
    text = message.content
    for one in message.mentions:
        for written in (f"<@{one.id}>", f"<@!{one.id}>"):
            text = text.replace(written, f"@{one.display_name}")
    return clean(text).strip()


def _hung(one: discord.Attachment) -> Attachment:
    kind = kind_of(one.url, one.content_type)
    return Attachment(url=one.url, kind=kind, alt=one.description or "", name=one.filename)
