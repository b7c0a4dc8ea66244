"""A Bot API server of ours on 127.0.0.1, in the vendor's documented shapes (core.telegram.org/bots/api).

It keeps what it is told, refuses what the vendor refuses, and can be told to misbehave: answers that get lost, 429,
dead tokens, 5xx, groups that have moved.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from bot.core.splitting import utf16
from tests.support.telegram_text import BadMarkup, read

TOKEN = "1234567:fake-token-of-the-bot-api-server-xx"
BOT_ID, BOT_NAME = 1234567, "portavoz_bot"
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_OPTIONAL = frozenset({"message_reaction", "message_reaction_count", "chat_member"})
REACTIONS = frozenset(
    (
        "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🙏 👌 🕊 🥱 😍 🌚 🌭 💯 🤣 ⚡ 🏆 💔 🤨 😐 😈 😴 😭 🤓 👻 👀 🎃 "
        "🙈 😇 🤝 ✍ 🤗 🫡 💅 🆒 🙉 🦄 😘 💊 🙊 😎 👾 😡"
    ).split()
)
"""Those of the list that matter here."""


class Refused(Exception):
    """What is answered with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


@dataclass
class Chat:
    """A group, a channel, or a person's own chat with the bot."""

    id: int
    type: str
    title: str = ""
    username: str = ""
    is_forum: bool = False
    statuses: dict[int, str] = field(default_factory=dict)
    rights: dict[str, bool] = field(default_factory=lambda: {"can_manage_topics": True})
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    topics: dict[int, dict[str, Any]] = field(default_factory=dict)
    moved_to: int | None = None
    last: int = 0

    @property
    def shape(self) -> dict[str, Any]:
        made: dict[str, Any] = {"id": self.id, "type": self.type}
        made |= {"first_name": self.title} if self.type == "private" else {"title": self.title}
        made |= {"username": self.username} if self.username else {}
        return made | ({"is_forum": True} if self.is_forum else {})


