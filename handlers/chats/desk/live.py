"""News for open pages: server-sent events, one queue for each page.

A page that connects, again or for the first time, is told `hello` and fetches what it shows anew, so no notice that
it missed can leave it stale. Only what was said is replayed, because it stands nowhere else on the page.

A browser connects to one host six times at most, so a person has a few pages' worth of streams and no more.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

from sse_starlette.event import ServerSentEvent

_WAITING = 100
"""Notices a slow page may owe us; beyond, they are dropped and it starts over with `hello`."""
_REPLAYED = 50
_RETRY = 1500
"""Milliseconds that a browser waits before it connects again."""
PER_PERSON, IN_ALL = 12, 500
"""Streams open at once; a page that gets none asks for news every now and then instead."""


Data = Mapping[str, object] | Callable[[str], Mapping[str, object]]
"""What a notice says: the same to everybody, or made for the locale of each reader."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that pages should know. `person` None means everybody."""

    number: int
    event: str
    data: Data
    person: str | None = None

    def as_event(self, boot: str, locale: str) -> ServerSentEvent:
        """The wire form; the id names the process too, because numbers start over with it."""
        data = self.data(locale) if callable(self.data) else self.data
        return ServerSentEvent(event=self.event, id=f"{boot}-{self.number}", data=json.dumps(data, ensure_ascii=True))


@dataclass(eq=False, slots=True)
class Subscription:
    """An open page of a person."""

    person: str
    locale: str
    queue: asyncio.Queue[Notice | None] = field(default_factory=lambda: asyncio.Queue(_WAITING))


class Hub:
    """Hands notices to the pages that are open now."""

    def __init__(self) -> None:
        self._boot = secrets.token_hex(4)
        self._number = 0
        self._open: set[Subscription] = set()
        self._said: deque[Notice] = deque(maxlen=_REPLAYED)
        self._closed = False

    def publish(self, event: str, data: Data, *, person: str | None = None) -> None:
        """Put a notice into the queues; never waits."""
        self._number += 1
        notice = Notice(self._number, event, data, person)
        if event in {"say", "tell"}:
            self._said.append(notice)
        for subscription in self._open:
            if person in (None, subscription.person):
                self._offer(subscription, notice)

    def full(self, person: str) -> bool:
        """Whether there is no room for one more stream of this person."""
        theirs = sum(subscription.person == person for subscription in self._open)
        return theirs >= PER_PERSON or len(self._open) >= IN_ALL

    def position(self) -> str:
        """Where the news stand now: a page that is made now has missed nothing up to here."""
        return f"{self._boot}-{self._number}"

    async def stream(
        self, person: str, last_id: str | None = None, *, locale: str = "en", life: float = 600.0
    ) -> AsyncGenerator[ServerSentEvent, None]:
        """What one page gets, in its person's language: `hello`, what was said since `last_id`, then news.

        It lasts `life` seconds at most.

        The page then connects again, which is when its session is looked at again.
        """
        subscription = Subscription(person, locale)
        self._open.add(subscription)
        try:
            async with aclosing(self._events(subscription, last_id, life)) as events:
                async for event in events:
                    yield event
        finally:
            self._open.discard(subscription)

    def close(self) -> None:
        """End every stream, now and from now on."""
        self._closed = True
        for subscription in self._open:
            _empty(subscription.queue)
            subscription.queue.put_nowait(None)

    async def _events(
        self, subscription: Subscription, last_id: str | None, life: float
    ) -> AsyncGenerator[ServerSentEvent, None]:
        yield self._hello()
        for notice in self._missed(last_id, subscription.person):
            yield notice.as_event(self._boot, subscription.locale)
        end = asyncio.get_running_loop().time() + life
        while not self._closed:
            left = end - asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(max(left, 0)):
                    notice_or_end = await subscription.queue.get()
            except TimeoutError:
                return
            if notice_or_end is None:
                return
            yield notice_or_end.as_event(self._boot, subscription.locale)

    def _missed(self, last_id: str | None, person: str) -> list[Notice]:
        boot, _, number = (last_id or "").partition("-")
        if boot != self._boot or not number.isdecimal():
            return []
        theirs = [notice for notice in self._said if notice.person in (None, person)]
        return [notice for notice in theirs if notice.number > int(number[:18])]

    def _hello(self) -> ServerSentEvent:
        greeting = Notice(self._number, "hello", {}).as_event(self._boot, "en")
        greeting.retry = _RETRY
        return greeting

    def _offer(self, subscription: Subscription, notice: Notice) -> None:
        if subscription.queue.full():
            _empty(subscription.queue)
            notice = Notice(notice.number, "hello", {})
        subscription.queue.put_nowait(notice)


def _empty(queue: asyncio.Queue[Notice | None]) -> None:
    while not queue.empty():
        queue.get_nowait()
