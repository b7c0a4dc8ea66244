"""A network for long simulations: it forgets what is old, so that whatever grows with the days is the bot's.

Answers are lost, refused and delayed now and then, by dice.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.core.errors import OutcomeUnknown, Transient
from bot.core.messages import Event, ItemArrived, ItemRemoved, ReplyConfirmed
from bot.core.ports import Capabilities, Intake
from bot.core.types import (
    Account,
    Author,
    Budget,
    Gone,
    Item,
    OutgoingReply,
    Pending,
    Posted,
    PublishResult,
    Rejected,
    version_of,
)
from tests.bench.comments import comment

V = TypeVar("V")
REMEMBERED = 300
ACCOUNT = "street"


@dataclass
class Street:
    """One account, where everybody passes by."""

    now: Callable[[], datetime]
    dice: random.Random
    seen: OrderedDict[str, Item] = field(default_factory=OrderedDict)
    gone: OrderedDict[str, None] = field(default_factory=OrderedDict)
    posted: OrderedDict[str, Posted] = field(default_factory=OrderedDict)
    moderated: OrderedDict[str, None] = field(default_factory=OrderedDict)
    written: int = 0
    posts: int = 0
    lost: int = 0

    # --- what passers-by do ---------------------------------------------------------------------------------------

    def write(self) -> Event:
        """Somebody comments; one of three goes on in a conversation of their own."""
        self.written += 1
        said = comment(self.dice)
        before = self.dice.choice(list(self.seen.values())[-50:]) if self.seen and self.dice.random() < 0.3 else None
        author = before.author if before else Author(id=f"p{self.written}", name=said.author)
        text = (
            self.dice.choice(("@everyone \u202e ", "<script>", "")) + said.text if self.written % 50 == 0 else said.text
        )
        item = Item(
            account=ACCOUNT,
            native_id=f"n{self.written}",
            version=version_of(text),
            author=author,
            text=text,
            created_at=self.now(),
            thread_key=before.thread_key if before else f"n{self.written}",
        )
        self._keep(item)
        return ItemArrived(item=item)

    def change(self) -> Event | None:
        """Somebody edits a comment, takes it away, or it is reported once more."""
        if not self.seen:
            return None
        before = self.dice.choice(list(self.seen.values()))
        throw = self.dice.random()
        if throw < 0.2:
            del self.seen[before.native_id]
            _add(self.gone, before.native_id, None)
            return ItemRemoved(account=ACCOUNT, native_id=before.native_id)
        if throw < 0.6:
            text = f"{before.text} ({self.dice.randrange(10**6)})"
            self._keep(replace(before, text=text, version=version_of(text), edited_at=self.now()))
        return ItemArrived(item=self.seen[before.native_id])

    def moderate(self) -> Event | None:
        """The network lets a reply through that it had held back."""
        if not self.moderated:
            return None
        native, _ = self.moderated.popitem(last=False)
        return ReplyConfirmed(account=ACCOUNT, native_id=native)

    def _keep(self, item: Item) -> None:
        _add(self.seen, item.native_id, item)

    # --- the adapter; see bot.core.ports.Network --------------------------------------------------------------------

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ingest=frozenset({"poll"}),
            can_reply=True,
            idempotency="client_id",
            idempotency_window=timedelta(hours=1),
            max_length=500,
            budget=Budget(rate=1e6, burst=10**6),
        )

    async def check(self) -> Account:
        return Account(name="Street")

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        await asyncio.Event().wait()

    async def conversation(self, item: Item) -> list[Item]:
        return []

    async def current(self, item: Item) -> Item | Gone:
        return Gone() if item.native_id in self.gone else self.seen.get(item.native_id, item)

    def measure(self, text: str) -> int:
        return len(text)

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        if reply.key in self.posted:
            return self.posted[reply.key]
        throw = self.dice.random()
        if throw < 0.02:
            raise Transient("busy", retry_after=5)
        if throw < 0.03:
            self.lost += 1
            raise OutcomeUnknown("no answer")
        if throw < 0.04:
            return Rejected(reason="not here", manual_url="https://street.example/by-hand")
        self.posts += 1
        made = Posted(native_id=f"r{self.posts}", url=f"https://street.example/r{self.posts}")
        _add(self.posted, reply.key, made)
        if throw < 0.06:
            self.lost += 1
            raise OutcomeUnknown("the answer was lost")
        if throw < 0.08:
            _add(self.moderated, made.native_id, None)
            return Pending(native_id=made.native_id)
        return made

    async def find(self, reply: OutgoingReply) -> Posted | None:
        return self.posted.get(reply.key)


def _add(some: OrderedDict[str, V], key: str, value: V) -> None:
    some[key] = value
    some.move_to_end(key)
    while len(some) > REMEMBERED:
        some.popitem(last=False)
