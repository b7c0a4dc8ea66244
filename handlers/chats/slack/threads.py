"""Brings a ticket's thread in Slack up to date: edits what changed, posts what is new, each message once.

A message is announced in the drawer before it is posted and its `ts` is written there afterwards; whoever finds an
announcement without a `ts` (a crash, a lost answer) looks in Slack for the message's metadata before posting again.
That look costs one `conversations.history` or `conversations.replies` (50 a minute), and happens only then. It goes
through the minutes around the announcement, so that it is short in a busy room, and however long ago that was.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from bot.core.errors import CardGone, Permanent, PlaceGone, Transient
from bot.core.types import CardRef, Room
from bot.core.views import Card
from handlers.chats.slack.card import Posting, View, thread
from handlers.chats.slack.memory import Memory, Place, Thread
from handlers.chats.slack.wire import Wire
from handlers.postings import ROOT, in_order

T = TypeVar("T")
EVENT = "portavoz"
"""The type of our messages' metadata; ids only, because other apps of the workspace can read it."""
_BEFORE, _AFTER = 300.0, 600.0
"""Seconds around an announcement in which its message stands, if it does: clocks differ, and a call takes a while."""
_PAGES = 50
_PAGE = 200
_SAID = "said"
_LOOK = 0.05
_LOOKS = 40


