"""The tags of a forum's posts: kind, severity and state, by name, in the room's language or in English."""

from __future__ import annotations

import discord

from bot.core.types import Kind, Severity, TicketStatus
from bot.core.views import Card
from bot.locale import label

MOST = 20
"""Tags that a forum has at most; a post has five."""


def wanted(locale: str) -> list[str]:
    """The names of all tags that posts can have, 20 characters at most."""
    states = [TicketStatus.OPEN, TicketStatus.WAITING, TicketStatus.SNOOZED, TicketStatus.CLOSED]
    severities = [one for one in Severity if one is not Severity.NORMAL]
    names = [_name(locale, one) for one in (*states, *severities, *Kind)]
    return list(dict.fromkeys(names))[:MOST]


def tags_of(parent: object, card: Card, locale: str) -> list[discord.ForumTag]:
    """A post's tags, as far as the forum has them; none elsewhere."""
    if not isinstance(parent, discord.ForumChannel):
        return []
    line = card.line
    known = {tag.name.casefold(): tag for tag in parent.available_tags}
    found = []
    for value in (line.status, line.severity, line.kind):
        tag = known.get(_name(locale, value).casefold()) or known.get(value.value.casefold())
        if tag is not None and tag not in found:
            found.append(tag)
    return found


def _name(locale: str, value: Kind | Severity | TicketStatus) -> str:
    return label(locale, value)[:20].strip()
