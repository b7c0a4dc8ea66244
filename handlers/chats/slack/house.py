"""What every part of the Slack adapter works with, and how it speaks to one person alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from bot.core.errors import Transient
from handlers.chats.slack import blocks as b
from handlers.chats.slack.config import Config
from handlers.chats.slack.members import Members
from handlers.chats.slack.memory import Memory
from handlers.chats.slack.threads import Threads
from handlers.chats.slack.wire import Wire
from handlers.hearing import Hearing

_PATIENCE = 30.0
_AGAIN = 3


@dataclass(kw_only=True)
class House(Hearing):
    """One workspace. `known` is None until the bot listens; `me` is what auth.test said."""

    config: Config
    wire: Wire
    memory: Memory
    threads: Threads
    members: Members
    clock: Callable[[], datetime]
    tz: tzinfo
    me: dict[str, str] = field(default_factory=dict)
    dead: asyncio.Event = field(default_factory=asyncio.Event)
    why_dead: str = ""

    def end(self, why: str) -> None:
        """The app was removed or its token revoked: `listen` says so to everybody."""
        self.why_dead = why
        self.dead.set()

    async def tell(
        self, user: str, channel: str, thread: str | None, text: str, buttons: list[b.Block] | None = None
    ) -> None:
        """Say something to one person alone. Raises what `Wire.call` raises."""
        content = {"text": b.fallback(text), "blocks": [*b.words(text)[:40], *b.actions(buttons or [])]}
        for attempt in range(_AGAIN):
            try:
                await self.wire.whisper(channel, user, thread, **content)
            except Transient as error:
                if attempt + 1 == _AGAIN or (error.retry_after or 0) > _PATIENCE:
                    raise
                await asyncio.sleep(error.retry_after if error.retry_after is not None else 1.0)
            else:
                return
