"""Telegram as a team chat: a topic or a chain of replies for each ticket, decisions by button, emoji and command."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import BotCommand, Update

from bot.core.errors import AdapterError, AuthExpired, Permanent
from bot.core.ports import Can, Intake, Keep, Reader
from bot.core.types import Budget, CardRef, Light, Message, Person, Room
from bot.core.views import Card
from bot.locale import text
from bot.settings.secrets import variable
from handlers.botapi import LONG_POLL, Wire
from handlers.bounded import Unread, read_body
from handlers.chats.telegram import checks
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.config import Config
from handlers.chats.telegram.ears import UPDATES, Ears
from handlers.chats.telegram.house import House
from handlers.chats.telegram.members import Members
from handlers.chats.telegram.memory import Memory
from handlers.chats.telegram.saying import Speaker
from handlers.chats.telegram.setup import LANGUAGES, commands, path
from handlers.chats.telegram.threads import Threads, group_of
from handlers.chats.telegram.typing_in import by_user
from handlers.chats.telegram.words import HINTS
from handlers.hearing import Engine, NotListening

_LARGEST = 1 << 20


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class TelegramChat:
    """One bot in the team's groups. Implements `bot.core.ports.TeamChat`."""

    can: ClassVar[frozenset[str]] = frozenset({Can.EDIT_FORM, Can.REACTIONS, Can.FILES, Can.PRIVATE_ANSWER})
    says_once: ClassVar[bool] = True
    # Each card is a few messages; those are paced by themselves (`handlers.botapi`).
    budget: ClassVar[Budget] = Budget(rate=1.0, burst=10)

    def __init__(
        self,
        config: Config,
        *,
        token: str,
        webhook: str,
        base_url: str,
        keep: Keep,
        people: Sequence[Person],
        locale: str = "en",
        clock: Callable[[], datetime] = utc_now,
        tz: tzinfo = UTC,
        wait: int = LONG_POLL,
    ) -> None:
        self.config = config
        # Calls reach whichever process the address leads to; only one may ask for updates.
        self.everywhere = config.mode == "webhook"
        self._token, self._webhook, self._base_url, self._wait = token, webhook, base_url.rstrip("/"), wait
        self._people = tuple(people)
        wire = Wire(token, config.base_url, per_minute=config.messages_per_minute, secret=variable(config.id))
        memory = Memory(keep)
        threads = Threads(wire, memory, tz, self._greet)
        self.house = House(
            config=config,
            wire=wire,
            memory=memory,
            threads=threads,
            members=Members(wire, config, locale),
            clock=clock,
            tz=tz,
        )
        self._speaker = Speaker(threads, memory)
        self._ears = Ears(self.house)
        self._name(people)
        self._knowing = asyncio.Lock()

    def _name(self, people: Sequence[Person]) -> None:
        self.house.threads.names |= {person.id: person.name for person in people}
        self.house.threads.by_user |= by_user(people, self.config.id)

    # --- TeamChat -----------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, read: Reader) -> None:
        """Let decisions in until cancelled. Raises AuthExpired when the token is dead, Transient when it is away."""
        self.house.me = None
        await self._know_ourselves()
        self._name(await read.people())
        with contextlib.suppress(Permanent):
            await self._offer_commands()
        self.house.known = Engine(intake, read)
        try:
            if self.config.mode == "webhook":
                await self._be_called()
            else:
                await self._ask()
        finally:
            self.house.known = None
            await self.house.settled()

    async def _ask(self) -> None:
        memory = self.house.memory
        if await memory.mark("webhook"):
            await self.house.wire.call("delete_webhook")
            await memory.set_mark("webhook", "")

        async def take(updates: Sequence[Update]) -> None:
            for update in updates:
                await self._ears.hear(update)
            await memory.keep_offset(updates[-1].update_id + 1)

        await self.house.wire.poll(take, await memory.offset(), UPDATES, wait=self._wait)

    async def _be_called(self) -> None:
        if not self._webhook:
            raise AuthExpired(self._lacking())
        await self.house.memory.set_mark("webhook", "set")
        await self.house.wire.call(
            "set_webhook",
            url=f"{self._base_url}{path(self.config)}",
            secret_token=self._webhook,
            allowed_updates=UPDATES,
        )
        await asyncio.Event().wait()

    async def post(self, room: Room, card: Card) -> CardRef:
        """A new topic or card. Raises OutcomeUnknown when the answer was lost."""
        await self._know_ourselves()
        return await self.house.threads.post(room, card)

    async def find_card(self, room: Room, card: Card) -> CardRef | None:
        """The ticket's card as far as it is written down here: a bot cannot read what stands in a group."""
        return await self.house.threads.find(room, card)

    async def update(self, ref: CardRef, card: Card) -> None:
        """Edit what changed, post what is new."""
        await self._know_ourselves()
        await self.house.threads.update(ref, card)

    async def say(self, where: Room | CardRef, message: Message) -> None:
        """Say it in the group, or in the topic or below the card, once for each key."""
        await self._know_ourselves()
        place = (group_of(where), 0, 0) if isinstance(where, Room) else _parts(where)
        called = [
            k.call(user, person.name)
            for person in message.call
            for in_chat, user in sorted(person.identities)
            if in_chat == self.config.id
        ]
        await self._speaker.say(place, message, called, await self._language(where, message.ticket))

    async def _language(self, where: Room | CardRef, ticket: str | None) -> str:
        """The room's."""
        if isinstance(where, Room):
            return where.locale
        known = await self.house.memory.thread(where.room, ticket or "")
        return known.locale if known is not None else self.house.members.locale

    async def tell(self, person: Person, where: CardRef, text: str) -> None:
        """Say it to one person alone, in their own chat with the bot."""
        await self._know_ourselves()
        for chat, user in person.identities:
            if chat == self.config.id and user.isdigit():
                await self.house.tell(int(user), k.sentences(text))

    # --- the rest -----------------------------------------------------------------------------------------------

    async def check(self, rooms: Sequence[Room]) -> list[Light]:
        """Token, rooms and rights: one light for each, and who might count twice."""
        try:
            return await checks.check(self.house, rooms, self._lacking(), self._people)
        finally:
            if self.house.known is None:  # whoever only checks has an event loop of its own, which ends now
                await self.house.wire.aclose()

    def routes(self) -> list[Route]:
        """In webhook mode the one address that Telegram calls, with the secret that it was given."""
        if self.config.mode != "webhook":
            return []
        return [Route(path(self.config), self._called, methods=["POST"])]

    async def aclose(self) -> None:
        """Let the connections go."""
        await self.house.settled()
        await self.house.wire.aclose()

    async def _called(self, request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not self._webhook or not hmac.compare_digest(given.encode(), self._webhook.encode()):
            return PlainTextResponse("forbidden", status_code=403)
        try:
            body = await read_body(
                request, largest=_LARGEST, drained=_LARGEST, seconds=10, too_large="This is no update of Telegram's."
            )
        except Unread as problem:
            return PlainTextResponse(problem.detail, status_code=problem.status)
        try:
            update = Update.de_json(json.loads(body), self.house.wire.bot())
        except (ValueError, TypeError, KeyError, AttributeError):
            return PlainTextResponse("This is no update of Telegram's.", status_code=400)
        try:
            await self._ears.hear(update)
        except NotListening:
            return PlainTextResponse("starting", status_code=503)
        return PlainTextResponse("")

    def _lacking(self) -> str:
        return checks.lacking(self.config, self._token, self._webhook)

    async def _know_ourselves(self) -> None:
        """Who we are; asked once. Raises AuthExpired when the token is missing or dead."""
        if self.house.me is not None:
            return
        async with self._knowing:
            if self.house.me is None:
                if not self._token:
                    raise AuthExpired(self._lacking())
                self.house.me = await self.house.wire.call("get_me")

    async def _offer_commands(self) -> None:
        """The menu behind `/`, in both languages; sent again only when it has changed."""
        offered = {locale: commands(locale) for locale in LANGUAGES}
        version = repr(sorted(offered.items()))
        if await self.house.memory.mark("commands") == str(_checksum(version)):
            return
        for locale, some in offered.items():
            made = [BotCommand(name, about) for name, about in some]
            await self.house.wire.call("set_my_commands", commands=made, language_code="" if locale == "en" else locale)
        await self.house.memory.set_mark("commands", str(_checksum(version)))

    async def _greet(self, room: Room, chat: int, forum: bool) -> None:  # noqa: FBT001  # a callback
        """Say once in a group what right we lack there."""
        moved = await self.house.memory.mark(f"moved:{chat}")
        if moved:
            self.house.wire.moved[chat] = int(moved)
        await self.house.memory.keep_group(self.house.wire.moved.get(chat, chat), room.id)
        with contextlib.suppress(AdapterError):
            lacks = await checks.rights(self.house, chat, forum=forum)
            mark = f"hinted:{chat}:{lacks}"
            if lacks and not await self.house.memory.mark(mark):
                await self.house.threads.send(chat, 0, 0, k.words(text(room.locale, HINTS[lacks])))
                await self.house.memory.set_mark(mark, "said")


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode())


def _parts(ref: CardRef) -> tuple[int, int, int]:
    chat, topic, root = (int(part) for part in ref.native.split(":"))
    return chat, topic, root