class TelegramServer:
    """One bot, its groups and the people in them."""

    def __init__(self) -> None:
        self.users: dict[int, dict[str, Any]] = {}
        self.chats: dict[int, Chat] = {}
        self.updates: deque[dict[str, Any]] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.callbacks: dict[str, dict[str, Any]] = {}
        self.answers: list[dict[str, Any]] = []
        self.reactions: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.webhook: dict[str, Any] = {}
        self.calls: Counter[str] = Counter()
        self.troubles: dict[str, deque[tuple[str, float]]] = defaultdict(deque)
        self.released = asyncio.Event()
        self.reads_all = True
        self.dead = False
        self.port = 0
        self._update = 900
        self._asking = 0
        self._news = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    # --- up and down --------------------------------------------------------------------------------------------

    async def start(self) -> None:
        app = web.Application(client_max_size=1 << 24)
        app.router.add_route("*", "/bot{token}/{method}", self._api)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add_user(self, id: int, name: str, *, started: bool = True, **more: Any) -> dict[str, Any]:
        self.users[id] = {"id": id, "is_bot": False, "first_name": name, **more}
        if started:
            self.chats[id] = Chat(id, "private", title=name)
        return self.users[id]

    def add_group(self, id: int, title: str, *, admin: bool = True, **more: Any) -> Chat:
        chat = self.chats[id] = Chat(id, "supergroup" if id < -(10**12) else "group", title=title, **more)
        chat.statuses[BOT_ID] = "administrator" if admin else "member"
        return chat

    def spoil(self, method: str, trouble: str, seconds: float = 1.0) -> None:
        """Let the next call of a method fail: lost, before, late, held (till `released`), rate_limited, dead_token."""
        self.troubles[method].append((trouble, seconds))

    # --- the web ------------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        given = await self._given(request)
        trouble, seconds = self.troubles[method].popleft() if self.troubles[method] else ("", 0.0)
        if request.match_info["token"] != TOKEN or self.dead or trouble == "dead_token":
            return _refusal(Refused(401, "Unauthorized"))
        if trouble == "rate_limited":
            return _refusal(Refused(429, f"Too Many Requests: retry after {seconds:g}", retry_after=int(seconds)))
        if trouble == "before":
            return _refusal(Refused(502, "Bad Gateway"))
        if trouble == "held":
            await self.released.wait()
        work = getattr(self, "_on_" + re.sub("[A-Z]", lambda big: "_" + big[0].lower(), method), None)
        if work is None:
            return _refusal(Refused(404, "Not Found"))
        try:
            found = await work(given)
        except Refused as refused:
            return _refusal(refused)
        except BadMarkup as problem:
            return _refusal(bad(f"can't parse entities: {problem}"))
        if trouble == "late":
            await self._gone(request, seconds)
        if trouble in ("lost", "late") and request.transport is not None:
            request.transport.close()
        return web.json_response({"ok": True, "result": found})

    async def _gone(self, request: web.Request, seconds: float) -> None:
        """Until whoever asked waits no longer, for so long at most."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and request.transport and not request.transport.is_closing():  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def _given(self, request: web.Request) -> dict[str, Any]:
        """JSON, a form, or a form with files; what is JSON inside a form is read."""
        if request.content_type == "application/json":
            return dict(await request.json())
        made: dict[str, Any] = {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                made[name] = f"attach://{name}"
                self.files[name] = value.file.read()
                continue
            try:
                made[name] = json.loads(str(value)) if name not in ("text", "caption", "name", "url") else str(value)
            except ValueError:
                made[name] = str(value)
        return made

    # --- updates ------------------------------------------------------------------------------------------------

    async def tell(self, kind: str, body: dict[str, Any]) -> int:
        """Something happened; the update's id, 0 where the bot did not ask for such."""
        if kind in _OPTIONAL and kind not in self.allowed:
            return 0
        self._update += 1
        update = {"update_id": self._update, kind: body}
        if self.webhook.get("url"):
            await self._call(update)
            return self._update
        async with self._news:
            self.updates.append(update)
            self._news.notify_all()
        return self._update

    async def _call(self, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": str(self.webhook.get("secret_token") or "")}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.webhook["url"], json=update, headers=headers) as answer,
        ):
            self.webhook["answered"] = answer.status

    async def heard(self, update: int, seconds: float = 20.0) -> None:
        """Until the bot has confirmed an update."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: all(one["update_id"] > update for one in self.updates))

    async def _on_get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        self._asking += 1
        mine, offset = self._asking, int(given.get("offset") or 0)
        self.allowed = frozenset(given.get("allowed_updates") or self.allowed)
        async with self._news:
            while offset and self.updates and self.updates[0]["update_id"] < offset:
                self.updates.popleft()
            self._news.notify_all()
            end = time.monotonic() + float(given.get("timeout") or 0)
            while not self.updates and (left := end - time.monotonic()) > 0:
                try:
                    await asyncio.wait_for(self._news.wait(), left)
                except TimeoutError:
                    break
                if mine != self._asking:
                    raise Refused(
                        409,
                        "Conflict: terminated by other getUpdates request; "
                        "make sure that only one bot instance is running",
                    )
            return list(self.updates)[: int(given.get("limit") or 100)]

    async def _on_set_webhook(self, given: dict[str, Any]) -> bool:
        self.webhook = dict(given)
        self.allowed = frozenset(given.get("allowed_updates") or ())
        return True

    async def _on_delete_webhook(self, given: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    # --- what is asked ------------------------------------------------------------------------------------------

    def chat(self, given: dict[str, Any]) -> Chat:
        try:
            found = self.chats.get(int(given["chat_id"]))
        except (KeyError, ValueError):
            raise bad("chat_id is empty") from None
        if found is None and int(given["chat_id"]) in self.users:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if found is None:
            raise bad("chat not found")
        if found.moved_to is not None:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=found.moved_to,
            )
        if found.id < 0 and found.statuses.get(BOT_ID) in (None, "kicked", "left"):
            raise Refused(403, f"Forbidden: bot was kicked from the {found.type} chat")
        return found

    async def _on_get_me(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Portavoz",
            "username": BOT_NAME,
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all,
            "supports_inline_queries": False,
        }

    async def _on_get_chat(self, given: dict[str, Any]) -> dict[str, Any]:
        shape = self.chat(given).shape
        return shape | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}

    async def _on_get_chat_member(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, user = self.chat(given), int(given["user_id"])
        known = self.users.get(user) or {"id": user, "is_bot": user == BOT_ID, "first_name": "Portavoz"}
        status = chat.statuses.get(user, "left")
        made: dict[str, Any] = {"user": known, "status": status}
        if status == "administrator":
            made |= dict.fromkeys(_RIGHTS, False) | chat.rights
        return made

    async def _on_get_chat_administrators(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        chat = self.chat(given)
        leads = [user for user, status in chat.statuses.items() if status in ("administrator", "creator")]
        return [
            await self._on_get_chat_member({"chat_id": chat.id, "user_id": user}) for user in leads if user != BOT_ID
        ]

    async def _on_set_my_commands(self, given: dict[str, Any]) -> bool:
        commands = given["commands"]
        for one in commands:
            if not 1 <= len(one["description"]) <= 256 or not set(one["command"]) <= set(
                "abcdefghijklmnopqrstuvwxyz0123456789_"
            ):
                raise bad("BOT_COMMAND_INVALID")
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        self.commands[str(given.get("language_code") or "")] = commands
        return True

    # --- messages -----------------------------------------------------------------------------------------------

    def store(self, chat: Chat, sender: dict[str, Any] | None, **content: Any) -> dict[str, Any]:
        """A message as it stands there."""
        chat.last += 1
        made = {"message_id": chat.last, "date": int(time.time()), "chat": chat.shape, **content}
        made |= {"from": sender} if sender is not None else {}
        chat.messages[chat.last] = made
        return made

    def _content(self, given: dict[str, Any], name: str, limit: int) -> dict[str, Any]:
        text, entities = read(str(given.get(name) or ""), given.get("parse_mode"))
        if name == "text" and not text:
            raise bad("message text is empty")
        if utf16(text) > limit:
            raise bad("message is too long" if name == "text" else "message caption is too long")
        if not text:
            return {}
        return {name: text, ("entities" if name == "text" else "caption_entities"): entities}

    def _placed(self, chat: Chat, given: dict[str, Any]) -> dict[str, Any]:
        """In which topic and below what."""
        made: dict[str, Any] = {}
        topic = int(given.get("message_thread_id") or 0)
        if topic:
            if not chat.is_forum or topic not in chat.topics:
                raise bad("message thread not found")
            if chat.topics[topic]["closed"]:
                raise bad("TOPIC_CLOSED")
            made |= {"message_thread_id": topic, "is_topic_message": True}
        reply = given.get("reply_parameters") or {}
        if reply:
            target = chat.messages.get(int(reply["message_id"]))
            if target is None and not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
            made |= {"reply_to_message": target} if target is not None else {}
            made |= self.threaded(chat, target)
        markup = given.get("reply_markup")
        if markup:
            _check(markup)
            # A message tells the buttons under it, never that it wants an answer.
            made["reply_markup" if "inline_keyboard" in markup else "_wants"] = markup
        return made

    def threaded(self, chat: Chat, target: dict[str, Any] | None) -> dict[str, Any]:
        """In supergroups an answer tells with which message its thread began."""
        if target is None or chat.type != "supergroup" or chat.is_forum:
            return {}
        return {"message_thread_id": target.get("message_thread_id") or target["message_id"]}

    async def _on_send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        chat = self.chat(given)
        made = self._content(given, "text", 4096) | self._placed(chat, given)
        preview = bool((given.get("link_preview_options") or {}).get("is_disabled"))
        return shape_of(self.store(chat, self._bot(), **made, _previews=not preview))

    async def _on_edit_message_text(self, given: dict[str, Any]) -> dict[str, Any]:
        return await self._edit(given, self._content(given, "text", 4096))

    async def _on_edit_message_reply_markup(self, given: dict[str, Any]) -> dict[str, Any]:
        return await self._edit(given, {})

    async def _edit(self, given: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        chat = self.chat(given)
        message = chat.messages.get(int(given["message_id"]))
        if message is None:
            raise bad("message to edit not found")
        if message.get("from", {}).get("id") != BOT_ID:
            raise bad("message can't be edited")
        markup = given.get("reply_markup")
        if markup:
            _check(markup)
        if all(message.get(name) == value for name, value in content.items()) and message.get("reply_markup") == markup:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        message.update(content)
        message.pop("reply_markup", None)
        message |= {"edit_date": int(time.time())} | ({"reply_markup": markup} if markup else {})
        return shape_of(message)

    async def _on_answer_callback_query(self, given: dict[str, Any]) -> bool:
        query = self.callbacks.pop(str(given["callback_query_id"]), None)
        if query is None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(str(given.get("text") or "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answers.append({"user": query["from"]["id"], **given})
        return True

    async def _on_set_message_reaction(self, given: dict[str, Any]) -> bool:
        emoji = [one.get("emoji") for one in given.get("reaction") or []]
        if not set(emoji) <= REACTIONS:
            raise bad("REACTION_INVALID")
        if int(given["message_id"]) not in self.chat(given).messages:
            raise bad("message to react not found")
        self.reactions.append(given)
        return True

    async def _on_send_photo(self, given: dict[str, Any]) -> dict[str, Any]:
        chat = self.chat(given)
        made = self._content(given, "caption", 1024) | self._placed(chat, given)
        return shape_of(self.store(chat, self._bot(), photo=[_PHOTO], **made))

    async def _on_send_document(self, given: dict[str, Any]) -> dict[str, Any]:
        chat = self.chat(given)
        made = self._content(given, "caption", 1024) | self._placed(chat, given)
        return shape_of(self.store(chat, self._bot(), document={"file_id": "d", "file_unique_id": "d"}, **made))

    async def _on_send_media_group(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        chat, media = self.chat(given), given.get("media") or []
        if not 2 <= len(media) <= 10:
            raise bad("there must be 2-10 media to send as an album")
        made = []
        for one in media:
            content = self._content(one, "caption", 1024) | self._placed(chat, given)
            made.append(shape_of(self.store(chat, self._bot(), photo=[_PHOTO], media_group_id="g1", **content)))
        return made

    # --- topics -------------------------------------------------------------------------------------------------

    async def _on_create_forum_topic(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, name = self._forum(given), str(given.get("name") or "")
        if not 1 <= utf16(name) <= 128:
            raise bad("TOPIC_NAME_INVALID")
        made = self.store(chat, self._bot(), forum_topic_created={"name": name, "icon_color": 7322096})
        chat.topics[made["message_id"]] = {"name": name, "closed": False}
        return {"message_thread_id": made["message_id"], "name": name, "icon_color": 7322096}

    async def _on_reopen_forum_topic(self, given: dict[str, Any]) -> bool:
        topic = self._forum(given).topics[int(given["message_thread_id"])]
        if not topic["closed"]:
            raise bad("TOPIC_NOT_MODIFIED")
        topic["closed"] = False
        return True

    def _forum(self, given: dict[str, Any]) -> Chat:
        chat = self.chat(given)
        if not chat.is_forum:
            raise bad("the chat is not a forum")
        if chat.statuses.get(BOT_ID) != "administrator" or not chat.rights.get("can_manage_topics"):
            raise bad("not enough rights to create a topic")
        return chat

    def _bot(self) -> dict[str, Any]:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Portavoz", "username": BOT_NAME}


_PHOTO = {"file_id": "p", "file_unique_id": "p", "width": 8, "height": 8}
_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
).split()


def _check(markup: dict[str, Any]) -> None:
    for row in markup.get("inline_keyboard") or []:
        if len(row) > 8:
            raise bad("too many buttons in a row")
        for button in row:
            if not 1 <= len(str(button.get("callback_data", "-")).encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")


def shape_of(message: dict[str, Any]) -> dict[str, Any]:
    """A message as it goes over the wire; what only the server knows stays."""
    made = {name: value for name, value in message.items() if not name.startswith("_")}
    below = made.pop("reply_to_message", None)
    if below is not None:  # one level alone is told
        made["reply_to_message"] = shape_of({name: one for name, one in below.items() if name != "reply_to_message"})
    return made


def _refusal(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    body |= {"parameters": refused.parameters} if refused.parameters else {}
    return web.json_response(body, status=refused.code)
