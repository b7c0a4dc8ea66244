"""The wall as a network: its comments become items, and approved replies go up below them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import ClassVar, TypeVar

from starlette.routing import BaseRoute

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.messages import Event, ItemArrived, ItemRemoved, ReplyConfirmed, ReplyRefused
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
)
from handlers.networks.wall.brand import GONE, NO_ROOM, REFUSED, Declined, Door
from handlers.networks.wall.config import Config
from handlers.networks.wall.faults import Faults
from handlers.networks.wall.rows import Change, Comment, Reply
from handlers.networks.wall.sample import FACT, Play, Player
from handlers.networks.wall.service import Wall

BATCH = 500  # events in one emit, at most
POLL_SECONDS = 1.0  # another process may write to the file; nothing wakes us then
CLOCK_SKEW = timedelta(minutes=2)  # how far the engine's clock may be ahead of the wall's

T = TypeVar("T")


class WallNetwork:
    """Implements `bot.core.ports.Network` over a wall in the same process.

    A visitor is known by his cookie (`Author.id` is a hash of it); a typed name is no identity. `thread_key` is the
    comment that began the thread, `version` counts the author's edits. The key of a reply is stored with it under
    a uniqueness constraint, for ever.
    """

    # Its comments stand in a file of the data folder: processes with another folder would have another wall.
    at_home: ClassVar[bool] = True

    def __init__(
        self, config: Config, *, wall: Wall, faults: Faults, base_url: str, routes: Sequence[BaseRoute]
    ) -> None:
        self.id = config.id
        self.wall = wall
        self.faults = faults
        self._config = config
        self._base = (config.base_url or base_url).rstrip("/")
        self._door = Door(wall, faults if config.faults else None, config.max_length)
        self._routes = list(routes)
        self._player = Player(wall) if config.sample else None

    def routes(self) -> list[BaseRoute]:
        """The pages and the JSON interface, with full paths: to be mounted at the root."""
        return list(self._routes)

    async def aclose(self) -> None:
        """Finish what is being written and close the file."""
        await self.wall.close()

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ingest=frozenset({"stream"}),
            can_reply=True,
            idempotency=self._config.idempotency,
            async_publication=self._config.faults,
            tells_gone=True,
            max_length=self._config.max_length,
            markup="plain",
            budget=Budget(rate=200.0, burst=200),
        )

    def measure(self, text: str) -> int:
        """Characters, as Unicode counts code points."""
        return len(text)

    async def check(self) -> Account:
        epoch = await self._read(self._door.check())
        return Account(name=self._config.name, native_id=epoch, url=f"{self._base}{self._config.path}")

    # --- the sample day -----------------------------------------------------------------------------------

    @property
    def sample(self) -> bool:
        """Whether what stands here is invented."""
        return self._config.sample

    async def play(self, over: timedelta) -> None:
        """Begin the sample day; the process that listens writes its comments, over so much time."""
        play = Play(run=token_hex(4), began=datetime.now(UTC), over=over)
        await self.wall.set_fact(FACT, play.dumps())

    async def archive(self) -> None:
        """End a play, and take what stands out of view; nothing is lost."""
        await self.wall.end_fact(FACT)
        await self.wall.archive()

    # --- in ---------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report changes as they happen. A cursor is `epoch:number`; one of another file starts from the beginning."""
        epoch = await self.wall.epoch()
        seen = _position(cursor, epoch)
        with self.wall.listening() as woken:
            while True:
                woken.clear()
                due = await self._player.step(datetime.now(UTC)) if self._player else None
                changes = await self._read(self._door.changes(seen, BATCH))
                if not changes:
                    await _set_or_after(woken, POLL_SECONDS if due is None else min(due, POLL_SECONDS))
                    continue
                seen = changes[-1].seq
                if events := self._events(changes):
                    await intake.emit(*events, cursor=f"{epoch}:{seen}")

    async def conversation(self, item: Item) -> list[Item]:
        try:
            thread = await self._read(self._door.thread(item.native_id))
        except Permanent:
            return []
        return _below(item.native_id, self._items(thread))

    async def current(self, item: Item) -> Item | Gone:
        try:
            if item.ours:
                reply, answered = await self._asked(self._door.reply(item.native_id))
                return self._own_item(reply, answered) if reply.state == "live" else Gone(reason=reply.state)
            return self._item(await self._asked(self._door.comment(item.native_id)))
        except Declined as answer:
            if answer.status == GONE:
                return Gone(reason="withdrawn")
            raise _trouble(answer) from answer

    # --- out --------------------------------------------------------------------------------------------

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        key = reply.key if self._config.idempotency == "client_id" else None
        target = reply.target.native_id
        try:
            async with asyncio.timeout(self._config.timeout):
                written = await self._door.publish(target, reply.text, key)
        except TimeoutError as error:
            raise OutcomeUnknown("The wall did not answer in time.") from error
        except Declined as answer:
            return self._declined(answer, target)
        match written.state:
            case "live":
                return self._posted(written)
            case "pending":
                return Pending(native_id=written.id)
            case "refused":
                return Rejected(reason=written.reason or "refused", manual_url=self._url(target))

    async def find(self, reply: OutgoingReply) -> Posted | None:
        match self._config.idempotency:
            case "client_id":
                found = await self._read(self._door.reply_by_key(reply.key))
                exact = found is not None and found.state == "live" and found.text == reply.text
                return self._posted(found) if found and exact else None
            case "lookup":
                below = await self._read(self._door.replies_to(reply.target.native_id))
                return next((self._posted(found) for found in below if _may_be(found, reply)), None)
            case "none":
                return None

    def _declined(self, answer: Declined, target: str) -> Rejected:
        """What a refusal to publish means. Raises what stands in `bot.core.errors`."""
        if answer.status in {GONE, REFUSED}:
            return Rejected(reason=answer.reason, manual_url=self._url(target) if answer.by_hand else None)
        if answer.status >= 500 and answer.status != NO_ROOM:
            raise OutcomeUnknown(answer.reason) from answer
        raise _trouble(answer) from answer

    # --- translation ------------------------------------------------------------------------------------

    def _events(self, changes: Sequence[Change]) -> list[Event]:
        """What to report. A comment shows as it stands now, so within a batch once is enough, at its first place."""
        events: dict[Event, Event] = {}
        for change in changes:
            for event in self._event(change):
                events.setdefault(event, event)
        return list(events)

    def _event(self, change: Change) -> Iterator[Event]:
        comment, reply = change.comment, change.reply
        if reply is None:
            if comment.withdrawn_at is None:
                yield ItemArrived(item=self._item(comment))
            elif change.what == "withdrawal":
                yield ItemRemoved(account=self.id, native_id=comment.id, reason="withdrawn")
        elif change.what == "reply":
            yield ItemArrived(item=self._own_item(reply, comment))
        elif change.what == "confirmed":
            yield ReplyConfirmed(account=self.id, native_id=reply.id, url=self._url(reply.id))
        elif change.what == "refused":
            yield ReplyRefused(
                account=self.id,
                native_id=reply.id,
                reason=reply.reason or "refused",
                manual_url=self._url(comment.id),
            )

    def _items(self, thread: Sequence[Comment]) -> list[Item]:
        standing = [(found.n, self._item(found)) for found in thread if found.withdrawn_at is None]
        own = [(reply.n, self._own_item(reply, found)) for found in thread for reply in found.replies]
        return [item for _, item in sorted(standing + own, key=lambda pair: pair[0])]

    def _item(self, comment: Comment) -> Item:
        return Item(
            account=self.id,
            native_id=comment.id,
            version=str(comment.version),
            author=Author(id=comment.visitor, name=comment.author),
            text=comment.text,
            created_at=comment.created_at,
            edited_at=comment.edited_at,
            thread_key=comment.root,
            parent=comment.parent,
            url=self._url(comment.id),
        )

    def _own_item(self, reply: Reply, comment: Comment) -> Item:
        return Item(
            account=self.id,
            native_id=reply.id,
            version="1",
            author=Author(id="brand", name=self._config.name),
            text=reply.text,
            created_at=reply.created_at,
            thread_key=comment.root,
            parent=comment.id,
            url=self._url(reply.id),
            ours=True,
        )

    def _posted(self, reply: Reply) -> Posted:
        return Posted(native_id=reply.id, url=self._url(reply.id))

    def _url(self, id: str) -> str:
        return f"{self._base}{self._config.path}/c/{id}"

    # --- asking -----------------------------------------------------------------------------------------

    async def _asked(self, question: Awaitable[T]) -> T:
        """The answer to something that changes nothing. Raises Declined, or Transient when it takes too long."""
        try:
            async with asyncio.timeout(self._config.timeout):
                return await question
        except TimeoutError as error:
            raise Transient("The wall did not answer in time.") from error

    async def _read(self, question: Awaitable[T]) -> T:
        """The same, with refusals as errors of `bot.core.errors`."""
        try:
            return await self._asked(question)
        except Declined as answer:
            raise _trouble(answer) from answer


def _trouble(answer: Declined) -> AdapterError:
    """What a status means, where it surely says that nothing was done."""
    if answer.status in {401, 403}:
        return AuthExpired(answer.reason)
    if answer.status == 429 or answer.status >= 500:
        return Transient(answer.reason, retry_after=answer.retry_after)
    return Permanent(answer.reason)


def _position(cursor: str | None, epoch: str) -> int:
    """The number in a cursor; 0 where it is missing, unreadable or another file's: better twice than never."""
    file, _, number = (cursor or "").partition(":")
    return int(number) if file == epoch and number.isascii() and number.isdigit() else 0


def _below(id: str, items: Sequence[Item]) -> list[Item]:
    """Those that answer an item, or answer an answer to it. A parent always stands before its children."""
    family = {id}
    below = []
    for item in items:
        if item.parent in family:
            family.add(item.native_id)
            below.append(item)
    return below


def _may_be(found: Reply, reply: OutgoingReply) -> bool:
    """Whether this is the reply whose answer was lost: the same words, and not from before the first attempt."""
    since = reply.first_attempt_at
    return found.text == reply.text and (since is None or found.created_at >= since - CLOCK_SKEW)


async def _set_or_after(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
