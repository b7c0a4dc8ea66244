"""Slack as the contract of team chats sees it: a workspace of ours in which people press, react and type."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.core.reactions import SIGNS
from bot.core.types import Person, Room
from handlers.chats.slack import Config, create
from handlers.chats.slack.adapter import SlackChat
from tests.contract.chat_side import View
from tests.contract.chat_world import TEAM, Drawer, World
from tests.support.slack_fake import APP_TOKEN, BOT_TOKEN, SIGNING, FakeSlack

USERS = {person.id: f"U0{person.id.upper()}" for person in TEAM}


def identified(users: Mapping[str, str]) -> tuple[Person, ...]:
    """The team with its accounts in Slack."""
    return tuple(replace(person, identities=frozenset({("slack", users[person.id])})) for person in TEAM)


PEOPLE = identified(USERS)
EMOJI = {sign.verb: sign.name for sign in SIGNS}
_CALLS = re.compile(r"<(?:!(?!date\^)|@|#|https?:|mailto:)")


@dataclass(frozen=True)
class Snapshot:
    """A ticket's messages as they were at one moment."""

    root: dict[str, Any]
    messages: list[dict[str, Any]]

    @property
    def wording(self) -> dict[str, Any]:
        """The newest draft's message: the last that has buttons about it, else the last draft, else the card."""
        offered = [one for one in self.messages if any(e["action_id"] != "portavoz:read" for e in elements(one))]
        drafts = [one for one in offered if one is not self.root]
        keyed = [one for one in self.messages if one["metadata"]["event_payload"].get("key", "").startswith("r")]
        return drafts[-1] if drafts else keyed[-1]

    @property
    def revision(self) -> str:
        """The number of the newest draft, as its buttons have it."""
        values = [e["value"] for e in elements(self.wording) if e.get("value", "").count("~") == 2]
        return values[0].split("~")[1] if values else ""


