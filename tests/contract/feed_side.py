"""The other side of a feed: a small server of ours on 127.0.0.1 that publishes comments as an Atom feed (RFC 4287)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

from handlers.networks.feed import Config, FeedNetwork, create
from tests.contract.network_side import EDIT, ONCE, TROUBLE

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """One entry of the feed."""

    id: str
    text: str
    author: str
    visitor: str | None
    published: datetime
    updated: datetime
    pictures: tuple[str, ...] = ()


def xml(text: str) -> str:
    """What a program that writes XML can make of a text."""
    return escape(_NOT_XML.sub("\ufffd", text))


def atom(entries: list[Entry], base: str) -> str:
    """The feed, newest entry first."""
    parts = [
        f"<entry><id>{one.id}</id><title/><link href={quoteattr(f'{base}/{one.id}')}/>"
        f"<author><name>{xml(one.author)}</name>"
        + (f"<uri>https://people.example/{one.visitor}</uri>" if one.visitor else "")
        + f"</author><published>{one.published.isoformat()}</published><updated>{one.updated.isoformat()}</updated>"
        + "".join(f'<link rel="enclosure" type="image/jpeg" href={quoteattr(url)}/>' for url in one.pictures)
        + f'<content type="text">{xml(one.text)}</content></entry>'
        for one in reversed(entries)
    ]
    head = f"<title>Our blog</title><id>urn:blog</id><link href={quoteattr(base)}/>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{"".join(parts)}</feed>'
    )


class FeedSide:
    """One feed on one server."""

    account = "blog"
    can = frozenset({EDIT, ONCE, TROUBLE})

    def __init__(self, **settings: Any) -> None:
        self.entries: list[Entry] = []
        self.asked: list[web.Request] = []
        self._rung = asyncio.Condition()
        self._settings = {"poll_seconds": 0.05, "timeout": 5, **settings}
        self._next: tuple[str, float] | None = None
        self._now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/feed.xml", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._connect()

    def _connect(self) -> None:
        config = Config(id=self.account, url=f"{self.base}/feed.xml", **self._settings)
        self.network: FeedNetwork = create(config, data=Path(), base_url="")

    async def stop(self) -> None:
        await self.network.aclose()
        await self._runner.cleanup()

    async def restart(self) -> None:
        await self.network.aclose()
        self._connect()

    async def _answer(self, request: web.Request) -> web.Response:
        async with self._rung:
            self.asked.append(request)
            self._rung.notify_all()
        trouble, self._next = self._next, None
        if trouble is not None:
            return await self._troubled(*trouble)
        body = atom(self.entries, self.base).encode()
        tag = f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(body=body, content_type="application/atom+xml", headers={"ETag": tag})

    async def _troubled(self, trouble: str, seconds: float) -> web.Response:
        if trouble == "late":
            await asyncio.sleep(seconds)
        status = {"rate_limited": 429, "dead_token": 401}.get(trouble, 503)
        return web.Response(status=status, headers={"Retry-After": str(int(seconds))} if status == 429 else {})

    async def until_asked(self, times: int) -> None:
        """Wait until the feed was asked that often."""
        async with asyncio.timeout(5), self._rung:
            await self._rung.wait_for(lambda: len(self.asked) >= times)

    def _tick(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        assert answering is None, "entries answer nothing"
        at = self._tick()
        entry = Entry(f"urn:entry:{len(self.entries)}", text, author, visitor, at, at)
        self.entries.append(entry)
        return entry.id

    async def edit(self, native_id: str, text: str) -> None:
        at = self._tick()
        self.entries = [replace(one, text=text, updated=at) if one.id == native_id else one for one in self.entries]

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        native = instead or await self.comment(text)
        self.entries = [replace(one, pictures=(url,)) if one.id == native else one for one in self.entries]
        return native

    async def withdraw(self, native_id: str) -> None:
        self.entries = [one for one in self.entries if one.id != native_id]

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        raise AssertionError("nobody speaks in a feed")

    async def said(self, native_id: str) -> str:
        text = next(one.text for one in self.entries if one.id == native_id)
        text = re.sub(r"\r\n?", "\n", _NOT_XML.sub("\ufffd", text))
        # feedparser takes these for what Windows means by them, as browsers do.
        windows = re.sub(
            r"[\x80-\x9f]", lambda found: found.group().encode("latin-1").decode("cp1252", "replace"), text
        )
        return windows.replace("\x7f", "\ufffd").strip()

    async def replies(self, native_id: str) -> list[str]:
        return []

    async def page(self, url: str) -> str:
        raise AssertionError("nothing of ours stands there")

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        self._next = (trouble, seconds)

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        raise AssertionError("nothing is moderated")
