"""The reply machine: one reply to one item, from draft to proof.

drafting -> proposed -> approved -> publishing -> published | pending | rejected | handed_off | uncertain
A reply goes back to `proposed` when its approval falls; it ends `withdrawn` when people or facts overtake it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.types import ReplyState

_WAYS: dict[ReplyState, frozenset[ReplyState]] = {
    ReplyState.DRAFTING: frozenset({ReplyState.PROPOSED, ReplyState.WITHDRAWN}),
    ReplyState.PROPOSED: frozenset({ReplyState.PROPOSED, ReplyState.APPROVED, ReplyState.WITHDRAWN}),
    ReplyState.APPROVED: frozenset({ReplyState.PROPOSED, ReplyState.PUBLISHING, ReplyState.WITHDRAWN}),
    ReplyState.PUBLISHING: frozenset(
        {
            ReplyState.APPROVED,
            ReplyState.PUBLISHED,
            ReplyState.PENDING,
            ReplyState.REJECTED,
            ReplyState.HANDED_OFF,
            ReplyState.UNCERTAIN,
        }
    ),
    ReplyState.PENDING: frozenset(
        {ReplyState.PUBLISHED, ReplyState.REJECTED, ReplyState.HANDED_OFF, ReplyState.WITHDRAWN}
    ),
    ReplyState.UNCERTAIN: frozenset({ReplyState.PUBLISHED, ReplyState.PROPOSED, ReplyState.PUBLISHING}),
    ReplyState.HANDED_OFF: frozenset({ReplyState.PUBLISHED, ReplyState.WITHDRAWN}),
    ReplyState.REJECTED: frozenset({ReplyState.PROPOSED, ReplyState.WITHDRAWN}),
    ReplyState.PUBLISHED: frozenset(),
    ReplyState.WITHDRAWN: frozenset(),
}

UNDECIDED = frozenset({ReplyState.DRAFTING, ReplyState.PROPOSED})
STOPPABLE = UNDECIDED | {ReplyState.APPROVED}
IN_FLIGHT = frozenset({ReplyState.PUBLISHING, ReplyState.PENDING, ReplyState.UNCERTAIN})
NEEDS_HAND = frozenset({ReplyState.UNCERTAIN, ReplyState.HANDED_OFF, ReplyState.PENDING})

ANSWER_LOST = "answer_lost"
"""The problem of a reply in `publishing` that may stand on the network already."""

LOOK_FIRST = "look_first"
"""The same, after a person asked to look again: nothing may be sent before somebody looked on the network."""

VANISHED = "vanished"
"""The problem of a published reply that is not on the network any more."""


class IllegalMove(Exception):
    """A bug in the caller: the machine has no such way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply. `item` is the stored item version it was written for; `key` names one approval for ever."""

    id: str
    ticket: str
    number: int
    account: str
    item: int
    state: ReplyState
    created_at: datetime
    quorum: int = 1
    revision: int = 0
    undo_until: datetime | None = None
    key: str | None = None
    attempt: int = 0
    looked: int = 0
    first_attempt_at: datetime | None = None
    posted_id: str | None = None
    posted_url: str | None = None
    posted_at: datetime | None = None
    vanished_at: datetime | None = None
    manual_url: str | None = None
    problem: str | None = None
    version: int = 1


def _move(reply: Reply, to: ReplyState, *, only: frozenset[ReplyState] = frozenset(ReplyState)) -> Reply:
    if to not in _WAYS[reply.state] or reply.state not in only:
        raise IllegalMove(f"reply {reply.id}: {reply.state} -> {to}")
    return replace(reply, state=to)


def revise(reply: Reply) -> Reply:
    """A further revision stands; whatever was approved before was another text."""
    moved = _move(reply, ReplyState.PROPOSED, only=STOPPABLE)
    return replace(moved, revision=reply.revision + 1, undo_until=None, key=None, problem=None)


def approve(reply: Reply, *, key: str, undo_until: datetime) -> Reply:
    """The quorum is reached; the undo window runs. `attempt` counts on: it tells all calls for this reply apart."""
    return replace(
        _move(reply, ReplyState.APPROVED, only=UNDECIDED),
        key=key,
        undo_until=undo_until,
        looked=0,
        first_attempt_at=None,
        problem=None,
    )


def unapprove(reply: Reply, problem: str | None = None) -> Reply:
    """The approval fell: withdrawn by a person, expired, or overtaken by facts."""
    moved = _move(reply, ReplyState.PROPOSED, only=frozenset({ReplyState.APPROVED, ReplyState.UNCERTAIN}))
    return replace(moved, key=None, undo_until=None, problem=problem)


def raise_quorum(reply: Reply, quorum: int) -> Reply:
    """More people must agree than before; never fewer."""
    return replace(reply, quorum=max(reply.quorum, quorum))


def start(reply: Reply, now: datetime) -> Reply:
    """The intent to publish is on record; the call may follow."""
    return replace(
        _move(reply, ReplyState.PUBLISHING, only=frozenset({ReplyState.APPROVED})),
        attempt=reply.attempt + 1,
        first_attempt_at=now,
        undo_until=None,
        looked=0,
        problem=None,
    )


def resend(reply: Reply) -> Reply:
    """A further attempt of the same approval, where the network makes that safe."""
    if reply.state is not ReplyState.PUBLISHING:
        raise IllegalMove(f"reply {reply.id}: resend while {reply.state}")
    return replace(reply, attempt=reply.attempt + 1, looked=0, problem=ANSWER_LOST)


def look(reply: Reply) -> Reply:
    """Somebody looked for the reply on the network once more, in vain."""
    if reply.state is not ReplyState.PUBLISHING:
        raise IllegalMove(f"reply {reply.id}: look while {reply.state}")
    return replace(reply, looked=reply.looked + 1, problem=ANSWER_LOST)


def look_again(reply: Reply) -> Reply:
    """A person wants it looked for once more. The call that may have posted it stays on record, key and all."""
    moved = _move(reply, ReplyState.PUBLISHING, only=frozenset({ReplyState.UNCERTAIN}))
    return replace(moved, looked=0, problem=LOOK_FIRST)


def not_sent(reply: Reply, problem: str) -> Reply:
    """The call surely changed nothing: the approval stands and waits for the next try.

    Only the first call of an approval can be told so. Once its answer is lost, that a further one failed proves
    nothing about it, and an approval that people could change again would be posted twice.
    """
    if reply.problem in (ANSWER_LOST, LOOK_FIRST):
        raise IllegalMove(f"reply {reply.id}: not sent, after an answer was lost")
    moved = _move(reply, ReplyState.APPROVED, only=frozenset({ReplyState.PUBLISHING}))
    return replace(moved, problem=problem)


def posted(reply: Reply, *, native_id: str | None, url: str | None, now: datetime) -> Reply:
    """It stands on the network."""
    return replace(
        _move(reply, ReplyState.PUBLISHED),
        posted_id=native_id or reply.posted_id,
        posted_url=url or reply.posted_url,
        posted_at=now,
        undo_until=None,
        problem=None,
    )


def vanished(reply: Reply, now: datetime) -> Reply:
    """It stood on the network, and does not any more. That undoes nothing of what happened."""
    if reply.state is not ReplyState.PUBLISHED:
        raise IllegalMove(f"reply {reply.id}: vanished, in {reply.state}")
    return replace(reply, vanished_at=now, problem=VANISHED)


def pending(reply: Reply, *, native_id: str | None, url: str | None) -> Reply:
    """The network moderates it first."""
    return replace(_move(reply, ReplyState.PENDING), posted_id=native_id, posted_url=url, problem=None)


def refused(reply: Reply, *, reason: str, manual_url: str | None) -> Reply:
    """The network will not take it: a person may post it by hand where there is a link."""
    state = ReplyState.HANDED_OFF if manual_url else ReplyState.REJECTED
    return replace(_move(reply, state), problem=reason, manual_url=manual_url)


def uncertain(reply: Reply, problem: str) -> Reply:
    """Nobody can tell but a person who looks."""
    return replace(_move(reply, ReplyState.UNCERTAIN), problem=problem)


def withdraw(reply: Reply, problem: str | None = None) -> Reply:
    """It will not be sent: refused by the team, overtaken, or answered elsewhere."""
    return replace(_move(reply, ReplyState.WITHDRAWN), undo_until=None, key=None, problem=problem)
