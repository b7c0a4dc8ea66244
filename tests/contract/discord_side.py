"""Discord as the contract of team chats sees it: a server in simcord, in which people press, react and type.

simcord runs discord.py's own parsers, commands and views over a model of Discord that we did not write; there is no
socket, so that the client's `connect` waits in place of one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
from simcord import Env
from simcord.actors import MemberActor, _component_interaction
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult, to_discord_message

from bot.core.reactions import SIGNS
from bot.core.types import Person, Room
from handlers.chats.discord import Config, create
from handlers.chats.discord.adapter import DiscordChat
from tests.contract.chat_side import View
from tests.contract.chat_world import TEAM, Drawer, World
from tests.support.discord_reading import Read, read

EMOJI = {sign.verb: sign.emoji for sign in SIGNS}


@dataclass(frozen=True)
class Snapshot:
    """A ticket's messages as they were at one moment, the card first, as Discord stores them."""

    thread: int
    messages: list[Any]

    @property
    def root(self) -> Any:
        return self.messages[0]

    @property
    def wording(self) -> Any:
        """The newest draft's message: the last that has buttons about it, else the last draft."""
        offered = [one for one in self.messages[1:] if any(part["type"] == 2 for part in parts(one))]
        drafts = [one for one in offered if not parts(one)[0]["custom_id"].startswith("portavoz:read")]
        keyed = [one for one in self.messages if " · r" in footer(one)]
        return drafts[-1] if drafts else (keyed or self.messages)[-1]

    @property
    def revision(self) -> str:
        """The number of the newest draft, as its buttons have it."""
        found = [part["custom_id"].split("~")[1] for part in parts(self.wording) if part["type"] == 2]
        return found[0] if found else ""


def footer(message: Any) -> str:
    """What our messages are known by."""
    return next((one["footer"]["text"] for one in message.embeds if "footer" in one), "")


def parts(message: Any) -> list[dict[str, Any]]:
    """Buttons and menus of a message."""
    return [part for row in message.components for part in row["components"]]


def seen(messages: Sequence[Any]) -> Read:
    """What people read in messages."""
    whole = Read()
    for message in messages:
        read(message.content, whole)
        whole.text += "\n"
        for embed in message.embeds:
            read(embed.get("description", ""), whole)
            whole.text += f"\n{embed.get('footer', {}).get('text', '')}\n"
            if "image" in embed:
                whole.active.append(embed["image"]["url"])
        if message.ping_user_ids or message.ping_role_ids or message.mention_everyone:
            whole.active.append(f"calls {message.ping_user_ids}")
    return whole


