"""Telegram as the contract of team chats sees it: a group of ours in which people press, react and type."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.core.types import Person, Room
from handlers.chats.telegram import Config, create
from handlers.chats.telegram.adapter import TelegramChat
from handlers.chats.telegram.offers import REACTIONS
from tests.contract.chat_side import View
from tests.contract.chat_world import TEAM, Drawer, World
from tests.support.telegram_people import People
from tests.support.telegram_server import BOT_ID, TOKEN, TelegramServer
from tests.support.telegram_text import piece

USERS = {person.id: 100 + number for number, person in enumerate(TEAM)}
OUTSIDER = 666
GROUP = -1001234567890
PEOPLE = tuple(replace(person, identities=frozenset({("telegram", str(USERS[person.id]))})) for person in TEAM)
EMOJI = {verb: emoji for emoji, verb in REACTIONS.items()}
ALIVE = frozenset({"mention", "text_mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
_TURNS = itertools.count(1)


@dataclass(frozen=True)
class Snapshot:
    """A ticket's messages as they were at one moment, the card first."""

    topic: int
    messages: list[dict[str, Any]]

    @property
    def root(self) -> dict[str, Any]:
        return self.messages[0]

    @property
    def wording(self) -> dict[str, Any]:
        """The newest draft's message."""
        offered = [one for one in self.messages[1:] if list(buttons(one))]
        return offered[-1] if offered else self.messages[-1]

    @property
    def revision(self) -> str:
        """The number of the newest draft, as the buttons have it."""
        data = [data for one in self.messages for data in buttons(one)]
        return data[-1].partition("|")[2].split("~")[1] if data else ""


def buttons(message: dict[str, Any]) -> Iterator[str]:
    """What the buttons of a message say when they are pressed."""
    for row in (message.get("reply_markup") or {}).get("inline_keyboard") or []:
        for button in row:
            yield button["callback_data"]


