"""Telegram's Bot API by python-telegram-bot: calls inside the vendor's limits, its errors as ours, updates in order.

Limits (core.telegram.org/bots/faq): about 30 messages a second overall, 20 a minute in a group. Edits are not counted
here: what is too much the other side says itself (429 with `retry_after`).
"""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import httpx
from telegram import Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot import logs
from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent, PlaceGone, Transient
from handlers.reaching import address, because

log = logs.get(__name__)
os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns about each span of time that it reads
_SENDS = ("send", "createForumTopic", "copy", "forward")
_SHUT = ("not enough rights", "need administrator rights", "have no rights", "chat_write_forbidden")
"""What lasts until somebody does something in the group."""
_NO_GROUP = "chat not found"
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)
"""What the library raises for an update that is not as it expects."""
LONG_POLL = 50
"""Seconds that the other side may keep a question for updates."""


Announce = Callable[[], Awaitable[None]]
"""What is done when a call has waited for its turn, and goes out now."""


class Limiter(AIORateLimiter):
    """The library's own limits for what makes a message; edits and answers pass at once."""

    async def process_request(  # noqa: PLR0917  # as the library calls it
        self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: Any, rate_limit_args: Any
    ) -> Any:
        """Run a call when it is its turn; see the library's class. `rate_limit_args` is awaited right before it."""
        counted = data if endpoint.startswith(_SENDS) else {}
        announce: Announce | None = rate_limit_args

        async def announced(*given: Any, **named: Any) -> Any:
            if announce is not None:
                await announce()
            return await callback(*given, **named)

        return await super().process_request(announced, args, kwargs, endpoint, counted, None)


class Wire:
    """One bot token. Its client is made in whichever event loop runs: a command line has one after the other."""

    def __init__(
        self, token: str, base_url: str, *, per_minute: float, timeout: float = 20.0, secret: str = ""
    ) -> None:
        # `secret` is the variable that the token comes from, for whoever has to set it.
        self._token, self._secret = token, secret
        self._base = base_url.rstrip("/")
        self._per_minute = per_minute
        self._timeout = timeout
        self._bot: ExtBot[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.moved: dict[int, int] = {}

    def bot(self) -> ExtBot[Any]:
        """This loop's client. Raises AuthExpired for what cannot be a token."""
        loop = asyncio.get_running_loop()
        if self._bot is None or self._loop is not loop:
            limits: dict[str, Any] = dict.fromkeys(("read_timeout", "write_timeout", "pool_timeout"), self._timeout)
            # One context for both clients: to read the certificates takes longer than everything else here.
            limits["httpx_kwargs"] = {"verify": self._base.startswith("https:") and ssl.create_default_context()}
            try:
                self._bot = ExtBot(
                    self._token,
                    base_url=f"{self._base}/bot",
                    base_file_url=f"{self._base}/file/bot",
                    request=HTTPXRequest(connection_pool_size=16, **limits),
                    get_updates_request=HTTPXRequest(connection_pool_size=2, **limits),
                    rate_limiter=Limiter(group_max_rate=self._per_minute),
                )
            except InvalidToken:
                raise AuthExpired(f"{self._secret} is not set" if self._secret else "there is no token") from None
            self._loop = loop
        return self._bot

    async def call(self, method: str, **params: Any) -> Any:
        """A method of the library by its name; its answer. `announce` (an `Announce`) is awaited right before it.

        A group that has become a supergroup is spoken to under its new id from then on (`moved`).

        Raises:
            AuthExpired: the token is dead, or a right is gone; PlaceGone where that is one group.
            Transient: surely not done; with the other side's own `retry_after`.
            OutcomeUnknown: a message may stand there or not.
            Permanent: it will never be taken like this.
        """
        bot = self.bot()
        if (announce := params.pop("announce", None)) is not None:
            params["rate_limit_args"] = announce
        writes = method.startswith(("send_", "create_forum"))
        for last in (False, True):
            if isinstance(chat := params.get("chat_id"), int):
                params["chat_id"] = self.moved.get(chat, chat)
            try:
                return await getattr(bot, method)(**params)
            except ChatMigrated as error:
                if last:
                    raise Permanent("the group has moved") from None
                self.moved[int(params["chat_id"])] = error.new_chat_id
            except TelegramError as error:
                raise judged(error, self._base, writes=writes) from None
        raise AssertionError("unreachable")

    async def poll(
        self,
        take: Callable[[Sequence[Update]], Awaitable[None]],
        offset: int,
        names: Sequence[str],
        *,
        wait: int = LONG_POLL,
    ) -> None:
        """Hand updates on, in order, until cancelled; they count as read once `take` has returned.

        Raises what `take` raises, and Transient or AuthExpired; another program that asks with the same token is
        a Transient that says so.
        """
        while True:
            try:
                found = await self.bot().get_updates(
                    offset=offset or None, timeout=wait, allowed_updates=names, read_timeout=self._timeout
                )
            except Conflict as error:
                raise Transient(f"another program uses this bot's token at the same time: {error.message}") from None
            except TelegramError as error:
                raise judged(error, self._base, writes=False) from None
            except UNREADABLE:
                # One that the library does not understand must not hold up those behind it for ever.
                found, offset = await self._readable(offset, names)
            if found:
                await take(found)
                offset = max(offset, found[-1].update_id + 1)

    async def _readable(self, offset: int, names: Sequence[str]) -> tuple[tuple[Update, ...], int]:
        """What can be read of the updates that wait, and the one after all of them."""
        bot, data = self.bot(), {"offset": offset, "allowed_updates": names}
        try:
            waiting = await bot._post("getUpdates", data)  # noqa: SLF001 -- as the other side sent them
        except TelegramError as error:
            raise judged(error, self._base, writes=False) from None
        found = []
        for one in waiting if isinstance(waiting, list) else []:
            number = int(one["update_id"])
            offset = max(offset, number + 1)
            try:
                found.append(Update.de_json(one, bot))
            except UNREADABLE as error:
                log.warning("telegram.unreadable", update=number, error=type(error).__name__)
        return tuple(found), offset

    async def aclose(self) -> None:
        """Let the connections go."""
        bot, self._bot = self._bot, None
        if bot is not None and self._loop is asyncio.get_running_loop():
            for request in bot._request:  # noqa: SLF001 -- its own shutdown wants an initialisation that calls out
                await request.shutdown()


def judged(error: TelegramError, url: str, *, writes: bool) -> AdapterError:
    """What the other side at `url`, or the way to it, answered; with `writes`, a lost answer leaves something open."""
    said = error.message
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return Transient("too many requests", after.total_seconds() if isinstance(after, timedelta) else float(after))
    if isinstance(error, InvalidToken):
        return AuthExpired("the token is not valid any more")
    if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and _NO_GROUP in said.lower()):
        return PlaceGone(said[:200])
    if isinstance(error, BadRequest):
        shut = any(words in said.lower() for words in _SHUT)
        return AuthExpired(said[:200]) if shut else Permanent(said[:200])
    if isinstance(error, Conflict):
        return Transient(said[:200])
    if isinstance(error, NetworkError) and isinstance(error.__cause__, _UNSENT):
        return Transient(f"Telegram cannot be reached: {because(error.__cause__, address(url))}")
    reason = because(error.__cause__, address(url)) if error.__cause__ is not None else said[:200]
    return OutcomeUnknown(f"no answer: {reason}") if writes else Transient(f"no answer: {reason}")
