"""What every part of the Telegram adapter works with, and how it speaks to one person alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from telegram import CallbackQuery, LinkPreviewOptions, Message, User

from bot.core.errors import Permanent
from bot.locale import text
from handlers.botapi import Wire
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.config import Config
from handlers.chats.telegram.members import Members
from handlers.chats.telegram.memory import Memory
from handlers.chats.telegram.threads import Threads
from handlers.hearing import Hearing

_QUIET = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where somebody did something. `query` is the press that can still be answered, `message` what was done about."""

    user: User
    chat: int
    topic: int = 0
    message: int = 0
    query: CallbackQuery | None = None

    @property
    def private(self) -> bool:
        """In a chat with the bot alone."""
        return self.chat == self.user.id


@dataclass(kw_only=True)
class House(Hearing):
    """One bot. `known` is None until it listens; `me` is what getMe said."""

    config: Config
    wire: Wire
    memory: Memory
    threads: Threads
    members: Members
    clock: Callable[[], datetime]
    tz: tzinfo
    me: User | None = None

    async def moved(self, group: int, to: int) -> None:
        """A group has become a supergroup, which has another number; remembered over restarts."""
        self.wire.moved[group] = to
        room = await self.memory.room_of(group)
        if room:
            await self.memory.keep_group(to, room)
        await self.memory.set_mark(f"moved:{group}", str(to))

    async def answer(self, spot: Spot, said: str) -> None:
        """Tell whoever pressed a button, or else write to them alone. Raises what `Wire.call` raises."""
        if spot.query is not None:
            brief = k.short(said, k.ALERT)
            with contextlib.suppress(Permanent):  # too late for a box: written instead
                await self.wire.call(
                    "answer_callback_query", callback_query_id=spot.query.id, text=brief, show_alert=True
                )
                if brief == said.strip():
                    return
        await self.tell(spot.user.id, k.sentences(said), spot)

    async def tell(self, user: int, pages: list[str], spot: Spot | None = None, **more: Any) -> Message | None:
        """Write to one person alone; the last message. Whoever never pressed Start is told so where they are.

        That hint names nothing. Raises what `Wire.call` raises.
        """
        sent: Message | None = None
        for number, page in enumerate(pages):
            extra = more if number == len(pages) - 1 else {}
            try:
                sent = await self.wire.call(
                    "send_message", chat_id=user, text=page, parse_mode="HTML", link_preview_options=_QUIET, **extra
                )
            except Permanent:
                if spot is None or spot.private:
                    raise
                await self._nudge(spot)
                return None
        return sent

    async def _nudge(self, spot: Spot) -> None:
        """Once for each person while we run."""
        if not self.first_time(f"nudge:{spot.user.id}"):
            return
        said = text(self.members.locale, "I may not write to you alone yet. Open a chat with me and press Start.")
        called = k.call(str(spot.user.id), spot.user.full_name[:60] or "?")
        await self.threads.send(spot.chat, spot.topic, spot.message, f"{called}: {k.words(said)}")
