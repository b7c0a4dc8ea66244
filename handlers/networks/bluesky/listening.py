"""Hearing what happens: notifications and our own posts are read down to where we were, then reported in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

from bot.core.errors import Transient
from bot.core.messages import Event, ItemArrived, ItemRemoved
from bot.core.ports import Intake
from handlers.networks.bluesky.house import AT_ONCE, Blocked, House
from handlers.networks.bluesky.payload import Json, Unreadable, at, moment, objects, raw
from handlers.networks.bluesky.position import Entry, Position
from handlers.networks.bluesky.reading import address, written
from handlers.networks.bluesky.wire import Declined, NotThere, Params
from handlers.watch import Watch

REASONS = ("reply", "mention", "quote")
PAGE = "100"
PAGES = 500
"""The most pages that are read in one go: fifty thousand posts, or a server that does not know the end."""
CONFIRMED = 5
"""How many that seem to be gone are asked for one by one in a round."""
Entries = AsyncIterator[Entry]


class Listener:
    """One listening, from a cursor on."""

    def __init__(self, house: House, watch: Watch, intake: Intake) -> None:
        self._house = house
        self._config = house.config
        self._watch = watch
        self._intake = intake
        self._rechecked = time.monotonic()

    async def run(self, cursor: str | None) -> None:
        """Report what happens until cancelled. Raises AdapterError, and what the intake raises."""
        me = (await self._house.me()).did
        await self._watch.load()
        position = Position.read(cursor, me) or await self._beginning(me)
        while True:
            position = await self._catch_up(position)
            if time.monotonic() - self._rechecked >= self._config.recheck_seconds:
                await self._recheck(position)
                self._rechecked = time.monotonic()
            await asyncio.sleep(min(self._config.poll_seconds, self._config.recheck_seconds))

    async def read_back(self, since: datetime) -> None:
        """Report what came since a moment, once. Raises AdapterError, and what the intake raises."""
        me = (await self._house.me()).did
        await self._watch.load()
        await self._catch_up(Position(me, _milliseconds(since)))

    async def _beginning(self, me: str) -> Position:
        """Where to begin at the very first start."""
        since = datetime.now(UTC) - timedelta(hours=self._config.first_hours)
        position = Position(me, _milliseconds(since))
        await self._intake.emit(cursor=str(position))
        return position

    # --- what is new ------------------------------------------------------------------------------------------

    async def _catch_up(self, position: Position) -> Position:
        """Read and report all that came since, the oldest first, in as many commits as there are requests for it."""
        notified = [one async for one in self._notified(position.since)]
        own = [one async for one in self._own(position)]
        listed = list({one.uri: one for one in reversed(notified + own)}.values())
        for batch in _batches(position.waiting(listed)):
            seen = await self._house.posts([one.uri for one in batch])
            read = [await self._house.item(seen[one.uri]) for one in batch if one.uri in seen]
            items = [one for one in read if one is not None]
            # Before they are reported: what is reported and not watched would never be looked at again.
            await self._watch.note(items)
            position = position.past(listed, batch)
            await self._intake.emit(*(ItemArrived(item=item) for item in items), cursor=str(position))
        return position

    def _notified(self, since: int) -> Entries:
        """What calls upon us. `isRead` is no guide: whoever opens the app on a telephone changes it."""

        def entry(one: Json) -> Entry | None:
            seen = moment(one, "indexedAt")
            return Entry(address(one)[1], _milliseconds(seen)) if seen and one.get("reason") in REASONS else None

        reasons = [("reasons", reason) for reason in REASONS]
        params = [*reasons, ("priority", "false"), ("limit", PAGE)]
        return self._pages("app.bsky.notification.listNotifications", params, "notifications", entry, since)

    async def _own(self, position: Position) -> Entries:
        """Replies of our own, whoever wrote them."""

        def entry(one: Json) -> Entry | None:
            post = at(one, "post")
            if one.get("reason") is not None or not at(post, "record", "reply"):
                return None
            did, uri = address(post)
            return Entry(uri, _milliseconds(written(post))) if did == position.me else None

        params = [("actor", position.me), ("filter", "posts_with_replies"), ("limit", PAGE)]
        try:
            async for found in self._pages("app.bsky.feed.getAuthorFeed", params, "feed", entry, position.since):
                yield found
        except Declined as refusal:
            # The network hears of a new account a little later than the server that holds it.
            raise Transient(f"The network does not show the account yet: {refusal.reason}") from refusal

    async def _pages(
        self, method: str, params: Params, key: str, entry: Callable[[Json], Entry | None], since: int
    ) -> Entries:
        """The entries of a list, newest first, down to a moment."""
        further: list[tuple[str, str]] = []
        for _ in range(PAGES):
            answer = await self._house.wire.get(method, *params, *further)
            for one in objects(answer, key):
                try:
                    found = entry(one)
                except Unreadable:
                    continue
                if found is not None and found.at < since:
                    return
                if found is not None:
                    yield found
            cursor = raw(at(answer), "cursor")
            if not cursor or further == [("cursor", cursor)]:
                return
            further = [("cursor", cursor)]

    # --- what changed -----------------------------------------------------------------------------------------

    async def _recheck(self, position: Position) -> None:
        """Read some of the newest again; what is gone, or is another record now, is reported."""
        uris = self._watch.turn(AT_ONCE)
        if not uris:
            return
        there = await self._house.posts(uris)
        events: list[Event] = []
        for uri, view in there.items():
            item, mark = await self._house.item(view), self._watch.get(uri)
            if item is not None and mark is not None and item.version != mark.version:
                events.append(ItemArrived(item=item))
        events += await self._removed([uri for uri in uris if uri not in there][:CONFIRMED])
        if events:
            await self._intake.emit(*events, cursor=str(position))
            await self._watch.note(event.item for event in events if isinstance(event, ItemArrived))
            await self._watch.forget(event.native_id for event in events if isinstance(event, ItemRemoved))

    async def _removed(self, uris: list[str]) -> list[Event]:
        asked = [(uri, await self._gone(uri)) for uri in uris]
        return [ItemRemoved(account=self._config.id, native_id=uri, reason=why) for uri, why in asked if why]

    async def _gone(self, uri: str) -> str | None:
        """Why a post cannot be seen; None where it can."""
        try:
            await self._house.thread(uri)
        except Blocked:
            return "blocked"
        except NotThere:
            return "removed"
        return None


def _batches(waiting: list[Entry]) -> list[list[Entry]]:
    return [waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE)]


def _milliseconds(moment: datetime) -> int:
    return max(0, int(moment.timestamp() * 1000))
