"""Brings a ticket's messages in Telegram up to date: edits what changed, posts what is new, each message once.

Where the answer to a new message was lost nobody can be asked whether it stands: a bot cannot read history. The card
is then posted again. The older one does no harm: what stands in its buttons is held against the newest state like
any other, and once somebody presses one, it is marked as superseded and loses them (`superseded`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import tzinfo
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters

from bot.core.errors import AdapterError, AuthExpired, CardGone, Permanent, PlaceGone
from bot.core.types import CardRef, Room
from bot.core.views import Card
from bot.locale import text
from handlers.botapi import Wire
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.card import Posting, View, topic_name
from handlers.chats.telegram.memory import Memory, Place, Thread
from handlers.chats.telegram.wordings import thread
from handlers.postings import ROOT, in_order

_SAME = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid")
_NO_CARD = ("message to be replied not found", "reply message not found", "replied message not found")
_QUIET = LinkPreviewOptions(is_disabled=True)
SETTLE = 5.0
"""Seconds that a reaction to a message nobody knows yet waits for what is being posted."""


def keyboard(rows: k.Rows) -> InlineKeyboardMarkup | None:
    """Buttons as the library wants them."""
    made = [[InlineKeyboardButton(said, callback_data=data) for said, data in row] for row in rows]
    return InlineKeyboardMarkup(made) if made else None


class Threads:
    """What stands in the groups of one bot."""

    def __init__(
        self,
        wire: Wire,
        memory: Memory,
        tz: tzinfo,
        greet: Callable[[Room, int, bool], Awaitable[None]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._wire = wire
        self._memory = memory
        self._tz = tz
        self._greet = greet
        self._clock = clock
        self._topics: dict[int, bool] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._posting: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._newest: dict[int, int] = {}
        self.names: dict[str, str] = {}
        self.by_user: dict[str, str] = {}

    def view(self, locale: str) -> View:
        return View(locale=locale, tz=self._tz, names=self.names)

    async def post(self, room: Room, card: Card) -> CardRef:
        """A new topic, or a new card in the group, with everything in it. Raises what `Wire.call` raises."""
        ticket, chat = card.line.id, group_of(room)
        async with self._lock(ticket):
            view = self.view(room.locale)
            made = Thread(room=room.id, ticket=ticket, chat=chat, locale=room.locale)
            if await self._has_topics(room, chat):
                topic = await self._wire.call("create_forum_topic", chat_id=chat, name=topic_name(card))
                made.topic = topic.message_thread_id
            made.chat = self._wire.moved.get(chat, chat)
            await self._bring(made, thread(card, view))
            return CardRef(room=room.id, native=made.native(ROOT))

    async def find(self, room: Room, card: Card) -> CardRef | None:
        """Where the card stands as far as the drawer knows; Telegram itself cannot be asked."""
        known = await self._memory.thread(room.id, card.line.id)
        if known is None or ROOT not in known.messages:
            return None
        return CardRef(room=room.id, native=known.native(ROOT))

    async def update(self, ref: CardRef, card: Card) -> None:
        """Edit what is not as it should be, then post what is missing.

        Raises CardGone or PlaceGone, and forgets it, where somebody has deleted the card or its topic, or closed it.
        """
        ticket = card.line.id
        async with self._lock(ticket):
            known = await self._known(ref, ticket)
            known.chat = self._wire.moved.get(known.chat, known.chat)
            try:
                await self._bring(known, thread(card, self.view(known.locale)))
            except (CardGone, PlaceGone):
                self._topics.clear()  # it may be a forum no more
                await self._memory.forget(known)
                raise

    async def _known(self, ref: CardRef, ticket: str) -> Thread:
        """What we know of this card; its group alone may have another number by now."""
        chat, topic, root = (int(part) for part in ref.native.split(":"))
        known = await self._memory.thread(ref.room, ticket)
        about = known or await self._memory.gone(ref.room, ticket)
        if about is not None and (about.topic, about.messages.get(ROOT, (0, ""))[0]) == (topic, root):
            return about
        if known is not None:
            raise CardGone("another card of the ticket took its place")
        return Thread(room=ref.room, ticket=ticket, chat=chat, topic=topic, messages={ROOT: (root, "")})

    async def _bring(self, made: Thread, wanted: list[Posting]) -> None:
        head, rest = wanted[0], wanted[1:]
        if head.key not in made.messages:
            await self._post(made, head)
        root = await self._rewrite(made, head)
        await in_order(rest, made.messages, edit=partial(self._edit, made), post=partial(self._post, made))
        await self._stands(made, head, *root)

    async def _edit(self, made: Thread, posting: Posting) -> None:
        await self._stands(made, posting, *await self._rewrite(made, posting))

    async def _rewrite(self, made: Thread, posting: Posting) -> tuple[int, int]:
        """Edit a message where it reads differently; its id, and the second in which that was, 0 where it was not."""
        message, digest = made.messages[posting.key]
        if digest == posting.digest:
            return message, 0
        content: dict[str, Any] = {"text": posting.html, "parse_mode": "HTML", "link_preview_options": _QUIET}
        try:
            answer = await self._wire.call(
                "edit_message_text",
                chat_id=made.chat,
                message_id=message,
                reply_markup=keyboard(posting.rows),
                **content,
            )
        except AuthExpired:
            raise
        except Permanent as error:
            if any(words in error.reason.lower() for words in _GONE):
                if posting.key == ROOT:
                    raise CardGone(error.reason) from None
                await self._post(made, posting)
                return made.messages[posting.key][0], 0
            if _SAME not in error.reason.lower():
                raise
            answer = None
        made.messages[posting.key] = (message, posting.digest)
        return message, _second(answer)

    async def _post(self, made: Thread, posting: Posting) -> None:
        async with self._posting[made.chat]:
            answer = await self.send(
                made.chat,
                made.topic,
                made.messages.get(ROOT, (0, ""))[0] if posting.key != ROOT else 0,
                posting.html,
                reply_markup=keyboard(posting.rows),
                disable_notification=posting.key != ROOT,
            )
            await self._stands(made, posting, answer.message_id, _second(answer))
            self._newest[made.chat] = max(answer.message_id, self._newest.get(made.chat, 0))

    async def settled(self, chat: int, message: int) -> None:
        """Wait until what is being posted there is written down: people may react to it before we hear that it stands.

        Telegram numbers a group's messages upwards, so that what is older than our newest is not waited for.
        """
        if message > self._newest.get(chat, 0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SETTLE), self._posting[chat]:
                    pass

    async def _stands(self, made: Thread, posting: Posting, message: int, second: int) -> None:
        """Write down what is shown where: after Telegram took it, so that nobody approves what they could not see."""
        made.messages[posting.key] = (message, posting.digest)
        # Of an edit whose answer was lost nobody knows the second: what was done until now may be about before.
        place = Place(made.room, posting.kind, posting.shown, second or int(self._clock()))
        await self._memory.keep_place(made.chat, message, place)
        await self._memory.keep_thread(made)

    async def touched(self, room: str, ticket: str, message: int) -> None:
        """Somebody has unfolded other buttons on this card: the next update puts its own back."""
        async with self._lock(ticket):  # an update may be writing down what it posts
            known = await self._memory.thread(room, ticket)
            if known is not None and known.messages.get(ROOT, (0, ""))[0] == message:
                known.messages[ROOT] = (message, "")
                await self._memory.keep_thread(known)

    async def send(self, chat: int, topic: int, answering: int, html: str, **more: Any) -> Message:
        """A message in a topic, or as an answer in a plain group. Raises what `Wire.call` raises."""
        params: dict[str, Any] = {"text": html, "parse_mode": "HTML", "link_preview_options": _QUIET, **more}
        made: Message = await self.there("send_message", chat, topic, answering, **params)
        return made

    async def there(
        self, method: str, chat: int, topic: int, answering: int, *, nowhere_else: bool = False, **params: Any
    ) -> Any:
        """A call that leaves a message in a topic or below another; a topic that somebody closed is opened again.

        Raises CardGone where the topic is not there or stays closed; with `nowhere_else`, also where what is answered
        is not there: without, it then stands in the group by itself.
        """
        if topic:
            params["message_thread_id"] = topic
        elif answering:
            params["reply_parameters"] = ReplyParameters(answering, allow_sending_without_reply=not nowhere_else)
        try:
            return await self._wire.call(method, chat_id=chat, **params)
        except Permanent as error:
            said = error.reason.lower()
            if any(words in said for words in (_NO_TOPIC if topic else _NO_CARD)):
                raise CardGone(error.reason) from None
            if "topic_closed" not in said.replace(" ", "_") or not topic:
                raise
        try:
            await self._wire.call("reopen_forum_topic", chat_id=chat, message_thread_id=topic)
        except AuthExpired as error:
            raise PlaceGone(error.reason) from None
        except Permanent as error:
            if "topic_not_modified" not in error.reason.lower():
                raise CardGone(error.reason) from None
        return await self._wire.call(method, chat_id=chat, **params)

    async def superseded(self, chat: int, message: int, ticket: str) -> None:
        """Take the buttons from a card that was posted before another one of the same ticket."""
        known = await self._memory.thread_of(ticket)
        if known is None or ROOT not in known.messages or await self._memory.place(chat, message) is not None:
            return
        said = text(known.locale, "There is a newer card of this ticket.")
        with contextlib.suppress(AdapterError):
            await self._wire.call(
                "edit_message_text",
                chat_id=chat,
                message_id=message,
                text=f"⬇️ {ticket}: {k.words(said)}",
                parse_mode="HTML",
            )

    async def _has_topics(self, room: Room, chat: int) -> bool:
        """Whether it is a forum; asked once, when the group is new to us, which is also when we say what we lack."""
        if chat not in self._topics:
            found = await self._wire.call("get_chat", chat_id=chat)
            self._topics[chat] = bool(found.is_forum)
            await self._greet(room, chat, bool(found.is_forum))
        return self._topics[chat]

    def _lock(self, ticket: str) -> asyncio.Lock:
        """One change of a ticket's messages at a time."""
        lock = self._locks.get(ticket) or asyncio.Lock()
        self._locks[ticket] = lock
        return lock


def _second(answer: Any) -> int:
    """When a message was sent or changed, by Telegram's clock; 0 where that is not said."""
    at = getattr(answer, "edit_date", None) or getattr(answer, "date", None)
    return int(at.timestamp()) if at is not None else 0


def group_of(room: Room) -> int:
    """The group's number. Raises Permanent where the settings have none."""
    try:
        return int(room.native_id)
    except ValueError:
        raise Permanent(f"the room {room.id} has no native_id: the group's number, like -1001234567890") from None
