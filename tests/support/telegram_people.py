"""What people do in the groups of `telegram_server`: write, press, react; and what they see of it."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.support.telegram_server import ANONYMOUS, BOT_ID, BOT_NAME, Chat, TelegramServer, shape_of
from tests.support.telegram_text import alive

_COUNT = itertools.count(1)


class People:
    """The people in one server's groups."""

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self._standing: dict[tuple[int, int, int], list[str]] = {}

    async def write(
        self,
        user: int,
        chat: Chat,
        text: str,
        *,
        answering: int | None = None,
        topic: int = 0,
        at: int | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A message; the bot is told of it and has heard it when this returns, where it listens."""
        message = self.server.store(chat, self.server.users[user], text=text, entities=alive(text, []), **more)
        if answering is not None:
            target = chat.messages[answering]
            message |= {"reply_to_message": target} | self.server.threaded(chat, target)
        message |= {"message_thread_id": topic, "is_topic_message": True} if topic else {}
        message |= {} if at is None else {"date": at}
        await self.told("message", message)
        return message

    async def write_anonymously(self, chat: Chat, text: str) -> dict[str, Any]:
        """As an administrator who hides behind the group."""
        message = self.server.store(chat, ANONYMOUS, text=text, sender_chat=chat.shape)
        await self.told("message", message)
        return message

    async def press(self, user: int, chat: Chat, message: dict[str, Any], data: str) -> str:
        """A button with this data; the query's id."""
        person = self.server.users[user]
        query: dict[str, Any] = {
            "id": str(next(_COUNT)),
            "from": person,
            "message": shape_of(message),
            "chat_instance": f"{chat.id}",
            "data": data,
        }
        self.server.callbacks[query["id"]] = query
        await self.told("callback_query", query)
        return str(query["id"])

    async def react(
        self, user: int | None, chat: Chat, message: int, *emoji: str, at: int | None = None, again: bool = False
    ) -> dict[str, Any]:
        """What somebody's reactions to a message are from now on; None reacts in the group's own name."""
        key = (user or chat.id, chat.id, message)
        before = self._standing.get(key, [])
        self._standing[key] = list(emoji)
        body: dict[str, Any] = {
            "chat": chat.shape,
            "message_id": message,
            "date": int(time.time()) if at is None else at,
            "old_reaction": [{"type": "emoji", "emoji": one} for one in before],
            "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
        }
        body |= {"actor_chat": chat.shape} if user is None else {"user": self.server.users[user]}
        if chat.statuses.get(BOT_ID) == "administrator":
            await self.told("message_reaction", body)
        return body

    async def told(self, kind: str, body: dict[str, Any]) -> None:
        """The bot is told, and has heard it."""
        await self.server.heard(await self.tell(kind, body))

    async def tell(self, kind: str, body: dict[str, Any]) -> int:
        """The bot will be told, whenever it asks; the update's id."""
        return await self.server.tell(kind, shape_of(body))

    def command(self, word: str) -> str:
        """A command as Telegram writes it where there are several bots."""
        return f"/{word}@{BOT_NAME}"
