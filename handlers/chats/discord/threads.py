"""Brings a ticket's thread in Discord up to date: edits what changed, posts what is new, each message once.

A message is announced in the drawer before it is posted and its id is written there afterwards; whoever finds an
announcement without an id (a crash, a lost answer) looks in Discord for a message of ours with the ticket's footer
before posting again. In a forum a ticket is a post, elsewhere a thread on its card.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from weakref import WeakValueDictionary

import discord

from bot.core.errors import CardGone, Permanent, PlaceGone, Transient
from bot.core.types import CardRef, Room
from bot.core.views import Card
from handlers.chats.discord.card import Posting, title
from handlers.chats.discord.drafts import thread
from handlers.chats.discord.marks import embed, words
from handlers.chats.discord.memory import Memory, Place, Thread
from handlers.chats.discord.rooms import Locked, Parent, Rooms
from handlers.chats.discord.tags import tags_of
from handlers.chats.discord.view import View
from handlers.chats.discord.wire import content, is_archived, nonce
from handlers.discord_calls import asked, judged
from handlers.postings import ROOT, in_order

_FOOTER = re.compile(r"([0-9A-Z]{4,6}) · ([a-z][0-9a-z.]*)")
_BEFORE, _AFTER = 300.0, 600.0
"""Seconds around an announcement in which its message stands, if it does: clocks differ, and a call takes a while."""
_MOST = 1000
_LOOK = 0.05
_LOOKS = 40


class Threads:
    """The threads of one bot."""

    def __init__(self, client: discord.Client, memory: Memory, rooms: Rooms, clock: Callable[[], float]) -> None:
        self._client = client
        self._memory = memory
        self._rooms = rooms
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._under_way: Counter[str] = Counter()
        self.names: dict[str, str] = {}
        self.desk = ""

    async def place(self, message: int) -> Place | None:
        """What a message is about. Somebody may react to it before Discord has told us its id: that is awaited."""
        for _ in range(_LOOKS):
            under_way = self._under_way.total()
            place = await self._memory.place(message)
            if place is not None or not under_way:
                return place
            await asyncio.sleep(_LOOK)
        return None

    async def post(self, room: Room, card: Card) -> CardRef:
        """A new thread, with everything in it. Raises what `wire.asked` raises."""
        ticket = card.line.id
        async with self._lock(ticket), self._working(ticket):
            wanted = thread(card, self._view(room.locale))
            parent = await self._rooms.parent(room)
            made = await self._first(parent, room, card, wanted[0])
            await self._memory.keep_thread(made)
            await self._bring(made, wanted, card)
            return CardRef(room=room.id, native=made.native)

    async def _first(self, parent: Parent, room: Room, card: Card, head: Posting) -> Thread:
        """Post the card. When it is sent is written down before, and taken back where Discord did not take it."""
        mark = _tried(room.id, card.line.id)
        tags = tags_of(parent, card, room.locale)
        await self._memory.set_mark(mark, repr(self._clock()))
        given = content(head.embeds, head.rows)
        try:
            if isinstance(parent, discord.ForumChannel):
                given |= {"name": title(card), "auto_archive_duration": self._rooms.archive_after}
                answered = await asked(parent.create_thread(applied_tags=tags, **given), writes=True)
                number, at, head_id = answered.thread.id, answered.thread.id, answered.message.id
            else:
                # Another than of a card that was taken away: Discord might answer with that one.
                key = nonce(room.id, card.line.id, ROOT, await self._memory.gone(room.id, card.line.id))
                number, at = (await asked(parent.send(nonce=key, **given), writes=True)).id, parent.id
                head_id = number
        except (Transient, Permanent):
            await self._memory.set_mark(mark, "")
            raise
        made = Thread(room=room.id, ticket=card.line.id, channel=parent.id, id=number, head=at, locale=room.locale)
        made.tags = tuple(tag.id for tag in tags)
        made.messages[ROOT] = (head_id, head.digest)
        return made

    async def find(self, room: Room, card: Card) -> CardRef | None:
        """Where the ticket's thread is, as far as we or Discord know. Raises what `wire.judged` does."""
        ticket = card.line.id
        known = await self._memory.thread(room.id, ticket)
        if known is not None:
            return CardRef(room=room.id, native=known.native)
        tried = await self._memory.mark(_tried(room.id, ticket))
        if not tried:
            return None
        parent, gone = await self._rooms.parent(room), await self._memory.gone(room.id, ticket)
        since, until = float(tried) - _BEFORE, float(tried) + _AFTER
        async for message in self._rooms.heads(parent, ticket, since, until):
            if self._about(message) == (ticket, ROOT):
                forum = isinstance(parent, discord.ForumChannel)
                number, at = (message.channel.id,) * 2 if forum else (message.id, parent.id)
                found = Thread(room=room.id, ticket=ticket, channel=parent.id, id=number, head=at, locale=room.locale)
                found.messages[ROOT] = (message.id, "")
                if found.native == gone:
                    continue
                await self._learn(found)
                return CardRef(room=room.id, native=found.native)
        return None

    async def update(self, ref: CardRef, card: Card) -> None:
        """Edit what is not as it should be, then post what is missing.

        Raises CardGone or PlaceGone, and forgets it, where somebody has deleted or closed the card or its thread.
        """
        ticket = card.line.id
        async with self._lock(ticket), self._working(ticket):
            try:
                known = await self._known(ref, ticket)
                wanted = thread(card, self._view(known.locale))
                try:
                    await self._bring(known, wanted, card)
                except PlaceGone:
                    self._rooms.lost(known.id)
                    if known.head == known.id:
                        raise
                    # In a text channel the card may stand there though its thread was deleted: it gets another.
                    known.messages = {ROOT: known.messages[ROOT]}
                    await self._bring(known, wanted, card)
            except (CardGone, PlaceGone):
                await self._memory.forget(ref.room, ticket, ref.native)
                raise

    async def _known(self, ref: CardRef, ticket: str) -> Thread:
        known = await self._memory.thread(ref.room, ticket)
        if known is None or known.native != ref.native:
            if known is not None and await self._memory.gone(ref.room, ticket) == ref.native:
                raise CardGone("another card of the ticket took its place")
            channel, _, number = ref.native.partition(":")
            forum = isinstance(await self._rooms.channel(int(channel)), discord.ForumChannel)
            head = int(number) if forum else int(channel)
            known = Thread(room=ref.room, ticket=ticket, channel=int(channel), id=int(number), head=head)
            await self._learn(known)
        return known

    async def _bring(self, made: Thread, wanted: list[Posting], card: Card) -> None:
        if made.posting:
            await self._learn(made)
        head, rest = wanted[0], wanted[1:]
        root = await self._rewrite(made, head)
        await in_order(
            rest,
            made.messages,
            edit=lambda posting: self._edit(made, posting, card),
            post=lambda posting: self._post(made, posting, card),
        )
        await self._stands(made, head, root)
        await self._mark(made, card)

    async def _edit(self, made: Thread, posting: Posting, card: Card) -> None:
        try:
            at = await self._rewrite(made, posting)
        except Locked:
            raise
        except CardGone:  # somebody has deleted this one message
            instead, _ = made.messages.pop(posting.key)
            await self._post(made, posting, card, instead=instead)
        else:
            await self._stands(made, posting, at)

    async def _rewrite(self, made: Thread, posting: Posting) -> int:
        """Edit a message where it reads differently; its id."""
        at, digest = made.messages[posting.key]
        if digest != posting.digest:
            channel = made.head if posting.key == ROOT else made.id
            message = self._client.get_partial_messageable(channel).get_partial_message(at)
            given = {"view": None, **content(posting.embeds, posting.rows)}
            async with judged():
                try:
                    await message.edit(**given)
                except discord.HTTPException as error:
                    if not is_archived(error):
                        raise
                    await self._rooms.wake(made.id)
                    await message.edit(**given)
            made.messages[posting.key] = (at, posting.digest)
        return at

    async def _post(self, made: Thread, posting: Posting, card: Card, *, instead: int = 0) -> None:
        """A new message; `instead` is one that was deleted, with which Discord might answer else."""
        made.posting = posting.key
        await self._memory.keep_thread(made)
        await self._rooms.open_thread(made.head, made.id, title(card))
        key = nonce(made.room, made.ticket, posting.key, posting.digest, *([str(instead)] if instead else []))
        try:
            send = self._client.get_partial_messageable(made.id).send(
                nonce=key, **content(posting.embeds, posting.rows)
            )
            at = (await asked(send, writes=True)).id
        except (Transient, Permanent):
            made.posting = ""
            await self._memory.keep_thread(made)
            raise
        await self._stands(made, posting, at)

    async def _stands(self, made: Thread, posting: Posting, at: int) -> None:
        """Write down what is shown where: after Discord took it, so that nobody approves what they could not see."""
        made.messages[posting.key] = (at, posting.digest)
        if made.posting == posting.key:
            made.posting = ""
        place = Place(made.room, posting.kind, made.id, posting.shown)
        await self._memory.keep_place(at, place)
        if posting.key == ROOT:
            await self._memory.keep_place(made.id, place)  # what is typed in the thread is about this
        await self._memory.keep_thread(made)

    async def _mark(self, made: Thread, card: Card) -> None:
        """The tags of a forum's post: what kind of ticket it is, and where it stands."""
        parent = await self._rooms.channel(made.channel)
        tags = tags_of(parent, card, made.locale)
        wanted = tuple(tag.id for tag in tags)
        if wanted != made.tags:
            await self._rooms.tag(made.id, tags)
            made.tags = wanted
            await self._memory.keep_thread(made)

    async def _learn(self, made: Thread) -> None:
        """Read from Discord which messages of the thread stand there; what they show is not known: it is edited."""
        async with judged():
            with contextlib.suppress(discord.NotFound):  # the card stands, its thread was not made yet
                history = self._client.get_partial_messageable(made.id).history(limit=_MOST, oldest_first=True)
                async for message in history:
                    ticket, key = self._about(message)
                    if ticket == made.ticket and key:
                        made.messages.setdefault(key, (message.id, ""))
        made.messages.setdefault(ROOT, (made.id, ""))
        made.posting = ""
        await self._memory.keep_thread(made)

    async def say(self, channel: int, text: str, key: str) -> None:
        """Say something to everybody in a channel or thread."""
        where = self._client.get_partial_messageable(channel)
        for number, piece in enumerate(words(text)):
            await asked(where.send(nonce=nonce(key, str(number)), **content([embed(piece)])), writes=True)

    def _about(self, message: discord.Message) -> tuple[str, str]:
        """The ticket and key of a message of ours; nothing of anybody else's."""
        me = self._client.user
        if me is None or message.author.id != me.id:
            return "", ""
        for one in message.embeds:
            found = _FOOTER.fullmatch(one.footer.text or "")
            if found is not None:
                return found[1], found[2]
        return "", ""

    @contextlib.asynccontextmanager
    async def _working(self, ticket: str) -> AsyncIterator[None]:
        self._under_way[ticket] += 1
        try:
            yield
        finally:
            self._under_way[ticket] -= 1

    def _lock(self, ticket: str) -> asyncio.Lock:
        """One change of a thread at a time."""
        lock = self._locks.get(ticket) or asyncio.Lock()
        self._locks[ticket] = lock
        return lock

    def _view(self, locale: str) -> View:
        return View(locale=locale, names=self.names, desk=self.desk)


def _tried(room: str, ticket: str) -> str:
    """The mark that says when a card was sent last: a time, or nothing where Discord certainly did not take it."""
    return f"tried:{room}:{ticket}"
