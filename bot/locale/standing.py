"""Where a reply and its ticket stand, in a few words for every chat: whose yes counts, what is waited for, times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.core.types import ReplyState
from bot.core.views import ReplyView
from bot.locale.catalogue import text
from bot.locale.showing import VERDICTS

STANDS = frozenset({ReplyState.PUBLISHED, ReplyState.PENDING})
"""The network has it."""
_YES = VERDICTS["approve"].emoji


def waits(locale: str, whom: str, name: Callable[[str], str]) -> str:
    """For whom a ticket waits: the customer, or a colleague, whose id it is then."""
    if whom == "customer":
        return text(locale, "Waiting for the customer.")
    return text(locale, "Waits for {who}", who=name(whom))


def standing(locale: str, reply: ReplyView, name: Callable[[str], str]) -> list[tuple[str, datetime | None]]:
    """Words each, and the time that belongs behind them, if one does. `name` says what a person is called."""
    yes = list(dict.fromkeys(one.person for one in reply.decisions if one.verdict == "approve" and one.counts))
    names = ", ".join(map(name, yes))
    parts: list[tuple[str, datetime | None]] = []
    if reply.state is ReplyState.PROPOSED and (reply.quorum > 1 or yes):
        said_so = text(locale, "{have} of {need}", have=len(yes), need=reply.quorum)
        parts.append((f"{_YES} {said_so}: {names}" if names else f"{_YES} {said_so}", None))
    elif names or reply.state in (ReplyState.APPROVED, *STANDS):
        everybody = dict.fromkeys(name(one.person) for one in reply.decisions if one.verdict == "approve")
        who = names or ", ".join(everybody)
        parts += [(f"{_YES} {who}", None)] if who else []
    if reply.state is ReplyState.APPROVED and reply.undo_until is not None:
        parts.append((f"↩️ {text(locale, 'Can be taken back until')}", reply.undo_until))
    if reply.published_at is not None:
        parts.append(("📢", reply.published_at))
    return parts
