"""Where a reply stands, in a line: its state, whose yes counts, the times that matter."""

from __future__ import annotations

from bot.core.views import ReplyView
from bot.locale.showing import EMOJI, REPLY_STATES
from bot.locale.standing import standing as shared
from handlers.chats.discord import marks as d
from handlers.chats.discord.view import View


def state(reply: ReplyView, view: View) -> str:
    """Where a reply stands, with its picture."""
    return f"{EMOJI[reply.state]} {view.say(REPLY_STATES[reply.state])}"


def standing(reply: ReplyView, view: View) -> list[str]:
    """Whose yes counts, how many are needed, and the times that matter."""
    return [
        d.line(words) if at is None else d.moment(at, d.line(words))
        for words, at in shared(view.locale, reply, view.name)
    ]
