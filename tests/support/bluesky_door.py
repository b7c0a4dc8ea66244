"""The way to a Bluesky server in tests, with troubles on demand: a fake of ours stands behind it, or a real network."""

from __future__ import annotations

import asyncio
import html
import json
import time
from abc import ABC, abstractmethod
from collections import Counter
from typing import Any

from aiohttp import ClientSession, web

Params = list[tuple[str, str]]
Answer = tuple[int, dict[str, Any]]


class Door(ABC):
    """Answers XRPC on 127.0.0.1 and pages like bsky.app's; `requests` counts methods by their last word."""

    def __init__(self) -> None:
        self.base = self.behind = ""
        self.requests: Counter[str] = Counter()
        self.troubles: list[tuple[str, str, float]] = []
        self.headers: dict[str, str] = {}
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/xrpc/{nsid}", self._xrpc)
        app.router.add_get("/profile/{did}/post/{rkey}", self._page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @abstractmethod
    async def call(self, nsid: str, token: str = "", *, params: Params | None = None, body: Any = None) -> Answer:
        """What the server answers; a `body` makes it a POST."""

    async def good(self, nsid: str, token: str = "", *, params: Params | None = None, body: Any = None) -> Any:
        """The same, which has to succeed."""
        status, answer = await self.call(nsid, token, params=params, body=body)
        assert status == 200, (nsid, status, answer)
        return answer

    def spoil(self, method: str, trouble: str, seconds: float = 1.0) -> None:
        """Let the next request of this method fail."""
        self.troubles.append((method, trouble, seconds))
        if trouble == "dead_token":
            # The session has ended, cannot be renewed, and the password is not taken any more.
            self.troubles += [("refreshSession", "dead_token", 0), ("createSession", "dead_password", 0)]

    def _trouble(self, method: str) -> tuple[str, float]:
        found = next((one for one in self.troubles if one[0] == method), None)
        if found is None:
            return "", 0
        self.troubles.remove(found)
        return found[1:]

    async def _xrpc(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["nsid"].rpartition(".")[2]
        self.requests[method] += 1
        trouble, seconds = self._trouble(method)
        if trouble == "rate_limited":
            reset = {"RateLimit-Reset": str(int(time.time() + seconds)), "Retry-After": str(round(seconds))}
            return _error(429, "RateLimitExceeded", "Rate Limit Exceeded", reset)
        if trouble == "error_before":
            return _error(502, "UpstreamFailure", "Upstream service unreachable")
        if trouble == "dead_token":
            return _error(400, "ExpiredToken", "Token has been revoked")
        if trouble == "dead_password":
            return _error(401, "AuthenticationRequired", "Invalid identifier or password")
        body = (await request.json() if request.can_read_body else {}) if request.method == "POST" else None
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        status, answer = await self.call(
            request.match_info["nsid"], token, params=list(request.query.items()), body=body
        )
        if trouble == "late":
            await asyncio.sleep(seconds)
        if trouble == "error_after":
            return _error(500, "InternalServerError", "Internal Server Error")
        return web.json_response(answer, status=status, headers=self.headers)

    async def _page(self, request: web.Request) -> web.Response:
        uri = "at://{did}/app.bsky.feed.post/{rkey}".format(**request.match_info)
        status, answer = await self.shown(uri)
        if status != 200:
            return web.Response(status=404)
        text = html.escape(answer["value"]["text"])
        return web.Response(text=f"<p>{text}</p>", content_type="text/html")

    async def shown(self, uri: str) -> Answer:
        """A post's record as its own server gives it to everybody."""
        did, collection, rkey = uri.removeprefix("at://").split("/")
        place = [("repo", did), ("collection", collection), ("rkey", rkey)]
        return await self.call("com.atproto.repo.getRecord", params=place)


class Relay(Door):
    """To a real PDS. What it says about where the account lives leads back through here."""

    def __init__(self, pds: str) -> None:
        super().__init__()
        self.behind = pds
        self._session: ClientSession | None = None

    async def start(self) -> None:
        await super().start()
        self._session = ClientSession()

    async def stop(self) -> None:
        await super().stop()
        if self._session is not None:
            await self._session.close()

    async def call(self, nsid: str, token: str = "", *, params: Params | None = None, body: Any = None) -> Answer:
        assert self._session is not None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        method = "GET" if body is None else "POST"
        # A renewal is a POST without a body.
        sent = {"json": body} if body else {}
        url = f"{self.behind}/xrpc/{nsid}"
        async with self._session.request(method, url, params=params or [], headers=headers, **sent) as answer:
            raw = (await answer.text()).replace(self.behind, self.base)
            return answer.status, json.loads(raw) if raw else {}


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": code, "message": message}, status=status, headers=headers)
