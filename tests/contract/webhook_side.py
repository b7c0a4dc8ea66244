"""The other side of a webhook: a platform of ours that sends signed events and takes signed replies on 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette

from handlers.networks.webhook import Config, WebhookNetwork, create
from tests.contract.mastodon_side import Drawer
from tests.contract.network_side import (
    ANONYMOUS,
    ANSWER,
    BESIDE,
    BY_HAND,
    EDIT,
    HISTORY,
    LOSES,
    MODERATION,
    PICTURES,
    PRIVATE,
    PUSHED,
    REFUSAL,
    TROUBLE,
    WITHDRAW,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the one of the specification's examples
STATUS = {"rate_limited": 429, "dead_token": 401, "rejected": 422, "error_before": 500, "error_after": 500}


def now() -> str:
    return datetime.now(UTC).isoformat()


def signed(body: str, *, secret: str = SECRET, id: str = "", at: datetime | None = None) -> dict[str, str]:
    """The headers of a request, as the library makes them."""
    name, at = id or f"msg_{secrets.token_hex(8)}", at or datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body),
    }


@dataclass
class Written:
    """What stands on the platform: a visitor's comment, or a reply of the brand."""

    item: dict[str, Any]
    state: str = "live"
    history: list[str] = field(default_factory=list)


