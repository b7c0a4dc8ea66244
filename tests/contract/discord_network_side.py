"""The other side of Discord as a network: a server in simcord whose members write, and a transport that can fail."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from fnmatch import fnmatch
from typing import Any

import discord
from simcord import Env
from simcord.actors import MemberActor
from simcord.results import to_discord_message

from handlers.networks.discord import Config
from handlers.networks.discord.adapter import DiscordNetwork
from tests.contract.network_side import (
    ANSWER,
    BY_HAND,
    EDIT,
    HISTORY,
    LIMITED,
    LOSES,
    PRIVATE,
    REFUSAL,
    TROUBLE,
    WITHDRAW,
)

HISTORY_OF = ("GET", "/channels/*/messages")
WHERE = {
    "publish": ("POST", "/channels/*/messages"),
    "listen": HISTORY_OF,
    "find": HISTORY_OF,
    "conversation": HISTORY_OF,
    "current": ("GET", "/channels/*/messages/*"),
    "check": ("GET", "/oauth2/applications/@me"),
}


class Refusal:
    """As much of an answer as discord.py's errors read."""

    def __init__(self, status: int) -> None:
        self.status, self.reason = status, "refused"
        self.headers: dict[str, str] = {}


def failure(trouble: str, seconds: float) -> Exception:
    """What the client library raises."""
    match trouble:
        case "rate_limited":
            return discord.RateLimited(seconds)
        case "dead_token":
            return discord.HTTPException(Refusal(401), {"code": 0, "message": "401: Unauthorized"})  # type: ignore[arg-type]
        case "rejected":
            said = {"code": 200000, "message": "Message was blocked by automatic moderation"}
            return discord.HTTPException(Refusal(400), said)  # type: ignore[arg-type]
        case "late":
            return TimeoutError()
        case _:
            return discord.DiscordServerError(Refusal(503), {"code": 0, "message": "away"})  # type: ignore[arg-type]


class DiscordNetworkSide:
    """One channel of one server, the bot in it, and its members."""

    can = frozenset({ANSWER, BY_HAND, EDIT, HISTORY, LIMITED, LOSES, PRIVATE, REFUSAL, TROUBLE, WITHDRAW})
    account = "discord-community"
    limit = 2000

    def __init__(self, **settings: Any) -> None:
        self._settings = {"direct_messages": True, **settings}
        self._members: dict[str, MemberActor] = {}
        self._faults: list[tuple[str, str, float]] = []

    async def start(self) -> None:
        # A channel has to be named before the server is there: the real one is put in its place below.
        self._config = Config(channels=("10000",), team_roles=frozenset({"Team"}), **self._settings)
        self._make()
        self.env = Env(self.network.client)
        # The emulator's ids are made of its own time, which has to be everybody else's.
        self.env.backend.clock._epoch = datetime.now(UTC).replace(microsecond=0)
        await self.env.start()
        self.guild = self.env.create_guild()
        self.channel = self.guild.create_text_channel("help")
        team = self.guild.create_role("Team")
        self.colleague = self.guild.add_member(self.env.create_user("colleague"), roles=[team])
        self._config = Config(channels=(str(self.channel.id),), team_roles=frozenset({"Team"}), **self._settings)
        await self.restart()

    def _make(self) -> None:
        self.network = DiscordNetwork(self._config, token="a-token")
        # The emulator has no socket to keep open.
        self.network.client.connect = self._connected  # type: ignore[method-assign]

    async def _connected(self, *, reconnect: bool = True) -> None:
        del reconnect
        await asyncio.Event().wait()

    async def restart(self) -> None:
        await self.network.aclose()
        self._make()
        await self.env.restart_bot(self.network.client)
        http = self.network.client.http
        answer = http.request

        async def request(route: discord.http.Route, **given: Any) -> Any:
            path = route.url.partition("/v10")[2]
            for fault in list(self._faults):
                operation, trouble, seconds = fault
                method, pattern = WHERE[operation]
                if route.method == method and fnmatch(path, pattern) and path.count("/") == pattern.count("/"):
                    self._faults.remove(fault)
                    if trouble in ("error_after", "late"):
                        await answer(route, **given)
                    raise failure(trouble, seconds)
            return await answer(route, **given)

        http.request = request  # type: ignore[method-assign]  # the emulator's, which never fails like this

    async def stop(self) -> None:
        await self.network.aclose()
        await self.env.shutdown()
        assert self.env.errors == []

    def _stored(self, native_id: str) -> Any:
        channel, _, message = native_id.partition(".")
        return self.env.backend.messages[int(channel)][int(message)]

    def _native(self, message: discord.Message) -> str:
        return f"{message.channel.id}.{message.id}"

    def member(self, visitor: str, author: str) -> MemberActor:
        if visitor not in self._members:
            shown = re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", author)
            self._members[visitor] = self.guild.add_member(self.env.create_user(visitor, global_name=shown))
        return self._members[visitor]

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        text = re.sub("[\ud800-\udfff]", "\ufffd", text)
        target = to_discord_message(self.env, self._stored(answering)) if answering else None
        return self._native(await self.member(visitor or "vera", author).send(self.channel, text, reply_to=target))

    async def edit(self, native_id: str, text: str) -> None:
        await self._members["vera"].edit(to_discord_message(self.env, self._stored(native_id)), text)

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        raise NotImplementedError("files have the emulator's own addresses")

    async def withdraw(self, native_id: str) -> None:
        await self._members["vera"].delete(to_discord_message(self.env, self._stored(native_id)))

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        target = to_discord_message(self.env, self._stored(native_id))
        return self._native(await self.colleague.send(self.channel, text, reply_to=target))

    async def whisper(self, text: str) -> str:
        return self._native(await self.member("vera", "Vera").send_dm(text))

    async def audience(self, native_id: str) -> list[str]:
        direct = {str(number) for number in self.env.backend.dm_channels.values()}
        kind = "private" if native_id.partition(".")[0] in direct else "public"
        return [kind for _ in await self.replies(native_id)]

    async def lose(self, native_id: str) -> None:
        channel, _, message = native_id.partition(".")
        self.env.backend.messages[int(channel)].pop(int(message))

    async def takes(self, native_id: str, text: str) -> bool:
        channel, _, message = native_id.partition(".")
        partial = self.network.client.get_partial_messageable(int(channel)).get_partial_message(int(message))
        try:
            await partial.reply(text)
        except discord.HTTPException:
            return False
        return True

    async def said(self, native_id: str) -> str:
        text = re.sub(r"\r\n?", "\n", self._stored(native_id).content)
        return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", text).strip()

    async def replies(self, native_id: str) -> list[str]:
        channel, _, message = native_id.partition(".")
        mine = [
            one
            for one in sorted(self.env.backend.messages[int(channel)].values(), key=lambda one: one.id)
            if one.author_id == self.env.backend.bot_user.id
        ]
        return [one.content for one in mine if one.reference and str(one.reference.get("message_id")) == message]

    async def page(self, url: str) -> str:
        *_, channel, message = url.split("/")
        text: str = self._stored(f"{channel}.{message}").content
        return text

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        self._faults.append((operation, trouble, seconds))

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        raise NotImplementedError("nothing is moderated first")
