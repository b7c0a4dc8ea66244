"""Parts as discord.py's embeds and views, and what every message goes out with.

discord.py keeps the rate limits itself, by the headers of each answer, and repeats what a 5xx ended; every message
therefore carries a nonce that Discord enforces, so that one that arrived is answered again and not doubled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import discord

from handlers.chats.discord.marks import Part

SILENT = discord.AllowedMentions.none()
LONGEST_WAIT = 60.0
"""Seconds that a call waits for its turn by itself; a longer rate limit is said to the engine."""
_ARCHIVED = 50083


class Row(discord.ui.View):
    """Buttons and menus that stay: presses are heard as raw interactions, so that nothing is kept for a message."""

    def __init__(self, rows: Sequence[Sequence[Part]]) -> None:
        super().__init__(timeout=None)
        for number, row in enumerate(rows):
            for part in row:
                self.add_item(_item(part, number))

    def is_dispatchable(self) -> bool:
        return False


def _item(part: Part, row: int) -> discord.ui.Item[Any]:
    if part["type"] == 2:
        style = discord.ButtonStyle(part["style"])
        return discord.ui.Button(style=style, label=part["label"], custom_id=part["custom_id"], row=row)
    options = [discord.SelectOption(label=one["label"], value=one["value"]) for one in part["options"]]
    return discord.ui.Select(custom_id=part["custom_id"], placeholder=part["placeholder"], options=options, row=row)


def content(embeds: Sequence[Part], rows: Sequence[Sequence[Part]] = ()) -> dict[str, Any]:
    """What `send` takes."""
    made: dict[str, Any] = {"embeds": [discord.Embed.from_dict(one) for one in embeds], "allowed_mentions": SILENT}
    return {**made, "view": Row(rows)} if rows else made


def nonce(*parts: str) -> str:
    """A nonce (25 characters at most): the same for the same message."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:24]


def is_archived(error: discord.HTTPException) -> bool:
    """Whether a thread was put away, and takes no edits until it is taken out again."""
    return error.code == _ARCHIVED
