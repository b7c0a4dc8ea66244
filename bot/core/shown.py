"""What a message put before people to decide about, small enough to travel in a button or beside a message's id.

A yes counts only for what its giver saw. Every chat therefore writes a `Shown` into the button it offers, or keeps
it with the message that can be reacted to, and makes the wish from it; see `bot.core.approval.stamp`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core import messages as m
from bot.core.ids import ALPHABET
from bot.core.reply import IN_FLIGHT
from bot.core.types import ReplyState
from bot.core.views import Card

_PACKED = re.compile(rf"([{ALPHABET}]{{4,6}})~([0-9]{{1,6}}|)~([0-9.]{{1,36}}|)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A ticket and, where there was one, the newest wording with the stamp of its state."""

    ticket: str
    revision: int | None = None
    seen: str | None = None

    @property
    def older(self) -> bool:
        """A wording that was the newest once: nobody's yes to it counts."""
        return self.revision is not None and self.seen is None

    def pack(self) -> str:
        """At most 51 ASCII characters: Telegram's callback data holds 64 bytes, and a verb goes there too."""
        return f"{self.ticket}~{'' if self.revision is None else self.revision}~{self.seen or ''}"


def unpack(text: str) -> Shown | None:
    """What `pack` wrote; None for anything else."""
    found = _PACKED.fullmatch(text) if len(text) < 64 else None
    if found is None:
        return None
    return Shown(ticket=found[1], revision=int(found[2]) if found[2] else None, seen=found[3] or None)


def shown_by(card: Card) -> Shown:
    """What a card shows now."""
    reply = card.reply
    words = reply.latest if reply else None
    seen = reply.stamp if reply is not None and words is not None else None
    return Shown(ticket=card.line.id, revision=words.number if words else None, seen=seen or None)


def approved_by(card: Card, shown: Shown, person: str) -> bool:
    """Whether this person's yes to this wording stands, or is on its way out."""
    reply = card.reply
    if reply is None or reply.latest is None or reply.latest.number != shown.revision:
        return False
    mine = [
        one
        for one in reply.decisions
        if one.person == person and one.verdict == "approve" and one.revision == shown.revision
    ]
    gone_out = reply.state in IN_FLIGHT or reply.state is ReplyState.PUBLISHED
    return any(one.counts for one in mine) or (bool(mine) and gone_out)


def plain_wish(verb: str, shown: Shown, *, by: str, via: str, snooze: timedelta) -> m.Command | None:
    """The wish of a verb that needs no words, about what was shown; None where a form has to ask for them.

    `snooze` is for how long a bare snooze puts a ticket away.
    """
    if verb == "snooze":
        return m.Snooze(by=by, via=via, ticket=shown.ticket, span=snooze)
    make = _PLAIN.get(verb)
    return make(shown, by, via) if make else None


def bound(command: m.Command, shown: Shown | None) -> m.Command:
    """A typed decision about a text means the text that was shown where it was typed, unless it says another."""
    if shown is None or not isinstance(command, m.Approve | m.Refuse | m.Edit):
        return command
    if command.ticket != shown.ticket or command.revision not in (None, shown.revision):
        return command
    command = replace(command, revision=shown.revision)
    return replace(command, seen=shown.seen) if isinstance(command, m.Approve) else command


_Make = Callable[[Shown, str, str], m.Command]
_PLAIN: dict[str, _Make] = {
    "approve": lambda s, by, via: m.Approve(by=by, via=via, ticket=s.ticket, revision=s.revision, seen=s.seen),
    "refuse": lambda s, by, via: m.Refuse(by=by, via=via, ticket=s.ticket, revision=s.revision),
    "redraft": lambda s, by, via: m.Redraft(by=by, via=via, ticket=s.ticket),
    "undo": lambda s, by, via: m.Undo(by=by, via=via, ticket=s.ticket),
    "claim": lambda s, by, via: m.Claim(by=by, via=via, ticket=s.ticket),
    "assign": lambda s, by, via: m.Assign(by=by, via=via, ticket=s.ticket),
    "escalate": lambda s, by, via: m.Escalate(by=by, via=via, ticket=s.ticket),
    "wait": lambda s, by, via: m.Wait(by=by, via=via, ticket=s.ticket),
    "close": lambda s, by, via: m.Close(by=by, via=via, ticket=s.ticket),
    "reopen": lambda s, by, via: m.Reopen(by=by, via=via, ticket=s.ticket),
    "crisis": lambda s, by, via: m.Crisis(by=by, via=via, on=True, topic=s.ticket),
}
