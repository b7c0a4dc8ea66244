"""The adapter in the README works, as it stands there."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import web

from bot.core.errors import AuthExpired, OutcomeUnknown, Transient
from bot.core.ports import Network
from bot.core.types import Gone, Posted, Rejected
from tests.contract.network_side import answer, listening
from tests.docs.__main__ import README

TOKEN = "invented"


def example() -> ModuleType:
    chapter = README.read_text("utf-8").partition("### Write an adapter")[2].partition("\n## ")[0]
    [source] = re.findall(r"```python\n(.*?)```", chapter, re.DOTALL)
    module = ModuleType("guestbook")
    sys.modules["guestbook"] = module  # where pydantic looks names up
    exec(source, module.__dict__)  # noqa: S102 -- the example itself is what is tried
    return module


@dataclass
class Guestbook:
    """What the example speaks to."""

    written: list[dict[str, Any]] = field(default_factory=list)
    below: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: int = 200

    def write(self, text: str) -> None:
        new = str(len(self.written) + 1)
        more = {"version": 1, "by": "vera", "name": "Vera", "at": "2026-11-22T10:00:00+00:00", "thread": new}
        self.written.append({"id": new, "text": text, "url": f"https://guestbook.example/{new}", **more})

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/me", self._me)
        app.router.add_get("/comments", self._after)
        app.router.add_get("/comments/{id}", self._one)
        app.router.add_get("/comments/{id}/replies", self._replies)
        app.router.add_post("/comments/{id}/replies", self._reply)
        runner = web.AppRunner(app, shutdown_timeout=0.01)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return web.Response(status=401)
        made: web.StreamResponse = await handler(request)
        return made if self.status == 200 else web.Response(status=self.status, text="No.")

    async def _me(self, _: web.Request) -> web.Response:
        return web.json_response({"name": "Café Alba"})

    async def _after(self, request: web.Request) -> web.Response:
        return web.json_response(self.written[int(request.query["after"] or 0) :])

    async def _one(self, request: web.Request) -> web.Response:
        found = [one for one in self.written if one["id"] == request.match_info["id"]]
        return web.json_response(found[0]) if found else web.Response(status=404)

    async def _replies(self, request: web.Request) -> web.Response:
        return web.json_response([one for one in self.below.values() if one["parent"] == request.match_info["id"]])

    async def _reply(self, request: web.Request) -> web.Response:
        key, parent = request.headers["Idempotency-Key"], request.match_info["id"]
        known = {**self.written[int(parent) - 1], "id": f"r{key}", "key": key, "parent": parent}
        self.below.setdefault(key, {**known, "text": (await request.json())["text"]})
        return web.json_response(self.below[key])


async def test_the_adapter_of_the_readme_takes_in_answers_and_tells_the_truth() -> None:
    book, module = Guestbook(), example()
    book.write("Hola\x07")
    async with book.open() as url:
        config = module.Config.model_validate({"id": "book", "type": "guestbook", "url": url})
        made = {"data": Path(), "base_url": "", "keep": None, "brand": None}
        network: Network = module.create(config, secret=TOKEN, **made)
        assert (await network.check()).name == "Café Alba"
        async with listening(network) as intake:
            await intake.until(lambda had: had.items)
        book.write("¿Y el domingo?")
        async with listening(network, cursor=intake.cursor) as again:
            await again.until(lambda had: had.items)
        first, second = intake.items[0], again.items[0]
        assert [first.text, second.text] == ["Hola\ufffd", "¿Y el domingo?"]
        assert await network.current(first) == first

        reply = answer(first, "¡Hola!", key="k")
        posted = [await network.publish(reply) for _ in range(2)]
        assert posted == [Posted(native_id="rk", url=first.url)] * 2
        assert await network.find(reply) == posted[0]
        assert await network.find(answer(first, "¡Adiós!", key="k")) is None
        assert [one.ours for one in await network.conversation(first)] == [True]
        for status, error in ((500, OutcomeUnknown), (429, Transient), (401, AuthExpired)):
            book.status = status
            with pytest.raises(error):
                await network.publish(reply)
        book.status = 422
        assert await network.publish(reply) == Rejected(reason="No.", manual_url=first.url)
        book.status, book.written = 200, []
        assert await network.current(first) == Gone()
        stranger = module.create(config, secret="another", **made)
        with pytest.raises(AuthExpired):
            await stranger.check()
        for one in (network, stranger):
            await module.Guestbook.aclose(one)
    alone = module.create(config, secret=TOKEN, **made)
    with pytest.raises(Transient):
        await alone.publish(reply)
    await alone.aclose()
