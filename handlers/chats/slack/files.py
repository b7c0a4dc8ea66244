"""What is said: sentences, tables in letters, pictures as files (files.getUploadURLExternal and its sequel)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from bot.core.foreign import visible
from bot.core.splitting import fold
from bot.core.types import Message
from handlers.chats.slack import blocks as b
from handlers.chats.slack.memory import Memory
from handlers.chats.slack.sections import chunks, parts
from handlers.chats.slack.threads import Threads
from handlers.chats.slack.wire import Wire

_LINES = 45
_TABLE = 2800


def content(message: Message) -> list[b.Block]:
    """The sentence or, of a long message, its parts; and the table below."""
    said = parts(message.title, message.sections) if message.sections else b.words(message.text)[:_LINES]
    return [*said, *_table(message.table)]


def _table(rows: Sequence[Sequence[str]]) -> list[b.Block]:
    """Columns in step, in letters of one width; how many rows do not fit is said."""
    shown = [[visible(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*shown, fillvalue="")]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in shown]
    text = "\n".join(lines)
    if not text:
        return []
    head, left = fold(text, _TABLE)
    if left:
        head = head.rpartition("\n")[0] or head
        head = f"{head}\n… +{len(lines) - head.count(chr(10)) - 1}"
    return [b.monospace(head)]


async def send(wire: Wire, memory: Memory, channel: str, ts: str | None, message: Message) -> None:
    """The pictures, into the same place, once for each key unless an answer is lost. Raises what `Wire.call` raises."""
    for number, picture in enumerate(message.pictures):
        mark = f"shown:{message.key}:{number}"
        if message.key and await memory.mark(mark) is not None:
            continue
        await upload(wire, channel, ts, name=picture.name, contents=picture.contents, alt=picture.alt)
        if message.key:
            await memory.set_mark(mark, "shown")


async def send_details(threads: Threads, channel: str, head: str, message: Message) -> None:
    """What belongs into the thread below a long message, once for each key."""
    for number, blocks in enumerate(chunks(message.details)):
        key = f"{message.key}:more{number}" if message.key else ""
        await threads.say_once(channel, head, key, {"text": b.fallback(message.title), "blocks": blocks})


async def upload(wire: Wire, channel: str, ts: str | None, *, name: str, contents: bytes, alt: str) -> dict[str, Any]:
    """A file with its description, in three steps; Slack's answer to the last."""
    place = await wire.call(
        "files.getUploadURLExternal", filename=name, length=str(len(contents)), alt_txt=b.short(alt, 1000)
    )
    await wire.upload(str(place["upload_url"]), contents)
    files = [{"id": place["file_id"], "title": b.short(alt, 200)}]
    return await wire.call("files.completeUploadExternal", files=files, channel_id=channel, thread_ts=ts)
