"""Networks and a team chat whose every call takes 20 ms, as calls over the internet do; what they took stands in files.

Several processes append to the same files, a line at once, so that whoever counts the lines sees everybody's calls.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bot.core.ports import Capabilities, Intake, Reader
from bot.core.types import Account, Budget, CardRef, Item, Message, OutgoingReply, Person, Posted, Room
from bot.core.views import Card

CALL = 0.020
"""Seconds that a call takes."""
CALLS_PER_REPLY = 3
"""Reading the comment again, reading what stands around it, posting."""
PLENTY = Budget(rate=100_000.0, burst=100_000)


async def _call() -> None:
    await asyncio.sleep(CALL)


def _note(file: Path, line: str) -> None:
    # One write of less than a page with O_APPEND: lines of several processes do not mix.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb", buffering=0) as out:
        out.write(f"{line}\n".encode())


def noted(file: Path) -> list[str]:
    """The lines so far."""
    return file.read_text("utf-8").splitlines() if file.exists() else []


@dataclass
class SlowNetwork:
    """An account somewhere outside. Only looking tells whether a reply stands there: what is sent twice is there twice.

    `posts` gets a line `comment key` for each reply.
    """

    account: str
    posts: Path

    def capabilities(self) -> Capabilities:
        return Capabilities(ingest=frozenset({"poll"}), can_reply=True, idempotency="lookup", budget=PLENTY)

    async def check(self) -> Account:
        return Account(name=self.account)

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        await asyncio.Event().wait()

    async def conversation(self, item: Item) -> list[Item]:
        await _call()
        return []

    async def current(self, item: Item) -> Item:
        await _call()
        return item

    def measure(self, text: str) -> int:
        return len(text)

    async def publish(self, reply: OutgoingReply) -> Posted:
        await _call()
        _note(self.posts, f"{reply.target.native_id} {reply.key}")
        return Posted(native_id=f"r-{reply.key}")

    async def find(self, reply: OutgoingReply) -> Posted | None:
        await _call()
        line = f"{reply.target.native_id} {reply.key}"
        return Posted(native_id=f"r-{reply.key}") if line in noted(self.posts) else None


@dataclass
class SlowChat:
    """A team chat outside; `calls` gets a line for each card that is posted or brought up to date."""

    calls: Path
    can: ClassVar[frozenset[str]] = frozenset()
    budget: ClassVar[Budget] = PLENTY

    async def listen(self, intake: Intake, read: Reader) -> None:
        await asyncio.Event().wait()

    async def post(self, room: Room, card: Card) -> CardRef:
        await _call()
        _note(self.calls, f"post {room.id} {card.line.id}")
        return CardRef(room=room.id, native=card.line.id)

    async def find_card(self, room: Room, card: Card) -> CardRef | None:
        await _call()
        there = f"post {room.id} {card.line.id}" in noted(self.calls)
        return CardRef(room=room.id, native=card.line.id) if there else None

    async def update(self, ref: CardRef, card: Card) -> None:
        await _call()
        _note(self.calls, f"update {ref.room} {card.line.id}")

    async def say(self, where: Room | CardRef, message: Message) -> None:
        await _call()

    async def tell(self, person: Person, where: CardRef, text: str) -> None:
        await _call()
