"""The gateway as a bell: it says where something happened, and what happened is read there.

So nothing is missing after a break, whatever the gateway could not tell meanwhile, and the cursor has one meaning.
"""

from __future__ import annotations

import asyncio
from typing import Any

import discord

from handlers.networks.discord.config import Config

_WAITS = 60.0
_CHANGED = "raw_message_"
"""How the events begin that tell that a message changed, or is not there any more."""


class Bell(discord.Client):
    """Notes where to look: `rung` are channels, `touched` (channel, message); `everywhere` after a new connection."""

    def __init__(self, config: Config) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=_WAITS,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self._config = config
        self._channels = frozenset(map(int, config.channels))
        self.rings = asyncio.Event()
        self.rung: set[int] = set()
        self.touched: dict[tuple[int, int], None] = {}
        self.everywhere = True

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Note what an event is about, then pass it on."""
        if event in ("ready", "resumed"):
            self.everywhere = True
            self.rings.set()
        elif event == "message" and self.watches(args[0].channel):
            self.rung.add(args[0].channel.id)
            self.rings.set()
        elif event.startswith(_CHANGED) and (channel := getattr(args[0], "channel_id", None)) is not None:
            ids = getattr(args[0], "message_ids", None) or {getattr(args[0], "message_id", 0)}
            self.touched |= {(channel, number): None for number in sorted(ids) if number}
            self.rings.set()
        super().dispatch(event, *args, **kwargs)

    def watches(self, channel: object) -> bool:
        """Whether what is written there is our business."""
        if isinstance(channel, discord.DMChannel):
            return self._config.direct_messages
        own = getattr(channel, "id", 0) in self._channels
        return own or (isinstance(channel, discord.Thread) and channel.parent_id in self._channels)
