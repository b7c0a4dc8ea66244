"""What is said: sentences and parts with their links, tables in letters, pictures; a key is said once over restarts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from telegram import InputMediaPhoto

from bot.core.foreign import visible
from bot.core.splitting import fold
from bot.core.types import Message, Passage, Picture, Section
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.memory import Memory
from handlers.chats.telegram.threads import Threads

_LINE = 700
_TABLE = 3000
_ALBUM = 10


def pages(message: Message, called: Sequence[str] = ()) -> list[str]:
    """The sentence or, of a long message, its parts; and the table below. Never longer than a message each."""
    calls = [" ".join(called)] if called else []
    if message.sections:
        title = [k.bold(k.short(message.title, 200))] if message.title else []
        lines = [*calls, *title, *_parts(message.sections)]
    else:
        lines = [*calls, *k.sentences(message.text)]
    return k.pages([*lines, *_table(message.table)])


def more(message: Message) -> list[str]:
    """What belongs below a long message."""
    return k.pages(_parts(message.details))


def _parts(sections: Sequence[Section]) -> list[str]:
    made = []
    for section in sections:
        made += [f"\n{k.bold(k.short(section.title, 200))}"] if section.title else []
        made += [f"• {_line(line)}" if section.title else _line(line) for line in section.lines]
    return made


def _line(line: Passage) -> str:
    return k.link(line.url, k.short(line.text, _LINE) or "–")


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns in step, in letters of one width; how many rows do not fit is said."""
    shown = [[visible(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*shown, fillvalue="")]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in shown]
    head, left = fold("\n".join(lines), _TABLE)
    if not head:
        return []
    if left:
        head = head.rpartition("\n")[0] or head
        head = f"{head}\n… +{len(lines) - head.count(chr(10)) - 1}"
    return [k.block(head)]


class Speaker:
    """Says things in groups and topics."""

    def __init__(self, threads: Threads, memory: Memory) -> None:
        self._threads = threads
        self._memory = memory

    async def say(self, chat: int, topic: int, answering: int, message: Message, called: Sequence[str]) -> None:
        """Every page once for each key; a page whose answer is lost is not marked. Raises what `Wire.call` raises."""
        first = 0
        for number, page in enumerate(pages(message, called)):
            sent = await self._once(f"{message.key}:{number}", chat, topic, answering, page, keyed=bool(message.key))
            first = first or sent
        for number, page in enumerate(more(message)):
            await self._once(f"{message.key}:more{number}", chat, topic, first, page, keyed=bool(message.key))
        mark = f"shown:{message.key}"
        if message.pictures and not (message.key and await self._memory.mark(mark)):
            await self._pictures(chat, topic, first, message.pictures)
            if message.key:
                await self._memory.set_mark(mark, "shown")

    async def _once(self, key: str, chat: int, topic: int, answering: int, page: str, *, keyed: bool) -> int:
        before = await self._memory.mark(f"said:{key}") if keyed else None
        if before is not None:
            return int(before)
        sent = await self._threads.send(chat, topic, answering, page)
        if keyed:
            await self._memory.set_mark(f"said:{key}", str(sent.message_id))
        return sent.message_id

    async def _pictures(self, chat: int, topic: int, answering: int, pictures: Sequence[Picture]) -> None:
        """One by itself, several as an album of ten at most."""
        for at in range(0, len(pictures), _ALBUM):
            some = pictures[at : at + _ALBUM]
            if len(some) == 1:
                caption = k.short(some[0].alt, k.CAPTION)
                photo = {"photo": some[0].contents, "filename": some[0].name, "caption": caption}
                await self._threads.there("send_photo", chat, topic, answering, **photo)
            else:
                album = [
                    InputMediaPhoto(one.contents, caption=k.short(one.alt, k.CAPTION), filename=one.name)
                    for one in some
                ]
                await self._threads.there("send_media_group", chat, topic, answering, media=album)
