"""A wall for unit tests, with the ways to reach it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from handlers.networks.wall import Config, WallNetwork, create

BASE = "http://wall.test"
COOKIE = "A" * 43


class App:
    """A wall and a client without a cookie jar: what is sent is what the test says."""

    def __init__(self, data: Path, **settings: Any) -> None:
        self.network: WallNetwork = create(Config(**settings), data=data, base_url=BASE)
        self.wall = self.network.wall
        self.asgi = Starlette(routes=self.network.routes())
        self.client = self.client_from("127.0.0.1")

    def client_from(self, address: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.asgi, client=(address, 50_000))
        jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        return httpx.AsyncClient(transport=transport, base_url=BASE, cookies=jar)

    async def post(self, body: Any, **headers: str) -> httpx.Response:
        """POST a comment as JSON; underscores in header names stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Content-Type"] = "application/json"
        # json.dumps and not the client's: it escapes halves of surrogate pairs, as a hostile sender can.
        return await self.client.post("/wall/comments", content=json.dumps(body), headers=named)

    async def form(self, path: str, cookie: str | None = None, **fields: str) -> httpx.Response:
        """Send a form, as a browser does from the wall's own page."""
        headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        if cookie:
            headers["Cookie"] = f"wall_visitor={cookie}"
        return await self.client.post(path, data=fields, headers=headers)

    async def page(self, path: str = "/wall", cookie: str | None = None, **headers: str) -> httpx.Response:
        """GET a page."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if cookie:
            named["Cookie"] = f"wall_visitor={cookie}"
        return await self.client.get(path, headers=named)

    async def listed(self, query: str = "") -> list[dict[str, Any]]:
        answer = await self.client.get(f"/wall/comments{query}")
        assert answer.status_code == 200, answer.text
        comments: list[dict[str, Any]] = answer.json()["comments"]
        return comments


@contextlib.asynccontextmanager
async def running(data: Path, **settings: Any) -> AsyncIterator[App]:
    app = App(data, **settings)
    try:
        yield app
    finally:
        await app.client.aclose()
        await app.network.aclose()
