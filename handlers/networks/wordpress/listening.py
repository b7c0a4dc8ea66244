"""Hearing what happens: the newest comments are read again and again and compared with what was seen.

Ids grow, but a comment that moderators let through late, or that was written at the same moment as another, may show
up below the newest one. So what counts as new is what was not seen, not what is younger than the last one.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.core.messages import Event, ItemArrived, ItemReleased, ItemRemoved, ReplyConfirmed, ReplyRefused
from bot.core.ports import Intake
from bot.core.types import Item
from handlers.networks.wordpress.house import PAGE, House
from handlers.networks.wordpress.reading import HELD, LIVE, Comment
from handlers.networks.wordpress.watch import SIZE, Mark, State
from handlers.networks.wordpress.wire import NotThere

ONE_BY_ONE = 5
"""Requests in one round about single comments."""
HELD_BACK = "the site's moderators took it back into their queue"
TURNED_DOWN = "The site's moderators did not let the reply through."


@dataclass(frozen=True, slots=True)
class Position:
    """How far we have read one user's site: what was there before the first start, and the newest id."""

    me: int
    site: str
    floor: int = 0
    high: int = 0

    def __str__(self) -> str:
        return f"{self.me}:{self.site}:{self.floor}:{self.high}"

    @classmethod
    def read(cls, cursor: str | None, me: int, site: str) -> Position | None:
        """The position in a cursor; None where it means nothing or is another site's."""
        parts = (cursor or "").split(":")
        usable = len(parts) == 4 and parts[:2] == [str(me), site]
        if not usable or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts[2:]):
            return None
        return cls(me, site, int(parts[2]), int(parts[3]))


def mark_of(base_url: str) -> str:
    """Which site it is, short; the same by http and https."""
    return hashlib.blake2b(base_url.partition("://")[2].encode(), digest_size=4).hexdigest()


