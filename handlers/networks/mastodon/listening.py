"""Hearing what happens: the stream rings, then what came since the cursor is read, in order.

The stream is a bell alone: what it says is read again from the lists, so that nothing is missing after a break and
the cursor has one meaning. Without it the instance is asked every `poll_seconds`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import logs
from bot.core.errors import AdapterError
from bot.core.messages import Event, ItemArrived, ItemRemoved
from bot.core.ports import Intake
from bot.core.types import Item
from handlers.networks.mastodon.house import House, status_path
from handlers.networks.mastodon.reading import Json, id_of, moment, objects, optional_id, order
from handlers.networks.mastodon.wire import NotThere, Params
from handlers.watch import Watch

NOTIFICATIONS = "/api/v1/notifications"
TYPES = (("types[]", "mention"), ("types[]", "quote"))
PAGE = 80  # the most that an instance gives; some give less
OWN_PAGE = 40
RECHECKED = 20  # statuses in one request
DOUBT = 4  # rechecks between the two looks after which something counts as gone that the stream did not name
ONE_BY_ONE = 5  # the same for an instance that is older than Mastodon 4.3
ROUNDS, WITHIN = 20, 60.0  # an instance takes 300 requests in five minutes, publishing included
log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Position:
    """How far we have read: the newest notification and the newest status of our own, of one account."""

    me: str
    notification: str = "0"
    own: str = "0"

    def __str__(self) -> str:
        return f"{self.me}:{self.notification}:{self.own}"

    @classmethod
    def read(cls, cursor: str | None, me: str) -> Position | None:
        """The position in a cursor; None where it means nothing or is another account's."""
        parts = (cursor or "").split(":")
        usable = len(parts) == 3 and parts[0] == me and all(part.isascii() and part.isalnum() for part in parts)
        return cls(*parts) if usable else None


