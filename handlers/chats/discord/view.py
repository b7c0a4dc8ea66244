"""For whom a card is laid out, and how its words are said to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.foreign import visible
from bot.locale import text
from bot.locale.showing import BUTTONS
from handlers.chats.discord import marks as d


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """For whom a card is laid out: a room's language, the names of the team, the desk's address (empty: no desk)."""

    locale: str
    names: Mapping[str, str] = field(default_factory=dict)
    desk: str = ""

    def say(self, sentence: str, **values: object) -> str:
        """Markdown, whatever the values are."""
        return d.escape(visible(text(self.locale, sentence, **values)))

    def name(self, person: str | None) -> str:
        return self.names.get(person or "", person or "Portavoz")

    def word(self, verb: str) -> str:
        """A button's picture and word."""
        word = BUTTONS[verb]
        return f"{word.emoji} {text(self.locale, word.label)}"
