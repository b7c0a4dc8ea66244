"""Which commands make sense on a ticket now; every chat shows exactly these."""

from __future__ import annotations

from bot.core.reply import IN_FLIGHT
from bot.core.types import ReplyState, TicketStatus

IN_TEXT = ("approve", "edit", "redraft", "refuse", "undo")
"""What is decided about a wording: buttons under its own message."""
ON_CARD = (
    "reply",
    "edit",
    "redraft",
    "refuse",
    "undo",
    "settle",
    "ask",
    "wait",
    "snooze",
    "escalate",
    "assign",
    "close",
    "reopen",
    "kind",
    "severity",
    "note",
    "author",
)
"""What the menu of a card offers, in this order."""
ALWAYS = ("wait", "assign", "kind", "severity")
"""What can be wished of every ticket that is not closed, though no card proposes it."""
_REPLY: dict[ReplyState, tuple[str, ...]] = {
    ReplyState.DRAFTING: ("redraft",),
    ReplyState.PROPOSED: ("approve", "edit", "redraft", "refuse"),
    ReplyState.APPROVED: ("undo", "edit"),
    ReplyState.PUBLISHING: (),
    ReplyState.PENDING: ("settle",),
    ReplyState.PUBLISHED: ("reply",),
    ReplyState.UNCERTAIN: ("settle",),
    ReplyState.REJECTED: ("reply", "redraft"),
    ReplyState.HANDED_OFF: ("settle",),
    ReplyState.WITHDRAWN: ("reply", "redraft"),
}


_ROLL: dict[TicketStatus, tuple[str, ...]] = {
    TicketStatus.OPEN: ("close", "snooze", "note"),
    TicketStatus.WAITING: ("close", "reopen", "note"),
    TicketStatus.SNOOZED: ("close", "reopen", "note"),
    TicketStatus.CLOSED: ("reopen", "note"),
}


def controls(
    status: TicketStatus, reply: ReplyState | None, *, gone: bool = False, roll: bool = False
) -> tuple[str, ...]:
    """The verbs to offer, most wanted first.

    `gone`: the comment is not on the network any more; `roll`: many are folded into it, and none is answered there.
    """
    if roll:
        return _ROLL[status]
    if status is TicketStatus.CLOSED:
        return ("reopen", "note") if gone or reply in IN_FLIGHT else ("reopen", "reply", "note")
    on_reply = ("reply", "redraft") if reply is None else _REPLY[reply]
    if gone:
        on_reply = tuple(verb for verb in on_reply if verb in ("undo", "refuse", "settle"))
    flying = reply in (ReplyState.PUBLISHING, ReplyState.UNCERTAIN)
    parked = ("reopen",) if status is not TicketStatus.OPEN else ("snooze",)
    closing = () if flying else ("close",)
    return (*on_reply, "claim", "ask", "escalate", *parked, *closing, "note")
