"""An instance of Mastodon on 127.0.0.1, in the shapes that docs.joinmastodon.org documents.

Statuses, notifications with `min_id` and `max_id`, contexts, sources, edits, removals, Idempotency-Key, the user stream
as server-sent events, rate limits, scopes, and troubles on demand.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import regex
from aiohttp import web

TOKEN = "the-token-of-the-shop"
SHOP = "1"
SCOPES = ["read", "write:statuses"]


@dataclass
class Status:
    """One status as the instance stores it."""

    id: str
    account: str
    text: str
    created_at: datetime
    visibility: str = "public"
    parent: str | None = None
    spoiler: str = ""
    language: str | None = "es"
    edited_at: datetime | None = None
    media: list[dict[str, Any]] = field(default_factory=list)
    content: str | None = None


def rendered(text: str) -> str:
    """A local status as HTML: paragraphs, line breaks, mentions and shortened links."""
    escaped = html.escape(re.sub(r"\r\n?", "\n", text))
    escaped = re.sub(
        r"(https?://)([^\s<&]{3,30})([^\s<&]*)",
        r'<a href="\g<0>"><span class="invisible">\1</span><span class="ellipsis">\2</span>'
        r'<span class="invisible">\3</span></a>',
        escaped,
    )
    escaped = re.sub(
        r"(?<![\w/@])@(\w+)(@[\w.-]+\w)?(?!\w)",
        r'<span class="h-card"><a href="https://x.example/@\1" class="u-url mention">@<span>\1</span></a></span>',
        escaped,
    )
    paragraphs = [part.replace("\n", "<br />") for part in re.split(r"\n\n+", escaped.strip("\n"))]
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def counted(text: str) -> int:
    """How long the instance thinks a text is."""
    text = re.sub(r"https?://[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/\S*)?", "x" * 23, text)
    return len(regex.findall(r"\X", re.sub(r"(@\w+)@[\w.-]+\w", r"\1", text)))


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, error: str, **headers: str) -> None:
        super().__init__(error)
        self.status, self.error, self.headers = status, error, headers


class MastodonFake:
    """One instance with an account of ours (`@tienda`) and whoever writes."""

    def __init__(
        self, *, streams: bool = True, characters: int = 500, scopes: list[str] | None = None, page: int = 40
    ) -> None:
        self.base = ""
        self.characters = characters
        self.scopes = SCOPES if scopes is None else scopes
        self.statuses: dict[str, Status] = {}
        self.notifications: list[tuple[str, str, str]] = []  # id, type, status
        self.people: dict[str, tuple[str, str]] = {SHOP: ("tienda", "La Tienda")}
        self.requests: list[tuple[str, str]] = []
        self.posts: list[dict[str, Any]] = []
        self.bulk = True
        self._streams = streams
        self._page = page
        self._keys: dict[str, str] = {}
        self._troubles: list[tuple[str, str, str, float]] = []
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._last = 110_000_000_000_000_000
        self._now = datetime.now(UTC) - timedelta(minutes=10)
        self._runner: web.AppRunner | None = None

    # --- the server -------------------------------------------------------------------------------------------

    async def start(self) -> None:
        app = web.Application(middlewares=[self._door])
        api = "/api/v1"
        app.router.add_get(f"{api}/accounts/verify_credentials", self._me)
        app.router.add_get(f"{api}/apps/verify_credentials", self._app)
        app.router.add_get("/api/v2/instance", self._instance)
        app.router.add_get(f"{api}/notifications", self._notifications)
        app.router.add_get(f"{api}/accounts/{{id}}/statuses", self._account_statuses)
        app.router.add_get(f"{api}/statuses", self._several)
        app.router.add_post(f"{api}/statuses", self._post)
        app.router.add_get(f"{api}/statuses/{{id}}", self._status)
        app.router.add_get(f"{api}/statuses/{{id}}/context", self._context)
        app.router.add_get(f"{api}/statuses/{{id}}/source", self._source)
        app.router.add_get(f"{api}/streaming/user", self._stream)
        app.router.add_get("/@{name}/{id}", self._html)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self.hang_up()
        if self._runner is not None:
            await self._runner.cleanup()

    def hang_up(self) -> None:
        """End every open stream."""
        for queue in self._listeners:
            queue.put_nowait(None)

    @web.middleware
    async def _door(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append((request.method, request.path))
        trouble, seconds = self._trouble(request)
        try:
            if request.path.startswith("/api/"):
                known = request.headers.get("Authorization") == f"Bearer {TOKEN}"
                self._refuse(trouble if known else "dead_token", seconds)
            answer: web.StreamResponse = await handler(request)
        except Refusal as refusal:
            return web.json_response({"error": refusal.error}, status=refusal.status, headers=refusal.headers)
        if trouble == "late":
            await asyncio.sleep(seconds)
        return web.json_response({"error": "?"}, status=503) if trouble == "error_after" else answer

    @staticmethod
    def _refuse(trouble: str, seconds: float) -> None:
        if trouble == "dead_token":
            raise Refusal(401, "The access token is invalid")
        if trouble == "error_before":
            raise Refusal(503, "Service temporarily unavailable")
        if trouble == "rejected":
            raise Refusal(422, "Validation failed: Text contains a word that is not welcome here")
        if trouble == "forbidden":
            raise Refusal(403, "This action is outside the authorized scopes")
        if trouble == "rate_limited":
            reset = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
            raise Refusal(429, "Too many requests", **{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})

    def spoil(self, method: str, path: str, trouble: str, seconds: float = 1.0) -> None:
        """Let the next request of this kind fail; `path` is a pattern."""
        self._troubles.append((method, path, trouble, seconds))

    def _trouble(self, request: web.Request) -> tuple[str, float]:
        for entry in self._troubles:
            method, path, trouble, seconds = entry
            if request.method == method and re.fullmatch(path, request.path):
                self._troubles.remove(entry)
                return trouble, seconds
        return "", 0.0

    # --- what people do ---------------------------------------------------------------------------------------

    def _next(self) -> str:
        self._last += 65_536
        return str(self._last)

    def _tick(self) -> datetime:
        self._now += timedelta(milliseconds=10)
        return self._now

    def person(self, key: str, name: str) -> str:
        """The account of somebody."""
        known = [number for number, (username, _) in self.people.items() if username == key]
        number = known[0] if known else str(len(self.people) + 1)
        self.people[number] = (key, name)
        return number

    def write(self, account: str, text: str, **more: Any) -> Status:
        """Somebody posts; who is mentioned is notified, who listens hears it."""
        status = Status(self._next(), account, text, more.pop("at", None) or self._tick(), **more)
        self.statuses[status.id] = status
        if account == SHOP:
            self._tell("update", json.dumps(self.shown(status)))
        elif SHOP in self._mentioned(status):
            self.notifications.append((str(len(self.notifications) + 1), "mention", status.id))
            self._tell("notification", json.dumps(self._notification(self.notifications[-1])))
        return status

    def edit(self, id: str, text: str) -> None:
        """The author edits. Nobody is told: the shop does not follow them."""
        self.statuses[id].text = text
        self.statuses[id].edited_at = self._tick()

    def withdraw(self, id: str) -> None:
        """The author takes it away, and with it the notification."""
        self.statuses.pop(id)
        self.notifications = [one for one in self.notifications if one[2] != id]

    def _tell(self, event: str, data: str) -> None:
        for queue in self._listeners:
            queue.put_nowait(f"event: {event}\ndata: {data}\n\n")

    def _mentioned(self, status: Status) -> list[str]:
        names = {username: number for number, (username, _) in self.people.items()}
        found = re.findall(r"(?<![\w/@])@(\w+)", status.text)
        return [names[name] for name in dict.fromkeys(found) if name in names]

    # --- the shapes -------------------------------------------------------------------------------------------

    def _account(self, id: str) -> dict[str, Any]:
        username, name = self.people[id]
        return {
            "id": id,
            "username": username,
            "acct": username,
            "display_name": name,
            "url": f"{self.base}/@{username}",
            "followers_count": 7,
            "bot": False,
        }

    def shown(self, status: Status) -> dict[str, Any]:
        """A Status entity."""
        author = self.people[status.account][0]
        parent = self.statuses.get(status.parent or "")
        mentions = [
            {"id": number, "username": self.people[number][0], "acct": self.people[number][0], "url": ""}
            for number in self._mentioned(status)
        ]
        return {
            "id": status.id,
            "created_at": status.created_at.isoformat().replace("+00:00", "Z"),
            "edited_at": status.edited_at and status.edited_at.isoformat().replace("+00:00", "Z"),
            "in_reply_to_id": parent and parent.id,
            "in_reply_to_account_id": parent and parent.account,
            "sensitive": bool(status.spoiler),
            "spoiler_text": status.spoiler,
            "visibility": status.visibility,
            "language": status.language,
            "uri": f"{self.base}/users/{author}/statuses/{status.id}",
            "url": f"{self.base}/@{author}/{status.id}",
            "content": rendered(status.text) if status.content is None else status.content,
            "account": self._account(status.account),
            "media_attachments": status.media,
            "mentions": mentions,
            "reblog": None,
            "poll": None,
        }

    def _notification(self, one: tuple[str, str, str]) -> dict[str, Any]:
        status = self.statuses[one[2]]
        shown = self.shown(status)
        return {
            "id": one[0],
            "type": one[1],
            "created_at": shown["created_at"],
            "account": shown["account"],
            "status": shown,
        }

    def _one(self, request: web.Request) -> Status:
        status = self.statuses.get(request.match_info["id"])
        if status is None:
            raise Refusal(404, "Record not found")
        return status

    def _paged(self, request: web.Request, entries: dict[str, Callable[[], dict[str, Any]]]) -> web.Response:
        """`entries`, oldest first, as the documented paging gives them: newest first."""
        limit = min(int(request.query.get("limit", "20")), self._page)
        after, before = request.query.get("min_id"), request.query.get("max_id")
        found = [one for one in entries if before is None or int(one) < int(before)]
        if after is not None:
            found = [one for one in found if int(one) > int(after)][:limit]
        return web.json_response([entries[one]() for one in found[-limit:][::-1]])

    async def _me(self, request: web.Request) -> web.Response:
        return web.json_response({**self._account(SHOP), "source": {"privacy": "public"}})

    async def _app(self, request: web.Request) -> web.Response:
        return web.json_response({"name": "Portavoz", "scopes": self.scopes})

    async def _instance(self, request: web.Request) -> web.Response:
        statuses = {"max_characters": self.characters, "characters_reserved_per_url": 23}
        return web.json_response({"version": "4.5.0", "configuration": {"statuses": statuses, "urls": {}}})

    async def _notifications(self, request: web.Request) -> web.Response:
        wanted = request.query.getall("types[]", ["mention"])
        told = [one for one in self.notifications if one[1] in wanted]
        return self._paged(request, {one[0]: partial(self._notification, one) for one in told})

    async def _account_statuses(self, request: web.Request) -> web.Response:
        own = [one for one in self.statuses.values() if one.account == request.match_info["id"]]
        return self._paged(request, {one.id: partial(self.shown, one) for one in own})

    async def _several(self, request: web.Request) -> web.Response:
        if not self.bulk:
            raise Refusal(404, "Not Found")
        ids = request.query.getall("id[]", [])
        return web.json_response([self.shown(self.statuses[one]) for one in ids if one in self.statuses])

    async def _status(self, request: web.Request) -> web.Response:
        return web.json_response(self.shown(self._one(request)))

    async def _source(self, request: web.Request) -> web.Response:
        status = self._one(request)
        return web.json_response({"id": status.id, "text": status.text, "spoiler_text": status.spoiler})

    async def _context(self, request: web.Request) -> web.Response:
        status = self._one(request)
        above: list[Status] = []
        while (parent := self.statuses.get((above[0] if above else status).parent or "")) is not None:
            above.insert(0, parent)
        family, below = {status.id}, []
        for one in self.statuses.values():
            if one.parent in family:
                family.add(one.id)
                below.append(one)
        shown = {"ancestors": [self.shown(a) for a in above], "descendants": [self.shown(b) for b in below]}
        return web.json_response(shown)

    async def _post(self, request: web.Request) -> web.Response:
        if not {"write", "write:statuses"} & set(self.scopes):
            raise Refusal(403, "This action is outside the authorized scopes")
        body = await request.json()
        key = request.headers.get("Idempotency-Key", "")
        if key not in self._keys or self._keys[key] not in self.statuses:
            text, parent = str(body["status"]).strip(), body.get("in_reply_to_id")
            if not text:
                raise Refusal(422, "Validation failed: Text can't be blank")
            if counted(text) > self.characters:
                raise Refusal(422, f"Validation failed: Text character limit of {self.characters} exceeded")
            if parent is not None and parent not in self.statuses:
                raise Refusal(404, "The post you are trying to reply to does not appear to exist.")
            self.posts.append({**body, "key": key})
            made = self.write(
                SHOP,
                text,
                parent=parent,
                visibility=body.get("visibility", "public"),
                language=body.get("language"),
                at=datetime.now(UTC),
            )
            self._keys[key] = made.id
        return web.json_response(self.shown(self.statuses[self._keys[key]]))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if not self._streams:
            raise Refusal(404, "Not Found")
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            await answer.write(b":)\n\n")
            while (record := await queue.get()) is not None:
                await answer.write(record.encode())
        finally:
            self._listeners.discard(queue)
        return answer

    async def _html(self, request: web.Request) -> web.Response:
        shown = self.shown(self._one(request))
        return web.Response(text=f"<html><body>{shown['content']}</body></html>", content_type="text/html")
