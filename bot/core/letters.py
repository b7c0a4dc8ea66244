"""Failures: what was given up and waits for a person (mail calls it dead letters), and replies of unknown fate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.messages import Announce
from bot.core.types import ReplyState


class LetterState(StrEnum):
    """Why it waits, the most pressing first.

    `uncertain`: a reply may or may not stand on the network; `handed_off`: a person must post a reply by hand;
    `rejected`: the network refused a reply for good; `vanished`: a published reply is not there any more;
    `dead`: an order to the outside was given up.
    """

    UNCERTAIN = ReplyState.UNCERTAIN.value
    HANDED_OFF = ReplyState.HANDED_OFF.value
    REJECTED = ReplyState.REJECTED.value
    VANISHED = "vanished"
    DEAD = "dead"

    @property
    def rank(self) -> int:
        """0 for what presses most."""
        return list(LetterState).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something that waits for a person. `bot.locale.letter` has the words for all of it.

    `id` is what people type: `E17` (an order; no ticket's id has an E) or a reply's id, `K7Q2.1`. `type` is the
    order's: `publish` for every reply, `card`, `say`, or what other parts order. `place` is the account or the room
    (`part` says which), `reason` a code of ours or the other side's own words, `text` the reply as it was to go out,
    `said` the words that did not arrive in a room. `remedies` are the verbs that help now, the best one first.
    """

    id: str
    type: str
    state: LetterState
    part: str
    place: str
    since: datetime
    reason: str
    ticket: str | None = None
    attempts: int = 0
    text: str = ""
    said: Announce | None = None
    target_url: str | None = None
    manual_url: str | None = None
    remedies: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """What happened: `uncertain`, `handed_off`, `rejected`, `vanished`, `dead_card`, `dead_publish`, ..."""
        return f"dead_{self.type}" if self.state is LetterState.DEAD else self.state.value

    @property
    def about(self) -> str:
        """What its remedies are typed with: for a reply its ticket's id (`settle K7Q2 posted`), else its own."""
        return self.id if self.state is LetterState.DEAD or self.ticket is None else self.ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Muting:
    """What is folded away, who wished it, and when. `unmute` with the pattern lifts it."""

    pattern: str
    by: str
    at: datetime


_ORDER = re.compile(r"#?[eE]([0-9]{1,18})")
_REMEDIES: dict[LetterState, tuple[str, ...]] = {
    LetterState.UNCERTAIN: ("settle", "retry", "escalate"),
    LetterState.HANDED_OFF: ("settle", "escalate"),
    LetterState.REJECTED: ("reply", "redraft", "escalate", "close"),
    LetterState.VANISHED: ("reply", "escalate", "close"),
    LetterState.DEAD: ("retry", "done"),
}


def order_id(number: int) -> str:
    """How people call an order that was given up: `E17`."""
    return f"E{number}"


def order_number(word: str) -> int | None:
    """The number in `E17`, `e17` or `#E17`; None for anything else."""
    found = _ORDER.fullmatch(word) if word.isascii() else None
    return int(found[1]) if found else None


def remedies(state: LetterState, type: str) -> tuple[str, ...]:
    """The verbs that help. An order to publish is never called done: the reply behind it has a fate of its own."""
    found = _REMEDIES[state]
    return tuple(verb for verb in found if verb != "done") if type == "publish" else found