def elements(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Buttons and menus of a message."""
    for block in message["blocks"]:
        if block["type"] == "actions":
            yield from block["elements"]


def texts(node: Any) -> Iterator[str]:
    """What can be read in blocks; buttons are not text."""
    if isinstance(node, list):
        for one in node:
            yield from texts(one)
    elif isinstance(node, dict):
        if node.get("type") in ("button", "static_select"):
            return
        if node.get("type") == "mrkdwn":
            yield re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", node["text"])
        elif isinstance(node.get("text"), str):
            yield node["text"]
        else:
            for value in node.values():
                yield from texts(value)


def found(node: Any) -> Iterator[dict[str, Any]]:
    """Every object inside."""
    if isinstance(node, list):
        for one in node:
            yield from found(one)
    elif isinstance(node, dict):
        yield node
        for value in node.values():
            yield from found(value)


def active(message: dict[str, Any]) -> Iterator[str]:
    """What would call somebody or fetch something by itself."""
    for name in ("unfurl_links", "unfurl_media", "link_names"):
        if message["sent"].get(name) is not False:
            yield name
    if message["sent"].get("parse") != "none" or _CALLS.search(message["text"]):
        yield f"text {message['text']!r:.80}"
    for node in found(message["blocks"]):
        if node.get("type") in ("user", "usergroup", "broadcast", "channel", "image"):
            yield str(node)
        if node.get("type") == "mrkdwn" and _CALLS.search(node["text"]):
            yield str(node["text"])
        if node.get("type") == "plain_text" and node.get("emoji") is not False:
            yield str(node)


class SlackSide:
    """A workspace, the adapter that is connected to it, and its people."""

    chat_id = "slack"
    finds_cards = True
    remote = True
    outsider = "U0OUTSIDE"

    def __init__(self, **settings: Any) -> None:
        self.slack, self.users = FakeSlack(), USERS
        for user in USERS.values():
            self.slack.add_user(user)
        self.slack.add_user(self.outsider, is_restricted=True)
        self._furnish(settings)

    def _furnish(self, settings: dict[str, Any]) -> None:
        """What stands on our side of the workspace."""
        self.people = identified(self.users)
        self.world = World(people=self.people)
        self.keep = Drawer(self.world.clock)
        self.room = Room(id="inbox", chat="slack", native_id=self.slack.inbox, locale="en")
        self.settings = {"messages_per_second": 10_000, **settings}
        self._reacted: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def chat(self) -> SlackChat:
        return self._chat

    async def start(self) -> None:
        if not self.slack.port:
            await self.slack.start()
        await self.connect()

    async def connect(self) -> None:
        """A new adapter."""
        secrets = {"APP": APP_TOKEN, "SIGNING": SIGNING}
        self._chat = create(
            Config(base_url=self.slack.base_url, **self.settings),
            data=Path("unused"),
            base_url="http://127.0.0.1:8600",
            secret=BOT_TOKEN,
            secrets=secrets.get,
            keep=self.keep,
            people=self.people,
            demo=False,
            brand="Acme",
            trusted_proxies=(),
            clock=self.world.clock,
        )
        self._task = asyncio.create_task(self._chat.listen(self.world, self.world))
        end = time.monotonic() + 5
        while self._chat.house.known is None and time.monotonic() < end and not self._task.done():  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        if self._task.done():
            self._task.result()
        if self._chat.config.mode == "socket":
            await self.slack.connected()

    async def disconnect(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._chat.aclose()

    async def stop(self) -> None:
        await self.disconnect()
        await self.slack.stop()

    async def restart(self) -> None:
        await self.disconnect()
        await self.connect()

    def lose_next_answer(self) -> None:
        self.slack.lost.append("chat.postMessage")

    def limit_next(self) -> float:
        self.slack.throttled["chat.postMessage"] = 1
        return self.slack.retry_after

    def revoke(self, dead: bool, /) -> None:
        self.slack.dead_token = "token_revoked" if dead else ""

    async def take_away(self, ticket: str) -> None:
        standing, root = self.slack.messages(), self.snapshot(ticket).root
        for message in self.slack.in_thread(root["ts"]):
            standing.remove(message)

    async def called(self) -> list[str]:
        ours = {user: person for person, user in self.users.items()}
        whom = [
            str(node.get("user_id") or node)
            for message in self.slack.messages()
            for node in found(message["blocks"])
            if node.get("type") in ("user", "usergroup", "broadcast")
        ]
        return [ours.get(one, one) for one in whom]

    async def pictures(self) -> list[str]:
        return [file["alt"] for file in self.slack.files if self.slack.uploads[file["id"]].startswith(b"\x89PNG")]

    async def quiet(self) -> None:
        """Until everything that was put off has been said."""
        while self._chat.house._tasks:
            await asyncio.wait(set(self._chat.house._tasks))

    async def event(self, event: dict[str, Any]) -> None:
        await self.slack.deliver("events_api", self.slack.event(event))
        await self.quiet()

    async def interact(self, payload: dict[str, Any]) -> dict[str, Any]:
        ack = await self.slack.deliver("interactive", payload)
        await self.quiet()
        answer: dict[str, Any] = ack.get("payload") or {}
        return answer

    # --- what people see ------------------------------------------------------------------------------------------

    def snapshot(self, ticket: str) -> Snapshot:
        [root] = [one for one in self.slack.threads() if self._about(one, ticket)]
        shown = [{**one} for one in self.slack.in_thread(root["ts"])]
        return Snapshot(root=shown[0], messages=shown)

    def _about(self, message: dict[str, Any], ticket: str) -> bool:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        return payload.get("ticket") == ticket and payload.get("key") == "root"

    async def cards(self, ticket: str) -> int:
        return sum(self._about(one, ticket) for one in self.slack.threads())

    async def see_card(self, person: str, ticket: str) -> View:
        seen = self.snapshot(ticket)
        nodes = [node for message in seen.messages for node in found(message["blocks"])]
        verbs = set()
        for message in seen.messages:
            for element in elements(message):
                verbs |= {option["value"].partition("|")[0] for option in element.get("options", [])}
                verbs |= {element["action_id"].removeprefix("portavoz:")} - {"more", "read"}
        return View(
            person=person,
            ticket=ticket,
            text="\n".join(text for message in seen.messages for text in texts(message["blocks"])),
            links=tuple(node["url"] for node in nodes if node.get("type") == "link"),
            active=tuple(what for message in seen.messages for what in active(message)),
            controls=frozenset(verbs),
            native=seen,
        )

    async def private_texts(self, person: str) -> list[str]:
        mine = [one for one in self.slack.ephemerals if one["user"] == self.users[person]]
        return ["".join(texts(one["blocks"])) for one in mine]

    async def room_texts(self) -> list[str]:
        return ["".join(texts(message["blocks"])) for message in self.slack.messages()]

    # --- what people do -------------------------------------------------------------------------------------------

    async def decide(self, view: View, verb: str, *, by: str, text: str = "") -> None:
        user, seen = self.users[view.person], view.native
        if by == "reaction":
            await self.react(user, verb, seen.wording["ts"])
        elif by == "command":
            # A line typed in a thread is about what stands there then, unless it names the draft.
            what = f"r{seen.revision}" if verb == "approve" and seen.revision else text
            await self.mention(user, f"{verb} {what}".strip(), seen.root["ts"])
        else:
            await self.press(user, verb, seen, text)

    async def react(self, user: str, verb: str, ts: str) -> None:
        """An emoji; one that stands there already can only be delivered again."""
        event = self._reacted.setdefault((user, verb, ts), self.slack.reaction(user, EMOJI[verb], ts))
        await self.event(event)

    async def mention(self, user: str, line: str, thread: str) -> None:
        escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        event = {"type": "app_mention", "user": user, "channel": self.slack.inbox}
        event["text"] = f"<@{self.slack.bot_user}> {escaped}"
        await self.event({**event, "ts": self.slack.ts(), "thread_ts": thread, "event_ts": self.slack.ts()})

    async def press(self, user: str, verb: str, seen: Snapshot, text: str = "") -> dict[str, Any]:
        before = len(self.slack.views)
        await self.interact(self.body(user, verb, seen))
        if len(self.slack.views) == before:
            return {}
        view = self.slack.views[-1]
        return await self.interact(self.slack.submission(user, view, {"text": text} if text else {}))

    def body(self, user: str, verb: str, seen: Snapshot) -> dict[str, Any]:
        """Pressing what was shown; a button that was not shown can still be asked for by hand."""
        for message in reversed(seen.messages):
            for element in elements(message):
                if element["action_id"] == f"portavoz:{verb}":
                    return self.slack.press(user, message, element)
                for option in element.get("options", []):
                    if option["value"].startswith(f"{verb}|"):
                        return self.slack.press(user, message, element, option["value"])
        value = next(e["value"] for one in reversed(seen.messages) for e in elements(one) if "value" in e)
        made = {"type": "button", "action_id": f"portavoz:{verb}", "value": value}
        return self.slack.press(user, seen.wording, made)

    async def intrude(self, ticket: str, verb: str) -> None:
        seen = self.snapshot(ticket)
        await self.press(self.outsider, verb, seen)
        await self.react(self.outsider, verb, seen.wording["ts"])
        await self.mention(self.outsider, verb, seen.root["ts"])
