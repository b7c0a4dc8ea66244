"""Telegram as a network. Nothing tells whether a reply stands whose answer was lost: a person has to look."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Sequence

from telegram import LinkPreviewOptions, Message, ReplyParameters, Update

from bot.core.errors import AuthExpired, Permanent
from bot.core.messages import ItemArrived
from bot.core.ports import Capabilities, Intake
from bot.core.splitting import utf16
from bot.core.types import Account, Budget, Gone, Item, OutgoingReply, Posted, PublishResult, Rejected, Visibility
from bot.settings.secrets import variable
from handlers.botapi import LONG_POLL, Wire
from handlers.networks.telegram.config import Config
from handlers.networks.telegram.listening import UPDATES, Listener, cursor_of, offset_of
from handlers.networks.telegram.reading import item, place

LONGEST = 4096
PRIVACY = "Privacy mode is on: in groups only commands and answers to the bot are seen (/setprivacy at @BotFather)."
ALONE = "On Telegram nobody can be answered in private who did not write in private."
ALTERED = "Telegram would change this text: it has control characters, tabs, or white space at its ends."
_ALTERED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
_LEFT = ("by the user", "user is deactivated", "can't initiate")
_REMEMBERED = 500


class TelegramNetwork:
    """One bot among people. Implements `bot.core.ports.Network`."""

    def __init__(self, config: Config, *, token: str | None, wait: int = LONG_POLL) -> None:
        self._config = config
        self._wait = wait
        self._wire = Wire(
            token or "", config.base_url, per_minute=20.0, timeout=config.timeout, secret=variable(config.id)
        )
        self._listener = Listener(config, self._wire)
        self._posted: deque[Item] = deque(maxlen=_REMEMBERED)
        self._news = asyncio.Event()
        self._below: OrderedDict[str, list[Item]] = OrderedDict()

    def capabilities(self) -> Capabilities:
        """Replies cannot be read back; twenty messages a minute in a group."""
        return Capabilities(
            ingest=frozenset({"poll"}),
            can_reply=True,
            idempotency="none",
            max_length=LONGEST,
            budget=Budget(rate=1.0, burst=5),
        )

    async def check(self) -> Account:
        """Who the bot is, and whether it gets to see what people write in groups."""
        me = await self._wire.call("get_me")
        warnings = () if me.can_read_all_group_messages else (PRIVACY,)
        link = f"https://t.me/{me.username}" if me.username else None
        return Account(name=f"@{me.username}", native_id=str(me.id), url=link, warnings=warnings)

    # --- in -------------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report what is written until cancelled; what was not committed is not confirmed, and comes again."""

        async def take(updates: Sequence[Update]) -> None:
            events = await self._listener.events(updates)
            await intake.emit(*events, cursor=cursor_of(updates[-1].update_id + 1))

        polling = asyncio.create_task(self._wire.poll(take, offset_of(cursor), UPDATES, wait=self._wait))
        telling = asyncio.create_task(self._tell(intake))
        try:
            await asyncio.wait({polling, telling}, return_when=asyncio.FIRST_COMPLETED)
            await (polling if polling.done() else telling)
        finally:
            for task in (polling, telling):
                task.cancel()
            await asyncio.gather(polling, telling, return_exceptions=True)

    async def _tell(self, intake: Intake) -> None:
        """What we post ourselves: a bot is not told of its own messages."""
        while True:
            while self._posted:
                await intake.emit(ItemArrived(item=self._posted[0]))
                self._posted.popleft()
            self._news.clear()
            await self._news.wait()

    async def conversation(self, item: Item) -> list[Item]:
        """What we posted below it since we run: more cannot be read. Raises where the chat is not open to us."""
        await self._wire.call("get_chat", chat_id=place(item.native_id)[0])
        return list(self._below.get(item.native_id, ()))

    async def current(self, item: Item) -> Item | Gone:
        """The item as it was told last, where the chat is still open to us: a bot cannot look anything up."""
        await self._wire.call("get_chat", chat_id=place(item.native_id)[0])
        return item

    # --- out ------------------------------------------------------------------------------------------------------

    def measure(self, text: str) -> int:
        """In UTF-16 units, as Telegram counts."""
        return utf16(text)

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        """As an answer to the message, in the same place. Raises OutcomeUnknown when the answer is lost."""
        target = reply.target
        if problem := _unfit(reply):
            return Rejected(reason=problem, manual_url=target.url)
        chat, message = place(target.native_id)
        try:
            made = await self._wire.call(
                "send_message",
                chat_id=chat,
                text=reply.text,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_parameters=ReplyParameters(message, allow_sending_without_reply=False),
            )
        except AuthExpired as error:
            if any(words in error.reason for words in _LEFT):
                return Rejected(reason=error.reason, manual_url=target.url)
            raise
        except Permanent as error:
            return Rejected(reason=error.reason, manual_url=target.url)
        own = self._own(made, target)
        return Posted(native_id=own.native_id, url=own.url)

    def _own(self, made: Message, target: Item) -> Item:
        """Remember what we posted, and tell it as ours."""
        own = item(made, self._config.id, ours=True)
        self._below.setdefault(target.native_id, []).append(own)
        if len(self._below) > _REMEMBERED:
            self._below.popitem(last=False)
        self._posted.append(own)
        self._news.set()
        return own

    async def find(self, reply: OutgoingReply) -> Posted | None:
        """None: a bot cannot read what it has posted."""
        return None

    async def aclose(self) -> None:
        """Let the connections go."""
        await self._wire.aclose()


def _unfit(reply: OutgoingReply) -> str:
    """Why Telegram would not take a reply, or not as it was approved."""
    text = reply.text
    if not any(unicodedata.category(char)[0] not in "ZC" for char in text):
        return "The text is empty."
    if utf16(text) > LONGEST:
        return "The text is too long."
    if text != text.strip() or _ALTERED.search(text):
        return ALTERED
    private = reply.target.visibility is Visibility.PRIVATE
    return ALONE if reply.visibility is Visibility.PRIVATE and not private else ""
