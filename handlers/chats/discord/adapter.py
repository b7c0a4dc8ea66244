"""Discord as a team chat: a post or thread for each ticket, decisions by button, emoji, command and form."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from bot.core.errors import AdapterError, AuthExpired
from bot.core.ports import Can, Intake, Keep, Reader
from bot.core.types import Budget, CardRef, Light, Message, Person, Room
from bot.core.views import Card
from handlers.chats.discord import checks
from handlers.chats.discord.config import Config
from handlers.chats.discord.ears import Ears
from handlers.chats.discord.house import House
from handlers.chats.discord.members import Members
from handlers.chats.discord.memory import Memory
from handlers.chats.discord.rooms import Rooms
from handlers.chats.discord.saying import Saying
from handlers.chats.discord.threads import Threads
from handlers.discord_calls import asked, connected
from handlers.hearing import Engine
from handlers.missing import missing_secret


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class DiscordChat:
    """One bot on Discord. Implements `bot.core.ports.TeamChat`."""

    can: ClassVar[frozenset[str]] = frozenset({Can.EDIT_FORM, Can.REACTIONS, Can.FILES, Can.PRIVATE_ANSWER})
    says_once: ClassVar[bool] = True
    # Each card is a few messages; discord.py paces these by what Discord answers.
    budget: ClassVar[Budget] = Budget(rate=2.0, burst=10)

    def __init__(
        self,
        config: Config,
        *,
        token: str,
        keep: Keep,
        people: Sequence[Person],
        locale: str = "en",
        clock: Callable[[], datetime] = utc_now,
        tz: tzinfo = UTC,
        base_url: str = "",
    ) -> None:
        self.config = config
        self._base_url = base_url
        self._token = token
        self._people = tuple(people)
        self._locale, self._clock, self._tz = locale, clock, tz
        self._memory = Memory(keep)
        self._house: House | None = None
        self._knowing = asyncio.Lock()

    @property
    def house(self) -> House:
        """Everything that works together; made inside the event loop that it works in."""
        if self._house is None:
            client = Ears()
            rooms = Rooms(client, self.config.archive_after)
            self._house = House(
                config=self.config,
                client=client,
                memory=self._memory,
                rooms=rooms,
                threads=Threads(client, self._memory, rooms, self._now),
                members=Members(client, self.config, self._locale),
                clock=self._clock,
                tz=self._tz,
            )
            self._house.threads.names = {person.id: person.name for person in self._people}
            client.furnish(self._house)
        return self._house

    # --- TeamChat -----------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, read: Reader) -> None:
        """Let decisions in until cancelled. Raises AuthExpired when the token is dead, Transient when Discord is."""
        house = await self._ready()
        client = self._client
        house.known = Engine(intake, read)
        house.threads.names |= {person.id: person.name for person in await read.people()}
        if any(kind == "desk" for _, kind in (await read.setup()).about.chats):
            house.threads.desk = f"{self._base_url}/desk"
        try:
            await client.publish_commands()
            await connected(client)
        finally:
            house.known = None
            if client.ws is not None:
                with contextlib.suppress(Exception):
                    await client.ws.close(code=1000)

    async def post(self, room: Room, card: Card) -> CardRef:
        """A new thread. Raises OutcomeUnknown when the answer was lost."""
        return await (await self._ready()).threads.post(room, card)

    async def find_card(self, room: Room, card: Card) -> CardRef | None:
        """The ticket's thread in this room; asks Discord where a card was sent and no answer came."""
        return await (await self._ready()).threads.find(room, card)

    async def update(self, ref: CardRef, card: Card) -> None:
        """Edit what changed, post what is new."""
        await (await self._ready()).threads.update(ref, card)

    async def say(self, where: Room | CardRef, message: Message) -> None:
        """Say it in the room or in the thread, once for each key."""
        house = await self._ready()
        called = [
            user for person in message.call for chat, user in sorted(person.identities) if chat == house.config.id
        ]
        saying = Saying(house.client, house.memory, house.rooms, house.config.on_call_role, self._now)
        await saying.say(where, message, called)

    async def tell(self, person: Person, where: CardRef, text: str) -> None:
        """Say it to one person alone, in a direct message."""
        house = await self._ready()
        for chat, user in person.identities:
            if chat == self.config.id and user.isascii() and user.isdigit():
                await house.whisper(int(user), text)

    # --- the rest -----------------------------------------------------------------------------------------------

    async def check(self, rooms: Sequence[Room]) -> list[Light]:
        """Token, rooms, rights: one light for each, and who might count twice."""
        try:
            return await checks.check(self._ready, self.config, rooms, self._people)
        finally:
            if self._house is not None and self._house.known is None:
                await self.aclose()  # whoever only checks has an event loop of its own, which ends now

    async def aclose(self) -> None:
        """Let the connections go."""
        house, self._house = self._house, None
        if house is not None:
            with contextlib.suppress(Exception):
                await house.client.close()

    def _now(self) -> float:
        return self._clock().timestamp()

    @property
    def _client(self) -> Ears:
        client = self.house.client
        assert isinstance(client, Ears)  # noqa: S101 -- it is made above
        return client

    async def _ready(self) -> House:
        """Everything, logged in. Raises AuthExpired when the token is missing or dead."""
        async with self._knowing:
            if self._house is not None and self._house.client.is_closed():
                self._house = None
            house = self.house
            if house.client.user is None:
                if not self._token:
                    raise AuthExpired(missing_secret(self.config.id, ""))
                try:
                    await asked(house.client.login(self._token))
                except AdapterError:
                    await self.aclose()  # a client that knows half of itself would pass for one that is logged in
                    raise
            return house
