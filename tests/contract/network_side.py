"""The other side of a network: what the public, a colleague and the network itself do while the contract is tried.

To put an adapter under the contract, write such a side for it (a local server, a fake of the vendor's interface) and
register it in `test_networks.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from bot.core.messages import Command, Event, ItemArrived, NotFound, Outcome
from bot.core.ports import Network
from bot.core.types import Item, OutgoingReply, Person

# What a side can do; tests that need more are skipped for it.
EDIT = "edit"  # authors edit
WITHDRAW = "withdraw"  # authors take comments back
BY_HAND = "by_hand"  # a colleague answers on the network itself
ANONYMOUS = "anonymous"  # one may write with nothing but a typed name
TROUBLE = "trouble"  # late answers, 429, 5xx, dead tokens can be provoked
MODERATION = "moderation"  # the network may look at replies first
ANSWER = "answer"  # people answer one another
HISTORY = "history"  # an edit that brings old words back is a version of its own
PICTURES = "pictures"  # comments may have attachments
REFUSAL = "refusal"  # the network may refuse a reply that people can still post by hand
UNLINKED = "unlinked"  # what is written there has no address of its own
PUSHED = "pushed"  # the network calls us: it sends again what was not taken, and no cursor says where to go on
LIMITED = "limited"  # the network itself refuses what is too long
PRIVATE = "private"  # some of what is written there only we can read
LOSES = "loses"  # a reply of ours may vanish without a word
ONCE = "once"  # what was committed is never told again, not even after a kill; the engine knows it anyway
BESIDE = "beside"  # there may be another account of the same type


class Side(Protocol):
    """Drives one account on one network. `network` is the adapter under test, listening to nobody yet."""

    account: str
    can: frozenset[str]

    @property
    def network(self) -> Network:
        """The adapter; another one after `restart`."""

    async def restart(self) -> None:
        """End the adapter and make a new `network` of it, over the same account."""

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        """Somebody comments (the same `visitor` is the same person, None shows no identity); the native id."""

    async def edit(self, native_id: str, text: str) -> None:
        """The author edits."""

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        """Somebody comments with a picture, or exchanges the one that hangs on `instead`; the native id."""

    async def withdraw(self, native_id: str) -> None:
        """The author takes the comment back."""

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        """A colleague answers on the network itself; the reply's native id."""

    async def said(self, native_id: str) -> str:
        """A comment's text as everybody reads it."""

    async def replies(self, native_id: str) -> list[str]:
        """The texts of the brand's replies to a comment, as everybody reads them."""

    async def page(self, url: str) -> str:
        """The text that stands at a public link; raises where there is nothing."""

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        """Let the next call of an operation of the port fail.

        `trouble`: late, rate_limited, error_before, error_after, dead_token, pending, rejected.
        """

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        """Decide about a pending reply."""

    async def stop(self) -> None:
        """Release everything."""


class Limited(Side, Protocol):
    """A side that can be `LIMITED`: `limit` is the network's own, by its own count."""

    @property
    def limit(self) -> int: ...

    async def takes(self, native_id: str, text: str) -> bool:
        """Whether the network itself, asked past the adapter, takes a reply of our account with this text."""


class Private(Side, Protocol):
    """A side that can be `PRIVATE`."""

    async def whisper(self, text: str) -> str:
        """Somebody writes to us alone; the native id."""

    async def audience(self, native_id: str) -> list[str]:
        """Who can read each of the brand's replies to a comment: `public` or `private`."""


class Losing(Side, Protocol):
    """A side that can be `LOSES`."""

    async def lose(self, native_id: str) -> None:
        """A reply of ours is not there any more, and nobody is told."""


class Beside(Side, Protocol):
    """A side that can be `BESIDE`."""

    async def beside(self) -> Side:
        """Another account of the same type, under another name; it works already. The caller stops it."""


class RecordingIntake:
    """An intake that remembers, the way the engine commits: events and cursor together, or neither."""

    def __init__(self) -> None:
        self.batches: list[tuple[tuple[Event, ...], str | None]] = []
        self.refuse_next = False
        self._changed = asyncio.Event()

    @property
    def events(self) -> list[Event]:
        return [event for events, _ in self.batches for event in events]

    @property
    def items(self) -> list[Item]:
        return [event.item for event in self.events if isinstance(event, ItemArrived)]

    @property
    def cursor(self) -> str | None:
        return next((cursor for _, cursor in reversed(self.batches) if cursor is not None), None)

    async def emit(self, *events: Event, cursor: str | None = None) -> None:
        if self.refuse_next:
            self.refuse_next = False
            raise ConnectionError("the database went away")
        await asyncio.sleep(0)
        self.batches.append((events, cursor))
        self._changed.set()

    async def submit(self, command: Command) -> Outcome:
        return NotFound(what="ticket", id="?")

    async def introduce(self, person: Person) -> None:
        raise AssertionError("a network vouches for nobody")

    async def until(self, enough: Callable[[RecordingIntake], object], seconds: float = 30.0) -> None:
        """Wait for enough; fails when it does not come."""
        async with asyncio.timeout(seconds):
            while not enough(self):
                self._changed.clear()
                await self._changed.wait()


@contextlib.asynccontextmanager
async def listening(
    network: Network, intake: RecordingIntake | None = None, cursor: str | None = None
) -> AsyncIterator[RecordingIntake]:
    """The adapter listens inside the block; what it raised meanwhile is raised at the end."""
    intake = intake or RecordingIntake()
    task = asyncio.create_task(network.listen(intake, cursor))
    try:
        yield intake
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def seen(side: Side, native_id: str) -> Item:
    """The item as the adapter reports it."""
    async with listening(side.network) as intake:
        await intake.until(lambda had: any(item.native_id == native_id for item in had.items))
    return next(item for item in reversed(intake.items) if item.native_id == native_id)


def answer(target: Item, text: str, key: str = "key-1") -> OutgoingReply:
    """An approved reply."""
    return OutgoingReply(key=key, account=target.account, target=target, text=text)