class Threads:
    """The threads of one workspace."""

    def __init__(
        self,
        wire: Wire,
        memory: Memory,
        me: Callable[[], Mapping[str, str]],
        chat: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._wire = wire
        self._memory = memory
        self._me = me
        self._chat = chat
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._under_way: Counter[str] = Counter()
        self.names: dict[str, str] = {}
        self.desk = ""

    async def place(self, channel: str, ts: str) -> Place | None:
        """What a message is about. Somebody may react to it before Slack has told us its `ts`: then that is awaited."""
        for _ in range(_LOOKS):
            under_way = self._under_way[channel]
            place = await self._memory.place(channel, ts)
            if place is not None or not under_way:
                return place
            await asyncio.sleep(_LOOK)
        return None

    async def post(self, room: Room, card: Card) -> CardRef:
        """A new thread, with everything in it. Raises what `Wire.post` raises."""
        ticket = card.line.id
        async with self._lock(ticket), self._working(room.native_id):
            wanted = thread(card, self._view(room.locale))
            made = Thread(room=room.id, ticket=ticket, channel=_channel(room), ts="", locale=room.locale)
            made.ts = await self._sent(self._message(made, wanted[0]), partial(self._first, made))
            made.messages[ROOT] = (made.ts, wanted[0].digest)
            await self._memory.keep_thread(made)
            await self._bring(made, wanted)
            return CardRef(room=room.id, native=made.native)

    async def _first(self, made: Thread, **message: Any) -> str:
        """Post the card. When it is sent is written down before, and taken back where Slack did not take it."""
        mark = _tried(made.room, made.ticket)

        async def announce() -> None:
            await self._memory.set_mark(mark, repr(self._clock()))

        try:
            return await self._wire.post(made.channel, announce, **message)
        except (Transient, Permanent):
            await self._memory.set_mark(mark, "")
            raise

    async def find(self, room: Room, card: Card) -> CardRef | None:
        """Where the ticket's thread is, as far as the drawer or Slack knows. Raises Transient when nobody can tell."""
        ticket = card.line.id
        known = await self._memory.thread(room.id, ticket)
        if known is not None and known.ts:
            return CardRef(room=room.id, native=known.native)
        tried = await self._memory.mark(_tried(room.id, ticket))
        if not tried:
            return None
        channel = _channel(room)
        async for message in self._read("conversations.history", channel=channel, **_around(float(tried))):
            about = _payload(message)
            if self._ours(message) and about.get("ticket") == ticket and about.get("key") == ROOT:
                found = Thread(room=room.id, ticket=ticket, channel=channel, ts=message["ts"], locale=room.locale)
                await self._learn(found)
                return CardRef(room=room.id, native=found.native)
        return None

    async def update(self, ref: CardRef, card: Card) -> None:
        """Edit what is not as it should be, then post what is missing."""
        ticket = card.line.id
        async with self._lock(ticket), self._working(ref.native.partition(":")[0]):
            try:
                known = await self._memory.thread(ref.room, ticket)
                if known is None or known.native != ref.native:
                    channel, _, ts = ref.native.partition(":")
                    known = Thread(room=ref.room, ticket=ticket, channel=channel, ts=ts)
                    await self._learn(known)
                await self._bring(known, thread(card, self._view(known.locale)))
            except (CardGone, PlaceGone):
                await self._memory.forget_thread(ref.room, ticket, ref.native)
                raise

    async def _bring(self, made: Thread, wanted: list[Posting]) -> None:
        if made.posting:
            await self._learn(made)
        head, rest = wanted[0], wanted[1:]
        root = await self._rewrite(made, head)
        await in_order(rest, made.messages, edit=partial(self._edit, made), post=partial(self._post, made))
        await self._stands(made, head, root)

    async def _edit(self, made: Thread, posting: Posting) -> None:
        try:
            ts = await self._rewrite(made, posting)
        except CardGone:
            # Somebody took away this one message of the thread.
            del made.messages[posting.key]
            await self._post(made, posting)
        else:
            await self._stands(made, posting, ts)

    async def _rewrite(self, made: Thread, posting: Posting) -> str:
        """Edit a message where it reads differently; its `ts`."""
        ts, digest = made.messages[posting.key]
        if digest != posting.digest:
            await self._sent(self._message(made, posting), partial(self._wire.edit, made.channel, ts))
            made.messages[posting.key] = (ts, posting.digest)
        return ts

    async def _post(self, made: Thread, posting: Posting) -> None:
        made.posting = posting.key
        await self._memory.keep_thread(made)
        try:
            send = partial(self._wire.post, made.channel, thread_ts=made.ts)
            ts = await self._sent(self._message(made, posting), send)
        except (Transient, Permanent):
            made.posting = ""
            await self._memory.keep_thread(made)
            raise
        await self._stands(made, posting, ts)

    async def _sent(self, message: dict[str, Any], send: Callable[..., Awaitable[T]]) -> T:
        """Send a message; one whose pictures Slack cannot fetch goes without them, their links stand in it anyway.

        Whoever comments chooses the address: a picture that is not there must not keep the card away.
        """
        bare = [block for block in message["blocks"] if block["type"] != "image"]
        try:
            return await send(**message)
        except Permanent as error:
            if len(bare) == len(message["blocks"]) or not str(error).startswith("invalid_blocks"):
                raise
            return await send(**{**message, "blocks": bare})

    async def _stands(self, made: Thread, posting: Posting, ts: str) -> None:
        """Write down what is shown where: after Slack took it, so that nobody approves what they could not see."""
        made.messages[posting.key] = (ts, posting.digest)
        if made.posting == posting.key:
            made.posting = ""
        place = Place(made.room, posting.kind, made.ts, posting.shown, self._clock())
        await self._memory.keep_place(made.channel, ts, place)
        await self._memory.keep_thread(made)

    async def _learn(self, made: Thread) -> None:
        """Read from Slack which messages of the thread stand there; what they show is not known, so it is edited."""
        async for message in self._read("conversations.replies", channel=made.channel, ts=made.ts):
            about = _payload(message)
            key = about.get("key")
            if self._ours(message) and about.get("ticket") == made.ticket and isinstance(key, str):
                made.messages.setdefault(key, (message["ts"], ""))
        made.messages.setdefault(ROOT, (made.ts, ""))
        made.posting = ""
        await self._memory.keep_thread(made)

    async def say_once(self, channel: str, ts: str | None, key: str, message: Mapping[str, Any]) -> str:
        """Say something in a room or a thread; under the same key it is said once, whatever crashes. Its `ts`."""
        mark = f"said:{key}"
        before = await self._memory.mark(mark) if key else None
        if before is not None and before.startswith(_SAID):
            return before.removeprefix(_SAID)
        if before is not None and (found := await self._said(channel, ts, key, float(before))) is not None:
            await self._memory.set_mark(mark, f"{_SAID}{found}")
            return found

        async def announce() -> None:
            if key:
                await self._memory.set_mark(mark, repr(self._clock()))

        metadata = {"event_type": EVENT, "event_payload": {"chat": self._chat, "said": key}}
        made = await self._wire.post(channel, announce, thread_ts=ts, metadata=metadata, **message)
        if key:
            await self._memory.set_mark(mark, f"{_SAID}{made}")
        return made

    async def _said(self, channel: str, ts: str | None, key: str, tried: float) -> str | None:
        """The `ts` of an earlier attempt, if it arrived."""
        method, where = ("conversations.replies", {"ts": ts}) if ts else ("conversations.history", {})
        async for message in self._read(method, channel=channel, **where, **_around(tried)):
            if self._ours(message) and _payload(message).get("said") == key:
                return str(message.get("ts") or "")
        return None

    async def shows_file(self, channel: str, ts: str | None, file: str, tried: float) -> bool:
        """Whether a file that was shared around that moment stands there."""
        method, where = ("conversations.replies", {"ts": ts}) if ts else ("conversations.history", {})
        async for message in self._read(method, channel=channel, **where, **_around(tried)):
            if any(one.get("id") == file for one in message.get("files") or ()):
                return True
        return False

    async def _read(self, method: str, **where: Any) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        for _ in range(_PAGES):
            try:
                page = await self._wire.call(
                    method, limit=_PAGE, include_all_metadata=True, cursor=cursor or None, **where
                )
            except CardGone:
                return
            for message in page.get("messages") or []:
                yield message
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return
        # To give up as if it did not stand there would be to post it twice.
        raise Permanent(f"{_PAGES * _PAGE} messages were looked through, and there are more")

    def _ours(self, message: Mapping[str, Any]) -> bool:
        """Other apps may write metadata like ours; only what we posted counts."""
        me = self._me()
        mine = {value for value in (me.get("user_id"), me.get("bot_id")) if value}
        return bool(mine & {message.get("user"), message.get("bot_id")}) and _payload(message).get("chat") == self._chat

    def _message(self, made: Thread, posting: Posting) -> dict[str, Any]:
        payload = {"chat": self._chat, "ticket": made.ticket, "room": made.room, "key": posting.key}
        metadata = {"event_type": EVENT, "event_payload": payload}
        return {"text": posting.text, "blocks": list(posting.blocks), "metadata": metadata}

    @contextlib.asynccontextmanager
    async def _working(self, channel: str) -> AsyncIterator[None]:
        self._under_way[channel] += 1
        try:
            yield
        finally:
            self._under_way[channel] -= 1

    def _lock(self, ticket: str) -> asyncio.Lock:
        """One change of a thread at a time."""
        lock = self._locks.get(ticket) or asyncio.Lock()
        self._locks[ticket] = lock
        return lock

    def _view(self, locale: str) -> View:
        return View(locale=locale, names=self.names, desk=self.desk)


def _payload(message: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT:
        return {}
    payload = metadata.get("event_payload")
    return payload if isinstance(payload, dict) else {}


def _tried(room: str, ticket: str) -> str:
    """The mark that says when a card was sent last: a time, or nothing where Slack certainly did not take it."""
    return f"tried:{room}:{ticket}"


def _around(tried: float) -> dict[str, str]:
    """The span of time in which a message that was sent then stands."""
    return {"oldest": f"{tried - _BEFORE:.6f}", "latest": f"{tried + _AFTER:.6f}"}


def _channel(room: Room) -> str:
    if not room.native_id:
        raise Permanent(f"the room {room.id} has no native_id: the channel's id, like C0123456789")
    return room.native_id
