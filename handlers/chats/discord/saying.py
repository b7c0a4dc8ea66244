"""What is said in rooms and threads: once under the same key, whatever answers were lost.

A forum takes posts only: what is about no single ticket is said in a post of its own, made when it is first wanted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import discord

from bot.core.errors import CardGone, PlaceGone
from bot.core.types import CardRef, Message, Room
from bot.locale import text
from handlers.chats.discord import files
from handlers.chats.discord import marks as d
from handlers.chats.discord.memory import Memory
from handlers.chats.discord.rooms import Rooms
from handlers.chats.discord.wire import SILENT, content, nonce
from handlers.discord_calls import asked, judged

_BEFORE = 300.0
_MOST = 500
_SAID = "said "


class Saying:
    """Says messages of the engine."""

    def __init__(
        self,
        client: discord.Client,
        memory: Memory,
        rooms: Rooms,
        on_call_role: str | None,
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._memory = memory
        self._rooms = rooms
        self._on_call_role = on_call_role
        self._clock = clock

    async def say(self, where: Room | CardRef, message: Message, called: Sequence[str]) -> None:
        """Say it; `called` are the accounts whose attention it calls. Raises what `wire.asked` raises."""
        if isinstance(where, Room):
            await self._say(where, await self._place(where), message, called)
            return
        parent, thread = (int(part) for part in where.native.split(":"))
        try:
            if not isinstance(await self._rooms.channel(parent), discord.ForumChannel):
                # A card that nothing stood below so far has no thread yet.
                await self._rooms.open_thread(parent, thread, message.ticket or d.plain(message.text, 90))
            await self._say(where, thread, message, called)
        except (CardGone, PlaceGone):
            self._rooms.lost(thread)
            raise

    async def _say(self, where: Room | CardRef, channel: int, message: Message, called: Sequence[str]) -> None:
        calling, first = self._calling(message, called), 0
        for number, embed in enumerate(files.embeds(message)):
            sent = await self._embed(channel, message.key, str(number), embed, **(calling if number == 0 else {}))
            first = first or sent
        if message.sections and isinstance(where, Room) and (message.details or message.pictures):
            channel = await self._below(where, channel, first, message.title)
        for number, embed in enumerate(files.parts(message.details)):
            await self._embed(channel, message.key, f"more{number}", embed)
        if message.pictures:
            shown: dict[str, Any] = {"files": files.files(message), "allowed_mentions": SILENT}
            await self._once(channel, message.key, "pictures", shown)

    async def _embed(self, channel: int, key: str, part: str, embed: d.Part, **calling: Any) -> int:
        return await self._once(channel, key, part, {**content([{**embed, **_signed(key, part)}]), **calling})

    async def _below(self, room: Room, channel: int, first: int, title: str) -> int:
        """Where the rest of a long message stands: in a text channel in its own thread, else where it is."""
        if isinstance(await self._rooms.parent(room), discord.ForumChannel):
            return channel
        await self._rooms.open_thread(channel, first, d.plain(title, 90))
        return first

    def _calling(self, message: Message, called: Sequence[str]) -> dict[str, Any]:
        """Mentions of exactly these people and this role; of nobody else, whatever a text says."""
        role = self._on_call_role if message.on_call else None
        users = [discord.Object(int(user)) for user in called if user.isascii() and user.isdigit()]
        if not users and role is None:
            return {}
        roles = [discord.Object(int(role))] if role else []
        words = [*(f"<@{one.id}>" for one in users), *(f"<@&{one.id}>" for one in roles)]
        allowed = discord.AllowedMentions(everyone=False, users=users, roles=roles, replied_user=False)
        return {"content": " ".join(words), "allowed_mentions": allowed}

    async def _once(self, channel: int, key: str, part: str, given: dict[str, Any]) -> int:
        """The message's id. Raises what `wire.asked` raises."""
        mark = f"said:{key}:{part}"
        before = await self._memory.mark(mark) if key else None
        if before is not None and before.startswith(_SAID):
            return int(before.removeprefix(_SAID))
        at = await self._stands(channel, key, part, float(before)) if before is not None else 0
        if not at:
            if key:
                await self._memory.set_mark(mark, repr(self._clock()))
                given = {**given, "nonce": nonce(key, part)}
            at = (await asked(self._client.get_partial_messageable(channel).send(**given), writes=True)).id
        if key:
            await self._memory.set_mark(mark, f"{_SAID}{at}")
        return at

    async def _stands(self, channel: int, key: str, part: str, tried: float) -> int:
        """The id of what an earlier attempt left, 0 where none arrived."""
        since = datetime.fromtimestamp(tried - _BEFORE, UTC)
        sign = _signed(key, part)["footer"]["text"]
        me = self._client.user
        async with judged():
            async for message in self._client.get_partial_messageable(channel).history(limit=_MOST, after=since):
                ours = me is not None and message.author.id == me.id
                if ours and (
                    any(one.footer.text == sign for one in message.embeds)
                    or (part == "pictures" and bool(message.attachments))
                ):
                    return message.id
        return 0

    async def _place(self, room: Room) -> int:
        """Where a room is talked to: the text channel, or the forum's post for it."""
        parent = await self._rooms.parent(room)
        if not isinstance(parent, discord.ForumChannel):
            return parent.id
        known = await self._memory.mark(f"board:{room.id}:{parent.id}")
        if known:
            return int(known)
        name = "📣 Portavoz"
        async with judged():
            posts = [one for one in await parent.guild.active_threads() if one.parent_id == parent.id]
        me = self._client.user
        found = next((one.id for one in posts if one.name == name and me is not None and one.owner_id == me.id), None)
        if found is None:
            about = d.embed(d.escape(text(room.locale, "Here stands what is about no single ticket.")))
            made = parent.create_thread(name=name, auto_archive_duration=10080, **content([about]))
            found = (await asked(made, writes=True)).thread.id
        await self._memory.set_mark(f"board:{room.id}:{parent.id}", str(found))
        return found


def _signed(key: str, part: str) -> dict[str, Any]:
    """The mark by which a message is known again."""
    if not key:
        return {}
    return {"footer": {"text": f"#{hashlib.sha256(f'{key}:{part}'.encode()).hexdigest()[:8]}"}}
