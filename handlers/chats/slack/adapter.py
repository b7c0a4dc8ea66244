"""Slack as a team chat: a thread for each ticket, decisions by button, emoji, command and form."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.core.errors import AuthExpired
from bot.core.ports import Can, Intake, Keep, Reader
from bot.core.types import Budget, CardRef, Light, Message, Person, Room
from bot.core.views import Card
from handlers.chats.slack import blocks as b
from handlers.chats.slack import checks, files
from handlers.chats.slack.config import Config
from handlers.chats.slack.house import House
from handlers.chats.slack.members import Members
from handlers.chats.slack.memory import Memory
from handlers.chats.slack.threads import Threads
from handlers.chats.slack.wire import Wire
from handlers.hearing import Engine

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

LARGEST = 1 << 20
"""Bytes of a request: Slack's are far smaller."""


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class SlackChat:
    """One Slack workspace. Implements `bot.core.ports.TeamChat`."""

    can: ClassVar[frozenset[str]] = frozenset({Can.EDIT_FORM, Can.REACTIONS, Can.FILES, Can.HOME, Can.PRIVATE_ANSWER})
    says_once: ClassVar[bool] = True
    # Each card is a few messages; these are paced by themselves (see `wire`).
    budget: ClassVar[Budget] = Budget(rate=2.0, burst=10)

    def __init__(
        self,
        config: Config,
        *,
        token: str,
        app_token: str,
        signing_secret: str,
        keep: Keep,
        people: Sequence[Person],
        locale: str = "en",
        clock: Callable[[], datetime] = utc_now,
        tz: tzinfo = UTC,
        base_url: str = "",
    ) -> None:
        self.config = config
        self._base_url = base_url
        self._people = tuple(people)
        # Signed requests reach whichever process the address leads to; a socket belongs to one.
        self.everywhere = config.mode == "http"
        self._secrets = {"": token, "APP": app_token, "SIGNING": signing_secret}
        wire = Wire(token, config.base_url, config.messages_per_second)
        memory = Memory(keep)
        self.house = House(
            config=config,
            wire=wire,
            memory=memory,
            threads=Threads(wire, memory, self._me, config.id),
            members=Members(wire, config, locale, lambda: self.house.me.get("team_id", "")),
            clock=clock,
            tz=tz,
        )
        self.house.threads.names = {person.id: person.name for person in people}
        self._app: AsyncApp | None = None
        self._knowing = asyncio.Lock()

    def _me(self) -> Mapping[str, str]:
        return self.house.me

    # --- TeamChat -----------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, read: Reader) -> None:
        """Let decisions in until cancelled. Raises AuthExpired when the token is dead, Transient when Slack is away."""
        self.house.me = {}
        await self._know_ourselves()
        self.house.known = Engine(intake, read)
        self.house.threads.names |= {person.id: person.name for person in await read.people()}
        if any(kind == "desk" for _, kind in (await read.setup()).about.chats):
            self.house.threads.desk = f"{self._base_url}/desk"
        try:
            if self.config.mode == "socket":
                from handlers.chats.slack import socket_mode  # noqa: PLC0415 -- where it is not used, it is not loaded

                await socket_mode.listen(self._bolt(), self.house, self._secret("APP"))
            else:
                await self.house.dead.wait()
                self.house.dead.clear()
                raise AuthExpired(self.house.why_dead)
        finally:
            try:
                await self.house.settled()
            finally:
                self.house.known = None

    async def post(self, room: Room, card: Card) -> CardRef:
        """A new thread. Raises OutcomeUnknown when the answer was lost."""
        await self._know_ourselves()
        return await self.house.threads.post(room, card)

    async def find_card(self, room: Room, card: Card) -> CardRef | None:
        """The ticket's thread in this room; asks Slack (mostly one call) where a card was sent and no answer came."""
        await self._know_ourselves()
        return await self.house.threads.find(room, card)

    async def update(self, ref: CardRef, card: Card) -> None:
        """Edit what changed, post what is new."""
        await self._know_ourselves()
        await self.house.threads.update(ref, card)

    async def say(self, where: Room | CardRef, message: Message) -> None:
        """Say it in the channel or in the thread, once for each key."""
        await self._know_ourselves()
        channel, _, ts = (where.native_id if isinstance(where, Room) else where.native).partition(":")
        users = [user for person in message.call for chat, user in sorted(person.identities) if chat == self.config.id]
        groups = [self.config.on_call_group] if message.on_call and self.config.on_call_group else []
        content = {
            "text": b.calling(users, groups) + b.fallback(message.text),
            "blocks": [*b.mentions(users, groups), *files.content(message)],
        }
        made = await self.house.threads.say_once(channel, ts or None, message.key, content)
        # The rest of a long message stands in its thread.
        head = ts or (made if message.sections else None)
        if message.details and head:
            await files.send_details(self.house.threads, channel, head, message)
        await files.send(self.house.threads, self.house.wire, self.house.memory, (channel, head or None), message)

    async def tell(self, person: Person, where: CardRef, text: str) -> None:
        """Say it to one person alone, in the thread."""
        channel, _, ts = where.native.partition(":")
        for chat, user in person.identities:
            if chat == self.config.id:
                await self.house.tell(user, channel, ts or None, text)

    # --- the rest -----------------------------------------------------------------------------------------------

    async def check(self, rooms: Sequence[Room]) -> list[Light]:
        """Token, scopes, rooms, clock and socket: one light for each, and who might count twice."""
        try:
            return await checks.check(self.house, rooms, self._secrets, self._people)
        finally:
            if self.house.known is None:  # whoever only checks has an event loop of its own, which ends now
                await self.house.wire.aclose()

    def routes(self) -> list[Route]:
        """In HTTP mode the one address that Slack sends everything to; it checks the signature itself."""
        if self.config.mode != "http":
            return []
        return [Route(f"/slack/{self.config.id}", self._request, methods=["POST"])]

    async def aclose(self) -> None:
        """Let the connections go."""
        await self.house.settled()
        await self.house.wire.aclose()

    async def _request(self, request: Request) -> Response:
        from slack_bolt.adapter.starlette.async_handler import (  # noqa: PLC0415 -- only HTTP mode needs it
            to_async_bolt_request,
            to_starlette_response,
        )

        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        if self.house.known is None:
            return PlainTextResponse("starting", status_code=503)
        return to_starlette_response(await self._bolt().async_dispatch(to_async_bolt_request(request, body)))

    def _bolt(self) -> AsyncApp:
        if self._app is None:
            from handlers.chats.slack import ears  # noqa: PLC0415 -- slack-bolt is long to load; `check` needs none

            self._app = ears.application(self.house, self._secrets["SIGNING"])
        return self._app

    async def _know_ourselves(self) -> None:
        """Who we are in Slack; asked once. Raises AuthExpired when the token is missing or dead."""
        if self.house.me:
            return
        async with self._knowing:
            if self.house.me:
                return
            self._secret("")
            answer = await self.house.wire.call("auth.test")
            self.house.me = {name: str(value) for name, value in answer.items() if isinstance(value, str)}

    def _secret(self, part: str) -> str:
        value = self._secrets[part]
        if not value:
            raise AuthExpired(checks.lacking(self.config, self._secrets))
        return value


async def _body(request: Request) -> bytes | None:
    """The request's body, or None when it is larger than Slack's ever are."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return body