class WebhookSide:
    """One platform, and our account on it. Listening alone, it takes no replies and tells nothing when asked."""

    def __init__(self, *, answers: bool = True, secret: str = SECRET, account: str = "shop", **settings: Any) -> None:
        self.account = account
        heard = {ANONYMOUS, ANSWER, HISTORY, PUSHED}
        more = {BESIDE, BY_HAND, EDIT, LOSES, MODERATION, PICTURES, PRIVATE, REFUSAL, TROUBLE, WITHDRAW}
        self.can = frozenset(heard | more if answers else heard)
        self.answers = answers
        self.secret = secret
        self.keep = Drawer()
        self.written: dict[str, Written] = {}
        self.by_key: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.canned: tuple[int, bytes, dict[str, str]] | None = None  # an answer to whatever is asked
        self._settings = {"timeout": 0.5, "max_length": 300, "measure": "graphemes", **settings}
        self._events: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._next: dict[str, tuple[str, float]] = {}

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/replies", self._reply)
        app.router.add_get("/items", self._item)
        app.router.add_get("/p/{id}", self._page)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._connect()
        self._sending = asyncio.create_task(self._send())

    def _connect(self) -> None:
        urls: dict[str, Any] = (
            {"reply_url": f"{self.base}/replies", "item_url": f"{self.base}/items"}
            if self.answers
            else {"url": f"{self.base}/p/i0"}
        )
        config = Config(id=self.account, **{**urls, **self._settings})
        self.network: WebhookNetwork = create(
            config, data=Path(), base_url="http://portavoz.test", secret=self.secret, keep=self.keep
        )
        transport = httpx.ASGITransport(Starlette(routes=self.network.routes()))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://portavoz.test")

    async def stop(self) -> None:
        self._sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._sending
        await self.client.aclose()
        await self.network.aclose()
        await self._runner.cleanup()

    async def restart(self) -> None:
        await self.client.aclose()
        await self.network.aclose()
        self._connect()

    # --- in ---------------------------------------------------------------------------------------------------

    async def post(self, body: str | bytes, **signing: Any) -> httpx.Response:
        """One signed request."""
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        return await self.client.post(f"/hooks/{self.account}", content=body, headers=signed(text, **signing))

    async def _send(self) -> None:
        """Deliver what has happened, in order, again and again until it is accepted."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._events:
                going = list(self._events)
                with contextlib.suppress(RuntimeError):  # a client that is closed meanwhile
                    if (await self.post(json.dumps({"events": going}))).status_code == 202:
                        del self._events[: len(going)]
                        continue
                await asyncio.sleep(0.01)

    def _tell(self, type: str, data: dict[str, Any]) -> None:
        self._events.append({"type": type, "timestamp": now(), "data": data})
        self._news.set()

    def _write(self, text: str, parent: str | None, **more: Any) -> Written:
        new = f"i{len(self.written)}"
        thread = self.written[parent].item["thread"] if parent else new
        known = {"id": new, "text": text, "created_at": now(), "thread": thread, "url": f"{self.base}/p/{new}"}
        self.written[new] = Written({**known, **({"parent": parent} if parent else {}), **more})
        return self.written[new]

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        # What is JSON has no halves of pairs.
        text, author = (re.sub("[\ud800-\udfff]", "\ufffd", words) for words in (text, author))
        who = {"name": author, **({"id": visitor} if visitor else {})}
        made = self._write(text, answering, author=who)
        self._tell("item.created", made.item)
        return str(made.item["id"])

    async def edit(self, native_id: str, text: str) -> None:
        one = self.written[native_id]
        one.item = {**one.item, "text": text, "edited_at": now()}
        self._tell("item.updated", one.item)

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        hanging = [{"url": url, "kind": "image", "alt": alt}]
        if instead is not None:
            self.written[instead].item["attachments"] = hanging
            return instead
        made = self._write(text, None, author={"name": "Vera", "id": "vera"}, attachments=hanging)
        self._tell("item.created", dict(made.item))
        return str(made.item["id"])

    async def withdraw(self, native_id: str) -> None:
        self.written[native_id].state = "gone"
        # What nobody was told of yet is not told any more.
        self._events = [one for one in self._events if one["data"]["id"] != native_id]
        self._tell("item.removed", {"id": native_id})

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        made = self._write(text, native_id, ours=True)
        self._tell("item.created", made.item)
        return str(made.item["id"])

    async def whisper(self, text: str) -> str:
        made = self._write(text, None, author={"name": "Vera", "id": "vera"}, visibility="private")
        self._tell("item.created", made.item)
        return str(made.item["id"])

    async def audience(self, native_id: str) -> list[str]:
        return [one["visibility"] for one in self._below(native_id) if one.get("ours")]

    async def lose(self, native_id: str) -> None:
        self.written[native_id].state = "gone"

    async def beside(self) -> WebhookSide:
        other = WebhookSide(account=f"{self.account}-2", secret=self.secret, **self._settings)
        await other.start()
        return other

    async def said(self, native_id: str) -> str:
        # As it was sent, but for what cannot be shown.
        lines = re.sub(r"\r\n?", "\n", self.written[native_id].item["text"])
        return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", lines)

    # --- out --------------------------------------------------------------------------------------------------

    async def _trouble(self, way: str, request: web.Request) -> web.Response | None:
        """What goes wrong instead of an answer; what is to happen before that has happened."""
        trouble, seconds = self._next.pop(way, ("", 0.0))
        if trouble == "late":
            await asyncio.sleep(seconds)
        if trouble not in STATUS:
            return None
        headers = {"Retry-After": str(int(seconds))} if trouble == "rate_limited" else {}
        return web.json_response({"error": f"Not now: {trouble}."}, status=STATUS[trouble], headers=headers)

    def _verified(self, request: web.Request, data: bytes) -> web.Response | None:
        self.asked.append((request.method, dict(request.headers), data))
        try:
            Webhook(self.secret.split()[0]).verify(data, dict(request.headers), json_parse=False)
        except WebhookVerificationError:
            return web.json_response({"error": "The signature does not fit."}, status=401)
        if self.canned is None:
            return None
        status, body, headers = self.canned
        return web.Response(status=status, body=body, headers=headers)

    async def _reply(self, request: web.Request) -> web.Response:
        body = await request.read()
        if refused := self._verified(request, body):
            return refused
        before = self._next.get("POST", ("", 0.0))[0]
        if before in {"rate_limited", "dead_token", "rejected", "error_before"}:
            return await self._trouble("POST", request) or web.Response()
        data = json.loads(body)["data"]
        assert request.headers["webhook-id"] == data["key"]
        if self.written[data["item"]].state == "gone":
            return web.json_response({"error": "The comment is gone."}, status=404)
        known = self.by_key.get(data["key"])
        if known is not None and self.written[known].item["text"] != data["text"]:
            return web.json_response({"error": "This key came with another text."}, status=409)
        if known is None:
            made = self._write(data["text"], data["item"], ours=True, key=data["key"], visibility=data["visibility"])
            known = self.by_key[data["key"]] = made.item["id"]
            if before == "pending":
                self._next.pop("POST")
                made.state = "pending"
                return web.json_response({"id": known}, status=202)
            self._tell("item.created", made.item)
        troubled = await self._trouble("POST", request)
        return troubled or web.json_response({"id": known, "url": self.written[known].item["url"]}, status=201)

    async def _item(self, request: web.Request) -> web.Response:
        if refused := self._verified(request, request.query_string.encode()):
            return refused
        if troubled := await self._trouble("GET", request):
            return troubled
        found = self.written.get(request.query["id"])
        if found is None or found.state != "live":
            return web.json_response({"error": "There is no such thing."}, status=410 if found else 404)
        return web.json_response({**found.item, "below": self._below(request.query["id"])})

    def _below(self, id: str) -> list[dict[str, Any]]:
        family, below = {id}, []
        for one in self.written.values():
            if one.item.get("parent") in family and one.state == "live":
                family.add(one.item["id"])
                below.append(one.item)
        return below

    async def _page(self, request: web.Request) -> web.Response:
        found = self.written.get(request.match_info["id"])
        there = found is not None and found.state == "live"
        return web.Response(text=found.item["text"]) if found and there else web.Response(status=404)

    async def replies(self, native_id: str) -> list[str]:
        mine = [one for one in self._below(native_id) if one.get("ours") and one["parent"] == native_id]
        return [one["text"] for one in mine]

    async def page(self, url: str) -> str:
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501 -- there is no TLS here
            answer = await client.get(url)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        self._next["POST" if operation == "publish" else "GET"] = (trouble, seconds)

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        one = self.written[native_id]
        if refused_because is not None:
            one.state = "refused"
            self._tell("reply.refused", {"id": native_id, "reason": refused_because})
            return
        one.state = "live"
        self._tell("reply.confirmed", {"id": native_id, "url": one.item["url"]})
