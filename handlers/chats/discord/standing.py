"""Where a reply stands, in a line: its state, whose yes counts, the times that matter."""

from __future__ import annotations

from bot.core.types import ReplyState, ReplyView
from bot.locale.showing import EMOJI, REPLY_STATES, VERDICTS
from handlers.chats.discord import marks as d
from handlers.chats.discord.view import View

_YES = VERDICTS["approve"].emoji
_STANDS = frozenset({ReplyState.PUBLISHED, ReplyState.PENDING})


def state(reply: ReplyView, view: View) -> str:
    """Where a reply stands, with its picture."""
    return f"{EMOJI[reply.state]} {view.say(REPLY_STATES[reply.state])}"


def standing(reply: ReplyView, view: View) -> list[str]:
    """Whose yes counts, how many are needed, and the times that matter."""
    yes = list(dict.fromkeys(one.person for one in reply.decisions if one.verdict == "approve" and one.counts))
    names = d.line(", ".join(view.name(person) for person in yes))
    parts: list[str] = []
    if reply.state is ReplyState.PROPOSED and (reply.quorum > 1 or yes):
        said_so = view.say("{have} of {need}", have=len(yes), need=reply.quorum)
        parts.append(f"{_YES} {said_so}: {names}" if names else f"{_YES} {said_so}")
    elif names or reply.state in (ReplyState.APPROVED, *_STANDS):
        everybody = dict.fromkeys(view.name(one.person) for one in reply.decisions if one.verdict == "approve")
        who = names or d.line(", ".join(everybody))
        parts += [f"{_YES} {who}"] if who else []
    if reply.state is ReplyState.APPROVED and reply.undo_until is not None:
        parts.append(d.moment(reply.undo_until, f"↩️ {view.say('Can be taken back until')}"))
    if reply.published_at is not None:
        parts.append(d.moment(reply.published_at, "📢"))
    return parts