class Listener:
    """One listening, from a cursor on."""

    def __init__(self, house: House, intake: Intake) -> None:
        self._house = house
        self._config = house.config
        self._watch = house.watch
        self._intake = intake
        self._site = mark_of(house.config.base_url)
        self._swept = time.monotonic()
        self._turn = 2
        self._first: int | None = 0
        self._lowest: int | None = 0
        self._asked = 0

    async def run(self, cursor: str | None) -> None:
        """Report what happens until cancelled. Raises AdapterError, and what the intake raises."""
        me = await self._house.me()
        await self._watch.load()
        at = Position.read(cursor, me.id, self._site)
        if at is None:
            at = await self._before(datetime.now(UTC) - timedelta(hours=self._config.first_hours))
            await self._watch.begin_anew()
            await self._intake.emit(cursor=str(at))
        while True:
            at = await self._catch_up(at)
            await self._hear_moderators()
            if time.monotonic() - self._swept >= self._config.recheck_seconds:
                at = await self._sweep(at)
            await asyncio.sleep(min(self._config.poll_seconds, self._config.recheck_seconds))

    async def read_back(self, since: datetime) -> None:
        """Report what was written since a moment, once. Raises AdapterError, and what the intake raises."""
        await self._watch.load()
        at = await self._before(since)
        for some in _pieces(await self._newer(at.high, None), PAGE):
            found = await self._house.comments(include=_list(some))
            items = await self._house.items(one for one in found if self._stands(one, at.me))
            await self._intake.emit(*(ItemArrived(item=item) for item in items))

    # --- where to begin -------------------------------------------------------------------------------------------

    async def _before(self, since: datetime) -> Position:
        """After the newest comment that is older than a moment."""
        me, page, more = await self._house.me(), 0, True
        while more:
            page += 1
            found, more = await self._house.newest(page)
            old = [one.id for one in found if one.created_at < since]
            if old:
                return Position(me.id, self._site, max(old), max(old))
        return Position(me.id, self._site)

    async def _newer(self, above: int, below: int | None) -> list[int]:
        """The ids in `above < id < below`, oldest first. Only numbers are held, however many wait."""
        found: set[int] = set()
        page, more = 0, True
        while more:
            page += 1
            ids, more = await self._house.numbers(page)
            found |= {key for key in ids if above < key and (below is None or key < below)}
            more = more and min(ids, default=above + 1) > above
        return sorted(found)

    # --- what is new ------------------------------------------------------------------------------------------------

    async def _catch_up(self, at: Position) -> Position:
        """Read the newest page, and before it what does not fit into it."""
        newest, more = await self._house.newest(1)
        first = newest[0].id if newest else None
        if more and (first is None or first > at.high + 1):
            for some in _pieces(await self._newer(at.high, first), PAGE):
                at = await self._compare(await self._house.comments(include=_list(some)), at)
        self._first = first if more else 0
        return await self._compare(newest, at, above=None if self._first is None else self._first - 1)

    async def _sweep(self, at: Position) -> Position:
        """Read a further page of the last days; once all were read, begin anew."""
        self._swept = time.monotonic()
        if self._turn == 2:
            self._lowest = self._first
        if not self._lowest:
            return at
        found, more = await self._house.newest(self._turn)
        below, self._lowest = self._lowest, (found[0].id if found and more else 0)
        more = bool(self._lowest) and self._turn < SIZE // PAGE and found[0].created_at >= self._watch.since
        self._turn = self._turn + 1 if more else 2
        return await self._compare(found, at, above=self._lowest - 1, below=below)

    async def _compare(
        self, found: Sequence[Comment], at: Position, *, above: int | None = None, below: int | None = None
    ) -> Position:
        """Report what is new, changed or away; with `above`, `found` is all that stands in `above < id < below`."""
        found = [one for one in found if one.status in {LIVE, HELD}]
        fresh = [one for one in found if self._is_new(one, at)]
        changed = [one for one in found if self._has_changed(one)]
        if fresh or changed:
            at = await self._report(sorted([*fresh, *changed], key=lambda one: one.id), at)
        if above is not None:
            here = {one.id for one in found}
            missing = [key for key in self._watch.between(above, below) if key not in here]
            await self._look_for(missing[:ONE_BY_ONE], at)
        return at

    def _is_new(self, comment: Comment, at: Position) -> bool:
        if self._watch.get(comment.id) is not None or not self._stands(comment, at.me):
            return False
        late = comment.id > at.floor and comment.created_at >= self._watch.since
        return comment.id > at.high or late

    def _has_changed(self, comment: Comment) -> bool:
        mark = self._watch.get(comment.id)
        return mark is not None and (
            mark.version != comment.version or (mark.state == "live") != (comment.status == LIVE)
        )

    @staticmethod
    def _stands(comment: Comment, me: int) -> bool:
        """Whether it can be told: what we wrote ourselves only once everybody can read it."""
        return comment.status == LIVE or (comment.status == HELD and comment.author != me)

    async def _report(self, found: Sequence[Comment], at: Position) -> Position:
        """Tell about comments that are new or changed, and remember that we did."""
        items = await self._house.items(found)
        events: list[Event] = []
        marks: dict[int, Mark] = {}
        for comment, item in zip(found, items, strict=True):
            mark = self._watch.get(comment.id)
            told, state = self._told(comment, item, mark)
            events += told
            edited = item.edited_at.timestamp() if item.edited_at else None
            marks[comment.id] = Mark(item.version, item.created_at.timestamp(), item.thread_key, state, edited)
        at = replace(at, high=max(at.high, *marks)) if marks else at
        if events:
            await self._intake.emit(*events, cursor=str(at))
        await self._watch.note(marks)
        return at

    def _told(self, comment: Comment, item: Item, mark: Mark | None) -> tuple[list[Event], State]:
        """What to say about a comment that was just read, and in which state it is known from now on."""
        account, native = item.account, item.native_id
        live = comment.status == LIVE
        arrived = ItemArrived(item=item, fresh=True)
        if mark is None:
            return [arrived], "live" if live else "held"
        edited = mark.version != item.version
        if mark.state == "gone":
            return ([arrived], "live") if live else ([], "gone")
        if mark.state == "live" and not live:
            return [ItemRemoved(account=account, native_id=native, reason=HELD_BACK)], "gone"
        released = live and mark.state == "held"
        events: list[Event] = [arrived] if edited else []
        return [*events, *([ItemReleased(account=account, native_id=native)] if released else [])], (
            "live" if live else "held"
        )

    async def _look_for(self, missing: Sequence[int], at: Position) -> None:
        """Comments that were not where they stood: tell about those that are away."""
        gone = [key for key in missing if not await self._is_there(key)]
        if gone:
            events = [ItemRemoved(account=self._config.id, native_id=str(key)) for key in gone]
            await self._intake.emit(*events, cursor=str(at))
        if missing:
            # What is there and not listed is known no more, else it would be asked for again and again.
            await self._watch.note({}, missing)

    async def _is_there(self, key: int) -> bool:
        try:
            found = await self._house.comment(key)
        except NotThere:
            return False
        return found.status == LIVE or (found.status == HELD and (await self._house.me()).moderates)

    # --- our replies that wait for moderators -------------------------------------------------------------------------

    async def _hear_moderators(self) -> None:
        """Ask what became of some of them."""
        events: list[Event] = []
        account, done = self._config.id, []
        waiting = list((await self._watch.pending()).items())
        self._asked = (self._asked + ONE_BY_ONE) % max(1, len(waiting))
        for key, url in [*waiting[self._asked :], *waiting[: self._asked]][:ONE_BY_ONE]:
            try:
                found = await self._house.comment(key)
            except NotThere:
                found = None
            if found is not None and found.status == HELD:
                continue
            done.append(key)
            if found is not None and found.status == LIVE:
                events.append(ReplyConfirmed(account=account, native_id=str(key), url=found.url or url))
            else:
                events.append(ReplyRefused(account=account, native_id=str(key), reason=TURNED_DOWN))
        if events:
            await self._intake.emit(*events)
            await self._watch.decided(done)


def _list(ids: Sequence[int]) -> str:
    return ",".join(map(str, ids))


def _pieces(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
