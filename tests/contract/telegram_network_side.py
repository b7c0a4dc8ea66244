"""The other side of Telegram as a network: a group of people and the bot among them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx

from handlers.networks.telegram import Config, create
from handlers.networks.telegram.adapter import LONGEST, TelegramNetwork
from tests.contract.network_side import ANSWER, BESIDE, LIMITED, PRIVATE, PUSHED, TROUBLE
from tests.support.telegram_people import People
from tests.support.telegram_server import BOT_ID, TOKEN, TelegramServer
from tests.support.telegram_text import as_sent

WHERE = {
    "publish": "sendMessage",
    "listen": "getUpdates",
    "check": "getMe",
    "current": "getChat",
    "conversation": "getChat",
}
TROUBLES = {"error_before": "before", "error_after": "lost"}
GROUP = -1009876543210


class TelegramNetworkSide:
    """One group with one bot in it. What nobody confirmed comes again, and no message can be read back."""

    can = frozenset({ANSWER, BESIDE, LIMITED, PRIVATE, PUSHED, TROUBLE})
    limit = LONGEST

    def __init__(self, *, account: str = "tg", **settings: Any) -> None:
        self.account = account
        self.server = TelegramServer()
        self.doing = People(self.server)
        self.group = self.server.add_group(GROUP, "Community", username="bakery_talk")
        self._settings = {"timeout": 5, **settings}
        self._numbers: dict[str, int] = {}

    async def start(self) -> None:
        await self.server.start()
        self._connect()

    def _connect(self) -> None:
        config = Config(id=self.account, base_url=self.server.base, **self._settings)
        self.network: TelegramNetwork = create(config, data=Path(), base_url="", secret=TOKEN)

    async def stop(self) -> None:
        await self.network.aclose()
        await self.server.stop()

    async def restart(self) -> None:
        await self.network.aclose()
        self._connect()

    def person(self, visitor: str, name: str) -> int:
        """A person's number; their name is what it is now."""
        number = self._numbers.setdefault(visitor, 5000 + len(self._numbers))
        self.server.add_user(number, " ".join(as_sent(name).split()), started=number not in self.server.chats)
        return number

    async def say(self, user: int, chat: Any, text: str, answering: int | None = None) -> dict[str, Any]:
        """A message; nobody need be listening."""
        message = self.server.store(chat, self.server.users[user], text=as_sent(text))
        if answering is not None:
            target = chat.messages[answering]
            message |= {"reply_to_message": target} | self.server.threaded(chat, target)
        await self.doing.tell("message", message)
        return message

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        user = self.person(visitor or "nobody", author)
        below = int(answering.partition(":")[2]) if answering is not None else None
        return f"{GROUP}:{(await self.say(user, self.group, text, below))['message_id']}"

    async def whisper(self, text: str) -> str:
        user = self.person("vera", "Vera")
        return f"{user}:{(await self.say(user, self.server.chats[user], text))['message_id']}"

    def _messages(self, native_id: str) -> dict[int, dict[str, Any]]:
        return self.server.chats[int(native_id.partition(":")[0])].messages

    def _below(self, native_id: str) -> list[dict[str, Any]]:
        number = int(native_id.partition(":")[2])
        ours = [one for one in self._messages(native_id).values() if one["from"]["id"] == BOT_ID]
        return [one for one in ours if one.get("reply_to_message", {}).get("message_id") == number]

    async def said(self, native_id: str) -> str:
        return str(self._messages(native_id)[int(native_id.partition(":")[2])]["text"])

    async def replies(self, native_id: str) -> list[str]:
        return [one["text"] for one in self._below(native_id)]

    async def audience(self, native_id: str) -> list[str]:
        return ["private" if one["chat"]["type"] == "private" else "public" for one in self._below(native_id)]

    async def takes(self, native_id: str, text: str) -> bool:
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501 -- there is no TLS here
            answer = await client.post(
                f"{self.server.base}/bot{TOKEN}/sendMessage", json={"chat_id": GROUP, "text": text}
            )
        return answer.status_code == 200

    async def page(self, url: str) -> str:
        assert url.startswith("https://t.me/bakery_talk/")
        return str(self.group.messages[int(url.rpartition("/")[2])]["text"])

    async def beside(self) -> TelegramNetworkSide:
        other = TelegramNetworkSide(account=f"{self.account}-2", **self._settings)
        await other.start()
        return other

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        if trouble == "late":
            # Later than the adapter waits, which has to be long enough for a slow machine.
            await self.network.aclose()
            self._settings["timeout"] = 1
            self._connect()
        self.server.spoil(WHERE[operation], TROUBLES.get(trouble, trouble), min(seconds, 60))

    async def edit(self, native_id: str, text: str) -> None:
        raise NotImplementedError("a bot cannot look up what became of a message")

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        raise NotImplementedError("files have no addresses here")

    async def withdraw(self, native_id: str) -> None:
        raise NotImplementedError("a bot is not told what is taken back")

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        raise NotImplementedError("a colleague's answer cannot be looked up")

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        await asyncio.sleep(0)
        raise NotImplementedError("nothing is moderated first")
