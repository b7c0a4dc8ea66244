"""Telegram's messages as items: who wrote what where, and what it answers. Pure; nothing is fetched."""

from __future__ import annotations

import re
from datetime import datetime

from telegram import Message

from bot.core.types import Attachment, AttachmentKind, Author, Item, Visibility, version_of

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_HANGING = {
    "photo": AttachmentKind.IMAGE,
    "sticker": AttachmentKind.IMAGE,
    "video": AttachmentKind.VIDEO,
    "video_note": AttachmentKind.VIDEO,
    "animation": AttachmentKind.VIDEO,
    "audio": AttachmentKind.AUDIO,
    "voice": AttachmentKind.AUDIO,
    "document": AttachmentKind.FILE,
}


def native_id(message: Message) -> str:
    """Telegram counts messages in each chat anew."""
    return f"{message.chat.id}:{message.message_id}"


def place(native: str) -> tuple[int, int]:
    """The chat and the message of a native id."""
    chat, _, message = native.partition(":")
    return int(chat), int(message)


def item(message: Message, account: str, *, ours: bool = False) -> Item:
    """A message as an item; `ours` is what the bot or somebody of the team wrote."""
    text = clean(message.text or message.caption or "")
    hanging, more = attachments(message)
    changed = message.edit_date
    version = f"{int((changed or message.date).timestamp())}.{version_of(text, hanging)}"
    return Item(
        account=account,
        native_id=native_id(message),
        version=version,
        author=author(message),
        text=text,
        created_at=message.date,
        edited_at=changed if isinstance(changed, datetime) else None,
        thread_key=thread_key(message),
        parent=parent(message),
        url=url(message),
        visibility=Visibility.PRIVATE if message.chat.type == "private" else Visibility.PUBLIC,
        ours=ours,
        attachments=hanging,
        more_attachments=more,
    )


def clean(text: str) -> str:
    """What no text can hold becomes U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def author(message: Message) -> Author:
    """A person, or the channel in whose name somebody writes."""
    user, chat = message.from_user, message.sender_chat
    if chat is not None or user is None:
        speaking = chat or message.chat
        handle = f"@{speaking.username}" if speaking.username else None
        return Author(id=str(speaking.id), name=_line(speaking.title or ""), handle=handle)
    handle = f"@{user.username}" if user.username else None
    link = f"https://t.me/{user.username}" if user.username else None
    return Author(id=str(user.id), name=_line(user.full_name), handle=handle, url=link)


def _line(name: str) -> str:
    return " ".join(clean(name).split())


def thread_key(message: Message) -> str:
    """A person's own chat is one conversation; in groups it is what Telegram calls a thread, or the message itself."""
    if message.chat.type == "private":
        return str(message.chat.id)
    answered = message.reply_to_message
    first = message.message_thread_id or (answered.message_id if answered is not None else message.message_id)
    return f"{message.chat.id}:{first}"


def parent(message: Message) -> str | None:
    """What it answers: no topic's beginning, and no post of the channel."""
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created is not None or answered.is_automatic_forward:
        return None
    return native_id(answered)


def url(message: Message) -> str | None:
    """Where members of the group can read it; private chats and small groups have no addresses."""
    chat = message.chat
    if chat.username and chat.type != "private":
        return f"https://t.me/{chat.username}/{message.message_id}"
    number = str(chat.id)
    return f"https://t.me/c/{number[4:]}/{message.message_id}" if number.startswith("-100") else None


def attachments(message: Message) -> tuple[tuple[Attachment, ...], int]:
    """What hangs on a message, by the message's own address: a file's address would have our token in it."""
    kinds = [name for name in _HANGING if getattr(message, name, None)]
    if "animation" in kinds and "document" in kinds:
        kinds.remove("document")  # told twice, for old clients
    address = url(message)
    if address is None:
        return (), len(kinds)
    made = []
    for name in kinds:
        what = getattr(message, name)
        file, size = getattr(what, "file_name", None), getattr(what, "file_size", None)
        made.append(Attachment(url=address, kind=_HANGING[name], name=_line(file or ""), size=size))
    return tuple(made), 0
