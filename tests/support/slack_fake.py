"""A Slack of ours on 127.0.0.1: the Web API, Socket Mode and signed requests in the documented shapes.

It keeps what it is told, refuses what Slack refuses, and can be told to misbehave: answers that get lost, 429, dead
tokens, missing scopes, archived rooms, connections that end in the middle of work.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.support.slack_limits import problems, view_problems

BOT_TOKEN, APP_TOKEN, SIGNING = "xoxb-1-fake-token", "xapp-1-fake-token", "signing-secret-of-the-fake"
TEAM, BOT_USER, BOT_ID = "T0TEAM", "U0BOT", "B0BOT"
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.info": "channels:read",
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
FORMS_ONLY = {"conversations.history", "conversations.replies", "conversations.info", "users.info"}
"""Methods that do not read JSON bodies."""


class Refused(Exception):
    """What Slack answers with `ok: false`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.body = {"ok": False, "error": error, **more}


@dataclass
class Channel:
    id: str
    name: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    member: bool = True
    archived: bool = False


class FakeSlack:
    """One workspace with one app in it."""

    def __init__(self) -> None:
        self.inbox, self.bot_user = "C0INBOX", BOT_USER
        self.channels = {"C0INBOX": Channel("C0INBOX", "inbox")}
        self.users: dict[str, dict[str, Any]] = {BOT_USER: {"id": BOT_USER, "is_bot": True, "team_id": TEAM}}
        self.groups: dict[str, list[str]] = {}
        self.ephemerals: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.files: list[dict[str, Any]] = []
        self.uploads: dict[str, bytes] = {}
        self.calls: Counter[str] = Counter()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.scopes = set(SCOPES.values()) | {
            "commands",
            "reactions:read",
            "app_mentions:read",
            "groups:history",
            "groups:read",
        }
        self.dead_token = ""
        self.unreachable: set[str] = set()
        self.dead_app_token = ""
        self.lost: deque[str] = deque()
        self.hung: deque[str] = deque()
        self.throttled: Counter[str] = Counter()
        self.retry_after = 0.05
        self.triggers: set[str] = set()
        self.sockets: list[web.WebSocketResponse] = []
        self.acks: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.opened = 0
        self.port = 0
        self._ts = 0
        self._moment = 0
        self._envelopes = 0
        self._runner: web.AppRunner | None = None

    # --- up and down --------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=1 << 22)
        app.router.add_post("/api/{method}", self._api)
        app.router.add_get("/link", self._socket)
        app.router.add_post("/upload/{file}", self._upload)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        for socket in list(self.sockets):
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    # --- what tests look at --------------------------------------------------------------------------------------

    def add_user(self, id: str, **facts: Any) -> None:
        self.users[id] = {"id": id, "name": id.lower(), "real_name": id.title(), "team_id": TEAM, **facts}

    def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        return self.channels[channel or self.inbox].messages

    def threads(self, channel: str | None = None) -> list[dict[str, Any]]:
        """The first messages of threads, and messages alone."""
        return [message for message in self.messages(channel) if message.get("thread_ts") in (None, message["ts"])]

    def in_thread(self, ts: str, channel: str | None = None) -> list[dict[str, Any]]:
        return [m for m in self.messages(channel) if m["ts"] == ts or m.get("thread_ts") == ts]

    def trigger(self) -> str:
        """A trigger_id as interactions bring it; it opens one modal."""
        made = f"trigger.{len(self.triggers)}.{self._tick()}"
        self.triggers.add(made)
        return made

    def _tick(self) -> int:
        self._ts += 1
        return self._ts

    def ts(self) -> str:
        self._moment = max(self._moment + 1, time.time_ns() // 1000)
        return f"{self._moment // 1_000_000}.{self._moment % 1_000_000:06d}"

    # --- the Web API ----------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        self.times[method].append(time.monotonic())
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes))}
        if self.throttled[method] > 0:
            self.throttled[method] -= 1
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": str(self.retry_after)})
        try:
            given = await self._given(request, method)
            self._entitled(request, method)
            answer = {"ok": True, **self._do(method, given)}
        except Refused as refusal:
            return web.json_response(refusal.body, headers=headers)
        if self.lost and self.lost[0] in ("", method):
            self.lost.popleft()
            if request.transport is not None:
                request.transport.abort()
        if self.hung and self.hung[0] == method:
            self.hung.popleft()
            await asyncio.sleep(60)
        return web.json_response(answer, headers=headers)

    async def _given(self, request: web.Request, method: str) -> dict[str, Any]:
        if request.content_type == "application/json":
            if method in FORMS_ONLY:
                raise Refused("invalid_arguments")
            raw = await request.json()
            return raw if isinstance(raw, dict) else {}
        form = {**dict(request.query), **dict(await request.post())}
        made: dict[str, Any] = {}
        for name, value in form.items():
            text = str(value)
            made[name] = json.loads(text) if name in ("blocks", "view", "metadata", "files") else text
        return made

    def _entitled(self, request: web.Request, method: str) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        dead = self.dead_app_token if wanted is APP_TOKEN else self.dead_token
        if dead:
            raise Refused(dead)
        if token != wanted:
            raise Refused("not_authed" if not token else "invalid_auth")
        scope = SCOPES.get(method)
        if scope is not None and scope not in self.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def _do(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        handler: Callable[[dict[str, Any]], dict[str, Any]] | None = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            raise Refused("unknown_method")
        return handler(given)

    def _auth_test(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": TEAM, "team": "The Bakery", "user_id": BOT_USER, "bot_id": BOT_ID, "user": "portavoz"}

    def _apps_connections_open(self, given: dict[str, Any]) -> dict[str, Any]:
        self.opened += 1
        return {"url": f"ws://127.0.0.1:{self.port}/link?ticket={self._tick()}"}

    def _channel(self, given: dict[str, Any], *, write: bool) -> Channel:
        channel = self.channels.get(str(given.get("channel")))
        if channel is None:
            raise Refused("channel_not_found")
        if not channel.member:
            raise Refused("not_in_channel")
        if channel.archived and write:
            raise Refused("is_archived")
        return channel

    def _content(self, given: dict[str, Any]) -> None:
        if not given.get("text") and not given.get("blocks"):
            raise Refused("no_text")
        if len(given.get("text") or "") > 40_000:
            raise Refused("msg_too_long")
        found = problems(given.get("blocks") or [])
        # As in https://github.com/slackapi/python-slack-sdk/issues/1782
        lost = [one for one in given.get("blocks") or [] if one.get("image_url") in self.unreachable]
        found += ["[ERROR] downloading image failed [json-pointer:/blocks/0/image_url]" for _ in lost]
        if found:
            raise Refused("invalid_blocks", response_metadata={"messages": found})

    def _chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        channel = self._channel(given, write=True)
        self._content(given)
        head = given.get("thread_ts")
        if head is not None and not any(message["ts"] == head for message in channel.messages):
            raise Refused("thread_not_found")
        message = {
            "type": "message",
            "user": BOT_USER,
            "bot_id": BOT_ID,
            "ts": self.ts(),
            "text": given.get("text", ""),
            "blocks": given.get("blocks") or [],
            "metadata": given.get("metadata"),
            "sent": given,
            **({"thread_ts": head} if head else {}),
        }
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given, write=True)
        self._content(given)
        message = next((one for one in channel.messages if one["ts"] == given.get("ts")), None)
        if message is None:
            raise Refused("message_not_found")
        if message["user"] != BOT_USER:
            raise Refused("cant_update_message")
        message.update(text=given.get("text", ""), blocks=given.get("blocks") or [], edited=True)
        return {"channel": channel.id, "ts": message["ts"]}

    def _chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._channel(given, write=True)
        self._content(given)
        if given.get("user") not in self.users:
            raise Refused("user_not_in_channel")
        self.ephemerals.append(given)
        return {"message_ts": self.ts()}

    def _conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given, write=False)
        found = [one for one in (*self.threads(channel.id), *self._shared(channel.id, None)) if _within(one, given)]
        return self._page(list(reversed(found)), given)

    def _conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given, write=False)
        found = self.in_thread(str(given.get("ts")), channel.id)
        if not found:
            raise Refused("thread_not_found")
        found += self._shared(channel.id, str(given.get("ts")))
        return self._page([one for one in found if one is found[0] or _within(one, given)], given)

    def _shared(self, channel: str, head: str | None) -> list[dict[str, Any]]:
        """The messages that files stand in."""
        there = [one for one in self.files if one["done"] and (one["channel"], one["thread_ts"]) == (channel, head)]
        return [{"type": "message", "user": BOT_USER, "ts": one["ts"], "files": [{"id": one["id"]}]} for one in there]

    def _page(self, found: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
        start, limit = int(given.get("cursor") or 0), int(given.get("limit") or 100)
        shown = found[start : start + limit]
        if given.get("include_all_metadata") != "true":
            shown = [{name: value for name, value in one.items() if name != "metadata"} for one in shown]
        following = str(start + limit) if start + limit < len(found) else ""
        return {"messages": shown, "has_more": bool(following), "response_metadata": {"next_cursor": following}}

    def _conversations_info(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(str(given.get("channel")))
        if channel is None:
            raise Refused("channel_not_found")
        about = {"id": channel.id, "name": channel.name, "is_member": channel.member, "is_archived": channel.archived}
        return {"channel": about}

    def _users_info(self, given: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(str(given.get("user")))
        if user is None:
            raise Refused("user_not_found")
        return {"user": user}

    def _usergroups_users_list(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("usergroup") not in self.groups:
            raise Refused("no_such_subteam")
        return {"users": self.groups[str(given["usergroup"])]}

    def _views_open(self, given: dict[str, Any]) -> dict[str, Any]:
        trigger = str(given.get("trigger_id"))
        if trigger not in self.triggers:
            raise Refused("expired_trigger_id")
        self.triggers.discard(trigger)
        if found := view_problems(given.get("view")):
            raise Refused("invalid_arguments", response_metadata={"messages": found})
        view = {**given["view"], "id": f"V{self._tick()}", "hash": f"h{self._tick()}"}
        self.views.append(view)
        return {"view": view}

    def _views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        if found := view_problems(given.get("view")):
            raise Refused("invalid_arguments", response_metadata={"messages": found})
        self.homes[str(given["user_id"])] = given["view"]
        return {"view": given["view"]}

    def _files_getUploadURLExternal(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if not given.get("filename") or int(given.get("length") or 0) <= 0:
            raise Refused("invalid_arguments")
        file = f"F{self._tick()}"
        self.files.append({"id": file, "name": given["filename"], "alt": given.get("alt_txt"), "done": False})
        return {"upload_url": f"http://127.0.0.1:{self.port}/upload/{file}", "file_id": file}

    async def _upload(self, request: web.Request) -> web.Response:
        self.uploads[request.match_info["file"]] = await request.read()
        return web.Response(text="OK")

    def _files_completeUploadExternal(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        made = []
        for one in given["files"]:
            file = next((known for known in self.files if known["id"] == one["id"]), None)
            if file is None or one["id"] not in self.uploads:
                raise Refused("file_not_found")
            file.update(done=True, channel=given.get("channel_id"), thread_ts=given.get("thread_ts"), ts=self.ts())
            file["title"] = one.get("title")
            made.append({"id": one["id"], "title": one.get("title")})
        return {"files": made}

    # --- Socket Mode ----------------------------------------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}})
        self.sockets.append(socket)
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._acked(json.loads(message.data))
        finally:
            self.sockets.remove(socket)
        return socket

    def _acked(self, ack: dict[str, Any]) -> None:
        waiting = self.acks.get(str(ack.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(ack)

    async def connected(self, within: float = 60.0) -> web.WebSocketResponse:
        """The connection that is open now."""
        end = time.monotonic() + within
        while not self.sockets:
            assert time.monotonic() < end, "nobody connected"
            await asyncio.sleep(0.01)
        return self.sockets[-1]

    async def deliver(self, kind: str, payload: dict[str, Any], within: float = 60.0) -> dict[str, Any]:
        """An envelope over the socket; its ack. Delivered again, on any connection there is, until it is taken."""
        self._envelopes += 1
        name = f"envelope-{self._envelopes}"
        self.acks[name] = asyncio.get_running_loop().create_future()
        envelope = {
            "envelope_id": name,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        end = time.monotonic() + within
        while not self.acks[name].done():
            assert time.monotonic() < end, f"no ack for {kind}"
            try:
                await (await self.connected()).send_json(envelope)
                await asyncio.wait_for(asyncio.shield(self.acks[name]), 1.5)
            except (TimeoutError, ConnectionError):
                continue
        return self.acks.pop(name).result()

    async def refresh(self) -> None:
        """Slack ends a connection and wants another one to be opened."""
        socket = await self.connected()
        await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    async def hang_up(self) -> None:
        """The connection ends without a word."""
        for socket in list(self.sockets):
            await socket.close()

    # --- what people do -------------------------------------------------------------------------------------------

    def event(self, event: dict[str, Any]) -> dict[str, Any]:
        """The body of an Events API request; each delivery has an event_id of its own."""
        moment = int(time.time())
        ids = {"team_id": TEAM, "api_app_id": "A0", "event_id": f"Ev{self._tick()}", "event_time": moment}
        return {"type": "event_callback", "token": "x", **ids, "event": event}

    def reaction(self, user: str, name: str, ts: str, *, removed: bool = False) -> dict[str, Any]:
        item = {"type": "message", "channel": self.inbox, "ts": ts}
        kind = "reaction_removed" if removed else "reaction_added"
        return {
            "type": kind,
            "user": user,
            "reaction": name,
            "item_user": self.bot_user,
            "item": item,
            "event_ts": self.ts(),
        }

    def press(self, user: str, message: dict[str, Any], element: dict[str, Any], value: str = "") -> dict[str, Any]:
        """The body of a block_actions interaction; `value` chooses an option of a menu."""
        action = {"action_id": element["action_id"], "type": element["type"], "action_ts": self.ts()}
        if element["type"] == "static_select":
            action["selected_option"] = next(one for one in element["options"] if one["value"] == value)
        else:
            action["value"] = element.get("value", "")
        container = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": self.inbox,
            "is_ephemeral": False,
            **({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}),
        }
        return {
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM},
            "api_app_id": "A0",
            "container": container,
            "channel": {"id": self.inbox},
            "trigger_id": self.trigger(),
            "message": message,
            "actions": [action],
        }

    def submission(self, user: str, view: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        """The body of a view_submission with these values by block; selects take an option's value."""
        state: dict[str, Any] = {}
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            element, field = block["element"], block["block_id"]
            if element["type"] == "static_select":
                chosen = values.get(field, element["options"][0]["value"])
                option = next(one for one in element["options"] if one["value"] == chosen)
                state[field] = {element["action_id"]: {"type": "static_select", "selected_option": option}}
            else:
                value = values.get(field, element.get("initial_value"))
                state[field] = {element["action_id"]: {"type": "plain_text_input", "value": value or None}}
        about = {**view, "state": {"values": state}, "team_id": TEAM}
        return {
            "type": "view_submission",
            "user": {"id": user},
            "team": {"id": TEAM},
            "view": about,
            "trigger_id": self.trigger(),
        }

    def slash(self, user: str, text: str, command: str = "/portavoz") -> dict[str, Any]:
        """The body of a slash command; Slack escapes what could be markup."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        ids = {"team_id": TEAM, "channel_id": self.inbox, "user_id": user, "api_app_id": "A0"}
        return {
            "command": command,
            "text": escaped,
            "trigger_id": self.trigger(),
            "response_url": "http://127.0.0.1:1/",
            **ids,
        }

    def shortcut(self, user: str, callback: str, message: dict[str, Any]) -> dict[str, Any]:
        """The body of a message shortcut."""
        return {
            "type": "message_action",
            "callback_id": callback,
            "action_ts": self.ts(),
            "trigger_id": self.trigger(),
            "user": {"id": user},
            "team": {"id": TEAM},
            "channel": {"id": self.inbox, "name": "inbox"},
            "message_ts": message["ts"],
            "message": message,
        }


def _within(message: dict[str, Any], given: dict[str, Any]) -> bool:
    """Whether a message stands between `oldest` and `latest`."""
    return float(given.get("oldest") or 0) < float(message["ts"]) <= float(given.get("latest") or "inf")


def signed(
    kind: str, payload: dict[str, Any], *, secret: str = SIGNING, at: float | None = None
) -> tuple[str, dict[str, str]]:
    """The body and headers of a request as Slack sends it in HTTP mode: events as JSON, the rest as forms."""
    if kind == "events_api":
        body, content = json.dumps(payload), "application/json"
    elif kind == "slash_commands":
        body, content = urlencode(payload), "application/x-www-form-urlencoded"
    else:
        body, content = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
    moment = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}", "Content-Type": content}
    return body, headers
