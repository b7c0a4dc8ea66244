"""What stands in a ticket's thread, and in which order it is brought up to date: the same in every remote chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.core.shown import Shown

ROOT, WORDING, OTHER = "root", "wording", "other"
"""What a message of ours is: only a wording's own message takes a yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One message: `key` names it within its thread for ever, `shown` is what a reaction to it is about."""

    key: str
    kind: str
    shown: Shown


P = TypeVar("P", bound=Posting)
Hand = Callable[[P], Awaitable[None]]


async def in_order(wanted: Sequence[P], standing: Collection[str], *, edit: Hand[P], post: Hand[P]) -> None:
    """What is out of date, then what is new, and then what takes a yes: all that it is about stands there by then.

    That is the newest wording; and the card, because a typed yes means what it says: whoever calls this rewrites it
    before, and writes down what it shows after.

    Args:
        wanted: the messages below the card.
        standing: the keys of those that are there; what `post` posts may appear in it.
        edit: makes one read as it should, and writes down what it shows.
        post: posts one, and writes that down.
    """
    known = [posting for posting in wanted if posting.key in standing]
    new = sorted((one for one in wanted if one.key not in standing), key=lambda one: one.kind == WORDING)
    for posting in known:
        if posting.kind != WORDING:
            await edit(posting)
    for posting in new:
        # Of a wording in several pieces none takes a yes before the last one stands.
        await post(posting if posting is new[-1] else replace(posting, kind=OTHER))
    for posting in wanted:
        if posting.kind == WORDING:
            await edit(posting)
