"""What an emoji under a message wishes for: one table for every chat that has reactions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.words import BY_WORD, lookup

_TONE = re.compile(r"::skin-tone-[2-6]$")
_DRESS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Sign:
    """A verb's emoji: the character, and the name that chats give it which send names."""

    verb: str
    emoji: str
    name: str


SIGNS: tuple[Sign, ...] = (
    Sign("approve", "✅", "white_check_mark"),
    Sign("edit", "✏️", "pencil2"),
    Sign("redraft", "🔁", "repeat"),
    Sign("claim", "👀", "eyes"),
    Sign("escalate", "⏫", "arrow_double_up"),
    Sign("close", "🙈", "see_no_evil"),
    Sign("snooze", "⏰", "alarm_clock"),
    Sign("crisis", "🚨", "rotating_light"),
    Sign("undo", "↩️", "leftwards_arrow_with_hook"),
)
EMOJI: Mapping[str, str] = {sign.verb: sign.emoji for sign in SIGNS}
"""The characters alone, by verb, for whoever shows them on buttons."""
VERBS = frozenset(sign.verb for sign in SIGNS)
"""What can be said by emoji."""
ABOUT_WORDS = frozenset({"approve", "edit", "redraft", "undo"})
"""Verbs that count only on the newest wording's own message; the others on any message of the ticket."""


def plain_name(reaction: str) -> str:
    """A reaction's name or character without colons, skin tone and the marks that only choose its looks."""
    name = reaction[:_LONGEST].strip().strip(":")
    return _DRESS.sub("", _TONE.sub("", name)).rstrip(":").casefold()


def verb_for(reaction: str, configured: Mapping[str, str]) -> str | None:
    """The verb that a reaction stands for, or None: most reactions are just that.

    Args:
        reaction: a name (`white_check_mark`, `+1::skin-tone-3`), or the emoji itself.
        configured: the team's own, by name or character; an empty verb switches a default off. Besides, an emoji
            that is called like a verb of the grammar (`:approve:`, `:aprobar:`) means that verb.
    """
    name = plain_name(reaction)
    own = {plain_name(key): verb for key, verb in configured.items()}
    if name in own:
        return own[name] or None
    if name in _DEFAULTS:
        return _DEFAULTS[name]
    verb = lookup(BY_WORD, name)
    return verb.name if verb is not None and verb.name in VERBS else None


_DEFAULTS = {key: sign.verb for sign in SIGNS for key in (sign.name, plain_name(sign.emoji))}