class TelegramSide:
    """A group, the adapter that works in it, and its people."""

    chat_id = "telegram"
    finds_cards = False
    remote = True

    def __init__(self, *, forum: bool = True, **settings: Any) -> None:
        self.server = TelegramServer()
        self.doing = People(self.server)
        self.group = self.server.add_group(GROUP, "Care", is_forum=forum)
        for person, user in USERS.items():
            self.server.add_user(user, person.title())
            self.group.statuses[user] = "member"
        self.server.add_user(OUTSIDER, "Mallory")
        self.people: tuple[Person, ...] = PEOPLE
        self.world = World(people=self.people)
        self.keep = Drawer(self.world.clock)
        self.room = Room(id="inbox", chat="telegram", native_id=str(GROUP), locale="en")
        self.settings = {"messages_per_minute": 1_000_000, **settings}
        self._task: asyncio.Task[None] | None = None
        self._reacted: dict[tuple[int, str, int], dict[str, Any]] = {}

    @property
    def chat(self) -> TelegramChat:
        return self._chat

    async def start(self) -> None:
        await self.server.start()
        await self.connect()

    async def connect(self) -> None:
        """A new adapter, which asks for updates when this returns."""
        self._chat = create(
            Config(base_url=self.server.base, **self.settings),
            data=Path("unused"),
            base_url="http://127.0.0.1:8600",
            secret=TOKEN,
            secrets={"WEBHOOK": "a-word"}.get,
            keep=self.keep,
            people=self.people,
            demo=False,
            brand="Acme",
            trusted_proxies=(),
            clock=self.world.clock,
        )
        begun = "setWebhook" if self._chat.config.mode == "webhook" else "getUpdates"
        asked = self.server.calls[begun]
        self._task = asyncio.create_task(self._chat.listen(self.world, self.world))
        async with asyncio.timeout(20):
            while self.server.calls[begun] == asked and not self._task.done():  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        if self._task.done():
            self._task.result()

    async def disconnect(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._chat.aclose()

    async def stop(self) -> None:
        await self.disconnect()
        await self.server.stop()

    async def restart(self) -> None:
        await self.disconnect()
        await self.connect()

    def lose_next_answer(self) -> None:
        self.server.spoil("sendMessage", "lost")

    def limit_next(self) -> float:
        self.server.spoil("sendMessage", "rate_limited", 7)
        return 7.0

    def revoke(self, dead: bool, /) -> None:
        self.server.dead = dead

    async def take_away(self, ticket: str) -> None:
        for number, message in list(self.group.messages.items()):
            if self.about(message, ticket):
                del self.group.messages[number]
                self.group.topics.pop(message.get("message_thread_id", 0), None)

    async def called(self) -> list[str]:
        ours = {user: person for person, user in USERS.items()}
        parts = [(one, entity) for one in self.group.messages.values() for entity in one.get("entities", [])]
        return [
            ours.get(entity["user"]["id"], "?") if entity["type"] == "text_mention" else piece(one["text"], entity)
            for one, entity in parts
            if entity["type"] in ("mention", "text_mention")
        ]

    async def pictures(self) -> list[str]:
        return [one.get("caption", "") for one in self.group.messages.values() if "photo" in one]

    async def quiet(self) -> None:
        """Until everything that was put off has been said."""
        while self._chat.house._tasks:
            await asyncio.wait(set(self._chat.house._tasks))

    # --- what people see ------------------------------------------------------------------------------------------

    def about(self, message: dict[str, Any], ticket: str) -> bool:
        """Whether it is one of a ticket's messages; its heading has the id in it."""
        ours = message.get("from", {}).get("id") == BOT_ID
        return ours and ticket in message.get("text", "").partition("\n")[0]

    def snapshot(self, ticket: str) -> Snapshot:
        mine = [dict(one) for one in self.group.messages.values() if self.about(one, ticket)]
        return Snapshot(topic=mine[0].get("message_thread_id", 0), messages=mine)

    async def cards(self, ticket: str) -> int:
        mine = [one for one in self.group.messages.values() if self.about(one, ticket)]
        return sum("👤" in one["text"] for one in mine)

    async def see_card(self, person: str, ticket: str) -> View:
        seen = self.snapshot(ticket)
        entities = [(one["text"], entity) for one in seen.messages for entity in one.get("entities", [])]
        verbs = {data.partition("|")[0] for one in seen.messages for data in buttons(one)}
        previews = tuple("preview" for one in seen.messages if one.get("_previews"))
        return View(
            person=person,
            ticket=ticket,
            text="\n".join(one["text"] for one in seen.messages),
            links=tuple(entity["url"] for _, entity in entities if entity["type"] == "text_link"),
            active=(*previews, *(piece(text, entity) for text, entity in entities if entity["type"] in ALIVE)),
            controls=frozenset(verbs - {"more", "read"}),
            native=seen,
        )

    async def private_texts(self, person: str) -> list[str]:
        user = USERS[person]
        alone = [
            one.get("text", "") for one in self.server.chats[user].messages.values() if one["from"]["id"] == BOT_ID
        ]
        return [*alone, *(one["text"] for one in self.server.answers if one["user"] == user and one.get("show_alert"))]

    async def room_texts(self) -> list[str]:
        return [one["text"] for one in self.group.messages.values() if "text" in one]

    # --- what people do -------------------------------------------------------------------------------------------

    async def decide(self, view: View, verb: str, *, by: str, text: str = "") -> None:
        user, seen = USERS[view.person], view.native
        if by == "reaction":
            await self.react(user, verb, seen.wording["message_id"])
        elif by == "command":
            # A line typed below a card is about what stands there then, unless it names the draft.
            what = f"r{seen.revision}" if verb == "approve" and seen.revision else text
            await self.type_in(user, f"{verb} {what}".strip(), seen)
        else:
            await self.press(user, verb, seen, text)
        await self.quiet()

    async def react(self, user: int, verb: str, message: int) -> None:
        """An emoji; one that stands there already can only be delivered again."""
        known = self._reacted.get((user, verb, message))
        if known is not None:
            await self.doing.told("message_reaction", known)
            return
        self._reacted[user, verb, message] = await self.doing.react(user, self.group, message, EMOJI[verb])

    async def type_in(self, user: int, line: str, seen: Snapshot) -> None:
        """In the ticket's topic, or as an answer to its card; with our name and without by turns."""
        word, _, rest = line.partition(" ")
        command = f"{self.doing.command(word) if next(_TURNS) % 2 else '/' + word} {rest}".strip()
        answering = None if seen.topic else seen.root["message_id"]
        await self.doing.write(user, self.group, command, answering=answering, topic=seen.topic)

    async def press(self, user: int, verb: str, seen: Snapshot, text: str = "") -> None:
        """Pressing what was shown; a button that was not shown can still be asked for by hand."""
        shown = [(one, data) for one in reversed(seen.messages) for data in buttons(one)]
        exact = [(one, data) for one, data in shown if data.startswith(f"{verb}|")]
        message, data = exact[0] if exact else shown[0]
        await self.doing.press(user, self.group, message, f"{verb}|{data.partition('|')[2]}")
        await self.quiet()
        if text:
            own = self.server.chats[user]
            [asked] = [at for at, one in own.messages.items() if (one.get("_wants") or {}).get("force_reply")]
            await self.doing.write(user, own, text, answering=asked)
            await self.quiet()

    async def intrude(self, ticket: str, verb: str) -> None:
        seen = self.snapshot(ticket)
        await self.press(OUTSIDER, verb, seen)
        await self.react(OUTSIDER, verb, seen.wording["message_id"])
        await self.type_in(OUTSIDER, verb, seen)
        await self.quiet()
