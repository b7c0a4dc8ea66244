"""What comes in: updates in order, confirmed to Telegram once they are committed; albums as one item."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from telegram import Message, Update

from bot.core.errors import AdapterError
from bot.core.messages import Event, ItemArrived
from bot.core.types import Item, version_of
from handlers.botapi import Wire
from handlers.networks.telegram.config import Config
from handlers.networks.telegram.reading import item

UPDATES = ("message", "edited_message")
_DAYS = 6 * 24 * 3600
"""Seconds that a cursor is good for: after a week without updates Telegram counts anew."""
_FRESH = 600.0
_ALBUMS = 500


def cursor_of(offset: int) -> str:
    """Which update comes next, and when that was known."""
    return f"{offset}:{int(time.time())}"


def offset_of(cursor: str | None) -> int:
    """The update to go on with; 0, which is what was not confirmed yet, where the cursor is none or too old."""
    offset, _, at = (cursor or "").partition(":")
    if not (offset.isascii() and offset.isdigit() and at.isascii() and at.isdigit()) or len(cursor or "") > 40:
        return 0
    return int(offset) if abs(time.time() - int(at)) < _DAYS else 0


class Listener:
    """Makes events of updates."""

    def __init__(self, config: Config, wire: Wire) -> None:
        self._config = config
        self._wire = wire
        self._leads: dict[int, tuple[float, frozenset[int]]] = {}
        self._albums: OrderedDict[str, Item] = OrderedDict()

    async def events(self, updates: Sequence[Update]) -> list[Event]:
        """In the order in which they happened. Raises what `Wire.call` raises."""
        made: dict[str, Event] = {}
        for update in updates:
            message = update.message or update.edited_message
            if message is None or not self._wanted(message):
                continue
            found = await self._item(message)
            if found is not None:
                # The parts of an album, and a message with its edit, are one item: the newest state of it counts.
                made[found.native_id] = ItemArrived(item=found)
        return list(made.values())

    def _wanted(self, message: Message) -> bool:
        """Words or files in a place that is listened to; neither what Telegram itself reports, nor a channel's post."""
        if message.chat.type == "private":
            here = self._config.private and not (message.text or "").startswith("/start")
        else:
            here = not self._config.chats or message.chat.id in self._config.chats
        bot = message.from_user is not None and message.from_user.is_bot and message.sender_chat is None
        said = message.text or message.caption or message.effective_attachment
        return bool(here and said and not bot and not message.is_automatic_forward)

    async def _item(self, message: Message) -> Item | None:
        if await self._of_the_team(message):
            # A colleague's answer to somebody counts as ours; what else they say is no matter of ours.
            return item(message, self._config.id, ours=True) if message.reply_to_message is not None else None
        found = item(message, self._config.id)
        if message.media_group_id is None:
            return found
        key = f"{message.chat.id}:{message.media_group_id}"
        whole = self._joined(self._albums.get(key), found)
        self._albums[key] = whole
        if len(self._albums) > _ALBUMS:
            self._albums.popitem(last=False)
        return whole

    def _joined(self, album: Item | None, part: Item) -> Item:
        """An album with one more part; it has the id, the words and the moment of its first."""
        if album is None or album.native_id == part.native_id:
            return part
        hanging = tuple(dict.fromkeys((*album.attachments, *part.attachments)))
        text = album.text or part.text
        return replace(
            album,
            text=text,
            attachments=hanging,
            more_attachments=album.more_attachments + part.more_attachments,
            version=f"{part.version.partition('.')[0]}.{version_of(text, hanging)}",
        )

    async def _of_the_team(self, message: Message) -> bool:
        user, chat = message.from_user, message.chat
        if message.sender_chat is not None:  # an administrator who hides behind the group
            return message.sender_chat.id == chat.id
        if user is None or user.id in self._config.team or chat.type == "private":
            return user is None or user.id in self._config.team
        return self._config.admins_are_team and user.id in await self._administrators(chat.id)

    async def _administrators(self, chat: int) -> frozenset[int]:
        at, known = self._leads.get(chat, (0.0, frozenset()))
        if at and time.monotonic() - at < _FRESH:
            return known
        found = frozenset[int]()
        try:
            found = frozenset(one.user.id for one in await self._wire.call("get_chat_administrators", chat_id=chat))
        except AdapterError:
            if known:
                return known
        self._leads[chat] = (time.monotonic(), found)
        return found