class DiscordSide:
    """A server, the adapter whose bot is in it, and its people. `forum`: tickets are posts, else threads."""

    chat_id = "discord"
    finds_cards = True
    remote = True

    def __init__(self, *, forum: bool = True, **settings: Any) -> None:
        self.world = World()
        self.keep = Drawer(self.world.clock)
        self.forum, self.settings = forum, settings
        self.members: dict[str, MemberActor] = {}
        self.people: tuple[Person, ...] = ()
        self.lost, self.limited = 0, 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def chat(self) -> DiscordChat:
        return self._chat

    # --- the server -----------------------------------------------------------------------------------------------

    async def start(self) -> None:
        self._make()
        self.env = Env(self._chat.house.client)
        await self.env.start()
        self.world.clock.at = self.env.now()  # the emulator's ids are made of its own time
        self.guild = self.env.create_guild()
        make = self.guild.create_forum_channel if self.forum else self.guild.create_text_channel
        self.channel = make("inbox")
        for person in TEAM:
            self.members[person.id] = self.guild.add_member(self.env.create_user(person.id))
        self.outsider = self.guild.add_member(self.env.create_user("outsider"))
        self.people = tuple(
            replace(person, identities=frozenset({("discord", str(self.members[person.id].id))})) for person in TEAM
        )
        self.world.team |= {person.id: person for person in self.people}
        self.room = Room(id="inbox", chat="discord", native_id=str(self.channel.id), locale="en")
        await self._listen()

    def _make(self) -> None:
        self._chat = create(
            Config(**self.settings),
            data=Path("unused"),
            base_url="http://127.0.0.1:8600",
            secret="a-token",
            secrets=lambda _: None,
            keep=self.keep,
            people=self.people,
            demo=False,
            brand="Acme",
            trusted_proxies=(),
            clock=self.world.clock,
        )
        # The emulator has no socket to keep open.
        self._chat.house.client.connect = self._connected  # type: ignore[method-assign]

    async def _connected(self, *, reconnect: bool = True) -> None:
        del reconnect
        self._up.set()
        await asyncio.Event().wait()

    async def _listen(self) -> None:
        self._up = asyncio.Event()
        http = self._chat.house.client.http
        answer = http.request

        async def request(route: discord.http.Route, **given: Any) -> Any:
            if self.limited and route.method == "POST" and route.path.startswith("/channels/"):
                seconds, self.limited = self.limited, 0.0
                raise discord.RateLimited(seconds)
            done = await answer(route, **given)
            if self.lost and route.method == "POST" and route.path.startswith("/channels/"):
                self.lost -= 1
                raise TimeoutError
            return done

        http.request = request  # type: ignore[method-assign]  # the emulator's, whose answers never get lost
        self._task = asyncio.create_task(self._chat.listen(self.world, self.world))
        up = asyncio.create_task(self._up.wait())
        await asyncio.wait({self._task, up}, return_when=asyncio.FIRST_COMPLETED, timeout=30)
        if self._task.done():
            self._task.result()

    async def _stop_listening(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._chat.aclose()

    async def stop(self) -> None:
        await self._stop_listening()
        await self.env.shutdown()
        assert self.env.errors == []

    async def restart(self) -> None:
        await self._stop_listening()
        self._make()
        await self.env.restart_bot(self._chat.house.client)
        await self._listen()

    def lose_next_answer(self) -> None:
        self.lost = 1

    def limit_next(self) -> float:
        self.limited = 90.0  # what is shorter the library waits for by itself
        return self.limited

    def revoke(self, dead: bool, /) -> None:
        if dead:
            self.env.inject_error("*", "*", status=401, message="401: Unauthorized", times=None)
        else:
            self.env.backend.faults.clear()

    async def take_away(self, ticket: str) -> None:
        thread = self.snapshot(ticket).thread
        if not self.forum:
            self.env.backend.delete_message(self.channel.id, thread)
        self.env.backend.delete_channel(thread)
        await self.env.settle()

    async def called(self) -> list[str]:
        ours = {member.id: person for person, member in self.members.items()}
        return [
            ours.get(who, str(who))
            for one in self._everything()
            for who in [*one.ping_user_ids, *one.ping_role_ids, *(["everyone"] if one.mention_everyone else [])]
        ]

    async def pictures(self) -> list[str]:
        return [file["description"] for one in self._everything() for file in one.attachments]

    # --- what people see ------------------------------------------------------------------------------------------

    def _threads(self) -> Iterator[tuple[int, list[Any]]]:
        for channel in list(self.env.backend.channels.values()):
            if channel.is_thread and channel.parent_id == self.channel.id:
                stored = self.env.backend.messages.get(channel.id, {})
                messages = [one for one in sorted(stored.values(), key=lambda one: one.id) if not one.is_ephemeral]
                head = self.env.backend.messages.get(self.channel.id, {}).get(channel.id)
                yield channel.id, [*([head] if head is not None else []), *messages]

    def snapshot(self, ticket: str) -> Snapshot:
        [found] = [
            (number, messages)
            for number, messages in self._threads()
            if any(footer(one) == f"{ticket} · root" for one in messages)
        ]
        return Snapshot(found[0], [replace(one) for one in found[1] if one.embeds])

    def _everything(self) -> list[Any]:
        """What stands in the room for all to read."""
        main = list(self.env.backend.messages.get(self.channel.id, {}).values())
        return [one for one in main if not one.is_ephemeral] + [
            one for number, messages in self._threads() for one in messages if one.id != number or self.forum
        ]

    async def cards(self, ticket: str) -> int:
        return sum(footer(one) == f"{ticket} · root" for one in self._everything())

    async def see_card(self, person: str, ticket: str) -> View:
        shot = self.snapshot(ticket)
        whole = seen(shot.messages)
        verbs = set()
        for part in (part for message in shot.messages for part in parts(message)):
            verbs |= {option["value"] for option in part.get("options", [])}
            verbs |= {part["custom_id"].split(":")[1]} - {"more", "read"}
        return View(
            person=person,
            ticket=ticket,
            text=whole.text,
            links=tuple(whole.links),
            active=tuple(whole.active),
            controls=frozenset(verbs),
            native=shot,
        )

    async def private_texts(self, person: str) -> list[str]:
        member, found = self.members[person], []
        for number, stored in self.env.backend.messages.items():
            direct = self.env.backend.dm_channels.get(member.id) == number
            found += [one for one in stored.values() if direct or (one.is_ephemeral and one.visible_to(member.id))]
        return [seen([one]).text for one in found]

    async def room_texts(self) -> list[str]:
        return [seen([one]).text for one in self._everything()]

    # --- what people do -------------------------------------------------------------------------------------------

    def where(self, thread: int) -> ChannelHandle:
        return ChannelHandle(self.env, self.guild, self.env.backend.get_channel(thread))

    async def decide(self, view: View, verb: str, *, by: str, text: str = "") -> None:
        member, shot = self.members[view.person], view.native
        if by == "reaction":
            await self.react(member, verb, shot.wording)
        elif by == "command":
            # A line typed in a thread is about what stands there then, unless it names the draft.
            what = f"r{shot.revision}" if verb == "approve" and shot.revision else text
            who, words = what.partition(" ")[::2] if what.startswith("@") else ("", what)
            given = {"ticket": view.ticket} | {name: one for name, one in (("who", who), ("text", words)) if one}
            await member.slash(self.where(shot.thread), f"portavoz {verb}", **given)
        else:
            await self.press(member, verb, shot, text)

    async def react(self, member: MemberActor, verb: str, stored: Any) -> None:
        await member.react(to_discord_message(self.env, stored), EMOJI[verb])

    async def press(self, member: MemberActor, verb: str, shot: Snapshot, text: str = "") -> InteractionResult:
        stored, data = self.body(verb, shot)
        shown = await _component_interaction(member, stored, data)
        if shown.modal is None:
            return shown
        given = {"text": text} if text else {}
        return await member.submit_modal(shown, given)

    def body(self, verb: str, shot: Snapshot) -> tuple[Any, dict[str, Any]]:
        """Pressing what was shown; a button that was not shown can still be asked for by hand."""
        for message in reversed(shot.messages):
            for part in parts(message):
                if part["custom_id"].startswith(f"portavoz:{verb}:"):
                    return message, {"custom_id": part["custom_id"], "component_type": 2}
                if any(option["value"] == verb for option in part.get("options", [])):
                    return message, {"custom_id": part["custom_id"], "component_type": 3, "values": [verb]}
        known = next(part["custom_id"] for message in reversed(shot.messages) for part in parts(message))
        made = f"portavoz:{verb}:{known.rpartition(':')[2]}"
        return shot.wording, {"custom_id": made, "component_type": 2}

    async def intrude(self, ticket: str, verb: str) -> None:
        shot = self.snapshot(ticket)
        await self.press(self.outsider, verb, shot)
        await self.react(self.outsider, verb, shot.wording)
        await self.outsider.slash(self.where(shot.thread), f"portavoz {verb}", ticket=ticket)
