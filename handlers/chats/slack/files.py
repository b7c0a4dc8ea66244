"""What is said: sentences, tables in letters, pictures as files (files.getUploadURLExternal and its sequel)."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bot.core.errors import OutcomeUnknown, Permanent, Transient
from bot.core.foreign import visible
from bot.core.types import Message, Picture
from handlers.chats.slack import blocks as b
from handlers.chats.slack.memory import Memory
from handlers.chats.slack.sections import chunks, parts
from handlers.chats.slack.threads import Threads
from handlers.chats.slack.wire import Wire
from handlers.columns import columns

_LINES = 45
_TABLE = 2800
_SHOWN = "shown"
SETTLE = 20.0
"""Seconds in which a picture that Slack took shows."""


def content(message: Message) -> list[b.Block]:
    """The sentence or, of a long message, its parts; and the table below."""
    said = parts(message.title, message.sections) if message.sections else b.words(message.text)[:_LINES]
    return [*said, *_table(message.table)]


def _table(rows: Sequence[Sequence[str]]) -> list[b.Block]:
    shown = columns(rows, _TABLE)
    return [b.monospace(shown)] if shown else []


async def send(threads: Threads, wire: Wire, memory: Memory, where: tuple[str, str | None], message: Message) -> None:
    """The pictures, into the same channel and thread, once for each key. Raises what `Wire.call` raises.

    One whose answer was lost is looked for; OutcomeUnknown while it is too soon to tell.
    """
    for number, picture in enumerate(message.pictures):
        if not message.key:
            await share(wire, where, await upload(wire, picture), picture)
            continue
        mark = f"shown:{message.key}:{number}"
        before = await memory.mark(mark)
        if not before or not await _stands(threads, where, before):
            file = await upload(wire, picture)
            await memory.set_mark(mark, f"{time.time()}:{file}")
            try:
                await share(wire, where, file, picture)
            except (Transient, Permanent):  # surely not done
                await memory.set_mark(mark, "")
                raise
        await memory.set_mark(mark, _SHOWN)


async def _stands(threads: Threads, where: tuple[str, str | None], mark: str) -> bool:
    """Whether a picture that was sent before is there. Slack shows a file some moments after it took it."""
    if mark == _SHOWN:
        return True
    tried, _, file = mark.partition(":")
    if await threads.shows_file(*where, file, float(tried)):
        return True
    if time.time() - float(tried) < SETTLE:
        raise OutcomeUnknown("Slack may still show the picture")
    return False


async def send_details(threads: Threads, channel: str, head: str, message: Message) -> None:
    """What belongs into the thread below a long message, once for each key."""
    for number, blocks in enumerate(chunks(message.details)):
        key = f"{message.key}:more{number}" if message.key else ""
        await threads.say_once(channel, head, key, {"text": b.fallback(message.title), "blocks": blocks})


async def upload(wire: Wire, picture: Picture) -> str:
    """A file with its description, which nobody sees yet; its id."""
    length, alt = str(len(picture.contents)), b.short(picture.alt, 1000)
    place = await wire.call("files.getUploadURLExternal", filename=picture.name, length=length, alt_txt=alt)
    await wire.upload(str(place["upload_url"]), picture.contents)
    return str(place["file_id"])


async def share(wire: Wire, where: tuple[str, str | None], file: str, picture: Picture) -> None:
    """Show it, with its title."""
    channel, ts = where
    files = [{"id": file, "title": b.short(visible(picture.title) or picture.alt, 200)}]
    await wire.call("files.completeUploadExternal", files=files, channel_id=channel, thread_ts=ts)
