"""The real client over real sockets to a server of ours: login, gateway, its loss and resumption, dead tokens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl
from aiohttp import web

from bot.core.errors import AuthExpired, Transient
from handlers.chats.discord import Config, create
from handlers.chats.discord.adapter import DiscordChat
from handlers.discord_calls import connected
from handlers.networks.discord import Config as NetworkConfig
from handlers.networks.discord.adapter import DiscordNetwork
from tests.contract.chat_world import Drawer, World
from tests.contract.network_side import RecordingIntake

BOT = {"id": "100000000000000001", "username": "portavoz", "discriminator": "0", "avatar": None, "bot": True}
APPLICATION = {"id": "100000000000000002", "name": "portavoz", "description": "", "flags": 0, "icon": None}
APPLICATION |= {
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
    "rpc_origins": None,
    "owner": BOT,
}
LIMIT = 30.0


CHANNEL = {"id": "12345", "type": 0, "guild_id": "54321", "name": "help", "position": 0, "permission_overwrites": []}


def answered(value: object, status: int = 200) -> web.Response:
    """JSON under the very type that the library looks for."""
    return web.Response(body=json.dumps(value), status=status, headers={"Content-Type": "application/json"})


class Vendor:
    """As much of Discord as a connection needs. `orders` are what the gateway says next, `heard` what it was told."""

    def __init__(self) -> None:
        self.token, self.broken = "good", False
        self.heard: list[int] = []
        self.commands: list[Any] = []
        self.orders: asyncio.Queue[dict[str, Any] | int] = asyncio.Queue()
        self.port = 0
        self.changed = asyncio.Event()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/api/v10/users/@me", self._me)
        app.router.add_get("/api/v10/oauth2/applications/@me", self._application)
        app.router.add_put("/api/v10/applications/{id}/commands", self._commands)
        app.router.add_get("/api/v10/channels/12345", self._channel)
        app.router.add_get("/api/v10/channels/12345/messages", self._nothing)
        app.router.add_get("/api/v10/guilds/54321/threads/active", self._threads)
        app.router.add_get("/", self._gateway)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def until(self, number: int) -> None:
        """Wait until the gateway has heard so many introductions."""
        async with asyncio.timeout(LIMIT):
            while len(self.heard) < number:
                self.changed.clear()
                await self.changed.wait()

    def _lets_in(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bot {self.token}"

    async def _me(self, request: web.Request) -> web.Response:
        if not self._lets_in(request):
            return answered({"code": 0, "message": "401: Unauthorized"}, 401)
        return answered(BOT)

    async def _application(self, request: web.Request) -> web.Response:
        del request
        return answered({"code": 0}, 503) if self.broken else answered(APPLICATION)

    async def _channel(self, request: web.Request) -> web.Response:
        del request
        return answered(CHANNEL)

    async def _nothing(self, request: web.Request) -> web.Response:
        del request
        return answered([])

    async def _threads(self, request: web.Request) -> web.Response:
        del request
        return answered({"threads": [], "members": []})

    async def _commands(self, request: web.Request) -> web.Response:
        self.commands = await request.json()
        return answered([])

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        told = json.loads((await socket.receive()).data)
        while told["op"] == 1:
            told = json.loads((await socket.receive()).data)
        self.heard.append(told["op"])
        ready = {"v": 10, "user": BOT, "guilds": [], "session_id": "s", "application": {"id": BOT["id"], "flags": 0}}
        ready["resume_gateway_url"] = f"ws://127.0.0.1:{self.port}/"
        event = {"t": "RESUMED", "d": {}} if told["op"] == 6 else {"t": "READY", "d": ready}
        await socket.send_json({"op": 0, "s": len(self.heard), **event})
        self.changed.set()
        order = await self.orders.get()
        if isinstance(order, int):
            await socket.close(code=order)
        else:
            await socket.send_json(order)
            await socket.receive()
        return socket


@pytest.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Vendor]:
    vendor = Vendor()
    await vendor.start()
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{vendor.port}/api/v10")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"ws://127.0.0.1:{vendor.port}/"))
    yield vendor
    await vendor.stop()


def chat_with(token: str, world: World) -> DiscordChat:
    return create(
        Config(),
        data=Path("unused"),
        base_url="",
        secret=token,
        secrets=lambda _: None,
        keep=Drawer(world.clock),
        people=(),
        demo=False,
        brand="Acme",
        trusted_proxies=(),
    )


async def test_a_connection_that_is_lost_is_resumed_and_a_dead_token_ends_it(vendor: Vendor) -> None:
    world = World()
    chat = chat_with("good", world)
    listening = asyncio.create_task(chat.listen(world, world))
    await vendor.until(1)
    assert [one["name"] for one in vendor.commands] == ["portavoz", "Approve reply"]
    assert len(vendor.commands[0]["options"]) <= 25
    spanish = {one["name_localizations"]["es-ES"] for one in vendor.commands[0]["options"] if one["name"] != "line"}
    assert {"aprobar", "editar", "posponer"} <= spanish
    vendor.orders.put_nowait({"op": 7, "d": None})
    await vendor.until(2)
    assert vendor.heard == [2, 6], "introduced, then resumed"
    vendor.orders.put_nowait(4004)
    async with asyncio.timeout(LIMIT):
        with pytest.raises(AuthExpired, match="4004"):
            await listening
    vendor.commands = []
    again = asyncio.create_task(chat.listen(world, world))
    await vendor.until(3)
    assert vendor.commands == [], "Discord knows them already"
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)
    await chat.aclose()


async def test_a_gateway_that_stays_away_is_told(vendor: Vendor) -> None:
    world = World()
    chat = chat_with("good", world)
    assert [light.code for light in await chat.check([])] == ["account_ok"]
    client = chat.house.client
    await client.login("good")
    await vendor.stop()
    async with asyncio.timeout(LIMIT):
        with pytest.raises(Transient, match="is lost"):
            await connected(client, down=0.05, look=0.02)
    await chat.aclose()


async def test_a_token_that_is_refused_and_a_missing_one_are_told(vendor: Vendor) -> None:
    world = World()
    for token, said in (("bad", "refuses"), ("", "PORTAVOZ_SECRET_DISCORD is not set")):
        chat = chat_with(token, world)
        [light] = await chat.check([])
        assert (light.code, light.state) == ("account_auth", "red")
        assert said in str(light.params["reason"])
    chat = chat_with("good", world)
    vendor.broken = True  # half of the login works
    assert [light.code for light in await chat.check([])] == ["account_unreachable"]
    vendor.broken = False
    assert [light.code for light in await chat.check([])] == ["account_ok"]
    await vendor.stop()
    [light] = await chat.check([])
    assert light.code == "account_unreachable"


async def test_the_network_without_its_intent_says_so_and_does_not_go_on(vendor: Vendor) -> None:
    network = DiscordNetwork(NetworkConfig(channels=("12345",)), token="good")
    vendor.orders.put_nowait(4014)
    async with asyncio.timeout(LIMIT):
        with pytest.raises(AuthExpired, match="intent"):
            await network.listen(RecordingIntake(), None)
    await network.aclose()