class Listener:
    """One listening, from a cursor on."""

    def __init__(self, house: House, watch: Watch, intake: Intake) -> None:
        self._house = house
        self._config = house.config
        self._watch = watch
        self._intake = intake
        self._bell = asyncio.Event()
        self._touched: dict[str, None] = {}
        self._rounds: deque[float] = deque(maxlen=ROUNDS)
        self._rechecked = time.monotonic()
        self._missing: dict[str, float] = {}

    async def run(self, cursor: str | None) -> None:
        """Report what happens until cancelled. Raises AdapterError, and what the intake raises."""
        me = await self._house.me()
        await self._watch.load()
        at = Position.read(cursor, me.id) or await self._beginning(me.id)
        stream: asyncio.Task[None] | None = None
        try:
            while True:
                if self._config.stream and (stream is None or stream.done()):
                    stream = asyncio.create_task(self._listen_for_the_bell(), name=f"stream {self._config.id}")
                self._bell.clear()
                at = await self._catch_up(at)
                await self._recheck(at)
                await self._rest()
        finally:
            if stream is not None:
                stream.cancel()
                await asyncio.gather(stream, return_exceptions=True)

    async def read_back(self, since: datetime) -> None:
        """Report what came since a moment, once. Raises AdapterError, and what the intake raises."""
        me = await self._house.me()
        await self._watch.load()
        await self._catch_up(await self._before(me.id, since))

    async def _rest(self) -> None:
        """Wait for the bell or for the next round; a busy account is read in larger bites, not more often."""
        self._rounds.append(time.monotonic())
        crowded = len(self._rounds) == ROUNDS and self._rounds[0] + WITHIN - time.monotonic()
        if crowded and crowded > 0:
            await asyncio.sleep(crowded)
        if not self._touched:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(self._config.poll_seconds, self._config.recheck_seconds)):
                    await self._bell.wait()

    # --- the bell ---------------------------------------------------------------------------------------------

    async def _listen_for_the_bell(self) -> None:
        """Ring for whatever concerns us. A stream that breaks is opened again in the next round."""
        me = await self._house.me()
        try:
            async for event in self._house.wire.events(self._house.stream_origin):
                if event is None or self._concerns_us(event.event, event.data, me.id):
                    self._bell.set()
        except AdapterError as error:
            log.info("mastodon.no_stream", account=self._config.id, problem=str(error))

    def _concerns_us(self, kind: str, data: str, me: str) -> bool:
        """Whether there is something new to read; what was edited or removed is noted for a second look."""
        if kind == "notification":
            return True
        if kind == "delete":
            return self._touch(data.strip())
        if kind not in {"update", "status.update"}:
            return False
        try:
            status = json.loads(data)
        except (ValueError, RecursionError):
            return True
        payload: Json = status if isinstance(status, dict) else {}
        by = payload.get("account")
        ours = isinstance(by, dict) and optional_id(by, "id") == me
        return self._touch(optional_id(payload, "id") or "") if kind == "status.update" else ours

    def _touch(self, native: str) -> bool:
        if native in self._watch:
            self._touched[native] = None
            return True
        return False

    # --- what is new ------------------------------------------------------------------------------------------

    async def _beginning(self, me: str) -> Position:
        """Where to begin at the very first start: after the last thing that is too old."""
        at = await self._before(me, datetime.now(UTC) - timedelta(hours=self._config.first_hours))
        await self._intake.emit(cursor=str(at))
        return at

    async def _before(self, me: str, since: datetime) -> Position:
        path = f"/api/v1/accounts/{me}/statuses"
        own = await self._last_before(path, (("exclude_reblogs", "true"),), OWN_PAGE, since)
        return Position(me, await self._last_before(NOTIFICATIONS, TYPES, PAGE, since), own)

    async def _last_before(self, path: str, params: Params, limit: int, since: datetime) -> str:
        """The newest id of a list, newest first, that was made before a moment; `0` where there is none."""
        before: list[tuple[str, str]] = []
        while True:
            answer = await self._house.wire.get(path, [*params, ("limit", str(limit)), *before])
            page = [one for one in objects(answer) if optional_id(one, "id")]
            for one in page:
                made = moment(one, "created_at")
                if made is not None and made < since:
                    return id_of(one)
            lowest = min((id_of(one) for one in page), key=order, default=None)
            if lowest is None or (before and order(lowest) >= order(before[0][1])):
                return "0"
            before = [("max_id", lowest)]

    async def _catch_up(self, at: Position) -> Position:
        """Read and report all that came since, page by page: first what others wrote, then what we did."""
        while page := await self._page(NOTIFICATIONS, TYPES, PAGE, at.notification):
            at = replace(at, notification=id_of(page[-1]))
            await self._report([one.get("status") for one in page], at)
        path, params = f"/api/v1/accounts/{at.me}/statuses", (("exclude_reblogs", "true"),)
        while page := await self._page(path, params, OWN_PAGE, at.own):
            at = replace(at, own=id_of(page[-1]))
            await self._report([one for one in page if optional_id(one, "in_reply_to_id")], at)
        return at

    async def _page(self, path: str, params: Params, limit: int, after: str) -> list[Json]:
        """The next ones after an id, oldest first."""
        answer = await self._house.wire.get(path, [*params, ("limit", str(limit)), ("min_id", after)])
        newer = {
            native: one
            for one in objects(answer)
            if (native := optional_id(one, "id")) and order(native) > order(after)
        }
        return [newer[native] for native in sorted(newer, key=order)]

    async def _report(self, statuses: list[Any], at: Position) -> None:
        items: dict[str, Item] = {}
        for status in statuses:
            item = await self._house.item(status) if status is not None else None
            if item is not None:
                items[item.native_id] = item
        if items:
            # Before they are reported: what is reported and not watched would never be looked at again.
            await self._watch.note(items.values())
        await self._intake.emit(*(ItemArrived(item=item) for item in items.values()), cursor=str(at))

    # --- what changed -----------------------------------------------------------------------------------------

    async def _recheck(self, at: Position) -> None:
        """Read some of the newest again; edits and removals are reported."""
        due = time.monotonic() - self._rechecked >= self._config.recheck_seconds
        ids = list(self._touched)[:RECHECKED]
        if due:
            ids = [*ids, *self._still_missing()][:RECHECKED]
            ids = list(dict.fromkeys([*ids, *self._watch.turn(RECHECKED - len(ids))]))
            self._rechecked = time.monotonic()
        if not ids:
            return
        there = await self._standing(ids)
        events: list[Event] = []
        for native, status in there.items():
            mark = self._watch.get(native)
            item = await self._house.item(status, mark.thread if mark else None) if status is not None else None
            if status is None and not self._is_gone(native):
                continue
            if status is None:
                events.append(ItemRemoved(account=self._config.id, native_id=native))
            elif item is not None and mark is not None and item.version != mark.version:
                events.append(ItemArrived(item=item))
        if events:
            await self._intake.emit(*events, cursor=str(at))
            await self._watch.note(event.item for event in events if isinstance(event, ItemArrived))
            await self._watch.forget(event.native_id for event in events if isinstance(event, ItemRemoved))
        for native in ids:
            self._touched.pop(native, None)
            if there.get(native) is not None:
                self._missing.pop(native, None)

    def _is_gone(self, native: str) -> bool:
        """Whether the instance said so itself, or was asked twice with a while between."""
        since = self._missing.setdefault(native, time.monotonic())
        return native in self._touched or time.monotonic() - since >= self._doubt

    def _still_missing(self) -> list[str]:
        """What has to be looked at once more."""
        now = time.monotonic()
        self._missing = {native: since for native, since in self._missing.items() if native in self._watch}
        return [native for native, since in self._missing.items() if now - since >= self._doubt]

    @property
    def _doubt(self) -> float:
        return DOUBT * self._config.recheck_seconds

    async def _standing(self, ids: list[str]) -> dict[str, Json | None]:
        """These statuses as they stand; None for what is gone. Some may be left for the next round."""
        try:
            answer = await self._house.wire.get("/api/v1/statuses", [("id[]", native) for native in ids])
        except NotThere:  # before Mastodon 4.3
            answer, ids = [], ids[:ONE_BY_ONE]
        found: dict[str, Json | None] = {
            native: one for one in objects(answer) if (native := optional_id(one, "id")) in ids
        }
        for native in [native for native in ids if native not in found][:ONE_BY_ONE]:
            try:
                found[native] = await self._house.wire.get(status_path(native))
            except NotThere:
                found[native] = None
        return found
