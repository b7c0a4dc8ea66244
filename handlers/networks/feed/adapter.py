"""A feed as a network that can be listened to and not answered.

An entry is an item; its `native_id` is the feed's `guid` or `id`. What is approved is handed to a person together with
the entry's address.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core.fromhtml import one_line
from bot.core.messages import Event, ItemArrived, PressArrived
from bot.core.ports import Capabilities, Intake
from bot.core.press import source_of
from bot.core.types import Account, Budget, Gone, Item, OutgoingReply, Posted, PublishResult, Rejected
from handlers.networks.feed.wire import Wire

if TYPE_CHECKING:
    from handlers.networks.feed.config import Config
    from handlers.networks.feed.reading import Document

BATCH = 200
TITLE = 300
"""Characters of a headline that are kept."""
HALF = 6
"""Bytes of each half of a mark: which entry, and which wording of it."""
PREFIX = "f1."
SPREAD = 0.1
"""The share of a pause that is left to chance, so that not all feeds are asked at one moment."""
BY_HAND = "A feed can only be read."


class FeedNetwork:
    """Implements `bot.core.ports.Network` for one feed."""

    def __init__(self, config: Config, *, secret: str | None) -> None:
        self.id = config.id
        self._config = config
        self._wire = Wire(config, secret)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    def capabilities(self) -> Capabilities:
        return Capabilities(ingest=frozenset({"poll"}), can_reply=False, budget=Budget(rate=1.0, burst=20))

    def measure(self, text: str) -> int:
        """Characters; a person will post it, who knows where."""
        return len(text)

    async def check(self) -> Account:
        """Whether the feed can be read, and whether it has moved."""
        answer = await self._wire.read()
        moved = (f"The feed has moved to {answer.moved_to}: change its `url`.",) if answer.moved_to else ()
        name, url = answer.document.title or self._config.url, answer.document.url
        return Account(name=name, url=url, warnings=moved, ahead=self._wire.ahead)

    # --- in -------------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report new and reworded entries. The cursor says which ones the feed held when it was read last."""
        seen = _marks_in(cursor)
        while True:
            answer = await self._wire.read()
            seen = await self._report(answer.document, seen, intake)
            pause = max(self._config.poll_seconds, answer.fresh_for)
            await asyncio.sleep(pause * random.uniform(1, 1 + SPREAD))  # noqa: S311 -- nothing secret

    async def _report(self, document: Document, seen: set[bytes] | None, intake: Intake) -> set[bytes]:
        """What is new since; the marks of everything that stands there now."""
        items = document.items
        there = {_mark(item) for item in items}
        if seen is None:
            oldest = datetime.now(UTC) - timedelta(hours=self._config.first_hours)
            seen = {_mark(item) for item in items if item.created_at < oldest}
            if not items:
                return there
        elif there == seen:
            return seen
        known = {mark[:HALF] for mark in seen}
        new = [item for item in items if _mark(item) not in seen]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            seen = seen | {_mark(item) for item in batch}
            last = start + BATCH >= len(new)
            events = [self._event(item, document, fresh=_mark(item)[:HALF] in known) for item in batch]
            await intake.emit(*events, cursor=_cursor(there if last else seen))
        if not new:
            await intake.emit(cursor=_cursor(there))
        return there

    async def backfill(self, intake: Intake, since: datetime) -> None:
        """Report the entries since then that the feed still holds; see `bot.core.ports.Past`."""
        document = (await self._wire.read()).document
        items = [item for item in document.items if item.created_at >= since]
        for start in range(0, len(items), BATCH):
            await intake.emit(*(self._event(item, document) for item in items[start : start + BATCH]))

    def _event(self, item: Item, document: Document, *, fresh: bool = False) -> Event:
        """An entry as something to be answered, or as a headline."""
        if not self._config.press:
            return ItemArrived(item=item, fresh=fresh)
        title = document.titles.get(item.native_id) or one_line(item.text)
        return PressArrived(
            account=item.account,
            native_id=item.native_id,
            title=title[:TITLE],
            url=item.url,
            source=source_of(item.url, document.title),
            published_at=item.created_at,
        )

    async def conversation(self, item: Item) -> list[Item]:
        """A feed tells nothing of what stands below its entries."""
        return []

    async def current(self, item: Item) -> Item | Gone:
        """The entry as the feed has it now; one that the feed does not name any more stands as it stood."""
        answer = await self._wire.read()
        return next((one for one in answer.document.items if one.native_id == item.native_id), item)

    # --- out ------------------------------------------------------------------------------------------------------

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        """To a person, with the address of the entry."""
        return Rejected(reason=BY_HAND, manual_url=reply.target.url or self._config.url)

    async def find(self, reply: OutgoingReply) -> Posted | None:
        return None


def _mark(item: Item) -> bytes:
    """Which entry it is, and in which wording."""
    return b"".join(hashlib.blake2b(part.encode("utf-8", "replace"), digest_size=HALF).digest() for part in _key(item))


def _key(item: Item) -> tuple[str, str]:
    return item.native_id, item.version


def _cursor(marks: Iterable[bytes]) -> str:
    return PREFIX + base64.b64encode(b"".join(sorted(marks))).decode("ascii")


def _marks_in(cursor: str | None) -> set[bytes] | None:
    """The marks in a cursor; None where it means nothing."""
    if not cursor or not cursor.startswith(PREFIX):
        return None
    try:
        whole = base64.b64decode(cursor.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    size = 2 * HALF
    if len(whole) % size:
        return None
    return {whole[at : at + size] for at in range(0, len(whole), size)}
