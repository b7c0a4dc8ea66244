"""The other side of the wall: visitors use its public JSON interface, trouble comes from its faults."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any, Literal

import httpx
from starlette.applications import Starlette

from handlers.networks.wall import Config, WallNetwork, create
from handlers.networks.wall.brand import Declined
from tests.contract.network_side import (
    ANONYMOUS,
    ANSWER,
    BESIDE,
    BY_HAND,
    EDIT,
    HISTORY,
    LIMITED,
    MODERATION,
    ONCE,
    REFUSAL,
    TROUBLE,
    WITHDRAW,
)

BASE = "http://wall.test"


class WallSide:
    """A wall in a folder of its own, reached without sockets."""

    can = frozenset(
        {ANONYMOUS, ANSWER, BESIDE, BY_HAND, EDIT, HISTORY, LIMITED, MODERATION, ONCE, REFUSAL, TROUBLE, WITHDRAW}
    )
    limit = 5000

    def __init__(
        self, data: Path, idempotency: Literal["client_id", "lookup", "none"] = "client_id", **settings: Any
    ) -> None:
        self._data = data
        self.account = settings.get("id", "wall")
        self.config = Config(faults=True, timeout=0.5, idempotency=idempotency, **settings)
        self._tokens: dict[str, str] = {}
        self._start()

    def _start(self) -> None:
        self.network: WallNetwork = create(self.config, data=self._data, base_url=BASE)
        app = Starlette(routes=self.network.routes())
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE)

    async def stop(self) -> None:
        await self.client.aclose()
        await self.network.aclose()

    async def restart(self) -> None:
        await self.stop()
        self._start()

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        cookie = {"Cookie": f"wall_visitor={visitor:_<43}"} if visitor else {}
        # json.dumps and not the client's: it escapes halves of surrogate pairs, as a hostile sender can.
        body = json.dumps({"author": author, "text": text, "parent": answering})
        answer = await self.client.post(
            "/wall/comments", content=body, headers={"Content-Type": "application/json"} | cookie
        )
        assert answer.status_code == 201, answer.text
        self._tokens[answer.json()["id"]] = answer.json()["edit_token"]
        return str(answer.json()["id"])

    async def edit(self, native_id: str, text: str) -> None:
        answer = await self.client.patch(
            f"/wall/comments/{native_id}", json={"text": text}, headers=self._owner(native_id)
        )
        assert answer.status_code == 200, answer.text

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        raise NotImplementedError("a wall takes words only")

    async def withdraw(self, native_id: str) -> None:
        answer = await self.client.post(f"/wall/comments/{native_id}/withdraw", headers=self._owner(native_id))
        assert answer.status_code == 200, answer.text

    def _owner(self, native_id: str) -> dict[str, str]:
        return {"Edit-Token": self._tokens[native_id]}

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        return (await self.network.wall.reply_by_hand(native_id, text)).id

    async def takes(self, native_id: str, text: str) -> bool:
        try:
            await self.network._door.publish(native_id, text, None)
        except Declined:
            return False
        return True

    async def beside(self) -> WallSide:
        return WallSide(self._data, self.config.idempotency, id="wall-2")

    async def said(self, native_id: str) -> str:
        return str((await self._read(native_id))["text"])

    async def replies(self, native_id: str) -> list[str]:
        return [reply["text"] for reply in (await self._read(native_id))["replies"]]

    async def _read(self, native_id: str) -> dict[str, Any]:
        listed = (await self.client.get("/wall/comments?limit=200")).json()["comments"]
        return next(comment for comment in listed if comment["id"] == native_id)

    async def page(self, url: str) -> str:
        answer = await self.client.get(url)
        assert answer.status_code == 200, answer.text
        return html.unescape(re.sub(r"<[^>]+>", "", answer.text))

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        fault = {"operation": operation, "trouble": trouble, "seconds": seconds}
        answer = await self.client.post("/wall/faults", json=fault)
        assert answer.status_code == 200, answer.text

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        answer = await self.client.post(
            "/wall/faults/moderation", json={"id": native_id, "refused_because": refused_because}
        )
        assert answer.status_code == 200, answer.text
